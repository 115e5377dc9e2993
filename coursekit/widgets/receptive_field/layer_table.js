// The table of layers: what each is, and its size, jump and start with the steps that lead to them.
import { element, setAttribute } from "../shared/controls.js";
import { nameOf } from "./field_words.js";
import { typeset } from "./growth.js";

const HEADINGS = ["layer", "size", "jump", "start"];
const RULES = {
  size: "size = size below + dilation × (kernel − 1) × jump below",
  jump: "jump = jump below × stride",
  start: "start = start below − padding × jump below",
};

/** The table, the last layer on top as in the picture. `onChoose(layer)` where its name is pressed. */
export function layerTable(onChoose) {
  const body = element("tbody");
  const heading = element(
    "tr",
    {},
    ...HEADINGS.map((name) => element("th", { scope: "col", title: RULES[name] ?? "" }, name)),
  );
  const caption = element("caption", { class: "ck-visually-hidden" }, Object.values(RULES).join("; "));
  const table = element("table", { class: "rf-table" }, caption, element("thead", {}, heading), body);
  body.addEventListener("click", (event) => {
    const chosen = event.target.closest("tr");
    if (chosen) onChoose(Number(chosen.dataset.layer));
  });
  return { table, update: (state) => updateTable(body, state) };
}

/** Rows that are there stay: what is in focus stays in focus. */
function updateTable(body, { layers, growth, axes, layer, hidden, depth }) {
  while (body.childElementCount > layers.length + 1) body.lastChild.remove();
  while (body.childElementCount < layers.length + 1) body.append(tableRow());
  [...body.children].forEach((row, index) => {
    const level = layers.length - index;
    setAttribute(row, "data-layer", String(level));
    row.classList.toggle("rf-chosen", level === layer);
    row.classList.toggle("rf-missing", level > depth);
    const { name, more } = level ? nameOf(layers[level - 1], axes) : { name: "input", more: "" };
    const [choose, ...cells] = row.querySelectorAll("button, td");
    const [title, details] = choose.children;
    writeText(title, level ? `${level}  ${name}` : name);
    writeText(details, more);
    setAttribute(choose, "aria-pressed", String(level === layer));
    HEADINGS.slice(1).forEach((heading, column) => {
      writeStep(cells[column], growth[level], heading, heading === "size" && hidden[level]);
    });
  });
}

function tableRow() {
  const name = element("button", { type: "button" }, element("b"), element("span"));
  const cells = HEADINGS.slice(1).map(() => element("td", {}, element("span"), element("b")));
  return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
}

/** "3 + 2 × 2 = " and a bold "7". */
function writeStep(cell, stage, heading, isHidden) {
  const line = stage.lines ? typeset(stage.lines[heading]) : String(stage[heading]);
  const cut = line.lastIndexOf("= ") + 1;
  writeText(cell.firstChild, isHidden ? "" : `${line.slice(0, cut)} `.trimStart());
  writeText(cell.lastChild, isHidden ? "?" : line.slice(cut).trim());
}

function writeText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
