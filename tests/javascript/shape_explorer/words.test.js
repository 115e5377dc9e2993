// What the shape explorer says and writes.
import { expect, test } from "vitest";
import { frameOf, kindAt, positionNear, tapsAt } from "../../../coursekit/widgets/shape_explorer/frames.js";
import { derivationOf, sizeOf } from "../../../coursekit/widgets/shape_explorer/sizes.js";
import * as js from "../../../coursekit/widgets/shape_explorer/words.js";

const given = (changes) => ({
  size: 7,
  kernel: 3,
  stride: 1,
  padding: [0, 0],
  dilation: 1,
  rounding: "floor",
  ...changes,
});
const line = (problem, name) =>
  js.sidesOf(sizeOf(problem).steps.find((step) => step.name === name)).join(" = ");

test("a step reads as an equation", () => {
  const problem = given({ stride: 2, padding: [1, 1] });
  expect(line(problem, "effective kernel")).toBe("k′ = d(k − 1) + 1 = 1·(3 − 1) + 1 = 3");
  expect(line(problem, "padded size")).toBe("n′ = n + 2p = 7 + 2·1 = 9");
  expect(line(problem, "last start")).toBe("n′ − k′ = 9 − 3 = 6");
  expect(line(problem, "positions")).toBe("⌊(n′ − k′) / s⌋ + 1 = ⌊6 / 2⌋ + 1 = 4");
  expect(line(problem, "lost at the far end")).toBe("(n′ − k′) mod s = 6 mod 2 = 0");
  expect(line(given({ padding: [2, 1] }), "padded size")).toBe("n′ = n + p₀ + p₁ = 7 + 2 + 1 = 10");
  const ceil = given({ size: 8, stride: 3, rounding: "ceil" });
  expect(line(ceil, "positions")).toBe("⌈(n′ − k′) / s⌉ + 1 = ⌈5 / 3⌉ + 1 = 3");
  expect(line(ceil, "beyond the far end")).toBe("max(0, (o − 1)s + k′ − n′) = max(0, (3 − 1)·3 + 3 − 8) = 1");
});

