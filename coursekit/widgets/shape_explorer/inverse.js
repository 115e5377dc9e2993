// The inverse question: which windows take one size to another? What coursekit.shapes.find_windows answers.
// tests/javascript compares these functions with the Python reference.
import { forwardSize } from "./sizes.js";

const KERNELS = range(1, 11);
const STRIDES = range(1, 8);
const PADDINGS = range(0, 5);

/** Dilations that the demo looks through. */
export const DILATIONS = [1, 2, 3];

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * The windows that take `size` to `output`, best first: { found, reason }. Each of `found` is
 * { kernel, stride, padding, dilation, unread }; where there is none, `reason` says why.
 */
export function findWindows(size, output, { rounding = "floor", dilations = DILATIONS } = {}) {
  const kernels = fittingKernels(size, dilations);
  const found = [];
  for (const window of kernels) {
    for (const stride of STRIDES) {
      if (countOf(size, window, stride, rounding) !== output) continue;
      found.push({ ...window, stride, unread: unreadPixels(size, output, window, stride) });
    }
  }
  const ranked = found.map((window) => [rank(window), window]).sort(([one], [other]) => compare(one, other));
  const reason = found.length ? "" : whyNone(size, output, kernels, rounding);
  return { found: ranked.map(([, window]) => window), reason };
}

/** A padding as large as the dilated kernel is left out: a window there would see zeros alone. */
function fittingKernels(size, dilations) {
  const kernels = [];
  for (const kernel of KERNELS) {
    for (const padding of PADDINGS) {
      for (const dilation of dilations) {
        const reach = dilation * (kernel - 1);
        if (padding <= reach && reach < size + 2 * padding && (dilation === 1 || kernel > 1))
          kernels.push({ kernel, padding, dilation });
      }
    }
  }
  return kernels;
}

function countOf(size, { kernel, padding, dilation }, stride, rounding) {
  return forwardSize({ size, kernel, stride, padding: [padding, padding], dilation, rounding }).value;
}

function rank({ kernel, stride, padding, dilation, unread }) {
  const isPadded = padding > 0;
  const isUnusual = 2 * padding > dilation * (kernel - 1) + 1;
  const isEven = isPadded && kernel % 2 === 0;
  return [unread, dilation, isUnusual, isPadded, isEven, padding, kernel, stride].map(Number);
}

function compare(one, other) {
  const place = one.findIndex((value, index) => value !== other[index]);
  return place < 0 ? 0 : one[place] - other[place];
}

/** Pixels that no window reads: in gaps between taps or windows, or at the far end. */
export function unreadPixels(size, output, { kernel, padding, dilation }, stride) {
  const isRead = new Uint8Array(size);
  for (let start = -padding; start < output * stride - padding; start += stride) {
    for (let tap = 0; tap < kernel; tap++) isRead[start + tap * dilation] = 1; // what lies outside is dropped
  }
  return isRead.reduce((left, read) => left - read, size);
}

/** Which stride would be needed, or which sizes can be had instead. */
function whyNone(size, output, kernels, rounding) {
  const asked = `No window takes ${size} to ${output}`;
  if (!kernels.length)
    return `${asked}: no kernel fits inside the padded input with a padding smaller than the kernel.`;
  let best = null;
  for (const window of kernels) {
    const stride = neededStride(size, output, window, rounding);
    if (!stride) continue;
    const away = Math.min(...STRIDES.map((offered) => Math.abs(stride - offered)));
    const key = [away, stride, window.kernel, window.padding, window.dilation];
    if (!best || compare(key, best) < 0) best = key;
  }
  if (best) {
    const [, stride, kernel, padding, dilation] = best;
    const apart = dilation > 1 ? `, dilation ${dilation}` : "";
    const example = `for instance with kernel ${kernel}, padding ${padding}${apart}`;
    return `${asked}: the stride would have to be ${stride}, ${example}.`;
  }
  const counts = new Set(
    kernels.flatMap((window) => STRIDES.map((stride) => countOf(size, window, stride, rounding))),
  );
  return `${asked} with these kernels and paddings, whatever the stride; ${nearest([...counts], output)}.`;
}

function nearest(counts, wanted) {
  counts.sort((one, other) => one - other);
  const place = counts.filter((count) => count < wanted).length;
  const near = counts.slice(Math.max(0, place - 1), place + 1).join(" and ");
  return `the nearest with the strides given is ${near}`;
}

/** The smallest stride with which a kernel takes `size` to `output`, or 0: the larger it is, the fewer windows. */
function neededStride(size, output, window, rounding) {
  let [least, most] = [1, size + 2 * window.padding + 1];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (countOf(size, window, middle, rounding) <= output) most = middle;
    else least = middle + 1;
  }
  const isThere = least <= size + 2 * window.padding && countOf(size, window, least, rounding) === output;
  return isThere ? least : 0;
}

/**
 * The transposed windows that take `size` to `output`: those that a forward window undoes. `outputPadding` says
 * which of the forward sizes is meant.
 */
export function findTransposed(size, output, options = {}) {
  const { found, reason } = findWindows(output, size, { ...options, rounding: "floor" });
  const transposed = found.map((window) => {
    const base = (size - 1) * window.stride + window.dilation * (window.kernel - 1) + 1 - 2 * window.padding;
    return { ...window, outputPadding: output - base };
  });
  return { found: transposed, reason };
}
