// Counts of one layer, with the sum that leads to each. Values are BigInt: dense layers of large maps have
// more weights than other numbers of JavaScript can count. Texts are those of coursekit.shapes.
import { windowsOf } from "./layers.js";
import { axisNames } from "./network.js";

export const MEASURES = ["parameters", "connections", "macs", "memory"];
export const BYTES_PER_NUMBER = 4; // float32

const times = (numbers) => numbers.join(" * ");
const product = (numbers) => numbers.reduce((result, number) => result * BigInt(number), 1n);
const NOTHING = { formula: "0", text: "0", value: 0n };

/** The taps of a kernel in a formula: KH × KW, or K, or KD × KH × KW. */
const TAPS = { 1: ["K"], 2: ["KH", "KW"], 3: ["KD", "KH", "KW"] };
const tapNames = (axes) => TAPS[axes] ?? Array.from({ length: axes }, (_, axis) => `K${axis}`);

/** Channels and taps of one kernel of a convolution: as text, in a formula, and multiplied. */
export function kernelOf({ layer, before }) {
  const taps = windowsOf(layer, before.length - 1).map((window) => window.taps);
  const { groups } = layer;
  const channels = before[0] / groups;
  return {
    channels,
    taps,
    text: times([groups > 1 ? `(${before[0]} / ${groups})` : before[0], ...taps]),
    formula: [groups > 1 ? "(C / g)" : "C", ...tapNames(taps.length)].join(" × "),
    weights: product([channels, ...taps]),
  };
}

function denseTerm(inputs, outputs, bias) {
  const [n, m] = [BigInt(inputs), BigInt(outputs)];
  return bias
    ? { formula: "m × (n + 1)", text: `${outputs} * (${inputs} + 1)`, value: m * (n + 1n) }
    : { formula: "m × n", text: `${outputs} * ${inputs}`, value: m * n };
}

function parametersOf(stage) {
  const { layer, before } = stage;
  if (layer.type === "Dense") return denseTerm(before[0], layer.units, layer.bias);
  if (layer.type !== "Convolution") return NOTHING;
  const { text, formula, weights } = kernelOf(stage);
  const kernels = BigInt(layer.kernels);
  if (!layer.bias)
    return { formula: `F × ${formula}`, text: `${layer.kernels} * ${text}`, value: kernels * weights };
  return {
    formula: `F × (${formula} + 1)`,
    text: `${layer.kernels} * (${text} + 1)`,
    value: kernels * (weights + 1n),
  };
}

function macsOf(stage) {
  const { layer, before, behind } = stage;
  if (layer.type === "Dense") return denseTerm(before[0], layer.units, false);
  if (layer.type !== "Convolution") return NOTHING;
  const { text, formula, weights } = kernelOf(stage);
  return {
    formula: `m × (${formula})`,
    text: `(${times(behind)}) * (${text})`,
    value: product(behind) * weights,
  };
}

/** How many taps of each window along an axis fall on the `size` pixels and not on padding. */
export function tapsInside({ taps, stride, before, dilation }, size, positions) {
  return Array.from({ length: positions }, (_, position) => {
    const start = position * stride - before;
    const first = Math.max(0, -Math.floor(start / dilation));
    const last = Math.min(taps - 1, Math.floor((size - 1 - start) / dilation));
    return Math.max(0, last - first + 1);
  });
}

/** Neighbours with the same number of taps together: "2 + 222 * 3 + 2". */
function runs(taps) {
  const found = [];
  for (const value of taps) {
    if (found.length && found.at(-1).value === value) found.at(-1).length += 1;
    else found.push({ value, length: 1 });
  }
  return found.map(({ value, length }) => (length === 1 ? `${value}` : `${length} * ${value}`)).join(" + ");
}

const insidePerAxis = ({ layer, before, behind }) =>
  windowsOf(layer, before.length - 1).map((window, axis) =>
    tapsInside(window, before[axis + 1], behind[axis + 1]),
  );

