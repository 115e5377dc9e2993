// The five maps of the meter: numbers or pictures, what came in, what differs.
import {
  colourScale,
  css,
  decimalsFor,
  fittingSize,
  formatNumber,
  hatch,
  MARGIN,
  mix,
  paintOneCell,
  prepareCanvas,
  printNumber,
} from "../shared/grid.js";
import { goesRound, largestIn, outputShift } from "./comparison.js";

/** Rows or columns up to which the image is shown as numbers. */
export const MOST_NUMBERS = 12;

/** Below this many pixels a cell has no frame of its own. */
const FRAMED = 14;

/** Below this many a line around all of them together would hide them. */
const OUTLINED = 3;

/** The cell of the image in `width` pixels, and how many maps stand in a row. */
export function meterLayout(width, [rows, columns]) {
  const inRow = width >= 1000 ? 5 : width >= 620 ? 3 : 2;
  const gaps = inRow === 5 ? 80 : 24;
  const room = (width - gaps) / inRow - 2 * MARGIN;
  const side = Math.min(room, inRow === 5 ? 232 : 260);
  const cell = Math.min(side / columns, side / rows, 48);
  return { cell: cell >= 8 ? Math.floor(cell) : cell, inRow };
}

/** What the drawing needs that stays the same while the image is shifted. */
export function meterScene(numbers, theme, width) {
  const { image, output, maps } = numbers;
  const layout = meterLayout(width, image.shape);
  const isPicture = Math.max(...image.shape) > MOST_NUMBERS;
  const box = image.shape.map((size) => size * layout.cell);
  const scaleOf = (values) => {
    const { palette } = theme;
    if (!isPicture) return colourScale(values, palette, { strength: 0.55 });
    const withZero = new Float64Array(values.length + 1); // zeros may come in
    withZero.set(values);
    return colourScale(withZero, palette, { picture: true });
  };
  const scales = {
    image: scaleOf(image.data),
    output: output && scaleOf(output.data),
    maps: maps && scaleOf(maps.data),
  };
  const decimals = {
    image: decimalsFor(image.data),
    output: output && decimalsFor(output.data),
    maps: maps && decimalsFor(maps.data),
  };
  return { ...layout, isPicture, box, scales, decimals, layers: {}, painted: {} };
}

/** Where a map of `shape` stands on its canvas: enlarged to the room of the image, in its middle. */
export function mapPlace({ box }, shape) {
  const cell = Math.min(box[0] / shape[0], box[1] / shape[1], 120);
  const [top, left] = shape.map((size, axis) => MARGIN + (box[axis] - size * cell) / 2);
  return { cell, top, left };
}

export const openMap = (canvas, { box }) => prepareCanvas(canvas, box[1] + 2 * MARGIN, box[0] + 2 * MARGIN);

/** A map: its numbers where they fit, else its pixels; NaN is hatched: nothing is known there. */
export function paintMap(context, scene, theme, name, array, look) {
  const place = mapPlace(scene, array.shape);
  if (place.cell < FRAMED) paintPixels(context, scene, name, array, look.scale, place);
  else paintNumbers(context, theme, array, look, place);
  paintUnknown(context, theme, array, place);
  return place;
}

/** `fill`: the part of a cell's width that its number may take. */
function paintNumbers(context, theme, { shape, data }, { scale, decimals, fill = 0.9 }, { cell, top, left }) {
  const longest = [scale.least, scale.greatest].map((value) => formatNumber(value, decimals));
  const wanted = {
    width: cell * fill,
    size: Math.min(30, cell * (cell < 34 ? 0.58 : 0.45)),
    family: theme.family,
  };
  const size = fittingSize(context, longest, wanted);
  for (let index = 0; index < data.length; index++) {
    if (Number.isNaN(data[index])) continue;
    const at = [left + (index % shape[1]) * cell, top + Math.floor(index / shape[1]) * cell, cell];
    const ground = scale.colour(data[index]);
    paintOneCell(context, theme, at, { fill: ground, text: formatNumber(data[index], decimals), size });
  }
}

/** Colours of a picture: more than an eye tells apart, few enough to be looked up. */
const LEVELS = 512;

/** [r, g, b] as one word of an ImageData: ABGR on every machine that runs a browser today. */
const asWord = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

function levelsOf({ colour, least, greatest }) {
  const apart = (greatest - least) / LEVELS;
  return Uint32Array.from({ length: LEVELS }, (_, at) => asWord(colour(least + (at + 0.5) * apart)));
}

/** One screen pixel a value on a layer that is kept, then enlarged. */
function paintPixels(context, scene, name, { shape, data }, scale, { cell, top, left }) {
  const key = shape.join();
  if (scene.layers[name]?.key !== key) {
    const layer = document.createElement("canvas");
    [layer.height, layer.width] = shape;
    const own = layer.getContext("2d");
    scene.layers[name] = { key, layer, own, pixels: own.createImageData(shape[1], shape[0]) };
  }
  const { layer, own, pixels } = scene.layers[name];
  scale.levels ??= levelsOf(scale);
  const { least, greatest, levels } = scale;
  const [words, zero] = [new Uint32Array(pixels.data.buffer), asWord(scale.colour(0))];
  const steps = LEVELS / (greatest - least || 1);
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (value === 0) words[index] = zero;
    else if (Number.isNaN(value)) words[index] = 0;
    else words[index] = levels[Math.max(0, Math.min(LEVELS - 1, Math.floor((value - least) * steps)))];
  }
  own.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < 1;
  context.drawImage(layer, left, top, shape[1] * cell, shape[0] * cell);
}

