// The browser's sums, modes and matrix rows against the answers of the Python reference.
import { describe, expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/signal_convolver/signals.js";
import { rowOf } from "../../../coursekit/widgets/signal_convolver/matrix.js";
import { casesOf } from "../cases.js";

const { pairs, sentences } = casesOf("signal_convolver");

function closeTo(actual, expected) {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThan(2e-9));
}

const title = ({ signal, kernel, flipped, step }) =>
  `${signal.length} samples, ${kernel.length} taps, ${flipped ? "flipped" : "not flipped"}, step ${step}`;

describe.each(pairs.map((row) => [title(row), row]))("%s", (_, row) => {
  const [signal, kernel] = [row.signal, row.kernel].map((values) => Float64Array.from(values));
  const laid = js.laidTaps(kernel, row.flipped);
  const full = js.fullOutput(signal, laid, row.step);

  test("each mode keeps the part of the full output that the reference returns", () => {
    for (const [mode, output] of Object.entries(row.outputs)) {
      const [first, after] = js.keptRange(signal.length, kernel.length, mode);
      closeTo([...full.subarray(first, after)], output);
    }
  });

  test("mode valid keeps nothing where the reference refuses it", () => {
    const [first, after] = js.keptRange(signal.length, kernel.length, "valid");
    expect(after > first).toBe("valid" in row.outputs);
  });

  test("the matrix's rows are those of the reference", () => {
    for (const [mode, matrix] of Object.entries(row.matrices)) {
      const kept = js.keptRange(signal.length, kernel.length, mode);
      const rows = matrix.map((_, at) => Array.from(signal, (_, s) => js.toeplitzEntry(laid, kept[0] + at, s)));
      expect(rows).toEqual(matrix);
      expect(rowOf(kept[0] + matrix.length - 1, kept)).toBe(matrix.length - 1);
      expect(rowOf(kept[1], kept)).toBe(null);
    }
  });

  test("the products at every position are those of the window, and sum to the output", () => {
    expect(row.products.length).toBe(full.length);
    row.products.forEach((expected, position) => {
      const products = js.productsAt(signal, laid, position);
      closeTo([...products], expected);
      closeTo([row.step * products.reduce((sum, value) => sum + value, 0)], [full[position]]);
    });
  });

  test("the terms that are written are the samples under the kernel times the matrix's row", () => {
    for (let position = 0; position < full.length; position++) {
      const terms = js.termsAt(signal, laid, position);
      closeTo([row.step * terms.reduce((sum, { pixel, weight }) => sum + pixel * weight, 0)], [full[position]]);
      for (const { sample, pixel, weight } of terms) {
        expect(pixel).toBe(signal[sample]);
        expect(weight).toBe(js.toeplitzEntry(laid, position, sample));
      }
    }
  });

  test("at its time the kernel's number 0 stands on that sample, and the time leads back", () => {
    for (let position = 0; position < full.length; position++) {
      const time = js.timeAt(position, kernel.length, row.flipped);
      expect(js.positionAtTime(time, kernel.length, row.flipped)).toBe(position);
      expect(js.toeplitzEntry(laid, position, time)).toBe(kernel[0]);
    }
  });
});

test.each(sentences)("the example $name has the position, time and sum that Python holds", (example) => {
  const [signal, kernel] = [example.signal, example.kernel].map((values) => Float64Array.from(values));
  const laid = js.laidTaps(kernel, true);
  const sum = js.productsAt(signal, laid, example.position).reduce((total, value) => total + value, 0);
  closeTo([sum, js.timeAt(example.position, kernel.length, true)], [example.total, example.time]);
  const [first, after] = js.keptRange(signal.length, kernel.length, example.mode);
  expect(after - first).toBe(example.kept);
});

test("a position that does not exist becomes the nearest", () => {
  expect([-3, 4.4, 99, NaN].map((position) => js.nearestPosition(position, 8, 3))).toEqual([0, 4, 9, 0]);
  expect(js.nearestPosition(Infinity, 8, 3)).toBe(9);
});

test("a small picture of the matrix shows the strongest tap of each diagonal it covers", () => {
  const laid = Float64Array.of(1, -5, 2); // diagonals 2, 1 and 0: position minus sample
  expect(js.largestOnDiagonals(laid, 0, 0)).toBe(2);
  expect(js.largestOnDiagonals(laid, 2, 2)).toBe(1);
  expect(js.largestOnDiagonals(laid, 0, 2)).toBe(-5);
  expect(js.largestOnDiagonals(laid, 3, 9)).toBe(0);
  expect(js.largestOnDiagonals(laid, -4, -1)).toBe(0);
  for (const [position, sample] of [[5, 5], [5, 4], [5, 3], [5, 2], [2, 6]]) {
    const alone = js.largestOnDiagonals(laid, position - sample, position - sample);
    expect(alone).toBe(js.toeplitzEntry(laid, position, sample));
  }
});

test("a kernel is drawn larger by a round number only where it would hardly be seen", () => {
  expect(js.magnification([5, -9], [1, 2])).toBe(1);
  expect(js.magnification([12, 3], [0.2, 0.2])).toBe(50);
  expect(js.magnification([1], [-40])).toBe(0.02);
  expect(js.magnification([0], [3])).toBe(1);
});

test("one press changes an integer by 1 and a fraction by a round tenth", () => {
  expect(js.editStep([3, -4])).toBe(1);
  expect(js.editStep([0.2, 0.5])).toBeCloseTo(0.1);
  expect(js.editStep([2.5, 30])).toBe(10);
  expect(js.toStep(0.30000000000000004, 0.1)).toBe(0.3);
  expect(Object.is(js.toStep(-0.01, 0.1), -0)).toBe(false);
});
