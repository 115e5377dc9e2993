// Images and kernels channel by channel, and the sums of a window over all of them. No drawing, no state.
// A plane is one channel: {shape: [rows, columns], data}. An array without channels is one plane.
import { correlate, windowTerms } from "../shared/arithmetic.js";
import { count } from "../shared/arrays.js";

/** The planes of an array of shape [rows, columns] or [channels, rows, columns]; they share its memory. */
export function planesOf({ shape, data }) {
  const inPlane = shape.slice(-2);
  const size = count(inPlane);
  const channels = shape.length === 3 ? shape[0] : 1;
  return Array.from({ length: channels }, (_, channel) => ({
    shape: inPlane,
    data: data.subarray(channel * size, (channel + 1) * size),
  }));
}

/** A plane turned by half a turn: flipped up-down and left-right. */
export const turnedPlane = ({ shape, data }) => ({ shape, data: Float64Array.from(data).reverse() });

/** The tap at the same place after half a turn; taps count in reading order. */
export const turnedTap = (tap, taps) => count(taps) - 1 - tap;

/** Why image and kernel do not go together, as one sentence; "" where they do. Both are shapes. */
export function whyChannelsDiffer(image, kernel) {
  const [has, needs] = [image, kernel].map((shape) => (shape.length === 3 ? shape[0] : 0));
  if (has === needs) return "";
  const named = (number) => (number ? `${number} channel${number > 1 ? "s" : ""}` : "no channels");
  return `the input has ${named(has)}, but the kernel has ${named(needs)}`;
}

/** Cross-correlation of all planes with their kernels, summed over the channels, in row order. */
export function correlatePlanes(image, kernel, place) {
  const sums = correlate(image[0], kernel[0], place);
  for (let channel = 1; channel < image.length; channel++) {
    const part = correlate(image[channel], kernel[channel], place);
    for (let index = 0; index < sums.length; index++) sums[index] += part[index];
  }
  return sums;
}

/** Rows and columns by which the last window hangs over the padded input: none unless sizes are rounded up. */
export function overhang({ output, stride, span, padded, fits }) {
  if (!fits) return [0, 0];
  return [0, 1].map((axis) => Math.max(0, (output[axis] - 1) * stride[axis] + span[axis] - padded[axis]));
}

/** The sum of one channel at a position. */
export function partialSum(image, kernel, place, position) {
  const [rows, columns] = image.shape;
  const [tapsDown, tapsAcross] = kernel.shape;
  let sum = 0;
  for (let u = 0; u < tapsDown; u++) {
    const row = position[0] * place.stride[0] - place.padding[0] + u * place.dilation[0];
    if (row < 0 || row >= rows) continue;
    for (let v = 0; v < tapsAcross; v++) {
      const column = position[1] * place.stride[1] - place.padding[1] + v * place.dilation[1];
      if (column < 0 || column >= columns) continue;
      sum += image.data[row * columns + column] * kernel.data[u * tapsAcross + v];
    }
  }
  return sum;
}

/** The sum of every channel at a position. */
export const partialSums = (image, kernel, place, position) =>
  image.map((plane, channel) => partialSum(plane, kernel[channel], place, position));

/** The products of all channels at a position, channel after channel; see windowTerms. */
export const allTerms = (image, kernel, place, position) =>
  image.flatMap((plane, channel) =>
    windowTerms(plane, kernel[channel], place, position).map((term) => ({ ...term, channel })),
  );
