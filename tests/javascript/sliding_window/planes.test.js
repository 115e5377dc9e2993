// Channels, both operations and sizes rounded up, against the answers of the Python reference.
import { describe, expect, test } from "vitest";
import { geometry, windowTerms } from "../../../coursekit/widgets/shared/arithmetic.js";
import * as js from "../../../coursekit/widgets/sliding_window/planes.js";
import { array, modelsOf } from "./arrays.js";
import { compute, geometryOf, isVisible, panelCells, visibleCells } from "../../../coursekit/widgets/sliding_window/scene.js";
import { casesOf } from "../cases.js";

const { outputs, refused } = casesOf("sliding_window");
const title = ({ image, kernel, parameters, operation, rounding }) =>
  `${operation} of ${array(image).shape} with ${array(kernel).shape} ${JSON.stringify(parameters)}, ${rounding}`;

describe.each(outputs.map((row) => [title(row), row]))("%s", (_, row) => {
  const computed = compute(...modelsOf(row));

  test("the output has the reference's shape and values", () => {
    const expected = array(row.output);
    expect(computed.place.output).toEqual(expected.shape);
    expect([...computed.output.data]).toEqual([...expected.data]);
    expect(computed.overhang).toEqual(row.overhang);
  });

  test("each channel has its sum, and the products of all add up to the output", () => {
    const { image, sliding, place } = computed;
    expect(js.partialSums(image, sliding, place, row.position)).toEqual(row.partials);
    const terms = js.allTerms(image, sliding, place, row.position);
    const sum = terms.reduce((total, { product }) => total + product, 0);
    expect(sum).toBe(row.output[row.position[0]][row.position[1]]);
    expect(new Set(terms.map(({ channel }) => channel)).size).toBe(image.length);
  });

  test("a channel's products are its window's", () => {
    const { image, sliding, place } = computed;
    const products = windowTerms(image[0], sliding[0], place, row.position);
    expect(products.reduce((total, { product }) => total + product, 0)).toBe(row.partials[0]);
  });
});

test.each(refused)("channels that do not go together are refused with the reason: $image, $kernel", (shapes) => {
  const models = modelsOf({ image: null, kernel: null, parameters: {}, shapes });
  const place = geometryOf(...models);
  expect(place.fits).toBe(false);
  expect(place.output).toEqual([0, 0]);
  expect(place.reason).toMatch(/^the input has (no|\d+) channels?, but the kernel has (no|\d+) channels?$/);
});

test("a turned kernel is flipped up-down and left-right, and its taps with it", () => {
  const plane = array([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
  expect([...js.turnedPlane(plane).data]).toEqual([6, 5, 4, 3, 2, 1]);
  expect([...js.turnedPlane(js.turnedPlane(plane)).data]).toEqual([...plane.data]);
  expect([0, 1, 5].map((tap) => js.turnedTap(tap, plane.shape))).toEqual([5, 4, 0]);
});

test("planes share the memory of their array", () => {
  const whole = array([[[1, 2]], [[3, 4]]]);
  const [, second] = js.planesOf(whole);
  expect([second.shape, [...second.data]]).toEqual([[1, 2], [3, 4]]); // prettier-ignore
  expect(second.data.buffer).toBe(whole.data.buffer);
});

const place = geometry([4, 5], [2, 2]); // output 3 x 4

test("what is filled is shown, and where numbers are predicted only those that are found", () => {
  const shown = (state) =>
    Array.from({ length: 12 }, (_, index) => index).filter((index) => isVisible(visibleCells(state, place), index));
  expect(shown({ filled: -1, predict: false, predicted: [3] }).length).toBe(12);
  expect(shown({ filled: 2, predict: false, predicted: [3] })).toEqual([0, 1]);
  expect(shown({ filled: -1, predict: true, predicted: [3, 11, 99] })).toEqual([3, 11]);
});

test("the room of the panels does not change with the padding unless room is dear", () => {
  const wide = [0, 1].map((padding) => panelCells(geometry([4, 5], [2, 2], { padding })));
  expect(wide[0]).toEqual(wide[1]);
  const tight = [0, 1].map((padding) => panelCells(geometry([4, 5], [2, 2], { padding }), true).input);
  expect(tight).toEqual([[4, 5], [6, 7]]); // prettier-ignore
});

test("a window that hangs over the edge has room in its panel", () => {
  const hanging = geometry([5, 5], [1, 1], { stride: 4, rounding: "ceil", padding: 0 });
  const { input } = panelCells(hanging, false, js.overhang(hanging));
  expect(input.every((room, axis) => room >= hanging.padded[axis] + 2 * js.overhang(hanging)[axis])).toBe(true);
});
