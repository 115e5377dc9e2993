// The arithmetic of one signal under another: no drawing, no state. tests/javascript compares it with Python.
// A position p counts the outputs of mode "full", from 0 to N + K − 2: the last tap stands on sample p.

/** Outputs of mode "full" for N samples and K taps. */
export const fullLength = (samples, taps) => samples + taps - 1;

/** The first position that a mode keeps and the one after the last; equal where it keeps none. */
export function keptRange(samples, taps, mode) {
  if (mode === "full") return [0, fullLength(samples, taps)];
  if (mode === "same") {
    const first = taps - 1 - Math.floor(taps / 2); // for an even kernel the extra zero stands in front
    return [first, first + samples];
  }
  return [taps - 1, Math.max(taps - 1, samples)];
}

/** The position that exists and is nearest. */
export const nearestPosition = (position, samples, taps) =>
  Math.max(0, Math.min(fullLength(samples, taps) - 1, Math.round(position) || 0));

/** The taps as they lie on the signal, from left to right. */
export const laidTaps = (kernel, isFlipped) => (isFlipped ? Float64Array.from(kernel).reverse() : kernel);

/** The sample that the first tap stands on; it may lie before the signal. */
export const firstSample = (position, taps) => position - taps + 1;

/** The time of an output, in samples: where the kernel's number 0 stands. */
export const timeAt = (position, taps, isFlipped) => (isFlipped ? position : firstSample(position, taps));

/** The position whose time is this sample. */
export const positionAtTime = (time, taps, isFlipped) => (isFlipped ? time : time + taps - 1);

/** All outputs of mode "full"; `step` times the sums. */
export function fullOutput(signal, laid, step = 1) {
  const sums = new Float64Array(fullLength(signal.length, laid.length));
  const last = laid.length - 1;
  for (let tap = 0; tap <= last; tap++) {
    const weight = laid[tap] * step;
    if (weight === 0) continue;
    for (let sample = 0, into = last - tap; sample < signal.length; sample++, into++) {
      sums[into] += weight * signal[sample];
    }
  }
  return sums;
}

/** Sample times tap, for each tap from left to right; 0 outside the signal. Writes into `into` if given. */
export function productsAt(signal, laid, position, into = new Float64Array(laid.length)) {
  const first = firstSample(position, laid.length);
  for (let tap = 0; tap < laid.length; tap++) {
    const sample = first + tap;
    into[tap] = sample < 0 || sample >= signal.length ? 0 : signal[sample] * laid[tap];
  }
  return into;
}

/** The terms of one output: what lies on the signal. These are the entries of the matrix's row, too. */
export function termsAt(signal, laid, position) {
  const first = firstSample(position, laid.length);
  const terms = [];
  for (let tap = Math.max(0, -first); tap < laid.length && first + tap < signal.length; tap++) {
    terms.push({ sample: first + tap, pixel: signal[first + tap], weight: laid[tap] });
  }
  return terms;
}

/** The matrix's entry in the row of a position and the column of a sample: a tap, or 0. */
export function toeplitzEntry(laid, position, sample) {
  const tap = sample - firstSample(position, laid.length);
  return tap >= 0 && tap < laid.length ? laid[tap] : 0;
}

/** The tap of largest size among those on diagonals `from` to `to`, position minus sample: for a small picture. */
export function largestOnDiagonals(laid, from, to) {
  const last = laid.length - 1;
  let largest = 0;
  for (let tap = Math.max(0, last - to); tap <= Math.min(last, last - from); tap++) {
    if (Math.abs(laid[tap]) > Math.abs(largest)) largest = laid[tap];
  }
  return largest;
}

/** How many times larger a kernel is drawn than the signal it lies on: 1, or a round number if they differ much. */
export function magnification(signal, kernel) {
  const size = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const [high, low] = [size(signal), size(kernel)];
  if (!high || !low) return 1;
  const ratio = high / low;
  if (ratio >= 1 / 6 && ratio <= 6) return 1;
  const power = 10 ** Math.floor(Math.log10(ratio));
  return power * [5, 2, 1].find((step) => step * power <= ratio * 1.0000001);
}

/** How much one press of an arrow key changes a value of a list: a tenth of its size, as a round number. */
export function editStep(values) {
  if (values.every(Number.isInteger)) return 1;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return 10 ** (Math.ceil(Math.log10(largest)) - 1);
}

/** A value rounded to whole steps, without the rounding errors of binary fractions. */
export const toStep = (value, step) => Number((Math.round(value / step) * step).toPrecision(12)) + 0;
