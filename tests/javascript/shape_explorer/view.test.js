// What the shape explorer's view decides without a page: the plot, the question, what is written to the model.
import { expect, test } from "vitest";
import { gridLayout, placeInGrids, runsOf } from "../../../coursekit/widgets/shape_explorer/grids.js";
import { frameOf, positionNear } from "../../../coursekit/widgets/shape_explorer/frames.js";
import { isToGuess, newQuestion, windowInWords } from "../../../coursekit/widgets/shape_explorer/panels.js";
import * as plot from "../../../coursekit/widgets/shape_explorer/plot.js";
import { placeOf, rowLayout } from "../../../coursekit/widgets/shape_explorer/row.js";
import { buildShapeScene, operationOf } from "../../../coursekit/widgets/shape_explorer/scene.js";
import { onAxis, problemWith, sizeOf } from "../../../coursekit/widgets/shape_explorer/sizes.js";

const given = (changes) => ({
  ...{ size: 7, kernel: 3, stride: 1, padding: [0, 0], dilation: 1, rounding: "floor", outputPadding: 0 },
  ...changes,
});

test("the curve has the size of each input, and 0 where there is none", () => {
  expect(plot.curveOf(given({ stride: 2 }), 8)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect(plot.curveOf(given({ stride: 2, transposed: true }), 3)).toEqual([3, 5, 7]);
});

test("a plateau has the inputs that lead to the same output", () => {
  expect(plot.plateauOf(given({ stride: 3, size: 7 }))).toEqual([6, 8]);
  expect(plot.plateauOf(given({ stride: 3, rounding: "ceil", size: 7 }))).toEqual([7, 9]);
  expect(plot.plateauInWords(given({ stride: 3 }))).toBe("Inputs 6 to 8 all give 2.");
  expect(plot.plateauInWords(given({ stride: 2 }))).toBe("Inputs 7 and 8 both give 3.");
  expect(plot.plateauInWords(given({}))).toBe("Only an input of 7 gives 5.");
  expect(plot.plateauInWords(given({ kernel: 9 }))).toBe("");
  expect(plot.plateauInWords(given({ transposed: true, stride: 2 }))).toBe(
    "Each pixel more adds 2 to the output.",
  );
});

test("a point of the plot is an input size, and never one outside", () => {
  const layout = plot.plotLayout(given({}), 344, 150);
  expect(layout.most).toBe(12);
  const middles = [1, 7, 12].map((size) => 34 + (size - 0.5) * layout.across);
  expect(middles.map((x) => plot.sizeUnder(layout, [80, x]))).toEqual([1, 7, 12]);
  expect([-50, 900].map((x) => plot.sizeUnder(layout, [80, x]))).toEqual([1, 12]);
  expect(plot.plotLayout(given({ size: 9 }), 344, 150, 12).most).toBe(12);
});

test("the plot leaves room for the longest number of its vertical axis", () => {
  expect(plot.plotLayout(given({}), 344, 150).left).toBe(34);
  const { left, highest } = plot.plotLayout(given({ transposed: true, stride: 100 }), 344, 150);
  expect(highest).toBe(1103);
  expect(left).toBe(46);
});

test("a change on one axis leaves the other, and equal axes become one value, as Python writes them", () => {
  expect(onAxis("size", 7, null, 8)).toBe(8);
  expect(onAxis("size", 7, 0, 8)).toEqual([8, 7]);
  expect(onAxis("size", [8, 7], 1, 8)).toBe(8);
  expect(onAxis("size", [8, 7], null, 3)).toBe(3);
  expect(onAxis("padding", 1, null, [2, 2])).toBe(2);
  expect(onAxis("padding", 1, null, [2, 1])).toEqual([
    [2, 1],
    [2, 1],
  ]);
  expect(onAxis("padding", 1, 0, "same")).toEqual(["same", [1, 1]]);
  expect(onAxis("padding", ["same", [1, 1]], 1, "same")).toBe("same");
  expect(onAxis("padding", "same", 1, 3)).toEqual(["same", [3, 3]]);
});

test("padding 'same' follows a change of the kernel, and ends with a change of the padding", () => {
  const same = given({ isSame: true, padding: [1, 1] });
  expect(problemWith(same, { kernel: 6 })).toMatchObject({ padding: [3, 2], isSame: true });
  expect(problemWith(same, { padding: [4, 4] })).toMatchObject({ padding: [4, 4], isSame: false });
  expect(problemWith(given({}), { kernel: 9 }).padding).toEqual([0, 0]);
});

test("a window that was found is written in one line", () => {
  const found = { kernel: 3, stride: 2, padding: 1, dilation: 1, unread: 0 };
  expect(windowInWords(found)).toBe("kernel 3, stride 2, padding 1");
  expect(windowInWords({ ...found, dilation: 2, unread: 3 })).toBe(
    "kernel 3, stride 2, padding 1, dilation 2 (3 never read)",
  );
  expect(windowInWords({ ...found, outputPadding: 1 })).toBe(
    "kernel 3, stride 2, padding 1, output padding 1",
  );
});

test("a size is to be guessed until it is right, but an impossible one never", () => {
  const ask = (changes, guess, predicting = true) => isToGuess(given(changes), { predicting, guess });
  expect([null, 4, 5].map((guess) => ask({}, guess))).toEqual([true, true, false]);
  expect(ask({}, null, false)).toBe(false);
  expect(ask({ kernel: 9 }, null)).toBe(false);
});

test.each([false, true])(
  "every new question is possible and has a small answer (transposed %s)",
  (transposed) => {
    let seed = 1;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let round = 0; round < 200; round++) {
      const asked = newQuestion(given({ transposed }), random);
      const { value, reason } = sizeOf(asked);
      expect(reason).toBe("");
      expect(value).toBeGreaterThan(1);
      expect(value).toBeLessThan(14);
    }
  },
);

