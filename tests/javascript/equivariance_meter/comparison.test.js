import { describe, expect, test } from "vitest";
import * as comparison from "../../../coursekit/widgets/equivariance_meter/comparison.js";
import * as js from "../../../coursekit/widgets/equivariance_meter/mapping.js";
import { casesOf } from "../cases.js";

const cases = casesOf("equivariance_meter");
const arrayOf = (rows) => ({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });
const closeTo = (rows) => rows.flat().map((value) => (value === null ? NaN : expect.closeTo(value, 7)));

function settingsOf(row) {
  return {
    kernel: arrayOf(row.kernel),
    padding: row.padding,
    stride: row.stride,
    pooling: row.pooling,
    poolSize: row.pool_size,
    poolStride: row.pool_stride,
    globalAverage: row.global_average,
    isFlipped: row.is_flipped,
    rounding: row.rounding,
  };
}

/** Everything that is computed for a case. */
function computed(row) {
  const [image, settings] = [arrayOf(row.image), settingsOf(row)];
  const place = js.mapGeometry(image.shape, settings);
  const output = js.applyMapping(image, place, settings);
  const found = comparison.compareShift(image, output, place, settings, row.entering, row.shift);
  return { image, settings, place, output, found };
}

const named = cases.compare.map((row) => {
  const { padding, entering, stride, pooling, global_average: mean, shift, rounding } = row;
  const words = [
    padding,
    "enters",
    entering,
    "stride",
    stride,
    pooling,
    rounding,
    mean ? "mean" : "",
    "by",
    shift,
  ];
  return [`${arrayOf(row.image).shape}: ${words.join(" ")}`, row];
});

describe.each(named)("f of %s", (_, row) => {
  const { output, found } = computed(row);

  test("is the reference's, before and after the shift", () => {
    expect([...found.moved.data]).toEqual(row.moved.flat());
    expect([...output.data]).toEqual(closeTo(row.output));
    expect([...found.direct.data]).toEqual(closeTo(row.direct));
  });

  test("is shifted as NumPy shifts it, and NaN where nothing is known", () => {
    expect([...found.shiftedOutput.data]).toEqual(closeTo(row.shifted_output));
  });

  test("differs where the reference's outputs differ, near the border or inside", () => {
    const [direct, moved] = [row.direct.flat(), row.shifted_output.flat()];
    const differs = direct.map((value, at) => moved[at] !== null && Math.abs(value - moved[at]) > 1e-8);
    expect([...found.differs].map(Boolean)).toEqual(differs);
    expect(found.compared).toBe(moved.filter((value) => value !== null).length);
    expect(found.differing).toBe(differs.filter(Boolean).length);
    const sizes = direct.map((value, at) => (moved[at] === null ? 0 : Math.abs(value - moved[at])));
    expect(found.largest).toBeCloseTo(Math.max(...sizes), 7);
    if (row.global_average) return;
    const near = row.near.flat();
    near.forEach((isNear, at) => {
      if (moved[at] !== null) expect([at, found.near[at]]).toEqual([at, isNear]);
    });
    expect(found.atBorder).toBe(differs.filter((differ, at) => differ && near[at]).length);
    expect(found.inside + found.atBorder).toBe(found.differing);
  });
});

test.each(cases.circular)("circular borders give the circular convolution", (row) => {
  const settings = {
    ...settingsOf({ ...cases.compare[0], kernel: row.kernel }),
    padding: "wrap",
    isFlipped: true,
  };
  const image = arrayOf(row.image);
  const place = js.mapGeometry(image.shape, { ...settings, pooling: "none", stride: 1 });
  expect([...js.applyMaps(image, place, settings).data]).toEqual(row.output.flat());
});

test.each(cases.shifts)("a shift by %i pixels at a step of %i is %i outputs", (pixels, step, outputs) => {
  expect(comparison.outputShift(pixels, step)).toBe(outputs);
});

test("the curve has for each shift what that shift alone gives", () => {
  const { image, settings, place, output } = computed(
    cases.compare.find(({ padding }) => padding === "zeros"),
  );
  for (const axis of [0, 1]) {
    const curve = comparison.compareAlong(image, output, place, settings, "wrap", [2, 1], axis);
    expect(curve.map(({ pixels }) => pixels)).toEqual(Array.from({ length: 17 }, (_, at) => at - 8));
    for (const { pixels, largest } of curve) {
      const shift = axis ? [2, pixels] : [pixels, 1];
      const one = comparison.compareShift(image, output, place, settings, "wrap", shift);
      expect(largest).toBe(one.largest);
    }
  }
});

describe("what the demo tells holds for every image", () => {
  const letter = arrayOf(cases.letter);
  const base = {
    ...settingsOf(cases.compare[0]),
    kernel: arrayOf(cases.kernels[0][1]),
    padding: "wrap",
    stride: 1,
    pooling: "none",
    globalAverage: false,
  };
  const differing = (changes, shift, entering = "wrap") => {
    const settings = { ...base, ...changes };
    const place = js.mapGeometry(letter.shape, settings);
    const output = js.applyMapping(letter, place, settings);
    return comparison.compareShift(letter, output, place, settings, entering, shift);
  };
  const all = Array.from({ length: 17 }, (_, at) => at - 8);

  test("circular borders are equivariant for every shift", () => {
    for (const down of all) for (const right of all) expect(differing({}, [down, right]).differing).toBe(0);
  });

  test.each(["zeros", "reflect"])("borders of %s break it, and only near the border", (padding) => {
    const found = differing({ padding }, [0, 1]);
    expect(found.differing).toBeGreaterThan(0);
    expect(found.inside).toBe(0);
  });

  test("without padding it holds wherever both are defined, whatever comes in", () => {
    for (const entering of ["wrap", "zeros"]) {
      const found = differing({ padding: "valid" }, [0, 1], entering);
      expect([found.differing, found.compared]).toEqual([0, 30]);
    }
  });

  test.each([{ stride: 2 }, { pooling: "max" }, { pooling: "average" }])(
    "%o holds for even shifts only",
    (changes) => {
      for (const right of all) expect(differing(changes, [0, right]).differing > 0).toBe(right % 2 !== 0);
    },
  );

  test("a global average after circular borders is invariant, after zeros it is not", () => {
    const changes = { globalAverage: true, kernel: arrayOf(cases.kernels[1][1]) };
    for (const right of all) expect(differing(changes, [1, right]).differing).toBe(0);
    expect(differing({ ...changes, padding: "zeros" }, [0, 1]).differing).toBe(1);
  });
});

test("a window that does not fit has a reason", () => {
  const settings = { ...settingsOf(cases.compare[0]), padding: "valid" };
  expect(js.mapGeometry([2, 8], settings).reason).toBe("the kernel has more rows than the image: 2");
  expect(js.mapGeometry([4, 4], { ...settings, pooling: "max", poolSize: 3 }).reason).toBe(
    "the pooling window has 3 rows, but the convolution gives only 2",
  );
});