/** The taps that fall on the image, of all windows on one map. */
const tapsOnImage = (stage) =>
  product(insidePerAxis(stage).map((taps) => taps.reduce((sum, number) => sum + number, 0)));

function connectionsOf(stage) {
  const { layer, before } = stage;
  if (layer.type === "Dense") return macsOf(stage);
  if (layer.type === "GlobalPooling")
    return { formula: "C × N", text: times(before), value: product(before) };
  if (layer.type !== "Convolution" && layer.type !== "Pooling") return NOTHING;
  const perAxis = insidePerAxis(stage)
    .map((taps) => `(${runs(taps)})`)
    .join(" * ");
  const all = tapsOnImage(stage);
  if (layer.type === "Pooling") {
    return { formula: "C × T", text: `${before[0]} * ${perAxis}`, value: BigInt(before[0]) * all };
  }
  const { groups, kernels } = layer;
  const channels = groups > 1 ? `(${before[0]} / ${groups})` : before[0];
  return {
    formula: groups > 1 ? "F × (C / g) × T" : "F × C × T",
    text: `${kernels} * ${channels} * ${perAxis}`,
    value: BigInt(kernels) * BigInt(before[0] / groups) * all,
  };
}

/** Layers that work number by number write over their input, and Flatten copies nothing. */
const writesOver = ({ type }) => ["Flatten", "ReLU", "Tanh", "Softmax"].includes(type);

function memoryOf({ layer, behind }) {
  if (writesOver(layer)) return NOTHING;
  const numbers = [BYTES_PER_NUMBER, ...behind];
  return { formula: "b × m", text: times(numbers), value: product(numbers) };
}

const TERMS = { parameters: parametersOf, connections: connectionsOf, macs: macsOf, memory: memoryOf };

/** One count of a layer, { formula, text, value }; null for a layer that is impossible or behind one. */
export const termOf = (stage, measure) => (stage.behind ? TERMS[measure](stage) : null);

/** The same count of a dense layer between the same maps; null where there is nothing to compare. */
export function denseOf(stage, measure) {
  if (!stage.behind || stage.layer.type !== "Convolution" || measure === "memory") return null;
  const hasBias = measure === "parameters" && stage.layer.bias;
  return denseTerm(product(stage.before), product(stage.behind), hasBias);
}

/** The sum of a measure over all layers that are possible. */
export const totalOf = (stages, measure) =>
  stages.reduce((sum, stage) => sum + (termOf(stage, measure)?.value ?? 0n), 0n);

/** What the letters of a layer's formula mean, with their values: [["F", "kernels", 6], ...]. */
export function lettersOf(stage, measure) {
  const { layer, before, behind } = stage;
  const dense = [
    ["m", "units", layer.units],
    ["n", "inputs", before[0]],
  ];
  if (measure === "memory") {
    return [
      ["b", "bytes for each number", BYTES_PER_NUMBER],
      ["m", "numbers of the output", product(behind)],
    ];
  }
  if (layer.type === "Dense") return dense;
  const channels = ["C", "channels", before[0]];
  const map = product(before.slice(1));
  if (layer.type === "GlobalPooling") return [channels, ["N", "numbers of a map", map]];
  if (layer.type === "Pooling")
    return [channels, ["T", "taps on the image, of all windows", tapsOnImage(stage)]];
  const { taps } = kernelOf(stage);
  const kernels = ["F", "kernels", layer.kernels];
  const groups = layer.groups > 1 ? [["g", "groups", layer.groups]] : [];
  if (measure === "connections") {
    return [kernels, channels, ...groups, ["T", "taps on the image, of all windows", tapsOnImage(stage)]];
  }
  const window = tapNames(taps.length).map((name, axis) => [name, axisNames(taps.length)[axis], taps[axis]]);
  const first = measure === "macs" ? ["m", "numbers of the output", product(behind)] : kernels;
  return [first, channels, ...groups, ...window];
}
