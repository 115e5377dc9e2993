// The controls of the demos: buttons, choices, sliders, number fields, panels. Each carries its own name, keeps
// its keys from the notebook, and is updated in place, so that what is in focus stays in focus.

/** JupyterLab leaves alone the keys of whatever carries this attribute. */
export const FOCUSABLE = { "data-lm-suppress-shortcuts": "true" };
const TAKES_FOCUS = new Set(["button", "input", "select", "summary", "textarea", "a"]);

/** An element with attributes and children; attributes are set as written in HTML. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  const all = TAKES_FOCUS.has(tag) || "tabindex" in attributes ? { ...FOCUSABLE, ...attributes } : attributes;
  for (const [name, value] of Object.entries(all)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export const ICONS = {
  first: "M1 1h2v12H1zM13 1v12L4 7z",
  back: "M11 1v12L2 7z",
  play: "M3 1v12l10-6z",
  pause: "M2 1h4v12H2zM8 1h4v12H8z",
  forward: "M3 1v12l9-6z",
  last: "M11 1h2v12h-2zM1 1v12l9-6z",
  up: "M7 2l6 9H1z",
  down: "M7 12l6-9H1z",
  plus: "M6 2h2v4h4v2H8v4H6V8H2V6h4z",
  minus: "M2 6h10v2H2z",
  remove: "M2.5 1L7 5.5 11.5 1 13 2.5 8.5 7l4.5 4.5L11.5 13 7 8.5 2.5 13 1 11.5 5.5 7 1 2.5z",
};

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(svg.namespaceURI, "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
}

/** A name that holds the text that is seen: who speaks to the machine says what they see. */
const naming = (label, text) => (label.toLowerCase().includes(text.toLowerCase()) ? label : `${text}: ${label}`);

/** A button; `label` is its name and its tip. */
export function button(label, attributes, ...children) {
  const name = naming(label, children.filter((child) => typeof child === "string").join(" ").trim());
  return element("button", { type: "button", "aria-label": name, title: label, ...attributes }, ...children);
}

/** A button that stays pressed. */
export function toggle(text, onToggle, attributes = {}) {
  const made = element("button", { type: "button", "aria-pressed": "false", ...attributes }, text);
  made.addEventListener("click", () => onToggle(made.getAttribute("aria-pressed") !== "true"));
  return { button: made, update: (isOn) => setAttribute(made, "aria-pressed", String(Boolean(isOn))) };
}

/** Tell the demo why something is impossible; "" takes it back. */
const tellReason = (target, reason) =>
  target.dispatchEvent(new CustomEvent("ck-reason", { detail: reason, bubbles: true }));

/** Mark a button as possible, or as impossible with the reason. It stays in its place and in the tab order. */
export function setReason(made, reason) {
  made.dataset.reason = reason || "";
  if (reason) made.setAttribute("aria-disabled", "true");
  else made.removeAttribute("aria-disabled");
  made.title = reason || made.getAttribute("aria-label") || "";
}

/**
 * One of several values, as a row of buttons. `update(options, current)`, with options
 * [{ value, text, label, reason }], shows them; a value with a `reason` is impossible and says why.
 */
export function choice(name, onChoose) {
  const legend = element("legend", {}, name);
  const fieldset = element("fieldset", { class: "ck-choice" }, legend);
  const isReason = (event) => event.target.closest?.("button")?.dataset.reason ?? "";
  for (const event of ["pointerover", "focusin"]) {
    fieldset.addEventListener(event, (happened) => tellReason(fieldset, isReason(happened)));
  }
  for (const event of ["pointerleave", "focusout"]) {
    fieldset.addEventListener(event, () => tellReason(fieldset, ""));
  }
  let values = [];
  fieldset.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (chosen && !chosen.dataset.reason) onChoose(values[[...fieldset.querySelectorAll("button")].indexOf(chosen)]);
  });
  const update = (options, current) => {
    values = options.map(({ value }) => value);
    const buttons = fitButtons(fieldset, options.length);
    options.forEach(({ value, text = String(value), label = `${name} ${text}`, reason }, index) => {
      const made = buttons[index];
      if (made.textContent !== text) made.textContent = text;
      setAttribute(made, "aria-label", naming(label, text));
      setAttribute(made, "aria-pressed", String(isSame(value, current)));
      setReason(made, reason);
    });
  };
  return { fieldset, update };
}

/** As many buttons as are needed; those that are there stay. */
function fitButtons(parent, number) {
  const buttons = [...parent.querySelectorAll("button")];
  while (buttons.length > number) buttons.pop().remove();
  while (buttons.length < number) {
    buttons.push(element("button", { type: "button" }));
    parent.append(buttons.at(-1));
  }
  return buttons;
}

const isSame = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

/** Set an attribute only where it changes: the page is not laid out anew for nothing. */
export function setAttribute(made, name, value) {
  if (made.getAttribute(name) !== value) made.setAttribute(name, value);
}

