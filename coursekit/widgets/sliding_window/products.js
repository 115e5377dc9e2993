// All products of a long sum, in a box that scrolls: one text in a type of one width, as hundreds of elements
// would take too long at each move of the window.
import { details, element } from "../shared/controls.js";
import { pointOf } from "../shared/gestures.js";

/** Products as lines of a table, `columns` to a line, each as wide as the widest: {text, width, columns}. */
export function tableOfProducts(texts, columns) {
  const width = texts.reduce((widest, text) => Math.max(widest, text.length), 0);
  const lines = [];
  for (let start = 0; start < texts.length; start += columns) {
    lines.push(texts.slice(start, start + columns).map((text) => text.padStart(width)).join("  "));
  }
  return { text: lines.join("\n"), width, columns };
}

/** Place of the product under a letter, given by line and column of the text; null between two and outside. */
export function productAt({ width, columns, number }, line, letter) {
  const across = Math.floor(letter / (width + 2));
  const isBetween = letter - across * (width + 2) >= width;
  const index = line * columns + across;
  return line < 0 || letter < 0 || across >= columns || isBetween || index >= number ? null : index;
}

/** The box: `update(texts, columns, tap)` writes it, if it is open; `onPoint` hears what is pointed at. */
export function productsPanel(view, onPoint) {
  const written = element("pre", {});
  const mark = element("div", { class: "sw-product", hidden: "" });
  const probe = element("span", { class: "sw-probe", "aria-hidden": "true" }, "0".repeat(100));
  const box = element(
    "div",
    { class: "sw-all", tabindex: "0", role: "group", "aria-label": "All products" },
    written,
    mark,
    probe,
  );
  const made = details("All products", box);
  const table = { text: "", width: 0, columns: 1, number: 0 };
  const letter = () => {
    const { width, height } = getComputedStyle(probe); // not its box, which slides enlarge
    return [parseFloat(height), parseFloat(width) / 100];
  };
  view.on(made.details, "toggle", () => view.schedule());
  view.on(written, "pointermove", (event) => {
    const [height, width] = letter();
    const [y, x] = pointOf(written, event);
    onPoint(productAt(table, Math.floor(y / height), Math.floor(x / width)));
  });
  view.on(written, "pointerleave", () => onPoint(null));

  const markProduct = (tap) => {
    mark.hidden = tap === null;
    if (tap === null) return;
    const [height, width] = letter();
    const [line, across] = [Math.floor(tap / table.columns), tap % table.columns];
    const [left, top] = [across * (table.width + 2) * width, line * height];
    mark.style.transform = `translate(${written.offsetLeft + left}px, ${written.offsetTop + top}px)`;
    Object.assign(mark.style, { width: `${table.width * width}px`, height: `${height}px` });
  };
  const update = (texts, columns, tap) => {
    const title = `All ${texts.length} products`;
    if (made.summary.textContent !== title) made.summary.textContent = title;
    if (!made.details.open) return;
    Object.assign(table, tableOfProducts(texts, columns), { number: texts.length });
    if (written.textContent !== table.text) written.textContent = table.text;
    markProduct(tap);
  };
  return { ...made, box, update };
}
