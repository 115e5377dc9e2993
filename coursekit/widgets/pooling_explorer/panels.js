// The four panels of the pooling explorer: what is drawn where.
import {
  css,
  fittingSize,
  formatNumber,
  hatch,
  MARGIN,
  mix,
  outline,
  paintOneCell,
  prepareCanvas,
  printNumber,
  readableOn,
} from "../shared/grid.js";
import { boxOf, isMaximum, maximaOf, windowsThatRead } from "./pooling.js";
import { canvasSize, isBackHidden, isOutputHidden, isWinnerKnown, partsOf, PLANE_GAP } from "./scene.js";

/** Where plane number `piece` of a panel starts on its canvas: [top, left] of its first real pixel. */
export function originIn(scene, name, piece = 0) {
  const { cells, planes } = scene.room[name];
  const at = [Math.floor(piece / planes[1]), piece % planes[1]];
  const around = name === "input" ? scene.place.padding : [0, 0];
  return at.map(
    (place, axis) => MARGIN + place * (cells[axis] * scene.cell + PLANE_GAP) + around[axis] * scene.cell,
  );
}

/** The point of a canvas as { piece, point }: the plane that is nearest, and [y, x] in its pixels. */
export function pointIn(scene, name, [y, x]) {
  const { planes } = scene.room[name];
  const number = name === "input" || name === "back" ? scene.planes.length : 1;
  let best = null;
  for (let piece = 0; piece < number; piece++) {
    const [top, left] = originIn(scene, name, piece);
    const point = [(y - top) / scene.cell, (x - left) / scene.cell];
    const size = scene.shown[name]?.[0]?.shape ?? planes;
    const away = point.map((at, axis) => Math.max(0, -at, at - size[axis]));
    const distance = away[0] + away[1];
    if (!best || distance < best.distance) best = { piece, point, distance };
  }
  return best;
}

function openCanvas(canvas, scene, name) {
  const { width, height } = canvasSize(scene.room[name], scene.cell);
  return prepareCanvas(canvas, width, height);
}

/**
 * A panel's canvas with what stays the same while the window moves. `paint(context)` draws that once for each
 * `key`; then it is copied, which takes a tenth of the time. Returns the context for what moves.
 */
function openWith(canvas, scene, name, key, paint) {
  const context = openCanvas(canvas, scene, name);
  const wanted = `${key} ${window.devicePixelRatio}`;
  if (scene.layers[name]?.key !== wanted) {
    const layer = scene.layers[name]?.layer ?? document.createElement("canvas");
    paint(openCanvas(layer, scene, name));
    scene.layers[name] = { key: wanted, layer };
  }
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(scene.layers[name].layer, 0, 0);
  context.restore();
  return context;
}

/** What the numbers that are still to be predicted depend on. */
const keyOf = ({ predict, answered }) => (predict === "off" ? "" : `${predict} ${answered}`);

const cellBox = (scene, [top, left], [row, column], [rows, columns] = [1, 1]) => [
  left + column * scene.cell,
  top + row * scene.cell,
  columns * scene.cell,
  rows * scene.cell,
];

/** The numbers of one plane, or its picture; `isHidden(index)` says which are still to be predicted. */
function paintPlane(context, scene, theme, name, piece, isHidden) {
  const { shape, data } = scene.shown[name][piece];
  const [top, left] = originIn(scene, name, piece);
  if (scene.isPicture && !isHidden) {
    context.imageSmoothingEnabled = scene.cell * (window.devicePixelRatio || 1) < 1;
    context.drawImage(scene.pictures[name][piece], left, top, shape[1] * scene.cell, shape[0] * scene.cell);
    return;
  }
  if (scene.isPicture) coverPlane(context, theme, cellBox(scene, [top, left], [0, 0], shape));
  const { least, greatest, colour } = scene.scales[name];
  const longest = [least, greatest].map((value) => formatNumber(value, scene.decimals[name]));
  const wanted = {
    width: scene.cell * 0.86,
    size: scene.cell * (scene.cell < 30 ? 0.55 : 0.45),
    family: theme.family,
  };
  const size = scene.isPicture ? 0 : fittingSize(context, longest, wanted);
  for (let index = 0; index < data.length; index++) {
    const hidden = isHidden?.(index);
    if (hidden && scene.isPicture) continue;
    const text = !size ? "" : hidden ? "?" : formatNumber(data[index], scene.decimals[name]);
    const fill = hidden ? theme.paper : colour(data[index]);
    const at = [
      left + (index % shape[1]) * scene.cell,
      top + Math.floor(index / shape[1]) * scene.cell,
      scene.cell,
    ];
    paintOneCell(context, theme, at, { fill, text, size });
  }
}

