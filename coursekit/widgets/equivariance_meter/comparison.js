// f(shift x) against shift f(x): which outputs have a partner, which differ, and where they lie.
import { applyMaps, meanOf, shiftImage, shiftValues } from "./mapping.js";

/** Outputs count as equal up to this part of the largest one, as in Python. */
export const TOLERANCE_OF_F = 1e-9;

/** The largest shift, in pixels. */
export const MOST_SHIFT = 8;

/** Pixels of the input as outputs: the nearest whole number, halves towards zero. */
export function outputShift(pixels, step) {
  const size = Math.ceil((2 * Math.abs(pixels) - step) / (2 * step));
  return Math.sign(pixels) * size || 0;
}

/** True if image and borders go round: then there is no border at all. */
export const isTorus = ({ padding }, entering) => padding === "wrap" && entering === "wrap";

/** Per axis: whether the outputs come round with the image. */
export const goesRound = ({ output, input, step }, entering) =>
  output.map((size, axis) => entering === "wrap" && size * step === input[axis]);

/**
 * Per place along an axis: whether an output, or its partner, reads beyond the image, or reads what came in.
 * An output there may differ because of the border. A pooling window that hangs over the end counts too.
 */
export function nearBorder(place, settings, entering, shift, axis) {
  const { around, taps, sums, output, input, stride, step, pooled, poolSize, poolStride } = place;
  const span = taps[axis] + ((pooled ? poolSize : 1) - 1) * stride;
  const torus = isTorus(settings, entering);
  const round = goesRound(place, entering)[axis];
  const leaves = (at, moved) => {
    if (pooled && at * poolStride + poolSize > sums[axis]) return true;
    const start = at * step - around[axis] - moved;
    return !torus && (start < 0 || start + span > input[axis]);
  };
  const steps = outputShift(shift, step);
  return Array.from({ length: output[axis] }, (_, at) => {
    const from = at - steps;
    const partner = round ? ((from % output[axis]) + output[axis]) % output[axis] : from;
    return leaves(at, 0) || leaves(at, shift) || leaves(partner, 0);
  });
}

/** Which of the outputs lie near the border, row by row: 1 or 0. */
export function borderMask(place, settings, entering, shift) {
  const [rows, columns] = [0, 1].map((axis) => nearBorder(place, settings, entering, shift[axis], axis));
  return Uint8Array.from({ length: rows.length * columns.length }, (_, index) => {
    return rows[Math.floor(index / columns.length)] || columns[index % columns.length] ? 1 : 0;
  });
}

/** shift f(x): NaN where nothing is known that could have come in. A single mean has no place to go to. */
export function shiftOutput(output, place, settings, entering, shift) {
  if (settings.globalAverage) return output;
  const fills = goesRound(place, entering).map((round) => (round ? null : NaN));
  return shiftValues(
    output,
    shift.map((pixels) => outputShift(pixels, place.step)),
    fills,
  );
}

/** The largest absolute number; NaN does not count. */
export function largestIn(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value) || 0);
  return largest;
}

/**
 * All that is shown for one shift: the shifted image, its maps before any mean, both outputs, their difference (NaN: no partner),
 * how many are compared, how many differ, the largest difference, and how many of those are near the border.
 */
export function compareShift(image, output, place, settings, entering, shift) {
  const moved = shiftImage(image, shift, entering);
  const maps = applyMaps(moved, place, settings);
  const direct = settings.globalAverage ? meanOf(maps) : maps;
  const shiftedOutput = shiftOutput(output, place, settings, entering, shift);
  const difference = { shape: direct.shape, data: direct.data.map((value, at) => value - shiftedOutput.data[at]) };
  const limit = TOLERANCE_OF_F * Math.max(largestIn(output.data), largestIn(direct.data));
  const near = settings.globalAverage ? null : borderMask(place, settings, entering, shift);
  const differs = Uint8Array.from(difference.data, (value) => (Math.abs(value) > limit ? 1 : 0));
  let [compared, differing, atBorder] = [0, 0, 0];
  for (let at = 0; at < differs.length; at++) {
    if (!Number.isNaN(difference.data[at])) compared += 1;
    differing += differs[at];
    if (near) atBorder += differs[at] && near[at];
  }
  const largest = differing ? largestIn(difference.data) : 0;
  const counts = { compared, differing, atBorder, inside: differing - atBorder, largest };
  return { moved, maps, direct, shiftedOutput, difference, differs, near, ...counts };
}

/** The largest difference for every shift along `axis`, the other axis kept: [{ pixels, largest, compared }]. */
export function compareAlong(image, output, place, settings, entering, shift, axis) {
  const found = [];
  for (let pixels = -MOST_SHIFT; pixels <= MOST_SHIFT; pixels++) {
    const tried = axis ? [shift[0], pixels] : [pixels, shift[1]];
    const { largest, compared, differing } = compareShift(image, output, place, settings, entering, tried);
    found.push({ pixels, largest, compared, differing });
  }
  return found;
}
