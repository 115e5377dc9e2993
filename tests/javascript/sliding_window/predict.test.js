// What the demo says to a typed number: the mistakes' numbers come from the Python reference.
import { describe, expect, test } from "vitest";
import { geometry } from "../../../coursekit/widgets/shared/arithmetic.js";
import { planesOf } from "../../../coursekit/widgets/sliding_window/planes.js";
import * as js from "../../../coursekit/widgets/sliding_window/predict.js";
import { compute } from "../../../coursekit/widgets/sliding_window/scene.js";
import { casesOf } from "../cases.js";
import { array, modelsOf } from "./arrays.js";

const { answers } = casesOf("sliding_window");

/** The question at a position, as the view asks it. */
function questionOf(row) {
  const { image, sliding, place, operation, decimals } = compute(...modelsOf(row));
  return { image, kernel: sliding, place, operation, decimals, position: row.position };
}

describe.each(answers)("$operation with $parameters", (row) => {
  const question = questionOf(row);

  test("the right number is right, and no other of the mistakes' numbers is", () => {
    for (const [name, number] of Object.entries(row.answers)) {
      expect(js.judge(number, question).isRight, name).toBe(number === row.answers.right);
    }
  });

  test("each mistake gives the number that the reference gives", () => {
    const known = js.knownMistakes(question);
    for (const [name, number] of Object.entries(row.answers)) {
      if (name !== "right") expect(known.filter((entry) => entry[0] === name).map((entry) => entry[1])).toContain(number);
    }
  });

  test("a number that only one mistake gives is answered with that mistake", () => {
    const known = js.knownMistakes(question);
    for (const [name, number, text] of known) {
      const first = known.find((entry) => entry[1] === number);
      if (number === row.answers.right || first[0] !== name || first[2] !== text) continue;
      expect(js.judge(number, question)).toMatchObject({ isRight: false, mistake: name });
      expect(js.judge(number, question).text.endsWith(text)).toBe(true);
    }
  });
});

/** The worked example, 19, or another window. */
function small(image, kernel, parameters = {}, position = [0, 0], operation = "correlation") {
  return questionOf({ image, kernel, parameters, position, operation });
}
const IMAGE = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]; // prettier-ignore
const example = small(IMAGE, [[0, 1], [2, 3]]); // prettier-ignore

test.each([
  [19, "", "Right: 19."],
  [5, "flip", "Not 5. That is the convolution: you turned the kernel. Here it is not flipped."],
  [7, "missing product", "Not 7. One product is missing: 4×3."],
  [31, "twice", "Not 31. One product is counted twice: 4×3."],
  [8, "no weights", "Not 8. You added the input's values: multiply each by its weight first."],
  [21, "", "Not 21: that is 2 too large."],
  [18.5, "", "Not 18.5: that is 0.50 too small."],
])("to %d in the worked example it says: %s", (given, mistake, text) => {
  expect(js.judge(given, example)).toEqual({ isRight: given === 19, mistake, text });
});

test("signs that were lost are named", () => {
  const question = small([[1, 2], [3, 4]], [[1, -5], [0, 2]]); // prettier-ignore
  expect(js.judge(1 + 10 + 8, question).mistake).toBe("absolute");
  const two = small([[1, 2], [3, 4]], [[1, -5], [-7, 2]]); // prettier-ignore
  expect(js.judge(1 + 10 - 21 + 8, two).text).toBe("Not −2. One sign is wrong: 2×(−5) is negative.");
});

test("zeros outside the input are explained in words", () => {
  const question = small(IMAGE, [[1, 2], [3, 5]], { padding: 1 }, [0, 1]); // prettier-ignore
  expect(js.judge(0 * 3 + 1 * 5, question).isRight).toBe(true);
  expect(js.judge(1 + 2 * 2 + 3 * 4 + 5 * 5, question).text).toBe(
    "Not 42. That is the window without padding: with it, the first window starts 1 row above and 1 column left of the input.",
  );
  expect(js.judge(0 * 1 + 1 * 2 + 0 * 3 + 1 * 5, question).mistake).toBe("edge");
});

test("whole numbers must be exact; rounded ones may differ by what rounding explains", () => {
  expect(js.judge(19.01, example).isRight).toBe(false);
  const rounded = small([[0.123456, 0.654321]], [[0.333333, 0.777777]]);
  const exact = 0.123456 * 0.333333 + 0.654321 * 0.777777;
  expect(js.judge(Number(exact.toFixed(2)), rounded).isRight).toBe(true);
  expect(js.judge(0.12 * 0.33 + 0.65 * 0.78, rounded).isRight).toBe(true); // from the numbers as they are printed
  expect(js.judge(exact + 0.05, rounded).isRight).toBe(false);
});

test("the kernel may have more taps than the image has pixels around", () => {
  const place = geometry([1, 1], [3, 3], { padding: 1 });
  const planes = [array([[2]]), array([[0, 0, 0], [0, 4, 0], [0, 0, 9]])].map(planesOf); // prettier-ignore
  const decimals = { image: 0, kernel: 0, output: 0 };
  const question = { image: planes[0], kernel: planes[1], place, operation: "correlation", decimals, position: [0, 0] };
  expect(js.judge(8, question).isRight).toBe(true);
  expect(js.judge(26, question).mistake).toBe("edge"); // 2×4 + 2×9
});

test("the next window to find is the next in reading order that is not found yet", () => {
  expect(js.nextToFind(0, [0], 4)).toBe(1);
  expect(js.nextToFind(3, [3, 0], 4)).toBe(1);
  expect(js.nextToFind(2, [0, 1, 2, 3], 4)).toBe(-1);
  expect(js.nextToFind(2, [0, 1, 3], 4)).toBe(2);
});

test("the score counts what was right at the first try", () => {
  expect(js.score([], [], 4)).toBe("0 of 4 found.");
  expect(js.score([0, 1, 2], [1, 3], 4)).toBe("3 of 4 found, 2 at the first try.");
  expect(js.score([0, 1, 2, 3], [], 4)).toBe("All 4 numbers found, 4 at the first try.");
});