/** A slider with its value as text; `text(value)` writes it. */
export function slider(name, onInput, { text = String, unit = "" } = {}) {
  const input = element("input", { type: "range", "aria-label": name });
  const shown = element("span", { class: "ck-value" });
  const label = element("label", { class: "ck-slider" }, name, input, shown);
  input.addEventListener("input", () => onInput(Number(input.value)));
  const update = (value, limits = {}) => {
    for (const [limit, most] of Object.entries(limits)) setAttribute(input, limit, String(most));
    if (Number(input.value) !== value) input.value = String(value);
    const written = text(value);
    if (shown.textContent !== written) shown.textContent = written;
    setAttribute(input, "aria-valuetext", `${written}${unit && ` ${unit}`}`);
  };
  return { label, input, update };
}

/** A whole number with buttons for one less and one more, and a field that takes typing. */
export function stepper(name, onChange, { least = 0, most = 999 } = {}) {
  const limits = { least, most };
  const field = element("input", { type: "number", "aria-label": name, min: least, max: most, step: 1 });
  const less = button(`${name}: one less`, { class: "ck-step" }, icon(ICONS.minus));
  const more = button(`${name}: one more`, { class: "ck-step" }, icon(ICONS.plus));
  const fieldset = element("fieldset", { class: "ck-stepper" }, element("legend", {}, name), less, field, more);
  let present = least;
  const clamp = (value) => Math.max(limits.least, Math.min(limits.most, Math.round(value)));
  const give = (value) => {
    const next = Number.isFinite(value) ? clamp(value) : present;
    field.value = String(next);
    if (next !== present) onChange(next);
  };
  less.addEventListener("click", () => give(present - 1));
  more.addEventListener("click", () => give(present + 1));
  field.addEventListener("change", () => give(field.value === "" ? NaN : Number(field.value)));
  const update = (value, changed = {}) => {
    const { reason, ...others } = changed;
    Object.assign(limits, others);
    present = value;
    setAttribute(field, "min", String(limits.least));
    setAttribute(field, "max", String(limits.most));
    if (document.activeElement !== field || Number(field.value) !== value) field.value = String(value);
    fitDigits(field, value);
    setAttribute(field, "aria-invalid", String(Boolean(reason)));
    fieldset.classList.toggle("ck-impossible", Boolean(reason));
    fieldset.title = reason || "";
    less.toggleAttribute("disabled", value <= limits.least);
    more.toggleAttribute("disabled", value >= limits.most);
  };
  return { fieldset, field, update };
}

/** The number typed into a field as Python takes it: whole and at most 2**53 - 1 in size; null for none. */
export function typedWhole(text) {
  const number = text.trim() === "" ? NaN : Math.round(Number(text));
  if (Number.isNaN(number)) return null;
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, number));
}

/** Make a field wide enough for a long number, whose end would not be seen. */
export function fitDigits(field, value) {
  const digits = String(value ?? "").length;
  field.style.width = digits > 4 ? `${digits + 3}ch` : "";
}

/** A list to choose from; options are [[value, text], ...]. */
export function select(name, onChange) {
  const made = element("select", { "aria-label": name });
  const label = element("label", { class: "ck-select" }, name, made);
  made.addEventListener("change", () => onChange(made.value));
  const update = (options, current) => {
    if (!isSame([...made.options].map(({ value, text }) => [value, text]), options)) {
      made.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    }
    if (made.value !== current) made.value = current;
  };
  return { label, select: made, update };
}

/** A panel: heading, canvas, legend. */
export function panel(title, attributes = {}) {
  const canvas = element("canvas", { role: "img", ...attributes });
  const size = element("span", { class: "ck-size" });
  const legend = element("div", { class: "ck-legend" });
  const body = element("div", { class: "ck-body" }, canvas, legend);
  const figure = element("figure", { class: "ck-figure" }, element("figcaption", {}, `${title} `, size), body);
  return { figure, canvas, size, legend, body };
}

/** The signs between panels, drawn: fonts differ in theirs. */
const SIGNS = {
  correlated: "M7 0l1.7 4.7 5 .2-3.9 3.1 1.4 4.8L7 10l-4.2 2.8L4.2 8 .3 4.9l5-.2z",
  equals: "M0 3h14v2H0zM0 9h14v2H0z",
  arrow: "M0 6h8V2l6 5-6 5V8H0z",
};
export const sign = (name) => element("span", { class: "ck-sign", "aria-hidden": "true" }, icon(SIGNS[name]));

/** A row of controls that wraps. */
export const controls = (...children) => element("div", { class: "ck-controls" }, ...children);

/** Controls that belong together, under one name. */
export const group = (label, ...children) =>
  element("div", { class: "ck-group", role: "group", "aria-label": label }, ...children);

/** Something that opens when the reader asks for it. */
export function details(title, ...children) {
  const summary = element("summary", {}, title);
  return { details: element("details", {}, summary, ...children), summary };
}
