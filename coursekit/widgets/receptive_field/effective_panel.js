// The effective field in the demo: its settings, and the draws that run in the time left over by drawing.
import { button, choice, controls, element, stepper, toggle } from "../shared/controls.js";
import { centralShare, effectiveField, planCone } from "./effective.js";
import { shareWords } from "./field_words.js";
import { seenBy } from "./growth.js";

const MILLISECONDS = 4; // of each frame for new draws
const MOST_PIXELS = 200 * 200; // in a field whose gradients are still worked out

/**
 * The `row` of settings, and the `words` beside the picture; `update(stack, state)` goes on drawing weights,
 * and `shown()` is what there is so far.
 */
export function effectivePanel(view) {
  const { model } = view;
  const weights = choice("weights", (value) => view.set({ weights: value }));
  const rectified = toggle("ReLU", (isOn) => view.set({ rectified: isOn }));
  const draws = stepper("draws", (value) => view.set({ draws: value }), { least: 1, most: 500 });
  const another = button("new weights, drawn at random", {}, "new weights");
  another.addEventListener("click", () => view.set({ seed: (model.get("seed") + 1) % 2 ** 31 }));
  const words = element("div", { class: "rf-share" });
  const row = controls(weights.fieldset, rectified.button, draws.fieldset, another);
  const options = [
    { value: "gaussian", text: "Gaussian" },
    { value: "uniform", text: "uniform" },
    { value: "equal", text: "all equal" },
  ];
  let run = null;
  const isDone = ({ field }) => field.draws === model.get("draws");
  const write = (text) => {
    if (words.textContent !== text) words.textContent = text;
  };
  const update = (stack, state) => {
    row.hidden = words.hidden = !model.get("effective");
    if (row.hidden || state.isHidden || !state.layer) {
      run = null;
      return write(state.isHidden ? "Predict the size first." : "");
    }
    weights.update(options, model.get("weights"));
    rectified.update(model.get("rectified"));
    draws.update(model.get("draws"));
    const key = keyOf(view, state);
    if (run?.key !== key || run.stack !== stack) run = begin(view, stack, state, key);
    if (!run.field)
      return write("The field is too large, or lies in the padding: there is nothing to compute.");
    if (goOn(run, model.get("draws"))) view.schedule();
    const { draws: drawn, silent } = run.field;
    if (!isDone(run)) return; // text that changes in each frame would cost a layout in each
    write(shareWords({ ...sharesOf(run), draws: drawn, silent, axes: stack.axes }));
  };
  const shown = () => {
    if (!run?.field || row.hidden || (view.calm.matches && !isDone(run))) return null;
    return { mean: run.field.mean, box: run.plan.boxes[0], sizes: run.plan.sizes[0] };
  };
  return { row, words, update, shown };
}

/** What the draws depend on, besides the stack. */
function keyOf({ model, conventions }, { layer, neuron }) {
  const settings = ["weights", "rectified", "seed"].map((name) => model.get(name));
  return [layer, neuron, ...settings, conventions.get("operation"), conventions.get("ties")].join();
}

function begin({ model, conventions }, stack, { layer, neuron }, key) {
  const plan = planCone(stack.stacks, stack.shapes.slice(0, layer + 1), neuron);
  const fields = neuron.map((index, axis) => seenBy(stack.growths[axis][layer], index));
  const [rows, columns] = plan.sizes[0];
  const isPossible = plan.isSomething && rows * columns <= MOST_PIXELS;
  const field = isPossible
    ? effectiveField(plan, {
        weights: model.get("weights"),
        rectified: model.get("rectified"),
        seed: model.get("seed"),
        ties: conventions.get("ties"),
        flipped: conventions.get("operation") === "convolution",
      })
    : null;
  return { key, stack, plan, fields, field };
}

/** Draw until the frame's time is over; returns whether there is more to do. */
function goOn(run, draws) {
  if (run.field.draws > draws) Object.assign(run, { key: "" }); // fewer are asked for: begin again
  const end = performance.now() + MILLISECONDS;
  while (run.field.draws < draws && performance.now() < end) run.field.step();
  return run.field.draws !== draws;
}

function sharesOf({ plan, fields, field }) {
  const box = plan.boxes[0];
  return {
    share: centralShare(field.mean, box, fields),
    even: centralShare(new Float64Array(field.mean.length).fill(1), box, fields),
  };
}
