// The list of layers: one row each with name, shape, count and bars. Rows are kept and written anew in place.
import { element, setAttribute } from "../shared/controls.js";
import { drag } from "../shared/gestures.js";
import {
  MEASURE_WORDS,
  bytesInWords,
  countInWords,
  inOrder,
  ratioInWords,
  rowInWords,
  shapeInWords,
} from "./words.js";

let lists = 0; // ids must differ between the views of a page

const write = (part, text) => {
  if (part.textContent !== text) part.textContent = text;
};

/** The share of the room that a bar takes; `most` fills it. Logarithmic: one and more, decade by decade. */
export function barShare(value, most, isLogarithmic) {
  const [own, whole] = [Number(value), Math.max(1, Number(most))];
  if (!isLogarithmic) return own / whole;
  return own < 1 ? 0 : (Math.log10(own) + LEAST_BAR) / (Math.log10(whole) + LEAST_BAR);
}
const LEAST_BAR = 0.1; // in decades: a count of 1 is seen too

/** Where the axis above the bars has marks, [share, text]: powers of ten, or on a linear scale its end. */
export function ticksOf(most, isLogarithmic, measure) {
  const whole = Math.max(1, Number(most));
  if (!isLogarithmic) return [[1, countInWords(most, measure)]];
  const least = measure === "memory" ? 3 : 1; // 1 KB, 1 MB ...
  const step = Math.max(least, Math.ceil(Math.log10(whole) / 4));
  const decades = Array.from(
    { length: Math.floor(Math.log10(whole) / step) },
    (_, index) => (index + 1) * step,
  );
  const text = (decade) =>
    measure === "memory" ? bytesInWords(10 ** decade).replace(".0", "") : `10${raised(decade)}`;
  return decades.map((decade) => [barShare(10 ** decade, whole, true), text(decade)]);
}

