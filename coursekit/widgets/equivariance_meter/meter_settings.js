// What the controls offer: borders, strides, pooling, kernels, and whole functions that tell a story.
import { fromBuffer } from "../shared/arrays.js";
import { mapGeometry, PADDINGS_OF_F } from "./mapping.js";

const table = (...rows) => ({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });

/** Kernels that have a name, as in `examples.py`. */
export const METER_KERNELS = {
  edge: table([-1, 0, 1], [-1, 0, 1], [-1, 0, 1]),
  sum: table([1, 1, 1], [1, 1, 1], [1, 1, 1]),
  blur: table([0.0625, 0.125, 0.0625], [0.125, 0.25, 0.125], [0.0625, 0.125, 0.0625]),
  relief: table([-2, -1, 0], [-1, 1, 1], [0, 1, 2]),
  corner: table([-1, -1, 0], [-1, 2, 1], [0, 1, 0]),
  copy: table([0, 0, 0], [0, 1, 0], [0, 0, 0]),
};

const PLAIN = {
  padding: "wrap",
  stride: 1,
  pooling: "none",
  pool_size: 2,
  pool_stride: null,
  global_average: false,
  entering: "wrap",
};

/** Functions that tell the story, one cause at a time. */
export const STORIES = [
  { text: "circular borders", state: PLAIN },
  { text: "zero padding", state: { ...PLAIN, padding: "zeros" } },
  { text: "no padding", state: { ...PLAIN, padding: "valid" } },
  { text: "stride 2", state: { ...PLAIN, stride: 2 } },
  { text: "max pool 2", state: { ...PLAIN, pooling: "max" } },
  { text: "global average", state: { ...PLAIN, global_average: true } },
];

const STORY_TRAITS = Object.keys(PLAIN);

/** The traits that f, its input and the comparison depend on. */
export const FUNCTION_TRAITS = ["image", "kernel", ...STORY_TRAITS];

/** The settings of f as `mapping.js` takes them. */
export function settingsOf(model, conventions) {
  return {
    kernel: fromBuffer(model.get("kernel")),
    padding: model.get("padding"),
    stride: model.get("stride"),
    pooling: model.get("pooling"),
    poolSize: model.get("pool_size"),
    poolStride: model.get("pool_stride"),
    globalAverage: model.get("global_average"),
    isFlipped: conventions.get("operation") === "convolution",
    rounding: conventions.get("rounding"),
  };
}

/** The story that the present state tells: its place in `STORIES`; −1 for none. */
export function presentStory(model) {
  return STORIES.findIndex(({ state }) => STORY_TRAITS.every((name) => isSameSetting(state, model, name)));
}

function isSameSetting(state, model, name) {
  const isOfPooling = name === "pool_size" || name === "pool_stride";
  if (isOfPooling && state.pooling === "none") return true;
  return model.get(name) === state[name];
}

export const isSameArray = (one, other) =>
  one.shape.join() === other.shape.join() && one.data.every((value, at) => value === other.data[at]);

/** The name of an array among named ones; "" for none. */
export const nameOf = (array, named) =>
  Object.keys(named).find((name) => isSameArray(named[name], array)) ?? "";

const PADDING_WORDS = {
  zeros: ["zeros", "border zeros: 0 is read beyond the image"],
  wrap: ["circular", "border circular: the other side is read"],
  reflect: ["reflect", "border reflect: the image is read as in a mirror"],
  valid: ["none", "border none: the output is smaller"],
};

/** What the choices of f show: { name: { options, current, isShown } }. */
export function offersOf(model, settings, input) {
  const why = (changes) => {
    const { reason } = mapGeometry(input, { ...settings, ...changes });
    return reason && `Impossible: ${reason}.`;
  };
  const pooled = settings.pooling !== "none";
  const options = (values, of, name) =>
    values.map((value) => ({
      value,
      text: String(value),
      label: `${name} ${value}`,
      reason: why(of(value)),
    }));
  return {
    padding: {
      options: PADDINGS_OF_F.map((value) => {
        const [text, label] = PADDING_WORDS[value];
        return { value, text, label, reason: why({ padding: value }) };
      }),
      current: settings.padding,
    },
    stride: { options: options([1, 2, 3, 4], (stride) => ({ stride }), "stride"), current: settings.stride },
    pooling: {
      options: options(["none", "max", "average"], (pooling) => ({ pooling }), "pooling"),
      current: settings.pooling,
    },
    pool_size: {
      options: options(
        [...(settings.poolSize === 1 ? [1] : []), 2, 3, ...(settings.poolSize === 4 ? [4] : [])],
        (poolSize) => ({ poolSize }),
        "window",
      ),
      current: settings.poolSize,
      isShown: pooled,
    },
    pool_stride: {
      options: [null, 1, 2, ...(settings.poolStride > 2 ? [settings.poolStride] : [])].map((value) => ({
        value,
        text: value === null ? "= window" : String(value),
        label: `step ${value === null ? "= window: windows side by side" : value}`,
      })),
      current: settings.poolStride,
      isShown: pooled,
    },
    entering: {
      options: [
        { value: "wrap", text: "what left", label: "what left on the other side comes in: a circular shift" },
        { value: "zeros", text: "zeros", label: "zeros come in" },
      ],
      current: model.get("entering"),
    },
  };
}
