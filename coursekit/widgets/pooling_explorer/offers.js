// The values that the controls offer, and why some are impossible.
import { pair } from "../shared/arithmetic.js";
import { MODES_OF_POOLING, poolGeometry } from "./pooling.js";

const sameInBoth = (value) => (value !== null && pair(value)[0] === pair(value)[1] ? pair(value)[0] : value);
const spelled = (value) => (Array.isArray(value) ? value.join(" × ") : String(value));

const EXPLAIN = [
  { value: "window", text: "window", label: "explain a window" },
  { value: "pixel", text: "pixel", label: "explain a pixel of the input: where its gradient comes from" },
];
const PREDICT = [
  { value: "off", text: "off", label: "predict nothing" },
  {
    value: "output",
    text: "output",
    label: "predict the output: its numbers are hidden until you type them",
  },
  {
    value: "gradient",
    text: "gradient",
    label: "predict the gradient at the input: it is hidden until you type it",
  },
];

/** The numbers that are always offered, and the present one. */
function withPresent(numbers, present) {
  const all = [...numbers, sameInBoth(present)];
  const unique = new Map(all.map((value) => [JSON.stringify(value), value]));
  return [...unique.values()].sort((a, b) => (pair(a)[0] ?? 0) - (pair(b)[0] ?? 0));
}

/** What each control shows: { name: { options, current, isShown } }. */
export function offers({ maps, place }, model, conventions, state) {
  const names = ["mode", "size", "stride", "padding", "groups"];
  const present = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const why = (name, value) => {
    const changed = { ...present, rounding: conventions.get("rounding"), [name]: value };
    const { reason } = poolGeometry(maps.shape, changed);
    return reason && `${name === "size" ? "window" : name} ${spelled(value)} is impossible: ${reason}.`;
  };
  const options = (name, values, text = spelled) =>
    values.map((value) => ({
      value,
      text: text(value),
      label: `${name === "size" ? "window" : name} ${text(value)}`,
      reason: why(name, value),
    }));
  const isPlain = present.mode === "max" || present.mode === "average";
  const channels = maps.shape[0];
  const left = place.outputMaps[0] || channels;
  return {
    mode: { options: options("mode", MODES_OF_POOLING), current: present.mode },
    size: {
      options: options("size", withPresent([2, 3, 4], present.size)),
      current: sameInBoth(present.size),
      isShown: isPlain,
    },
    stride: {
      options: options("stride", [null, ...withPresent([1, 2, 3], present.stride ?? 1)], (value) =>
        value === null ? "= window" : spelled(value),
      ),
      current: sameInBoth(present.stride),
      isShown: isPlain,
    },
    padding: {
      options: options("padding", withPresent([0, 1], present.padding)),
      current: sameInBoth(present.padding),
      isShown: isPlain,
    },
    groups: {
      options: options("groups", divisors(channels)),
      current: present.groups,
      isShown: present.mode === "maxout" && channels > 1,
    },
    channel: {
      options: Array.from({ length: Math.min(left, 8) }, (_, value) => ({
        value,
        text: String(value),
        label: `channel ${value}`,
      })),
      current: Math.min(left - 1, model.get("channel")),
      isShown: left > 1,
    },
    explain: { options: EXPLAIN, current: state.looksAtPixel ? "pixel" : "window" },
    predict: { options: PREDICT, current: state.predict },
  };
}

const divisors = (number) =>
  Array.from({ length: number }, (_, index) => index + 1)
    .filter((group) => number % group === 0)
    .slice(0, 6);
