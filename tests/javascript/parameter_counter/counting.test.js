// The browser's counts of a network against those of coursekit.shapes.
import { describe, expect, test } from "vitest";
import * as layers from "../../../coursekit/widgets/parameter_counter/layers.js";
import * as counting from "../../../coursekit/widgets/parameter_counter/counting.js";
import { axisNames, stagesOf } from "../../../coursekit/widgets/parameter_counter/network.js";
import { casesOf } from "../cases.js";

const { networks, impossible } = casesOf("parameter_counter");
const titled = (rows) =>
  rows.map((row) => [
    `${row.layers.map((layer) => layer.type).join(" ")} on ${row.input_shape.join("×")}`.slice(0, 90),
    row,
  ]);

describe.each(titled(networks))("%s", (_, { layers: described, input_shape, rows, totals }) => {
  const stages = stagesOf(described, input_shape);

  test("every layer has Python's name and shapes", () => {
    expect(stages.map((stage) => layers.layerName(stage.layer, stage.axes))).toEqual(
      rows.map((row) => row.name),
    );
    expect(stages.map((stage) => stage.before)).toEqual(rows.map((row) => row.before));
    expect(stages.map((stage) => stage.behind)).toEqual(rows.map((row) => row.behind));
    expect(stages.map((stage) => stage.reason)).toEqual(rows.map(() => ""));
  });

  test.each(counting.MEASURES)("every layer has Python's %s, and the step that leads there", (measure) => {
    const terms = stages.map((stage) => counting.termOf(stage, measure));
    expect(terms.map(({ text, value }) => [text, String(value)])).toEqual(
      rows.map((row) => row.terms[measure]),
    );
    expect(String(counting.totalOf(stages, measure))).toBe(totals[measure]);
  });

  test("a formula with the values of its letters gives the count", () => {
    for (const stage of stages) {
      for (const measure of counting.MEASURES) {
        const { formula, value } = counting.termOf(stage, measure);
        if (formula === "0") expect(value).toBe(0n);
        else
          expect([formula, evaluate(formula, counting.lettersOf(stage, measure))]).toEqual([formula, value]);
      }
    }
  });

  test("a convolution is compared with the dense layer of the same map, other layers with none", () => {
    for (const measure of counting.MEASURES) {
      const dense = stages.map((stage) => counting.denseOf(stage, measure)?.value.toString());
      expect(dense).toEqual(rows.map((row) => row.dense?.[measure]));
    }
  });
});

/** The value of "F × (C × K + 1)", with letters [name, meaning, value]. */
function evaluate(formula, letters) {
  const values = new Map(letters.map(([name, , value]) => [name, BigInt(value)]));
  const names = formula.match(/[A-Za-z]\w*/g).filter((name) => !values.has(name));
  expect(names).toEqual([]);
  const code = formula
    .replaceAll("×", "*")
    .replace(/[A-Za-z]\w*/g, (name) => `${values.get(name)}n`)
    .replace(/\b1\b(?!n)/g, "1n");
  return Function(`return ${code}`)();
}

const REASONS = {
  fit: /^the window spans (\d+) [a-z ]+, but the input has only (\d+)/,
  groups: /^2 groups cannot share 3 channels equally$/,
  flatten: /^it needs a row of numbers, but its input is 3 × 2 × 2: put Flatten before it$/,
  map: /^it needs channels with rows and columns, but its input is a row of \d+ numbers$/,
  axes: /^its window is given for another number of axes; this input has \d$/,
};

test.each(titled(impossible))(
  "%s: the layer that Python refuses is impossible, with the reason, and all behind it stay without a shape",
  (_, { layers: described, input_shape, kind, index, message, shapes }) => {
    const stages = stagesOf(described, input_shape);
    expect(stages.findIndex((stage) => stage.reason)).toBe(index);
    expect(stages.slice(0, index).map((stage) => stage.behind)).toEqual(shapes);
    expect(stages.slice(index).map((stage) => stage.behind)).toEqual(described.slice(index).map(() => null));
    expect(stages.slice(index + 1).every((stage) => stage.reason === "")).toBe(true);
    expect(stages[index].reason).toMatch(REASONS[kind]);
    for (const number of stages[index].reason.match(REASONS[kind]).slice(1))
      expect(message).toContain(` = ${number}`);
    for (const measure of counting.MEASURES) {
      expect(counting.termOf(stages[index], measure)).toBeNull();
      expect(counting.denseOf(stages[index], measure)).toBeNull();
    }
  },
);

test("layers behind an impossible one are still named, as if they had the input's axes", () => {
  const described = [layers.newLayer("Dense"), layers.newLayer("Convolution")];
  const [, behind] = stagesOf(described, [3, 8, 8]);
  expect(layers.layerName(behind.layer, behind.axes)).toBe("Convolution 8 @ 3×3, padding 1");
});

test.each(Object.keys(layers.NEW_LAYERS))("a new %s has a name", (type) => {
  expect(layers.layerName(layers.newLayer(type), 2)).toMatch(/^[A-Z]/);
});

test("groups are those that divide kernels and channels", () => {
  expect(layers.possibleGroups(12, 8)).toEqual([1, 2, 4]);
  expect(layers.possibleGroups(5, 3)).toEqual([1]);
});

test("a new number of kernels leaves only groups that divide it", () => {
  const layer = { ...layers.newLayer("Convolution"), kernels: 8, groups: 8 };
  expect(layers.changedLayer(layer, { kernels: 12 }).groups).toBe(4);
  expect(layers.changedLayer(layer, { kernels: 7 }).groups).toBe(1);
  expect(layers.changedLayer(layer, { stride: 2 })).toEqual({ ...layer, stride: 2 });
});

test("a layer is moved up, down, and to either end", () => {
  const moved = (from, to) => layers.movedLayers(["a", "b", "c"], from, to).join("");
  expect([moved(0, 1), moved(2, 0), moved(1, 1), moved(0, 2)]).toEqual(["bac", "cab", "abc", "bca"]);
});

test("axes have words", () => {
  expect([1, 2, 3, 4].map((axes) => axisNames(axes).at(-1))).toEqual([
    "samples",
    "columns",
    "columns",
    "places on axis 3",
  ]);
});
