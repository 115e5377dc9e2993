// The question to the reader: which number comes out of this window? Typed, checked, counted.
import { indexOf, positionAt } from "../shared/arithmetic.js";
import { count } from "../shared/arrays.js";
import { readNumber } from "../shared/cell_editor.js";
import { element } from "../shared/controls.js";
import { judge, nextToFind, score } from "./predict.js";

/** A form below the sum: Enter checks the number, and Enter in an empty field goes to the next window. */
export function predictPanel(view) {
  const name = element("span", { class: "sw-asked" });
  const field = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: "8" });
  const check = element("button", { type: "submit" }, "Check");
  const next = element("button", { type: "button" }, "Next window");
  const tally = element("span", { class: "sw-tally" });
  const verdict = element("div", { class: "sw-verdict", role: "status", "aria-live": "polite" });
  const label = element("label", { class: "sw-question" }, name, field);
  const row = element("div", { class: "ck-controls" }, label, check, next, tally);
  const form = element("form", { class: "sw-predict", hidden: "" }, row, verdict);

  const index = () => indexOf(view.state.position, view.scene.place);
  const goOn = () => {
    const { place } = view.scene;
    const to = nextToFind(index(), view.model.get("predicted"), count(place.output));
    if (to < 0) return;
    verdict.textContent = "";
    field.value = "";
    view.go({ position: positionAt(to, place) });
    field.focus({ preventScroll: true });
  };
  const answer = () => {
    const [found, missed] = [view.model.get("predicted"), view.model.get("missed")];
    const here = index();
    if (found.includes(here)) return goOn();
    const given = readNumber(field.value);
    if (!Number.isFinite(given)) {
      verdict.textContent = "Type a number, then press Enter.";
      return;
    }
    const judged = judge(given, view.question());
    verdict.textContent = judged.text;
    if (judged.isRight) {
      field.value = "";
      view.set({ predicted: [...found, here] });
    } else {
      if (!missed.includes(here)) view.set({ missed: [...missed, here] });
      field.select();
    }
  };
  view.on(form, "submit", (event) => {
    event.preventDefault();
    if (view.scene?.place.fits) answer();
  });
  view.on(next, "click", goOn);

  let asked = "";
  const update = (position, isFound) => {
    const { model, scene } = view;
    form.hidden = !model.get("predict") || !scene.place.fits;
    if (form.hidden) return;
    const key = position.join(", ");
    if (asked && asked !== key) verdict.textContent = "";
    asked = key;
    const text = isFound ? `Output[${key}] is found.` : `Your number for output[${key}]:`;
    if (name.textContent !== text) name.textContent = text;
    const number = count(scene.place.output);
    next.disabled = nextToFind(index(), model.get("predicted"), number) < 0;
    const counted = score(model.get("predicted"), model.get("missed"), number);
    if (tally.textContent !== counted) tally.textContent = counted;
  };
  return { form, field, update };
}
