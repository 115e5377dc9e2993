import { expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/shared/grid.js";

const palette = {
  neutral: [255, 255, 255],
  blue: [33, 102, 172],
  orange: [217, 95, 2],
  black: [0, 0, 0],
  white: [255, 255, 255],
};

test.each([
  [[0, 1, 255], 0],
  [[0.5, 1], 1],
  [[0.25, -1], 2],
  [[1 / 3, 2 / 3], 2],
  [[1 / 3, 20], 1],
  [[1234.5, 0], 0],
  [[0.012, 0.03], 3],
  [[0], 0],
])("%j is shown with %i decimals", (values, decimals) => {
  expect(js.decimalsFor(values)).toBe(decimals);
});

test.each([
  [-3, 0, "−3"],
  [-0.001, 2, "0.00"],
  [0.5, 1, "0.5"],
  [-2.5e7, 0, "−2.5e+7"],
])("%f with %i decimals is written %s", (value, decimals, text) => {
  expect(js.formatNumber(value, decimals)).toBe(text);
});

test("products are written pixel times weight, negative factors in parentheses", () => {
  const terms = [
    [3, 2],
    [-1, 2],
    [4, -3],
  ].map(([pixel, weight]) => ({ pixel, weight }));
  expect(js.writeTerms(terms, 0, 0).map((term) => term.text)).toEqual(["3×2", "(−1)×2", "4×(−3)"]);
});

test("a rounded factor is known as rounded, so that the sum is written with ≈", () => {
  const [rounded, exact] = js.writeTerms(
    [
      { pixel: 1 / 3, weight: 2 },
      { pixel: 0.25, weight: 2 },
    ],
    2,
    0,
  );
  expect([rounded.exact, exact.exact]).toEqual([false, true]);
});

test("a sum of up to twelve terms is written whole, a longer one with its start and end", () => {
  expect(js.shorten(12)).toEqual([...Array(12).keys()]);
  expect(js.shorten(13)).toEqual([0, 1, 2, 3, null, 11, 12]);
});

test("zero is neutral; negative values are blue, positive ones orange, the larger the stronger", () => {
  const { colour } = js.colourScale([-4, 0, 2], palette);
  expect(colour(0)).toEqual(palette.neutral);
  expect(colour(-4)).toEqual(palette.blue);
  expect(colour(2)[0]).toBeGreaterThan(colour(2)[2]); // more red than blue: orange
  expect(js.luminance(colour(-4))).toBeLessThan(js.luminance(colour(-1)));
});

test("a picture without negative values is grey from its least to its greatest value; with them it is not", () => {
  const grey = js.colourScale([2, 3, 4], palette, { picture: true }).colour;
  expect([grey(2), grey(3), grey(4)]).toEqual([
    [0, 0, 0],
    [128, 128, 128],
    [255, 255, 255],
  ]);
  expect(js.colourScale([-2, 4], palette, { picture: true }).signed).toBe(true);
});

test("an array of one value has a colour", () => {
  expect(js.colourScale([0, 0], palette).colour(0)).toEqual(palette.neutral);
  expect(js.colourScale([5, 5], palette, { picture: true }).colour(5)).toEqual([0, 0, 0]);
});

test("printed numbers keep a contrast of 4.5 on every colour of both themes", () => {
  const dark = { ...palette, neutral: [17, 17, 17], blue: [74, 144, 226], orange: [240, 138, 36] };
  const contrast = (a, b) => {
    const [low, high] = [js.luminance(a), js.luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  for (const colours of [palette, dark]) {
    const { colour } = js.colourScale([-1, 1], colours, { strength: 0.55 });
    for (let value = -1; value <= 1; value += 0.05) {
      const ground = colour(value);
      expect(contrast(js.readableOn(ground, [0, 0, 0], [255, 255, 255]), ground)).toBeGreaterThan(4.5);
    }
  }
});

test("colours are read as a canvas writes them", () => {
  expect(js.parseColour("#ff8000")).toEqual([255, 128, 0]);
  expect(js.parseColour("rgba(0, 10, 200, 0.87)")).toEqual([0, 10, 200]);
});

const small = { input: [5, 5], kernel: [2, 2], output: [4, 4] };
const photograph = { input: [132, 132], kernel: [3, 3], output: [130, 130] };

test("small arrays are printed as numbers, photographs drawn as pixels", () => {
  expect(js.layout(900, small)).toMatchObject({ mode: "numbers", stacked: false, cell: 56, kernelCell: 56 });
  expect(js.layout(900, photograph)).toMatchObject({ mode: "pixels", stacked: false });
  expect(js.layout(400, photograph)).toMatchObject({ mode: "pixels", stacked: true });
});

test.each([320, 500, 640, 900, 1400, 2500])("nothing is wider than a page of %i pixels", (width) => {
  for (const cells of [small, photograph, { input: [12, 14], kernel: [3, 5], output: [12, 12] }]) {
    const { stacked, cell, kernelCell } = js.layout(width, cells);
    const columns = [cells.input[1] * cell, cells.kernel[1] * kernelCell, cells.output[1] * cell];
    const widths = columns.map((part) => Math.max(130, part + 2 * js.MARGIN)); // a heading needs its room, too
    const total = stacked ? Math.max(...widths) : widths.reduce((sum, part) => sum + part, 112);
    expect(total).toBeLessThanOrEqual(width);
  }
});
