// Kernels that have a name, and what can be done to any kernel: turn, resize, scale, cut. No drawing.
// Arrays are {shape: [rows, columns], data: Float64Array}, in row order. presets.py has the same kernels.

/** Kernels of one size. */
const FIXED_KERNELS = {
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  "edge left-right": [[-1, 0, 1]],
  "edge top-bottom": [[-1], [0], [1]],
  "Sobel left-right": [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  "Sobel top-bottom": [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
  Laplacian: [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ],
  emboss: [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ],
  "upright ridge": [
    [-1, 2, -1],
    [-1, 2, -1],
    [-1, 2, -1],
  ],
};

/** Kernels of any size: the function gives the number at a cell before all are divided by their sum. */
const SIZED_KERNELS = {
  "box blur": () => 1,
  "Gaussian blur": ([row, column], [rows, columns]) =>
    binomial(rows - 1, row) * binomial(columns - 1, column),
};

const [firstName, ...otherNames] = Object.keys(FIXED_KERNELS);

/** What the presets are called, in the order of the list. */
export const PRESET_NAMES = [firstName, ...Object.keys(SIZED_KERNELS), ...otherNames];

/** The rows and columns a blur has that is chosen while the kernel is too small to blur. */
const BLUR_SHAPE = [5, 5];

const binomial = (n, k) => {
  let value = 1;
  for (let at = 1; at <= k; at++) value = (value * (n - k + at)) / at;
  return Math.round(value);
};

/** An array of this shape; `valueAt([row, column])` gives its values. */
export function filled(shape, valueAt) {
  const data = new Float64Array(shape[0] * shape[1]);
  for (let at = 0; at < data.length; at++) data[at] = valueAt([Math.floor(at / shape[1]), at % shape[1]]);
  return { shape: [...shape], data };
}

/** The kernel of a name; `shape` is that of the two blurs. */
export function presetKernel(name, shape = BLUR_SHAPE) {
  const rows = FIXED_KERNELS[name];
  if (rows) return filled([rows.length, rows[0].length], ([row, column]) => rows[row][column]);
  const kernel = filled(shape, (cell) => SIZED_KERNELS[name](cell, shape));
  const sum = kernel.data.reduce((total, value) => total + value, 0);
  return { shape: kernel.shape, data: kernel.data.map((value) => value / sum) };
}

/** True if the size of a preset can be chosen. */
export const isSized = (name) => name in SIZED_KERNELS;

const isSameKernel = (one, other) =>
  one.shape.join() === other.shape.join() &&
  one.data.every((value, at) => Math.abs(value - other.data[at]) <= 1e-12);

/** The name of the preset that a kernel is; "" if it is none. */
export function presetOf(kernel) {
  return PRESET_NAMES.find((name) => isSameKernel(kernel, presetKernel(name, kernel.shape))) ?? "";
}

/** The kernel turned over: its rows in the opposite order, its columns, or both (half a turn). */
export function flip({ shape: [rows, columns], data }, { vertical = true, horizontal = true } = {}) {
  return filled([rows, columns], ([row, column]) => {
    const [y, x] = [vertical ? rows - 1 - row : row, horizontal ? columns - 1 - column : column];
    return data[y * columns + x];
  });
}

/**
 * What half a turn does to a kernel: "same" (both responses are equal), "opposite" (it only changes the sign)
 * or "differs". `weights` are its numbers as they are multiplied.
 */
export function halfTurn(weights) {
  const limit = 1e-12 * weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const last = weights.length - 1;
  const isLike = (sign) => weights.every((value, at) => Math.abs(value - sign * weights[last - at]) <= limit);
  if (isLike(1)) return "same";
  return isLike(-1) ? "opposite" : "differs";
}

/** The kernel at another size: cut or filled up with zeros around its middle; a blur stays that blur. */
export function resize(kernel, shape) {
  const name = presetOf(kernel);
  if (isSized(name)) return presetKernel(name, shape);
  const shift = shape.map((size, axis) => Math.floor(size / 2) - Math.floor(kernel.shape[axis] / 2));
  return filled(shape, ([row, column]) => {
    const [y, x] = [row - shift[0], column - shift[1]];
    const isInside = y >= 0 && x >= 0 && y < kernel.shape[0] && x < kernel.shape[1];
    return isInside ? kernel.data[y * kernel.shape[1] + x] : 0;
  });
}

/** The sum of a kernel's numbers; 0 where only rounding is left of it. */
export function kernelSum({ data }) {
  const sum = data.reduce((total, value) => total + value, 0);
  const size = data.reduce((total, value) => total + Math.abs(value), 0);
  return Math.abs(sum) <= 1e-12 * size ? 0 : sum;
}

/** The kernel divided by the sum of its numbers, which then is 1; null where that sum is 0. */
export function scaledToOne(kernel) {
  const sum = kernelSum(kernel);
  return sum ? { shape: kernel.shape, data: kernel.data.map((value) => value / sum) } : null;
}

/** A part of an image as a kernel. `part` is [row, column, rows, columns]. */
export function cutOut(image, [top, left, rows, columns]) {
  return filled([rows, columns], ([row, column]) => image.data[(top + row) * image.shape[1] + left + column]);
}

/** The part [row, column, rows, columns] between the two pixels of a drag, at most `most` a side. */
export function partBetween(from, to, shape, most) {
  const ends = [0, 1].map((axis) => {
    const clamp = (at) => Math.max(0, Math.min(shape[axis] - 1, at));
    const start = clamp(from[axis]);
    const end = Math.max(start - most + 1, Math.min(start + most - 1, clamp(to[axis])));
    return [Math.min(start, end), Math.abs(end - start) + 1];
  });
  return [ends[0][0], ends[1][0], ends[0][1], ends[1][1]];
}
