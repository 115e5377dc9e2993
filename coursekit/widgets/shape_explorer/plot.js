// The output size against the input size: with floor it rises in steps, and the sizes on a step lose pixels.
import { sizeOf } from "./sizes.js";
import { css, mix, prepareCanvas, printNumber } from "../shared/grid.js";

/** The output sizes of the inputs 1, 2, ...: 0 where there is none. */
export function curveOf(problem, most) {
  return Array.from({ length: most }, (_, index) => sizeOf({ ...problem, size: index + 1 }).value);
}

/** The first and the last input size that lead to the same output as the present one. */
export function plateauOf(problem) {
  const { value } = sizeOf(problem);
  if (!value) return [problem.size, problem.size];
  let [first, last] = [problem.size, problem.size];
  while (first > 1 && sizeOf({ ...problem, size: first - 1 }).value === value) first -= 1;
  while (sizeOf({ ...problem, size: last + 1 }).value === value) last += 1;
  return [first, last];
}

/** The plateau in words. */
export function plateauInWords(problem) {
  const { value } = sizeOf(problem);
  if (!value) return "";
  if (problem.transposed) return `Each pixel more adds ${problem.stride} to the output.`;
  const [first, last] = plateauOf(problem);
  if (first === last) return `Only an input of ${first} gives ${value}.`;
  const inputs = last === first + 1 ? `${first} and ${last} both` : `${first} to ${last} all`;
  return `Inputs ${inputs} give ${value}.`;
}

/** Input sizes on the horizontal axis. */
export const sizesShown = ({ size }) => Math.max(12, Math.ceil((size * 1.5) / 4) * 4);

const EDGE = { left: 34, right: 10, top: 8, bottom: 24 };

/** Room for the numbers of the vertical axis: a digit takes 9 pixels. */
const leftOf = (highest) => Math.max(EDGE.left, 10 + 9 * String(highest).length);

/** Where the axes stand. */
export function plotLayout(problem, width, height, kept = null) {
  const most = Math.max(kept ?? sizesShown(problem), problem.size);
  const curve = curveOf(problem, most);
  const highest = Math.max(1, ...curve);
  const left = leftOf(highest);
  const across = (width - left - EDGE.right) / most;
  const up = (height - EDGE.top - EDGE.bottom) / highest;
  return { width, height, most, curve, left, across, up, highest, base: height - EDGE.bottom };
}

/** The input size under a point of the plot. */
export const sizeUnder = ({ left, across, most }, [, x]) =>
  Math.max(1, Math.min(most, Math.floor((x - left) / across) + 1));

/** The steps, the present size, and where it stands on both axes. `wanted` is a dashed line. */
export function paintPlot(canvas, theme, layout, { problem, wanted }) {
  const { width, height, curve, left, across, up, base, most, highest } = layout;
  const context = prepareCanvas(canvas, width, height);
  const xOf = (size) => left + (size - 1) * across;
  const [first, last] = plateauOf(problem);
  curve.forEach((value, index) => {
    if (!value) return;
    const isOn = index + 1 >= first && index + 1 <= last;
    context.fillStyle = css(
      mix(theme.paper, isOn ? theme.palette.orange : theme.palette.blue, isOn ? 0.6 : 0.3),
    );
    context.fillRect(xOf(index + 1), base - value * up, Math.max(across - 1, 0.7), value * up);
  });
  drawAxes(context, theme, layout);
  const value = curve[problem.size - 1];
  if (value)
    markPresent(context, theme, [xOf(problem.size), base - value * up, Math.max(across - 1, 2), value * up]);
  if (wanted && wanted <= highest) {
    context.setLineDash([5, 4]);
    line(context, theme.ink, [left, base - wanted * up], [width - EDGE.right, base - wanted * up]);
    context.setLineDash([]);
  }
  const text = { size: 14, family: theme.family, colour: theme.ink };
  const ticks = new Set(
    [1, Math.round(most / 2), most].filter((size) => Math.abs(size - problem.size) * across > 26),
  );
  for (const size of [...ticks, problem.size])
    printNumber(context, String(size), { ...text, x: xOf(size) + across / 2, y: base + 12 });
  for (const number of new Set(
    [highest, value].filter((tick) => tick && (tick === value || (highest - value) * up > 16)),
  ))
    printNumber(context, String(number), {
      ...text,
      x: left - 6,
      y: base - number * up + 4,
      align: "right",
    });
}

function drawAxes(context, theme, { base, width, left }) {
  line(context, theme.faint, [left, base + 0.5], [width - EDGE.right, base + 0.5]);
  line(context, theme.faint, [left - 0.5, EDGE.top], [left - 0.5, base]);
}

function markPresent(context, theme, box) {
  context.strokeStyle = css(theme.ink);
  context.lineWidth = 2;
  context.strokeRect(...box);
}

function line(context, colour, [fromX, fromY], [toX, toY]) {
  context.strokeStyle = css(colour);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
