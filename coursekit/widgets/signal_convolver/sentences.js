// What the demo says: the sum written out, where t is, what the mode keeps.
import { formatNumber, isShownExactly, shorten } from "../shared/grid.js";
import { firstSample, termsAt, timeAt } from "./signals.js";

/** Products of a sum that are written out; of a longer one the middle is left out. */
export const LONGEST_SUM = 9;

/** A number with at most so many decimals, without zeros at its end. */
export function trimmed(value, decimals) {
  const text = formatNumber(value, decimals);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** A factor of a written product: a negative one stands in parentheses. */
function factorText(value, decimals) {
  const text = trimmed(value, decimals);
  return text.startsWith("−") ? `(${text})` : text;
}

/** A time as text: whole samples, or in the unit of `step`. */
export function writtenTime(time, { isContinuous, step }) {
  if (!isContinuous) return formatNumber(time, 0);
  return trimmed(time * step, Math.max(0, Math.min(8, Math.ceil(-Math.log10(step) - 1e-9))));
}

/** A number with as many digits as say something, at most five. */
export function briefNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) {
    return (value < 0 ? "−" : "") + size.toExponential(2).replace("-", "−");
  }
  return String(Number(value.toPrecision(5))).replace("-", "−");
}

/**
 * The sum of one output: { terms: ["2×1", null, ...], result: "= −3" }; null marks what is left out.
 * A curve has no terms; its area is `step` times the sum.
 */
export function writtenOutput({ signal, laid, decimals, isContinuous, step }, position) {
  const all = termsAt(signal, laid, position);
  const total = all.reduce((sum, { pixel, weight }) => sum + pixel * weight, 0);
  if (isContinuous) {
    const sum = total < 0 ? `(${briefNumber(total)})` : briefNumber(total);
    const area = `dt × sum of the products = ${briefNumber(step)}\u00a0×\u00a0${sum}`;
    return { terms: [area], result: `= ${briefNumber(total * step)}` };
  }
  const write = ({ pixel, weight }) => `${factorText(pixel, decimals.signal)}×${factorText(weight, decimals.kernel)}`;
  const terms = shorten(all.length, LONGEST_SUM).map((index) => (index === null ? null : write(all[index])));
  const areTerms = all.every(
    ({ pixel, weight }) => isShownExactly(pixel, decimals.signal) && isShownExactly(weight, decimals.kernel),
  );
  const isExact = areTerms && isShownExactly(total, decimals.output);
  const value = trimmed(total, isExact ? decimals.output : Math.max(decimals.output, 2));
  return { terms, result: `${isExact ? "=" : "≈"} ${value}` };
}

/** What the flip does and which t is meant, as one line. */
export function whichTime(isFlipped, isContinuous) {
  const [sum, step] = isContinuous ? ["∫", " ds"] : ["Σ", ""];
  const [name, side, index] = isFlipped
    ? ["Convolution: the kernel is flipped", "right", "t − s"]
    : ["Cross-correlation: the kernel is not flipped", "left", "s − t"];
  const formula = `output(t) = ${sum} signal(s) × kernel(${index})${step}`;
  return `${name}; t is where its number 0 stands, on the ${side}. ${formula}.`;
}

/** What a mode keeps, for the frame around it. */
export function whatIsKept(mode, [first, after]) {
  const number = after - first;
  if (!number) return `${mode} keeps none`;
  return `${mode} keeps ${number === 1 ? "1 output" : `${number} outputs`}`;
}

/** Why a mode keeps nothing; "" where it keeps something. */
export function whyNothingIsKept(mode, samples, taps) {
  if (mode !== "valid" || taps <= samples) return "";
  return `Mode valid is impossible: the kernel has ${taps} numbers, the signal only ${samples}.`;
}

/** The present state for the status line: time, value, place in the kept output, what the kernel covers. */
export function describeState(scene, position) {
  const { signal, laid, isFlipped, mode, kept, output } = scene;
  const time = writtenTime(timeAt(position, laid.length, isFlipped), scene);
  const isKept = position >= kept[0] && position < kept[1];
  const value = briefNumber(output[position]);
  const place = isKept ? `output[${position - kept[0]}] of ${mode}` : `dropped by ${mode}`;
  const first = firstSample(position, laid.length);
  const outside = Math.max(0, -first) + Math.max(0, position - signal.length + 1);
  const beyond = outside ? ` ${outside} of the kernel's ${laid.length} numbers lie outside the signal, on zeros.` : "";
  return `t = ${time}: the output is ${value}, ${place}.${beyond}`;
}
