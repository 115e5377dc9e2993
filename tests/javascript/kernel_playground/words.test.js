import { expect, test } from "vitest";
import * as camera from "../../../coursekit/widgets/kernel_playground/camera.js";
import * as grid from "../../../coursekit/widgets/kernel_playground/kernel_grid.js";
import { colourTables, extremes, greyRange } from "../../../coursekit/widgets/kernel_playground/maps.js";
import * as js from "../../../coursekit/widgets/kernel_playground/readings.js";

test.each([
  [0, 5, "0"],
  [-1, 5, "−1"],
  [1 / 9, 5, "0.111"],
  [1 / 9, 4, "0.11"],
  [1 / 9, 3, ".11"],
  [-1 / 9, 3, "−.1"],
  [12.5, 4, "12.5"],
  [-12.5, 3, "−13"],
  [0.0001, 5, "0"],
  [1234567, 5, "1.2e6"],
  [-1234567, 5, "−1e6"],
  [1234567, 3, "1e6"],
  [-123, 3, "−123"], // a power of ten would be no shorter
])("%f in %i characters is %s", (value, characters, text) => {
  expect(grid.shortNumber(value, characters)).toBe(text);
});

test("a small number beside small ones is written as a power of ten, beside large ones as 0", () => {
  expect(grid.shortNumber(1e-9, 5, 2e-9)).toBe("1e−9");
  expect(grid.shortNumber(-2.5e-9, 7, 2.5e-9)).toBe("−2.5e−9");
  expect(grid.shortNumber(1e-9, 5, 1)).toBe("0");
  expect(grid.shortNumber(0, 5, 0)).toBe("0");
});

test("responses of billionths are not written as 0", () => {
  expect(js.rangeText([-2e-9, 4.5e-9])).toBe("−0.0000000020 to 0.0000000045");
});

test("a step is a whole number, or a tenth for small numbers and where it is asked for", () => {
  expect([grid.stepOf(3), grid.stepOf(0), grid.stepOf(0.5), grid.stepOf(-0.2), grid.stepOf(3, true)]).toEqual([
    1, 1, 0.1, 0.1, 0.1,
  ]);
  expect(grid.stepped(0.1, 2, 0.1)).toBe(0.3);
  expect(grid.stepped(-2, 5, 1)).toBe(3);
});

test("a range is written with true minus signs and as many decimals as its size asks for", () => {
  expect(js.rangeText([-0.4251, 1])).toBe("−0.43 to 1.00");
  expect(js.rangeText([-1234, 17.2])).toBe("−1234 to 17");
  expect(js.rangeText([0, 0.01234])).toBe("0.0000 to 0.0123");
  expect(js.rangeText([0, 0])).toBe("0.00 to 0.00");
});

test("the reading names both operations", () => {
  const numbers = { place: [3, 14], pixel: 0.5, asIs: -2, flipped: 1.234, largest: 3 };
  expect(js.readingText(numbers)).toBe("Row 3, column 14: pixel 0.500, cross-correlation −2.00, convolution 1.23");
});

test("the peaks are listed highest first under the name of their operation", () => {
  const found = [
    [5, 6],
    [0, 1],
  ];
  expect(js.peaksText(found, [3, 2.5], "convolution")).toBe(
    "Highest peaks of the convolution: 1 at row 5, column 6 (3.00); 2 at row 0, column 1 (2.50).",
  );
  expect(js.peaksText(found.slice(1), [1], "correlation")).toBe(
    "Highest peak of the cross-correlation: 1 at row 0, column 1 (1.00).",
  );
  expect(js.peaksText([], [], "correlation")).toBe("The cross-correlation has no peak.");
});

test("a kernel of zeros is said to give zeros", () => {
  expect(js.equalityText([0, 0])).toBe("Both responses are 0: so is every number of the kernel.");
});

test("it says which side of a kernel does not fit", () => {
  expect(js.misfitText([3, 9], [4, 2])).toBe(
    "No window fits: the kernel has 4 rows, the image only 3. Choose a padding.",
  );
  expect(js.misfitText([9, 3], [4, 5])).toContain("5 columns");
  expect(js.misfitText([9, 9], [9, 9])).toBe("");
});

test("advice is given where the search for a pattern cannot work", () => {
  expect(js.adviceText({ isCut: true, normalise: "none", weights: [1, 2] })).toContain("bright places");
  expect(js.adviceText({ isCut: true, normalise: "normalised", weights: [1, -1] })).toBe("");
  expect(js.adviceText({ isCut: false, normalise: "zero mean", weights: [0, 0] })).toContain("less their mean");
});

test("the camera's colours become grey by what each adds to brightness, and its middle is taken", () => {
  const into = new Float64Array(3);
  camera.greyOf([255, 255, 255, 255, 255, 0, 0, 255, 0, 51, 0, 255], into);
  [1, 0.2126, 0.14304].forEach((grey, at) => expect(into[at]).toBeCloseTo(grey, 12));
  expect(camera.middleSquare(640, 480)).toEqual([80, 0, 480]);
  expect(camera.middleSquare(480, 640)).toEqual([0, 80, 480]);
});

test.each([
  ["absent", "https and on localhost only"],
  ["NotAllowedError", "was refused"],
  ["NotFoundError", "No camera was found"],
  ["NotReadableError", "in use by another program"],
  ["ended", "switched off"],
  ["OddError", "cannot be used (OddError)"],
])("why there is no camera: %s", (name, words) => {
  expect(camera.cameraReason(name)).toContain(words);
  expect(camera.cameraReason(name)).toContain("Everything else works without it.");
});

test("a picture from 0 to 1 is shown as it is, any other from its least to its greatest value", () => {
  expect(greyRange([0.2, 0.7])).toEqual([0, 1]);
  expect(greyRange([-1, 8])).toEqual([-1, 8]);
  expect(greyRange([5, 5])).toEqual([5, 6]);
  expect(extremes([3, -2, 7])).toEqual([-2, 7]);
});

test("responses run from blue through the page's own colour at zero to orange", () => {
  const palette = {
    neutral: [9, 9, 9],
    blue: [0, 0, 255],
    orange: [255, 128, 0],
    black: [0, 0, 0],
    white: [255, 255, 255],
  };
  const { signed, grey } = colourTables(palette);
  const rgb = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255, word >>> 24];
  expect(rgb(signed[0])).toEqual([0, 0, 255, 255]);
  expect(rgb(signed[(signed.length - 1) / 2])).toEqual([9, 9, 9, 255]);
  expect(rgb(signed.at(-1))).toEqual([255, 128, 0, 255]);
  expect([rgb(grey[0]), rgb(grey.at(-1))]).toEqual([
    [0, 0, 0, 255],
    [255, 255, 255, 255],
  ]);
});
