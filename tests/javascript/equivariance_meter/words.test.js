import { describe, expect, test } from "vitest";
import { mapGeometry } from "../../../coursekit/widgets/equivariance_meter/mapping.js";
import { mapPlace, meterLayout } from "../../../coursekit/widgets/equivariance_meter/meter_panels.js";
import { shiftAt } from "../../../coursekit/widgets/equivariance_meter/meter_curve.js";
import * as settings from "../../../coursekit/widgets/equivariance_meter/meter_settings.js";
import * as words from "../../../coursekit/widgets/equivariance_meter/meter_words.js";
import { casesOf } from "../cases.js";

const cases = casesOf("equivariance_meter");
const kernel = settings.METER_KERNELS.edge;
const plain = {
  kernel,
  padding: "wrap",
  stride: 1,
  pooling: "none",
  poolSize: 2,
  poolStride: null,
  rounding: "floor",
};
const of = (changes = {}, size = [8, 8]) => {
  const all = { ...plain, ...changes };
  return [mapGeometry(size, all), all];
};
const found = (changes) => ({ compared: 64, differing: 0, largest: 0, atBorder: 0, inside: 0, ...changes });

test("the kernels are those of Python", () => {
  const rows = ({ shape, data }) =>
    Array.from({ length: shape[0] }, (_, row) => [...data.slice(row * shape[1], (row + 1) * shape[1])]);
  const here = Object.entries(settings.METER_KERNELS).map(([name, table]) => [name, rows(table)]);
  expect(here).toEqual(cases.kernels);
});

test.each([
  [[0, 0], "by nothing"],
  [[0, 1], "1 right"],
  [[-2, -3], "2 up and 3 left"],
  [[4, 0], "4 down"],
])("a shift by %o is %s", (shift, said) => {
  expect(words.shiftInWords(shift)).toBe(said);
});

describe("what to expect of f", () => {
  test.each([
    [{}, "wrap", "equivariant for every shift."],
    [{}, "zeros", /every shift, but the border breaks it: it comes round, the shift does not\.$/],
    [
      { padding: "zeros" },
      "wrap",
      /every shift inside; the border breaks it: zero padding does not move along\.$/,
    ],
    [{ padding: "reflect" }, "zeros", /the border breaks it: reflected pixels do not move along\.$/],
    [{ padding: "valid" }, "zeros", "equivariant for every shift, wherever both are defined."],
    [{ stride: 2 }, "wrap", "equivariant for even shifts only."],
    [{ stride: 3 }, "wrap", "equivariant for shifts by multiples of 3 only."],
    [{ pooling: "max" }, "wrap", "equivariant for even shifts only, roughly for the others."],
    [{ pooling: "max", poolStride: 1 }, "wrap", "equivariant for every shift."],
    [{ globalAverage: true }, "wrap", "invariant for every shift: the map moves, its mean stays."],
    [{ globalAverage: true, padding: "zeros" }, "wrap", /^invariant only roughly/],
  ])("%o with %s coming in", (changes, entering, said) => {
    const [place, all] = of(changes);
    expect(words.expectation(place, all, entering)).toMatch(said);
  });
});

test.each([
  [
    { stride: 2 },
    [0, 1],
    "A shift by 1 is half an output step with stride 2: no shift of the output can match. Compared with a shift by 0.",
  ],
  [
    { stride: 2 },
    [3, 2],
    "A shift by 3 is 1½ output steps with stride 2: no shift of the output can match. Compared with a shift by 1.",
  ],
  [
    { stride: 4 },
    [0, -6],
    "A shift by 6 is 1½ output steps with stride 4: no shift of the output can match. Compared with a shift by 1.",
  ],
  [
    { stride: 3 },
    [0, 5],
    "A shift by 5 is 1 2/3 output steps with stride 3: no shift of the output can match. Compared with a shift by 2.",
  ],
  [
    { pooling: "max" },
    [0, 1],
    "A shift by 1 is half an output step with steps of 2 pixels: no shift of the output can match. Compared with a shift by 0.",
  ],
  [{ stride: 2 }, [-2, 4], ""],
])("a shift of f with %o by %o is told as a part of an output step", (changes, shift, said) => {
  expect(words.fractionInWords(of(changes)[0], shift)).toBe(said);
});

