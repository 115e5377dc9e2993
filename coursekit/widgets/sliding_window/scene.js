// What the sliding window shows: its arrays and where they stand on the page. Nothing is drawn here.
import { geometry, largestPadding, whyImpossible } from "../shared/arithmetic.js";
import { count, fromBuffer } from "../shared/arrays.js";
import { colourScale, decimalsFor, layout, MARGIN } from "../shared/grid.js";
import { correlatePlanes, overhang, planesOf, turnedPlane, whyChannelsDiffer } from "./planes.js";

/** The height of the grids at most, so that the demo fits a projector's page; and with a question below. */
const [TALLEST, TALLEST_ASKING] = [352, 280];
/** Below this width the panels stand below one another. */
const NARROW = 640;
/** Heading and room of one panel of the middle column, and the hint below the kernel. */
const [HEADING, HINT] = [46, 20];
/** How far each channel behind the one in front peeps out, and how many do. */
const STEP_BACK = 6;
const MOST_BEHIND = 3;

/** The geometry of a model's present arrays and parameters under the present conventions. */
export function geometryOf(model, conventions) {
  const [stride, padding, dilation] = ["stride", "padding", "dilation"].map((name) => model.get(name));
  const parameters = { stride, padding, dilation, rounding: conventions.get("rounding") };
  const [image, kernel] = ["image", "kernel"].map((name) => model.get(name).shape);
  const place = geometry(image.slice(-2), kernel.slice(-2), parameters);
  const reason = whyChannelsDiffer(image, kernel) || whyImpossible(place);
  return reason ? { ...place, reason, output: [0, 0], fits: false } : { ...place, reason };
}

/**
 * Room, in cells, that the panels keep whatever the parameters are: [rows, columns] each. Where room is dear
 * (`isTight`), it is only what the present parameters need.
 */
export function panelCells({ input, taps, padding, padded, output }, isTight = false, beyond = [0, 0]) {
  if (isTight) {
    const whole = padded.map((size, axis) => size + 2 * beyond[axis]);
    return { input: whole, kernel: taps, output: output.map((size) => Math.max(1, size)) };
  }
  const around = largestPadding(padding, taps);
  const room = input.map((size, axis) => Math.max(size + 2 * around[axis], padded[axis] + 2 * beyond[axis]));
  const most = geometry(input, taps, { padding: around }).output;
  return { input: room, kernel: taps, output: most.map((size) => Math.max(1, size)) };
}

/**
 * The planes of image and kernel, the kernel as it slides, where the window goes, the output, and how many
 * decimals each shows. Large arrays take a while. Whoever has another output gives it as `sums`.
 */
export function compute(model, conventions, sums = null) {
  const [pixels, weights] = [fromBuffer(model.get("image")), fromBuffer(model.get("kernel"))];
  const place = geometryOf(model, conventions);
  const operation = conventions.get("operation");
  const [image, kernel] = [planesOf(pixels), planesOf(weights)];
  const sliding = operation === "convolution" ? kernel.map(turnedPlane) : kernel;
  const data = sums ?? (place.fits ? correlatePlanes(image, sliding, place) : new Float64Array(0));
  const values = { image: pixels.data, kernel: weights.data, output: data };
  const decimals = Object.fromEntries(Object.entries(values).map(([name, all]) => [name, decimalsFor(all)]));
  return {
    image,
    kernel,
    sliding,
    operation,
    place,
    decimals,
    values,
    output: { shape: place.output, data },
    channels: pixels.shape.length === 3 ? pixels.shape[0] : 0,
    overhang: overhang(place),
  };
}

/** The largest cell of the kernels that lets the middle column be no taller than the grids beside it. */
function kernelCellIn(arranged, { taps }, cells, panels) {
  if (arranged.stacked) return arranged.kernelCell;
  const height = Math.max(arranged.cell * Math.max(cells.input[0], cells.output[0]), 240);
  const most = Math.floor((height + HEADING - HINT - panels * HEADING) / (panels * taps[0]));
  return Math.max(3, Math.min(arranged.kernelCell, most));
}

/** All that stays the same until what is computed, the theme or the width changes. */
export function buildScene(computed, theme, width, isAsking = false) {
  const isNarrow = width < NARROW;
  const cells = panelCells(computed.place, isAsking || isNarrow, computed.overhang);
  const isTurned = computed.operation === "convolution";
  const behind = Math.min(MOST_BEHIND, Math.max(0, computed.channels - 1)) * STEP_BACK;
  const tallest = isAsking ? TALLEST_ASKING : TALLEST;
  const arranged = layout(width - 2 * behind, cells, isNarrow ? {} : { tallest });
  const picture = arranged.mode === "pixels";
  const panels = 1 + Number(isTurned || picture); // both kernels stand side by side below a magnified window
  const kernelCell = kernelCellIn(arranged, computed.place, cells, panels);
  const scene = { ...computed, ...arranged, cells, kernelCell, picture, isTurned, behind, layers: {} };
  scene.scales = {};
  for (const name of ["image", "kernel", "output"]) {
    const isDrawn = picture && name !== "kernel";
    const strength = isDrawn || (picture && kernelCell < 20) ? 1 : 0.55;
    scene.scales[name] = colourScale(computed.values[name], theme.palette, { picture: isDrawn, strength });
  }
  scene.origins = {
    input: originOf(computed.place.input, cells.input, arranged.cell, behind),
    kernel: [MARGIN + behind, MARGIN],
    output: originOf(computed.place.output, cells.output, arranged.cell),
  };
  return scene;
}

/** Where a grid of `shape` starts in a panel with room for `room` cells: in the middle, before what is behind. */
export function originOf(shape, room, cell, behind = 0) {
  const [top, left] = shape.map((size, axis) => MARGIN + Math.round(((room[axis] - size) * cell) / 2));
  return [top + behind, left];
}

/** The number of output cells that are shown, and which, as the state says. */
export function visibleCells({ filled, predict, predicted }, place) {
  const number = count(place.output);
  if (predict) {
    const found = new Set(predicted.filter((index) => index < number));
    return { upTo: 0, cells: found, all: found.size === number, key: [...found].join() };
  }
  const upTo = filled < 0 ? number : Math.min(filled, number);
  return { upTo, cells: new Set(), all: upTo === number, key: String(upTo) };
}

/** True if the output cell at a place in reading order is shown. */
export const isVisible = (visible, index) => visible.all || index < visible.upTo || visible.cells.has(index);
