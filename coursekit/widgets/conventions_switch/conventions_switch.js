// The switch of the conventions, and what each means in code.
import { choice, element } from "../shared/controls.js";
import { DemoView } from "../shared/view.js";
import { callsPanel } from "./calls.js";
import { CONVENTIONS } from "./strip.js";

/** What each value means, in one sentence. */
export const MEANINGS = {
  correlation: "Cross-correlation: the kernel slides as it is. Networks and most libraries for them do this.",
  convolution: "Convolution: the kernel is turned by half a turn, then it slides. Signal processing does this.",
  "channels first": "Arrays are (C, H, W), as in PyTorch and in this course.",
  "channels last": "Arrays are (H, W, C), as in TensorFlow and in image files.",
  floor: "Sizes are rounded down: a window that does not fit is left out.",
  ceil: "Sizes are rounded up: the last window may hang over the edge.",
  "ties first": "Of several equal maxima in a window the first gets the gradient, as in PyTorch.",
  "ties all": "Of several equal maxima in a window each gets the gradient.",
};
const QUESTIONS = {
  operation: "Is the kernel flipped?",
  channels: "Where do channels stand?",
  rounding: "A stride that does not divide?",
  ties: "Equal maxima in a window?",
};
const EXAMPLE = { kind: "correlate", axes: 2, input: [8, 9], taps: [3, 3], stride: 2, padding: 1, channels: true };

/** The sentence for a convention's present value. */
export const meaningOf = (name, value) => MEANINGS[value] ?? MEANINGS[`${name} ${value}`];

class ConventionsView extends DemoView {
  constructor(context) {
    super(context, { stem: "conventions-switch", label: "Conventions" });
    this.rows = Object.keys(CONVENTIONS).map((name) => this.row(name));
    this.calls = callsPanel(this, () => EXAMPLE);
    const table = element("div", { class: "ck-conventions-table" }, ...this.rows.flatMap(({ parts }) => parts));
    const example = element("p", { class: "ck-foot" }, "Example: image of 3 channels, 8 × 9; one kernel 3 × 3; stride 2, padding 1.");
    this.calls.details.append(example);
    this.root.append(table, this.calls.details);
    this.onChange(this.conventions, Object.keys(CONVENTIONS), () => this.schedule());
  }

  row(name) {
    const made = choice(QUESTIONS[name], (value) => {
      this.set({ [name]: value });
      this.say(meaningOf(name, value));
    });
    const meaning = element("span", { class: "ck-meaning" });
    return { name, made, meaning, parts: [made.fieldset, meaning] };
  }

  draw() {
    for (const { name, made, meaning } of this.rows) {
      const value = this.model.get(name);
      made.update(CONVENTIONS[name].values, value);
      meaning.textContent = meaningOf(name, value);
    }
    this.calls.update();
  }
}

/** The switch is itself the model of the conventions. */
export default {
  render({ model, el }) {
    const view = new ConventionsView({ model, conventions: model, el });
    return () => view.close();
  },
};
