import { expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/kernel_playground/presets.js";
import { casesOf } from "../cases.js";

const cases = casesOf("kernel_playground");
const array = (rows) => ({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });
const rowsOf = ({ shape, data }) =>
  Array.from({ length: shape[0] }, (_, row) => [...data.slice(row * shape[1], (row + 1) * shape[1])]);
const SMALL = array([
  [1, 2, 3],
  [4, 5, 6],
]);

test.each(cases.presets)("$name of $shape is Python's, and is recognised", ({ name, shape, kernel }) => {
  const made = js.presetKernel(name, shape);
  expect(made.shape).toEqual([kernel.length, kernel[0].length]);
  kernel.flat().forEach((value, at) => expect(made.data[at]).toBeCloseTo(value, 14));
  if (made.data.length > 2) expect(js.presetOf(made)).toBe(name);
});

test("the list has every preset of Python in its order", () => {
  expect(js.PRESET_NAMES).toEqual([...new Set(cases.presets.map(({ name }) => name))]);
});

test("numbers of one's own are no preset", () => {
  expect(js.presetOf(SMALL)).toBe("");
});

test("a flip turns rows, columns or both", () => {
  expect(rowsOf(js.flip(SMALL))).toEqual([
    [6, 5, 4],
    [3, 2, 1],
  ]);
  expect(rowsOf(js.flip(SMALL, { vertical: false }))).toEqual([
    [3, 2, 1],
    [6, 5, 4],
  ]);
  expect(rowsOf(js.flip(SMALL, { horizontal: false }))).toEqual([
    [4, 5, 6],
    [1, 2, 3],
  ]);
});

test.each([
  ["Gaussian blur", "same"],
  ["Laplacian", "same"],
  ["edge left-right", "opposite"],
  ["Sobel top-bottom", "opposite"],
  ["emboss", "differs"],
])("half a turn of %s: %s", (name, kind) => {
  expect(js.halfTurn(js.presetKernel(name).data)).toBe(kind);
});

test("a new size keeps the middle: zeros are added around it, or numbers at the border go", () => {
  const emboss = js.presetKernel("emboss");
  expect(rowsOf(js.resize(emboss, [1, 5]))).toEqual([[0, -1, 1, 1, 0]]);
  expect(rowsOf(js.resize(js.resize(emboss, [5, 7]), [3, 3]))).toEqual(rowsOf(emboss));
  expect(rowsOf(js.resize(js.resize(emboss, [4, 4]), [3, 3]))).toEqual(rowsOf(emboss));
});

test("a blur stays that blur at a new size", () => {
  expect(js.presetOf(js.resize(js.presetKernel("box blur", [3, 3]), [5, 4]))).toBe("box blur");
  expect(js.presetOf(js.resize(js.presetKernel("Gaussian blur", [3, 3]), [1, 7]))).toBe("Gaussian blur");
});

test("a kernel is divided by its sum unless that is 0", () => {
  expect(js.kernelSum(js.scaledToOne(SMALL))).toBeCloseTo(1, 12);
  expect(js.scaledToOne(js.presetKernel("Laplacian"))).toBeNull();
  expect(js.kernelSum({ data: Float64Array.from([0.1, 0.2, -0.3]) })).toBe(0);
});

test("a part of the image becomes the kernel", () => {
  expect(rowsOf(js.cutOut(SMALL, [0, 1, 2, 2]))).toEqual([
    [2, 3],
    [5, 6],
  ]);
});

test.each([
  [[2, 3], [5, 9], [2, 3, 4, 7]],
  [[5, 9], [2, 3], [2, 3, 4, 7]], // in any direction
  [[2, 3], [2, 3], [2, 3, 1, 1]],
  [[4, 4], [-9, 40], [0, 4, 5, 8]], // the border of the image, and the largest kernel, end it
  [[0, 19], [0, 0], [0, 12, 1, 8]],
])("a drag from %j to %j takes %j", (from, to, part) => {
  expect(js.partBetween(from, to, [10, 20], 8)).toEqual(part);
});