const raised = (number) => [...String(number)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");

/** The list. `actions` has select(index) and move(from, to). */
export class RowList {
  constructor(view, actions) {
    Object.assign(this, {
      view,
      actions,
      rows: [],
      state: null,
      target: null,
      dragged: false,
      id: `pc-list-${++lists}`,
    });
    this.list = element("div", { class: "pc-list", role: "listbox", tabindex: "0", "aria-label": "Layers" });
    this.axis = element("span", { class: "pc-axis" });
    this.count = element("span", { class: "pc-count" });
    this.ratio = element("span", { class: "pc-ratio" });
    const name = element("span", { class: "pc-name" }, "layer");
    this.shape = element("span", { class: "pc-shape" });
    const corner = element("span", { class: "pc-index" });
    const head = element(
      "div",
      { class: "pc-head" },
      corner,
      name,
      this.shape,
      this.count,
      this.axis,
      this.ratio,
    );
    this.frame = element("div", { class: "pc-frame" }, head, this.list);
    view.on(this.list, "click", (event) => {
      const row = event.target.closest(".pc-row");
      const wasDragged = this.dragged;
      this.dragged = false;
      if (row && !wasDragged) actions.select(Number(row.dataset.index));
    });
  }

  makeRow() {
    const parts = {};
    for (const name of ["index", "name", "shape", "count", "ratio", "reason"]) {
      parts[name] = element("span", { class: `pc-${name}` });
    }
    parts.fill = element("span", { class: "pc-fill" });
    parts.dense = element("span", { class: "pc-dense" });
    parts.bar = element("span", { class: "pc-bar" }, parts.dense, parts.fill);
    const { index, name, shape, count, bar, ratio, reason } = parts;
    parts.row = element(
      "div",
      { class: "pc-row", role: "option" },
      index,
      name,
      shape,
      count,
      bar,
      ratio,
      reason,
    );
    this.letDrag(parts);
    return parts;
  }

  /** A row is moved by its number. */
  letDrag(parts) {
    const at = () => Number(parts.row.dataset.index);
    drag(this.view, parts.index, {
      start: () => {
        this.target = at();
        return true;
      },
      move: (_point, event) => this.markTarget(this.indexAt(event.clientY)),
      end: () => {
        const target = this.target;
        this.markTarget(null);
        this.dragged = target !== null && target !== at(); // the click that follows chooses nothing
        if (this.dragged) this.actions.move(at(), target);
      },
    });
  }

  indexAt(clientY) {
    const shown = this.rows.filter(({ row }) => !row.hidden);
    const found = shown.find(({ row }) => clientY < row.getBoundingClientRect().bottom) ?? shown.at(-1);
    return Number(found.row.dataset.index);
  }

  markTarget(index) {
    this.target = index;
    for (const { row } of this.rows) row.classList.toggle("pc-target", Number(row.dataset.index) === index);
  }

  /** Write all rows. `state`: stages, names, terms, denses, hidden (a set), shown (a set), measure, scale ... */
  update(state) {
    while (this.rows.length < state.stages.length) {
      this.rows.push(this.makeRow());
      this.list.append(this.rows.at(-1).row);
    }
    while (this.rows.length > state.stages.length) this.rows.pop().row.remove();
    this.writeHead(state);
    this.rows.forEach((parts, index) => this.writeRow(parts, state, index));
    const chosen = this.rows[state.selected];
    if (chosen) setAttribute(this.list, "aria-activedescendant", `${this.id}-${state.selected}`);
    else this.list.removeAttribute("aria-activedescendant");
    if (chosen && this.state?.selected !== state.selected) this.reveal(chosen.row);
    this.state = state;
  }

  writeHead({ measure, channels, compare, most, isLogarithmic, letters }) {
    write(this.shape, `output (${inOrder(letters, channels).join(", ")})`);
    write(this.count, MEASURE_WORDS[measure].name);
    write(this.ratio, compare && measure !== "memory" ? "than dense" : "");
    const ticks = ticksOf(most, isLogarithmic, measure);
    const key = JSON.stringify(ticks);
    if (key === this.axis.dataset.key) return;
    this.axis.dataset.key = key;
    this.axis.replaceChildren(
      ...ticks.map(([place, text]) => element("span", { style: `left:${place * 100}%` }, text)),
    );
  }

  writeRow(parts, state, index) {
    const { row } = parts;
    const { selected, hidden, measure, channels, compare } = state;
    const [stage, name, term] = [state.stages[index], state.names[index], state.terms[index]];
    const isHidden = hidden.has(index) && measure === "parameters";
    setAttribute(row, "id", `${this.id}-${index}`);
    setAttribute(row, "data-index", String(index));
    setAttribute(row, "aria-selected", String(index === selected));
    setAttribute(row, "data-type", stage.layer.type);
    row.hidden = !state.shown.has(index);
    row.classList.toggle("pc-impossible", Boolean(stage.reason));
    row.classList.toggle("pc-behind", !stage.behind && !stage.reason);
    const all = { name, measure, channels, compare, hidden: isHidden };
    setAttribute(row, "title", rowInWords(stage, all));
    write(parts.index, String(index));
    write(parts.name, name);
    write(parts.shape, stage.behind ? shapeInWords(stage.behind, channels) : "");
    write(parts.reason, stage.reason && `impossible: ${stage.reason}`);
    write(parts.count, !term ? "" : isHidden ? "?" : countInWords(term.value, measure));
    this.writeBars(parts, state, index, isHidden);
  }

  writeBars(parts, { denses, terms, compare, most, isLogarithmic }, index, isHidden) {
    const [term, dense] = [terms[index], compare ? denses[index] : null];
    const share = term && !isHidden ? barShare(term.value, most, isLogarithmic) : 0;
    const width = `${(share * 100).toFixed(2)}%`;
    if (parts.fill.style.width !== width) parts.fill.style.width = width;
    parts.fill.hidden = share === 0;
    parts.dense.hidden = !dense;
    parts.row.classList.toggle("pc-no-bar", share === 0 && !dense);
    const whole = dense ? barShare(dense.value, most, isLogarithmic) : 0;
    const room = `${(Math.min(1, whole) * 100).toFixed(2)}%`;
    if (parts.dense.style.width !== room) parts.dense.style.width = room;
    parts.dense.classList.toggle("pc-beyond", whole > 1);
    write(parts.ratio, dense && term && !isHidden ? ratioInWords(term.value, dense.value) : "");
  }

  /** Scroll the list, and nothing else, to where a row is seen. */
  reveal(row) {
    const { list } = this;
    const above = row.offsetTop; // from the top of the list, whose position is relative
    if (above < list.scrollTop) list.scrollTop = above;
    const below = above + row.offsetHeight - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
  }
}
