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
  const mask = new Uint8Array(rows.length * columns.length);
  rows.forEach((isNear, row) => {
    for (let column = 0; column < columns.length; column++) {
      if (isNear || columns[column]) mask[row * columns.length + column] = 1;
    }
  });
  return mask;
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
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]);
    if (size > largest) largest = size;
  }
  return largest;
}

/**
 * All that is shown for one shift: the shifted image, its maps before any mean, both outputs, their difference
 * (NaN: no partner), how many are compared, how many differ, by how much, how many of them near the border.
 */
export function compareShift(image, output, place, settings, entering, shift) {
  const moved = shiftImage(image, shift, entering);
  const maps = applyMaps(moved, place, settings);
  const direct = settings.globalAverage ? meanOf(maps) : maps;
  const shiftedOutput = shiftOutput(output, place, settings, entering, shift);
  const difference = { shape: direct.shape, data: Float64Array.from(direct.data) };
  for (let at = 0; at < difference.data.length; at++) difference.data[at] -= shiftedOutput.data[at];
  const limit = TOLERANCE_OF_F * Math.max(largestIn(output.data), largestIn(direct.data));
  const near = settings.globalAverage ? null : borderMask(place, settings, entering, shift);
  const counts = countDiffering(difference.data, limit);
  const { differs, differing } = counts;
  let atBorder = 0;
  if (near) for (let at = 0; at < differs.length; at++) atBorder += differs[at] & near[at];
  return {
    moved,
    maps,
    direct,
    shiftedOutput,
    difference,
    near,
    ...counts,
    atBorder,
    inside: differing - atBorder,
  };
}

/** Which numbers exceed `limit` in size, how many, of how many that are known, and the largest size. */
function countDiffering(data, limit) {
  const differs = new Uint8Array(data.length);
  let [compared, differing, largest] = [0, 0, 0];
  for (let at = 0; at < data.length; at++) {
    const size = Math.abs(data[at]);
    if (size >= 0) compared += 1; // NaN is not
    if (!(size > limit)) continue;
    differs[at] = 1;
    differing += 1;
    if (size > largest) largest = size;
  }
  return { differs, compared, differing, largest };
}

/** What differs for every shift along `axis`, the other kept: [{ pixels, largest, compared, differing }]. */
export function compareAlong(image, output, place, settings, entering, shift, axis) {
  const found = [];
  for (let pixels = -MOST_SHIFT; pixels <= MOST_SHIFT; pixels++) {
    const tried = axis ? [shift[0], pixels] : [pixels, shift[1]];
    const { largest, compared, differing } = compareShift(image, output, place, settings, entering, tried);
    found.push({ pixels, largest, compared, differing });
  }
  return found;
}
