// The view of SlidingWindow: its parts on the page, what the reader does with them, what the model says.
// esm.py joins this file with those it imports into the one module that the browser is sent.
import {
  choices,
  clampPosition,
  geometry,
  pair,
  positionFromInput,
  positionFromOutput,
} from "../shared/arithmetic.js";
import { count } from "../shared/arrays.js";
import { whyImpossible } from "../shared/arithmetic.js";
import { listenToChoices, listenToTaps, listenToTerms, scrub } from "./gestures.js";
import { shorten } from "../shared/grid.js";
import {
  buildScene,
  compute,
  geometryOf,
  paintInput,
  paintKernel,
  paintMagnifier,
  paintOutput,
  readTheme,
} from "./panels.js";
import {
  assemble,
  button,
  buildParts,
  element,
  icon,
  ICONS,
  PARAMETERS,
  replaceButtons,
  written,
} from "./parts.js";
import {
  advance,
  change,
  finish,
  moveTo,
  runClock,
  SHAPING,
  SPEEDS,
  speedIndex,
  startOver,
} from "./playback.js";
import { describePosition, describeProduct, legend, sizeNote, writtenSum } from "./words.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class View {
  constructor(model, host) {
    this.model = model;
    this.parts = buildParts();
    this.root = assemble(this.parts);
    this.computed = null;
    this.scene = null;
    this.theme = null;
    this.tap = null;
    this.reason = "";
    this.frame = 0;
    this.cleanups = [];
    host.append(this.root);
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.listenToModel();
    this.listenToPage();
    this.listenToReader();
    this.schedule();
  }

  /** Draw once in the next frame, however much changes before it. */
  schedule() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** Arrange everything anew; with `isChanged`, compute it anew too. */
  rebuild(isChanged = false) {
    if (isChanged) this.computed = null;
    this.scene = null;
    this.schedule();
  }

  on(target, event, listener, options) {
    target.addEventListener(event, listener, options);
    this.cleanups.push(() => target.removeEventListener(event, listener, options));
  }

  listenToModel() {
    const [draw, rebuild] = [() => this.schedule(), () => this.rebuild(true)];
    const pairs = ["position", "playing", "filled", "speed"].map((name) => [`change:${name}`, draw]);
    pairs.push(...SHAPING.map((name) => [`change:${name}`, rebuild]));
    for (const [event, listener] of pairs) this.model.on(event, listener);
    this.cleanups.push(() => pairs.forEach(([event, listener]) => this.model.off(event, listener)));
  }

  listenToPage() {
    let width = 0;
    const resized = new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - width) < 1) return;
      width = entry.contentRect.width;
      this.rebuild();
    });
    resized.observe(this.root);
    this.cleanups.push(() => resized.disconnect());
    // The style sheet gives the root's colours a transition of a moment: a new theme, from wherever, is an event.
    this.on(this.root, "transitionrun", () => this.schedule());
    // What is scrolled out of sight may have no style at all, and so misses that event.
    const seen = new IntersectionObserver(() => this.schedule());
    seen.observe(this.root);
    this.cleanups.push(() => seen.disconnect());
    this.on(this.calm, "change", () => this.schedule());
  }

  listenToReader() {
    const { parts, model } = this;
    this.on(this.root, "keydown", (event) => this.onKey(event));
    this.on(parts.play, "click", () =>
      change(model, { playing: this.calm.matches ? false : !model.get("playing") }),
    );
    this.on(parts.first, "click", () => this.go(startOver()));
    this.on(parts.last, "click", () => this.go(finish(this.place)));
    this.on(parts.back, "click", () => this.step(-1));
    this.on(parts.forward, "click", () => this.step(1));
    this.on(parts.speed, "input", () => change(model, { speed: SPEEDS[Number(parts.speed.value)] }));
    this.on(parts.details, "toggle", () => this.schedule());
    scrub(this, parts.input.canvas, () => [this.place.input, this.scene.cells.input], positionFromInput);
    scrub(this, parts.output.canvas, () => [this.place.output, this.scene.cells.output], positionFromOutput);
    for (const { canvas } of [parts.kernel, parts.magnifier]) listenToTaps(this, canvas);
    for (const text of [parts.sum, parts.all]) listenToTerms(this, text);
    for (const name of PARAMETERS) listenToChoices(this, name);
  }

  get place() {
    return geometryOf(this.model);
  }

  /** Whatever the reader does to the position pauses play. */
  go(changes) {
    if (this.place.fits) change(this.model, { playing: false, ...changes });
  }

  step(by) {
    const { position, filled } = this.state;
    const { playing, ...changes } = advance(position, filled, this.place, by);
    this.go(changes);
  }

  get state() {
    const { model, tap } = this;
    return { position: clampPosition(model.get("position"), this.place), filled: model.get("filled"), tap };
  }

  /** Mark a tap of the kernel everywhere; null marks none. */
  point(tap) {
    if (tap === this.tap) return;
    this.tap = tap;
    this.schedule();
  }

  /** Say why a value is impossible; "" takes it back. */
  explain(reason) {
    this.reason = reason;
    this.schedule();
  }

  onKey(event) {
    if (!event.ctrlKey && !event.metaKey && event.key !== "Escape") event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === this.parts.speed) return;
    const { position, filled } = this.state;
    if (event.target === this.parts.all && event.key !== " ") return; // there the keys scroll
    if (event.key in ARROWS) {
      const moved = position.map((at, axis) => at + ARROWS[event.key][axis]);
      this.go(moveTo(moved, filled, this.place));
    } else if (event.key === "Home") this.go(startOver());
    else if (event.key === "End") this.go(finish(this.place));
    else if (event.key === " " && !event.target.closest("button, summary")) this.parts.play.click();
    else return;
    event.preventDefault();
  }

  draw() {
    const width = this.parts.panels.clientWidth;
    if (!width) return;
    const theme = readTheme(this.root, this.theme);
    if (theme !== this.theme) this.scene = null;
    this.theme = theme;
    this.scene ??= this.build(width);
    const { parts, scene, state } = this;
    paintInput(parts.input.canvas, scene, theme, state);
    paintKernel(parts.kernel.canvas, scene, theme, state);
    if (scene.picture) paintMagnifier(parts.magnifier.canvas, scene, theme, state);
    paintOutput(parts.output.canvas, scene, theme, state);
    this.writeSum(state);
    this.writeControls();
    this.writeWords(state);
  }

  /** A new scene, and all the text that changes only with it. */
  build(width) {
    this.computed ??= compute(this.model);
    const scene = buildScene(this.computed, this.theme, width);
    const { parts } = this;
    this.tap = null; // the kernel may have lost it
    parts.panels.classList.toggle("sw-stacked", scene.stacked);
    parts.magnifier.figure.hidden = !scene.picture;
    const sizes = { input: scene.place.input, kernel: scene.place.taps, output: scene.place.output };
    for (const [name, [rows, columns]] of Object.entries(sizes))
      parts[name].size.textContent = rows ? `${rows} × ${columns}` : "none";
    for (const [name, array] of [
      ["input", "image"],
      ["output", "output"],
    ]) {
      parts[name].legend.textContent = scene.picture ? legend(scene, array) : "";
    }
    const [input, kernel] = [sizes.input.join(" by "), sizes.kernel.join(" by ")];
    this.root.setAttribute(
      "aria-label",
      `Sliding window: cross-correlation of a ${input} input with a ${kernel} kernel`,
    );
    parts.kernel.canvas.setAttribute(
      "aria-label",
      `Kernel, ${kernel}: ${[...scene.kernel.data].slice(0, 49).join(", ")}`,
    );
    for (const name of PARAMETERS) this.writeChoices(name, scene.place);
    return scene;
  }

  writeChoices(name, place) {
    const current = this.model.get(name);
    const buttons = choices(name, current, place.taps).map((value) => {
      const parameters = {
        stride: place.stride,
        padding: place.padding,
        dilation: place.dilation,
        [name]: value,
      };
      const why = whyImpossible(geometry(place.input, place.taps, parameters));
      const reason = why && `${name} ${written(value)} is impossible: ${why}.`;
      const attributes = {
        "aria-pressed": value.join() === pair(current).join(),
        "data-value": value.join(),
        "data-reason": reason,
      };
      const made = button(`${name} ${written(value)}`, attributes, written(value));
      if (reason) made.setAttribute("aria-disabled", "true");
      made.title = reason;
      return made;
    });
    replaceButtons(this.parts[name], buttons);
  }

  writeSum({ position, filled, tap }) {
    const { scene, parts } = this;
    const number = count(scene.place.taps);
    parts.sum.replaceChildren();
    parts.details.hidden = !scene.place.fits || number <= 12;
    parts.summary.textContent = `All ${number} products`;
    if (!scene.place.fits) return;
    const { texts, result } = writtenSum(scene, position, filled);
    const term = (index) => {
      const marked = index === tap ? " sw-marked" : "";
      return element("span", { class: `sw-term${marked}`, "data-tap": index }, texts[index]);
    };
    const terms = shorten(number).flatMap((index) => [" + ", index === null ? "…" : term(index)]);
    parts.sum.append(element("div", {}, ...terms.slice(1), " ", element("b", {}, result)));
    if (parts.details.hidden || !parts.details.open) return;
    parts.all.style.gridTemplateColumns = `repeat(${scene.place.taps[1]}, auto)`;
    this.writeAll(texts, tap, term);
  }

  /** All products of a long sum: hundreds of them, so what stays is kept. */
  writeAll(texts, tap, term) {
    const { all } = this.parts;
    if (all.childElementCount !== texts.length) all.replaceChildren(...texts.map((_, index) => term(index)));
    for (const [index, made] of [...all.children].entries()) {
      if (made.firstChild.data !== texts[index]) made.firstChild.data = texts[index];
      made.classList.toggle("sw-marked", index === tap);
    }
  }

  writeControls() {
    const { parts, model } = this;
    const isPlaying = model.get("playing");
    const label = isPlaying ? "Pause" : "Play";
    if (parts.play.textContent !== label) parts.play.replaceChildren(icon(ICONS[label.toLowerCase()]), label);
    const why = this.calm.matches ? "Your system asks for reduced motion: move the window by steps." : "";
    parts.play.setAttribute("aria-disabled", Boolean(why) || !this.scene.place.fits);
    parts.play.setAttribute("aria-label", why ? `${label}. ${why}` : label);
    parts.play.title = why || label;
    const speed = model.get("speed");
    parts.speed.value = speedIndex(speed);
    parts.rate.textContent = `${speed} ${speed === 1 ? "step" : "steps"}/s`;
    parts.speed.setAttribute("aria-valuetext", `${speed} positions per second`);
  }

  writeWords({ position, filled, tap }) {
    const { parts, scene, reason } = this;
    const { place } = scene;
    const why = whyImpossible(place);
    parts.note.classList.toggle("sw-warning", Boolean(reason || why));
    parts.note.textContent = reason || (why ? `No output: ${why}.` : sizeNote(place));
    const where = why ? "no window fits" : `window at output row ${position[0]}, column ${position[1]}`;
    parts.input.canvas.setAttribute("aria-label", `Input, ${place.input.join(" by ")}, ${where}`);
    parts.magnifier.canvas.setAttribute("aria-label", `The values under the window, ${where}`);
    parts.output.canvas.setAttribute("aria-label", `Output, ${place.output.join(" by ")}, ${where}`);
    let words = "";
    if (this.model.get("playing")) words = "Playing.";
    else if (tap !== null && place.fits) words = describeProduct(scene, position, tap);
    else if (place.fits) words = describePosition(scene, position, filled);
    if (parts.status.textContent !== words) parts.status.textContent = words;
  }

  close() {
    cancelAnimationFrame(this.frame);
    for (const cleanup of this.cleanups) cleanup();
    this.root.remove();
  }
}

/** anywidget calls this once for each model: one clock, however many views. */
function initialize({ model }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  return runClock(
    model,
    () => geometryOf(model),
    () => calm.matches,
  );
}

/** anywidget calls this for each view. Returns the cleanup. */
function render({ model, el }) {
  const view = new View(model, el);
  return () => view.close();
}

export default { initialize, render };