/** A picture that is to be predicted: an empty frame with a question mark. */
function coverPlane(context, theme, [x, y, width, height]) {
  context.strokeStyle = css(theme.faint);
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  const middle = { x: x + width / 2, y: y + height / 2, size: Math.min(40, width / 2) };
  printNumber(context, "?", { ...middle, family: theme.family, colour: theme.faint });
}

/** The padding around a plane, dashed, with what it holds: −∞ for a maximum, 0 for an average. */
function paintPadding(context, scene, theme, origin) {
  const { place, cell, isPicture } = scene;
  if (!place.padding.some(Boolean)) return;
  const [left, top, width, height] = cellBox(
    scene,
    origin,
    place.padding.map((zeros) => -zeros),
    place.padded,
  );
  context.setLineDash([4, 3]);
  context.strokeStyle = css(theme.faint);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.setLineDash([]);
  if (isPicture) return;
  const text = isMaximum(place.mode) ? "−∞" : "0";
  for (let row = -place.padding[0]; row < place.input[0] + place.padding[0]; row++) {
    const isEdge = row < 0 || row >= place.input[0];
    for (let column = -place.padding[1]; column < place.input[1] + place.padding[1]; column++) {
      if (!isEdge && column >= 0 && column < place.input[1]) continue;
      const [x, y] = cellBox(scene, origin, [row, column]);
      const at = { x: x + cell / 2, y: y + cell / 2 + 0.5, size: cell * 0.38, family: theme.family };
      printNumber(context, text, { ...at, colour: theme.faint });
    }
  }
}

/** Rows and columns that no window reads. */
function paintUnread(context, scene, theme, origin) {
  const [height, width] = scene.place.input;
  for (const row of scene.unread[0]) hatch(context, theme, cellBox(scene, origin, [row, 0], [1, width]));
  for (const column of scene.unread[1])
    hatch(context, theme, cellBox(scene, origin, [0, column], [height, 1]));
}

const styleOf = (theme, thickness) => ({ line: theme.ink, halo: theme.paper, thickness });

/** A frame around a window on the input, through padding and beyond the far end. */
function frameWindow(context, scene, theme, origin, position, { thickness = 3, dash = [] } = {}) {
  const { stride, padding, taps } = scene.place;
  const start = position.map((at, axis) => at * stride[axis] - padding[axis]);
  context.setLineDash(dash);
  outline(context, cellBox(scene, origin, start, taps), styleOf(theme, thickness));
  context.setLineDash([]);
}

/** A ring around a pixel that is the maximum; a broken one where it is, but gets nothing. */
function ring(context, scene, theme, origin, at, isBroken) {
  const [x, y, cell] = cellBox(scene, origin, at);
  const radius = Math.max(6, cell * 0.41);
  for (const [colour, width] of [
    [theme.paper, 6],
    [theme.ink, 3],
  ]) {
    context.beginPath();
    context.arc(x + cell / 2, y + cell / 2, radius, 0, 2 * Math.PI);
    context.setLineDash(isBroken && width === 3 ? [4, 4] : []);
    context.strokeStyle = css(colour);
    context.lineWidth = width;
    context.stroke();
  }
  context.setLineDash([]);
}

/** Piece, row and column of an index in the maps. */
function locate(scene, index) {
  const [, height, width] = scene.maps.shape;
  const within = index % (height * width);
  const channel = (index - within) / (height * width);
  return { piece: scene.planes.indexOf(channel), at: [Math.floor(within / width), within % width] };
}

/** The input: the window and its winners, or a pixel and the windows that read it. */
export function paintInput(canvas, scene, theme, state) {
  const pieces = scene.planes.map((_, piece) => piece);
  const context = openWith(canvas, scene, "input", "", (still) => {
    for (const piece of pieces) {
      const origin = originIn(scene, "input", piece);
      paintPadding(still, scene, theme, origin);
      paintPlane(still, scene, theme, "input", piece);
      if (scene.place.fits) paintUnread(still, scene, theme, origin);
    }
  });
  if (!scene.place.fits) return;
  if (state.looksAtPixel) {
    paintReaders(context, scene, theme, state);
    return;
  }
  for (const piece of pieces) {
    frameWindow(context, scene, theme, originIn(scene, "input", piece), state.position);
  }
  if (isWinnerKnown(scene, state, state.position)) {
    const winners = maximaOf(scene.maps, boxOf(scene.place, scene.channel, ...state.position));
    winners.slice(0, 400).forEach((index, rank) => {
      const { piece, at } = locate(scene, index);
      ring(context, scene, theme, originIn(scene, "input", piece), at, scene.ties === "first" && rank > 0);
    });
  }
  if (state.pixel) paintPixel(context, scene, theme, "input", state);
}

