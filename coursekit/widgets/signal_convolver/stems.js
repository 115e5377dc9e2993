// Editing samples and taps: a head is dragged up and down, a number is typed, arrow keys change the one selected.
import { toBuffer, withValue } from "../shared/arrays.js";
import { editCells } from "../shared/cell_editor.js";
import { STRIP } from "./paint.js";
import { headAt, valueAt, yOf } from "./scales.js";
import { trimmed } from "./sentences.js";
import { editStep, toStep } from "./signals.js";

/** How near to a head a mouse and a finger must be. */
export const REACH = { mouse: 12, pen: 14, touch: 20 };
export const reachOf = (event) => REACH[event.pointerType] ?? REACH.mouse;

/** Change one value of a trait. */
export function writeValue(view, name, values, index, value) {
  const changed = withValue({ shape: [values.length], data: values }, index, value);
  view.set({ [name]: toBuffer(changed) });
}

/** The heads of stems as points. */
export const headsOf = (values, place, scale) =>
  Array.from(values, (value, index) => ({ x: place(index), y: yOf(scale, value) }));

/** Drag the head of a stem: `grab(point, event)` says by true whether one is there, `pull(point)` changes it. */
export function stemPuller(view, name, look) {
  let [index, step] = [null, 1];
  return {
    grab(point, event) {
      const seen = look();
      index = seen && headAt(point, headsOf(seen.values, seen.place, seen.scale), reachOf(event));
      if (index !== null) step = editStep(seen.values);
      return index !== null;
    },
    pull([y]) {
      const seen = look();
      if (!seen || index >= seen.values.length) return;
      const { low, high } = seen.scale;
      const room = (high - low) * 0.1;
      const wanted = Math.max(low - room, Math.min(high + room, valueAt(seen.scale, y)));
      const value = toStep(wanted, step);
      if (value === seen.values[index]) return;
      writeValue(view, name, seen.values, index, value);
      view.announce(`${name}[${index}] is ${trimmed(value, 6)}.`);
    },
  };
}

/**
 * Let the reader edit the strip of numbers of a trait, and change the selected one with the arrows up and down.
 * `look()` gives { values, place, cell } or null where the strip is not shown.
 */
export function editStrip(view, canvas, name, look) {
  const values = () => look()?.values ?? [];
  let editor = null;
  view.on(canvas, "keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const seen = look();
    if (!by || !seen || event.ctrlKey || event.metaKey || event.altKey) return;
    const index = Math.min(editor.cursor()?.[1] ?? 0, seen.values.length - 1);
    const step = editStep(seen.values) * (event.shiftKey ? 5 : 1);
    const value = toStep(seen.values[index] + by * step, Math.min(step, editStep(seen.values)));
    writeValue(view, name, seen.values, index, value);
    view.announce(`${name}[${index}] is ${trimmed(value, 6)}.`);
    event.preventDefault();
    event.stopImmediatePropagation(); // the arrows up and down move no cursor in a single row
    event.stopPropagation();
  });
  editor = editCells(view, canvas, {
    shape: () => [1, Math.max(1, values().length)],
    boxOf: ([, index]) => {
      const { place, cell } = look();
      return [place(index) - cell / 2, 0, cell, STRIP];
    },
    cellAt: ([, x]) => {
      const seen = look();
      if (!seen) return null;
      const index = Math.floor((x - seen.place(0)) / seen.cell + 0.5);
      return index >= 0 && index < seen.values.length ? [0, index] : null;
    },
    read: ([, index]) => values()[index],
    write: ([, index], value) => writeValue(view, name, values(), index, value),
    label: ([, index]) => `${name}[${index}]`,
    isOn: () => Boolean(look()),
  });
  return editor;
}
