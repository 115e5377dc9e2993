// What the pooling explorer says: the window's sum, where its gradient goes, what a pixel collects.
import { decimalsFor, formatNumber, isShownExactly, shorten } from "../shared/grid.js";
import { indexIn, partsOf } from "./scene.js";
import { boxOf, contributions, indicesOf, isMaximum, maximaOf } from "./pooling.js";

/** A number as short as it stays honest: "0.25", "0.33", "−2". */
export const numeral = (value) => formatNumber(value, decimalsFor([value]));

/** "= 0.25", or "≈ 0.33" where digits are left out. */
export const equals = (value) =>
  `${isShownExactly(value, decimalsFor([value])) ? "=" : "≈"} ${numeral(value)}`;

const summand = (value, index) => (value < 0 && index ? `(${numeral(value)})` : numeral(value));
const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/** A sum written out, shortened in the middle: "0.5 + 1 = 1.5". */
export function writtenSum(values) {
  const written = (index) => (index === null ? "…" : summand(values[index], index));
  const terms = shorten(values.length).map(written);
  return `${terms.join(" + ")} ${equals(values.reduce((sum, value) => sum + value, 0))}`;
}

/** "row 2, column 3", with the channel where a window has several. */
export function placeName(scene, index) {
  const [, height, width] = scene.maps.shape;
  const within = index % (height * width);
  const where = `row ${Math.floor(within / width)}, column ${within % width}`;
  return scene.place.pieces > 1 ? `channel ${(index - within) / (height * width)}` : where;
}

/** "(2, 3)", or the channel. */
const shortName = (scene, index) =>
  scene.place.pieces > 1 ? placeName(scene, index) : `(${placeName(scene, index).match(/\d+/g).join(", ")})`;

/** The shown places of a long list, and in its gap that of the winner (−1: there is none). */
function withWinner(places, winner) {
  if (winner < 0 || places.includes(winner)) return places;
  const gap = places.indexOf(null);
  return [...places.slice(0, gap + 1), winner, null, ...places.slice(gap + 1)];
}

/**
 * The window's number as parts: { before, terms: [{ text, wins }], between, after, result, box }. A gap in
 * `terms` is null.
 * With `isHidden` the result is a question mark and nothing tells who won.
 */
export function writtenWindow(scene, position, isHidden) {
  const { maps, place, channel } = scene;
  const box = boxOf(place, channel, ...position);
  const indices = indicesOf(maps.shape, box);
  const takesLargest = isMaximum(place.mode);
  const winners = takesLargest && !isHidden ? new Set(maximaOf(maps, box)) : new Set();
  const decimals = decimalsFor(indices.map((index) => maps.data[index]));
  const first = indices.findIndex((index) => winners.has(index));
  const terms = withWinner(shorten(indices.length, isHidden ? 49 : 16), first).map((at) => {
    if (at === null) return null;
    const text = formatNumber(maps.data[indices[at]], decimals);
    const isFactor = !takesLargest && at && text.startsWith("−");
    return { text: isFactor ? `(${text})` : text, wins: winners.has(indices[at]) };
  });
  const value = scene.output.data[position[0] * place.output[1] + position[1]];
  const result = isHidden ? "= ?" : equals(value);
  if (takesLargest) return { before: "max(", terms, between: ", ", after: ")", result, box };
  const zeros = box.padded ? ` + ${box.padded} × 0` : "";
  return {
    before: "(",
    terms,
    between: " + ",
    after: `${place.countPadding ? zeros : ""}) / ${box.counted}`,
    result,
    box,
  };
}

/**
 * How many maxima a window has, where they are (`names`), and who gets its gradient. "" for one maximum.
 */
export function tieWords(names, ties, gradient) {
  const number = names.length;
  if (number < 2) return "";
  const start = `${number} maxima${number > 4 ? "" : `, at ${names.join(", ")}`}:`;
  if (ties === "first") return `${start} the first gets it, the others nothing.`;
  const together = `${number} × ${numeral(gradient)} = ${numeral(number * gradient)}`;
  return `${start} all get it, so ${together} flows back.`;
}

/** Where the gradient of a window goes, as one or two sentences. */
export function gradientWords(scene, position) {
  const { maps, place, channel, ties, sent } = scene;
  const gradient = sent.data[position[0] * place.output[1] + position[1]];
  const box = boxOf(place, channel, ...position);
  if (!isMaximum(place.mode)) {
    const share = `${numeral(gradient)} / ${box.counted} ${equals(gradient / box.counted)}`;
    return `Back: ${box.pixels > 1 ? `each of ${box.pixels} pixels` : "1 pixel"} gets ${share}.`;
  }
  const maxima = maximaOf(maps, box);
  const names = maxima.map((index) => shortName(scene, index));
  const tie = tieWords(names, ties, gradient);
  if (ties === "all" && maxima.length > 1) return `Back: gradient ${numeral(gradient)}. ${tie}`;
  const shares = sharesOf(scene, maxima[0]);
  const adds = shares.length > 1 ? `, where ${shares.length} windows add up: ${writtenSum(shares)}` : "";
  return `Back: gradient ${numeral(gradient)} → ${placeName(scene, maxima[0])}${adds}. ${tie}`.trim();
}

/** What the windows that a pixel wins send it. */
const sharesOf = ({ maps, place, channel, sent, ties }, pixel) =>
  contributions(maps, place, channel, sent.data, ties, pixel)
    .filter(({ gets }) => gets)
    .map(({ share }) => share);

