// What a picture answers to a kernel, as it is and flipped: padding, the kinds of response. No drawing.
// responses.py computes the same, sum by sum in the same order; tests/javascript compares the two.
// Arrays are {shape: [rows, columns], data: Float64Array}, in row order.

/** A window whose variance is below this share of the picture's has one grey value: its score is 0. */
const FLAT = 1e-9;

/** Kernel columns that are summed in one go. */
const LANES = 4;

/** The index of the pixel that stands at `at`, outside of 0 to size - 1 too; -1 for a zero. */
export function sourceIndex(at, size, padding) {
  if (at >= 0 && at < size) return at;
  if (padding === "zeros") return -1;
  if (padding === "edge" || size === 1) return Math.max(0, Math.min(size - 1, at));
  const period = padding === "wrap" ? size : 2 * (size - 1);
  const place = ((at % period) + period) % period;
  return place < size ? place : period - place; // beyond the last pixel "reflect" runs backwards
}

/** Pixels that a padding adds [before, after] an axis, so that every pixel has a window of `taps`. */
export const borders = (taps, padding) =>
  padding === "valid" ? [0, 0] : [Math.floor(taps / 2), Math.floor((taps - 1) / 2)];

/** The shape of a response; [0, 0] where the kernel does not fit. */
export function responseShape(shape, taps, padding) {
  if (padding !== "valid") return [...shape];
  const sizes = shape.map((size, axis) => size - taps[axis] + 1);
  return sizes.every((size) => size > 0) ? sizes : [0, 0];
}

/** Row and column of the pixel where the window at a place of the response starts; may be negative. */
export const windowStart = (place, taps, padding) =>
  place.map((at, axis) => at - borders(taps[axis], padding)[0]);

/** The place of the response whose window has its middle at a pixel, clamped to those that exist. */
export function placeAt(pixel, shape, taps, padding) {
  const sizes = responseShape(shape, taps, padding);
  return pixel.map((at, axis) => {
    const middle = padding === "valid" ? Math.floor(taps[axis] / 2) : 0;
    return Math.max(0, Math.min(sizes[axis] - 1, at - middle));
  });
}

/**
 * Something that computes both responses again and again without asking for new memory each time.
 * `compute({ image, kernel, padding, normalise })` returns
 * { shape, asIs, flipped, largest }: the cross-correlation and the convolution in row order, in arrays that
 * the next call overwrites, and the largest size of a value in the two. null where the kernel does not fit.
 */
export function responder() {
  const buffers = {};
  const room = (name, length) => {
    if (!(buffers[name]?.length >= length)) buffers[name] = new Float64Array(length);
    return buffers[name];
  };
  const compute = ({ image, kernel, padding, normalise }) => {
    const shape = responseShape(image.shape, kernel.shape, padding);
    if (!shape[0]) return null;
    const length = shape[0] * shape[1];
    const seen = pad(image, kernel.shape, padding, room);
    const weights = weightsOf(kernel, normalise);
    const asIs = room("asIs", length).subarray(0, length);
    const flipped = room("flipped", length).subarray(0, length);
    if (normalise === "normalised") {
      const { mean, variance } = momentsOf(image.data);
      for (let at = 0; at < seen.data.length; at++) seen.data[at] -= mean;
      slideBoth(seen, weights, kernel.shape, shape, asIs, flipped);
      divideByContrast(seen, weights, kernel, shape, variance, [asIs, flipped], room);
    } else slideBoth(seen, weights, kernel.shape, shape, asIs, flipped);
    return { shape, asIs, flipped, largest: Math.max(largestOf(asIs), largestOf(flipped)) };
  };
  return { compute };
}

/** The largest distance from 0 of any value. */
export function largestOf(values) {
  let largest = 0;
  for (let at = 0; at < values.length; at++) largest = Math.max(largest, Math.abs(values[at]));
  return largest;
}

/** The image with its border, in a buffer that is a little longer: the last row is read in whole lanes. */
function pad({ shape, data }, taps, padding, room) {
  const [[top, bottom], [left, right]] = [0, 1].map((axis) => borders(taps[axis], padding));
  const [rows, columns] = [shape[0] + top + bottom, shape[1] + left + right];
  const buffer = room("seen", rows * columns + LANES);
  const from = Int32Array.from({ length: columns }, (_, at) => sourceIndex(at - left, shape[1], padding));
  for (let row = 0; row < rows; row++) {
    const source = sourceIndex(row - top, shape[0], padding);
    const [into, start] = [row * columns, source * shape[1]];
    if (source < 0) {
      buffer.fill(0, into, into + columns);
      continue;
    }
    for (let at = 0; at < left; at++) buffer[into + at] = from[at] < 0 ? 0 : data[start + from[at]];
    for (let at = 0; at < shape[1]; at++) buffer[into + left + at] = data[start + at];
    for (let at = left + shape[1]; at < columns; at++) {
      buffer[into + at] = from[at] < 0 ? 0 : data[start + from[at]];
    }
  }
  buffer.fill(0, rows * columns, rows * columns + LANES);
  return { shape: [rows, columns], data: buffer.subarray(0, rows * columns + LANES) };
}

