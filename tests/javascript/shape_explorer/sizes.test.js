// The browser's sizes, steps, reasons and inverse against the answers of coursekit.shapes.
import { describe, expect, test } from "vitest";
import {
  emptyPositions,
  frameOf,
  lossOf,
  pixelAt,
} from "../../../coursekit/widgets/shape_explorer/frames.js";
import { findTransposed, findWindows } from "../../../coursekit/widgets/shape_explorer/inverse.js";
import * as js from "../../../coursekit/widgets/shape_explorer/sizes.js";
import { judge, slipsOf } from "../../../coursekit/widgets/shape_explorer/slips.js";
import { casesOf } from "../cases.js";

const cases = casesOf("shape_explorer");
const rows = (steps) => steps.map(({ name, formula, text, value }) => [name, formula, text, value]);
const title = ({ problem }) => JSON.stringify(problem);

test("there are impossible cases, rounded ones and ones with the last window left out", () => {
  expect(cases.forward.filter(({ reason }) => reason).length).toBeGreaterThan(20);
  const names = new Set(cases.forward.flatMap(({ steps = [] }) => steps.map(([name]) => name)));
  for (const name of ["lost at the far end", "beyond the far end", "without the last one"])
    expect(names).toContain(name);
});

test.each(cases.forward.map((row) => [title(row), row]))(
  "sliding: %s",
  (_, { problem, value, steps, reason }) => {
    const found = js.sizeOf(problem);
    if (reason) {
      const [span, padded] = reason;
      expect(found.value).toBe(0);
      const cells = (number) => `${number} ${number === 1 ? "cell" : "cells"}`;
      const room = padded > problem.size ? `${padded} with its padding` : padded;
      expect(found.reason).toBe(`the window spans ${cells(span)}, but the input has only ${room}`);
      expect(found.steps.map((step) => step.value)).toEqual([span, padded]);
      return;
    }
    expect(found.reason).toBe("");
    expect(found.value).toBe(value);
    expect(rows(found.steps)).toEqual(steps);
  },
);

test.each(cases.transposed.map((row) => [title(row), row]))("transposed: %s", (_, row) => {
  const found = js.sizeOf(row.problem);
  if (row.error) {
    const start = row.error === "ShapeError" ? /^the padding cuts off/ : /^output padding must be smaller/;
    expect(found.reason).toMatch(start);
    expect(found.value).toBe(0);
    return;
  }
  expect(found.reason).toBe("");
  expect(found.value).toBe(row.value);
  expect(rows(found.steps)).toEqual(row.steps);
  expect(found.forward).toEqual(row.forward);
  expect(emptyPositions(frameOf(row.problem))).toEqual(row.empty);
});

test.each(cases.same)(
  "padding same of kernel $kernel, dilation $dilation",
  ({ kernel, dilation, padding, steps }) => {
    const found = js.samePadding({ kernel, dilation });
    expect(found.padding).toEqual(padding);
    expect(rows(found.steps)).toEqual(steps);
    const problem = { size: 9, kernel, dilation, stride: 1, padding: found.padding };
    expect(js.sizeOf(problem).value).toBe(9);
  },
);

test.each(cases.inverse)("from $size to $wanted by $rounding: $number windows", (row) => {
  const { found, reason } = findWindows(row.size, row.wanted, { rounding: row.rounding });
  const numbers = found.map(({ kernel, stride, padding, dilation, unread }) => [
    kernel,
    stride,
    padding,
    dilation,
    unread,
  ]);
  expect(found.length).toBe(row.number);
  expect(numbers.slice(0, 20)).toEqual(row.first);
  expect(numbers.slice(-1)).toEqual(row.last);
  expect(reason).toBe(row.reason);
});

test.each(cases.undoing)("transposed from $size to $wanted", ({ size, wanted, found }) => {
  const answers = findTransposed(size, wanted).found;
  const numbers = answers.map((row) => [
    row.kernel,
    row.stride,
    row.padding,
    row.dilation,
    row.outputPadding,
  ]);
  expect(numbers.slice(0, 30)).toEqual(found);
  for (const { padding, ...window } of answers) {
    const problem = { ...window, size, padding: [padding, padding], transposed: true };
    expect(js.sizeOf(problem).value).toBe(wanted);
  }
});

