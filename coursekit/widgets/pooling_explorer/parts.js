// The parts of the pooling explorer on the page.
import {
  button,
  choice,
  controls,
  element,
  group,
  icon,
  ICONS,
  panel,
  sign,
  toggle,
} from "../shared/controls.js";

/** What the panels are called, in their order on the page. */
const PANELS = {
  input: ["Input", "hover: a window · double-click: edit"],
  output: ["Output", "hover: a window"],
  sent: ["Gradient at output", "double-click: edit"],
  back: ["Gradient at input", "hover: where it comes from"],
};

/** The directions of the shift buttons: [row, column] steps. */
export const SHIFTS = {
  left: { by: [0, -1], turn: 180 },
  up: { by: [-1, 0], turn: 270 },
  down: { by: [1, 0], turn: 90 },
  right: { by: [0, 1], turn: 0 },
};

/** The arrow of a shift button. */
function arrowIcon(turn) {
  const made = icon(ICONS.play);
  made.style.transform = `rotate(${turn}deg)`;
  return made;
}

/**
 * All parts. `act` has what the reader does: change(changes), explain(what), predict(what), shift(direction),
 * judge(text), show().
 */
export function poolingParts(act) {
  const panels = Object.fromEntries(
    Object.entries(PANELS).map(([name, [title, hint]]) => {
      const made = panel(title, { class: "ck-scrub" });
      made.legend.textContent = hint;
      return [name, made];
    }),
  );
  const forward = element("div", { class: "pe-forward" });
  const backward = element("div", { class: "pe-backward" });
  return {
    panels,
    forward,
    backward,
    question: questionForm(act),
    foot: element("div", { class: "ck-foot" }),
    mode: choice("mode", (mode) => act.change({ mode })),
    size: choice("window", (size) => act.change({ size })),
    stride: choice("stride", (stride) => act.change({ stride })),
    padding: choice("padding", (padding) => act.change({ padding })),
    groups: choice("groups", (groups) => act.change({ groups })),
    channel: choice("channel", (channel) => act.change({ channel })),
    counts: toggle("count padding", (isOn) => act.change({ count_padding: isOn }), {
      title: "whether the zeros of the padding count as pixels of the average",
    }),
    explain: choice("explain", act.explain),
    predict: choice("predict", act.predict),
    shifts: group(
      "Shift the image by one pixel",
      element("span", { class: "pe-label" }, "shift image"),
      ...Object.entries(SHIFTS).map(([name, { turn }]) => {
        const made = button(`Shift the image ${name} by one pixel`, { class: "pe-shift" }, arrowIcon(turn));
        made.addEventListener("click", () => act.shift(name));
        return made;
      }),
    ),
  };
}

/** The field for a predicted number, with its question and two buttons. */
function questionForm(act) {
  const text = element("span", { class: "pe-question" });
  const field = element("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": "Your prediction",
  });
  const check = element("button", { type: "submit" }, "Check");
  const show = button("Show this number", {}, "Show");
  const form = element("form", { class: "pe-form" }, text, field, check, show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act.judge(field.value);
  });
  show.addEventListener("click", act.show);
  return { form, text, field };
}

/** Everything in its place, to be appended to the root: [panels, sum, controls, foot]. */
export function arrangeParts(parts, strip, calls) {
  const { input, output, sent, back } = parts.panels;
  const forwardPair = element("div", { class: "pe-pair" }, input.figure, sign("arrow"), output.figure);
  const backwardPair = element("div", { class: "pe-pair" }, sent.figure, sign("arrow"), back.figure);
  const name = "Four maps: arrow keys move the window, or the pixel that is explained";
  const panels = element(
    "div",
    { class: "ck-panels pe-panels", tabindex: "0", role: "group", "aria-label": name },
    forwardPair,
    element("div", { class: "pe-divider", "aria-hidden": "true" }),
    backwardPair,
  );
  const sum = element("div", { class: "ck-sum pe-sum" }, parts.forward, parts.question.form, parts.backward);
  const window = [parts.size.fieldset, parts.stride.fieldset, parts.padding.fieldset, parts.counts.button];
  parts.mode.fieldset.classList.add("pe-mode");
  const first = controls(parts.mode.fieldset, ...window, parts.groups.fieldset);
  const { explain, predict, shifts, channel } = parts;
  const second = controls(channel.fieldset, explain.fieldset, predict.fieldset, shifts, ...strip.children);
  return { panels, sum, all: [panels, sum, first, second, parts.foot, calls] };
}
