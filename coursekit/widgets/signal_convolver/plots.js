// The three plots on one axis: signal and kernel, their products, the output. A scene is what stays while the
// kernel moves; it is made anew when signals, mode, convention, width or theme change.
import { fromBuffer } from "../shared/arrays.js";
import { css, decimalsFor, prepareCanvas, printNumber } from "../shared/grid.js";
import {
  drawLayer,
  layerOf,
  paintArea,
  paintAreaSigns,
  paintCurve,
  paintHeadNumbers,
  paintStems,
  paintStrip,
  paintTimeLine,
  paintTimes,
  paintValueAxis,
  STRIP,
} from "./paint.js";
import { arrangement, productRange, rangeOf, sharedRange, verticalScale, xOf, yOf } from "./scales.js";
import { whatIsKept, writtenTime } from "./sentences.js";
import { firstSample, fullOutput, laidTaps, productsAt, timeAt } from "./signals.js";

/** Heights of the plots where numbers are printed in strips; without the strips they take their room. */
const HEIGHTS = { window: 112, products: 96, output: 130 };
const TIMES = 24; // below the output
const FRAME = 20; // above the output: what the mode keeps

/** What the model says, and everything that follows from it and from the width. `held`: ranges kept during a drag. */
export function buildScene(model, conventions, theme, width, held) {
  const [signal, kernel] = ["signal", "kernel"].map((name) => fromBuffer(model.get(name)).data);
  const isFlipped = conventions.get("operation") === "convolution";
  const [mode, isContinuous] = [model.get("mode"), model.get("continuous")];
  const step = isContinuous ? model.get("dt") : 1;
  const laid = laidTaps(kernel, isFlipped);
  const output = fullOutput(signal, laid, step);
  const sizes = { width, samples: signal.length, taps: kernel.length, mode, isContinuous };
  const shared = held ?? sharedRange(signal, kernel);
  const decimals = { signal: decimalsFor(signal), kernel: decimalsFor(kernel), output: decimalsFor(output) };
  const scene = { signal, kernel, laid, isFlipped, mode, isContinuous, step, output, shared, decimals, width };
  Object.assign(scene, arrangement(sizes), { products: new Float64Array(laid.length) });
  scene.decimals.product = Math.min(4, decimals.signal + decimals.kernel);
  return Object.assign(scene, scalesOf(scene), layersOf({ ...scene, ...scalesOf(scene) }, theme));
}

function scalesOf({ isPrinted, shared, signal, kernel, output }) {
  const strip = isPrinted ? STRIP : 0;
  const heights = { ...HEIGHTS };
  if (!isPrinted) heights.window += STRIP;
  const top = strip + 4;
  heights.products += isPrinted ? STRIP : 16;
  const scales = {
    window: verticalScale(shared.range, 0, heights.window, 9),
    products: verticalScale(productRange(signal, kernel), top, heights.products, isPrinted ? 24 : 4),
    output: verticalScale(rangeOf(output), FRAME, heights.output - TIMES, isPrinted ? 25 : 9),
  };
  return { heights, scales };
}

/** What does not move: the signal, and the whole output, of which only a part may be shown. */
function layersOf(scene, theme) {
  const { axis, heights, scales, signal, width } = scene;
  const window = layerOf(width, heights.window, (context) => {
    paintValueAxis(context, theme, { axis, scale: scales.window });
    const line = { values: signal, place: (index) => xOf(axis, index), scale: scales.window };
    if (scene.isCurve) paintCurve(context, { ...line, colour: theme.faint, thickness: 2.5 });
    else paintStems(context, { ...line, colourOf: () => theme.faint, radius: headRadius(axis) });
  });
  const output = layerOf(width, heights.output, (context) => paintWholeOutput(context, scene, theme));
  return { layers: { window, output } };
}

const headRadius = ({ cell }) => Math.max(2.5, Math.min(6, cell / 5));

