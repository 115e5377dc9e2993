// What the meter says: the shift, what to expect of f, what differs and why. Pure functions, no page.
import { decimalsFor, formatNumber, isShownExactly } from "../shared/grid.js";
import { goesRound, isTorus, outputShift, TOLERANCE_OF_F } from "./comparison.js";

const WAYS = [
  ["up", "down"],
  ["left", "right"],
];

/** [down, right] in words: "1 right", "2 up and 1 left"; "by nothing" for none. */
export function shiftInWords(shift) {
  const parts = shift.flatMap((pixels, axis) =>
    pixels ? [`${Math.abs(pixels)} ${WAYS[axis][pixels > 0 ? 1 : 0]}`] : [],
  );
  return parts.join(" and ") || "by nothing";
}

/** A number for a sentence: short, and with "≈" where it is rounded. */
export function valueInWords(value) {
  const size = Math.abs(value);
  const decimals = size === 0 || Number.isInteger(value) ? 0 : Math.max(2, 1 - Math.floor(Math.log10(size)));
  const most = Math.min(decimals, 8);
  for (let fewer = 0; fewer < most; fewer++) {
    if (isShownExactly(value, fewer)) return formatNumber(value, fewer);
  }
  return `${isShownExactly(value, most) ? "" : "≈ "}${formatNumber(value, most)}`;
}

/** Decimals that tell two numbers apart by two digits of their difference; of equal ones, those of one. */
export function decimalsToTell(one, other) {
  const apart = Math.abs(one - other);
  if (apart <= TOLERANCE_OF_F * Math.max(Math.abs(one), Math.abs(other))) return decimalsFor([one]);
  return Math.min(8, Math.max(decimalsFor([one, other]), 1 - Math.floor(Math.log10(apart))));
}

/** What to expect of f before any number is seen. */
export function expectation({ step }, settings, entering) {
  const shifts =
    step === 1 ? "every shift" : step === 2 ? "even shifts only" : `shifts by multiples of ${step} only`;
  const roughly = settings.pooling === "none" || step === 1 ? "" : ", roughly for the others";
  const torus = isTorus(settings, entering);
  if (settings.globalAverage) {
    if (torus) return `invariant for ${shifts}${roughly}: the map moves, its mean stays.`;
    return "invariant only roughly: what leaves or enters at the border changes the mean.";
  }
  if (torus) return `equivariant for ${shifts}${roughly}.`;
  if (settings.padding === "valid") return `equivariant for ${shifts}${roughly}, wherever both are defined.`;
  if (settings.padding === "wrap") {
    return `equivariant for ${shifts}${roughly}, but the border breaks it: it comes round, the shift does not.`;
  }
  const fixed = settings.padding === "zeros" ? "zero padding does" : "reflected pixels do";
  return `equivariant for ${shifts}${roughly} inside; the border breaks it: ${fixed} not move along.`;
}

/** Why no shift of the output can match; "" where the shift is a whole number of outputs. */
export function fractionInWords({ step, stride, pooled }, shift) {
  const axis = [1, 0].find((one) => shift[one] % step);
  if (axis === undefined) return "";
  const pixels = Math.abs(shift[axis]);
  const whole = Math.abs(outputShift(shift[axis], step));
  const steps = `${fraction(pixels, step)} output step${pixels > step ? "s" : ""}`;
  const source = !pooled
    ? `stride ${step}`
    : step === stride
      ? `stride ${stride}`
      : `steps of ${step} pixels`;
  const part = `A shift by ${pixels} is ${steps} with ${source}`;
  return `${part}: no shift of the output can match. Compared with a shift by ${whole}.`;
}

/** pixels / step as a reader says it: "half an", "a third of an", "1½", "1 1/3". */
function fraction(pixels, step) {
  const divisor = greatestDivisor(pixels, step);
  const [whole, above, below] = [Math.floor(pixels / step), (pixels % step) / divisor, step / divisor];
  if (!whole) return above === 1 && below === 2 ? "half an" : `${above}/${below} of an`;
  return below === 2 ? `${whole}½` : `${whole} ${above}/${below}`;
}

const greatestDivisor = (one, other) => (other ? greatestDivisor(other, one % other) : one);

/** The main sentence and its details: { main, detail }. Cells of a picture have no frames of their own. */
export function resultInWords(found, output, { globalAverage }, isPicture = false) {
  const { compared, differing, largest, atBorder, inside } = found;
  if (globalAverage) {
    const means = [output.data[0], found.direct.data[0]];
    const decimals = decimalsToTell(...means);
    const [mean, after] = means.map((value) => {
      return `${isShownExactly(value, decimals) ? "" : "≈ "}${formatNumber(value, decimals)}`;
    });
    if (!differing) return { main: `The mean stays ${mean}: invariant here`, detail: "" };
    return { main: `The mean changes from ${mean} to ${after}: not invariant here`, detail: "" };
  }
  if (!compared) return { main: "Nothing to compare: the shift moves the whole output away", detail: "" };
  if (!differing) return { main: `0 of ${compared} differ: equivariant here`, detail: "" };
  const most = valueInWords(largest).replace("≈ ", "about ");
  const main = `${differing} of ${compared} differ, the largest by ${most}`;
  const [dashed, solid] = isPicture ? ["", ""] : [" (dashed)", " (solid)"];
  return { main, detail: `Of these, ${atBorder} lie near the border${dashed} and ${inside} inside${solid}.` };
}

/** Why some outputs are not compared; "" where all are. */
export function partnersInWords(found, place, settings, entering) {
  const left = found.difference.data.length - found.compared;
  if (settings.globalAverage || !left) return "";
  const isUneven =
    entering === "wrap" && settings.padding !== "valid" && goesRound(place, entering).includes(false);
  const why = isUneven ? `${place.step} does not divide the image's size` : "what came in has no partner";
  return `Compared where both are defined: ${why} (hatched).`;
}

/** What the reader is asked, and what the answer is worth. */
export const questionInWords = ({ globalAverage }) =>
  globalAverage ? "Will the mean stay the same?" : "Will the difference be zero everywhere?";
export function judgeAnswer(answer, differing) {
  if (!answer) return "";
  return (answer === "yes") === (differing === 0) ? "Right. " : "Not so. ";
}
