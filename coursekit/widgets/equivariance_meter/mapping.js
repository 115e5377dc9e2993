// The function f: a convolution with its border, pooling, a global average; and shifts of what goes in.
// Arrays are {shape: [rows, columns], data: Float64Array}, in row order. Settings are named as in Python:
// kernel, padding, stride, pooling, poolSize, poolStride, globalAverage, isFlipped, rounding.
import { correlate, geometry, outputSize } from "../shared/arithmetic.js";
import { count } from "../shared/arrays.js";

/** What is read beyond the border, in the order in which it is offered. */
export const PADDINGS_OF_F = ["zeros", "wrap", "reflect", "valid"];

/** Where a place beyond the border of an axis of `size` reads; −1 for a zero. */
export function borderIndex(place, size, padding) {
  if (place >= 0 && place < size) return place;
  if (padding === "wrap") return ((place % size) + size) % size;
  if (padding !== "reflect") return -1;
  if (size === 1) return 0;
  const turn = 2 * (size - 1);
  const along = ((place % turn) + turn) % turn;
  return along < size ? along : turn - along;
}

/** Sizes of f, [rows, columns], or why a window does not fit. `step`: pixels from one output to the next. */
export function mapGeometry(input, settings) {
  const { kernel, padding, stride, pooling, poolSize, rounding } = settings;
  const around = kernel.shape.map((taps) => (padding === "valid" ? 0 : Math.floor(taps / 2)));
  const padded = input.map((size, axis) => size + (padding === "valid" ? 0 : kernel.shape[axis] - 1));
  const sums = padded.map((size, axis) => outputSize(size, kernel.shape[axis], { stride }));
  const pooled = pooling !== "none";
  const poolStride = settings.poolStride ?? poolSize;
  const output = sums.map((size) =>
    pooled ? outputSize(size, poolSize, { stride: poolStride, rounding }) : size,
  );
  const step = stride * (pooled ? poolStride : 1);
  const place = { input, around, padded, sums, output, pooled, poolSize, poolStride, stride, step };
  return { ...place, taps: kernel.shape, reason: whyNoOutput(place) };
}

function whyNoOutput({ sums, output, padded, poolSize }) {
  const noun = (axis) => (axis ? "columns" : "rows");
  const axis = sums.findIndex((size) => size < 1);
  if (axis >= 0) return `the kernel has more ${noun(axis)} than the image: ${padded[axis]}`;
  const small = output.findIndex((size) => size < 1);
  if (small < 0) return "";
  return `the pooling window has ${poolSize} ${noun(small)}, but the convolution gives only ${sums[small]}`;
}

/** The image with its border around it. */
export function withBorder(image, { around, padded }, padding) {
  if (padding === "valid") return image;
  const data = new Float64Array(count(padded));
  const [height, width] = image.shape;
  const columns = Array.from({ length: padded[1] }, (_, at) => borderIndex(at - around[1], width, padding));
  for (let row = 0; row < padded[0]; row++) {
    const from = borderIndex(row - around[0], height, padding);
    if (from < 0) continue;
    for (let column = 0; column < padded[1]; column++) {
      if (columns[column] >= 0) data[row * padded[1] + column] = image.data[from * width + columns[column]];
    }
  }
  return { shape: padded, data };
}

/** The kernel as it is used: turned by half a turn for a convolution. */
export const usedKernel = ({ kernel, isFlipped }) =>
  isFlipped ? { shape: kernel.shape, data: Float64Array.from(kernel.data).reverse() } : kernel;

/** The maps of f, before a global average. */
export function applyMaps(image, place, settings) {
  const padded = withBorder(image, place, settings.padding);
  const slides = geometry(padded.shape, place.taps, { stride: place.stride });
  const sums = { shape: place.sums, data: correlate(padded, usedKernel(settings), slides) };
  return place.pooled ? poolWindows(sums, place, settings.pooling === "max") : sums;
}

/** The largest number of each window, or its mean. What hangs over the far end does not count. */
export function poolWindows({ shape, data }, { output, poolSize, poolStride }, takesMaximum) {
  const pooled = new Float64Array(count(output));
  for (let row = 0, into = 0; row < output[0]; row++) {
    const [top, bottom] = [row * poolStride, Math.min(shape[0], row * poolStride + poolSize)];
    for (let column = 0; column < output[1]; column++, into++) {
      const [left, right] = [column * poolStride, Math.min(shape[1], column * poolStride + poolSize)];
      let value = takesMaximum ? -Infinity : 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const pixel = data[y * shape[1] + x];
          if (!takesMaximum) value += pixel;
          else if (pixel > value) value = pixel;
        }
      }
      pooled[into] = takesMaximum ? value : value / ((bottom - top) * (right - left));
    }
  }
  return { shape: output, data: pooled };
}

/** The mean of a map, as a map of one number. */
export function meanOf({ data }) {
  let sum = 0;
  for (const value of data) sum += value;
  return { shape: [1, 1], data: Float64Array.of(sum / data.length) };
}

/** f: the maps, or their mean. */
export function applyMapping(image, place, settings) {
  const maps = applyMaps(image, place, settings);
  return settings.globalAverage ? meanOf(maps) : maps;
}

/** Values moved down and right by `steps`. `fills`: what comes in, per axis; null: what left comes round. */
export function shiftValues({ shape, data }, steps, fills) {
  const moved = new Float64Array(data.length);
  const sources = [0, 1].map((axis) =>
    Array.from({ length: shape[axis] }, (_, at) => {
      const from = at - steps[axis];
      return fills[axis] === null
        ? borderIndex(from, shape[axis], "wrap")
        : borderIndex(from, shape[axis], "zeros");
    }),
  );
  for (let row = 0, into = 0; row < shape[0]; row++) {
    const from = sources[0][row];
    for (let column = 0; column < shape[1]; column++, into++) {
      const across = sources[1][column];
      moved[into] = from < 0 ? fills[0] : across < 0 ? fills[1] : data[from * shape[1] + across];
    }
  }
  return { shape, data: moved };
}

/** The shifted image: what comes in is what left on the other side ("wrap"), or zeros. */
export function shiftImage(image, shift, entering) {
  const fill = entering === "wrap" ? null : 0;
  return shiftValues(image, shift, [fill, fill]);
}