test("more padding moves no cell of the row", () => {
  const layouts = [0, 1, 2, 3].map((zeros) => rowLayout(frameOf(given({ padding: [zeros, zeros] })), 840));
  for (const { left, cell } of layouts) expect([left, cell]).toEqual([layouts[0].left, layouts[0].cell]);
});

test.each([3, 60, 500])("a place of a row of %i is found again under the pointer", (size) => {
  const frame = frameOf(given({ size, stride: 2 }));
  const layout = rowLayout(frame, 840);
  for (const position of [0, Math.floor(frame.count / 2), frame.count - 1]) {
    const x = layout.left + (frame.first + position * frame.stride + frame.span / 2) * layout.cell;
    expect(positionNear(frame, placeOf(layout, [0, x]))).toBe(position);
  }
  const right = layout.left + frame.to * layout.cell;
  expect(layout.left + frame.from * layout.cell).toBeGreaterThanOrEqual(0);
  expect(right).toBeLessThanOrEqual(840);
});

test("a point of the grids is a place of the input or of the output", () => {
  const frames = [given({ stride: 2 }), given({ size: 5 })].map(frameOf);
  const layout = gridLayout(frames, 840);
  const at = ([top, left], row, column) => [
    top + (row + 0.5) * layout.cell,
    left + (column + 0.5) * layout.cell,
  ];
  expect(placeInGrids(layout, at(layout.input, 2, 4))).toEqual({ isOutput: false, place: [2.5, 4.5] });
  expect(placeInGrids(layout, at(layout.output, 1, 2))).toEqual({ isOutput: true, place: [1.5, 2.5] });
  expect(layout.output[1] + frames[1].count * layout.cell).toBeLessThanOrEqual(840);
});

test("neighbours are hatched as one", () => {
  expect(runsOf([3, 4, 5, 8, 10, 11])).toEqual([
    [3, 3],
    [8, 1],
    [10, 2],
  ]);
  expect(runsOf([])).toEqual([]);
});

test("the calls have the parameters of every axis, and are left out where libraries have none", () => {
  const rows = given({ size: 9, stride: 2, padding: [1, 1] });
  expect(operationOf([rows, given({ kernel: 2 })])).toMatchObject({
    ...{
      kind: "correlate",
      axes: 2,
      input: [9, 7],
      taps: [3, 2],
      stride: [2, 1],
      padding: [1, 0],
      dilation: [1, 1],
    },
  });
  expect(operationOf([given({ isSame: true, kernel: 4, padding: [2, 1] })])).toMatchObject({ mode: "same" });
  const hanging = given({ size: 8, isSame: true, kernel: 4, padding: [2, 1], stride: 2, rounding: "ceil" });
  expect(operationOf([hanging])).toBe(null);
  expect(operationOf([given({ padding: [2, 1] })])).toBe(null);
  expect(operationOf([given({ kernel: 9 })])).toBe(null);
  const transposed = given({ transposed: true, stride: 2, outputPadding: 1 });
  expect(operationOf([transposed])).toMatchObject({ kind: "transposed", output_padding: [1], padding: [0] });
});

test("a scene says what is shown, hidden, impossible or too long", () => {
  const build = (problems, options) =>
    buildShapeScene(problems, { axes: 1, width: 840, predicting: false, guess: null, ...options });
  const both = [given({}), given({ size: 5 })];
  expect(build(both)).toMatchObject({ values: [3], isHidden: false, isImpossible: false, isTooLong: false });
  expect(build(both).frames[0]).toBe(null);
  expect(build(both, { axes: 2 })).toMatchObject({ values: [5, 3] });
  expect(build(both, { predicting: true, guess: 2 }).isHidden).toBe(true);
  expect(build([given({}), given({ kernel: 9 })], { predicting: true })).toMatchObject({
    isImpossible: true,
    isHidden: false,
  });
  const long = build([given({}), given({ size: 1800 })]);
  expect(long.isTooLong).toBe(true);
  expect(long.layout).toBe(undefined);
});
