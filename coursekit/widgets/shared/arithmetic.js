// The arithmetic of a sliding window: sizes, positions, products. No drawing, no state.
// Arrays are {shape: [rows, columns], data: Float64Array}, in row order. Every pair is [rows, columns].
// tests/javascript compares these functions with the Python reference.
import { count } from "./arrays.js";

/** One number, or one per axis, as [rows, columns]. */
export const pair = (value) => (Array.isArray(value) ? [value[0], value[1]] : [value, value]);

/**
 * Positions of the window along one axis: floor((size + 2 padding - span) / stride) + 1.
 * 0 where the window is larger than the padded input. With rounding "ceil" one more may hang over the far
 * end, if it starts before the padding there.
 */
export function outputSize(size, taps, { stride = 1, padding = 0, dilation = 1, rounding = "floor" } = {}) {
  const room = size + 2 * padding - (dilation * (taps - 1) + 1);
  if (room < 0) return 0;
  const fitting = Math.floor(room / stride) + 1;
  const startsInside = fitting * stride < size + padding;
  return rounding === "ceil" && room % stride && startsInside ? fitting + 1 : fitting;
}

/** Everything that follows from the shapes and the three parameters. */
export function geometry(input, taps, parameters = {}) {
  const [stride, padding, dilation] = [
    pair(parameters.stride ?? 1),
    pair(parameters.padding ?? 0),
    pair(parameters.dilation ?? 1),
  ];
  const rounding = parameters.rounding ?? "floor";
  const axes = [0, 1];
  const span = axes.map((axis) => dilation[axis] * (taps[axis] - 1) + 1);
  const padded = axes.map((axis) => input[axis] + 2 * padding[axis]);
  const output = axes.map((axis) =>
    outputSize(input[axis], taps[axis], {
      stride: stride[axis],
      padding: padding[axis],
      dilation: dilation[axis],
      rounding,
    }),
  );
  const fits = output.every((size) => size > 0);
  return {
    input,
    taps,
    stride,
    padding,
    dilation,
    rounding,
    span,
    padded,
    output: fits ? output : [0, 0],
    fits,
  };
}

/**
 * The rows (axis 0) or columns (axis 1) of the padded input that no window reads, counted from the first
 * row of padding: the stride ends before them, jumps over them, or they lie between the taps.
 */
export function unreadLines({ padded, taps, output, stride, dilation }, axis) {
  const isRead = new Set();
  for (let place = 0; place < output[axis]; place++) {
    for (let tap = 0; tap < taps[axis]; tap++) isRead.add(place * stride[axis] + tap * dilation[axis]);
  }
  return Array.from({ length: padded[axis] }, (_, line) => line).filter((line) => !isRead.has(line));
}

/** Why no window fits, as one sentence; "" where one does. */
export function whyImpossible(geometry) {
  for (const axis of [0, 1]) {
    const { span, padded, padding, input } = geometry;
    if (span[axis] > padded[axis]) {
      const noun = axis ? "columns" : "rows";
      const room = padding[axis] ? `${padded[axis]} ${noun} with its padding` : `${input[axis]} ${noun}`;
      return `the window spans ${span[axis]} ${noun}, but the input has only ${room}`;
    }
  }
  return "";
}

/**
 * The output size of one axis written out: "⌊(7 + 2·0 − 3) / 2⌋ + 1 = 3"; with rounding "ceil", which
 * leaves out a window that starts in the far padding, that is said.
 */
export function sizeFormula({ input, padding, span, stride, output, rounding }, axis) {
  const inside = `(${input[axis]} + 2·${padding[axis]} − ${span[axis]}) / ${stride[axis]}`;
  if (rounding !== "ceil") return `⌊${inside}⌋ + 1 = ${output[axis]}`;
  const up = Math.ceil((input[axis] + 2 * padding[axis] - span[axis]) / stride[axis]) + 1;
  const less = up > output[axis] ? " − 1, as the last would start in the padding," : "";
  return `⌈${inside}⌉ + 1${less} = ${output[axis]}`;
}

