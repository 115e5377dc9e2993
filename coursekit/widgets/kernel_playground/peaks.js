// The peaks of a response: places that no neighbour exceeds, highest first, at least a kernel apart.
// responses.py finds the same ones.
import { largestOf } from "./responses.js";

/** Responses that differ by less than the largest one divided by this count as equal. */
const STEPS = 1e9;

/** Something that finds peaks again and again without asking for new memory each time. */
export function peakFinder() {
  let [levels, candidates] = [new Int32Array(0), new Int32Array(0)];
  /** At most `number` places [row, column], highest first; among equals the first in reading order. */
  return function find(values, shape, taps, number) {
    if (levels.length < values.length) {
      levels = new Int32Array(values.length);
      candidates = new Int32Array(values.length);
    }
    const range = level(values, levels);
    if (!number || !range) return [];
    const many = listCandidates(levels, shape, candidates);
    return pick(levels, candidates.subarray(0, many), shape[1], taps, number);
  };
}

/** Round the values to whole levels, so that rounding errors decide nothing; false where all are equal. */
function level(values, levels) {
  const largest = largestOf(values);
  if (largest === 0) return false;
  let differs = false;
  for (let at = 0; at < values.length; at++) {
    levels[at] = Math.floor((values[at] / largest) * STEPS + 0.5);
    differs ||= levels[at] !== levels[0];
  }
  return differs;
}

/** The indices of all places that none of their neighbours exceeds; returns how many. */
function listCandidates(levels, [rows, columns], candidates) {
  let many = 0;
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [Math.max(0, row - 1), Math.min(rows - 1, row + 1)];
    for (let column = 0; column < columns; column++) {
      if (isHighest(levels, row * columns + column, column, [top, bottom], columns)) {
        candidates[many++] = row * columns + column;
      }
    }
  }
  return many;
}

function isHighest(levels, at, column, [top, bottom], columns) {
  const here = levels[at];
  if (column && levels[at - 1] > here) return false;
  if (column < columns - 1 && levels[at + 1] > here) return false;
  const [left, right] = [Math.max(0, column - 1), Math.min(columns - 1, column + 1)];
  for (let row = top; row <= bottom; row++) {
    for (let x = left; x <= right; x++) if (levels[row * columns + x] > here) return false;
  }
  return true;
}

/** Take the highest that is far enough from all taken before, until there are enough. */
function pick(levels, candidates, columns, taps, number) {
  const found = [];
  while (found.length < number) {
    let best = -1;
    for (const at of candidates) {
      if ((best < 0 || levels[at] > levels[best]) && isFree(at, found, columns, taps)) best = at;
    }
    if (best < 0) break;
    found.push([Math.floor(best / columns), best % columns]);
  }
  return found;
}

function isFree(at, found, columns, taps) {
  const [row, column] = [Math.floor(at / columns), at % columns];
  for (const [y, x] of found) {
    if (Math.abs(row - y) < taps[0] && Math.abs(column - x) < taps[1]) return false;
  }
  return true;
}
