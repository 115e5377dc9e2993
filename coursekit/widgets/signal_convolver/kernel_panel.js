// The kernel as it is given: never flipped, never moved. Its stems and numbers can be edited, where they fit.
import { prepareCanvas } from "../shared/grid.js";
import { paintCurve, paintStems, paintStrip, paintValueAxis, STRIP } from "./paint.js";
import { LEAST_PRINTED, LEAST_STEM, rangeOf, verticalScale, xOf } from "./scales.js";

const PLOT_HEIGHT = 56;
const LEFT = 44;

/** Where the taps lie in a panel of this width; `held` is the range kept during a drag. */
export function buildKernelPanel(kernel, width, isContinuous, held) {
  const cell = Math.min(48, (width - LEFT - 8) / kernel.length);
  const axis = { cell, left: LEFT + (width - LEFT - 8 - cell * kernel.length) / 2, first: 0, cells: kernel.length };
  const isPrinted = !isContinuous && cell >= LEAST_PRINTED;
  const range = held ?? rangeOf(kernel);
  const scale = verticalScale(range, 0, PLOT_HEIGHT, 9);
  return { axis, scale, range, isPrinted, isCurve: isContinuous || cell < LEAST_STEM, width, height: PLOT_HEIGHT };
}

/** Paint the stems, and the strip of numbers below them if it is shown. */
export function paintKernelPanel({ plot, strip }, scene, theme) {
  const { panel, kernel, decimals } = scene;
  const { axis, scale, width } = panel;
  const context = prepareCanvas(plot, width, panel.height);
  paintValueAxis(context, theme, { axis, scale });
  const line = { values: kernel, place: (tap) => xOf(axis, tap), scale };
  if (panel.isCurve) paintCurve(context, { ...line, colour: theme.ink, thickness: 2.5, dash: [7, 4], isClosed: true });
  else {
    const radius = Math.max(2.5, Math.min(6, axis.cell / 5));
    paintStems(context, { ...line, head: "square", radius, paper: theme.paper, colourOf: () => theme.ink });
  }
  if (!panel.isPrinted) return;
  const cells = { values: kernel, place: line.place, cell: axis.cell, isKernel: true, decimals: decimals.kernel };
  paintStrip(prepareCanvas(strip, width, STRIP), theme, cells);
}
