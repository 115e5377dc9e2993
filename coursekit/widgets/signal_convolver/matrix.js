// The Toeplitz matrix: one row for each output that the mode keeps, one column for each sample.
import {
  colourScale,
  css,
  decimalsFor,
  fittingSize,
  outline,
  pictureOf,
  prepareCanvas,
  printNumber,
  readableOn,
} from "../shared/grid.js";
import { layerOf, drawLayer } from "./paint.js";
import { matrixLayout } from "./scales.js";
import { trimmed } from "./sentences.js";
import { firstSample, largestOnDiagonals, toeplitzEntry } from "./signals.js";

const EDGE = 6; // around the matrix, so that the outline of a row at its border is seen whole
const SIGN = 28; // for × and =

/** What stays of the matrix while the kernel moves. */
export function buildMatrix(scene, theme, width, height) {
  const { signal, laid, kept, step } = scene;
  const [rows, columns] = [kept[1] - kept[0], signal.length];
  const layout = matrixLayout(width, height, rows, columns);
  const scale = colourScale(laid, theme.palette, { strength: 0.7 });
  const matrix = { ...layout, rows, columns, width, height: 0, scale };
  const tall = layout.isPrinted ? Math.max(rows, columns) : rows;
  matrix.height = Math.max(40, Math.ceil(tall * layout.cell + 2 * EDGE));
  const across = columns * layout.cell + (layout.isPrinted ? 2 * layout.cell + 2 * SIGN + 8 : 0);
  matrix.left = Math.max(EDGE, (width - across) / 2);
  matrix.top = (matrix.height - rows * layout.cell) / 2;
  matrix.step = step;
  matrix.layer = layerOf(width, matrix.height, (context) => {
    if (!rows) return;
    if (layout.isPrinted) paintEntries(context, scene, theme, matrix);
    else paintMatrixPicture(context, scene, theme, matrix);
  });
  return matrix;
}

/** One cell with its number. */
function paintEntry(context, theme, { x, y, cell, fill, text, size, colour }) {
  context.fillStyle = css(fill);
  context.fillRect(x, y, cell, cell);
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
  const ink = colour ?? readableOn(fill, theme.ink, theme.paper);
  printNumber(context, text, { x: x + cell / 2, y: y + cell / 2 + 1, size, family: theme.family, colour: ink });
}

/** The entries, and the signal as a column beside them. */
function paintEntries(context, scene, theme, matrix) {
  const { signal, laid, kept, decimals } = scene;
  const { cell, left, top, rows, columns, scale } = matrix;
  const style = { width: cell * 0.94, size: Math.min(18, cell * 0.68), family: theme.family };
  const entries = Array.from(laid, (tap) => trimmed(tap, decimals.kernel));
  const size = fittingSize(context, entries, style);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = column - firstSample(kept[0] + row, laid.length);
      const isTap = tap >= 0 && tap < laid.length;
      const at = { x: left + column * cell, y: top + row * cell, cell };
      const [text, fill] = isTap ? [entries[tap], scale.colour(laid[tap])] : ["0", theme.paper];
      paintEntry(context, theme, { ...at, fill, text, size, colour: isTap ? undefined : theme.faint });
    }
  }
  const samples = Array.from(signal, (value) => trimmed(value, decimals.signal));
  const around = colourScale(signal, theme.palette, { strength: 0.55 });
  const x = left + columns * cell + SIGN;
  const first = signalTop(matrix);
  const signalSize = fittingSize(context, samples, style);
  samples.forEach((text, index) => {
    const at = { x, y: first + index * cell, cell, fill: around.colour(signal[index]), text, size: signalSize };
    paintEntry(context, theme, at);
  });
  const sign = { size: 20, family: theme.family, colour: theme.faint, y: matrix.height / 2 };
  printNumber(context, "×", { ...sign, x: x - SIGN / 2 });
  printNumber(context, "=", { ...sign, x: x + cell + SIGN / 2 });
}

const signalTop = ({ height, columns, cell }) => (height - columns * cell) / 2;

/** The first and the last entry that a pixel of the picture covers, at `ratio` pixels an entry. */
const entriesUnder = (pixel, ratio) => {
  const first = Math.floor(pixel / ratio);
  return [first, Math.max(first, Math.ceil((pixel + 1) / ratio) - 1)];
};