/** The kernel's numbers as they are multiplied: less their mean, unless plain sums are asked for. */
export function weightsOf({ data }, normalise) {
  if (normalise === "none") return data;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return data.map((value) => value - mean);
}

/** Both responses in one pass: each pixel is read once for the kernel as it is and for the flipped one. */
function slideBoth(seen, weights, taps, [rows, columns], asIs, flipped) {
  const [high, wide] = taps;
  const across = Math.ceil(wide / LANES) * LANES;
  const [forward, backward] = [new Float64Array(high * across), new Float64Array(high * across)];
  for (let u = 0; u < high; u++) {
    for (let v = 0; v < wide; v++) {
      forward[u * across + v] = weights[u * wide + v];
      backward[u * across + v] = weights[(high - 1 - u) * wide + (wide - 1 - v)];
    }
  }
  for (let row = 0; row < rows; row++) {
    const into = row * columns;
    asIs.fill(0, into, into + columns);
    flipped.fill(0, into, into + columns);
    for (let u = 0; u < high; u++) {
      for (let v = 0; v < across; v += LANES) {
        const from = (row + u) * seen.shape[1] + v;
        addLanes(seen.data, from, forward, backward, u * across + v, asIs, flipped, into, columns);
      }
    }
  }
}

/** Add four taps of both kernels to one row of both sums, tap after tap: the order that Python has. */
function addLanes(pixels, from, forward, backward, tap, asIs, flipped, into, columns) {
  const [a, b, c, d] = [forward[tap], forward[tap + 1], forward[tap + 2], forward[tap + 3]];
  const [e, f, g, h] = [backward[tap], backward[tap + 1], backward[tap + 2], backward[tap + 3]];
  if (!(a || b || c || d || e || f || g || h)) return;
  let [p, q, r] = [pixels[from], pixels[from + 1], pixels[from + 2]];
  for (let column = 0; column < columns; column++) {
    const s = pixels[from + column + 3];
    const at = into + column;
    asIs[at] = asIs[at] + a * p + b * q + c * r + d * s;
    flipped[at] = flipped[at] + e * p + f * q + g * r + h * s;
    p = q;
    q = r;
    r = s;
  }
}

/** Mean and variance of some numbers. */
function momentsOf(values) {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at];
  const mean = sum / values.length;
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at] - mean) ** 2;
  return { mean, variance: squares / values.length };
}

/** Divide both maps by the contrast of the kernel and of each window; 0 where either is flat. */
function divideByContrast(seen, weights, kernel, shape, variance, maps, room) {
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  const isFlat = norm <= 1e-12 * largestOf(kernel.data);
  const number = kernel.data.length;
  const sums = windowSums(seen, kernel.shape, shape, room, { name: "sums", power: 1 });
  const squares = windowSums(seen, kernel.shape, shape, room, { name: "squares", power: 2 });
  for (let at = 0; at < maps[0].length; at++) {
    const contrast = squares[at] - (sums[at] * sums[at]) / number;
    const divisor = isFlat || contrast <= FLAT * variance * number ? 0 : Math.sqrt(contrast) * norm;
    for (const map of maps) map[at] = divisor ? map[at] / divisor : 0;
  }
}

/** The sum in every window, of the pixels or of their squares, by running sums down and across. */
function windowSums(seen, [high, wide], [rows, columns], room, { name, power }) {
  const width = seen.shape[1];
  const strip = room("strip", width).fill(0, 0, width);
  const sums = room(name, rows * columns);
  const term = (at) => (power === 1 ? seen.data[at] : seen.data[at] * seen.data[at]);
  for (let row = 0; row < rows + high - 1; row++) {
    for (let column = 0; column < width; column++) {
      strip[column] += term(row * width + column) - (row < high ? 0 : term((row - high) * width + column));
    }
    const into = (row - high + 1) * columns;
    if (into < 0) continue;
    let sum = 0;
    for (let column = 0; column < wide - 1; column++) sum += strip[column];
    for (let column = 0; column < columns; column++) {
      sum += strip[column + wide - 1] - (column ? strip[column - 1] : 0);
      sums[into + column] = sum;
    }
  }
  return sums;
}