describe("the result", () => {
  const mean = (value) => ({ data: [value] });
  const say = (changes, ...others) => words.resultInWords(found(changes), ...others);

  test("of maps names how many differ, by how much and where", () => {
    expect(say({}, null, {}).main).toBe("0 of 64 differ: equivariant here");
    const some = { differing: 11, largest: 4, atBorder: 8, inside: 3 };
    expect(say(some, null, {})).toEqual({
      main: "11 of 64 differ, the largest by 4",
      detail: "Of these, 8 lie near the border (dashed) and 3 inside (solid).",
    });
    expect(say(some, null, {}, true).detail).toBe("Of these, 8 lie near the border and 3 inside.");
    expect(say({ ...some, largest: 1 / 3 }, null, {}).main).toBe(
      "11 of 64 differ, the largest by about 0.33",
    );
    expect(say({ compared: 0 }, null, {}).main).toMatch(/^Nothing to compare/);
  });

  test("of a mean tells both where they differ, with the digits that tell them apart", () => {
    const average = { globalAverage: true };
    expect(say({ direct: mean(3.5) }, mean(3.5), average).main).toBe("The mean stays 3.5: invariant here");
    expect(say({ differing: 1, direct: mean(0.1404) }, mean(0.1401), average).main).toBe(
      "The mean changes from ≈ 0.14010 to ≈ 0.14040: not invariant here".replaceAll("≈ ", ""),
    );
    expect(say({ differing: 1, direct: mean(2 / 3) }, mean(1 / 3), average).main).toBe(
      "The mean changes from ≈ 0.33 to ≈ 0.67: not invariant here",
    );
  });

  test("is judged against the answer", () => {
    expect(words.judgeAnswer("yes", 0)).toBe("Right. ");
    expect(words.judgeAnswer("no", 3)).toBe("Right. ");
    expect(words.judgeAnswer("yes", 3)).toBe("Not so. ");
    expect(words.judgeAnswer("", 3)).toBe("");
  });
});

test("what is not compared is said with its reason", () => {
  const some = (left) => ({ difference: { data: { length: 64 } }, compared: 64 - left });
  expect(words.partnersInWords(some(0), ...of(), "wrap")).toBe("");
  expect(words.partnersInWords(some(8), ...of({ padding: "valid" }), "wrap")).toMatch(
    /what came in has no partner/,
  );
  expect(words.partnersInWords(some(8), ...of({ stride: 2 }, [7, 7]), "wrap")).toMatch(
    /2 does not divide the image/,
  );
});

describe("the controls", () => {
  const model = (state) => ({ get: (name) => state[name] });

  test("know which story the present state tells; pooling sizes count only where there is pooling", () => {
    settings.STORIES.forEach(({ state }, place) => expect(settings.presentStory(model(state))).toBe(place));
    const [circular, , , , pooled] = settings.STORIES.map(({ state }) => state);
    expect(settings.presentStory(model({ ...circular, pool_size: 3 }))).toBe(0);
    expect(settings.presentStory(model({ ...pooled, pool_size: 3 }))).toBe(-1);
  });

  test("mark what does not fit, with the reason", () => {
    const { padding, pool_size: size } = settings.offersOf(
      model({ entering: "wrap" }),
      { ...plain, padding: "zeros" },
      [2, 5],
    );
    const reasons = Object.fromEntries(padding.options.map(({ value, reason }) => [value, reason]));
    expect(reasons).toEqual({
      zeros: "",
      wrap: "",
      reflect: "",
      valid: "Impossible: the kernel has more rows than the image: 2.",
    });
    expect(size.isShown).toBe(false);
  });

  test("find the name of a kernel, and none for another", () => {
    const { METER_KERNELS: named, nameOf } = settings;
    expect(nameOf({ shape: [3, 3], data: Float64Array.from(named.sum.data) }, named)).toBe("sum");
    expect(nameOf({ shape: [1, 9], data: named.sum.data }, named)).toBe("");
  });
});

describe("the layout", () => {
  test.each([1264, 900, 464, 320])("keeps the maps of a row within %i pixels", (width) => {
    for (const size of [
      [8, 8],
      [64, 48],
      [1, 12],
    ]) {
      const { cell, inRow } = meterLayout(width, size);
      expect(inRow * (size[1] * cell + 10)).toBeLessThanOrEqual(width);
      expect(cell).toBeGreaterThan(0);
    }
  });

  test("puts a small output enlarged into the room of the image", () => {
    expect(mapPlace({ box: [224, 224] }, [4, 4])).toEqual({ cell: 56, top: 5, left: 5 });
    expect(mapPlace({ box: [224, 224] }, [4, 2])).toEqual({ cell: 56, top: 5, left: 61 });
  });

  test("finds the shift under a point of the chart", () => {
    expect([4, 200, 396].map((x) => shiftAt(400, 17, [50, x - 1]))).toEqual([-8, 0, 8]);
  });
});
