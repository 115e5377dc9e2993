// What the demo says and writes: derivations as lines, what is lost, what a transposed window undoes.
import { lossOf } from "./frames.js";
import { sizeOf } from "./sizes.js";

/** A formula or a sum of a step for a reader: "d(k-1)+1" as "d(k − 1) + 1", "floor(4 / 2)" as "⌊4 / 2⌋". */
export function pretty(text) {
  return text
    .replace(/\\lfloor |\bfloor\(([^()]*)\)/g, (_, inner) => (inner ? `⌊${inner}⌋` : "⌊"))
    .replace(/\\lceil |\bceil\(([^()]*)\)/g, (_, inner) => (inner ? `⌈${inner}⌉` : "⌈"))
    .replace(/ \\rfloor/g, "⌋")
    .replace(/ \\rceil/g, "⌉")
    .replace(/\\b?(mod|max)/g, "$1")
    .replaceAll("'", "′")
    .replaceAll("p_0", "p₀")
    .replaceAll("p_1", "p₁")
    .replaceAll(" * ", "·")
    .replace(/ ?([+/-]) ?/g, " $1 ")
    .replaceAll("-", "−");
}

const MEANINGS = {
  "effective kernel": "cells from the first tap to the last",
  "padded size": "the input with its zeros at both ends",
  "last start": "where the last window that fits could start",
  positions: "one for each step of the stride, and the first",
  "lost at the far end": "cells behind the last window",
  "start of the last one": "where the window that hangs over starts",
  "start of the far padding": "a window from here on would read zeros only",
  "without the last one": "so that window is not taken",
  "beyond the far end": "cells that the last window hangs over",
  "from end to end": "all copies of the kernel together",
  "without the padding": "cut off at both ends",
  "with the output padding": "added at the far end",
  "zeros in all": "so that stride 1 keeps the size",
  before: "zeros in front; an even number is halved",
  after: "zeros behind",
};

/** What a step counts, in a few words. */
export function meaningOf(name, { transposed = false, zeros = 0 } = {}) {
  if (transposed && name === "last start") return "where the last copy starts";
  if (name === "before" && zeros % 2) return "zeros in front: the extra one of an even kernel";
  if (name.includes("forward size")) return "leads back to the input";
  return MEANINGS[name] ?? "";
}

/** A step as the sides of one equation, without repetition: ["k′", "d(k − 1) + 1", "1·(3 − 1) + 1", "3"]. */
export function sidesOf({ formula, text, value }) {
  const sides = [...pretty(formula).split(" = "), pretty(text), signed(value)];
  return sides.filter((side, index) => side && sides.indexOf(side) === index);
}

const signed = (value) => (value < 0 ? `−${-value}` : `${value}`);

/**
 * The pieces of an equation [{ text, isChanged }], `before` being the sides of the same step before the reader's last change: a number is
 * changed if another stood in its place.
 */
export function changedPieces(sides, before) {
  const [now, then] = [piecesOf(sides), before ? piecesOf(before) : null];
  const isNumber = (text) => /^\d+$/.test(text);
  const old = then?.filter(isNumber);
  let place = -1;
  return now.map((text) => {
    if (!isNumber(text)) return { text, isChanged: false };
    place += 1;
    return { text, isChanged: Boolean(old) && old[place] !== text };
  });
}

const piecesOf = (sides) => sides.join(" = ").split(/(\d+)/).filter(Boolean);

const number = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Pixels and zeros as words: "2 pixels", "1 pixel and 1 zero", "2 zeros of padding". */
function cellsInWords({ pixels, zeros }, noun) {
  const isPixel = noun === "pixel";
  if (!pixels) return `${number(zeros, isPixel ? "zero" : noun)} of ${isPixel ? "padding" : "zeros"}`;
  const both = isPixel ? number(zeros, "zero") : `${number(zeros, noun)} of zeros`;
  return zeros ? `${number(pixels, noun)} and ${both}` : number(pixels, noun);
}

/** What no window reads, as short labels for the picture: { far, gaps, beyond }, "" where there is nothing. */
export function lossLabels(frame, noun = "pixel") {
  const { far, gaps, beyond } = lossOf(frame);
  const isSpread = frame.spread > 1 || frame.stride === 1;
  return {
    far: far.cells.length ? `${cellsInWords(far, noun)} lost` : "",
    gaps: gaps.pixels
      ? `${number(gaps.pixels, noun)} ${isSpread ? "never read" : "in gaps, never read"}`
      : "",
    beyond: beyond ? `${number(beyond, noun === "pixel" ? "cell" : noun)} beyond the end` : "",
  };
}

/** The link between a transposed window and the forward one that it undoes; "" where there is nothing to choose. */
export function undoes(problem) {
  const { forward, base } = sizeOf(problem);
  if (!problem.transposed || !forward?.length) return "";
  const { size, stride } = problem;
  const which = `The stride-${stride} window that this undoes takes`;
  if (forward.length === 1) return `${which} ${forward[0]} to ${size}, and no other size.`;
  const list = forward.length === 2 ? forward.join(" and ") : `${forward[0]} to ${forward.at(-1)} all`;
  const each = forward.map((length) => `${length - base} for ${length}`);
  const choices = each.length > 4 ? [...each.slice(0, 2), "…", each.at(-1)] : each;
  const all = forward.length === 2 ? `both ${list}` : list;
  return `${which} ${all} to ${size}: output padding chooses, ${choices.join(", ")}.`;
}

/** Why an axis is impossible, with the parameter that the reader changed last in front. */
export function complaint(problem, changed, place = "") {
  const { reason } = sizeOf(problem);
  if (!reason) return "";
  const named =
    changed in problem && changed !== "padding" ? `${LABELS[changed] ?? changed} ${problem[changed]}` : "";
  const ends = changed === "padding" ? `padding ${[...new Set(problem.padding)].join(" and ")}` : "";
  const front = [place, named || ends].filter(Boolean).join(", ");
  return `${front || "No output"}: ${reason}.`;
}

const LABELS = { outputPadding: "output padding" };

/** The output at a position and what it reads, as a sentence. */
export function positionInWords(frame, position, taps) {
  const pixels = taps.filter((cell) => cell >= 0 && cell < frame.length && cell % frame.spread === 0);
  const read = pixels.map((cell) => cell / frame.spread);
  const zeros = taps.length - read.length;
  const list = read.length > 8 ? [...read.slice(0, 3), "…", read.at(-1)] : read;
  const inputs = read.length ? `input ${list.join(", ")}` : "no pixel";
  return `Output ${position} reads ${inputs}${zeros ? ` and ${number(zeros, "zero")}` : ""}.`;
}

/** What padding "same" has added; "" where it is not asked for. */
export function samePaddingInWords({ isSame, padding: [before, after], transposed }) {
  if (!isSame || transposed) return "";
  const ends = `same: ${number(before, "zero")} in front, ${after} behind`;
  return before === after
    ? `${ends}.`
    : `${ends}. An even span has no middle cell: the extra zero goes in front.`;
}

/** The sizes of both axes: "7", or "7 × 5". */
export const sizesInWords = (values) => values.join(" × ");
