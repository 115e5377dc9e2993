// Layers as plain objects, { type, ...fields }, as Python sends them: names, windows, changes that keep them valid.

/** The layers that can be added, each with the fields it starts with. */
export const NEW_LAYERS = {
  Convolution: { kernels: 8, kernel_size: 3, stride: 1, padding: 1, dilation: 1, groups: 1, bias: true },
  Pooling: { size: 2, stride: 2, padding: 0, rounding: "floor", kind: "max" },
  GlobalPooling: { kind: "average" },
  Flatten: {},
  Dense: { units: 10, bias: true },
  ReLU: {},
  Tanh: {},
  Softmax: {},
};

/** What the kinds of layers are called in a list to choose from. */
export const LAYER_NAMES = {
  Convolution: "Convolution",
  Pooling: "Pooling",
  GlobalPooling: "Global pooling",
  Flatten: "Flatten",
  Dense: "Dense",
  ReLU: "ReLU",
  Tanh: "Tanh",
  Softmax: "Softmax",
};

/** A new layer of a type. */
export const newLayer = (type) => ({ type, ...NEW_LAYERS[type] });

/** True for a layer with a window that slides: convolution and pooling. */
export const hasWindow = (layer) => layer.type === "Convolution" || layer.type === "Pooling";

/** True for a layer that learns something. */
export const hasWeights = (layer) => layer.type === "Convolution" || layer.type === "Dense";

const sizeField = (layer) => (layer.type === "Pooling" ? "size" : "kernel_size");

/** A field as Python writes it: 2, or (2, 1), or ((0, 1), (0, 1)). */
export function asPython(value) {
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (!Array.isArray(value)) return String(value);
  return value.length === 1 ? `(${asPython(value[0])},)` : `(${value.map(asPython).join(", ")})`;
}

/** What a layer is, in Python's words: "Convolution 6 @ 5×5, padding 2"; `axes` is the number of spatial ones. */
export function layerName(layer, axes) {
  const bias = layer.bias === false ? ", no bias" : "";
  if (layer.type === "Dense") return `Dense ${layer.units}${bias}`;
  if (layer.type === "GlobalPooling") return `Global ${layer.kind} pooling`;
  if (!hasWindow(layer)) return layer.type;
  const size = layer[sizeField(layer)];
  const sizes = Array.isArray(size) ? size : Array(Math.max(1, axes)).fill(size);
  const usual = { stride: 1, padding: 0, dilation: 1 };
  const unusual = Object.keys(usual)
    .filter((name) => name in layer && layer[name] !== usual[name])
    .map((name) => `${name} ${asPython(layer[name])}`);
  const window = [sizes.join("×"), ...unusual].join(", ");
  if (layer.type === "Pooling") {
    const kind = layer.kind === "average" ? "Average" : "Max";
    return `${kind} pooling ${window}${layer.rounding === "ceil" ? ", ceil" : ""}`;
  }
  const groups = layer.groups > 1 ? `, groups ${layer.groups}` : "";
  return `Convolution ${layer.kernels} @ ${window}${groups}${bias}`;
}

/** What the window does along each of `axes` axes; null where the fields speak of another number of axes. */
export function windowsOf(layer, axes) {
  const fields = [layer[sizeField(layer)], layer.stride, layer.padding, layer.dilation ?? 1];
  if (fields.some((field) => Array.isArray(field) && field.length !== axes)) return null;
  const along = (field, axis) => (Array.isArray(field) ? field[axis] : field);
  return Array.from({ length: axes }, (_, axis) => {
    const [taps, stride, padding, dilation] = fields.map((field) => along(field, axis));
    const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
    return { taps, stride, before, after, dilation };
  });
}

/** The greatest common divisor of two numbers >= 1. */
export function commonDivisor(one, other) {
  while (other) [one, other] = [other, one % other];
  return one;
}

/** The numbers of groups that `kernels` kernels over `channels` channels can have. */
export function possibleGroups(kernels, channels) {
  const most = commonDivisor(kernels, channels);
  return Array.from({ length: most }, (_, index) => index + 1).filter((groups) => most % groups === 0);
}

/** A layer with some fields changed. Groups that the kernels cannot have any more become fewer. */
export function changedLayer(layer, changes) {
  const changed = { ...layer, ...changes };
  if (changed.type === "Convolution") changed.groups = commonDivisor(changed.kernels, changed.groups);
  return changed;
}

/** The layers with one moved to another place. */
export function movedLayers(layers, from, to) {
  const others = layers.filter((_, index) => index !== from);
  return [...others.slice(0, to), layers[from], ...others.slice(to)];
}
