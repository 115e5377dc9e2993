// The grids of a recorded function: what it reads lights up, what it wrote stands in the output.
import { colourScale, css, decimalsFor, fittingSize, formatNumber, MARGIN } from "../shared/grid.js";
import { outline, paintCells, paintOneCell, prepareCanvas, printNumber } from "../shared/grid.js";
import { outputAt } from "./trace.js";

/** Beside the source, or below it where the page is narrow. */
const NARROW_TRACE = 900;
const [LARGEST_CELL, SMALLEST_CELL, TALLEST_GRID] = [48, 14, 300];
/** Widths that the headings and the signs between the panels need. */
const [HEADINGS, SIGNS_WIDTH] = [[120, 130, 180], 80];

/**
 * How the grids are arranged: "row", input, kernel and output side by side; "apart", the kernel below the
 * source, so that a large input has room; "column", one below the other. And the size of a cell.
 */
export function arrangeGrids(width, sourceWidth, shapes) {
  const room = width - sourceWidth;
  const tallest = Math.max(...shapes.map(([rows]) => rows));
  const most = Math.min(LARGEST_CELL, Math.floor(TALLEST_GRID / tallest));
  const wide = (index, cell) => Math.max(HEADINGS[index], shapes[index][1] * cell + 2 * MARGIN);
  const widths = {
    row: (cell) => wide(0, cell) + wide(1, cell) + wide(2, cell) + SIGNS_WIDTH,
    apart: (cell) => wide(0, cell) + wide(2, cell) + SIGNS_WIDTH / 2,
    column: (cell) => Math.max(wide(0, cell), wide(1, cell), wide(2, cell)),
  };
  const largest = (arrangement) => {
    const start = arrangement === "column" ? Math.min(36, most) : most;
    for (let cell = start; cell > SMALLEST_CELL; cell--) if (widths[arrangement](cell) <= room) return cell;
    return SMALLEST_CELL;
  };
  const row = largest("row");
  if (row >= Math.min(26, most)) return { arrangement: "row", cell: row };
  const arrangement = sourceWidth ? "apart" : "column";
  return { arrangement, cell: largest(arrangement) };
}

/** All that stays the same from step to step: the size of a cell, scales and decimals. */
export function traceScene(trace, theme, width) {
  const isNarrow = width < NARROW_TRACE;
  const sourceWidth = trace.source.length && !isNarrow ? Math.min(520, width * 0.42) + 24 : 0;
  const shapes = [trace.image.shape, trace.kernel.shape, trace.output ?? [1, 1]];
  const { arrangement, cell } = arrangeGrids(width, sourceWidth, shapes);
  const last = trace.events.length ? outputAt(trace, trace.events.length - 1).values : new Float64Array(0);
  const output = { shape: trace.output ?? [0, 0], data: last.filter(Number.isFinite) };
  const arrays = { image: trace.image, kernel: trace.kernel, output };
  const scales = {};
  const decimals = {};
  for (const [name, { data }] of Object.entries(arrays)) {
    scales[name] = colourScale(data, theme.palette, { strength: 0.55 });
    decimals[name] = decimalsFor(data);
  }
  // A kernel that stands by itself can be larger.
  const kernelCell = arrangement === "apart" ? Math.max(cell, Math.min(40, Math.floor(120 / shapes[1][0]))) : cell;
  return { isNarrow, arrangement, cell, kernelCell, arrays, scales, decimals };
}

/** Draw all three grids at a step. */
export function paintRecorded(parts, scene, theme, trace, shown) {
  for (const name of ["image", "kernel"]) {
    const cell = name === "kernel" ? scene.kernelCell : scene.cell;
    const context = openGrid(parts[name].canvas, trace[name].shape, cell);
    const [scale, decimals] = [scene.scales[name], scene.decimals[name]];
    paintCells(context, theme, trace[name], { origin: [MARGIN, MARGIN], cell, scale, decimals });
    if (name === "image") paintRightWindow(context, theme, scene, trace, shown.window);
    const stray = name === "image" ? shown.stray : new Set();
    paintReads(context, theme, cell, trace[name].shape, shown.marks[name], stray);
  }
  paintWritten(parts.output.canvas, scene, theme, trace, shown);
}

const openGrid = (canvas, [rows, columns], cell) =>
  prepareCanvas(canvas, columns * cell + 2 * MARGIN, rows * cell + 2 * MARGIN);

const cellBox = (flat, columns, cell) => [
  MARGIN + (flat % columns) * cell,
  MARGIN + Math.floor(flat / columns) * cell,
  cell,
  cell,
];

