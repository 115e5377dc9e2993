import { expect, test } from "vitest";
import { typedWhole } from "../../../coursekit/widgets/shared/controls.js";

test.each([
  ["12", 12],
  ["-3", -3],
  ["2.5", 3],
  ["1e300", Number.MAX_SAFE_INTEGER],
  ["-1e300", Number.MIN_SAFE_INTEGER],
])("%j becomes a whole number that Python takes", (text, number) => {
  expect(typedWhole(text)).toBe(number);
});

test.each(["", " ", "two"])("%j is no number", (text) => {
  expect(typedWhole(text)).toBeNull();
});
