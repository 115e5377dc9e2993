// The picture of one axis: rows of neurons, the input at the bottom, the cones, and the effective field
// below.
import { css } from "../shared/grid.js";
import { centreOf, seenBy, tapsOf } from "./growth.js";

const LABELS = 62; // room for the rows' names, in CSS pixels
const INDICES = 22; // room for the numbers under the input

/** Where everything stands. `top` and `row` are those of the table beside the picture. */
export function layOutRows({ layers, growth, sizes, depth }, { width, top, row, bars }) {
  const size = sizes[0];
  const ends = growth.slice(1, depth + 1).map((stage, index) => seenBy(stage, sizes[index + 1] - 1)[1]);
  const starts = growth.slice(1, depth + 1).map(({ start }) => start);
  const room = Math.ceil(size / 4); // a field may be far wider than the input: the rest is said in words
  const first = Math.max(-room, Math.min(0, ...starts));
  const last = Math.min(size - 1 + room, Math.max(size - 1, ...ends));
  const pitch = (width - LABELS - 12) / (last - first + 1);
  const xOf = (place) => LABELS + (place - first + 0.5) * pitch;
  const yOf = (layer) => top + (layers.length - layer + 0.5) * row;
  const radius = Math.max(1.5, Math.min(0.38 * pitch, 0.2 * row, 9));
  const height = top + (layers.length + 1) * row + INDICES + bars;
  const barsTop = top + (layers.length + 1) * row + INDICES;
  return { width, height, pitch, xOf, yOf, radius, first, last, row, bars, barsTop };
}

/** The layer and the place of the input under a point of the picture. */
export function pointedRow([y, x], { xOf, yOf, pitch, row }, depth) {
  const layer = Math.max(0, Math.min(depth, Math.round((yOf(0) - y) / row)));
  return { layer, place: (x - xOf(0)) / pitch };
}

/** All neurons and connections, none of them lit: drawn once, and copied in each frame. */
export function paintStillRows(context, theme, stack, place) {
  const { layers, growth, sizes, depth } = stack;
  context.lineWidth = 1;
  context.strokeStyle = css(theme.line, Math.min(0.7, place.pitch / 14));
  context.beginPath();
  for (let level = 1; level <= depth; level++) {
    const indices = Array.from({ length: sizes[level] }, (_, index) => index);
    connect(context, place, growth, layers, level, indices, sizes[level - 1]);
  }
  context.stroke();
  for (let level = 0; level <= layers.length; level++) {
    const isThere = level <= depth;
    label(
      context,
      theme,
      level ? `layer ${level}` : "input",
      [4, place.yOf(level)],
      isThere ? theme.ink : theme.faint,
    );
    const indices = Array.from({ length: isThere ? sizes[level] : 0 }, (_, index) => index);
    drawNeurons(context, place, growth[level], level, indices, { fill: theme.paper, line: theme.faint });
    if (!isThere) label(context, theme, "no window fits", [LABELS + 10, place.yOf(level)], theme.faint);
  }
  printIndices(context, theme, place, sizes[0]);
}

function printIndices(context, theme, place, size) {
  const step = [1, 2, 5, 10, 20, 50].find((every) => every * place.pitch >= 26) ?? 100;
  context.textAlign = "center";
  for (let index = 0; index < size; index += step) {
    label(
      context,
      theme,
      String(index),
      [place.xOf(index), place.yOf(0) + place.row / 2 + 8],
      theme.faint,
      14,
    );
  }
  context.textAlign = "left";
}

function label(context, theme, text, [x, y], colour, size = 15) {
  context.font = `${size}px ${theme.family}`;
  context.textBaseline = "middle";
  context.fillStyle = css(colour);
  context.fillText(text, x, y);
}

/** Add the lines from some neurons of a row to the row below to the path. */
function connect(context, place, growth, layers, level, indices, below) {
  for (const index of indices) {
    const x = place.xOf(centreOf(growth[level], index));
    for (const tap of tapsOf(layers[level - 1], index)) {
      if (tap < 0 || tap >= below) continue;
      context.moveTo(x, place.yOf(level));
      context.lineTo(place.xOf(centreOf(growth[level - 1], tap)), place.yOf(level - 1));
    }
  }
}

function drawNeurons(context, place, stage, level, indices, { fill, line, radius = place.radius }) {
  context.beginPath();
  for (const index of indices) {
    const x = place.xOf(centreOf(stage, index));
    context.moveTo(x + radius, place.yOf(level));
    context.arc(x, place.yOf(level), radius, 0, 2 * Math.PI);
  }
  context.fillStyle = css(fill);
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = css(line);
  context.stroke();
}

/**
 * The chosen neuron with its cones. `below` and `above` are rows of indices as coneBelow and coneAbove give
 * them; `isHidden` shows only what it is connected to directly.
 */
