// Stems, curves, strips of numbers and axes on a canvas. Lengths are CSS pixels, colours [r, g, b].
import { colourScale, css, fittingSize, prepareCanvas, printNumber, readableOn } from "../shared/grid.js";
import { roundTicks, tickText, xOf, yOf } from "./scales.js";
import { trimmed } from "./sentences.js";

/** Height of a strip of numbers. */
export const STRIP = 28;

/** A canvas that is not on the page: what does not change is drawn on it once. */
export function layerOf(width, height, paint) {
  const canvas = document.createElement("canvas");
  paint(prepareCanvas(canvas, width, height));
  return { canvas, width, height };
}

export const drawLayer = (context, { canvas, width, height }) => context.drawImage(canvas, 0, 0, width, height);

/** The zero line across the plot, and round numbers at its left. */
export function paintValueAxis(context, theme, { axis, scale }) {
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(axis.left, Math.round(scale.zero) + 0.5);
  context.lineTo(axis.left + axis.cells * axis.cell, Math.round(scale.zero) + 0.5);
  context.stroke();
  const style = { family: theme.family, colour: theme.faint, align: "right" };
  for (const tick of roundTicks([scale.low, scale.high], scale.unit, 30)) {
    const text = tickText(tick);
    context.font = `14px ${theme.family}`;
    const size = 14 * Math.min(1, (axis.left - 8) / context.measureText(text).width);
    printNumber(context, text, { x: axis.left - 6, y: yOf(scale, tick), size, ...style });
  }
}

/** Stems with heads. `place(index)` gives x, `colourOf(value)` the colour; `head` is "round" or "square". */
export function paintStems(context, { values, place, scale, colourOf, paper, head = "round", radius = 5 }) {
  for (let index = 0; index < values.length; index++) {
    const [x, y] = [place(index), yOf(scale, values[index])];
    const colour = css(colourOf(values[index]));
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(x, scale.zero);
    context.lineTo(x, y);
    context.stroke();
    context.beginPath();
    if (head === "round") context.arc(x, y, radius, 0, 2 * Math.PI);
    else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    context.fillStyle = head === "round" ? colour : css(paper);
    context.fill();
    if (head === "square") context.stroke();
  }
}

/** A value beside the head of each stem: above a positive, below a negative one. */
export function paintHeadNumbers(context, theme, { values, place, scale, cell, decimals, colourOf }) {
  const texts = Array.from(values, (value) => trimmed(value, decimals));
  const size = texts.length ? fittingSize(context, texts, { width: cell * 0.95, size: 17, family: theme.family }) : 0;
  texts.forEach((text, index) => {
    const y = yOf(scale, values[index]) + (values[index] < 0 ? 17 : -16);
    const style = { size, family: theme.family, colour: colourOf(values[index]) };
    printHaloed(context, theme, text, { x: place(index), y, ...style });
  });
}

