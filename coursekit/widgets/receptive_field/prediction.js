// The row in which the reader predicts the size of a field before it is shown.
import { button, controls, element, typedWhole } from "../shared/controls.js";
import { typeset } from "./growth.js";
import { judge } from "./mistakes.js";

/** The row of the view; `update(stack, state)` shows it while the size of the chosen layer is asked for. */
export function predictionRow(view) {
  const field = element("input", { type: "number", min: "1", "aria-label": "Size of the field" });
  const check = button("Check the size", {}, "check");
  const name = element("b");
  const verdict = element("span", { class: "rf-verdict", "aria-live": "polite" });
  const row = controls(element("label", {}, name, " ", field), check, verdict);
  row.classList.add("rf-predict");
  let layer = 0;
  const answer = () => {
    const typed = typedWhole(field.value);
    if (!layer || typed === null) return;
    const answers = Array.from(
      { length: view.model.get("layers").length },
      (_, at) => view.model.get("answers")[at] ?? 0,
    );
    answers[layer - 1] = typed;
    view.set({ answers });
  };
  check.addEventListener("click", answer);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") answer();
  });
  const update = (stack, state) => {
    row.hidden = !view.model.get("predict") || !state.layer;
    if (row.hidden) return;
    if (state.layer !== layer) field.value = "";
    layer = state.layer;
    const title = `size of layer ${layer}?`;
    if (name.textContent !== title) name.textContent = title;
    const words = verdictOf(view.model.get("answers")[layer - 1], stack.layers.slice(0, layer));
    if (verdict.textContent !== words) verdict.textContent = words;
  };
  return { row, update };
}

function verdictOf(answer, layers) {
  if (!answer) return "";
  const { right, words, line } = judge(answer, layers);
  return right ? `Right: ${typeset(line)}.` : `Not ${answer}. ${words}`;
}
