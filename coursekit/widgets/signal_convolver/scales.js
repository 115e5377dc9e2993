// Where samples and values lie on the page. Lengths are CSS pixels; no drawing here.
import { fullLength, keptRange, magnification } from "./signals.js";

/** Room left of the plots for the numbers of their axis, and right of them. */
export const PLOT_MARGIN = { left: 44, right: 8 };

/** Distance between samples from which on they are stems, and from which on numbers are printed below them. */
export const LEAST_STEM = 9;
export const LEAST_PRINTED = 21;

/** Size of the smallest cells of the matrix that its entries are printed in. */
export const LEAST_ENTRY = 15;

/** The axis of all plots: one cell a sample, from the first place of the first tap to the last of the last. */
export function timeAxis(width, samples, taps) {
  const cells = samples + 2 * (taps - 1);
  const cell = Math.min(64, (width - PLOT_MARGIN.left - PLOT_MARGIN.right) / cells);
  const room = width - PLOT_MARGIN.left - PLOT_MARGIN.right - cells * cell;
  const left = PLOT_MARGIN.left + room / 2;
  return { cell, left, first: 1 - taps, cells, width };
}

/** The middle of a sample's cell. */
export const xOf = (axis, sample) => axis.left + (sample - axis.first + 0.5) * axis.cell;

/** The sample whose cell is under x. */
export const sampleAt = (axis, x) => Math.floor((x - axis.left) / axis.cell) + axis.first;

/** The least and greatest of some values and 0; never the same. */
export function rangeOf(values, range = [0, 0]) {
  let [low, high] = range;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low === high ? [low, high + 1] : [low, high];
}

/** The range of every product that a signal and a kernel can give: the same wherever the kernel stands. */
export function productRange(signal, kernel) {
  const ends = rangeOf(signal).flatMap((sample) => rangeOf(kernel).map((tap) => sample * tap));
  return rangeOf(ends);
}

/** A vertical scale: `range` between `top` and `bottom`, with `room` at both ends for heads and numbers. */
export function verticalScale([low, high], top, bottom, room) {
  const unit = (bottom - top - 2 * room) / (high - low);
  return { unit, zero: top + room + high * unit, low, high };
}

export const yOf = ({ zero, unit }, value) => zero - value * unit;
export const valueAt = ({ zero, unit }, y) => (zero - y) / unit;

/** Round numbers to label an axis with, at least `room` apart: multiples of 1, 2 or 5 times a power of ten. */
export function roundTicks([low, high], unit, room) {
  const least = room / unit;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * [1, 2, 5, 10].find((part) => part * power >= least * (1 - 1e-9));
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index++) {
    ticks.push(Number((index * step).toPrecision(12)) + 0);
  }
  return ticks;
}

/** A round number as text: beyond four figures as a power of ten, "5e9", for which there is room at the axis. */
export function tickText(tick) {
  const plain = String(Math.abs(tick));
  const isShort = plain.replace(".", "").length <= 4;
  const text = isShort ? plain : Math.abs(tick).toExponential().replace("e+", "e");
  return (tick < 0 ? "−" : "") + text.replace("-", "−");
}

/** The stem whose head is nearest to a point, if it is near enough to be meant; null if none is. */
export function headAt([y, x], heads, reach) {
  let [found, nearest] = [null, reach];
  for (const [index, head] of heads.entries()) {
    const away = Math.hypot(head.y - y, head.x - x);
    if (away < nearest) [found, nearest] = [index, away];
  }
  return found;
}

/** Cells of the matrix: with numbers and the two vectors beside it where they fit, else as a picture. */
export function matrixLayout(width, height, rows, columns) {
  const beside = 92; // the signs × and =, gaps and an output of several digits
  const printed = Math.floor(Math.min(36, (width - beside) / (columns + 2), (height - 12) / Math.max(rows, columns)));
  if (printed >= LEAST_ENTRY) return { cell: printed, isPrinted: true };
  const cell = Math.min((width - 12) / columns, (height - 12) / Math.max(rows, 1));
  return { cell: cell >= 2 ? Math.floor(cell) : cell, isPrinted: false };
}

/** What the mode keeps and how the plots are drawn, from the sizes alone. */
export function arrangement({ width, samples, taps, mode, isContinuous }) {
  const axis = timeAxis(width, samples, taps);
  const isCurve = isContinuous || axis.cell < LEAST_STEM;
  const isPrinted = !isCurve && axis.cell >= LEAST_PRINTED;
  return { axis, isCurve, isPrinted, kept: keptRange(samples, taps, mode), outputs: fullLength(samples, taps) };
}

/** The range that signal and kernel share, and how many times larger the kernel is drawn in it. */
export function sharedRange(signal, kernel) {
  const factor = magnification(signal, kernel);
  return { factor, range: rangeOf(Array.from(kernel, (tap) => tap * factor), rangeOf(signal)) };
}
