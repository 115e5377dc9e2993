// The chart: the largest difference at every shift along one axis, the present one marked.
import { css, hatch, prepareCanvas, printNumber } from "../shared/grid.js";

const TOP = 16;
const BOTTOM = 20;
const HEIGHT = 112;
const SIDE = 4;

/** The shift under a point of the chart. */
export function shiftAt(width, number, [, x]) {
  const apart = (width - 2 * SIDE) / number;
  const place = Math.max(0, Math.min(number - 1, Math.floor((x - SIDE) / apart)));
  return place - (number - 1) / 2;
}

/** The empty chart, of its size. */
export const openCurve = (canvas, width) => prepareCanvas(canvas, width, HEIGHT);

/** Bars of `curve`: [{ pixels, largest, compared }]; the present shift is filled and framed. */
export function paintCurve(canvas, theme, curve, present, width) {
  const context = openCurve(canvas, width);
  const apart = (width - 2 * SIDE) / curve.length;
  const most = Math.max(...curve.map(({ largest }) => largest)) || 1;
  const base = HEIGHT - BOTTOM;
  const print = (text, x, y, size, colour) =>
    printNumber(context, text, { x, y, size, family: theme.family, colour });
  curve.forEach(({ pixels, largest, compared }, at) => {
    const x = SIDE + at * apart;
    const isPresent = pixels === present;
    const middle = x + apart / 2;
    const height = (largest / most) * (base - TOP);
    context.fillStyle = css(theme.palette.orange, isPresent ? 1 : 0.45);
    if (largest) context.fillRect(x + 2, base - height, apart - 4, height);
    else if (compared) zeroMark(context, theme, [middle, base - 6], isPresent);
    else hatch(context, theme, [x + 2, TOP, apart - 4, base - TOP]);
    if (isPresent) {
      context.strokeStyle = css(theme.ink);
      context.lineWidth = 2;
      context.strokeRect(x + 0.5, TOP - 13, apart - 1, HEIGHT - TOP + 12);
    }
    print(
      String(pixels).replace("-", "−"),
      middle,
      HEIGHT - 9,
      Math.min(14, apart * 0.72),
      isPresent ? theme.ink : theme.faint,
    );
  });
  context.fillStyle = css(theme.ink);
  context.fillRect(SIDE, base, width - 2 * SIDE, 1);
}

/** A ring on the line: no difference at all. */
function zeroMark(context, theme, [x, y], isPresent) {
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.strokeStyle = css(isPresent ? theme.ink : theme.faint);
  context.lineWidth = 2;
  context.stroke();
}
