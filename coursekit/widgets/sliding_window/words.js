// What the widget says in words.
import { indexOf, sizeFormula, unreadLines } from "../shared/arithmetic.js";
import { count } from "../shared/arrays.js";
import { formatNumber, isShownExactly, shorten, writeTerms } from "../shared/grid.js";
import { turnedTap } from "./planes.js";
import { countLines } from "./predict.js";

/** What the colours of a picture mean. */
export function legend(scene, name) {
  const { least, greatest, signed } = scene.scales[name];
  if (!Number.isFinite(least)) return "";
  const [low, high] = [least, greatest].map((value) => formatNumber(value, scene.decimals[name]));
  return signed ? `blue ${low} · orange ${high}` : `black ${low} · white ${high}`;
}

/** The shape of an array as the conventions order it: "3 × 5 × 5" with channels first, "5 × 5 × 3" with them last. */
export function writtenShape(plane, channels, order, times = " × ") {
  if (!channels) return plane.join(times);
  return (order === "last" ? [...plane, channels] : [channels, ...plane]).join(times);
}

/** A place in an array as it is written in code: "[1, 0]", with a channel "[2, 1, 0]" or "[1, 0, 2]". */
export function writtenPlace(place, channel, channels, order) {
  return `[${writtenShape(place, channels ? String(channel) : 0, order, ", ")}]`;
}

/** Which operation this is, and what happens to the kernel. */
export const operationNote = (operation) =>
  operation === "convolution"
    ? "Convolution: the kernel is turned by half a turn, then slides."
    : "Cross-correlation: the kernel is not flipped.";

/** The output size with its derivation, what no window reads, and what lies beyond the edge. */
export function sizeNote(place, overhang) {
  const lost = countLines([0, 1].map((axis) => unreadLines(place, axis).length));
  const unread = lost ? ` No window reads ${lost}.` : "";
  const over = countLines(overhang);
  const beyond = over ? ` The last window hangs ${over} over the edge: there it reads zeros.` : "";
  const [rows, columns] = [0, 1].map((axis) => sizeFormula(place, axis));
  const size = rows === columns ? `rows and columns ${rows}` : `rows ${rows}, columns ${columns}`;
  return `Output ${size}.${unread}${beyond}`;
}

const NUMBER_OF_DIGITS = (scene) => Math.max(...Object.values(scene.decimals));

/** A sum with its sign: "= 19", "≈ 0.33" where it or what it is made of is rounded, "= ?" where it is hidden. */
function withSign(value, scene, isExact, isShown) {
  if (!isShown) return "= ?";
  if (isExact && isShownExactly(value, scene.decimals.output)) {
    return `= ${formatNumber(value, scene.decimals.output)}`;
  }
  return `≈ ${formatNumber(value, NUMBER_OF_DIGITS(scene))}`;
}

/** The products of the channel in front as texts, and whether none of them is rounded. */
export function writtenProducts(scene, terms) {
  const made = writeTerms(terms, scene.decimals.image, scene.decimals.kernel);
  return { texts: made.map(({ text }) => text), isExact: made.every(({ exact }) => exact) };
}

const joined = (terms, sign) =>
  terms.flatMap((term, index) => (index ? [{ text: sign }, term] : [term]));

/** The line of products and their sum, in parts for a line of terms; `partial` is the sum of a channel. */
export function productLine(scene, { texts, isExact }, { position, channel, tap, isShown }, partial) {
  const terms = shorten(texts.length).map((index) =>
    index === null
      ? { text: "…" }
      : { text: texts[index], tap: index, kind: index === tap ? "ck-term ck-marked" : "ck-term" },
  );
  const value = partial ?? scene.output.data[indexOf(position, scene.place)];
  const start = partial === undefined ? [] : [{ text: `channel ${channel}: `, kind: "sw-lead" }];
  const result = withSign(value, scene, isExact, isShown);
  return [...start, ...joined(terms, " + "), { text: " " }, { text: result, kind: partial === undefined ? "sw-result" : "" }];
}

/** The line that adds up the channels. */
export function channelLine(scene, partials, isExact, { position, channel, isShown }) {
  const digits = isExact ? scene.decimals.output : NUMBER_OF_DIGITS(scene);
  const factor = (text) => (text.startsWith("−") ? `(${text})` : text);
  const terms = shorten(partials.length).map((index) =>
    index === null
      ? { text: "…" }
      : {
          text: isShown ? factor(formatNumber(partials[index], digits)) : "?",
          channel: index,
          kind: index === channel ? "ck-term sw-front" : "ck-term",
        },
  );
  const value = scene.output.data[indexOf(position, scene.place)];
  const result = withSign(value, scene, isExact, isShown);
  return [
    { text: `sum over ${partials.length} channels: `, kind: "sw-lead" },
    ...joined(terms, " + "),
    { text: " " },
    { text: result, kind: "sw-result" },
  ];
}

/** The position and what the window covers, as a sentence. */
export function describePosition(scene, terms, { position, isShown, isAsking }) {
  const { place, output, decimals } = scene;
  const [from, to] = [terms[0], terms[terms.length - 1]];
  const rows = `rows ${formatNumber(from.row, 0)} to ${formatNumber(to.row, 0)}`;
  const columns = `columns ${formatNumber(from.column, 0)} to ${formatNumber(to.column, 0)}`;
  const value = formatNumber(output.data[indexOf(position, place)], decimals.output);
  const hidden = isAsking ? "is yours to find" : "is not computed yet";
  const said = isShown ? `is ${value}` : hidden;
  return `Output[${position.join(", ")}] ${said}. The window covers input ${rows}, ${columns}.`;
}

/** One product, as a sentence. */
export function describeProduct(scene, term, channel, order) {
  const { decimals, channels, isTurned, place } = scene;
  const { row, column, padded, pixel, weight, product, tap } = term;
  const at = (indices) => writtenPlace(indices, channel, channels, order);
  const source = padded ? "a zero outside the input" : `input${at([row, column])}`;
  const given = tap[0] * place.taps[1] + tap[1];
  const index = isTurned ? turnedTap(given, place.taps) : given;
  const taken = [Math.floor(index / place.taps[1]), index % place.taps[1]];
  const moved = isTurned ? `, turned to ${at(tap)}` : "";
  const factors = `${formatNumber(pixel, decimals.image)} × ${formatNumber(weight, decimals.kernel)}`;
  const result = formatNumber(product, decimals.image + decimals.kernel);
  return `${source} × kernel${at(taken)}${moved}: ${factors} gives ${result}.`;
}

/** What a screen reader is told of a kernel: its numbers, if they are few. */
export const spokenNumbers = (plane) => {
  const number = count(plane.shape);
  return number > 49 ? `${number} numbers` : [...plane.data].join(", ");
};