const positionsIn = (parts) =>
  parts.length > 6 ? "" : ` at ${parts.map(({ position }) => `(${position.join(", ")})`).join(", ")}`;

/** Where the gradient of a pixel comes from: { reading, collected }. `isHidden` keeps the sum back. */
export function pixelStory(scene, focus, isHidden) {
  const parts = partsOf(scene, focus);
  const [row, column] = focus.pixel;
  const value = scene.maps.data[indexIn(scene.maps, scene.planes[focus.piece], focus.pixel)];
  const name = `Row ${row}, column ${column} holds ${numeral(value)}.`;
  if (!parts.length)
    return { reading: `${name} No window reads it.`, collected: isHidden ? "" : "Its gradient is 0." };
  const windows = parts.length === 1 ? "1 window reads it" : `${parts.length} windows read it`;
  const reading = `${name} ${windows}: output${positionsIn(parts)}.`.replace(": output.", ".");
  if (isHidden) return { reading, collected: "" };
  if (!isMaximum(scene.place.mode)) {
    const shares = parts.map(({ share }) => share);
    return { reading, collected: `Its shares add up: ${writtenSum(shares)}` };
  }
  const paying = parts.filter(({ isMaximum: wins }) => wins);
  if (!paying.length) return { reading, collected: "It is the maximum of none: its gradient is 0." };
  const shares = parts.filter(({ gets }) => gets);
  if (!shares.length)
    return { reading, collected: "It ties, but another maximum comes first: its gradient is 0." };
  const wins = `It wins in ${plural(shares.length, "window")}`;
  const sum = shares.length > 1 ? writtenSum(shares.map(({ share }) => share)) : numeral(shares[0].share);
  return {
    reading,
    collected: `${wins}: ${shares.length > 1 ? "the gradients add up, " : "gradient "}${sum}`,
  };
}

/** The output's size written out: "rows ⌊(6 + 2·0 − 2) / 2⌋ + 1 = 3". */
export function sizeWords({ mode, input, padding, taps, stride, output, rounding, maps, outputMaps }) {
  if (mode.startsWith("global")) return `The window is the whole map: ${input.join(" × ")} → 1 × 1.`;
  if (mode === "maxout") {
    const pieces = plural(maps[0] / outputMaps[0], "channel");
    const counts = `${maps[0]} channels → ${outputMaps[0]}`;
    return `The window is ${pieces} at one pixel: ${counts}, height and width stay.`;
  }
  const [open, close] = rounding === "ceil" ? "⌈⌉" : "⌊⌋";
  const axes = ["rows", "columns"].map((noun, axis) => {
    const room = `(${input[axis]} + 2·${padding[axis]} − ${taps[axis]}) / ${stride[axis]}`;
    const formula = `${open}${room}${close} + 1`;
    const steps = (input[axis] + 2 * padding[axis] - taps[axis]) / stride[axis];
    const counted = (rounding === "ceil" ? Math.ceil(steps) : Math.floor(steps)) + 1;
    const less = counted > output[axis] ? ` − 1 (it would start in the padding)` : "";
    return `${noun} ${formula}${less} = ${output[axis]}`;
  });
  return `Output ${axes.join(", ")}.`;
}

/** "row 6", "columns 3, 5", "12 rows"; nothing where all are read. */
function unreadNames(noun, lost) {
  if (!lost.length) return [];
  if (lost.length > 3) return [`${lost.length} ${noun}s`];
  return [`${noun}${lost.length > 1 ? "s" : ""} ${lost.join(", ")}`];
}

/** What is never read, or hangs over: "Column 6 is read by no window." */
export function edgeWords({ place, unread }) {
  const lost = ["row", "column"].flatMap((noun, axis) => unreadNames(noun, unread[axis]));
  const isOne = lost.length === 1 && unread[0].length + unread[1].length === 1;
  const named = lost.join(" and ");
  const start = `${named.slice(0, 1).toUpperCase()}${named.slice(1)} ${isOne ? "is" : "are"}`;
  const lines = named ? [`${start} read by no window (hatched): gradient 0.`] : [];
  if (place.padding.some(Boolean)) {
    lines.unshift(
      isMaximum(place.mode) ? "The padding holds −∞ and never wins." : "The padding holds zeros.",
    );
  }
  const reach = [0, 1].map(
    (axis) => (place.output[axis] - 1) * place.stride[axis] + place.taps[axis] - place.padded[axis],
  );
  if (reach.some((beyond) => beyond > 0))
    lines.push("The last window hangs over the far end and sees only what is there.");
  return lines.join(" ");
}

/** What pooling is and is not. */
export function factWords({ place }) {
  const { mode, maps, outputMaps } = place;
  const [before, after] = [maps, outputMaps].map((shape) => shape.reduce((product, size) => product * size));
  const what = mode === "maxout" ? "Maxout" : isMaximum(mode) ? "Max pooling" : "Average pooling";
  return `${what} has 0 parameters: it learns nothing. It makes ${plural(after, "number")} out of ${before}.`;
}

/** What a shift by one pixel changed. */
export function shiftWords({ direction, pixels, changedPixels, outputs, changedOutputs }) {
  const verdict = changedOutputs
    ? "Pooling is not invariant to shifts"
    : "This shift is forgiven, not every one is";
  return (
    `Shifted ${direction} by 1 (what leaves comes back on the other side): ` +
    `${changedPixels} of ${pixels} pixels and ${changedOutputs} of ${plural(outputs, "output")} changed. ` +
    `${verdict}: see EquivarianceMeter.`
  );
}
