// Two axes as grids: the input with its zeros and the window on it, and the output. What does not depend on the
// position is painted once, on a layer.
import { kindAt, startAt, tapsAt, unreadCells } from "./frames.js";
import { css, hatch, outline, prepareCanvas } from "../shared/grid.js";
import { tints } from "./row.js";

const LARGEST_CELL_2D = 30;
const TALLEST = 220;
const HEADING_2D = 26;
const GAP = 56;
const SMALLEST_LINED = 5; // smaller cells have no lines around them
const SPARE_2D = 1; // cells kept free around the input, so that more padding moves little

/** Cells in a grid above which a picture would show only grey. */
export const MOST_GRID_CELLS = 250_000;

/** Where both grids stand, in CSS pixels. `frames` are those of rows and of columns. */
export function gridLayout(frames, width) {
  const room = frames.map((frame) => {
    const reach = frame.reason ? frame.first + frame.span : 0; // an impossible window is drawn, too
    const from = Math.min(frame.from, -SPARE_2D);
    return { from, to: Math.max(frame.to, frame.length + SPARE_2D, reach) };
  });
  const [rows, columns] = room.map(({ from, to }) => to - from);
  const [down, across] = frames.map(({ count }) => Math.max(1, count));
  const fitting = Math.min(
    (width - GAP - 4) / (columns + across),
    TALLEST / Math.max(rows, down),
    LARGEST_CELL_2D,
  );
  const cell = fitting >= 5 ? Math.floor(fitting) : fitting;
  const total = (columns + across) * cell + GAP;
  const left = Math.round((width - total) / 2) - room[1].from * cell;
  const top = HEADING_2D - room[0].from * cell;
  const output = [HEADING_2D + SPARE_2D * cell, Math.round((width - total) / 2) + columns * cell + GAP];
  const height = HEADING_2D + Math.max(rows, down + SPARE_2D) * cell + 4;
  return { frames, width, height, cell, input: [top, left], output };
}

/** The layer: both grids, what no window reads, their sizes. */
export function paintGridLayer(theme, layout, { isHidden, size }) {
  const canvas = document.createElement("canvas");
  const context = prepareCanvas(canvas, layout.width, layout.height);
  const { frames, cell } = layout;
  const [rows, columns] = frames;
  const colours = tints(theme);
  const ends = frames.map((frame) => (isHidden ? frame.end : frame.to));
  paintInputCells(context, theme, layout, ends);
  if (!isHidden) hatchUnread(context, theme, layout);
  const corner = [layout.input[0] + rows.from * cell, layout.input[1] + columns.from * cell];
  heading(context, theme, `input: ${rows.size} × ${columns.size}`, corner);
  if (isHidden) heading(context, theme, "output: ?", layout.output);
  const isNone = !rows.count || !columns.count;
  if (isNone && !isHidden) heading(context, theme, "output: none", layout.output);
  if (isHidden || isNone) return canvas;
  heading(context, theme, `output: ${size}`, layout.output);
  const boxes = boxesOf(layout.output, cell, [...Array(rows.count).keys()], [...Array(columns.count).keys()]);
  paintBoxes(context, boxes, { fill: colours.output, line: lineOf(colours.line, cell) });
  return canvas;
}

/** Pixels filled, zeros within dashes: each kind in one go, however many there are. */
function paintInputCells(context, theme, { frames, cell, input }, ends) {
  const places = frames.map((frame, axis) =>
    Array.from({ length: ends[axis] - frame.from }, (_, index) => index + frame.from),
  );
  const [rows, columns] = places.map((cells, axis) => {
    const isPixel = (place) => kindAt(frames[axis], place) === "pixel";
    return { all: cells, pixels: cells.filter(isPixel), zeros: cells.filter((place) => !isPixel(place)) };
  });
  const around = [
    ...boxesOf(input, cell, rows.zeros, columns.all),
    ...boxesOf(input, cell, rows.pixels, columns.zeros),
  ];
  paintBoxes(context, around, { line: lineOf(theme.faint, cell), dash: [3, 3] });
  const colours = tints(theme);
  const pixels = boxesOf(input, cell, rows.pixels, columns.pixels);
  paintBoxes(context, pixels, { fill: colours.pixel, line: lineOf(colours.line, cell) });
}