function paintReaders(context, scene, theme, state) {
  const origin = originIn(scene, "input", state.piece);
  const readers = windowsThatRead(scene.place, state.pixel);
  if (!scene.place.mode.startsWith("maxout") && readers.length <= 16) {
    const style = { thickness: 2, dash: scene.cell < 16 ? [] : [5, 3] };
    for (const position of readers) frameWindow(context, scene, theme, origin, position, style);
  }
  paintPixel(context, scene, theme, "input", state);
}

/** The chosen pixel: a frame within its cell. */
function paintPixel(context, scene, theme, name, { pixel, piece }) {
  const inset = scene.cell >= 16 ? 3 : -2;
  const [x, y, width, height] = cellBox(scene, originIn(scene, name, piece), pixel);
  const box = [x + inset, y + inset, width - 2 * inset, height - 2 * inset];
  outline(context, box, { line: theme.focus, halo: theme.paper, thickness: 3 });
}

/** The output or its gradient: the window's number framed, or those of all windows that read a pixel. */
export function paintOutput(canvas, scene, theme, state, name) {
  if (!scene.place.fits) return;
  const isAsked = name === "output" && state.predict === "output";
  const isHidden = isAsked ? (index) => isOutputHidden(state, index) : undefined;
  const context = openWith(canvas, scene, name, isAsked ? keyOf(state) : "", (still) => {
    paintPlane(still, scene, theme, name, 0, isHidden);
  });
  const origin = originIn(scene, name);
  const frame = (position, style) => outline(context, cellBox(scene, origin, position), style);
  if (!state.looksAtPixel) {
    frame(state.position, styleOf(theme, 3));
    return;
  }
  const isTold = !isBackHidden(state, state.pixelPlace, scene.output.data.length);
  for (const { position, share } of partsOf(scene, state).slice(0, 400)) {
    context.setLineDash(isTold && share === 0 && scene.cell >= 16 ? [4, 3] : []);
    frame(position, styleOf(theme, isTold && share !== 0 ? 3 : 1.5));
  }
  context.setLineDash([]);
}

/** The gradient at the input: the sum in each cell, and in its corner what the present window adds. */
export function paintBack(canvas, scene, theme, state) {
  if (!scene.place.fits) return;
  const outputs = scene.output.data.length;
  const plane = scene.place.input[0] * scene.place.input[1];
  const isAsked = state.predict !== "off";
  const context = openWith(canvas, scene, "back", keyOf(state), (still) => {
    scene.planes.forEach((_, piece) => {
      const isHidden = isAsked ? (index) => isBackHidden(state, piece * plane + index, outputs) : undefined;
      paintPlane(still, scene, theme, "back", piece, isHidden);
      paintUnread(still, scene, theme, originIn(scene, "back", piece));
    });
  });
  if (!isAsked && !state.looksAtPixel) paintShares(context, scene, theme, state);
  if (state.pixel) paintPixel(context, scene, theme, "back", state);
}

function paintShares(context, scene, theme, { position }) {
  const { place, maps, cell } = scene;
  const box = boxOf(place, scene.channel, ...position);
  const gradient = scene.sent.data[position[0] * place.output[1] + position[1]];
  if (!isMaximum(place.mode)) {
    const start = [box.rowFrom, box.columnFrom];
    const size = [box.rowTo - box.rowFrom, box.columnTo - box.columnFrom];
    outline(context, cellBox(scene, originIn(scene, "back"), start, size), styleOf(theme, 3));
    return;
  }
  const winners = maximaOf(maps, box).slice(0, scene.ties === "first" ? 1 : 400);
  const text = `${gradient < 0 ? "" : "+"}${formatNumber(gradient, scene.decimals.sent)}`;
  for (const index of winners) {
    const { piece, at } = locate(scene, index);
    const origin = originIn(scene, "back", piece);
    const inset = cell >= 16 ? 0 : -2;
    const [x, y, width, height] = cellBox(scene, origin, at);
    outline(context, [x + inset, y + inset, width - 2 * inset, height - 2 * inset], styleOf(theme, 3));
    if (scene.isPicture || cell < 30) continue;
    const fill = scene.scales.back.colour(scene.back.data[index]);
    const colour = mix(fill, readableOn(fill, theme.ink, theme.paper), 0.85);
    const size = fittingSize(context, [text], { width: cell - 8, size: cell * 0.29, family: theme.family });
    printNumber(context, text, {
      x: x + cell - 5,
      y: y + cell * 0.83,
      size,
      family: theme.family,
      colour,
      align: "right",
    });
  }
}