/** The window that the output should read, dashed: as much of it as lies on the image. */
function paintRightWindow(context, theme, { cell }, { image }, window) {
  if (!window.length) return;
  const clip = (value, size) => Math.max(0, Math.min(size, value));
  const [rows, columns] = [window.map(({ row }) => row), window.map(({ column }) => column)];
  const [top, bottom] = [Math.min(...rows), Math.max(...rows) + 1].map((at) => clip(at, image.shape[0]));
  const [left, right] = [Math.min(...columns), Math.max(...columns) + 1].map((at) => clip(at, image.shape[1]));
  if (bottom <= top || right <= left) return;
  dashedBox(context, theme, [MARGIN + left * cell, MARGIN + top * cell, (right - left) * cell, (bottom - top) * cell], 2);
}

function dashedBox(context, theme, [x, y, width, height], thickness) {
  context.save();
  context.setLineDash([5, 4]);
  context.lineWidth = thickness;
  context.strokeStyle = css(theme.ink);
  context.strokeRect(x, y, width, height);
  context.restore();
}

/** Cells that are read now: a frame each, and a sign on those that do not belong to the window. */
function paintReads(context, theme, cell, [, columns], marked, stray) {
  const style = { line: theme.ink, halo: theme.paper, thickness: marked.length > 1 ? 2 : 3 };
  for (const flat of marked) {
    const [x, y] = cellBox(flat, columns, cell);
    outline(context, [x + 2, y + 2, cell - 4, cell - 4], style);
    if (stray.has(flat)) paintWrongSign(context, theme, [x + cell, y], cell);
  }
}

/** An exclamation mark on a disc in the upper right corner: wrong, without any colour. */
function paintWrongSign(context, theme, [right, top], cell) {
  const radius = Math.max(4.5, Math.min(8, cell * 0.16));
  const [x, y] = [right - radius - 1, top + radius + 1];
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = css(theme.ink);
  context.fill();
  printNumber(context, "!", { x, y: y + 0.5, size: radius * 1.7, family: theme.family, colour: theme.paper });
}

/** What is written so far; what is not yet has a dotted frame; what a finding is about has its sign. */
function paintWritten(canvas, scene, theme, trace, { filled, marks, blamed, chosen, target }) {
  const { cell, decimals } = scene;
  if (!trace.output) {
    openGrid(canvas, [1, 1], cell);
    return;
  }
  const columns = trace.output[1];
  const isEnd = filled.step === trace.events.length - 1;
  const context = openGrid(canvas, trace.output, cell);
  const scale = scene.scales.output;
  const { text, size } = fittingText(context, theme, cell, scale, decimals.output);
  filled.values.forEach((value, flat) => {
    const [x, y] = cellBox(flat, columns, cell);
    if (!filled.writes[flat]) paintUnwritten(context, theme, [x, y, cell]);
    else {
      const fill = Number.isFinite(value) ? scale.colour(value) : theme.paper;
      paintOneCell(context, theme, [x, y, cell], { fill, text: text(value), size });
    }
    if (chosen.has(flat)) dashedBox(context, theme, [x + 3, y + 3, cell - 6, cell - 6], 2);
    if (blamed.has(flat) && (filled.writes[flat] || isEnd)) paintWrongSign(context, theme, [x + cell, y], cell);
  });
  const style = { line: theme.ink, halo: theme.paper };
  if (target >= 0 && !marks.output.length) outline(context, cellBox(target, columns, cell), { ...style, thickness: 1 });
  for (const flat of marks.output.length === 1 ? marks.output : []) {
    outline(context, cellBox(flat, columns, cell), { ...style, thickness: 3 });
  }
}

/** As many decimals as the cells have room for: the sentence below has all of them. */
function fittingText(context, theme, cell, scale, most) {
  const wanted = { width: cell * 0.86, size: cell * 0.42, family: theme.family };
  for (let decimals = most; ; decimals--) {
    const text = (value) => (Number.isNaN(value) ? "nan" : formatNumber(value, decimals));
    const longest = Number.isFinite(scale.least) ? [scale.least, scale.greatest].map(text) : ["nan"];
    const size = fittingSize(context, longest, wanted);
    if (size || decimals <= 0) return { text, size };
  }
}

function paintUnwritten(context, theme, [x, y, cell]) {
  context.save();
  context.setLineDash([1, 3]);
  context.strokeStyle = css(theme.faint);
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
  context.restore();
}
