// The sentences and the sums that stand below the panels.
import { expect, test } from "vitest";
import { geometry, windowTerms } from "../../../coursekit/widgets/shared/arithmetic.js";
import { cellAt } from "../../../coursekit/widgets/sliding_window/pointing.js";
import { partialSums } from "../../../coursekit/widgets/sliding_window/planes.js";
import { productAt, tableOfProducts } from "../../../coursekit/widgets/sliding_window/products.js";
import { compute } from "../../../coursekit/widgets/sliding_window/scene.js";
import * as js from "../../../coursekit/widgets/sliding_window/words.js";
import { modelsOf } from "./arrays.js";

const IMAGE = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]; // prettier-ignore
const KERNEL = [[0, 1], [2, 3]]; // prettier-ignore
const text = (parts) => parts.map((part) => part.text).join("");

function sceneOf(image, kernel, operation = "correlation", parameters = {}) {
  const computed = compute(...modelsOf({ image, kernel, operation, parameters }));
  return { ...computed, isTurned: operation === "convolution" };
}
const state = (changes) => ({ position: [0, 0], channel: 0, tap: null, isShown: true, ...changes });
const termsOf = (scene, { position, channel }) =>
  windowTerms(scene.image[channel], scene.sliding[channel], scene.place, position);

test("the products and their sum are written as in the lecture", () => {
  const scene = sceneOf(IMAGE, KERNEL);
  const written = js.writtenProducts(scene, termsOf(scene, state()));
  expect(text(js.productLine(scene, written, state()))).toBe("0×0 + 1×1 + 3×2 + 4×3 = 19");
  expect(text(js.productLine(scene, written, state({ isShown: false })))).toBe("0×0 + 1×1 + 3×2 + 4×3 = ?");
  const marked = js.productLine(scene, written, state({ tap: 2 })).filter(({ kind }) => kind?.includes("ck-marked"));
  expect(marked.map((part) => [part.text, part.tap])).toEqual([["3×2", 2]]);
});

test("the products of a convolution are those of the turned kernel", () => {
  const scene = sceneOf(IMAGE, KERNEL, "convolution");
  const written = js.writtenProducts(scene, termsOf(scene, state()));
  expect(text(js.productLine(scene, written, state()))).toBe("0×3 + 1×2 + 3×1 + 4×0 = 5");
});

test("with channels each has its line, and one line adds them up", () => {
  const scene = sceneOf([IMAGE, IMAGE.map((row) => row.map((value) => -value))], [KERNEL, [[1, 1], [1, 1]]]); // prettier-ignore
  const at = state({ channel: 1 });
  const partials = partialSums(scene.image, scene.sliding, scene.place, at.position);
  const written = js.writtenProducts(scene, termsOf(scene, at));
  expect(text(js.productLine(scene, written, at, partials[1]))).toBe(
    "channel 1: 0×1 + (−1)×1 + (−3)×1 + (−4)×1 = −8",
  );
  expect(text(js.channelLine(scene, partials, written.isExact, at))).toBe("sum over 2 channels: 19 + (−8) = 11");
  const asked = state({ channel: 1, isShown: false });
  expect(text(js.channelLine(scene, partials, written.isExact, asked))).toBe("sum over 2 channels: ? + ? = ?");
  expect(text(js.productLine(scene, written, asked, partials[1]))).toMatch(/= \?$/);
});

test("a rounded sum says that it is one", () => {
  const scene = sceneOf([[0.123456]], [[0.5]]);
  const written = js.writtenProducts(scene, termsOf(scene, state()));
  expect(text(js.productLine(scene, written, state()))).toBe("0.12×0.5 ≈ 0.062");
});