/** A number with a halo, readable over lines. */
function printHaloed(context, theme, text, style) {
  if (!style.size) return;
  context.font = `${style.size}px ${style.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.strokeStyle = css(theme.paper);
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeText(text, style.x, style.y);
  printNumber(context, text, style);
}

/** A curve through the values; `isClosed` adds the steps from and to zero at its ends. */
export function paintCurve(context, { values, place, scale, colour, thickness = 2, dash = [], isClosed = false }) {
  context.beginPath();
  if (isClosed) context.lineTo(place(0), scale.zero);
  for (let index = 0; index < values.length; index++) {
    context.lineTo(place(index), yOf(scale, values[index]));
  }
  if (isClosed) context.lineTo(place(values.length - 1), scale.zero);
  if (values.length === 1) context.lineTo(place(0) + 1, yOf(scale, values[0]));
  context.setLineDash(dash);
  context.strokeStyle = css(colour);
  context.lineWidth = thickness;
  context.lineJoin = "round";
  context.stroke();
  context.setLineDash([]);
}

/** The area between products and zero, each product in a strip one cell wide: orange above, blue below. */
export function paintArea(context, theme, { values, place, scale, cell }) {
  for (const sign of [1, -1]) {
    context.beginPath();
    for (let index = 0; index < values.length; index++) {
      if (values[index] * sign <= 0) continue;
      context.rect(place(index) - cell / 2, scale.zero, cell, -values[index] * scale.unit);
    }
    context.fillStyle = css(sign > 0 ? theme.palette.orange : theme.palette.blue, 0.75);
    context.fill();
  }
}

/** The run of products of one sign that has the largest area, as { middle, highest, wide }; null without any. */
function largestRun({ values, place, cell }, sign) {
  let [best, run] = [null, null];
  values.forEach((value, index) => {
    if (value * sign <= 0) {
      run = null;
      return;
    }
    run ??= { area: 0, moment: 0, highest: 0, wide: 0 };
    run.area += value * sign;
    run.moment += value * sign * place(index);
    run.highest = Math.max(run.highest, value * sign);
    run.wide += cell;
    if (!best || run.area > best.area) best = run;
  });
  return best && { ...best, middle: best.moment / best.area };
}

/** A "+" in the largest positive area and a "−" in the largest negative one, where there is room. */
export function paintAreaSigns(context, theme, line) {
  for (const [sign, text] of [
    [1, "+"],
    [-1, "−"],
  ]) {
    const run = largestRun(line, sign);
    if (!run || run.highest * line.scale.unit < 26 || run.wide < 30) continue;
    const y = line.scale.zero - (sign * run.highest * line.scale.unit) / 3;
    printNumber(context, text, { x: run.middle, y, size: 26, family: theme.family, colour: theme.ink });
  }
}

/** Cells in a row with their numbers, as wide as the axis's: `place(index)` gives the middle of each. */
export function paintStrip(context, theme, { values, place, cell, decimals, top = 0, isKernel = false }) {
  if (!values.length) return;
  const { colour } = colourScale(values, theme.palette, { strength: 0.55 });
  const texts = Array.from(values, (value) => trimmed(value, decimals));
  const size = fittingSize(context, texts, { width: cell * 0.92, size: 18, family: theme.family });
  texts.forEach((text, index) => {
    const x = place(index);
    const fill = colour(values[index]);
    context.fillStyle = css(fill);
    context.fillRect(x - cell / 2, top, cell, STRIP);
    context.strokeStyle = css(isKernel ? theme.ink : theme.line);
    context.lineWidth = isKernel ? 2 : 1;
    context.strokeRect(x - cell / 2 + 0.5, top + 1, cell - 1, STRIP - 2);
    const shown = readableOn(fill, theme.ink, theme.paper);
    printNumber(context, text, { x, y: top + STRIP / 2 + 1, size, family: theme.family, colour: shown });
  });
}

/** A dotted vertical line where t is. */
export function paintTimeLine(context, theme, x, top, bottom) {
  context.strokeStyle = css(theme.focus);
  context.lineWidth = 2;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
  context.setLineDash([]);
}

/** Round times below the axis, `write(time)` as text; those that would stand under the present time are left out. */
export function paintTimes(context, theme, { axis, y, time, write }) {
  const style = { y, size: 15, family: theme.family };
  const present = `t = ${write(time)}`;
  context.font = `bold 17px ${theme.family}`;
  const half = context.measureText(present).width / 2 + 4;
  const middle = Math.max(half, Math.min(axis.width - half, xOf(axis, time)));
  let end = 0; // of the text before
  for (const tick of roundTicks([axis.first, axis.first + axis.cells - 1], axis.cell, 44)) {
    if (!Number.isInteger(tick)) continue;
    context.font = `15px ${theme.family}`;
    const reach = context.measureText(write(tick)).width / 2;
    const x = Math.max(reach, Math.min(axis.width - reach, xOf(axis, tick))); // at an edge it is moved in
    if (Math.abs(x - middle) < half + Math.max(20, reach + 4) || x - reach < end) continue;
    printNumber(context, write(tick), { ...style, x, colour: theme.faint });
    end = x + reach + 4;
  }
  context.font = `bold 17px ${theme.family}`;
  context.textAlign = "center";
  context.fillStyle = css(theme.ink);
  context.fillText(present, middle, y);
}
