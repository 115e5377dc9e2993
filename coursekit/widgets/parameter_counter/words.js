// What the counter says: numbers for readers, comparisons, facts about a network, what a change did.
import { hasWindow } from "./layers.js";
import { axisNames } from "./network.js";
import { denseOf, kernelOf, termOf, totalOf } from "./counting.js";

/** What each measure is called, and what it is. */
export const MEASURE_WORDS = {
  parameters: { name: "parameters", meaning: "numbers that are learned" },
  connections: { name: "connections", meaning: "pairs of an output and an input that it reads" },
  macs: { name: "MACs", meaning: "multiply-accumulates: products that are added up" },
  memory: { name: "memory", meaning: "outputs of one example in float32, 1 KB = 1,000 bytes" },
};

/** A whole number with separators of thousands: "1,234". */
export const withCommas = (value) => COMMAS.format(value);
const COMMAS = new Intl.NumberFormat("en-US");

/** Bytes for a reader, in powers of 1,000: "40 bytes", "18.8 KB", "553 MB". */
export function bytesInWords(bytes) {
  const size = Number(bytes);
  if (size < 1000) return `${size} bytes`;
  const power = Math.min(4, Math.floor(Math.log10(size) / 3));
  const amount = size / 1000 ** power;
  const text = amount < 100 ? amount.toFixed(1) : withCommas(Math.round(amount));
  return `${text} ${["", "KB", "MB", "GB", "TB"][power]}`;
}

/** A count of a measure for a reader. */
export const countInWords = (value, measure) =>
  measure === "memory" ? bytesInWords(value) : withCommas(value);

/** How many times fewer `value` is than `dense`: "30,908 times fewer", "as many", "2.4 times more". */
export function ratioInWords(value, dense) {
  const [own, other] = [Number(value), Number(dense)];
  if (own === other) return "as many";
  const factor = own < other ? other / own : own / other;
  return `${factorInWords(factor)} times ${own < other ? "fewer" : "more"}`;
}

const factorInWords = (factor) => {
  if (factor < 9.95) return factor.toFixed(1);
  if (factor < 999_999.5) return withCommas(Math.round(factor));
  const millions = factor / 1e6;
  return `${millions < 9.95 ? millions.toFixed(1) : withCommas(Math.round(millions))} million`;
};

/** A shape in the order of the convention, "6×28×28"; `channels` is "first" or "last". */
export const shapeInWords = (shape, channels) => inOrder(shape, channels).join("×");

/** The sizes of a shape in the order of the convention. */
export const inOrder = (shape, channels) => (channels === "last" ? [...shape.slice(1), shape[0]] : shape);

/** The text of a step for a reader: "6 × (1 × 5 × 5 + 1)", with separators of thousands. */
export const stepInWords = (text) =>
  text.replaceAll(" * ", " × ").replace(/\d+/g, (digits) => withCommas(BigInt(digits)));

const pluralOf = (number, noun) => `${withCommas(number)} ${noun}${Number(number) === 1 ? "" : "s"}`;

/** Where the weights of a layer sit, as a sentence. */
export function weightsInWords(stage) {
  const { layer } = stage;
  if (layer.type === "Convolution") {
    const { channels, taps, weights } = kernelOf(stage);
    const size = [channels, ...taps].join(" × ");
    const biases = layer.bias ? `, and one bias for each` : ", no biases";
    return `${pluralOf(layer.kernels, "kernel")} of ${size} = ${pluralOf(weights, "weight")}${biases}.`;
  }
  if (layer.type === "Dense") {
    const each = pluralOf(stage.before[0], "weight");
    return `${pluralOf(layer.units, "unit")} with ${each}${layer.bias ? " and a bias" : ""} each.`;
  }
  if (hasWindow(layer) || layer.type === "GlobalPooling") {
    return "Pooling has no weights: it takes the largest number or the mean. Nothing is learned here.";
  }
  if (layer.type === "Flatten") return "Flatten only writes all numbers in one row. Nothing is learned here.";
  return `${layer.type} works on each number by itself. Nothing is learned here.`;
}

const share = (stages, measure, type) => {
  const of = totalOf(
    stages.filter((stage) => stage.layer.type === type),
    measure,
  );
  return Number(of) / Number(totalOf(stages, measure));
};
const percent = (part) => {
  const whole = Math.round(part * 100);
  return `${whole === 100 && part < 1 ? (part * 100).toFixed(2) : whole} %`;
};

