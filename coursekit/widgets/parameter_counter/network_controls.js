// The size of the input as steppers, and the network as code: parts of the view that stand for themselves.
import { details, element, group, stepper } from "../shared/controls.js";
import { courseCode, torchCode } from "./code.js";
import { inOrder, inputNames } from "./words.js";

const MOST_SIZE = 100_000; // as LARGEST_SIZE in layers.py

/** A stepper for each axis of the input, half and double. `onChange(shape)`; update(shape, channels). */
export function inputSteppers(onChange) {
  const fields = element("div", { class: "ck-group pc-input", role: "group", "aria-label": "Input" });
  const half = element("button", { type: "button", "aria-label": "÷ 2: half the size" }, "÷ 2");
  const double = element("button", { type: "button", "aria-label": "× 2: twice the size" }, "× 2");
  let present = [];
  let steppers = [];
  const resize = (factor) => {
    const isMap = present.length > 1; // the channels stay
    const sizes = present.map((size) => Math.max(1, Math.min(MOST_SIZE, Math.round(size * factor))));
    onChange(isMap ? [present[0], ...sizes.slice(1)] : sizes);
  };
  half.addEventListener("click", () => resize(0.5));
  double.addEventListener("click", () => resize(2));
  const setAxis = (axis, size) => onChange(present.map((old, at) => (at === axis ? size : old)));
  const update = (shape, channels) => {
    present = shape;
    const names = inputNames(shape);
    const key = `${names.join()} ${channels}`;
    if (key !== fields.dataset.key) {
      fields.dataset.key = key;
      const limits = { least: 1, most: MOST_SIZE };
      steppers = names.map((name, axis) => stepper(name, (size) => setAxis(axis, size), limits));
      fields.replaceChildren(...inOrder(steppers, channels).map(({ fieldset }) => fieldset));
    }
    steppers.forEach((made, axis) => made.update(shape[axis]));
  };
  return { box: group("Size of the input", "input:", fields, half, double), update };
}

/** The network as code to copy. update(stages, layers, shape) writes it where it is open. */
export function codePanel(view) {
  const parts = ["coursekit", "PyTorch"].map((name) => {
    const pre = element("pre", { tabindex: "0", role: "group", "aria-label": `Code for ${name}` });
    const copy = element("button", { type: "button", class: "pc-copy" }, "copy");
    view.on(copy, "click", () => copyText(view, pre));
    return { pre, column: element("div", {}, element("b", {}, name), copy, pre) };
  });
  const columns = element("div", { class: "pc-code" }, ...parts.map(({ column }) => column));
  const made = details("Copy as Python", columns);
  view.on(made.details, "toggle", () => view.schedule());
  const update = (stages, layers, shape) => {
    if (!made.details.open) return;
    const texts = [courseCode(layers, shape), torchCode(stages, shape)];
    parts.forEach(({ pre }, index) => {
      if (pre.textContent !== texts[index]) pre.textContent = texts[index];
    });
  };
  return { details: made.details, update };
}

async function copyText(view, pre) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
    view.say("Copied.");
  } catch {
    getSelection().selectAllChildren(pre); // a page without the right to the clipboard
    view.say("Selected: press Ctrl + C to copy.");
  }
}