test.each(cases.unread.map((row) => [title(row), row]))("unread pixels: %s", (_, { problem, unread }) => {
  const frame = frameOf(problem);
  const { far, gaps } = lossOf(frame);
  const pixels = [...far.cells, ...gaps.cells]
    .map((cell) => pixelAt(frame, cell))
    .filter((pixel) => pixel >= 0);
  expect(pixels.sort((one, other) => one - other)).toEqual(unread);
  expect(far.pixels + gaps.pixels).toBe(unread.length);
  const lost = js.sizeOf(problem).steps.at(-1).value;
  if (far.cells.length) expect(far.cells.length).toBe(lost);
});

describe("wrong answers", () => {
  test.each(cases.slips.map((row) => [title(row), row]))("%s", (_, { problem, value, slips }) => {
    const found = Object.fromEntries(slipsOf(problem));
    for (const [name, number] of Object.entries(slips)) expect(found[name]).toBe(number);
    expect(judge(problem, value).isRight).toBe(true);
    for (const [, number] of slipsOf(problem)) {
      const { isRight, words } = judge(problem, number);
      expect(isRight).toBe(false);
      expect(words).toMatch(new RegExp(`^${number} is too (many|few)\\. [^.]+\\.`));
    }
  });

  test("each usual mistake is named", () => {
    const ask = (problem, guess) =>
      judge(
        { size: 8, kernel: 3, stride: 2, padding: [1, 1], dilation: 1, rounding: "floor", ...problem },
        guess,
      );
    expect(ask({}, 3).words).toContain("+ 1 is missing");
    expect(ask({}, 5).words).toContain("rounded up");
    expect(ask({ rounding: "ceil" }, 4).words).toContain("rounded down");
    expect(ask({ stride: 1 }, 7).words).toContain("+ 1 is missing");
    expect(ask({ size: 12, stride: 1, padding: [3, 3] }, 13).words).toContain("counts twice");
    expect(ask({ size: 12, dilation: 3, stride: 1, padding: [0, 0] }, 10).words).toContain(
      "dilation is missing",
    );
    expect(ask({}, 99).words).toBe("99 is too many. A first step: the kernel spans 3.");
  });

  test("a transposed window's mistakes are named, too", () => {
    const problem = {
      size: 4,
      kernel: 3,
      stride: 2,
      padding: [1, 1],
      dilation: 1,
      outputPadding: 1,
      transposed: true,
    };
    expect(js.sizeOf(problem).value).toBe(8);
    expect(judge(problem, 2).words).toContain("goes the other way");
    expect(judge(problem, 7).words).toContain("output padding is missing");
    expect(judge(problem, 10).words).toContain("n − 1 steps");
    expect(judge({ ...problem, outputPadding: 0, stride: 3 }, 12).words).toContain("n − 1 steps apart");
  });
});

test("rows and columns have their own parameters, and 'same' follows the kernel", () => {
  const state = {
    size: [7, 5],
    kernel: [3, 4],
    stride: 1,
    dilation: 1,
    padding: ["same", "same"],
    output_padding: 0,
  };
  expect(js.problemOf({ ...state, rounding: "floor" }, 0)).toMatchObject({
    size: 7,
    padding: [1, 1],
    isSame: true,
  });
  expect(js.problemOf(state, 1)).toMatchObject({ size: 5, kernel: 4, padding: [2, 1] });
  expect(
    js.problemOf(
      {
        ...state,
        padding: [
          [0, 2],
          [1, 1],
        ],
      },
      0,
    ).padding,
  ).toEqual([0, 2]);
  expect(js.problemOf({ ...state, padding: 3 }, 1).padding).toEqual([3, 3]);
  const names = js.derivationOf(js.problemOf(state, 1)).map(({ name }) => name);
  expect(names.slice(0, 5)).toEqual(["effective kernel", "zeros in all", "before", "after", "padded size"]);
  expect(new Set(names).size).toBe(names.length);
});
