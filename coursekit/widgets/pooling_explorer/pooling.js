// The arithmetic of pooling: windows, winners, gradients. No drawing, no state.
// Maps are {shape: [channels, rows, columns], data: Float64Array}, in row order. Every window of every mode
// is a box of such a volume: pixels of one channel, or for maxout one pixel of several channels.
// tests/javascript compares these functions with the Python reference.
import { geometry, pair, whyImpossible } from "../shared/arithmetic.js";

/** An array (H, W) or (C, H, W) as maps (C, H, W). */
export const asMaps = ({ shape, data }) => ({ shape: [1, 1, ...shape].slice(-3), data });

export const MODES_OF_POOLING = ["max", "average", "global max", "global average", "maxout"];

/** True for the modes in which the largest number wins. */
export const isMaximum = (mode) => !mode.includes("average");

/**
 * Where the windows of a mode stand: what `geometry` tells, and `maps` (shape of the input), `pieces`
 * (channels in a window), `outputMaps` (shape of the output) and `reason`, why there is no output, or "".
 */
export function poolGeometry(
  maps,
  { mode, size, stride, padding, groups = 1, rounding, countPadding = true },
) {
  const [channels, ...spatial] = maps;
  const isPlain = mode === "max" || mode === "average";
  const taps = isPlain ? pair(size) : mode === "maxout" ? [1, 1] : spatial;
  const steps = isPlain ? pair(stride ?? size) : taps;
  const around = isPlain ? pair(padding) : [0, 0];
  const place = geometry(spatial, taps, { stride: steps, padding: around, rounding });
  const left = mode === "maxout" ? groups : channels;
  const reason = whyNoOutput(place, mode, channels, groups);
  const output = reason ? [0, 0] : place.output;
  const pieces = reason ? 1 : channels / left;
  const outputMaps = reason ? [0, 0, 0] : [left, ...output];
  return { ...place, mode, countPadding, maps, pieces, output, outputMaps, reason, fits: !reason };
}

function whyNoOutput(place, mode, channels, groups) {
  if (mode === "maxout") {
    if (channels < 2) return "maxout takes the largest of several channels, but the input has only one";
    return channels % groups ? `${channels} channels cannot be split into ${groups} groups of one size` : "";
  }
  for (const axis of [0, 1]) {
    const most = Math.floor(place.taps[axis] / 2);
    if (place.padding[axis] > most) {
      const half = `⌊${place.taps[axis]} / 2⌋ = ${most}`;
      return `padding must be at most half the window, ${half}: else a window sees no pixel`;
    }
  }
  return whyImpossible(place);
}

/**
 * The pixels that one window reads, clipped to the input: [from, to) on each axis.
 * `counted` is what an average divides by; `padded` and `beyond` are its places in the padding and over the
 * far end of it. `box` is written into, if given: no new object for each of many windows.
 */
export function boxOf(place, channel, row, column, box = {}) {
  const { maps, taps, stride, padding, padded, pieces, countPadding } = place;
  const [top, left] = [row * stride[0], column * stride[1]];
  const [rows, columns] = [Math.min(taps[0], padded[0] - top), Math.min(taps[1], padded[1] - left)];
  box.channelFrom = channel * pieces;
  box.channelTo = box.channelFrom + pieces;
  box.rowFrom = Math.max(0, top - padding[0]);
  box.rowTo = Math.min(maps[1], top - padding[0] + taps[0]);
  box.columnFrom = Math.max(0, left - padding[1]);
  box.columnTo = Math.min(maps[2], left - padding[1] + taps[1]);
  box.pixels = pieces * (box.rowTo - box.rowFrom) * (box.columnTo - box.columnFrom);
  box.counted = countPadding ? rows * columns : box.pixels;
  box.padded = rows * columns * pieces - box.pixels;
  box.beyond = taps[0] * taps[1] - rows * columns;
  return box;
}

/** The indices of a box's pixels in the maps, in row order. */
export function indicesOf([, height, width], box) {
  const indices = [];
  for (let channel = box.channelFrom; channel < box.channelTo; channel++) {
    for (let row = box.rowFrom; row < box.rowTo; row++) {
      for (let column = box.columnFrom; column < box.columnTo; column++) {
        indices.push((channel * height + row) * width + column);
      }
    }
  }
  return indices;
}

/** The index of the first largest pixel of a box. */
function firstLargest({ shape, data }, box) {
  let [best, largest] = [-1, -Infinity];
  for (let channel = box.channelFrom; channel < box.channelTo; channel++) {
    for (let row = box.rowFrom; row < box.rowTo; row++) {
      const line = (channel * shape[1] + row) * shape[2];
      for (let at = line + box.columnFrom; at < line + box.columnTo; at++) {
        if (data[at] > largest) [best, largest] = [at, data[at]];
      }
    }
  }
  return best;
}

