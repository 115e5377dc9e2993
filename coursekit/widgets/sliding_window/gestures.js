// What the pointer does on the parts of a view. `view` is the View of sliding_window.js.
import { MARGIN } from "../shared/grid.js";
import { originOf } from "./panels.js";
import { change, moveTo } from "./playback.js";

/** Move the window to the pointer: a mouse by hovering, a finger or pen by dragging. */
export function scrub(view, canvas, shapes, positionFrom) {
  const follow = (event) => {
    if (!view.scene?.place.fits || (event.pointerType === "touch" && !event.buttons)) return;
    const [shape, room] = shapes();
    const box = canvas.getBoundingClientRect();
    const origin = originOf(shape, room, view.scene.cell);
    const inside = [event.clientY - box.top, event.clientX - box.left];
    const point = inside.map((at, axis) => (at - origin[axis]) / view.scene.cell);
    const position = positionFrom(point, view.place);
    if (view.model.get("playing") || position.join() !== view.state.position.join()) {
      view.go(moveTo(position, view.state.filled, view.place));
    }
  };
  view.on(canvas, "pointermove", follow);
  view.on(canvas, "pointerdown", (event) => {
    if (event.pointerType === "touch") canvas.setPointerCapture(event.pointerId);
    follow(event);
  });
}

/** Pointing at a cell of the kernel or of the magnified window marks that tap. */
export function listenToTaps(view, canvas) {
  const follow = (event) => {
    if (!view.scene) return;
    const box = canvas.getBoundingClientRect();
    const { shape } = view.scene.kernel;
    const [row, column] = [event.clientY - box.top, event.clientX - box.left].map((at) =>
      Math.floor((at - MARGIN) / view.scene.kernelCell),
    );
    const inside = row >= 0 && column >= 0 && row < shape[0] && column < shape[1];
    view.point(inside ? row * shape[1] + column : null);
  };
  view.on(canvas, "pointermove", follow);
  view.on(canvas, "pointerleave", () => view.point(null));
}

/** Pointing at a product marks its tap. */
export function listenToTerms(view, text) {
  view.on(text, "pointerover", (event) => {
    const term = event.target.closest?.(".sw-term");
    view.point(term ? Number(term.dataset.tap) : null);
  });
  view.on(text, "pointerleave", () => view.point(null));
}

/** A possible value is set; an impossible one says why it is. */
export function listenToChoices(view, name) {
  const explain = (event) => {
    view.explain(event.target.closest?.("button")?.dataset.reason ?? "");
  };
  for (const event of ["pointerover", "focusin"]) view.on(view.parts[name], event, explain);
  for (const event of ["pointerleave", "focusout"]) {
    view.on(view.parts[name], event, () => view.explain(""));
  }
  view.on(view.parts[name], "click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen || chosen.dataset.reason) return;
    const [rows, columns] = chosen.dataset.value.split(",").map(Number);
    change(view.model, { [name]: rows === columns ? rows : [rows, columns] });
  });
}
