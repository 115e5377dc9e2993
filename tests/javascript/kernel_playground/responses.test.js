import { describe, expect, test } from "vitest";
import { peakFinder } from "../../../coursekit/widgets/kernel_playground/peaks.js";
import { cutOut } from "../../../coursekit/widgets/kernel_playground/presets.js";
import * as js from "../../../coursekit/widgets/kernel_playground/responses.js";
import { casesOf } from "../cases.js";

const cases = casesOf("kernel_playground");
const array = (rows) => ({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });
const { compute } = js.responder(); // one for all cases: what one leaves behind must not reach the next

function expectResponse(answer, { as_is: asIs, flipped }) {
  expect(answer.shape).toEqual([asIs.length, asIs[0].length]);
  const size = 1e-8 * Math.max(1, js.largestOf(asIs.flat()));
  for (const [found, wanted] of [
    [answer.asIs, asIs.flat()],
    [answer.flipped, flipped.flat()],
  ]) {
    expect(found.length).toBe(wanted.length);
    wanted.forEach((value, at) => expect(Math.abs(found[at] - value)).toBeLessThan(size));
  }
  expect(answer.largest).toBeCloseTo(Math.max(js.largestOf(asIs.flat()), js.largestOf(flipped.flat())), 6);
}

test.each(cases.padding)("$padding around $size pixels is numpy.pad's", ({ size, padding, pixels }) => {
  expect(pixels.map((_, at) => js.sourceIndex(at - 9, size, padding))).toEqual(pixels);
});

describe.each(["none", "zero mean", "normalised"])("normalise %s", (normalise) => {
  const chosen = cases.responses.filter((one) => one.normalise === normalise);
  test.each(chosen)("both responses are the reference's: $padding, $kernel", (one) => {
    const { padding } = one;
    expectResponse(compute({ image: array(one.image), kernel: array(one.kernel), padding, normalise }), one);
  });
});

test.each(cases.flat)("what has one grey value scores 0: $image, $kernel", (one) => {
  const { padding, normalise } = one;
  expectResponse(compute({ image: array(one.image), kernel: array(one.kernel), padding, normalise }), one);
});

test("a kernel that does not fit gives no response, and the next one is right again", () => {
  const image = array([[1, 2, 3]]);
  expect(compute({ image, kernel: array([[1], [1]]), padding: "valid", normalise: "none" })).toBeNull();
  const answer = compute({ image, kernel: array([[1, 0]]), padding: "valid", normalise: "none" });
  expect([...answer.asIs]).toEqual([1, 2]);
  expect([...answer.flipped]).toEqual([2, 3]);
});

test("the score of a window does not change when the light does", () => {
  const image = array([
    [0.1, 0.5, 0.2, 0.9],
    [0.3, 0.8, 0.4, 0.7],
  ]);
  const kernel = cutOut(image, [0, 1, 2, 2]);
  const settings = { kernel, padding: "valid", normalise: "normalised" };
  const before = [...compute({ image, ...settings }).asIs];
  const brighter = { shape: image.shape, data: image.data.map((value) => 40 * value + 1000) };
  [...compute({ image: brighter, ...settings }).asIs].forEach((score, at) =>
    expect(score).toBeCloseTo(before[at], 6),
  );
  expect(before[1]).toBeCloseTo(1, 9);
});

test("the window in the image and the place of the response belong together in every padding", () => {
  for (const padding of ["valid", "zeros", "reflect", "edge", "wrap"]) {
    for (const taps of [
      [1, 1],
      [2, 3],
      [5, 4],
    ]) {
      const shape = [9, 11];
      const sizes = js.responseShape(shape, taps, padding);
      expect(sizes).toEqual(padding === "valid" ? [9 - taps[0] + 1, 11 - taps[1] + 1] : shape);
      const place = [4, 5];
      const start = js.windowStart(place, taps, padding);
      const middle = start.map((at, axis) => at + Math.floor(taps[axis] / 2));
      expect(js.placeAt(middle, shape, taps, padding)).toEqual(place);
    }
  }
  expect(js.placeAt([0, 0], [9, 11], [3, 3], "valid")).toEqual([0, 0]);
  expect(js.placeAt([8, 10], [9, 11], [3, 3], "valid")).toEqual([6, 8]);
});

describe("peaks", () => {
  const find = peakFinder();

  test.each(cases.peaks)("$number of them, windows of $taps", ({ response, taps, number, peaks }) => {
    const { shape, data } = array(response);
    expect(find(data, shape, taps, number)).toEqual(peaks);
  });

  test("differences of rounding do not decide which of two equal peaks comes first", () => {
    expect(find(Float64Array.from([1, 0, 1 + 1e-13, 0, 1]), [1, 5], [1, 1], 3)).toEqual([
      [0, 0],
      [0, 2],
      [0, 4],
    ]);
  });

  test("the word that was cut out is found by the normalised score, and not by the sum of products", () => {
    const [{ image, word, found, brightest }] = cases.word;
    const page = { ...array(image), data: array(image).data.map((byte) => byte / 255) };
    const kernel = cutOut(page, word);
    const peaksOf = (normalise, number) => {
      const { asIs, shape } = compute({ image: page, kernel, padding: "valid", normalise });
      return find(asIs, shape, kernel.shape, number);
    };
    expect(found[0]).toEqual(word.slice(0, 2));
    expect(peaksOf("normalised", 2)).toEqual(found);
    expect(brightest[0]).not.toEqual(word.slice(0, 2));
    expect(peaksOf("none", 1)).toEqual(brightest);
  });
});