function sumOf({ shape, data }, box) {
  let sum = 0;
  for (let channel = box.channelFrom; channel < box.channelTo; channel++) {
    for (let row = box.rowFrom; row < box.rowTo; row++) {
      const line = (channel * shape[1] + row) * shape[2];
      for (let at = line + box.columnFrom; at < line + box.columnTo; at++) sum += data[at];
    }
  }
  return sum;
}

/**
 * One channel of the output: {shape: [rows, columns], data, winners}. `winners` are the indices of the first
 * maxima in the maps, null for averages.
 */
export function pool(maps, place, channel) {
  const [rows, columns] = place.output;
  const data = new Float64Array(rows * columns);
  const winners = isMaximum(place.mode) ? new Int32Array(rows * columns) : null;
  const box = {};
  for (let index = 0; index < data.length; index++) {
    boxOf(place, channel, Math.floor(index / columns), index % columns, box);
    if (winners) data[index] = maps.data[(winners[index] = firstLargest(maps, box))];
    else data[index] = sumOf(maps, box) / box.counted;
  }
  return { shape: place.output, data, winners };
}

/** The indices of all pixels of a box that are its maximum, in row order. */
export function maximaOf(maps, box) {
  const indices = indicesOf(maps.shape, box);
  const largest = maps.data[firstLargest(maps, box)];
  return indices.filter((index) => maps.data[index] === largest);
}

/**
 * The gradient of the input that one channel of the output sends back: {shape: the maps', data}, zero in
 * the channels that its windows do not read. `sent` is the gradient of the output's channel.
 */
export function poolGradient(maps, place, channel, sent, ties) {
  const data = new Float64Array(maps.data.length);
  const columns = place.output[1];
  const box = {};
  for (let index = 0; index < sent.length; index++) {
    boxOf(place, channel, Math.floor(index / columns), index % columns, box);
    if (!isMaximum(place.mode)) addEverywhere(data, maps.shape, box, sent[index] / box.counted);
    else if (ties === "first") data[firstLargest(maps, box)] += sent[index];
    else for (const winner of maximaOf(maps, box)) data[winner] += sent[index];
  }
  return { shape: maps.shape, data };
}

function addEverywhere(data, [, height, width], box, share) {
  for (let row = box.rowFrom; row < box.rowTo; row++) {
    const line = (box.channelFrom * height + row) * width;
    for (let at = line + box.columnFrom; at < line + box.columnTo; at++) data[at] += share;
  }
}

/** The windows that read a pixel of the input, as positions [row, column] of the output, in row order. */
export function windowsThatRead(place, [row, column]) {
  const [rows, columns] = [row, column].map((at, axis) => {
    const { taps, stride, padding, output } = place;
    const first = Math.max(0, Math.ceil((at + padding[axis] - taps[axis] + 1) / stride[axis]));
    const last = Math.min(output[axis] - 1, Math.floor((at + padding[axis]) / stride[axis]));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
  return rows.flatMap((down) => columns.map((across) => [down, across]));
}

/**
 * What each window that reads a pixel sends it: [{ position, gradient, share, gets, isMaximum, maxima }].
 * `pixel` is its index in the maps; `maxima` the number of its window's maxima, 0 for averages; `gets` says
 * whether the gradient comes here.
 */
export function contributions(maps, place, channel, sent, ties, pixel) {
  const [, height, width] = maps.shape;
  const within = pixel % (height * width);
  const windows = windowsThatRead(place, [Math.floor(within / width), within % width]);
  return windows.map((position) => {
    const gradient = sent[position[0] * place.output[1] + position[1]];
    const box = boxOf(place, channel, ...position);
    if (!isMaximum(place.mode)) {
      return {
        position,
        gradient,
        share: gradient / box.counted,
        gets: true,
        isMaximum: false,
        maxima: 0,
        counted: box.counted,
      };
    }
    const maxima = maximaOf(maps, box);
    const gets = ties === "first" ? maxima[0] === pixel : maxima.includes(pixel);
    return {
      position,
      gradient,
      share: gets ? gradient : 0,
      gets,
      isMaximum: maxima.includes(pixel),
      maxima: maxima.length,
    };
  });
}

/** The rows (axis 0) or columns (axis 1) of the input that no window reads. */
export function unreadPixels(place, axis) {
  const { taps, stride, padding, output, input } = place;
  return Array.from({ length: input[axis] }, (_, at) => at).filter((at) => {
    const last = Math.min(output[axis] - 1, Math.floor((at + padding[axis]) / stride[axis]));
    return at + padding[axis] >= last * stride[axis] + taps[axis]; // the last that could reach it ends there
  });
}

/** The maps shifted by whole pixels; what leaves on one side comes back on the other. */
export function shifted({ shape, data }, [down, right]) {
  const [height, width] = shape.slice(-2);
  const moved = new Float64Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const [plane, within] = [Math.floor(index / (height * width)), index % (height * width)];
    const row = (Math.floor(within / width) + down + height) % height;
    const column = ((within % width) + right + width) % width;
    moved[(plane * height + row) * width + column] = data[index];
  }
  return { shape, data: moved };
}
