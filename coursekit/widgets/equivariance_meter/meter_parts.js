// The parts of the equivariance meter on the page.
import {
  button,
  choice,
  controls,
  element,
  group,
  panel,
  select,
  stepper,
  toggle,
} from "../shared/controls.js";
import { MOST_SHIFT } from "./comparison.js";

/** The five maps: heading, and what it means in words. */
export const MAPS = {
  image: ["x", "the input: drag it"],
  moved: ["shift x", "the shifted input"],
  shiftedOutput: ["shift f(x)", "first f, then the shift"],
  direct: ["f(shift x)", "first the shift, then f"],
  difference: ["difference", "f(shift x) − shift f(x)"],
};

/** All parts. `act` has what the reader does: change, story, move, kernel, image, predict, answer. */
export function meterParts(act) {
  const maps = Object.fromEntries(
    Object.entries(MAPS).map(([name, [title, hint]]) => {
      const made = panel(title);
      made.legend.textContent = hint;
      return [name, made];
    }),
  );
  const numbers = ["padding", "stride", "pooling", "pool_size", "pool_stride", "entering"];
  const names = ["border", "stride", "pooling", "window", "step", "enters"];
  const choices = numbers.map((name, at) => [
    name,
    choice(names[at], (value) => act.change({ [name]: value })),
  ]);
  const limits = { least: -MOST_SHIFT, most: MOST_SHIFT };
  return {
    maps,
    choices: Object.fromEntries(choices),
    curve: panel("Largest difference"),
    kernelGrid: panel("kernel"),
    story: choice("f with", act.story),
    mean: toggle("global average", (isOn) => act.change({ global_average: isOn })),
    down: stepper("down", (pixels) => act.move(0, pixels), limits),
    right: stepper("right", (pixels) => act.move(1, pixels), limits),
    kernel: select("kernel", act.kernel),
    picture: select("image", act.image),
    predict: toggle("predict first", act.predict, {
      title: "hide the difference until you have said whether it is zero",
    }),
    question: questionPart(act),
    main: element("b", { class: "em-main" }),
    detail: element("div", { class: "em-detail" }),
    expected: element("div", { class: "em-expected" }),
  };
}

function questionPart(act) {
  const text = element("span", { class: "em-asked" });
  const yes = button("Yes: zero everywhere", {}, "Yes");
  const no = button("No: some differ", {}, "No");
  yes.addEventListener("click", () => act.answer("yes"));
  no.addEventListener("click", () => act.answer("no"));
  const row = element(
    "div",
    { class: "em-question", role: "group", "aria-label": "Prediction" },
    text,
    yes,
    no,
  );
  return { row, text, yes };
}

/** Everything in its place, to be appended to the root. */
export function arrangeMeter(parts, strip) {
  const figures = Object.values(parts.maps).map(({ figure }) => figure);
  const name = "The maps: arrow keys shift the input, Home puts it back";
  const panels = element(
    "div",
    { class: "em-maps", tabindex: "0", role: "group", "aria-label": name },
    element("div", { class: "em-pair" }, ...figures.slice(0, 2)),
    element("div", { class: "em-divider", "aria-hidden": "true" }),
    element("div", { class: "em-pair" }, ...figures.slice(2)),
  );
  const meter = element(
    "div",
    { class: "em-meter" },
    parts.main,
    parts.question.row,
    parts.detail,
    parts.expected,
  );
  parts.kernelGrid.figure.classList.add("em-kernel");
  parts.curve.figure.classList.add("em-curve");
  const middle = element("div", { class: "em-middle" }, parts.kernelGrid.figure, meter, parts.curve.figure);
  const { padding, stride, pooling, pool_size: size, pool_stride: step, entering } = parts.choices;
  const shift = group("shift", element("span", {}, "shift x"), parts.right.fieldset, parts.down.fieldset);
  const first = controls(parts.story.fieldset, parts.predict.button, parts.picture.label, parts.kernel.label);
  const pooled = [pooling.fieldset, size.fieldset, step.fieldset];
  const second = controls(padding.fieldset, stride.fieldset, ...pooled);
  strip.children[0].classList.add("em-operation"); // its buttons say it
  const third = controls(parts.mean.button, shift, entering.fieldset, ...strip.children);
  return { panels, all: [panels, middle, first, second, third] };
}