/** The matrix as a picture: its entries depend on row minus column alone, so one colour a diagonal is enough. */
function paintMatrixPicture(context, { laid, kept, signal }, theme, matrix) {
  const { cell, left, top, rows, columns, scale } = matrix;
  const ratio = Math.min(1, cell * (window.devicePixelRatio || 1)); // never more than one entry a pixel
  const [high, wide] = [Math.max(1, Math.round(rows * ratio)), Math.max(1, Math.round(columns * ratio))];
  const values = new Float64Array(high * wide);
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const [from, to] = entriesUnder(row, ratio);
      const [start, end] = entriesUnder(column, ratio);
      values[row * wide + column] =
        ratio === 1
          ? toeplitzEntry(laid, kept[0] + row, column)
          : largestOnDiagonals(laid, kept[0] + from - end, kept[0] + to - start);
    }
  }
  const picture = pictureOf({ shape: [high, wide], data: values }, scale);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, left, top, signal.length * cell, rows * cell);
  context.strokeStyle = css(theme.line);
  context.strokeRect(left - 0.5, top - 0.5, columns * cell + 1, rows * cell + 1);
}

/** The row of a position, counted from the first that the mode keeps; null where the mode drops it. */
export const rowOf = (position, [first, after]) => (position >= first && position < after ? position - first : null);

/** The matrix with the present row lit and, beside it, the outputs as far as they are shown. */
export function paintMatrix(canvas, scene, theme, { position, isGrowing }) {
  const { matrix, kept } = scene;
  const { cell, left, top, columns, isPrinted } = matrix;
  const context = prepareCanvas(canvas, matrix.width, matrix.height);
  drawLayer(context, matrix.layer);
  const row = rowOf(position, kept);
  const x = left + columns * cell + 2 * SIGN + cell;
  if (isPrinted) paintOutputs(context, scene, theme, { x, last: isGrowing ? position : Infinity });
  if (row === null) return;
  const line = { line: theme.focus, halo: theme.paper, thickness: isPrinted && cell >= 20 ? 3 : 2 };
  const tall = Math.max(cell, isPrinted ? cell : 3);
  outline(context, [left, top + row * cell - (tall - cell) / 2, columns * cell, tall], line);
  if (!isPrinted) return;
  outline(context, [left + columns * cell + SIGN - 1, signalTop(matrix) - 1, cell + 2, columns * cell + 2], line);
  outline(context, [x, top + row * cell, cell + 8, cell], line);
}

function paintOutputs(context, scene, theme, { x, last }) {
  const { matrix, kept, output, decimals } = scene;
  const { cell, top, rows } = matrix;
  const texts = Array.from(output.subarray(kept[0], kept[1]), (value) => trimmed(value, decimals.output));
  if (!texts.length) return;
  const wide = cell + 8;
  const style = { width: wide * 0.94, size: Math.min(18, cell * 0.68), family: theme.family };
  matrix.outputSize ??= fittingSize(context, texts, style);
  for (let row = 0; row < rows; row++) {
    const y = top + row * cell;
    context.strokeStyle = css(theme.line);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, wide - 1, cell - 1);
    if (kept[0] + row > last) continue;
    const number = { x: x + wide / 2, y: y + cell / 2 + 1, size: matrix.outputSize };
    printNumber(context, texts[row], { ...number, family: theme.family, colour: theme.ink });
  }
}

/** The position whose row is under y; null beside the matrix. */
export function positionOfRow({ matrix, kept }, y) {
  if (!matrix.rows) return null;
  const row = Math.floor((y - matrix.top) / matrix.cell);
  return kept[0] + Math.max(0, Math.min(matrix.rows - 1, row));
}

/** What the colours of a picture of the matrix mean. */
export function matrixLegend({ matrix, laid }) {
  if (matrix.isPrinted || !matrix.rows) return "";
  const decimals = decimalsFor(laid);
  const [low, high] = [matrix.scale.least, matrix.scale.greatest].map((value) => trimmed(value, decimals));
  const range = matrix.scale.least < 0 ? `Blue ${low} to orange ${high}, blank 0` : `Blank 0 to orange ${high}`;
  return `Each row: the kernel, one place further. ${range}.`;
}
