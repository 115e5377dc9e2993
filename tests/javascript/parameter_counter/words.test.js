// What the counter says, judges and prints.
import { expect, test } from "vitest";
import { lettersOf } from "../../../coursekit/widgets/parameter_counter/counting.js";
import { judgeGuess, readGuess } from "../../../coursekit/widgets/parameter_counter/guesses.js";
import { newLayer } from "../../../coursekit/widgets/parameter_counter/layers.js";
import { stagesOf } from "../../../coursekit/widgets/parameter_counter/network.js";
import * as words from "../../../coursekit/widgets/parameter_counter/words.js";
import { casesOf } from "../cases.js";

const { guesses, networks } = casesOf("parameter_counter");
const stagesAt = (index, shape) => stagesOf(networks[index].layers, shape ?? networks[index].input_shape);
const [lenet, alexnet, , vgg] = [0, 1, 2, 3].map((index) => stagesAt(index));

test.each(guesses.map((row) => [row.mistake || "the right number", row.layer.type, row]))(
  "%s is recognised for a %s",
  (_, __, { layer, input_shape, mistake, guess }) => {
    const [stage] = stagesOf([layer], input_shape);
    const found = judgeGuess(stage, guess);
    expect(found.mistake).toBe(mistake);
    expect(found.isRight).toBe(mistake === "");
    expect(found.text).toMatch(/^[A-Z].*[.?]$/);
  },
);

test.each([
  ["1,234", 1234n],
  [" 1 234 ", 1234n],
  ["0", 0n],
  ["138’357’544", 138357544n],
  ["", null],
  ["-3", null],
  ["12e3", null],
  ["six", null],
])("%j is read as %s", (typed, number) => expect(readGuess(typed)).toBe(number));

test.each([
  [40n, "40 bytes"],
  [999n, "999 bytes"],
  [1000n, "1.0 KB"],
  [18816n, "18.8 KB"],
  [553430176n, "553 MB"],
  [4n * 10n ** 9n, "4.0 GB"],
  [5n * 10n ** 18n, "5,000,000 TB"],
])("%d bytes are written %s", (bytes, text) => expect(words.bytesInWords(bytes)).toBe(text));

test.each([
  [156n, 4821600n, "30,908 times fewer"],
  [1n, 17453269n, "17 million times fewer"],
  [10n, 24n, "2.4 times fewer"],
  [24n, 10n, "2.4 times more"],
  [10n, 10n, "as many"],
])("%d against %d is %s", (value, dense, text) => expect(words.ratioInWords(value, dense)).toBe(text));

test("shapes are written in the order of the convention", () => {
  expect(words.shapeInWords([6, 28, 30], "first")).toBe("6×28×30");
  expect(words.shapeInWords([6, 28, 30], "last")).toBe("28×30×6");
  expect(words.shapeInWords([120], "last")).toBe("120");
});

test("steps have separators of thousands and signs of multiplication", () => {
  expect(words.stepInWords("4096 * ((9216 / 2) * 5 + 1)")).toBe("4,096 × ((9,216 / 2) × 5 + 1)");
});

test("the dense layers hold most of AlexNet's parameters, the convolutions do most of its MACs", () => {
  expect(words.factsInWords(alexnet)).toBe(
    "Dense layers hold 96 % of the parameters, convolutions do 92 % of the MACs.",
  );
  expect(words.factsInWords(vgg)).toBe(
    "Dense layers hold 89 % of the parameters, convolutions do 99 % of the MACs.",
  );
  expect(words.factsInWords(stagesOf([newLayer("Convolution")], [1, 5, 5]))).toBe("");
  expect(words.factsInWords([])).toBe("");
});

