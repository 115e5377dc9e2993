// The parts of the signal convolver on the page.
import {
  button,
  choice,
  controls,
  element,
  FOCUSABLE,
  group,
  icon,
  ICONS,
  select,
  setAttribute,
  slider,
  toggle,
} from "../shared/controls.js";
import { writtenTime, whyNothingIsKept } from "./sentences.js";
import { fullLength, timeAt } from "./signals.js";
import { SWEEP_SPEEDS, sweepSpeedIndex } from "./sweep.js";

const KEYS =
  "Left and right arrows move the kernel, with Shift by ten; Home and End jump; Space plays; F flips the kernel.";

/** A plot with its heading. */
function plot(title, ...canvases) {
  const size = element("span", { class: "ck-size" });
  const heading = element("span", {}, `${title} `);
  const caption = element("figcaption", {}, heading, size);
  const figure = element("figure", { class: "ck-figure" }, caption, ...canvases);
  return { figure, size, heading };
}

const picture = (attributes = {}) => element("canvas", { role: "img", ...attributes });

/** All parts; `act` holds what they do. */
export function buildParts(view, act) {
  const parts = {
    window: picture(),
    signalStrip: picture(),
    products: picture(),
    output: picture(),
    kernelPlot: picture(),
    kernelStrip: picture(),
    matrix: picture(),
    terms: element("span"),
    result: element("b"),
    matrixLegend: element("div", { class: "ck-legend" }),
  };
  buildStage(parts);
  buildSettings(parts, act);
  buildTransport(parts, view, act);
  return parts;
}

function buildStage(parts) {
  const window = plot("Signal and kernel", parts.window, parts.signalStrip);
  const products = plot("Products", parts.products);
  const output = plot("Output", parts.output);
  const kernel = plot("Kernel as given", parts.kernelPlot, parts.kernelStrip);
  const matrix = plot("Toeplitz matrix × signal = output", parts.matrix, parts.matrixLegend);
  parts.windowSize = window.size;
  parts.productsSize = products.size;
  parts.kernelSize = kernel.size;
  parts.matrixSize = matrix.size;
  parts.matrixTitle = matrix.heading;
  parts.sum = element("div", { class: "ck-sum" }, element("div", {}, parts.terms, " ", parts.result));
  parts.main = element("div", { class: "ck-plots" }, window.figure, products.figure, output.figure);
  parts.aside = element("div", { class: "ck-aside" }, kernel.figure, matrix.figure, parts.sum);
  const attributes = { class: "ck-panels", tabindex: "0", role: "group", "aria-label": KEYS, ...FOCUSABLE };
  parts.stage = element("div", attributes, parts.main, parts.aside);
}

function buildSettings(parts, act) {
  const example = select("example", act.example);
  const mode = choice("mode", act.mode);
  const drawn = choice("drawn as", act.drawn);
  const whole = toggle("whole output", act.whole, { title: "Show the output beyond the kernel, too" });
  parts.settings = controls(mode.fieldset, drawn.fieldset, example.label);
  parts.whole = whole;
  parts.updateSettings = (model, samples, taps) => {
    const modes = ["full", "same", "valid"].map((value) => ({ value, reason: whyNothingIsKept(value, samples, taps) }));
    mode.update(modes, model.get("mode"));
    const ways = [
      { value: false, text: "stems", label: "stems: discrete samples, the output is a sum" },
      { value: true, text: "curves", label: "curves: continuous signals, the output is an area" },
    ];
    drawn.update(ways, model.get("continuous"));
    return updateExamples(example, model);
  };
}

/** The examples, and "your own" or "changed" where the present signals are none of them. */
function updateExamples(example, model) {
  const all = model.get("_examples");
  const present = all.find((one) => isShown(one, model));
  const options = all.map(({ name, title }) => [name, title]);
  if (!present) options.unshift(["", "as changed"]);
  example.update(options, present?.name ?? "");
  example.label.title = present?.about ?? "";
  return present;
}

function isShown(example, model) {
  return ["signal", "kernel"].every((name) => {
    const { shape, data } = model.get(name);
    if (shape[0] !== example[name].length) return false;
    return example[name].every((value, index) => data.getFloat64(8 * index, true) === value);
  });
}

function buildTransport(parts, view, act) {
  parts.play = button("Play", { class: "ck-play" });
  const time = slider("t", act.go, { text: (position) => parts.writeTime(position) });
  const speed = slider("speed", (index) => act.speed(SWEEP_SPEEDS[index]), {
    text: (index) => `${SWEEP_SPEEDS[index]}/s`,
    unit: "",
  });
  Object.assign(parts, { time, speed });
  const ends = {
    first: button("First position", {}, icon(ICONS.first)),
    back: button("One step left", {}, icon(ICONS.back)),
    forward: button("One step right", {}, icon(ICONS.forward)),
    last: button("Last position", {}, icon(ICONS.last)),
  };
  view.on(parts.play, "click", act.play);
  view.on(ends.first, "click", () => act.go(0));
  view.on(ends.back, "click", () => act.step(-1));
  view.on(ends.forward, "click", () => act.step(1));
  view.on(ends.last, "click", () => act.go(Infinity));
  const playback = group("Playback", ends.first, ends.back, parts.play, ends.forward, ends.last);
  time.label.classList.add("ck-time");
  parts.transport = controls(playback, time.label, speed.label, parts.whole.button);
}

/** What follows the position and the sweep. */
export function updateControls(parts, model, position, isCalm) {
  const [samples, taps] = [model.get("signal").shape[0], model.get("kernel").shape[0]];
  const label = model.get("playing") ? "Pause" : "Play";
  if (parts.play.textContent !== label) parts.play.replaceChildren(icon(ICONS[label.toLowerCase()]), label);
  const why = isCalm ? "Your system asks for reduced motion: move the kernel by steps." : "";
  setAttribute(parts.play, "aria-disabled", String(isCalm));
  setAttribute(parts.play, "aria-label", why ? `${label}. ${why}` : label);
  parts.play.title = why || label;
  parts.whole.update(!model.get("growing"));
  const isFlipped = parts.isFlipped();
  const style = { isContinuous: model.get("continuous"), step: model.get("dt") };
  parts.writeTime = (at) => writtenTime(timeAt(at, taps, isFlipped), style);
  parts.time.update(position, { min: 0, max: fullLength(samples, taps) - 1, step: 1 });
  parts.speed.update(sweepSpeedIndex(model.get("speed")), { min: 0, max: SWEEP_SPEEDS.length - 1, step: 1 });
}
