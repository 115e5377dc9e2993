// What the pooling explorer shows at present: the numbers of the four maps, and where each stands.
import { count, fromBuffer } from "../shared/arrays.js";
import { clampPosition } from "../shared/arithmetic.js";
import { colourScale, decimalsFor, MARGIN, pictureOf } from "../shared/grid.js";
import {
  asMaps,
  contributions,
  isMaximum,
  pool,
  poolGeometry,
  poolGradient,
  unreadPixels,
} from "./pooling.js";

/** Space between the planes of one panel, in CSS pixels: maxout shows a group of channels. */
export const PLANE_GAP = 12;
const [LARGEST_CELL, SMALLEST_PRINTED, TALLEST] = [44, 20, 264];
const [NARROWEST, SIGN, GAP] = [{ wide: 196, stacked: 150 }, 40, 8];

/** The geometry of a model's present parameters, for maps of `shape`. */
export function placeOf(model, conventions, shape) {
  return poolGeometry(shape, {
    mode: model.get("mode"),
    size: model.get("size"),
    stride: model.get("stride"),
    padding: model.get("padding"),
    groups: model.get("groups"),
    countPadding: model.get("count_padding"),
    rounding: conventions.get("rounding"),
  });
}

/** The gradient that arrives at all channels of the output: the model's where it fits, else ones. */
export function arriving(model, place) {
  const given = asMaps(fromBuffer(model.get("gradient")));
  const fits = given.shape.join() === place.outputMaps.join();
  return fits ? given.data : new Float64Array(count(place.outputMaps)).fill(1);
}

/** All numbers. Large images take a while: done only when one of `_computed` or a convention changes. */
export function computeMaps(model, conventions) {
  const maps = asMaps(fromBuffer(model.get("image")));
  const place = placeOf(model, conventions, maps.shape);
  const channel = Math.max(0, Math.min(place.outputMaps[0] - 1, model.get("channel")));
  const ties = conventions.get("ties");
  const computed = { maps, place, channel, ties, planes: planesOf(place, channel, model.get("channel")) };
  if (!place.fits) return computed;
  const outputs = count(place.output);
  const sent = arriving(model, place).slice(channel * outputs, (channel + 1) * outputs);
  return {
    ...computed,
    output: pool(maps, place, channel),
    sent: { shape: place.output, data: sent },
    back: poolGradient(maps, place, channel, sent, ties),
    unread: [0, 1].map((axis) => unreadPixels(place, axis)),
  };
}

/** The channels of the input that the shown channel of the output reads. */
function planesOf({ pieces, fits, maps }, channel, wanted) {
  if (!fits) return [Math.min(wanted, maps[0] - 1)];
  return Array.from({ length: pieces }, (_, piece) => channel * pieces + piece);
}

/** One channel of maps as an array (H, W) that shares their numbers. */
export function planeOf({ shape, data }, channel) {
  const size = shape[1] * shape[2];
  return { shape: shape.slice(1), data: data.subarray(channel * size, (channel + 1) * size) };
}

/** The ways to arrange the planes of one panel, as [rows, columns] of planes. */
export function arrangements(number) {
  const square = Math.ceil(Math.sqrt(number));
  return [[number, 1], [1, number], ...(number > 3 ? [[Math.ceil(number / square), square]] : [])];
}

/** Cells that each panel needs, [rows, columns] for one plane, and how many planes it has. */
function rooms({ place, maps }, grid) {
  const { stride, taps, padded, output, fits } = place;
  const reach = [0, 1].map((axis) => (fits ? (output[axis] - 1) * stride[axis] + taps[axis] : 0));
  const spatial = maps.shape.slice(1);
  return {
    input: { cells: padded.map((size, axis) => Math.max(size, reach[axis])), planes: grid },
    output: { cells: output, planes: [1, 1] },
    sent: { cells: output, planes: [1, 1] },
    back: { cells: spatial, planes: grid },
  };
}

/** Width and height of a panel's canvas in CSS pixels. */
export function canvasSize({ cells, planes }, cell) {
  const [height, width] = cells.map(
    (size, axis) => planes[axis] * size * cell + (planes[axis] - 1) * PLANE_GAP + 2 * MARGIN,
  );
  return { width, height };
}

/** Width of a whole panel: that of its canvas, but its heading needs some room. */
export const panelWidth = (room, cell, stacked) =>
  Math.max(stacked ? NARROWEST.stacked : NARROWEST.wide, canvasSize(room, cell).width);

/**
 * The size of a cell, and whether the two pairs of panels stand below one another, in `width` pixels.
 * `isPicture` where numbers would not fit.
 */