/** Hatch the cells that are not known: whole rows and columns at the ends. */
function paintUnknown(context, theme, { shape, data }, { cell, top, left }) {
  const [rows, columns] = shape;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!Number.isNaN(data[row * columns + column])) continue;
      let end = column;
      while (end < columns && Number.isNaN(data[row * columns + end])) end += 1;
      hatch(context, theme, [left + column * cell, top + row * cell, (end - column) * cell, cell]);
      column = end;
    }
  }
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, columns * cell - 1, rows * cell - 1);
}

/** A dashed line where what came in joins what was there. `steps` is the shift in cells of the map. */
export function paintSeam(context, theme, shape, steps, { cell, top, left }) {
  context.setLineDash([6, 4]);
  for (const [colour, width] of [
    [theme.paper, cell < FRAMED ? 3 : 5],
    [theme.ink, cell < FRAMED ? 1.5 : 2.5],
  ]) {
    context.strokeStyle = css(colour);
    context.lineWidth = width;
    context.beginPath();
    if (steps[0] % shape[0]) {
      const y = top + (((steps[0] % shape[0]) + shape[0]) % shape[0]) * cell;
      context.moveTo(left, y);
      context.lineTo(left + shape[1] * cell, y);
    }
    if (steps[1] % shape[1]) {
      const x = left + (((steps[1] % shape[1]) + shape[1]) % shape[1]) * cell;
      context.moveTo(x, top);
      context.lineTo(x, top + shape[0] * cell);
    }
    context.stroke();
  }
  context.setLineDash([]);
}

/** A mean, and above it the map that it is the mean of. */
export function paintMean(context, scene, theme, name, mean, maps, decimals) {
  const { scales, box } = scene;
  const cell = Math.min((0.68 * box[0]) / maps.shape[0], box[1] / maps.shape[1]);
  const place = { cell, top: MARGIN, left: MARGIN + (box[1] - maps.shape[1] * cell) / 2 };
  if (cell < FRAMED) paintPixels(context, scene, name, maps, scales.maps, place);
  else
    paintNumbers(
      context,
      theme,
      maps,
      { scale: scales.maps, decimals: scene.decimals.maps, fill: cell < 22 ? 0 : 0.9 },
      place,
    );
  paintUnknown(context, theme, maps, place);
  const text = `mean ${formatNumber(mean.data[0], decimals)}`;
  const at = { x: MARGIN + box[1] / 2, y: MARGIN + 0.85 * box[0] };
  printNumber(context, text, {
    ...at,
    size: Math.min(28, box[1] / 7),
    family: theme.family,
    colour: theme.ink,
  });
}

/** The seams of a shifted output: only along the axes on which the outputs come round. */
export function outputSeam(place, entering, shift) {
  const round = goesRound(place, entering);
  return shift.map((pixels, axis) => (round[axis] ? outputShift(pixels, place.step) : 0));
}

/** A colour for a difference: paper for none, and never too pale to be seen for one that counts. */
export function differenceScale(found, theme, isPicture) {
  const { palette } = theme;
  const largest = largestIn(found.difference.data) || 1;
  const strongest = isPicture ? 1 : 0.6;
  const colour = (value) => {
    if (!value || !found.differing) return palette.neutral;
    const share = strongest * (0.3 + 0.7 * Math.min(1, Math.abs(value) / largest));
    return mix(palette.neutral, value < 0 ? palette.blue : palette.orange, share);
  };
  return { colour, least: -largest, greatest: largest };
}

/** Frame what differs: each cell (dashed near the border, solid inside), or the edge of small ones. */
export function frameDiffering(context, theme, { differs, near, difference }, { cell, top, left }) {
  const columns = difference.shape[1];
  context.strokeStyle = css(theme.ink);
  if (cell < OUTLINED) return;
  if (cell < FRAMED) {
    edgeOf(context, differs, difference.shape, { cell, top, left });
    return;
  }
  context.lineWidth = 2;
  for (let index = 0; index < differs.length; index++) {
    if (!differs[index]) continue;
    context.setLineDash(near?.[index] ? [4, 3] : []);
    const [x, y] = [left + (index % columns) * cell, top + Math.floor(index / columns) * cell];
    context.strokeRect(x + 1.5, y + 1.5, cell - 3, cell - 3);
  }
  context.setLineDash([]);
}

/** The outline of all differing cells together. */
function edgeOf(context, differs, [rows, columns], { cell, top, left }) {
  const at = (row, column) =>
    row >= 0 && column >= 0 && row < rows && column < columns && differs[row * columns + column];
  context.lineWidth = 1;
  context.beginPath();
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      const [x, y, here] = [left + column * cell, top + row * cell, Boolean(at(row, column))];
      if (here !== Boolean(at(row - 1, column))) {
        context.moveTo(x, y);
        context.lineTo(x + cell, y);
      }
      if (here !== Boolean(at(row, column - 1))) {
        context.moveTo(x, y);
        context.lineTo(x, y + cell);
      }
    }
  }
  context.stroke();
}

/** A map that is to be predicted: an empty frame with a question mark. */
export function coverMap(context, { box }, theme) {
  context.strokeStyle = css(theme.faint);
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.strokeRect(MARGIN + 0.5, MARGIN + 0.5, box[1] - 1, box[0] - 1);
  context.setLineDash([]);
  const middle = { x: MARGIN + box[1] / 2, y: MARGIN + box[0] / 2, size: 48 };
  printNumber(context, "?", { ...middle, family: theme.family, colour: theme.faint });
}
