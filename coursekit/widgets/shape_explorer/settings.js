// The steppers of one axis. A value that would be impossible is marked before it is chosen, and can be chosen.
import { element, group, setAttribute, stepper, toggle } from "../shared/controls.js";
import { problemWith, sizeOf } from "./sizes.js";

/** The steppers: the trait, the name on the page, the least and the greatest value. */
const STEPPERS = [
  ["size", "size", 1, 2000],
  ["kernel", "kernel", 1, 99],
  ["stride", "stride", 1, 99],
  ["dilation", "dilation", 1, 99],
  ["output_padding", "output padding", 0, 98],
];
const MOST_PADDING = 99;

/**
 * The steppers of an axis. `onChange(name, value)` is told the trait and its value for this axis: a number, or for
 * padding "same" or [before, after]. `update(problem, { label, changed })` shows a problem.
 */
export function axisSettings(onChange) {
  const made = Object.fromEntries(
    STEPPERS.map(([name, text, least, most]) => [
      name,
      stepper(text, (value) => onChange(name, value), { least, most }),
    ]),
  );
  const padding = paddingSettings(onChange);
  const heading = element("span", { class: "se-axis" });
  const { size, kernel, stride, dilation, output_padding: extra } = made;
  const row = group("", heading, size.fieldset, kernel.fieldset, ...padding.parts, stride.fieldset);
  row.append(dilation.fieldset, extra.fieldset);
  row.classList.add("ck-controls", "se-settings");
  const update = (problem, { label = "", changed = "" } = {}) => {
    heading.textContent = label;
    heading.hidden = !label;
    setAttribute(row, "aria-label", label || "Parameters");
    extra.fieldset.hidden = !problem.transposed;
    for (const [name, text, least, most] of STEPPERS) {
      showStepper(made[name], text, problem, (value) => ({ [fieldOf(name)]: value }), {
        label,
        changed,
        name,
        least,
        most,
      });
    }
    padding.update(problem, { label, changed });
  };
  return { row, update };
}

/** What a trait is called in a problem. */
export const fieldOf = (name) => (name === "output_padding" ? "outputPadding" : name);

function showStepper(
  made,
  text,
  problem,
  changes,
  { label, changed, name, least, most, value = problem[fieldOf(name)] },
) {
  const { reason } = sizeOf(problem);
  made.update(value, { reason: changed === name ? reason : "" });
  setAttribute(made.field, "aria-label", label ? `${label}: ${text}` : text);
  const [less, more] = made.fieldset.querySelectorAll("button");
  for (const [button, next, words] of [
    [less, value - 1, "one less"],
    [more, value + 1, "one more"],
  ]) {
    const isThere = next >= least && next <= most;
    const why = isThere && !reason ? sizeOf(problemWith(problem, changes(next))).reason : "";
    foretell(button, `${label ? `${label}: ` : ""}${text}: ${words}`, why && `${text} ${next}: ${why}.`);
  }
}

/** Mark a button whose press would lead to the impossible; it may be pressed. */
function foretell(button, name, why) {
  setAttribute(button, "aria-label", why ? `${name}. ${why}` : name);
  setAttribute(button, "title", why || name);
  button.dataset.ahead = why;
  button.classList.toggle("se-ahead", Boolean(why));
}

/** Padding: the same at both ends, or a stepper for each end, and the button "same". */
function paddingSettings(onChange) {
  const state = { ends: [0, 0], isOpen: false };
  const give = (before, after) => onChange("padding", [before, after]);
  const limits = { least: 0, most: MOST_PADDING };
  const both = stepper("padding", (value) => give(value, value), limits);
  const before = stepper("padding front", (value) => give(value, state.ends[1]), limits);
  const after = stepper("behind", (value) => give(state.ends[0], value), limits);
  const same = toggle("same", (isOn) => onChange("padding", isOn ? "same" : state.ends), {
    title: "as many zeros as keep the size where the stride is 1",
  });
  const each = toggle("each end", (isOn) => {
    state.isOpen = isOn;
    const [front, behind] = state.ends;
    onChange("padding", isOn || front === behind ? [front, behind] : [front, front]);
  });
  each.button.title = "a number of zeros for each end";
  const kept = element("span", { class: "se-kept" }); // what "same" comes to
  const buttons = element("span", { class: "se-padding" }, kept, same.button, each.button);
  const update = (problem, options) => {
    const [front, behind] = problem.padding;
    state.ends = problem.padding;
    const isApart = front !== behind || state.isOpen;
    both.fieldset.hidden = isApart || problem.isSame;
    before.fieldset.hidden = after.fieldset.hidden = !isApart || problem.isSame;
    kept.hidden = !problem.isSame;
    kept.textContent = `padding ${front} + ${behind}`;
    same.button.hidden = problem.transposed && !problem.isSame; // it keeps the size of a forward window
    each.button.hidden = problem.transposed && !isApart;
    const shown = { ...options, name: "padding", ...limits };
    showStepper(both, "padding", problem, (value) => ({ padding: [value, value] }), {
      ...shown,
      value: front,
    });
    const at = {
      front: (value) => ({ padding: [value, behind] }),
      behind: (value) => ({ padding: [front, value] }),
    };
    showStepper(before, "padding in front", problem, at.front, { ...shown, value: front });
    showStepper(after, "padding behind", problem, at.behind, { ...shown, value: behind });
    same.update(problem.isSame);
    each.update(isApart && !problem.isSame);
    setAttribute(
      same.button,
      "aria-label",
      options.label ? `${options.label}: padding same` : "padding same",
    );
    setAttribute(
      each.button,
      "aria-label",
      options.label ? `${options.label}: padding at each end` : "padding at each end",
    );
  };
  return { parts: [both.fieldset, before.fieldset, after.fieldset, buttons], update };
}
