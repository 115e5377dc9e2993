// What the view shows of a state: which problems, where their cells lie, whether the size is hidden.
import { frameOf } from "./frames.js";
import { gridLayout, MOST_GRID_CELLS } from "./grids.js";
import { isToGuess } from "./panels.js";
import { MOST_CELLS, rowLayout } from "./row.js";
import { sizeOf } from "./sizes.js";

/**
 * `problems` are those of rows and of columns; with one axis the second is shown. `frames` has null for an axis
 * that is not shown, `layout` is missing where there are too many cells to draw.
 */
export function buildShapeScene(problems, { axes, width, predicting, guess }) {
  const shown = problems.slice(2 - axes);
  const isHidden = isToGuess(problems[1], { predicting, guess });
  const isImpossible = shown.some((problem) => sizeOf(problem).reason);
  const values = shown.map((problem) => sizeOf(problem).value);
  const frames = problems.map((problem, axis) => (axis < 2 - axes ? null : frameOf(problem)));
  const cells = frames.filter(Boolean).map(({ from, to }) => to - from);
  const isTooLong = axes === 1 ? cells[0] > MOST_CELLS : cells[0] * cells[1] > MOST_GRID_CELLS;
  const scene = {
    axes,
    problems,
    shown,
    frames,
    values,
    predicting,
    guess,
    isHidden,
    isImpossible,
    isTooLong,
  };
  if (isTooLong) return scene;
  return { ...scene, layout: axes === 1 ? rowLayout(frames[1], width) : gridLayout(frames, width) };
}

/** What the calls panel writes for the problems shown; null where the libraries have no such call. */
export function operationOf(problems) {
  if (problems.some((problem) => sizeOf(problem).reason)) return null;
  const list = (name) => problems.map((problem) => problem[name]);
  const operation = { kind: "correlate", axes: problems.length, input: list("size"), taps: list("kernel") };
  Object.assign(operation, { stride: list("stride"), dilation: list("dilation") });
  const isEven = problems.every(({ padding: [before, after] }) => before === after);
  const isSame = problems.every((problem) => problem.isSame && !hangsOver(problem));
  if (!problems[0].transposed && isSame) return { ...operation, mode: "same" };
  if (!isEven) return null;
  operation.padding = problems.map(({ padding }) => padding[0]);
  if (!problems[0].transposed) return operation;
  return { ...operation, kind: "transposed", output_padding: list("outputPadding") };
}

/** Whether rounding up takes a window more than rounding down: mode "same" of the libraries does not. */
const hangsOver = (problem) => sizeOf({ ...problem, rounding: "floor" }).value !== sizeOf(problem).value;
