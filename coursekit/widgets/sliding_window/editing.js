// Changing the numbers of the kernel, and of the input where it is shown as numbers. `view` is the View of
// sliding_window.js; what is edited is read from its model, as its scene may be null until the next frame.
import { fromBuffer, toBuffer, withValue } from "../shared/arrays.js";
import { editCells } from "../shared/cell_editor.js";
import { planesOf } from "./planes.js";
import { cellAt } from "./pointing.js";
import { writtenPlace } from "./words.js";

/** Let the reader change the cells of both arrays. */
export function makeEditable(view) {
  const { kernel, input } = view.panels;
  makeCellsEditable(view, kernel.canvas, "kernel", { origin: "kernel", sizeOf: (scene) => scene.kernelCell });
  const isOn = ({ picture }) => !picture;
  makeCellsEditable(view, input.canvas, "image", { origin: "input", sizeOf: (scene) => scene.cell, isOn });
}

/** `origin`, `sizeOf` and `isOn` say of a scene where the cells are, how large, and whether they can be edited. */
function makeCellsEditable(view, canvas, name, { origin, sizeOf, isOn = () => true }) {
  const cornerAndSize = () => [...view.arranged.origins[origin], sizeOf(view.arranged)];
  const shape = () => view.arranged[name][0].shape;
  editCells(view, canvas, {
    shape,
    boxOf: ([row, column]) => {
      const [top, left, size] = cornerAndSize();
      return [left + column * size, top + row * size, size, size];
    },
    cellAt: (point) => {
      const [top, left, size] = cornerAndSize();
      return cellAt(point, [top, left], size, shape());
    },
    read: (place) => readCell(view, name, place),
    write: (place, number) => writeCell(view, name, place, number),
    label: (place) => `${name}${placeInArray(view, place)}`,
    isOn: () => Boolean(view.arranged) && isOn(view.arranged),
  });
}

/** A number of the channel in front. */
function readCell(view, name, [row, column]) {
  const planes = planesOf(fromBuffer(view.model.get(name)));
  const { shape, data } = planes[Math.min(view.state.channel, planes.length - 1)];
  return data[row * shape[1] + column];
}

/** Write a number to the channel in front; integers stay integers as long as all of them are. */
function writeCell(view, name, [row, column], number) {
  const sent = view.model.get(name);
  const array = fromBuffer(sent);
  const [rows, columns] = array.shape.slice(-2);
  const channel = array.shape.length === 3 ? Math.min(view.state.channel, array.shape[0] - 1) : 0;
  const changed = toBuffer(withValue(array, (channel * rows + row) * columns + column, number));
  view.set({ [name]: { ...changed, whole: Boolean(sent.whole) && Number.isInteger(number) } });
}

function placeInArray(view, place) {
  const { shape } = view.model.get("image");
  const channels = shape.length === 3 ? shape[0] : 0;
  return writtenPlace(place, view.state.channel, channels, view.conventions.get("channels"));
}
