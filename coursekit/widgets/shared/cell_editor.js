// Editing any cell of a grid that is drawn on a canvas: by double click or double tap, or by keys alone.
// Cells are [row, column]; boxes are [x, y, width, height] in CSS pixels of the canvas.
import { element } from "./controls.js";
import { pointOf } from "./gestures.js";
import { ARROWS } from "./keys.js";

const STARTS_A_NUMBER = /^[0-9.,+−-]$/;

/** Python refuses numbers beyond it: their products may leave what float64 holds. */
const LARGEST_NUMBER = 1e50;

/** A typed number: comma or point, minus signs or hyphens. NaN where it is none, or one too large. */
export function readNumber(text) {
  const plain = text.trim().replaceAll("−", "-").replace(",", ".");
  const number = plain === "" ? NaN : Number(plain);
  return Math.abs(number) <= LARGEST_NUMBER ? number : NaN;
}

/** The cell one step away by an arrow key, inside the grid; null for any other key. */
export function neighbour([row, column], key, [rows, columns]) {
  const step = ARROWS[key];
  if (!step) return null;
  const clamp = (at, size) => Math.max(0, Math.min(size - 1, at));
  return [clamp(row + step[0], rows), clamp(column + step[1], columns)];
}

/** The cell after this one in reading order, the first again after the last. */
export function following([row, column], [rows, columns]) {
  const index = (row * columns + column + 1) % (rows * columns);
  return [Math.floor(index / columns), index % columns];
}

/**
 * Let the reader edit the cells of `canvas`. The canvas takes the focus; arrows move a cursor, Enter, F2 or a
 * digit opens a field, which writes with Enter or Tab and leaves with Escape.
 */
export function editCells(view, canvas, { shape, boxOf, cellAt, read, write, label, isOn = () => true }) {
  canvas.tabIndex = 0;
  canvas.setAttribute("data-lm-suppress-shortcuts", "true");
  const frame = element("div", { class: "ck-cursor", hidden: "" });
  const field = element("input", { class: "ck-cell-field", type: "text", inputmode: "decimal", hidden: "" });
  const spoken = element("span", { class: "ck-visually-hidden", role: "status" });
  const layer = element("div", { class: "ck-editable" });
  canvas.replaceWith(layer);
  layer.append(canvas, frame, field, spoken);
  let cursor = null;

  const place = (target) => {
    const [x, y, width, height] = boxOf(cursor);
    const [left, top] = [canvas.offsetLeft + x, canvas.offsetTop + y];
    Object.assign(target.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  };
  const show = (cell) => {
    cursor = cell;
    frame.hidden = !cell;
    if (!cell) return;
    place(frame);
    spoken.textContent = `${label(cell)}: ${read(cell)}`;
  };
  const open = (cell, text) => {
    show(cell);
    field.hidden = false;
    place(field);
    field.value = text ?? String(read(cell)).replaceAll("-", "−");
    field.setAttribute("aria-label", label(cell));
    field.focus();
    if (text === undefined) field.select();
  };
  const close = () => {
    if (field.hidden) return;
    field.hidden = true;
    canvas.focus({ preventScroll: true });
  };
  const commit = () => {
    const number = readNumber(field.value);
    if (!Number.isFinite(number)) return false;
    if (number !== read(cursor)) write(cursor, number);
    spoken.textContent = `${label(cursor)}: ${number}`;
    return true;
  };
  const cellOf = (event) => cellAt(pointOf(canvas, event));

  view.on(canvas, "dblclick", (event) => {
    const cell = isOn() && cellOf(event);
    if (cell) open(cell);
  });
  let lastTap = 0; // a browser that is told not to zoom sends no double click for two taps
  view.on(canvas, "pointerup", (event) => {
    if (event.pointerType !== "touch" || !isOn()) return;
    const isSecond = event.timeStamp - lastTap < 350;
    lastTap = event.timeStamp;
    const cell = isSecond && cellOf(event);
    if (cell) open(cell);
  });
  view.on(canvas, "focus", () => {
    if (isOn() && canvas.matches(":focus-visible")) show(cursor ?? [0, 0]);
  });
  view.on(canvas, "blur", () => {
    frame.hidden = true;
  });
  view.on(canvas, "keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    const present = cursor ?? [0, 0];
    const next = neighbour(present, event.key, shape());
    if (next) show(next);
    else if (event.key === "Enter" || event.key === "F2") open(present);
    else if (STARTS_A_NUMBER.test(event.key)) open(present, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  view.on(field, "keydown", (event) => {
    if (event.key !== "Escape") event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") {
      const next = event.shiftKey ? cursor : following(cursor, shape()); // writing may change what is drawn
      if (commit()) {
        close();
        show(next);
      } else if (event.key === "Tab") return;
    } else return;
    event.preventDefault();
  });
  view.on(field, "blur", () => {
    if (field.hidden) return;
    commit();
    field.hidden = true;
    frame.hidden = true;
  });
  return { cursor: () => cursor };
}