/** The place of the output of a position. */
const outputPlace = ({ axis, laid, isFlipped }) => {
  const shift = timeAt(0, laid.length, isFlipped);
  return (position) => xOf(axis, position + shift);
};

/** Every output: grey where the mode drops it, strong where it keeps it. */
function paintWholeOutput(context, scene, theme) {
  const { axis, output, kept, scales, isCurve, isPrinted, decimals } = scene;
  const [scale, place] = [scales.output, outputPlace(scene)];
  const parts = [
    [0, output.length, theme.line],
    [kept[0], kept[1], theme.ink],
  ];
  for (const [first, after, colour] of parts) {
    const values = output.subarray(first, after);
    const line = { values, place: (index) => place(first + index), scale, cell: axis.cell };
    if (isCurve) paintCurve(context, { ...line, colour, thickness: colour === theme.ink ? 2.5 : 2 });
    else paintStems(context, { ...line, colourOf: () => colour, radius: headRadius(axis) });
  }
  if (!isPrinted) return;
  const isKept = (index) => index >= kept[0] && index < kept[1];
  for (const [keeps, colour] of [
    [true, theme.ink],
    [false, theme.faint],
  ]) {
    const chosen = Array.from(output.keys()).filter((index) => isKept(index) === keeps);
    const values = chosen.map((index) => output[index]);
    const numbers = { values, place: (index) => place(chosen[index]), scale, decimals: decimals.output };
    paintHeadNumbers(context, theme, { ...numbers, cell: axis.cell, colourOf: () => colour });
  }
}

/**
 * The kernel's taps during its turn: `turn` goes from −1, as it lay before, to 1, as it lies now. All taps
 * move around the middle of the window, as a page that is turned.
 */
function tapPlace({ axis, laid }, position, turn) {
  const first = firstSample(position, laid.length);
  const middle = xOf(axis, first + (laid.length - 1) / 2);
  return (tap) => middle + (xOf(axis, first + tap) - middle) * turn;
}

/** The band in which the kernel lies, as [x, y, width, height]. */
export function bandOf({ axis, laid, heights }, position) {
  const first = firstSample(position, laid.length);
  return [xOf(axis, first) - axis.cell / 2, 0, laid.length * axis.cell, heights.window];
}

/** The top plot. `state` is { position, turn }. */
export function paintWindow(canvas, scene, theme, { position, turn }) {
  const { axis, heights, laid, layers, scales, shared, isCurve } = scene;
  const context = prepareCanvas(canvas, scene.width, heights.window);
  const band = bandOf(scene, position);
  context.fillStyle = css(theme.focus, theme.isDark ? 0.25 : 0.13);
  context.fillRect(...band);
  paintTimeLine(context, theme, xOf(axis, timeAt(position, laid.length, scene.isFlipped)), 0, heights.window);
  drawLayer(context, layers.window);
  const values = shared.factor === 1 ? laid : laid.map((tap) => tap * shared.factor);
  const line = { values, place: tapPlace(scene, position, turn), scale: scales.window };
  if (isCurve) paintCurve(context, { ...line, colour: theme.ink, thickness: 2.5, dash: [7, 4], isClosed: true });
  else {
    const style = { head: "square", radius: headRadius(axis), paper: theme.paper, colourOf: () => theme.ink };
    paintStems(context, { ...line, ...style });
  }
}

/** The signal's numbers below the top plot. */
export function paintSignalStrip(canvas, scene, theme) {
  const { axis, signal, decimals, width } = scene;
  const context = prepareCanvas(canvas, width, STRIP);
  const strip = { values: signal, place: (index) => xOf(axis, index), cell: axis.cell };
  paintStrip(context, theme, { ...strip, decimals: decimals.signal });
}

