// What the playground says: ranges, the window's numbers, why both responses are equal. Pure functions.
import { formatNumber } from "../shared/grid.js";
import { halfTurn } from "./presets.js";

/** The names of both operations, by the convention's words. */
export const OPERATION_NAMES = { correlation: "cross-correlation", convolution: "convolution" };

/** Decimals that suit a map whose largest size is `largest`. */
export function decimalsOf(largest) {
  if (largest >= 1000) return 0;
  if (largest >= 100) return 1;
  if (largest >= 0.1 || largest === 0) return 2;
  return Math.max(4, Math.min(12, 1 - Math.floor(Math.log10(largest))));
}

/** "−0.42 to 1.00": the least and the greatest value of a map. */
export function rangeText([least, greatest]) {
  const decimals = decimalsOf(Math.max(Math.abs(least), Math.abs(greatest)));
  return `${formatNumber(least, decimals)} to ${formatNumber(greatest, decimals)}`;
}

/** Why both responses are equal, or that they differ. `weights` are the kernel's as they are multiplied. */
export function equalityText(weights) {
  if (weights.every((weight) => weight === 0)) {
    return "Both responses are 0: so is every number of the kernel.";
  }
  return {
    same: "Both responses are equal: half a turn leaves this kernel as it is.",
    opposite: "One response is minus the other: half a turn only changes the sign of this kernel.",
    differs: "The responses differ: half a turn (a flip of rows and columns) changes this kernel.",
  }[halfTurn(weights)];
}

/** The numbers at the window: { place, pixel, asIs, flipped, largest }; `pixel` is null on padding. */
export function readingText({ place, pixel, asIs, flipped, largest }) {
  const decimals = decimalsOf(largest);
  const number = (value) => formatNumber(value, decimals);
  const value = pixel === null ? "" : `pixel ${formatNumber(pixel, 3)}, `;
  const responses = `cross-correlation ${number(asIs)}, convolution ${number(flipped)}`;
  return `Row ${place[0]}, column ${place[1]}: ${value}${responses}`;
}

/** Where the peaks are and by which rule: one sentence. */
export function peaksText(found, values, operation) {
  if (!found.length) return `The ${OPERATION_NAMES[operation]} has no peak.`;
  const decimals = decimalsOf(Math.max(...values.map(Math.abs)));
  const places = found.map(([row, column], rank) => {
    return `${rank + 1} at row ${row}, column ${column} (${formatNumber(values[rank], decimals)})`;
  });
  const noun = found.length === 1 ? "Highest peak" : "Highest peaks";
  return `${noun} of the ${OPERATION_NAMES[operation]}: ${places.join("; ")}.`;
}

/** Which peaks are marked. */
export const PEAK_RULE =
  "A peak is a place that none of its eight neighbours exceeds. The highest comes first; each further one " +
  "lies at least the kernel's height or width away from those before it.";

/** Why there is no response; "" where there is one. */
export function misfitText(shape, taps) {
  for (const axis of [0, 1]) {
    const noun = axis ? "columns" : "rows";
    if (taps[axis] > shape[axis]) {
      const sizes = `the kernel has ${taps[axis]} ${noun}, the image only ${shape[axis]}`;
      return `No window fits: ${sizes}. Choose a padding.`;
    }
  }
  return "";
}

/** What hinders the search for a pattern, as advice; "" where nothing does. */
export function adviceText({ isCut, normalise, weights }) {
  const isFlat = weights.every((weight) => Math.abs(weight) < 1e-12);
  if (normalise !== "none" && isFlat) {
    return "All numbers of the kernel are equal: less their mean they are 0, and so is every response.";
  }
  if (isCut && normalise === "none") {
    return "You cut out a pattern, but the sum of products looks for bright places: try “normalised”.";
  }
  return "";
}