/** Cross-correlation with zero padding, one whole-image pass for each tap. Float64Array in row order. */
export function correlate(image, kernel, geometry) {
  const { stride, padding, dilation, output } = geometry;
  const sums = new Float64Array(count(output));
  for (let u = 0; u < kernel.shape[0]; u++) {
    for (let v = 0; v < kernel.shape[1]; v++) {
      const weight = kernel.data[u * kernel.shape[1] + v];
      const offset = [u * dilation[0] - padding[0], v * dilation[1] - padding[1]];
      addTap(sums, image, weight, offset, stride, output);
    }
  }
  return sums;
}

/** Add weight * pixel to every sum whose tap, `offset` away from the window's start, lies inside the image. */
function addTap(sums, image, weight, offset, stride, output) {
  const { data, shape } = image; // names of its own: the innermost loop runs a hundred million times
  const across = stride[1];
  const first = offset.map((start, axis) => Math.max(0, Math.ceil(-start / stride[axis])));
  const last = offset.map((start, axis) =>
    Math.min(output[axis] - 1, Math.floor((shape[axis] - 1 - start) / stride[axis])),
  );
  for (let row = first[0]; row <= last[0]; row++) {
    let from = (row * stride[0] + offset[0]) * shape[1] + offset[1] + first[1] * across;
    const end = row * output[1] + last[1];
    for (let into = row * output[1] + first[1]; into <= end; into++) {
      sums[into] += weight * data[from];
      from += across;
    }
  }
}

/**
 * The products at one output position, in reading order of the kernel.
 * `row` and `column` are those of the input; a tap outside it is `padded` and its pixel is 0.
 */
export function windowTerms(image, kernel, geometry, position) {
  const { stride, padding, dilation } = geometry;
  const terms = [];
  for (let u = 0; u < kernel.shape[0]; u++) {
    for (let v = 0; v < kernel.shape[1]; v++) {
      const row = position[0] * stride[0] - padding[0] + u * dilation[0];
      const column = position[1] * stride[1] - padding[1] + v * dilation[1];
      const padded = row < 0 || column < 0 || row >= image.shape[0] || column >= image.shape[1];
      const pixel = padded ? 0 : image.data[row * image.shape[1] + column];
      const weight = kernel.data[u * kernel.shape[1] + v];
      terms.push({ row, column, tap: [u, v], padded, pixel, weight, product: pixel * weight });
    }
  }
  return terms;
}

/** The nearest position that exists; [0, 0] where no window fits. */
export function clampPosition(position, { output }) {
  return [0, 1].map((axis) => Math.max(0, Math.min(output[axis] - 1, Math.trunc(position[axis]) || 0)));
}

/** Place of a position in reading order. */
export const indexOf = ([row, column], { output }) => row * output[1] + column;

/** The position at a place in reading order, clamped to the output. */
export function positionAt(index, { output }) {
  const place = Math.max(0, Math.min(count(output) - 1, index));
  return output[1] ? [Math.floor(place / output[1]), place % output[1]] : [0, 0];
}

/**
 * The window whose middle is nearest to a point of the input.
 * `point` is [y, x] in pixels from the input's upper left corner: the centre of pixel (0, 0) is [0.5, 0.5].
 */
export function positionFromInput(point, geometry) {
  const { padding, span, stride } = geometry;
  const nearest = point.map((at, axis) => Math.round((at + padding[axis] - span[axis] / 2) / stride[axis]));
  return clampPosition(nearest, geometry);
}

/** The output position under a point of the output, [y, x] in output pixels. */
export function positionFromOutput(point, geometry) {
  return clampPosition(point.map(Math.floor), geometry);
}

/** The values a control offers. They depend on the kernel alone, so the buttons stay where they are. */
export function choices(name, current, taps) {
  const largest = Math.max(...taps);
  const offered = {
    stride: [1, 2, 3, 4],
    padding: [
      0,
      1,
      ...(largest > 2 ? [2] : []),
      Math.floor((largest - 1) / 2),
      ...(largest < 6 ? [largest - 1] : []),
    ],
    dilation: [1, 2, 3],
  }[name].map(pair);
  const all = [...offered, pair(current)];
  const unique = new Map(all.map((value) => [value.join(), value]));
  return [...unique.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** The largest padding that a control offers, per axis: the drawing keeps room for it. */
export function largestPadding(current, taps) {
  const all = choices("padding", current, taps);
  return [0, 1].map((axis) => Math.max(...all.map((value) => value[axis])));
}