test("no LaTeX is left in any formula, and every step has a meaning", () => {
  const problems = [
    given({ stride: 2 }),
    given({ size: 3, stride: 5, padding: [2, 2], kernel: 1, rounding: "ceil" }),
    given({ transposed: true, stride: 3, padding: [4, 4], size: 2, outputPadding: 2, kernel: 4 }),
    given({ isSame: true, kernel: 4, padding: [2, 1] }),
  ];
  for (const problem of problems) {
    for (const step of derivationOf(problem)) {
      expect(js.sidesOf(step).join(" = ")).not.toMatch(/[\\*'-]|_\d/);
      expect(js.meaningOf(step.name, problem), step.name).not.toBe("");
    }
  }
});

test("the numbers that a change has changed are marked", () => {
  const [now, then] = [given({ stride: 2 }), given({})].map((problem) =>
    js.sidesOf(sizeOf(problem).steps[3]),
  );
  const pieces = js.changedPieces(now, then);
  expect(pieces.map(({ text }) => text).join("")).toBe("⌊(n′ − k′) / s⌋ + 1 = ⌊4 / 2⌋ + 1 = 3");
  expect(pieces.filter(({ isChanged }) => isChanged).map(({ text }) => text)).toEqual(["2", "3"]);
  expect(js.changedPieces(now, now).some(({ isChanged }) => isChanged)).toBe(false);
  expect(js.changedPieces(now, null).some(({ isChanged }) => isChanged)).toBe(false);
});

test.each([
  [{ size: 8, stride: 3 }, "2 pixels lost", ""],
  [{ size: 8, stride: 2 }, "1 pixel lost", ""],
  [{ size: 8, stride: 2, padding: [1, 1] }, "1 zero of padding lost", ""],
  [
    { size: 8, kernel: 2, stride: 4, padding: [0, 1] },
    "2 pixels and 1 zero lost",
    "2 pixels in gaps, never read",
  ],
  [{ size: 7, kernel: 1, stride: 3 }, "", "4 pixels in gaps, never read"],
  [{ size: 5, kernel: 2, dilation: 4 }, "", "3 pixels never read"],
  [{}, "", ""],
])("what no window reads is said: %j", (changes, far, gaps) => {
  expect(js.lossLabels(frameOf(given(changes)))).toMatchObject({ far, gaps, beyond: "" });
});

test("a window that hangs over the end is said to do so", () => {
  const frame = frameOf(given({ size: 8, stride: 3, rounding: "ceil" }));
  expect(js.lossLabels(frame)).toEqual({ far: "", gaps: "", beyond: "1 cell beyond the end" });
  expect([7, 8].map((cell) => kindAt(frame, cell))).toEqual(["pixel", "beyond"]);
});

test("a transposed window says which sizes it undoes, and which output padding chooses which", () => {
  const problem = given({ size: 4, stride: 2, padding: [1, 1], transposed: true, outputPadding: 0 });
  expect(js.undoes(problem)).toBe(
    "The stride-2 window that this undoes takes both 7 and 8 to 4: output padding chooses, 0 for 7, 1 for 8.",
  );
  expect(js.undoes({ ...problem, stride: 3 })).toContain("takes 10 to 12 all to 4");
  expect(js.undoes({ ...problem, stride: 1 })).toBe(
    "The stride-1 window that this undoes takes 4 to 4, and no other size.",
  );
  expect(js.undoes(given({}))).toBe("");
});

test("the impossible is said with the parameter that the reader changed", () => {
  const large = given({ kernel: 9 });
  expect(js.complaint(large, "kernel")).toBe("kernel 9: the window spans 9 cells, but the input has only 7.");
  expect(js.complaint(given({ kernel: 5, dilation: 3 }), "dilation", "rows")).toBe(
    "rows, dilation 3: the window spans 13 cells, but the input has only 7.",
  );
  expect(js.complaint(large, "")).toMatch(/^No output: the window spans/);
  expect(js.complaint(given({ padding: [9, 9], transposed: true }), "padding")).toMatch(
    /^padding 9: the padding cuts/,
  );
  const extra = given({ transposed: true, outputPadding: 1 });
  expect(js.complaint(extra, "outputPadding")).toMatch(/^output padding 1: output padding must be smaller/);
  expect(js.complaint(given({}), "kernel")).toBe("");
});

test("a position says what it reads", () => {
  const say = (changes, position) => {
    const frame = frameOf(given(changes));
    return js.positionInWords(frame, position, tapsAt(frame, position));
  };
  expect(say({ dilation: 2 }, 1)).toBe("Output 1 reads input 1, 3, 5.");
  expect(say({ padding: [1, 1] }, 0)).toBe("Output 0 reads input 0, 1 and 1 zero.");
  expect(say({ padding: [4, 4] }, 0)).toBe("Output 0 reads no pixel and 3 zeros.");
  expect(say({ size: 3, stride: 2, transposed: true }, 2)).toBe("Output 2 reads input 0, 1 and 1 zero.");
});

test("a transposed window reads the input spread by the stride, with zeros between and around", () => {
  const frame = frameOf(given({ size: 2, stride: 3, padding: [1, 1], transposed: true }));
  const kinds = Array.from({ length: frame.to - frame.from }, (_, index) =>
    kindAt(frame, frame.from + index),
  );
  expect(kinds).toEqual(["padding", "pixel", "between", "between", "pixel", "padding"]);
  expect(frame.count).toBe(4);
});

test("a place of the input leads to the window whose middle is nearest", () => {
  const frame = frameOf(given({ stride: 2 }));
  expect([0, 1.5, 2.4, 2.6, 5, 99].map((place) => positionNear(frame, place))).toEqual([0, 0, 0, 1, 2, 2]);
});