test("a larger image leaves the parameters of convolutions unchanged, and multiplies all the rest", () => {
  const convolutions = networks[4];
  const before = stagesOf(convolutions.layers, [3, 32, 32]);
  const after = stagesOf(convolutions.layers, [3, 64, 64]);
  expect(words.changeInWords(before, after)).toBe("Parameters unchanged, connections × 5.27, MACs × 5.27.");
  expect(words.changeInWords(before, after, { hideParameters: true })).toBe(
    "Connections × 5.27, MACs × 5.27.",
  );
  expect(words.changeInWords([], after)).toMatch(/^Parameters 2,872, connections [\d,]+, MACs [\d,]+\.$/);
});

test("a dense layer of flattened maps grows with the image, and is told from the convolutions", () => {
  const said = words.changeInWords(lenet, stagesAt(0, [1, 64, 64]));
  expect(said).toMatch(/^Parameters of the convolutions unchanged, of all layers × 5.48, connections × 5.98/);
});

test("a dense layer behind flattened maps is named as what depends on the size", () => {
  expect(words.sizeMattersInWords(lenet)).toBe("Layer 7 (Dense 120) reads the flattened maps.");
  expect(words.sizeMattersInWords(stagesAt(4))).toBe("");
});

test("every layer says where its weights sit", () => {
  expect(words.weightsInWords(lenet[0])).toBe("6 kernels of 1 × 5 × 5 = 25 weights, and one bias for each.");
  expect(words.weightsInWords(alexnet[3])).toBe(
    "256 kernels of 48 × 5 × 5 = 1,200 weights, and one bias for each.",
  );
  expect(words.weightsInWords(lenet[7])).toBe("120 units with 400 weights and a bias each.");
  for (const stage of [...lenet, ...stagesAt(5)])
    expect(words.weightsInWords(stage)).toMatch(/^[A-Z0-9].*\.$/);
});

test("a row is one sentence for those who hear it", () => {
  const state = { name: "Convolution 6 @ 5×5", measure: "parameters", channels: "last", compare: true };
  expect(words.rowInWords(lenet[0], state)).toBe(
    "Layer 0, Convolution 6 @ 5×5, output 28 by 28 by 6, parameters 156, " +
      "30,908 times fewer than the dense layer of the same map",
  );
  expect(words.rowInWords(lenet[0], { ...state, hidden: true })).toMatch(
    /28 by 28 by 6, parameters to be predicted$/,
  );
  expect(words.rowInWords(lenet[0], { ...state, measure: "memory" })).toMatch(/memory 18.8 KB$/);
  const [impossible, behind] = stagesOf([newLayer("Dense"), newLayer("ReLU")], [1, 2, 2]);
  expect(words.rowInWords(impossible, { ...state, name: "Dense 10" })).toBe(
    "Layer 0, Dense 10: impossible, it needs a row of numbers, but its input is 1 × 2 × 2: put Flatten before it",
  );
  expect(words.rowInWords(behind, { ...state, name: "ReLU" })).toBe(
    "Layer 1, ReLU: behind an impossible layer",
  );
});

test("the axes of an input have names", () => {
  expect(words.inputNames([1, 32, 32])).toEqual(["channels", "rows", "columns"]);
  expect(words.inputNames([12])).toEqual(["numbers"]);
});

test("the letters of a shape and of a formula are explained", () => {
  expect(words.shapeLetters([3, 4, 5])).toEqual(["C", "H", "W"]);
  expect(words.shapeLetters([3, 4, 5, 6, 7])).toEqual(["C", "N0", "N1", "N2", "N3"]);
  const letters = (index) => words.lettersInWords(lettersOf(lenet[index], "parameters"));
  expect(letters(0)).toBe("F = 6 kernels · C = 1 channel · KH = KW = 5");
  expect(letters(7)).toBe("m = 120 units · n = 400 inputs");
  const [wide] = stagesOf([{ ...newLayer("Convolution"), kernel_size: [3, 2] }], [2, 9, 9]);
  expect(words.lettersInWords(lettersOf(wide, "parameters"))).toBe(
    "F = 8 kernels · C = 2 channels · KH = 3 rows · KW = 2 columns",
  );
});
