// What the receptive field says, and how the browser clamps what is chosen.
import { expect, test } from "vitest";
import {
  buildStack,
  chosenIn,
  conesOf,
  hiddenLayers,
} from "../../../coursekit/widgets/receptive_field/field_stack.js";
import * as js from "../../../coursekit/widgets/receptive_field/field_words.js";
import { growthOf } from "../../../coursekit/widgets/receptive_field/growth.js";

const layer = (kernel_size, more = {}) => ({
  kind: "convolution",
  kernel_size,
  stride: 1,
  padding: [0, 0],
  dilation: 1,
  rounding: "floor",
  ...more,
});

test("a layer is named by what it is, and by what is unusual about it", () => {
  expect(js.nameOf(layer(3), 1)).toEqual({ name: "conv 3", more: "" });
  const wide = layer(3, { stride: 2, padding: [1, 2], dilation: 4 });
  expect(js.nameOf(wide, 2)).toEqual({ name: "conv 3×3", more: "stride 2, padding 1 and 2, dilation 4" });
  const pool = layer(2, { kind: "max", stride: 2, rounding: "ceil" });
  expect(js.nameOf(pool, 1)).toEqual({ name: "max pool 2", more: "ceil" });
  expect(js.nameOf({ ...pool, kind: "average", stride: 1 }, 1).more).toBe("stride 1, ceil");
});

test.each([
  [[2, 5], ""],
  [[-1, 3], "1 of 5 pixels lies outside, in the padding: −1."],
  [[-3, 12], "6 of 16 pixels lie outside, in the padding: −3 to −1 and 10 to 12."],
  [[-4, -2], "All 3 pixels lie outside the input, in the padding."],
  [[10, 11], "All 2 pixels lie outside the input, in the padding."],
])("where the field %j hangs over an input of 10 is said", (field, words) => {
  expect(js.paddingWords(field, 10)).toBe(words);
});

test("pixels between the taps are counted, those in the padding are not", () => {
  expect(js.holeWords([0, 4], 10, [0, 2, 4])).toBe("Between the taps it misses 2 pixels.");
  expect(js.holeWords([-2, 2], 10, [0, 2])).toBe("Between the taps it misses 1 pixel.");
  expect(js.holeWords([-2, 2], 10, [0, 1, 2])).toBe("");
});

const state = { axes: 1, size: 9, shape: [6, 7], rounding: "floor" };

test("a stack whose upper layers do not fit ends below them, and the choice with it", () => {
  const stack = buildStack({ ...state, layers: [layer(3), layer(9), layer(2)] });
  expect([stack.depth, stack.shapes]).toEqual([
    1,
    [
      [1, 9],
      [1, 7],
      [1, 0],
      [1, 0],
    ],
  ]);
  expect(chosenIn(stack, 3, 99)).toEqual({ layer: 1, neuron: [0, 6] });
  expect(conesOf(stack, { layer: 1, neuron: [0, 6] }).below[1]).toEqual([[6, 7, 8], [6]]);
});

test("a choice is clamped along both axes, and one number holds for both", () => {
  const stack = buildStack({ ...state, axes: 2, layers: [layer(3)] });
  expect(chosenIn(stack, 1, [9, 1])).toEqual({ layer: 1, neuron: [3, 1] });
  expect(chosenIn(stack, 1, 4)).toEqual({ layer: 1, neuron: [3, 4] });
});

test("sizes are hidden while they are predicted, until the right one is typed", () => {
  const growth = growthOf([layer(3), layer(3)]);
  expect(hiddenLayers(growth, { predict: true, answers: [3, 4] })).toEqual([false, false, true]);
  expect(hiddenLayers(growth, { predict: false, answers: [] })).toEqual([false, false, false]);
});
