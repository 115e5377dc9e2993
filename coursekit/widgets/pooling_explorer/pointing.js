// What the pointer and the keys do on the four panels: choose a window or a pixel, edit a cell.
// `view` is the PoolingView of pooling_explorer.js.
import { arriving, indexIn } from "./scene.js";
import { editCells } from "../shared/cell_editor.js";
import { follow } from "../shared/gestures.js";
import { ARROWS } from "../shared/keys.js";
import { fromBuffer, toBuffer, withValue } from "../shared/arrays.js";
import { originIn, pointIn } from "./panels.js";
import { positionFromInput, positionFromOutput } from "../shared/arithmetic.js";

/** Hovering or dragging chooses; a double click, a double tap or a digit edits. */
export function listenToPanels(view) {
  const { input, output, sent, back } = view.parts.panels;
  makeEditable(view, "input", input.canvas);
  makeEditable(view, "sent", sent.canvas);
  follow(view, input.canvas, (at, event) => pointAtInput(view, at, event));
  follow(view, output.canvas, (at, event) => pointAtOutput(view, "output", at, event));
  follow(view, sent.canvas, (at, event) => pointAtOutput(view, "sent", at, event));
  listenToGradient(view, back.canvas);
}

/** The gradient at the input explains pixels: while a mouse passes, or from a click, touch or key on. */
function listenToGradient(view, canvas) {
  canvas.tabIndex = 0;
  canvas.setAttribute("data-lm-suppress-shortcuts", "true");
  let isPassing = false;
  const point = (at, event) => {
    if (isIdle(view, event)) return;
    const { piece, point: pixel } = pointIn(view.present, "back", at);
    if (event.type === "pointerdown")
      isPassing = false; // a click keeps the pixel
    else if (event.pointerType === "mouse" && view.model.get("pixel") === null) isPassing = true;
    view.choosePixel(pixel, piece);
  };
  const onLeave = () => {
    if (isPassing) view.set({ pixel: null });
    isPassing = false;
  };
  follow(view, canvas, point, { onLeave });
  view.on(canvas, "focus", () => {
    const isByKey = view.present?.place.fits && canvas.matches(":focus-visible");
    if (isByKey && view.model.get("pixel") === null) view.choosePixel([0, 0], 0);
  });
}

/** While a number is to be predicted, only a click moves: the way to the field leads over other cells. */
const isIdle = (view, event) =>
  !view.present?.place.fits || (view.model.get("predict") !== "off" && event.type !== "pointerdown");

function pointAtInput(view, at, event) {
  if (isIdle(view, event)) return;
  const { piece, point } = pointIn(view.present, "input", at);
  if (view.state().looksAtPixel || view.model.get("predict") === "gradient") view.choosePixel(point, piece);
  else view.chooseWindow(positionFromInput(point, view.present.place));
}

function pointAtOutput(view, name, at, event) {
  if (isIdle(view, event)) return;
  view.chooseWindow(positionFromOutput(pointIn(view.present, name, at).point, view.present.place));
}

/** Cells of the input and of the arriving gradient can be edited; pieces count on below one another. */
function makeEditable(view, name, canvas) {
  const shown = () => view.present.shown[name];
  const split = ([row, column]) => [
    Math.floor(row / shown()[0].shape[0]),
    [row % shown()[0].shape[0], column],
  ];
  const isOn = () => Boolean(view.present?.place.fits) && !view.present.isPicture;
  const editor = editCells(view, canvas, {
    shape: () => [shown().length * shown()[0].shape[0], shown()[0].shape[1]],
    boxOf: (cell) => {
      const [piece, [row, column]] = split(cell);
      const [top, left] = originIn(view.present, name, piece);
      const side = view.present.cell;
      return [left + column * side, top + row * side, side, side];
    },
    cellAt: (at) => {
      const { piece, point, distance } = pointIn(view.present, name, at);
      return distance ? null : [piece * shown()[0].shape[0] + Math.floor(point[0]), Math.floor(point[1])];
    },
    read: (cell) => readCell(view.present, name, ...split(cell)),
    write: (cell, number) => writeCell(view, name, ...split(cell), number),
    label: (cell) => labelOf(view, name, ...split(cell)),
    isOn,
  });
  view.on(canvas, "keydown", (event) => {
    if (!(event.key in ARROWS) || !isOn() || !editor.cursor()) return;
    const [piece, at] = split(editor.cursor());
    if (name === "sent") view.chooseWindow(at);
    else view.choosePixel(at, piece);
  });
}

function readCell(scene, name, piece, [row, column]) {
  const { shape, data } = scene.shown[name][piece];
  return data[row * shape[1] + column];
}

function labelOf(view, name, piece, [row, column]) {
  const { maps, planes } = view.numbers;
  if (name === "sent") return `Gradient at the output, row ${row}, column ${column}`;
  return `Input,${maps.shape[0] > 1 ? ` channel ${planes[piece]},` : ""} row ${row}, column ${column}`;
}

function writeCell(view, name, piece, cell, number) {
  const { maps, place, planes, channel } = view.numbers;
  const image = fromBuffer(view.model.get("image"));
  if (name === "input") {
    return view.change({ image: toBuffer(withValue(image, indexIn(maps, planes[piece], cell), number)) });
  }
  const shape = image.shape.length > 2 ? place.outputMaps : place.output;
  const index = (channel * place.output[0] + cell[0]) * place.output[1] + cell[1];
  return view.change({
    gradient: toBuffer(withValue({ shape, data: arriving(view.model, place) }, index, number)),
  });
}
