// What goes through a network: the shape before and behind each layer, and why a layer is impossible.
import { hasWindow, windowsOf } from "./layers.js";

/** How many positions a window takes along one axis of `size` pixels; 0 where it does not fit. */
export function positionsAlong(size, { taps, stride, before, after, dilation }, rounding = "floor") {
  const room = size + before + after - (dilation * (taps - 1) + 1);
  if (room < 0) return 0;
  if (rounding === "floor") return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  // A last window that hangs over is not taken if it would start in the far padding or behind it.
  return room % stride && (count - 1) * stride >= size + before ? count - 1 : count;
}

const AXIS_WORDS = { 1: ["samples"], 2: ["rows", "columns"], 3: ["slices", "rows", "columns"] };

/** What the axes of a map are called: rows and columns, or axis 0, axis 1 ... */
export const axisNames = (axes) =>
  AXIS_WORDS[axes] ?? Array.from({ length: axes }, (_, axis) => `places on axis ${axis}`);

const refused = (reason) => ({ shape: null, reason });
const accepted = (shape) => ({ shape, reason: "" });

function behindWindow(layer, before) {
  if (before.length < 2) return refused(rowOfNumbers(before));
  const sizes = before.slice(1);
  const windows = windowsOf(layer, sizes.length);
  if (!windows)
    return refused(`its window is given for another number of axes; this input has ${sizes.length}`);
  const names = axisNames(sizes.length);
  const positions = sizes.map((size, axis) => positionsAlong(size, windows[axis], layer.rounding));
  const tight = positions.indexOf(0);
  if (tight >= 0) {
    const { taps, dilation, before: start, after } = windows[tight];
    const padded = start + after ? ` with its padding (${sizes[tight]} + ${start} + ${after})` : "";
    const span = dilation * (taps - 1) + 1;
    const has = sizes[tight] + start + after;
    return refused(`the window spans ${span} ${names[tight]}, but the input has only ${has}${padded}`);
  }
  const { groups = 1 } = layer;
  if (before[0] % groups) return refused(`${groups} groups cannot share ${before[0]} channels equally`);
  return accepted([layer.type === "Convolution" ? layer.kernels : before[0], ...positions]);
}

const rowOfNumbers = ([numbers]) =>
  `it needs channels with rows and columns, but its input is a row of ${numbers} numbers`;

/** The shape behind a layer, { shape, reason }: shape null and a reason where it cannot take what it gets. */
export function shapeBehind(layer, before) {
  if (hasWindow(layer)) return behindWindow(layer, before);
  if (layer.type === "GlobalPooling") {
    return before.length < 2 ? refused(rowOfNumbers(before)) : accepted(before.slice(0, 1));
  }
  if (layer.type === "Dense") {
    if (before.length === 1) return accepted([layer.units]);
    return refused(
      `it needs a row of numbers, but its input is ${before.join(" × ")}: put Flatten before it`,
    );
  }
  if (layer.type === "Flatten") return accepted([before.reduce((product, size) => product * size, 1)]);
  return accepted(before);
}

/**
 * Each layer at work: { index, layer, before, behind, reason, axes }. From the first impossible one on, which
 * has a reason, `behind` is null; behind it `before` is null too. `axes` spatial axes serve its name.
 */
export function stagesOf(layers, inputShape) {
  let before = inputShape;
  let axes = inputShape.length - 1;
  return layers.map((layer, index) => {
    if (!before) return { index, layer, before: null, behind: null, reason: "", axes };
    axes = before.length - 1 || axes;
    const { shape, reason } = shapeBehind(layer, before);
    const stage = { index, layer, before, behind: shape, reason, axes: before.length - 1 };
    before = shape;
    return stage;
  });
}
