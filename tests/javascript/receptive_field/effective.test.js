// Gradients by back-propagation through a cone against those of coursekit.reference, and the draws of
// weights.
import { describe, expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/receptive_field/effective.js";
import { casesOf } from "../cases.js";

const { gradients, shares } = casesOf("receptive_field");
const layer = (kernel_size, more = {}) => ({
  kind: "convolution",
  kernel_size,
  stride: 1,
  padding: [0, 0],
  dilation: 1,
  rounding: "floor",
  ...more,
});
const point = layer(1);

/** The layers along both axes: an input of one row has windows of one row. */
const along = (layers, shapes) => [shapes[0][0] === 1 ? layers.map(() => point) : layers, layers];

/** A box of an array given in row order. */
function cut(values, [, columns], [[top, bottom], [left, right]]) {
  const found = [];
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) found.push(values[row * columns + column]);
  }
  return Float64Array.from(found);
}

describe.each(gradients.map((row, index) => [index, row]))("gradient case %i", (_, row) => {
  const { layers, shapes, neuron, rectified, ties, flipped } = row;
  const weights = row.weights.map((kernel) => Float64Array.from(flipped ? kernel.toReversed() : kernel));
  const plan = js.planCone(along(layers, shapes), shapes, neuron);
  const maps = js.forwardThrough(plan, weights, cut(row.input, shapes[0], plan.boxes[0]), { rectified });

  test("the chosen neuron has the number that the reference gives it", () => {
    expect(maps.at(-1)[0]).toBeCloseTo(row.output, 9);
  });

  test("its gradient is the reference's inside the cone, and the reference's is 0 outside", () => {
    const found = js.backwardThrough(plan, weights, maps, { rectified, ties });
    const expected = cut(row.gradient, shapes[0], plan.boxes[0]);
    expect(found.length).toBe(expected.length);
    found.forEach((value, place) => expect(value).toBeCloseTo(expected[place], 9));
    const size = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(size([...expected])).toBeCloseTo(size(row.gradient), 9);
  });
});

test("some of the cases have gradients, and their ReLUs and ties matter", () => {
  const told = gradients.map(({ gradient }) => gradient.some(Boolean));
  expect(told.filter(Boolean).length).toBeGreaterThan(12);
});

test.each(shares)("a field of $size, $cut rows of it outside, has the share of its middle half", (row) => {
  const box = [
    [row.cut, row.size - 1],
    [0, row.size - 1],
  ];
  const fields = [
    [0, row.size - 1],
    [0, row.size - 1],
  ];
  expect(js.centralShare(Float64Array.from(row.values), box, fields)).toBeCloseTo(row.share, 9);
});

const threeLayers = (seed, choice = {}) => {
  const layers = [layer(3), layer(3), layer(3)];
  const shapes = [16, 14, 12, 10].map((columns) => [1, columns]);
  const plan = js.planCone(along(layers, shapes), shapes, [0, 4]);
  return js.effectiveField(plan, { weights: "gaussian", rectified: false, ties: "first", seed, ...choice });
};

test("equal weights give the bell that folding three boxes gives", () => {
  const field = threeLayers(1, { weights: "equal" });
  field.step();
  [1, 3, 6, 7, 6, 3, 1].forEach((ways, place) => expect(field.mean[place]).toBeCloseTo(ways / 27, 12));
});

test("the same seed draws the same weights, another one others, and more draws change the mean less", () => {
  const [one, same, other] = [threeLayers(7), threeLayers(7), threeLayers(8)];
  for (const field of [one, same, other]) for (let draw = 0; draw < 20; draw++) field.step();
  expect([...one.mean]).toEqual([...same.mean]);
  expect([...one.mean]).not.toEqual([...other.mean]);
  const before = Float64Array.from(one.mean);
  one.step();
  one.mean.forEach((value, place) =>
    expect(Math.abs(value - before[place])).toBeLessThanOrEqual(1 / 21 + 1e-12),
  );
  expect(one.mean.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
});

test("the middle of a random field weighs more than its ends", () => {
  const field = threeLayers(3);
  for (let draw = 0; draw < 200; draw++) field.step();
  expect(field.mean[3]).toBeGreaterThan(2 * field.mean[0]);
  expect(field.mean[3]).toBeGreaterThan(2 * field.mean[6]);
});

test("draws whose ReLUs let nothing through are counted and left out", () => {
  const field = threeLayers(5, { rectified: true });
  for (let draw = 0; draw < 200; draw++) field.step();
  expect(field.silent).toBeGreaterThan(0);
  expect(field.silent).toBeLessThan(100);
  expect(field.mean.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
});

test("weights have the distribution that they are named after", () => {
  const random = js.randomNumbers(1);
  const gaussian = js.drawWeights("gaussian", 10_000, random).map((value) => value * 100);
  const uniform = js.drawWeights("uniform", 10_000, random).map((value) => value * 100);
  const moment = (values, power) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  expect(Math.abs(moment(gaussian, 1))).toBeLessThan(0.04);
  expect(moment(gaussian, 2)).toBeCloseTo(1, 1);
  expect(Math.abs(moment(gaussian, 4) - 3)).toBeLessThan(0.25);
  expect(Math.abs(moment(uniform, 1))).toBeLessThan(0.02);
  expect(Math.abs(moment(uniform, 2) - 1 / 3)).toBeLessThan(0.01);
  expect(Math.max(...uniform)).toBeLessThanOrEqual(1);
  expect([...js.drawWeights("equal", 4, random)]).toEqual([0.25, 0.25, 0.25, 0.25]);
});
