import { expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/shared/arrays.js";

test("a buffer is read from where its view starts, aligned or not", () => {
  const values = Float64Array.of(1.5, -2, 3);
  const bytes = new Uint8Array(3 + values.byteLength + 5);
  bytes.set(new Uint8Array(values.buffer), 3);
  const view = new DataView(bytes.buffer, 3, values.byteLength);
  expect([...js.fromBuffer({ shape: [1, 3], data: view }).data]).toEqual([1.5, -2, 3]);
});

test("an array goes to Python and back as it is, and says whether its numbers are whole", () => {
  const array = { shape: [2, 1, 2], data: Float64Array.from([1, -2, 3, 4]) };
  const sent = js.toBuffer(array);
  expect(sent.whole).toBe(true);
  expect(js.fromBuffer(sent)).toEqual(array);
  expect(js.toBuffer(js.withValue(array, 1, 0.5)).whole).toBe(false);
  expect(array.data[1]).toBe(-2); // the array itself stays
});

test("a number too large for a whole one in Python is not called whole", () => {
  expect(js.toBuffer({ shape: [2], data: [1, 2 ** 53 - 1] }).whole).toBe(true);
  expect(js.toBuffer({ shape: [2], data: [1, 1e17] }).whole).toBe(false);
});

test("the values of a shape are the product of its sizes, one for no axes", () => {
  expect([js.count([3, 4]), js.count([2, 3, 4]), js.count([])]).toEqual([12, 24, 1]);
});