test("shapes and places are written in the order of the conventions", () => {
  expect(js.writtenShape([5, 4], 3, "first")).toBe("3 × 5 × 4");
  expect(js.writtenShape([5, 4], 3, "last")).toBe("5 × 4 × 3");
  expect(js.writtenShape([5, 4], 0, "last")).toBe("5 × 4");
  expect(js.writtenPlace([1, 0], 0, 3, "first")).toBe("[0, 1, 0]");
  expect(js.writtenPlace([1, 0], 2, 3, "last")).toBe("[1, 0, 2]");
  expect(js.writtenPlace([1, 0], 0, 0, "last")).toBe("[1, 0]");
});

test("the size is derived, and what is not read or lies beyond the edge is said", () => {
  const note = (parameters, over) => js.sizeNote(geometry([5, 5], [2, 2], parameters), over ?? [0, 0]);
  expect(note({})).toBe("Output rows and columns ⌊(5 + 2·0 − 2) / 1⌋ + 1 = 4.");
  expect(note({ stride: 2 })).toMatch(/ No window reads 1 row and 1 column\.$/);
  expect(note({ stride: [1, 2] })).toMatch(/^Output rows .* = 4, columns .* = 2\. No window reads 1 column\.$/);
  expect(note({ stride: 2, rounding: "ceil" }, [1, 1])).toMatch(
    / The last window hangs 1 row and 1 column over the edge: there it reads zeros\.$/,
  );
});

test("a product names the cells it comes from, also of a turned kernel", () => {
  const plain = sceneOf(IMAGE, KERNEL);
  expect(js.describeProduct(plain, termsOf(plain, state())[2], 0, "first")).toBe(
    "input[1, 0] × kernel[1, 0]: 3 × 2 gives 6.",
  );
  const turned = sceneOf(IMAGE, KERNEL, "convolution");
  expect(js.describeProduct(turned, termsOf(turned, state())[2], 0, "first")).toBe(
    "input[1, 0] × kernel[0, 1], turned to [1, 0]: 3 × 1 gives 3.",
  );
  const padded = sceneOf(IMAGE, KERNEL, "correlation", { padding: 1 });
  expect(js.describeProduct(padded, termsOf(padded, state())[0], 0, "first")).toMatch(/^a zero outside the input/);
});

test("what is hidden is not said", () => {
  const scene = sceneOf(IMAGE, KERNEL);
  const said = (changes) => js.describePosition(scene, termsOf(scene, state()), state(changes));
  expect(said({})).toBe("Output[0, 0] is 19. The window covers input rows 0 to 1, columns 0 to 1.");
  expect(said({ isShown: false })).toMatch(/^Output\[0, 0\] is not computed yet\./);
  expect(said({ isShown: false, isAsking: true })).toMatch(/^Output\[0, 0\] is yours to find\./);
});

test("hundreds of products stand in a table, and each letter leads to its product", () => {
  const texts = ["1×2", "10×2", "3×(−1)", "4×0", "5×5", "6×1"];
  const table = tableOfProducts(texts, 3);
  expect(table.text).toBe("   1×2    10×2  3×(−1)\n   4×0     5×5     6×1");
  table.text.split("\n").forEach((line, row) => {
    [...line].forEach((letter, at) => {
      const found = productAt({ ...table, number: texts.length }, row, at);
      if (letter !== " ") expect(texts[found]).toContain(letter);
    });
  });
  expect(productAt({ ...table, number: 6 }, 0, 7)).toBe(null); // between two
  expect(productAt({ ...table, number: 6 }, 2, 0)).toBe(null);
  expect(productAt({ ...table, number: 6 }, 0, 24)).toBe(null);
});

test("a point of a grid is in a cell or in none", () => {
  expect(cellAt([5, 25], [5, 5], 20, [2, 3])).toEqual([0, 1]);
  expect(cellAt([44.9, 64.9], [5, 5], 20, [2, 3])).toEqual([1, 2]);
  expect(cellAt([4.9, 25], [5, 5], 20, [2, 3])).toBe(null);
  expect(cellAt([45, 25], [5, 5], 20, [2, 3])).toBe(null);
});