export function arrange(width, room) {
  const stacked = width < 4 * NARROWEST.wide + 3 * SIGN + 6 * GAP; // the headings would not stand in a row
  const fits = (cell) => {
    const wide = Object.values(room).map((one) => panelWidth(one, cell, stacked));
    const high = Object.values(room).map((one) => canvasSize(one, cell).height);
    if (Math.max(...high) > TALLEST + 2 * MARGIN) return false;
    const pairs = [wide[0] + wide[1], wide[2] + wide[3]].map((both) => both + SIGN + 2 * GAP);
    return stacked ? Math.max(...pairs) <= width : pairs[0] + pairs[1] + SIGN + 2 * GAP <= width;
  };
  for (let cell = LARGEST_CELL; cell >= SMALLEST_PRINTED; cell--) {
    if (fits(cell)) return { cell, stacked, isPicture: false };
  }
  for (let cell = SMALLEST_PRINTED - 0.5; cell > 0.5; cell -= 0.5) {
    if (fits(cell)) return { cell, stacked, isPicture: true };
  }
  return { cell: 0.5, stacked, isPicture: true };
}

/** What stays the same until numbers, theme or width change: the layout, the colours, the pictures. */
export function buildScene(computed, theme, width) {
  const ways = arrangements(computed.planes.length).map((grid) => {
    const room = rooms(computed, grid);
    return { room, ...arrange(width, room) };
  });
  const arranged = ways.reduce((best, way) => (way.cell > best.cell ? way : best));
  const scene = { ...computed, ...arranged, scales: {}, decimals: {}, pictures: {}, layers: {} };
  const shown = { input: computed.planes.map((channel) => planeOf(computed.maps, channel)) };
  if (computed.place.fits) {
    Object.assign(shown, { output: [computed.output], sent: [computed.sent] });
    shown.back = computed.planes.map((channel) => planeOf(computed.back, channel));
  }
  for (const [name, arrays] of Object.entries(shown)) {
    const values = arrays.length === 1 ? arrays[0].data : arrays.flatMap(({ data }) => [...data]);
    const asPhotograph = arranged.isPicture && (name === "input" || name === "output");
    const strength = arranged.isPicture ? 1 : 0.55;
    scene.scales[name] = colourScale(values, theme.palette, { picture: asPhotograph, strength });
    scene.decimals[name] = decimalsFor(values);
    if (arranged.isPicture)
      scene.pictures[name] = arrays.map((array) => pictureOf(array, scene.scales[name]));
  }
  return { ...scene, shown };
}

/** How many numbers of input and output differ once `moved` takes the place of the maps. */
export function whatChanged({ maps, place, channel, planes, output }, moved) {
  const differing = (one, other) =>
    one.reduce((number, value, index) => number + (value !== other[index]), 0);
  const inputs = planes.map((plane) => differing(planeOf(maps, plane).data, planeOf(moved, plane).data));
  return {
    pixels: planes.length * maps.shape[1] * maps.shape[2],
    changedPixels: inputs.reduce((sum, number) => sum + number, 0),
    outputs: output.data.length,
    changedOutputs: differing(output.data, pool(moved, place, channel).data),
  };
}

/** The window and the pixel that are looked at, inside what there is. */
export function focusOf(model, { place, maps }) {
  const asked = model.get("predict") === "gradient" ? [0, 0] : null; // a question needs a pixel
  const inside =
    (model.get("pixel") ?? asked)?.map((at, axis) => Math.min(at, maps.shape[axis + 1] - 1)) ?? null;
  return { position: clampPosition(model.get("position"), place), pixel: inside };
}

/** The flat index of a pixel [row, column] of one channel. */
export const indexIn = ({ shape }, channel, [row, column]) => (channel * shape[1] + row) * shape[2] + column;

/** What the windows that read the chosen pixel send it. */
export function partsOf({ maps, place, channel, sent, ties, planes }, { pixel, piece }) {
  return contributions(maps, place, channel, sent.data, ties, indexIn(maps, planes[piece], pixel));
}

/** True if a number of the output is still to be predicted, at its index in row order. */
export const isOutputHidden = (state, index) => state.predict === "output" && !state.answered.includes(index);

/** True if the gradient of a pixel is: it would also tell who won, so it waits for the outputs. */
export const isBackHidden = (state, index, outputs) =>
  state.predict === "gradient"
    ? !state.answered.includes(index)
    : state.predict === "output" && state.answered.length < outputs;

/** True if the winner of a window may be told. */
export const isWinnerKnown = (scene, state, [row, column]) =>
  isMaximum(scene.place.mode) && !isOutputHidden(state, row * scene.place.output[1] + column);
