// What the pointer does on the panels. `view` is the View of sliding_window.js.
import { element } from "../shared/controls.js";
import { follow, pointOf } from "../shared/gestures.js";
import { moveTo } from "./playback.js";

/** Move the window to the pointer; while numbers are predicted only by pressing, so that none gets lost. */
export function scrub(view, canvas, name, positionFrom) {
  follow(view, canvas, (point, event) => {
    const { scene } = view;
    if (!scene?.place.fits || (view.model.get("predict") && !event.buttons)) return;
    const inCells = point.map((at, axis) => (at - scene.origins[name][axis]) / scene.cell);
    const { position, filled } = view.state;
    const to = positionFrom(inCells, scene.place);
    if (view.model.get("playing") || to.join() !== position.join()) view.go(moveTo(to, filled, scene.place));
  });
}

/** The cell of a grid at a point of its canvas; null outside. */
export function cellAt([y, x], [top, left], cell, [rows, columns]) {
  const [row, column] = [Math.floor((y - top) / cell), Math.floor((x - left) / cell)];
  return row >= 0 && column >= 0 && row < rows && column < columns ? [row, column] : null;
}

/** Pointing at a cell of a kernel or of the magnified window marks that tap; `turn` gives the sliding one. */
export function listenToTaps(view, canvas, turn = (tap) => tap) {
  const toTap = (event) => {
    if (!view.scene) return;
    const { origins, kernelCell, place } = view.scene;
    const cell = cellAt(pointOf(canvas, event), origins.kernel, kernelCell, place.taps);
    view.point(cell && turn(cell[0] * place.taps[1] + cell[1]));
  };
  view.on(canvas, "pointermove", toTap);
  view.on(canvas, "pointerdown", toTap);
  view.on(canvas, "pointerleave", () => view.point(null));
}

/** Pointing at a product marks its tap; pressing the sum of a channel brings that channel to the front. */
export function listenToTerms(view, text) {
  const termOf = (event) => event.target.closest?.(".ck-term")?.dataset ?? {};
  view.on(text, "pointerover", (event) => {
    const { tap } = termOf(event);
    view.point(tap === undefined ? null : Number(tap));
  });
  view.on(text, "pointerleave", () => view.point(null));
  view.on(text, "click", (event) => {
    const { channel } = termOf(event);
    if (channel !== undefined) view.set({ channel: Number(channel) });
  });
}

/** A line of spans that is written again and again: what stays the same is left alone. */
export function termLine() {
  const line = element("div", {});
  const write = (parts) => {
    while (line.children.length > parts.length) line.lastElementChild.remove();
    while (line.children.length < parts.length) line.append(element("span", {}));
    parts.forEach(({ text, kind = "", tap, channel }, index) => {
      const span = line.children[index];
      if (span.textContent !== text) span.textContent = text;
      if (span.className !== kind) span.className = kind;
      writeData(span, "tap", tap);
      writeData(span, "channel", channel);
    });
  };
  return { line, write };
}

function writeData(span, name, value) {
  if (value === undefined) delete span.dataset[name];
  else if (span.dataset[name] !== String(value)) span.dataset[name] = String(value);
}
