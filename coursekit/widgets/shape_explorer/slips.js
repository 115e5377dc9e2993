// Wrong answers to "how large is the output?", and what was probably forgotten.
// tests/javascript compares the numbers with the Python reference.
import { forwardSize, samePadding, sizeOf, spanOf, transposedSize } from "./sizes.js";

const SAID = {
  "one too few": "⌊…⌋ counts the steps; there is one position more, the first: + 1 is missing.",
  ceil: "That is rounded up. With floor, a window that does not fit is not taken.",
  floor: "That is rounded down. With ceil, one window more hangs over the end.",
  "padding once": "The padding stands at both ends: it counts twice.",
  "no padding": "The padding is missing: it makes the input larger, at both ends.",
  "no dilation": "The dilation is missing: with gaps between its taps, the kernel spans d(k − 1) + 1 cells.",
  "dilation times kernel": "The kernel spans d(k − 1) + 1 cells: there is no gap behind its last tap.",
  "no stride": "The stride is missing: the window jumps over positions.",
  "no kernel": "The kernel is missing: the last window must start early enough to fit.",
  "last start": "That is where the last window could start. Divide by the stride, and add 1.",
  forward: "That is the size of a forward window. A transposed one goes the other way.",
  "size times stride": "The copies of the kernel start n − 1 steps apart, and the last one reaches k′ cells.",
  "one step too many": "Between n pixels there are n − 1 steps of the stride, not n.",
  "no output padding": "The output padding is missing: it adds cells at the far end.",
  "padding added": "The padding of a transposed window is cut off, not added.",
  "padding kept": "The padding is still there: a transposed window cuts it off at both ends.",
  "padding cut once": "The padding is cut off at both ends: it counts twice.",
};

/** The number that each usual mistake leads to: [name, number], the likeliest first; those that change nothing left out. */
export function slipsOf(problem) {
  const right = sizeOf(problem).value;
  if (!right) return [];
  const all = problem.transposed ? transposedSlips(problem) : forwardSlips(problem);
  return all.filter(([, number]) => number !== right && number > 0);
}

function forwardSlips(problem) {
  const { stride, size, kernel, rounding = "floor" } = problem;
  const [before, after] = problem.padding;
  const { value, room } = forwardSize(problem);
  const other = rounding === "floor" ? "ceil" : "floor";
  const changed = (changes) => forwardSize({ ...problem, ...changes }).value;
  const times = size + before + after - problem.dilation * kernel;
  return [
    [other, changed({ rounding: other })],
    ["one too few", value - 1],
    ["padding once", changed({ padding: [before, 0] })],
    ["no padding", changed({ padding: [0, 0] })],
    ["no dilation", changed({ dilation: 1 })],
    ["dilation times kernel", times < 0 ? 0 : changed({ kernel: problem.dilation * kernel, dilation: 1 })],
    ["no stride", changed({ stride: 1 })],
    ["no kernel", Math.floor((size + before + after) / stride)],
    ["last start", room],
  ];
}

function transposedSlips(problem) {
  const { size, stride, outputPadding = 0 } = problem;
  const [before, after] = problem.padding;
  const { value } = transposedSize(problem);
  const whole = value + before + after;
  return [
    ["forward", forwardSize({ ...problem, rounding: "floor" }).value],
    ["size times stride", size * stride],
    ["no output padding", value - outputPadding],
    ["one step too many", value + stride],
    ["padding kept", whole],
    ["padding cut once", whole - before],
    ["padding added", whole + before + after],
    ["no dilation", transposedSize({ ...problem, dilation: 1, outputPadding: 0 }).value + outputPadding],
  ];
}

/** What to say to an answer: { isRight, words }. */
export function judge(problem, guess) {
  const { value } = sizeOf(problem);
  if (guess === value) return { isRight: true, words: `Right: the output has ${value}.` };
  const slip = slipsOf(problem).find(([, number]) => number === guess);
  const much = guess > value ? "too many" : "too few";
  if (slip) return { isRight: false, words: `${guess} is ${much}. ${SAID[slip[0]]}` };
  const span = spanOf(problem);
  const start = problem.isSame
    ? `zeros in all: ${samePadding(problem).steps[1].value}`
    : `the kernel spans ${span}`;
  return { isRight: false, words: `${guess} is ${much}. A first step: ${start}.` };
}