/** The middle plot: the kernel's numbers where they stand, and the products below them. */
export function paintProducts(canvas, scene, theme, { position, turn }) {
  const { axis, heights, laid, products, scales, signal, width, isCurve, isPrinted, decimals } = scene;
  const context = prepareCanvas(canvas, width, heights.products);
  const values = productsAt(signal, laid, position, products);
  const first = firstSample(position, laid.length);
  const scale = scales.products;
  const line = { values, place: (tap) => xOf(axis, first + tap), scale, cell: axis.cell };
  paintValueAxis(context, theme, { axis, scale });
  const time = xOf(axis, timeAt(position, laid.length, scene.isFlipped));
  paintTimeLine(context, theme, time, isPrinted ? STRIP : 0, heights.products);
  const { orange, blue } = theme.palette;
  const colourOf = (value) => (value > 0 ? orange : value < 0 ? blue : theme.faint);
  if (isCurve) {
    paintArea(context, theme, line);
    paintCurve(context, { ...line, colour: theme.ink, thickness: 1.5 });
    paintAreaSigns(context, theme, line);
  } else paintStems(context, { ...line, colourOf, radius: headRadius(axis) });
  if (!isPrinted) return;
  paintHeadNumbers(context, theme, { ...line, decimals: decimals.product, colourOf: () => theme.ink });
  const strip = { values: laid, place: tapPlace(scene, position, turn), cell: axis.cell, isKernel: true };
  paintStrip(context, theme, { ...strip, decimals: decimals.kernel });
}

/** The bottom plot: the output as far as it is shown, the frame of the mode, the present output marked. */
export function paintOutput(canvas, scene, theme, { position, isGrowing }) {
  const { axis, heights, laid, layers, scales, output, width, isFlipped } = scene;
  const context = prepareCanvas(canvas, width, heights.output);
  paintValueAxis(context, theme, { axis, scale: scales.output });
  const x = outputPlace(scene)(position);
  context.save();
  if (isGrowing) {
    context.beginPath();
    context.rect(0, 0, x + (scene.isCurve ? 1 : axis.cell / 2), heights.output);
    context.clip();
  }
  const bottom = heights.output - TIMES;
  paintTimeLine(context, theme, x, 0, bottom);
  drawLayer(context, layers.output);
  context.restore();
  paintFrame(context, scene, theme, bottom);
  const y = yOf(scales.output, output[position]);
  paintRing(context, theme, [y, x]);
  const time = timeAt(position, laid.length, isFlipped);
  paintTimes(context, theme, { axis, y: bottom + TIMES / 2, time, write: (at) => writtenTime(at, scene) });
}

/** The present output, ringed. */
function paintRing(context, theme, [y, x]) {
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.strokeStyle = css(theme.focus);
  context.lineWidth = 3;
  context.stroke();
}

/** What the mode keeps, framed and named. */
function paintFrame(context, scene, theme, bottom) {
  const { axis, kept, mode } = scene;
  const place = outputPlace(scene);
  const text = whatIsKept(mode, kept);
  const x = kept[1] > kept[0] ? place(kept[0]) - axis.cell / 2 : axis.left;
  const style = { size: 16, family: theme.family, colour: theme.ink, align: "left" };
  if (kept[1] > kept[0]) {
    context.strokeStyle = css(theme.ink);
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    const right = place(kept[1] - 1) + axis.cell / 2;
    context.strokeRect(x, 1, right - x, bottom - 2);
    context.setLineDash([]);
  }
  context.font = `${style.size}px ${theme.family}`;
  const start = Math.min(x + 6, scene.width - context.measureText(text).width - 8);
  context.fillStyle = css(theme.paper, 0.85);
  context.fillRect(start - 2, 2, context.measureText(text).width + 4, 18);
  printNumber(context, text, { x: start, y: 12, ...style });
}

/** The value and the sign of the two areas, for the heading of the products. */
export function signedSums({ products, step }) {
  let [positive, negative] = [0, 0];
  for (const product of products) {
    if (product > 0) positive += product * step;
    else negative += product * step;
  }
  return [positive, negative];
}