/** Which kind of layer holds the parameters and which does the work, as a sentence; "" without both kinds. */
export function factsInWords(stages) {
  const types = new Set(stages.filter((stage) => stage.behind).map((stage) => stage.layer.type));
  if (!types.has("Convolution") || !types.has("Dense")) return "";
  const held = share(stages, "parameters", "Dense");
  const worked = share(stages, "macs", "Convolution");
  return `Dense layers hold ${percent(held)} of the parameters, convolutions do ${percent(worked)} of the MACs.`;
}

const becomes = (name, before, after) => {
  if (before === after) return `${name} unchanged`;
  const factor = Number(after) / Number(before);
  if (!Number.isFinite(factor) || factor === 0) return `${name} ${withCommas(after)}`;
  const text = factor >= 10 ? withCommas(Math.round(factor)) : factor.toFixed(2);
  return `${name} × ${text}`;
};

/** What a change did to the totals, as a sentence: "Parameters unchanged, connections × 4.12, MACs × 4.12." */
export function changeInWords(before, after, { hideParameters = false } = {}) {
  const measured = (measure) =>
    becomes(MEASURE_WORDS[measure].name, totalOf(before, measure), totalOf(after, measure));
  const words = ["connections", "macs"].map(measured);
  if (!hideParameters) {
    const all = measured("parameters");
    const [own, now] = [convolutionsOf(before), convolutionsOf(after)].map((part) =>
      totalOf(part, "parameters"),
    );
    const isMixed = own > 0n && own === now && !all.endsWith("unchanged");
    words.unshift(isMixed ? `parameters of the convolutions unchanged, of all layers ${all.slice(11)}` : all);
  }
  const text = words.join(", ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

const convolutionsOf = (stages) => stages.filter((stage) => stage.layer.type === "Convolution");

/** The first dense layer that reads flattened maps: its parameters do depend on the size of the image. */
export function sizeMattersInWords(stages) {
  const flat = stages.findIndex((stage) => stage.layer.type === "Flatten" && stage.before?.length > 1);
  const dense = stages.findIndex(
    (stage, index) => index > flat && stage.layer.type === "Dense" && stage.behind,
  );
  if (flat < 0 || dense < 0) return "";
  return `Layer ${dense} (Dense ${stages[dense].layer.units}) reads the flattened maps.`;
}

/** A layer's row as one sentence: its tip, and the description for those who hear it. */
export function rowInWords(stage, { name, measure, channels, hidden, compare }) {
  const place = `Layer ${stage.index}, ${name}`;
  if (stage.reason) return `${place}: impossible, ${stage.reason}`;
  if (!stage.behind) return `${place}: behind an impossible layer`;
  const shape = inOrder(stage.behind, channels).join(" by ");
  if (hidden) return `${place}, output ${shape}, parameters to be predicted`;
  const { value } = termOf(stage, measure);
  const dense = compare && denseOf(stage, measure);
  const compared = dense ? ratioInWords(value, dense.value) : "";
  const ratio = dense
    ? `, ${compared} ${compared === "as many" ? "as" : "than"} the dense layer of the same map`
    : "";
  const unit = measure === "memory" ? "memory" : MEASURE_WORDS[measure].name;
  return `${place}, output ${shape}, ${unit} ${countInWords(value, measure)}${ratio}`;
}

/** What the axes of an input are called, in the order of the shape: channels, rows, columns. */
export const inputNames = (shape) =>
  shape.length === 1 ? ["numbers"] : ["channels", ...axisNames(shape.length - 1)];

const SHAPE_LETTERS = { 0: ["n"], 1: ["C", "L"], 2: ["C", "H", "W"], 3: ["C", "D", "H", "W"] };

/** The letters of a shape, channels first: C, H, W. */
export const shapeLetters = (shape) =>
  SHAPE_LETTERS[shape.length - 1] ?? ["C", ...shape.slice(1).map((_, axis) => `N${axis}`)];

/** The letters of a formula with their values: "F = 6 kernels · C = 1 channel · KH = KW = 5". */
export function lettersInWords(letters) {
  const taps = letters.filter(([letter]) => letter.startsWith("K"));
  const isSquare = taps.length > 1 && taps.every(([, , size]) => size === taps[0][2]);
  const single = isSquare ? letters.filter((row) => !taps.includes(row)) : letters;
  const words = single.map(([letter, noun, size]) => {
    const counted = Number(size) === 1 ? noun.replace(/s\b/, "") : noun;
    return `${letter} = ${withCommas(size)} ${counted}`;
  });
  if (isSquare) words.push(`${taps.map(([letter]) => letter).join(" = ")} = ${taps[0][2]}`);
  return words.join(" · ");
}
