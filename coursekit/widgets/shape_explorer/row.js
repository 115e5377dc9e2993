// One axis as a row of cells: the input with its zeros above, each window as a comb from its taps to its output
// cell below. What does not depend on the position is painted once, on a layer.
import { kindAt, pixelAt, startAt, tapsAt, unreadCells } from "./frames.js";
import { css, hatch, mix, outline, prepareCanvas, printNumber, readableOn } from "../shared/grid.js";
import { lossLabels } from "./words.js";

/** Cells along an axis above which a picture would show only grey. */
export const MOST_CELLS = 1500;
const LARGEST_CELL = 48;
const SPARE = 3; // cells kept free at both ends, so that more padding moves nothing
const LEVEL = 9; // from one comb to the next below
const HEADING = 26;

/** Where everything of a row stands, in CSS pixels. */
export function rowLayout(frame, width) {
  const windowEnd = frame.reason ? frame.first + frame.span : frame.to;
  const from = Math.min(frame.from, -SPARE);
  const to = Math.max(frame.to, windowEnd, frame.length + SPARE);
  const cell = Math.min(LARGEST_CELL, (width - 4) / (to - from));
  const left = Math.round((width - (to - from) * cell) / 2) - from * cell;
  const side = Math.max(14, Math.min(cell, LARGEST_CELL)); // of the cells' height: thin cells stay visible
  const levels = Math.max(1, Math.min(frame.count, Math.ceil(frame.span / frame.stride), 6));
  const top = HEADING;
  const bottom = top + side + 7 * LEVEL + 12;
  const height = bottom + side + HEADING;
  return { frame, width, height, cell: cell >= 8 ? Math.floor(cell) : cell, left, side, levels, top, bottom };
}

const xOf = ({ left, cell }, place) => left + place * cell;

const KNOWN_TINTS = new WeakMap();

/** The colours of a theme's cells. */
export function tints(theme) {
  const { paper, palette, isDark } = theme;
  if (!KNOWN_TINTS.has(theme)) {
    const [blue, orange] = [palette.blue, palette.orange];
    KNOWN_TINTS.set(theme, {
      pixel: mix(paper, blue, isDark ? 0.35 : 0.2),
      tap: mix(paper, blue, isDark ? 0.85 : 0.75),
      zero: mix(paper, blue, isDark ? 0.55 : 0.45),
      output: mix(paper, orange, isDark ? 0.4 : 0.25),
      chosen: mix(paper, orange, isDark ? 0.8 : 0.7),
      line: mix(paper, theme.ink, 0.45),
    });
  }
  return KNOWN_TINTS.get(theme);
}

/** The layer of a row: cells, hatches, faint combs, outputs, labels. `isHidden` while the size is to be guessed. */
export function paintRowLayer(theme, layout, { isHidden, size }) {
  const canvas = document.createElement("canvas");
  const context = prepareCanvas(canvas, layout.width, layout.height);
  const { frame } = layout;
  const unread = new Set(isHidden ? [] : unreadCells(frame));
  for (let place = frame.from; place < frame.to; place++) {
    if (isHidden && place >= frame.end) break;
    paintInputCell(context, theme, layout, place);
    if (unread.has(place)) hatch(context, theme, [xOf(layout, place), layout.top, layout.cell, layout.side]);
  }
  labelInput(context, theme, layout, isHidden);
  if (isHidden) {
    label(context, theme, layout, "output: ?", layout.left, layout.bottom + layout.side / 2);
    return canvas;
  }
  if (layout.cell * frame.stride >= 6)
    for (let position = 0; position < frame.count; position++)
      paintComb(context, theme, layout, position, false);
  for (let position = 0; position < frame.count; position++)
    paintOutputCell(context, theme, layout, position);
  if (frame.reason)
    label(context, theme, layout, "output: none", xOf(layout, 0), layout.bottom + layout.side / 2, {
      isBold: true,
    });
  if (frame.count) {
    const y = layout.bottom + layout.side + 15;
    label(context, theme, layout, `output: ${size}`, outputX(layout, 0), y, { isBold: true });
  }
  return canvas;
}

