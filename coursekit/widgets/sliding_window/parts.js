// The parts of the view on the page: panels, buttons, texts. What they do stands in sliding_window.js.
import { SPEEDS } from "./playback.js";

export const PARAMETERS = ["stride", "padding", "dilation"];
export const ICONS = {
  first: "M1 1h2v12H1zM13 1v12L4 7z",
  back: "M11 1v12L2 7z",
  play: "M3 1v12l10-6z",
  pause: "M2 1h4v12H2zM8 1h4v12H8z",
  forward: "M3 1v12l9-6z",
  last: "M11 1h2v12h-2zM1 1v12l9-6z",
};

/** An element with attributes and children; attributes are set as written in HTML. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** JupyterLab leaves alone the keys of whatever carries this attribute. */
export const FOCUSABLE = { "data-lm-suppress-shortcuts": "true" };

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(svg.namespaceURI, "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
}

export const button = (label, attributes, ...children) =>
  element(
    "button",
    { type: "button", "aria-label": label, title: label, ...FOCUSABLE, ...attributes },
    ...children,
  );

/** "2", or "2, 1" where the axes differ. */
export const written = ([rows, columns]) => (rows === columns ? `${rows}` : `${rows}, ${columns}`);

/** A panel: heading, canvas, legend. */
function panel(title, attributes = {}) {
  const canvas = element("canvas", { role: "img", ...attributes });
  const size = element("span", { class: "sw-size" });
  const legend = element("div", { class: "sw-legend" });
  const body = element("div", { class: "sw-body" }, canvas, legend);
  const figure = element("figure", {}, element("figcaption", {}, `${title} `, size), body);
  return { figure, canvas, size, legend };
}

/** The signs between the panels, drawn: fonts differ in theirs. */
const SIGNS = {
  correlated: "M7 0l1.7 4.7 5 .2-3.9 3.1 1.4 4.8L7 10l-4.2 2.8L4.2 8 .3 4.9l5-.2z",
  equals: "M0 3h14v2H0zM0 9h14v2H0z",
};
const sign = (name) => element("span", { class: "sw-sign", "aria-hidden": "true" }, icon(SIGNS[name]));

/** Every part of the view, by name, inside `root`. */
export function buildParts() {
  const parts = {
    input: panel("Input", { class: "sw-scrub" }),
    kernel: panel("Kernel"),
    magnifier: panel("Window"),
    output: panel("Output", { class: "sw-scrub" }),
    sum: element("div", { class: "sw-sum" }),
    all: element("div", {
      class: "sw-all",
      tabindex: "0",
      role: "group",
      "aria-label": "All products",
      ...FOCUSABLE,
    }),
    summary: element("summary", FOCUSABLE),
    note: element("div", { class: "sw-note" }),
    status: element("div", { class: "sw-status", role: "status", "aria-live": "polite" }),
    speed: element("input", {
      type: "range",
      min: 0,
      max: SPEEDS.length - 1,
      step: 1,
      "aria-label": "Speed",
      ...FOCUSABLE,
    }),
    rate: element("span", { class: "sw-rate" }),
    play: button("Play", { class: "sw-play" }),
    first: button("First position, empty output", {}, icon(ICONS.first)),
    back: button("Step back", {}, icon(ICONS.back)),
    forward: button("Step forward", {}, icon(ICONS.forward)),
    last: button("Last position, whole output", {}, icon(ICONS.last)),
  };
  for (const name of PARAMETERS) parts[name] = element("fieldset", {}, element("legend", {}, name));
  parts.details = element("details", {}, parts.summary, parts.all);
  const middle = element("div", { class: "sw-column" }, parts.magnifier.figure, parts.kernel.figure);
  const keys = "Arrow keys move the window, Space plays, Home and End go to the first and last position.";
  const stage = { class: "sw-panels", tabindex: "0", role: "group", "aria-label": keys, ...FOCUSABLE };
  const { input, output } = parts;
  parts.panels = element(
    "div",
    stage,
    input.figure,
    sign("correlated"),
    middle,
    sign("equals"),
    output.figure,
  );
  return parts;
}

export function assemble(parts) {
  const { first, back, play, forward, last, speed, rate } = parts;
  const transport = element(
    "div",
    { class: "sw-transport", role: "group", "aria-label": "Playback" },
    first,
    back,
    play,
    forward,
    last,
  );
  const speedLabel = element("label", { class: "sw-speed" }, "speed", speed, rate);
  const parameters = PARAMETERS.map((name) => parts[name]);
  const controls = element("div", { class: "sw-controls" }, transport, speedLabel);
  const settings = element("div", { class: "sw-controls" }, ...parameters);
  const foot = element("div", { class: "sw-foot" }, "Cross-correlation: the kernel is not flipped.");
  foot.append(element("span", {}, "  Keys: arrows move, Space plays, Home and End jump."));
  const root = element("div", { class: "ck-sliding-window", role: "group", ...FOCUSABLE });
  root.append(parts.panels, parts.sum, parts.details, controls, settings, parts.note, parts.status, foot);
  return root;
}

/** Change only the buttons that differ, so that the one in focus keeps it. */
export function replaceButtons(fieldset, buttons) {
  const old = [...fieldset.querySelectorAll("button")];
  if (old.length !== buttons.length) {
    old.forEach((gone) => gone.remove());
    fieldset.append(...buttons);
    return;
  }
  old.forEach((kept, index) => {
    kept.textContent = buttons[index].textContent;
    kept.removeAttribute("aria-disabled");
    for (const { name, value } of buttons[index].attributes) kept.setAttribute(name, value);
  });
}
