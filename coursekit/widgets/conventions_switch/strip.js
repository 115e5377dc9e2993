// The conventions as buttons: what each demo shows of the switch that all of them obey.
import { choice, element } from "../shared/controls.js";

/** What each convention is called, and its values with the words for them. */
export const CONVENTIONS = {
  operation: {
    name: "operation",
    values: [
      { value: "correlation", text: "cross-correlation", label: "cross-correlation: the kernel is not flipped" },
      { value: "convolution", text: "convolution", label: "convolution: the kernel is flipped" },
    ],
  },
  channels: {
    name: "channels",
    values: [
      { value: "first", text: "first", label: "channels first, as in PyTorch: (C, H, W)" },
      { value: "last", text: "last", label: "channels last, as in TensorFlow: (H, W, C)" },
    ],
  },
  rounding: {
    name: "sizes",
    values: [
      { value: "floor", text: "⌊floor⌋", label: "sizes rounded down: every window fits" },
      { value: "ceil", text: "⌈ceil⌉", label: "sizes rounded up: the last window may hang over" },
    ],
  },
  ties: {
    name: "ties",
    values: [
      { value: "first", text: "first", label: "of equal maxima the first gets the gradient" },
      { value: "all", text: "all", label: "of equal maxima each gets the gradient" },
    ],
  },
};

/** The present conventions as an object. */
export const readConventions = (conventions) =>
  Object.fromEntries(Object.keys(CONVENTIONS).map((name) => [name, conventions.get(name)]));

/** A row of the named conventions as choices. All demos on the page follow. */
export function conventionStrip(view, names) {
  const row = element("div", { class: "ck-controls ck-conventions", role: "group", "aria-label": "Conventions" });
  const updates = names.map((name) => {
    const made = choice(CONVENTIONS[name].name, (value) => {
      view.conventions.set(name, value);
      view.conventions.save_changes();
    });
    row.append(made.fieldset);
    return () => made.update(CONVENTIONS[name].values, view.conventions.get(name));
  });
  const update = () => updates.forEach((one) => one());
  view.onChange(view.conventions, names, update);
  update();
  return row;
}