function label(context, theme, layout, text, x, y, { isBold = false } = {}) {
  context.font = `${isBold ? "600 " : ""}17px ${theme.family}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = css(theme.ink);
  const width = context.measureText(text).width;
  const left = Math.max(2, Math.min(x, layout.width - width - 2));
  context.fillText(text, left, y);
  return left + width;
}

function labelInput(context, theme, layout, isHidden) {
  const { frame } = layout;
  const [front, behind] = [-frame.from, Math.max(0, frame.end - frame.length)];
  const around = front || behind ? [`${front} in front, ${behind} behind`] : [];
  const between = frame.spread > 1 ? [`${frame.spread - 1} between`] : [];
  const zeros = [...around, ...between].join(", ");
  const text = `input: ${frame.size}${zeros && `, zeros: ${zeros}`}`;
  const end = label(context, theme, layout, text, xOf(layout, frame.from), HEADING / 2, { isBold: true });
  if (!isHidden && !frame.reason) labelLoss(context, theme, layout, end + 24);
}

/** What is lost: below the cells that are, and where there is no room, above; else it is the layout's `rest`. */
function labelLoss(context, theme, layout, left) {
  const { frame, width, top, side } = layout;
  const { far, gaps, beyond } = lossLabels(frame);
  context.font = `17px ${theme.family}`;
  const fits = (text, x) => x + context.measureText(text).width <= width - 2;
  const place = xOf(layout, beyond ? frame.end : startAt(frame, frame.count - 1) + frame.span) + 2;
  const isBelow = fits(far || beyond, place);
  if (isBelow) label(context, theme, layout, far || beyond, place, top + side + 14);
  const rest = [isBelow ? "" : far || beyond, gaps].filter(Boolean).join("; ");
  if (!rest) return;
  if (fits(rest, left)) label(context, theme, layout, rest, left, HEADING / 2);
  else layout.rest = rest;
}

/** One cell of the input: a pixel with its number, or a zero within dashes. */
function paintInputCell(context, theme, { frame, cell, side, top, left }, place, fill = null) {
  const kind = kindAt(frame, place);
  const isPixel = kind === "pixel";
  const colours = tints(theme);
  const ground = fill ?? (isPixel ? colours.pixel : theme.paper);
  const [x, width] = [left + place * cell, Math.max(cell, 0.5)];
  context.fillStyle = css(ground);
  if (isPixel || fill) context.fillRect(x, top, width, side);
  if (cell >= 5) {
    context.setLineDash(isPixel ? [] : kind === "beyond" ? [1, 3] : [4, 3]);
    context.strokeStyle = css(isPixel ? colours.line : theme.faint);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, top + 0.5, cell - 1, side - 1);
    context.setLineDash([]);
  }
  if (cell < 15 || kind === "beyond") return;
  const text = isPixel ? String(pixelAt(frame, place)) : "0";
  const size = Math.min(18, cell * (text.length > 2 ? 0.4 : 0.5));
  const colour = fill ? readableOn(ground, theme.ink, theme.paper) : isPixel ? theme.ink : theme.faint;
  printNumber(context, text, {
    x: x + cell / 2,
    y: top + side / 2 + 0.5,
    size,
    family: theme.family,
    colour,
  });
}

/** The middle of a window, in cells. */
const middleOf = (frame, position) => startAt(frame, position) + frame.span / 2;
const outputX = (layout, position) => xOf(layout, middleOf(layout.frame, position)) - layout.cell / 2;

/** A window: a line from its first tap to its last, a tooth at each tap, and a line down to its output cell. */
function paintComb(context, theme, layout, position, isChosen) {
  const { frame, cell, top, side, bottom, levels } = layout;
  const level = top + side + 3 + LEVEL * ((position % levels) + 1);
  const tooth = isChosen ? top + side : level - 5;
  const middle = xOf(layout, middleOf(frame, position));
  context.beginPath();
  for (const place of tapsAt(frame, position)) {
    const x = xOf(layout, place) + cell / 2;
    context.moveTo(x, tooth);
    context.lineTo(x, level);
  }
  context.moveTo(xOf(layout, startAt(frame, position)) + cell / 2, level);
  context.lineTo(xOf(layout, startAt(frame, position) + frame.span - 1) + cell / 2, level);
  if (!frame.reason) {
    context.moveTo(middle, level);
    context.lineTo(middle, bottom);
  }
  if (isChosen) {
    context.strokeStyle = css(theme.paper);
    context.lineWidth = 7;
    context.stroke();
  }
  context.strokeStyle = css(isChosen ? theme.palette.blue : mix(theme.paper, theme.faint, 0.75));
  context.lineWidth = isChosen ? 3 : 1.2;
  context.stroke();
}

function paintOutputCell(context, theme, layout, position, isChosen = false) {
  const { cell, side, bottom, frame } = layout;
  const x = outputX(layout, position);
  const colours = tints(theme);
  const fill = isChosen ? colours.chosen : colours.output;
  const isEmpty = tapsAt(frame, position).every((place) => pixelAt(frame, place) < 0);
  context.fillStyle = css(fill);
  context.fillRect(x, bottom, cell, side);
  if (isEmpty) hatch(context, theme, [x, bottom, cell, side]);
  if (cell >= 5) {
    context.strokeStyle = css(colours.line);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, bottom + 0.5, cell - 1, side - 1);
  }
  if (cell < 15) return;
  const size = Math.min(18, cell * (position > 99 ? 0.4 : 0.5));
  const colour = readableOn(fill, theme.ink, theme.paper);
  const at = { x: x + cell / 2, y: bottom + side / 2 + 0.5, size, family: theme.family, colour };
  printNumber(context, String(position), at);
}

/** The layer, and on it the window at a position; the first window alone while the size is to be guessed. */
export function paintRow(canvas, theme, layout, layer, { position, isHidden }) {
  const context = prepareCanvas(canvas, layout.width, layout.height);
  context.drawImage(layer, 0, 0, layout.width, layout.height);
  const { frame } = layout;
  const chosen = isHidden || frame.reason ? 0 : position;
  if (!frame.count && !frame.reason) return;
  paintComb(context, theme, layout, chosen, true);
  const colours = tints(theme);
  for (const place of tapsAt(frame, chosen)) {
    if (place >= frame.to || place < frame.from) continue; // an impossible window reaches beyond all cells
    paintInputCell(
      context,
      theme,
      layout,
      place,
      kindAt(frame, place) === "pixel" ? colours.tap : colours.zero,
    );
  }
  if (isHidden || frame.reason) return;
  paintOutputCell(context, theme, layout, chosen, true);
  const box = [outputX(layout, chosen), layout.bottom, layout.cell, layout.side];
  outline(context, box, { line: theme.ink, halo: theme.paper, thickness: 2 });
}

/** The place, in cells, under a point of the canvas. */
export const placeOf = ({ left, cell }, [, x]) => (x - left) / cell;
