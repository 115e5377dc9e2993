import { expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/shared/cell_editor.js";

test.each([
  ["12", 12],
  [" −1,5 ", -1.5],
  ["-3", -3],
  [".5", 0.5],
  ["−1e−9", -1e-9],
  ["1e50", 1e50],
])("%j is read as %f", (text, number) => {
  expect(js.readNumber(text)).toBe(number);
});

test.each(["", " ", "two", "1,2,3", "1e51", "−1e400", "Infinity"])("%j is no number", (text) => {
  expect(js.readNumber(text)).toBeNaN();
});

test("arrows move by one cell and stop at the edge; other keys do not move", () => {
  expect(js.neighbour([0, 1], "ArrowRight", [2, 3])).toEqual([0, 2]);
  expect(js.neighbour([0, 2], "ArrowRight", [2, 3])).toEqual([0, 2]);
  expect(js.neighbour([0, 2], "ArrowUp", [2, 3])).toEqual([0, 2]);
  expect(js.neighbour([0, 2], "ArrowDown", [2, 3])).toEqual([1, 2]);
  expect(js.neighbour([0, 2], "x", [2, 3])).toBeNull();
});

test("after a cell comes the next in reading order, and after the last the first", () => {
  expect(js.following([0, 2], [2, 3])).toEqual([1, 0]);
  expect(js.following([1, 2], [2, 3])).toEqual([0, 0]);
});
