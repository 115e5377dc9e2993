// The network as code: for coursekit.shapes, and for PyTorch.
import { asPython, hasWindow, NEW_LAYERS, windowsOf } from "./layers.js";

/** Fields that stand without their name, and the value at which each of the others is left out. */
const POSITIONAL = { Convolution: ["kernels", "kernel_size"], Pooling: ["size"], Dense: ["units"] };
const DEFAULTS = {
  Convolution: { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true },
  Pooling: { padding: 0, rounding: "floor", kind: "max" },
  GlobalPooling: { kind: "average" },
  Dense: { bias: true },
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** One layer as a call of coursekit.shapes. */
export function courseCall(layer) {
  const plain = POSITIONAL[layer.type] ?? [];
  const usual = { ...DEFAULTS[layer.type] };
  if (layer.type === "Pooling") usual.stride = layer.size; // windows side by side
  const named = Object.keys(NEW_LAYERS[layer.type]).filter((name) => !plain.includes(name));
  const written = [
    ...plain.map((name) => asPython(layer[name])),
    ...named
      .filter((name) => !same(layer[name], usual[name]))
      .map((name) => `${name}=${asPython(layer[name])}`),
  ];
  return `${layer.type}(${written.join(", ")})`;
}

/** The network as code of coursekit.shapes: `layers`, `input_shape`, and its table. */
export function courseCode(layers, inputShape) {
  const types = [...new Set(layers.map((layer) => layer.type))].sort();
  return [
    `from coursekit.shapes import ${[...types, "summarise"].join(", ")}`,
    "",
    "layers = [",
    ...layers.map((layer) => `    ${courseCall(layer)},`),
    "]",
    `input_shape = ${asPython(inputShape)}  # channels first`,
    "summarise(layers, input_shape)",
    "",
  ].join("\n");
}

const LARGEST_AXES = 3; // PyTorch's layers have one, two or three spatial axes

/** Padding that PyTorch's layer takes itself, or null where a layer of its own must add it. */
function ownPadding(layer, windows) {
  const even = windows.every(({ before, after }) => before === after);
  const small = layer.type !== "Pooling" || windows.every(({ before, taps }) => 2 * before <= taps);
  return even && small ? windows.map(({ before }) => before) : null;
}

const perAxis = (numbers) => (numbers.every((number) => number === numbers[0]) ? numbers[0] : numbers);
const named = (name, value, usual) => (same(value, usual) ? [] : [`${name}=${asPython(value)}`]);

/**
 * A layer that pads, for what PyTorch's window cannot pad itself. Where sizes are rounded up it pads, or cuts,
 * to where the last window ends: PyTorch's ceil_mode would take this padding for the image.
 */
function paddingCall({ layer, before, behind }, windows) {
  const ends = windows.map((window, axis) => {
    if (layer.rounding !== "ceil") return [window.before, window.after];
    const end = (behind[axis + 1] - 1) * window.stride + window.dilation * (window.taps - 1) + 1;
    return [window.before, end - before[axis + 1] - window.before];
  });
  const value = layer.type === "Pooling" && layer.kind === "max" ? 'float("-inf")' : "0.0";
  return `nn.ConstantPad${windows.length}d(${asPython(ends.reverse().flat())}, ${value})`; // the last axis first
}

/** The calls of PyTorch for a layer with a window: two where the padding is a layer of its own. */
function torchWindow(stage) {
  const { layer, before } = stage;
  const axes = before.length - 1;
  const windows = windowsOf(layer, axes);
  const [taps, strides, dilations] = ["taps", "stride", "dilation"].map((name) =>
    perAxis(windows.map((window) => window[name])),
  );
  const padding = ownPadding(layer, windows);
  const calls = padding ? [] : [paddingCall(stage, windows)];
  const padded = named("padding", padding ? perAxis(padding) : 0, 0);
  if (layer.type === "Convolution") {
    const more = [
      ...named("stride", strides, 1),
      ...padded,
      ...named("dilation", dilations, 1),
      ...named("groups", layer.groups, 1),
      ...named("bias", layer.bias, true),
    ];
    calls.push(`nn.Conv${axes}d(${[before[0], layer.kernels, asPython(taps), ...more].join(", ")})`);
  } else {
    const kind = layer.kind === "average" ? "Avg" : "Max";
    const isCeil = layer.rounding === "ceil" && padding !== null;
    const more = [...named("stride", strides, taps), ...padded, ...named("ceil_mode", isCeil, false)];
    calls.push(`nn.${kind}Pool${axes}d(${[asPython(taps), ...more].join(", ")})`);
  }
  return calls;
}

/** The calls of PyTorch for one layer at work. */
export function torchCalls(stage) {
  const { layer, before } = stage;
  const axes = before.length - 1;
  if (hasWindow(layer) || layer.type === "GlobalPooling") {
    if (axes > LARGEST_AXES) return [`# PyTorch has no such layer with ${axes} spatial axes`];
    if (hasWindow(layer)) return torchWindow(stage);
    const kind = layer.kind === "average" ? "Avg" : "Max";
    return [`nn.Adaptive${kind}Pool${axes}d(1)`, "nn.Flatten()"];
  }
  if (layer.type === "Dense") {
    return [`nn.Linear(${[before[0], layer.units, ...named("bias", layer.bias, true)].join(", ")})`];
  }
  return [layer.type === "Softmax" ? "nn.Softmax(dim=1)" : `nn.${layer.type}()`];
}

/** The network as code of PyTorch, up to the first layer that is impossible. */
export function torchCode(stages, inputShape) {
  const possible = stages.filter((stage) => stage.behind);
  const stopped = stages.find((stage) => stage.reason);
  return [
    "import torch",
    "from torch import nn",
    "",
    "network = nn.Sequential(",
    ...possible.flatMap((stage) => torchCalls(stage).map((call) => `    ${call},`)),
    ...(stopped ? [`    # layer ${stopped.index} is impossible: ${stopped.reason}`] : []),
    ")",
    "parameters = sum(parameter.numel() for parameter in network.parameters())",
    `output = network(torch.zeros(${[1, ...inputShape].join(", ")}))  # one example, channels first`,
    "",
  ].join("\n");
}
