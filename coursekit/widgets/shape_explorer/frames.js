// Where the cells of one axis lie, what each is, and which of them a window reads. No drawing, no state.
// Cells are counted from the first input pixel, 0; padding before it is negative.
import { sizeOf } from "./sizes.js";

/**
 * The cells of one axis, first to last (exclusive), and the windows on them. A transposed window is drawn as what
 * it is, too: a window of stride 1 over the input spread by the stride, with zeros between and around.
 */
export function frameOf(problem) {
  const result = sizeOf(problem);
  return problem.transposed ? spreadFrame(problem, result) : slidingFrame(problem, result);
}

function slidingFrame({ size, kernel, stride, dilation, padding: [before, after] }, { value, span, reason }) {
  const end = size + after; // of what there is: a window may hang over it
  const lastEnd = -before + Math.max(0, value - 1) * stride + span;
  const windows = { first: -before, stride, dilation, kernel, span, count: value };
  return {
    ...windows,
    size,
    reason,
    from: -before,
    end,
    to: Math.max(end, lastEnd),
    spread: 1,
    length: size,
  };
}

function spreadFrame(problem, { value, span, reason }) {
  const { size, kernel, stride, dilation, padding, outputPadding = 0 } = problem;
  const length = (size - 1) * stride + 1;
  const front = span - 1 - padding[0];
  const end = Math.max(length, length + span - 1 - padding[1] + outputPadding);
  const windows = { first: -front, stride: 1, dilation, kernel, span, count: value };
  return { ...windows, size, reason, from: Math.min(-front, 0), end, to: end, spread: stride, length };
}

/** The number of the input pixel in a cell, or -1. */
export function pixelAt(frame, cell) {
  return cell >= 0 && cell < frame.length && cell % frame.spread === 0 ? cell / frame.spread : -1;
}

/** What a cell is: "pixel", a zero "between" two of them, "padding", or "beyond" the end. */
export function kindAt(frame, cell) {
  if (cell >= frame.end) return "beyond";
  if (cell < 0 || cell >= frame.length) return "padding";
  return pixelAt(frame, cell) < 0 ? "between" : "pixel";
}

/** The first cell of the window at a position. */
export const startAt = (frame, position) => frame.first + position * frame.stride;

/** The cells under the taps of the window at a position. */
export const tapsAt = (frame, position) =>
  Array.from({ length: frame.kernel }, (_, tap) => startAt(frame, position) + tap * frame.dilation);

/** The cells of the frame that no window reads, in order. */
export function unreadCells(frame) {
  if (!frame.count) return [];
  const isRead = new Uint8Array(frame.to - frame.from);
  for (let position = 0; position < frame.count; position++) {
    const start = startAt(frame, position) - frame.from;
    for (let tap = 0; tap < frame.kernel; tap++) isRead[start + tap * frame.dilation] = 1;
  }
  const unread = [];
  for (let cell = 0; cell < isRead.length; cell++) if (!isRead[cell]) unread.push(cell + frame.from);
  return unread;
}

/** The unread cells, told apart: behind the last window, or in gaps; and how many of them are pixels. */
export function lossOf(frame) {
  const behind = frame.count ? startAt(frame, frame.count - 1) + frame.span : Infinity;
  const unread = unreadCells(frame);
  const number = (cells) => {
    const pixels = cells.filter((cell) => pixelAt(frame, cell) >= 0).length;
    return { pixels, zeros: cells.length - pixels, cells };
  };
  const far = number(unread.filter((cell) => cell >= behind));
  const gaps = number(unread.filter((cell) => cell < behind));
  return { far, gaps, beyond: frame.count ? frame.to - frame.end : 0 };
}

/** The output positions whose window reads no pixel at all, only zeros. */
export function emptyPositions(frame) {
  const readsNone = (position) => tapsAt(frame, position).every((cell) => pixelAt(frame, cell) < 0);
  return Array.from({ length: frame.count }, (_, position) => position).filter(readsNone);
}

/** The position whose window has its middle nearest to a place, in cells: the middle of cell 0 is 0.5. */
export function positionNear(frame, place) {
  const nearest = Math.round((place - frame.span / 2 - frame.first) / frame.stride);
  return Math.max(0, Math.min(frame.count - 1, nearest));
}