/** The boxes of some rows and columns; neighbours as one where cells are too small for lines. */
function boxesOf(origin, cell, rows, columns) {
  if (cell >= SMALLEST_LINED)
    return rows.flatMap((row) => columns.map((column) => boxAt(origin, cell, row, column)));
  const [down, across] = [runsOf(rows), runsOf(columns)];
  return down.flatMap(([row, height]) =>
    across.map(([column, width]) => {
      const [x, y] = boxAt(origin, cell, row, column);
      return [x, y, width * cell, height * cell];
    }),
  );
}

const lineOf = (colour, cell) => (cell >= SMALLEST_LINED ? colour : null);

/** Boxes of one kind; `line` is null where cells have no room for lines. */
function paintBoxes(context, boxes, { fill = null, line, dash = [] }) {
  if (fill) {
    context.fillStyle = css(fill);
    for (const box of boxes) context.fillRect(...box);
  }
  if (!boxes.length || !line) return;
  context.beginPath();
  for (const [x, y, width, height] of boxes) context.rect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash(dash);
  context.strokeStyle = css(line);
  context.lineWidth = 1;
  context.stroke();
  context.setLineDash([]);
}

const boxAt = ([top, left], cell, row, column) => [left + column * cell, top + row * cell, cell, cell];

function heading(context, theme, text, [top, left]) {
  context.font = `600 17px ${theme.family}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = css(theme.ink);
  context.fillText(text, Math.max(2, left), top - 14);
}

/** Whole rows and columns that no window reads, neighbours as one. */
function hatchUnread(context, theme, { frames, cell, input: [top, left] }) {
  const [rows, columns] = frames;
  for (const [first, number] of runsOf(unreadCells(rows))) {
    const box = [
      left + columns.from * cell,
      top + first * cell,
      (columns.to - columns.from) * cell,
      number * cell,
    ];
    hatch(context, theme, box);
  }
  for (const [first, number] of runsOf(unreadCells(columns))) {
    const box = [left + first * cell, top + rows.from * cell, number * cell, (rows.to - rows.from) * cell];
    hatch(context, theme, box);
  }
}

/** Numbers in order as runs: [3, 4, 7] as [[3, 2], [7, 1]]. */
export function runsOf(numbers) {
  const runs = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === number) last[1] += 1;
    else runs.push([number, 1]);
  }
  return runs;
}

/** The layer, and on it the window at a position with its taps, and its output cell. */
export function paintGrids(canvas, theme, layout, layer, { position, isHidden }) {
  const context = prepareCanvas(canvas, layout.width, layout.height);
  context.drawImage(layer, 0, 0, layout.width, layout.height);
  const { frames, cell, input } = layout;
  const isImpossible = frames.some(({ reason }) => reason);
  if (!isImpossible && frames.some(({ count }) => !count)) return;
  const chosen = isHidden || isImpossible ? [0, 0] : position;
  const colours = tints(theme);
  const taps = frames.map((frame, axis) => tapsAt(frame, chosen[axis]));
  const [pixels, zeros] = [[], []];
  for (const row of taps[0]) {
    for (const column of taps[1]) {
      const isPixel = kindAt(frames[0], row) === "pixel" && kindAt(frames[1], column) === "pixel";
      (isPixel ? pixels : zeros).push(boxAt(input, cell, row, column));
    }
  }
  paintBoxes(context, pixels, { fill: colours.tap, line: lineOf(colours.line, cell) });
  paintBoxes(context, zeros, { fill: colours.zero, line: lineOf(colours.line, cell) });
  const [y, x] = frames.map((frame, axis) => input[axis] + startAt(frame, chosen[axis]) * cell);
  const style = { line: theme.palette.blue, halo: theme.paper, thickness: 3 };
  outline(context, [x, y, frames[1].span * cell, frames[0].span * cell], style);
  if (isHidden || isImpossible) return;
  const box = boxAt(layout.output, cell, ...chosen);
  context.fillStyle = css(colours.chosen);
  context.fillRect(...box);
  outline(context, box, { line: theme.ink, halo: theme.paper, thickness: 2 });
}

/** What a point of the canvas is over: { isOutput, place: [row, column] in cells }. */
export function placeInGrids({ output, input, cell }, [y, x]) {
  const isOutput = x >= output[1] - GAP / 2;
  const origin = isOutput ? output : input;
  return { isOutput, place: [(y - origin[0]) / cell, (x - origin[1]) / cell] };
}
