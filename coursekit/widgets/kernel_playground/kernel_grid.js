// The kernel as a grid of number fields: typed, stepped by the arrow keys, or dragged up and down.
import { readNumber } from "../shared/cell_editor.js";
import { element } from "../shared/controls.js";
import { drag } from "../shared/gestures.js";
import { css, mix } from "../shared/grid.js";
import { withValue } from "../shared/arrays.js";
import { largestOf } from "./responses.js";

/** The largest kernel that is shown as fields; a larger one is shown as a picture. */
export const MOST_FIELDS = 11;

/** Pixels to drag a number by one step. */
const DRAG_STEP = 8;

/**
 * A number in at most so many characters where possible: decimals go first, then "0." becomes "."; what is
 * still too long, or would become 0 though it counts beside the `largest` number, is written as "1e9".
 */
export function shortNumber(value, characters = 5, largest = Infinity) {
  const sign = value < 0 ? "−" : "";
  const rounded = (decimals) => String(Number(Math.abs(value).toFixed(decimals)));
  const bare = (decimals) => rounded(decimals).replace(/^0\./, ".");
  const forms = [rounded(3), rounded(2), bare(2), rounded(1), bare(1), rounded(0)];
  const fitting = forms.find((text) => sign.length + text.length <= characters);
  const isLost = Number(fitting ?? 0) === 0 && Math.abs(value) > largest / 1000;
  if (!fitting || isLost) {
    const powers = [1, 0].map((decimals) => powerOfTen(Math.abs(value), decimals));
    const power = powers.find((text) => sign.length + text.length <= characters) ?? powers[1];
    const plain = rounded(0);
    return sign + (isLost || power.length < plain.length ? power : plain);
  }
  return Number(fitting) === 0 ? "0" : sign + fitting;
}

const powerOfTen = (size, decimals) =>
  size.toExponential(decimals).replace(".0e", "e").replace("e+", "e").replace("-", "−");

/** How far one step goes: to the next tenth for small numbers, to the next whole one for others. */
export const stepOf = (value, fine) => (fine || (value !== 0 && Math.abs(value) < 1) ? 0.1 : 1);

/** The number some steps away, without the crumbs of binary fractions. */
export const stepped = (value, steps, step) => Number((value + steps * step).toFixed(6));

/**
 * The grid. `read()` gives the kernel, `write(kernel)` takes a changed one. `update(theme, room)` shows it in
 * `room` pixels.
 */
export function kernelGrid(view, { read, write }) {
  const grid = element("div", { class: "kp-grid", role: "group", "aria-label": "Kernel" });
  let shown = "";
  const fields = () => grid.children;
  const put = (index, value) => write(withValue(read(), index, value));
  const indexOf = (target) => [...fields()].indexOf(target);
  const text = (value) => String(value).replaceAll("-", "−");

  view.on(grid, "input", ({ target }) => {
    const value = readNumber(target.value);
    target.toggleAttribute("aria-invalid", !Number.isFinite(value));
    if (Number.isFinite(value)) put(indexOf(target), value);
  });
  view.on(grid, "focusin", ({ target }) => {
    target.value = text(read().data[indexOf(target)]);
    target.select();
  });
  view.on(grid, "focusout", ({ target }) => {
    target.removeAttribute("aria-invalid");
    showValue(target, read().data[indexOf(target)] ?? 0);
  });
  view.on(grid, "keydown", (event) => {
    const index = indexOf(event.target);
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (up) {
      const value = read().data[index];
      const next = stepped(value, up, stepOf(value, event.shiftKey));
      put(index, next);
      event.target.value = text(next);
    } else if (event.key === "Enter") fields()[(index + 1) % fields().length].focus();
    else return;
    event.preventDefault();
  });
  listenToDrags();

  /** A drag up makes the number larger; without a movement it is a click, which opens the field. */
  function listenToDrags() {
    let [target, from, value, moved] = [null, 0, 0, false];
    drag(view, grid, {
      start([y], event) {
        target = event.target.closest?.("input");
        if (!target || target === document.activeElement) return false;
        [from, value, moved] = [y, read().data[indexOf(target)], false];
        event.preventDefault(); // else the browser selects text
        return true;
      },
      move([y], event) {
        const steps = Math.round((from - y) / DRAG_STEP);
        if (!steps && !moved) return;
        moved = true;
        const next = stepped(value, steps, event.shiftKey ? 0.1 : stepOf(value));
        if (next !== read().data[indexOf(target)]) put(indexOf(target), next);
      },
      end: () => !moved && target.focus(),
    });
  }

  function showValue(field, value) {
    const written = shortNumber(value, Number(grid.dataset.characters), largestOf(read().data));
    if (field.value !== written && field !== document.activeElement) field.value = written;
  }

  function build(shape, room) {
    const cell = Math.max(24, Math.min(52, Math.floor((room - 2 * shape[1]) / Math.max(...shape))));
    const size = Math.max(11, Math.min(18, cell * 0.36));
    grid.dataset.characters = String(Math.max(3, Math.floor((cell - 4) / (size * 0.56))));
    grid.style.gridTemplateColumns = `repeat(${shape[1]}, ${cell}px)`;
    grid.style.setProperty("--kp-cell", `${Math.max(24, Math.min(cell - 2, 40))}px`);
    grid.style.fontSize = `${size}px`;
    while (fields().length > shape[0] * shape[1]) grid.lastChild.remove();
    while (fields().length < shape[0] * shape[1]) {
      grid.append(element("input", { type: "text", inputmode: "decimal", autocomplete: "off" }));
    }
    [...fields()].forEach((field, index) => {
      const [row, column] = [Math.floor(index / shape[1]), index % shape[1]];
      field.setAttribute("aria-label", `Kernel row ${row}, column ${column}`);
    });
  }

  function update(theme, room) {
    const { shape, data } = read();
    const key = `${shape.join()} ${room}`;
    if (key !== shown) build(shape, room);
    shown = key;
    const limit = largestOf(data) || 1;
    for (let index = 0; index < data.length; index++) {
      const field = fields()[index];
      const { neutral, blue, orange } = theme.palette;
      const share = 0.45 * (Math.abs(data[index]) / limit) ** 0.8;
      const ground = css(mix(neutral, data[index] < 0 ? blue : orange, share));
      if (field.dataset.ground !== ground) {
        field.dataset.ground = ground;
        field.style.backgroundColor = ground;
      }
      showValue(field, data[index]);
    }
  }
  return { grid, update };
}
