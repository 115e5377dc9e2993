// The growth of receptive fields, and the cones of neurons, against the answers of Python.
import { describe, expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/receptive_field/growth.js";
import { judge, mistakenSizes } from "../../../coursekit/widgets/receptive_field/mistakes.js";
import { casesOf } from "../cases.js";

const { growth, cones, mistakes } = casesOf("receptive_field");
const words = ({ kind, kernel_size, stride, padding, dilation }) =>
  `${kind[0]}${kernel_size}s${stride}p${padding}d${dilation}`;
const title = ({ layers }) => layers.map(words).join(" ");

describe.each(growth.map((row) => [title(row), row]))("%s", (_, { layers, stages, centre, seen, rows }) => {
  const found = js.growthOf(layers);

  test("sizes, jumps, starts and every step are those of coursekit.receptive_field", () => {
    expect(found.slice(1)).toEqual(stages);
    expect(found[0]).toEqual({ size: 1, jump: 1, start: 0, lines: null });
    expect(js.centreOf(found.at(-1), 0)).toBe(centre);
    expect([0, 1, 5].map((index) => js.seenBy(found.at(-1), index))).toEqual(seen);
  });

  test("the rows have as many neurons as coursekit.output_size says", () => {
    for (const { size, rounding, sizes } of rows) expect(js.rowSizes(layers, size, rounding)).toEqual(sizes);
  });
});

test.each(cones.map((row) => [`${title(row)}, neuron ${row.index} of layer ${row.layer}`, row]))(
  "the cones of %s are where gradients are not 0",
  (_, { layers, size, layer, index, below, above }) => {
    const sizes = js.rowSizes(layers, size, "floor");
    expect(js.coneBelow(layers, sizes, layer, index)).toEqual(below);
    expect(js.coneAbove(layers, sizes, layer, index)).toEqual(above);
  },
);

test("there are cases of cones with holes and of cones that hang over both edges", () => {
  const holes = ({ below: [input] }) => input.at(-1) - input[0] >= input.length;
  expect(cones.filter((row) => row.below[0].length && holes(row)).length).toBeGreaterThan(3);
  const overhangs = cones.filter((row) => {
    const [first, last] = js.seenBy(js.growthOf(row.layers.slice(0, row.layer)).at(-1), row.index);
    return first < 0 && last >= row.size;
  });
  expect(overhangs.length).toBeGreaterThan(3);
});

test("a neuron is found again from its own centre, and from beyond the ends the nearest one", () => {
  const stage = js.growthOf([{ kernel_size: 4, stride: 3, padding: [1, 2], dilation: 2 }])[1];
  for (let index = 0; index < 9; index++) {
    expect(js.nearestNeuron(stage, js.centreOf(stage, index), 9)).toBe(index);
  }
  expect([js.nearestNeuron(stage, -99, 9), js.nearestNeuron(stage, 999, 9)]).toEqual([0, 8]);
});

test("steps are set with true signs", () => {
  expect(js.typeset("-3 - 1 * 2 = -5")).toBe("−3 − 1 × 2 = −5");
});

test("a layer moves up or down, and not beyond the ends", () => {
  expect(js.moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(js.moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  const layers = ["a", "b"];
  expect([js.moved(layers, 1, 1), js.moved(layers, 0, -1)]).toEqual([layers, layers]);
});

describe.each(mistakes.map((row) => [title(row), row]))(
  "predicting %s",
  (_, { layers, size, mistakes: wrong }) => {
    test("each mistake gives the number that Python gives with one thing wrong", () => {
      expect(Object.fromEntries(mistakenSizes(layers).map((made) => [made.name, made.size]))).toEqual(wrong);
    });

    test("the right size is right, a mistake is named, and any other number is too small or too large", () => {
      expect(judge(size, layers)).toMatchObject({ right: true, line: js.growthOf(layers).at(-1).lines.size });
      for (const answer of new Set(Object.values(wrong))) {
        if (answer === size) continue;
        const told = judge(answer, layers);
        expect(told.right).toBe(false);
        expect(wrong[told.name]).toBe(answer);
      }
      expect(judge(0, layers).words).toMatch(/^Too small/);
      expect(judge(size ** 2 + 999_983, layers).words).toMatch(/^Too large/);
    });
  },
);
