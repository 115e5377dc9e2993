// Drawing a picture or a response on a canvas: values as colours, the window, numbered rings at the peaks.
import { css, mix, outline, prepareCanvas } from "../shared/grid.js";

/** Colours of a table: an odd number, so that zero has the middle one. */
const SHADES = 511;

/** One colour for each of the shades from low to high, as a canvas stores them in memory. */
const asTable = (colourAt) =>
  Uint32Array.from({ length: SHADES }, (_, at) => {
    const [r, g, b] = colourAt(at / (SHADES - 1));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });

/** The tables of a theme: grey, and blue to orange through the page's own colour at zero. */
export function colourTables({ neutral, blue, orange, black, white }) {
  return {
    grey: asTable((share) => mix(black, white, share)),
    signed: asTable((share) => {
      const part = Math.abs(2 * share - 1) ** 0.65; // pale responses would be lost on a projector
      return mix(neutral, share < 0.5 ? blue : orange, part);
    }),
  };
}

/** The least and the greatest of some values. */
export function extremes(values) {
  let [least, greatest] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    if (values[at] < least) least = values[at];
    if (values[at] > greatest) greatest = values[at];
  }
  return [least, greatest];
}

/** What is shown as black and as white: 0 and 1 if nothing lies beyond, else the extremes. */
export function greyRange(values) {
  const [least, greatest] = extremes(values);
  if (least >= 0 && greatest <= 1) return [0, 1];
  return [least, greatest > least ? greatest : least + 1];
}

/** A picture in memory, one screen pixel a value, that is painted again and again. */
export function bitmap() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let [image, pixels] = [null, null];
  /** Paint values in row order, from the first colour of the table at `low` to the last at `high`. */
  const paint = (values, [rows, columns], [low, high], table) => {
    if (canvas.width !== columns || canvas.height !== rows || !image) {
      Object.assign(canvas, { width: columns, height: rows });
      image = context.createImageData(columns, rows);
      pixels = new Uint32Array(image.data.buffer);
    }
    const [factor, last] = [(SHADES - 1) / (high - low), SHADES - 1];
    for (let at = 0; at < values.length; at++) {
      const place = (values[at] - low) * factor + 0.5;
      pixels[at] = table[place < 0 ? 0 : place > last ? last : place | 0];
    }
    context.putImageData(image, 0, 0);
  };
  return { canvas, paint };
}

/**
 * Draw a bitmap in a frame of `room` [rows, columns] pixels of the image, `offset` from its corner, enlarged
 * by `scale`. Returns { context, at }, where `at([row, column])` is the point of a pixel's corner, [x, y].
 */
export function drawMap(canvas, theme, source, { room, shape, offset, scale }) {
  const [height, width] = room.map((size) => Math.round(size * scale));
  const context = prepareCanvas(canvas, width + 2 * EDGE, height + 2 * EDGE);
  const at = ([row, column]) => [EDGE + (column + offset[1]) * scale, EDGE + (row + offset[0]) * scale];
  context.imageSmoothingEnabled = scale < 2; // large pixels stay sharp, small ones do not flicker
  if (source) context.drawImage(source, ...at([0, 0]), shape[1] * scale, shape[0] * scale);
  if (offset[0] || offset[1] || !source) {
    context.setLineDash([4, 3]);
    context.strokeStyle = css(theme.faint);
    context.lineWidth = 1;
    context.strokeRect(EDGE + 0.5, EDGE + 0.5, width - 1, height - 1);
    context.setLineDash([]);
  }
  return { context, at };
}

/** Room around a map on its canvas: a ring or a frame at its border is seen whole. */
export const EDGE = 6;

/** Frame some pixels, black within white: it is seen on any picture. Dashed where asked. */
export function frameCells({ context, at }, box, scale, { dashed = false, colour } = {}) {
  const [row, column, rows, columns] = box;
  const [x, y] = at([row, column]);
  const [least, line] = [5, colour ?? [0, 0, 0]];
  const [width, height] = [Math.max(least, columns * scale), Math.max(least, rows * scale)];
  const [left, top] = [x - (width - columns * scale) / 2, y - (height - rows * scale) / 2];
  const frame = [left, top, width, height];
  if (!dashed) outline(context, frame, { line, halo: [255, 255, 255], thickness: 2 });
  else {
    outline(context, frame, { line: [255, 255, 255], halo: [255, 255, 255], thickness: 1 });
    context.setLineDash([5, 4]);
    context.strokeStyle = css(line);
    context.lineWidth = 2;
    context.strokeRect(...frame);
    context.setLineDash([]);
  }
}

/** A numbered ring around the middle of a pixel. */
export function drawRing({ context, at }, [row, column], number, scale, theme) {
  const [x, y] = at([row + 0.5, column + 0.5]);
  const radius = Math.max(8, 0.75 * scale);
  for (const [colour, width] of [
    ["white", 5],
    ["black", 2],
  ]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
  drawTag(context, [x, y], radius, number, theme);
}

/** The number beside a point, `radius` away from it, on the side where there is room. */
export function drawTag(context, [x, y], radius, number, theme) {
  const side = x + radius + 20 < parseFloat(context.canvas.style.width) ? 1 : -1;
  const level = y - radius - 6 > 0 ? -1 : 1;
  const [middle, baseline] = [x + side * (radius + 7), y + level * (radius - 1)];
  const tag = tagOf(number, theme.family);
  context.drawImage(tag, middle - TAG[0] / 2, baseline - TAG[1] / 2, ...TAG);
}

/** Width and height of a tag. */
const TAG = [18, 20];
const tags = new Map();

/** The number on a white ground, drawn once: text costs more than all else that is drawn in a frame. */
function tagOf(number, family) {
  const key = `${number} ${family} ${window.devicePixelRatio}`;
  if (tags.has(key)) return tags.get(key);
  const canvas = document.createElement("canvas");
  const context = prepareCanvas(canvas, ...TAG);
  context.fillStyle = "white";
  context.strokeStyle = "black";
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(1, 1, TAG[0] - 2, TAG[1] - 2, 4);
  context.fill();
  context.stroke();
  context.fillStyle = "black";
  context.font = `600 15px ${family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(number), TAG[0] / 2, TAG[1] / 2 + 1);
  tags.set(key, canvas);
  return canvas;
}
