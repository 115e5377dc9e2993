import { describe, expect, test } from "vitest";
import { asMaps, poolGeometry } from "../../../coursekit/widgets/pooling_explorer/pooling.js";
import * as js from "../../../coursekit/widgets/pooling_explorer/predictions.js";

/** One channel of pixels and the place of its windows. */
function setting(rows, parameters) {
  const maps = asMaps({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });
  return [
    maps,
    poolGeometry(maps.shape, { mode: "max", size: 2, padding: 0, rounding: "floor", ...parameters }),
  ];
}

const outputOf = (rows, parameters, position, text) =>
  js.judgeOutput(...setting(rows, parameters), 0, position, js.readAnswer(text));

function gradientOf(rows, parameters, { sent, ties = "first", pixel, text }) {
  return js.judgeGradient(...setting(rows, parameters), 0, sent, ties, pixel, js.readAnswer(text));
}

test.each([
  ["3", 3, 0],
  [" −0,25 ", -0.25, 2],
  ["1/4", 0.25, 9],
  ["-1.50", -1.5, 2],
])("an answer may be written as %s", (text, value, decimals) => {
  expect(js.readAnswer(text)).toEqual({ value, decimals });
});

test.each(["", "x", "1/", "1/2/3", "one"])("%j is no answer", (text) => {
  expect(js.readAnswer(text).value).toBeNaN();
});

test("two decimals are enough, one is not", () => {
  expect(js.isRight(js.readAnswer("0.33"), 1 / 3)).toBe(true);
  expect(js.isRight(js.readAnswer("1/3"), 1 / 3)).toBe(true);
  expect(js.isRight(js.readAnswer("0.3"), 1 / 3)).toBe(false);
  expect(js.isRight(js.readAnswer("0.34"), 1 / 3)).toBe(false);
});

describe("the output of max pooling", () => {
  const image = [
    [-3, 2, 0],
    [9, 4, 1],
  ];
  test.each([
    ["9", "Right."],
    ["3", "mean"],
    ["12", "sum"],
    ["−3", "smallest"],
    ["2", "place"],
    ["7", "Not this number."],
  ])("%s is answered with %s", (text, words) => {
    const judged = outputOf(image, {}, [0, 0], text);
    expect(judged.words).toContain(words);
    expect(judged.isRight).toBe(text === "9");
  });

  test("padding that wins and a lost sign are recognised", () => {
    const negative = [
      [-2, -5],
      [-3, -4],
    ];
    expect(outputOf(negative, { padding: 1 }, [0, 0], "0").words).toContain("padding does not win");
    expect(outputOf(negative, {}, [0, 0], "-5").words).toContain("largest in size");
    expect(outputOf(negative, {}, [0, 0], "2").words).toContain("sign");
    expect(outputOf(negative, { padding: 1 }, [0, 0], "−2").isRight).toBe(true);
  });
});

describe("the output of average pooling", () => {
  const image = [
    [8, 4],
    [0, 8],
  ];
  test("a mean, its sum and its maximum are told apart", () => {
    expect(outputOf(image, { mode: "average" }, [0, 0], "5")).toMatchObject({ isRight: true, wanted: 5 });
    expect(outputOf(image, { mode: "average" }, [0, 0], "20").words).toContain(
      "Divide it by the number of pixels",
    );
    expect(outputOf(image, { mode: "average" }, [0, 0], "8").words).toContain("This is the maximum");
  });

  test.each([
    [true, "2", "8", "count here, as zeros"],
    [false, "8", "2", "do not count here"],
  ])("whether padding counts (%s) is recognised", (countPadding, right, wrong, words) => {
    const parameters = { mode: "average", padding: 1, countPadding };
    expect(outputOf(image, parameters, [0, 0], right).isRight).toBe(true);
    expect(outputOf(image, parameters, [0, 0], wrong).words).toContain(words);
  });
});

describe("the gradient of max pooling", () => {
  const image = [
    [0, 1, 0],
    [0, 9, 2],
    [3, 0, 2],
  ];
  const overlapping = { stride: 1 };
  const sent = [0.5, 1, 2, 4];

  test.each([
    ["7.5", "Right."],
    ["4", "overwrote"],
    ["0.5", "only the first"],
    ["1.875", "not averaged"],
    ["0", "does get a gradient"],
    ["9", "pixel's value"],
    ["−7.5", "sign"],
  ])("where windows overlap, %s is answered with %s", (text, words) => {
    expect(gradientOf(image, overlapping, { sent, pixel: 4, text }).words).toContain(words);
  });

  test("a pixel that loses gets nothing, whoever reads it", () => {
    expect(gradientOf(image, overlapping, { sent, pixel: 1, text: "0" }).isRight).toBe(true);
    expect(gradientOf(image, overlapping, { sent, pixel: 1, text: "1.5" }).words).toContain(
      "only to its maximum",
    );
    expect(gradientOf(image, overlapping, { sent, pixel: 1, text: "0.375" }).words).toContain(
      "average pooling",
    );
  });

  test("the other convention of ties, and a divided tie, are recognised", () => {
    const even = [
      [5, 1],
      [5, 0],
    ];
    const ask = (ties, pixel, text) => gradientOf(even, {}, { sent: [3], ties, pixel, text });
    expect(ask("first", 0, "3").isRight).toBe(true);
    expect(ask("first", 2, "0").isRight).toBe(true);
    expect(ask("first", 2, "3").words).toContain("only the first in row order");
    expect(ask("first", 0, "1.5").words).toContain("not divided");
    expect(ask("all", 2, "3").isRight).toBe(true);
    expect(ask("all", 2, "1.5").words).toContain("not divided");
  });
});

test("the gradient of an average is a share, added where windows overlap", () => {
  const image = [[1, 2, 3]];
  const parameters = { mode: "average", size: [1, 2], stride: 1 };
  const ask = (pixel, text) => gradientOf(image, parameters, { sent: [1, 2], pixel, text });
  expect(ask(1, "1.5").isRight).toBe(true);
  expect(ask(1, "1").words).toContain("overwrote");
  expect(ask(0, "1").words).toContain("only its share");
  expect(ask(0, "2").words).toContain("not multiplied");
});