export function paintCones(context, theme, stack, place, { layer, index, below, above, isHidden }) {
  const { growth, layers, sizes } = stack;
  const { orange, blue } = theme.palette;
  const lowest = isHidden ? Math.max(0, layer - 1) : 0;
  context.lineWidth = 2;
  context.strokeStyle = css(orange);
  context.beginPath();
  for (let level = layer; level > lowest; level--) {
    connect(context, place, growth, layers, level, below[level], sizes[level - 1]);
  }
  context.stroke();
  if (above) paintAbove(context, theme, stack, place, { layer, above });
  const radius = place.radius + 1;
  for (let level = lowest; level < layer; level++) {
    drawNeurons(context, place, growth[level], level, below[level], {
      fill: orange,
      line: theme.ink,
      radius,
    });
  }
  if (layer && !isHidden) frameField(context, theme, stack, place, seenBy(growth[layer], index));
  const [x, y, side] = [place.xOf(centreOf(growth[layer], index)), place.yOf(layer), radius + 3];
  context.fillStyle = css(blue);
  context.fillRect(x - side, y - side, 2 * side, 2 * side);
  context.strokeStyle = css(theme.ink);
  context.strokeRect(x - side, y - side, 2 * side, 2 * side);
}

function paintAbove(context, theme, stack, place, { layer, above }) {
  const { growth, layers, sizes } = stack;
  context.strokeStyle = css(theme.palette.blue);
  context.setLineDash([5, 3]);
  context.beginPath();
  for (let level = layer + 1; level < layer + above.length; level++) {
    const isFrom = new Set(above[level - layer - 1]);
    for (const to of above[level - layer]) {
      const x = place.xOf(centreOf(growth[level], to));
      for (const tap of tapsOf(layers[level - 1], to)) {
        if (!isFrom.has(tap) || tap >= sizes[level - 1]) continue;
        context.moveTo(x, place.yOf(level));
        context.lineTo(place.xOf(centreOf(growth[level - 1], tap)), place.yOf(level - 1));
      }
    }
  }
  context.stroke();
  context.setLineDash([]);
  above.slice(1).forEach((indices, step) => {
    const level = layer + step + 1;
    const style = { fill: theme.palette.blue, line: theme.ink, radius: place.radius + 1 };
    drawNeurons(context, place, growth[level], level, indices, style);
  });
}

/** The frame round the field, and dashed circles for its pixels that lie in the padding. */
function frameField(context, theme, { sizes }, place, [first, last]) {
  const [from, to] = [Math.max(first, place.first), Math.min(last, place.last)];
  context.setLineDash([3, 3]);
  context.lineWidth = 1.5;
  context.strokeStyle = css(theme.palette.orange);
  context.beginPath();
  for (let pixel = from; pixel <= to; pixel++) {
    if (pixel >= 0 && pixel < sizes[0]) continue;
    context.moveTo(place.xOf(pixel) + place.radius, place.yOf(0));
    context.arc(place.xOf(pixel), place.yOf(0), place.radius, 0, 2 * Math.PI);
  }
  context.stroke();
  context.setLineDash([]);
  const half = Math.min(place.row * 0.42, place.radius + 7);
  const [left, right] = [place.xOf(from) - place.pitch / 2, place.xOf(to) + place.pitch / 2];
  context.lineWidth = 3;
  context.strokeRect(left, place.yOf(0) - half, right - left, 2 * half);
}

/** The effective field as bars under the input, in the frame of the theoretical one. */
export function paintBars(context, theme, place, { mean, box, field }) {
  const { barsTop, bars, pitch } = place;
  const [first, last] = [Math.max(field[0], place.first), Math.min(field[1], place.last)];
  const [left, right] = [place.xOf(first) - pitch / 2, place.xOf(last) + pitch / 2];
  const base = barsTop + bars - 6;
  const full = bars - 12;
  const largest = Math.max(...mean) || 1;
  context.fillStyle = css(theme.palette.blue);
  mean.forEach((value, index) => {
    const height = (full * value) / largest;
    const width = Math.max(1, pitch - Math.min(2, pitch / 4));
    context.fillRect(place.xOf(box[1][0] + index) - width / 2, base - height, width, height);
  });
  context.lineWidth = 2;
  context.strokeStyle = css(theme.palette.orange);
  context.strokeRect(left, base - full, right - left, full);
  const middle = (field[1] - field[0] + 1) / 4;
  const centre = place.xOf((field[0] + field[1]) / 2);
  context.setLineDash([4, 3]);
  context.strokeStyle = css(theme.ink);
  context.beginPath();
  for (const x of [centre - middle * pitch, centre + middle * pitch]) {
    context.moveTo(x, base - full);
    context.lineTo(x, base);
  }
  context.stroke();
  context.setLineDash([]);
  label(context, theme, "gradient", [4, base - full / 2], theme.ink);
}
