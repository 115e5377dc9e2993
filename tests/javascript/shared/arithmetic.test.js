// The browser's arithmetic against the answers of the Python reference.
import { describe, expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/shared/arithmetic.js";
import { count } from "../../../coursekit/widgets/shared/arrays.js";
import { casesOf } from "../cases.js";

const { fitting, impossible, sizes } = casesOf("shared");

const matrix = (rows) => ({ shape: [rows.length, rows[0].length], data: Float64Array.from(rows.flat()) });
const title = ({ image, kernel, parameters }) =>
  `${matrix(image).shape} * ${matrix(kernel).shape} ${JSON.stringify(parameters)}`;

function closeTo(actual, expected) {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThan(2e-9));
}

describe.each(fitting.map((row) => [title(row), row]))(
  "%s",
  (_, { image, kernel, parameters, output, terms, pointers, never_read }) => {
    const [pixels, weights, answer] = [image, kernel, output].map(matrix);
    const place = js.geometry(pixels.shape, weights.shape, parameters);

    test("the output has the reference's shape and values", () => {
      expect(place.fits).toBe(true);
      expect(js.whyImpossible(place)).toBe("");
      expect(place.output).toEqual(answer.shape);
      closeTo([...js.correlate(pixels, weights, place)], [...answer.data]);
    });

    test("the terms at a position are the window's values, and sum to the output", () => {
      for (const { position, pixels: values, padded } of terms) {
        const found = js.windowTerms(pixels, weights, place, position);
        closeTo(
          found.map((term) => term.pixel),
          values,
        );
        expect(found.map((term) => term.padded)).toEqual(padded);
        expect(found.map((term) => term.weight)).toEqual([...weights.data]);
        const sum = found.reduce((total, term) => total + term.product, 0);
        closeTo([sum], [output[position[0]][position[1]]]);
      }
    });

    test("a point of the input leads to the window whose centre is nearest", () => {
      for (const { point, position } of pointers)
        expect(js.positionFromInput(point, place)).toEqual(position);
    });

    test("the written formula ends in the output's size", () => {
      for (const axis of [0, 1])
        expect(js.sizeFormula(place, axis)).toMatch(new RegExp(` = ${answer.shape[axis]}$`));
    });

    test("a pixel lies in an unread row or column exactly where no output depends on it", () => {
      const [rows, columns] = [0, 1].map((axis) => js.unreadLines(place, axis));
      const unread = [];
      for (let row = 0; row < pixels.shape[0]; row++) {
        for (let column = 0; column < pixels.shape[1]; column++) {
          const isUnread =
            rows.includes(row + place.padding[0]) || columns.includes(column + place.padding[1]);
          if (isUnread) unread.push([row, column]);
        }
      }
      expect(unread).toEqual(never_read);
    });

    test("every position has its place in reading order, and back", () => {
      for (let index = 0; index < count(place.output); index++) {
        expect(js.indexOf(js.positionAt(index, place), place)).toBe(index);
      }
    });
  },
);

test.each(impossible)(
  "a window that does not fit is refused with the reason: $parameters",
  ({ image, kernel, parameters }) => {
    const place = js.geometry(image, kernel, parameters);
    expect(place.fits).toBe(false);
    expect(place.output).toEqual([0, 0]);
    expect(js.whyImpossible(place)).toMatch(
      /^the window spans \d+ (rows|columns), but the input has only \d+/,
    );
    expect(js.clampPosition([3, 3], place)).toEqual([0, 0]);
  },
);

test("positions beyond the output become the nearest one", () => {
  const place = js.geometry([5, 6], [2, 2]);
  expect(js.clampPosition([-1, 99], place)).toEqual([0, 4]);
  expect(js.clampPosition([2.9, 1.2], place)).toEqual([2, 1]);
  expect(js.positionFromOutput([3.99, 0.01], place)).toEqual([3, 0]);
  expect(js.positionFromOutput([-4, 99], place)).toEqual([0, 4]);
});

test("a control offers the same values whatever is chosen among them", () => {
  for (const name of ["stride", "padding", "dilation"]) {
    const offered = js.choices(name, 1, [3, 3]);
    for (const value of offered) expect(js.choices(name, value, [3, 3])).toEqual(offered);
  }
});

test("a value set from Python joins those offered, in order", () => {
  expect(js.choices("stride", 8, [3, 3]).map(String)).toEqual(["1,1", "2,2", "3,3", "4,4", "8,8"]);
  expect(js.choices("stride", [2, 1], [3, 3]).map(String)).toEqual(["1,1", "2,1", "2,2", "3,3", "4,4"]);
  expect(js.largestPadding([0, 7], [3, 3])).toEqual([2, 7]);
});

test.each([1, 2, 3, 4, 5, 8, 11])(
  "a kernel of %i taps is offered the padding that keeps the size, if it is odd",
  (taps) => {
    const offered = js.choices("padding", 0, [taps, taps]).map(([rows]) => rows);
    expect(offered).toContain(Math.floor((taps - 1) / 2));
    expect(offered.length).toBeLessThanOrEqual(5);
  },
);

test("sizes are those of Python, rounded down and up", () => {
  for (const { size, taps, parameters, floor, ceil } of sizes) {
    expect(js.outputSize(size, taps, parameters)).toBe(floor);
    expect(js.outputSize(size, taps, { ...parameters, rounding: "ceil" })).toBe(ceil);
  }
});

test("the written formula rounds up, and says when a window that starts in the padding is left out", () => {
  const up = (size, parameters) => js.sizeFormula(js.geometry([size, 9], [3, 3], { ...parameters, rounding: "ceil" }), 0);
  expect(up(8, { stride: 2 })).toBe("⌈(8 + 2·0 − 3) / 2⌉ + 1 = 4");
  expect(up(4, { stride: 3, padding: 1 })).toBe("⌈(4 + 2·1 − 3) / 3⌉ + 1 = 2");
  expect(up(5, { stride: 3, padding: 1 })).toBe("⌈(5 + 2·1 − 3) / 3⌉ + 1 − 1, as the last would start in the padding, = 2");
});
