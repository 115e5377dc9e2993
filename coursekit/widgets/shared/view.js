// What the view of every demo does: one redraw a frame, keys kept from the notebook, theme, words, cleanup.
import { element, FOCUSABLE } from "./controls.js";
import { readTheme } from "./theme.js";

export class DemoView {
  /** `stem` names the style sheet's class, `label` the demo for those who cannot see it. */
  constructor({ model, conventions, el }, { stem, label }) {
    Object.assign(this, { model, conventions, theme: null, scene: null, width: 0, frame: 0, cleanups: [] });
    this.words = { reason: "", warning: "", remark: "" };
    this.shows = element("p", { class: "ck-shows" }, model.get("_shows") ?? "");
    this.note = element("div", { class: "ck-note" });
    this.status = element("div", { class: "ck-status", role: "status", "aria-live": "polite" });
    this.root = element("div", { class: `ck-demo ck-${stem}`, role: "group", "aria-label": label, ...FOCUSABLE });
    this.root.append(this.shows);
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    el.append(this.root);
    this.listenToPage();
    this.listenToKeys();
    // The subclass appends its parts in its constructor; the words come after them.
    queueMicrotask(() => this.root.append(this.note, this.status));
    this.schedule();
  }

  /** A listener that goes with the view. */
  on(target, event, listener, options) {
    target.addEventListener(event, listener, options);
    this.whenClosed(() => target.removeEventListener(event, listener, options));
  }

  /** Listen to changes of traits of a model, for as long as the view lives. */
  onChange(model, names, listener) {
    for (const name of names) {
      model.on(`change:${name}`, listener);
      this.whenClosed(() => model.off(`change:${name}`, listener));
    }
  }

  whenClosed(cleanup) {
    this.cleanups.push(cleanup);
  }

  /** Draw once in the next frame, however much changes before it. */
  schedule() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.redraw();
    });
  }

  /** Arrange everything anew in the next frame. */
  rebuild() {
    this.scene = null;
    this.schedule();
  }

  redraw() {
    const width = this.root.clientWidth && contentWidth(this.root);
    if (!width) return; // not on the page: it is drawn when it comes into sight
    const theme = readTheme(this.root, this.theme);
    if (theme !== this.theme || width !== this.width) this.scene = null;
    Object.assign(this, { theme, width });
    this.draw();
  }

  /** Draws the present state; subclasses say how. */
  draw() {}

  /** A key inside the root, without Ctrl, Meta or Alt. Returns true if it was used. */
  onKey(_event) {
    return false;
  }

  /** Write to the model and send it to Python in one message. */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Say something politely, to readers and to screen readers. */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** Say why something is impossible; "" takes it back. */
  warn(text) {
    this.words.warning = text;
    this.writeNote();
  }

  /** A quiet sentence, shown where there is no warning: how a size comes about, say. */
  remark(text) {
    this.words.remark = text;
    this.writeNote();
  }

  /** What the pointer rests on comes before what is wrong, and that before what is quietly said. */
  writeNote() {
    const { reason, warning, remark } = this.words;
    this.note.classList.toggle("ck-warning", Boolean(reason || warning));
    const text = reason || warning || remark;
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  listenToPage() {
    let width = 0;
    const resized = new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - width) < 1) return;
      width = entry.contentRect.width;
      this.rebuild();
    });
    resized.observe(this.root);
    this.whenClosed(() => resized.disconnect());
    // The style sheet gives the root's colours a transition of a moment: a new theme, from wherever, is an event.
    this.on(this.root, "transitionrun", () => this.schedule());
    // What is scrolled out of sight may have no style at all, and so misses that event.
    const seen = new IntersectionObserver(() => this.schedule());
    seen.observe(this.root);
    this.whenClosed(() => seen.disconnect());
    this.on(this.calm, "change", () => this.schedule());
    this.on(this.root, "ck-reason", ({ detail }) => {
      this.words.reason = detail;
      this.writeNote();
    });
  }

  listenToKeys() {
    this.on(this.root, "keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.key === "Escape") return;
      event.stopPropagation(); // JupyterLab would take the key: `d d` deletes the cell
      if (!event.altKey && !event.defaultPrevented && this.onKey(event)) event.preventDefault();
    });
  }

  close() {
    cancelAnimationFrame(this.frame);
    for (const cleanup of this.cleanups) cleanup();
    this.root.remove();
  }
}

function contentWidth(root) {
  const style = getComputedStyle(root);
  return root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
}

/** The model of the conventions that a demo obeys. */
export function conventionsOf(model) {
  return model.widget_manager.get_model(model.get("conventions").replace(/^(IPY_MODEL_|anywidget:)/, ""));
}

/**
 * The default export of a demo. `View` is its DemoView. `initialize({ model, conventions })` runs once for
 * each model, however many views it has, and may return its cleanup.
 */
export function demo(View, { initialize } = {}) {
  return {
    async initialize({ model }) {
      return initialize?.({ model, conventions: await conventionsOf(model) });
    },
    async render({ model, el }) {
      const view = new View({ model, conventions: await conventionsOf(model), el });
      return () => view.close();
    },
  };
}
