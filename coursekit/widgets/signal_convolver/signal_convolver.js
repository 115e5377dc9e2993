// The view of SignalConvolver: its parts on the page, what the reader does with them, what the model says.
import { callsPanel } from "../conventions_switch/calls.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { fromBuffer, toBuffer } from "../shared/arrays.js";
import { element, setAttribute } from "../shared/controls.js";
import { drag, pointOf } from "../shared/gestures.js";
import { DemoView, demo } from "../shared/view.js";
import { buildKernelPanel, paintKernelPanel } from "./kernel_panel.js";
import { buildMatrix, matrixLegend, paintMatrix, positionOfRow } from "./matrix.js";
import { buildParts, updateControls } from "./convolver_parts.js";
import { bandOf, buildScene, paintOutput, paintProducts, paintSignalStrip, paintWindow, signedSums } from "./plots.js";
import { headAt, sampleAt, xOf } from "./scales.js";
import { briefNumber, describeState, whichTime, whyNothingIsKept, writtenOutput } from "./sentences.js";
import { fullLength, nearestPosition, positionAtTime } from "./signals.js";
import { editStrip, headsOf, reachOf, stemPuller } from "./stems.js";
import { runSweep } from "./sweep.js";

const TURN = 450; // milliseconds that the kernel takes to turn
const TWO_COLUMNS = 960; // from this width on the matrix stands beside the plots
const GAP = 20;
const MATRIX_HEIGHT = 254;
const TRAITS = ["signal", "kernel", "mode", "continuous", "dt", "_examples"];

class View extends DemoView {
  constructor(context) {
    super(context, { stem: "signal-convolver", label: "Signal convolver" });
    this.held = {}; // ranges that stay while a stem is dragged
    this.turnedAt = -Infinity;
    this.notice = {}; // what there is to see in an example, or a new value: said until something else changes
    this.parts = buildParts(this, {
      example: (name) => this.openExample(name),
      mode: (mode) => this.set({ mode }),
      drawn: (continuous) => this.set({ continuous }),
      whole: (isWhole) => this.set({ growing: !isWhole }),
      play: () => this.play(),
      go: (position) => this.go(position),
      step: (by) => this.go(this.position + by),
      speed: (speed) => this.set({ speed }),
    });
    this.parts.isFlipped = () => this.conventions.get("operation") === "convolution";
    this.calls = callsPanel(this, () => this.scene && this.operation());
    this.scaled = element("p", { class: "ck-legend" });
    this.calls.details.append(this.scaled);
    const { settings, stage, transport } = this.parts;
    settings.prepend(conventionStrip(this, ["operation"]));
    transport.append(this.calls.details);
    this.root.append(settings, stage, transport);
    this.listenToModel();
    this.listenToReader();
  }

  listenToModel() {
    this.onChange(this.model, TRAITS, () => this.rebuild());
    this.onChange(this.model, ["mode", "continuous"], () => this.announce(""));
    this.onChange(this.model, ["position", "growing", "playing", "speed"], () => this.schedule());
    this.onChange(this.conventions, ["operation"], () => {
      this.announce("");
      this.turnedAt = this.calm.matches ? -Infinity : performance.now();
      this.rebuild();
    });
  }

  listenToReader() {
    const { window, signalStrip, products, output, matrix, kernelPlot, kernelStrip } = this.parts;
    const signalStems = () => {
      const { isPrinted, axis, scales } = this.shown ?? {};
      return isPrinted ? this.stems("signal", axis, scales.window) : null;
    };
    const kernelStems = () => {
      const { isPrinted, axis, scale } = this.shown?.panel ?? {};
      return isPrinted ? this.stems("kernel", axis, scale) : null;
    };
    this.dragOver(window, stemPuller(this, "signal", signalStems), signalStems);
    this.dragOver(products, null, () => null);
    // A finger near the border of the plot is taken to mean the strip below it: the kernel is dragged there, too.
    this.dragOver(signalStrip, null, () => null, { jumps: false });
    this.dragKernelStems(kernelPlot, stemPuller(this, "kernel", kernelStems));
    editStrip(this, signalStrip, "signal", signalStems);
    editStrip(this, kernelStrip, "kernel", kernelStems);
    const toTime = ([, x]) => {
      const { axis, laid, isFlipped } = this.shown;
      this.go(positionAtTime(sampleAt(axis, x), laid.length, isFlipped));
      return true;
    };
    drag(this, output, { start: (point) => Boolean(this.shown) && toTime(point), move: toTime });
    const toRow = ([y]) => {
      const position = this.shown && positionOfRow(this.shown, y);
      if (position === null || !this.shown) return false;
      this.go(position);
      return true;
    };
    drag(this, matrix, { start: toRow, move: toRow });
  }

  /** What is on the page: between a change and the next frame that is still the scene before it. */
  get shown() {
    return this.scene ?? this.stale;
  }

  /** The stems of a trait with its present values, which the scene on the page may not have yet. */
  stems(name, axis, scale) {
    const values = fromBuffer(this.model.get(name)).data;
    return { values, place: (index) => xOf(axis, index), cell: axis.cell, scale };
  }

  /**
   * Drag the kernel over the signal; a head of the signal that is nearer than any of the kernel's is pulled.
   * A press beside the kernel brings it there if it `jumps`.
   */
  dragOver(canvas, puller, stems, { jumps = true } = {}) {
    let offset = null;
    const sample = (x) => {
      const { left, cell, first } = this.shown.axis;
      return (x - left) / cell + first - 0.5;
    };
    const start = (point, event) => {
      if (!this.shown) return false;
      offset = null;
      if (puller && !this.isOverTap(point, event) && puller.grab(point, event)) {
        this.held.signal = this.shown.shared;
        return true;
      }
      const [left, , width] = bandOf(this.shown, this.position);
      const isInside = point[1] >= left && point[1] <= left + width;
      if (!isInside && !jumps) return false;
      offset = isInside ? this.position - sample(point[1]) : (this.shown.laid.length - 1) / 2;
      move(point);
      return true;
    };
    const move = (point) => {
      if (offset === null) puller.pull(point);
      else this.go(sample(point[1]) + offset);
    };
    const end = () => {
      offset = null;
      this.release("signal");
    };
    drag(this, canvas, { start, move, end });
    this.on(canvas, "pointermove", (event) => this.showCursor(canvas, event, stems()));
  }

  /** True if a point is at the head of a tap, nearer than to any head of the signal. */
  isOverTap(point, event) {
    const { shown: scene, position } = this;
    if (scene.isCurve) return false;
    const values = Array.from(scene.laid, (tap) => tap * scene.shared.factor);
    const taps = headsOf(values, (tap) => xOf(scene.axis, position - values.length + 1 + tap), scene.scales.window);
    const samples = headsOf(scene.signal, (index) => xOf(scene.axis, index), scene.scales.window);
    const nearest = headAt(point, [...samples, ...taps], reachOf(event));
    return nearest !== null && nearest >= samples.length;
  }

  showCursor(canvas, event, stems) {
    if (event.buttons || !this.shown) return;
    const point = pointOf(canvas, event);
    const isHead =
      stems &&
      !this.isOverTap(point, event) &&
      headAt(point, headsOf(stems.values, stems.place, stems.scale), reachOf(event)) !== null;
    const cursor = isHead ? "ns-resize" : "ew-resize";
    if (canvas.style.cursor !== cursor) canvas.style.cursor = cursor;
  }

  dragKernelStems(canvas, puller) {
    const start = (point, event) => {
      if (!puller.grab(point, event)) return false;
      this.held.kernel = this.shown.panel.range;
      this.held.signal = this.shown.shared;
      return true;
    };
    const end = () => {
      this.release("signal");
      this.release("kernel");
    };
    drag(this, canvas, { start, move: (point) => puller.pull(point), end });
  }

  /** After a drag the scale may follow the values again. */
  release(name) {
    if (!this.held[name]) return;
    delete this.held[name];
    this.rebuild();
  }

  get sizes() {
    return [this.model.get("signal").shape[0], this.model.get("kernel").shape[0]];
  }

  get position() {
    return nearestPosition(this.model.get("position"), ...this.sizes);
  }

  /** Whatever the reader does to the position pauses the sweep. */
  go(position) {
    const wanted = nearestPosition(position, ...this.sizes);
    if (wanted === this.position && !this.model.get("playing")) return;
    this.set({ playing: false, position: wanted });
  }

  play() {
    this.set({ playing: this.calm.matches ? false : !this.model.get("playing") });
  }

  flip() {
    const isFlipped = this.conventions.get("operation") === "convolution";
    this.conventions.set("operation", isFlipped ? "correlation" : "convolution");
    this.conventions.save_changes();
  }

  openExample(name) {
    const chosen = this.model.get("_examples").find((example) => example.name === name);
    if (!chosen) return;
    const { signal, kernel, mode, position, continuous, dt } = chosen;
    const arrays = { signal, kernel };
    for (const [trait, values] of Object.entries(arrays)) {
      arrays[trait] = toBuffer({ shape: [values.length], data: Float64Array.from(values) });
    }
    this.set({ ...arrays, mode, continuous, dt, position, playing: false });
  }

  onKey(event) {
    const { target, key } = event;
    if (target.closest("select, input, pre")) return false;
    const [samples, taps] = this.sizes;
    const far = event.shiftKey ? 10 : 1;
    if (key === "ArrowLeft") this.go(this.position - far);
    else if (key === "ArrowRight") this.go(this.position + far);
    else if (key === "Home") this.go(0);
    else if (key === "End") this.go(fullLength(samples, taps) - 1);
    else if (key === "f" || key === "F") this.flip();
    else if (key === " " && !target.closest("button, summary")) this.play();
    else return false;
    return true;
  }

  /** What the equivalent call computes. */
  operation() {
    const { signal, kernel, mode, kept } = this.scene;
    const isSwapped = mode === "same" && kernel.length > signal.length; // NumPy then keeps as many as the kernel has
    if (kept[1] === kept[0] || isSwapped) return null;
    return { kind: "correlate", axes: 1, input: [signal.length], taps: [kernel.length], mode };
  }

  draw() {
    this.scene ??= this.build();
    const { scene, theme, parts } = this;
    const passed = (performance.now() - this.turnedAt) / TURN;
    if (passed < 1) this.schedule();
    const turn = passed < 1 ? -Math.cos(Math.PI * passed) : 1;
    const state = { position: this.position, turn, isGrowing: this.model.get("growing") };
    paintWindow(parts.window, scene, theme, state);
    paintProducts(parts.products, scene, theme, state);
    paintOutput(parts.output, scene, theme, state);
    paintMatrix(parts.matrix, scene, theme, state);
    this.writeSum(state.position);
    updateControls(parts, this.model, state.position, this.calm.matches);
    this.writeWords(state.position);
  }

  /** A new scene, and all that changes only with it. */
  build() {
    const { parts, theme, width, model } = this;
    const isWide = width >= TWO_COLUMNS;
    parts.stage.classList.toggle("ck-stacked", !isWide);
    const plots = isWide ? Math.round((width - GAP) * 0.6) : width;
    const aside = isWide ? width - GAP - plots : width;
    parts.main.style.width = `${plots}px`; // a long heading must not push the columns apart
    parts.aside.style.width = `${aside}px`;
    const scene = buildScene(model, this.conventions, theme, plots, this.held.signal);
    scene.panel = buildKernelPanel(scene.kernel, aside, scene.isContinuous, this.held.kernel);
    scene.matrix = buildMatrix(scene, theme, aside, MATRIX_HEIGHT);
    parts.signalStrip.hidden = !scene.isPrinted;
    parts.kernelStrip.hidden = !scene.panel.isPrinted;
    if (scene.isPrinted) paintSignalStrip(parts.signalStrip, scene, theme);
    paintKernelPanel({ plot: parts.kernelPlot, strip: parts.kernelStrip }, scene, theme);
    this.scene = this.stale = scene;
    this.writeScene(scene);
    return scene;
  }

  /** Headings, notes and names, which change only with the scene. */
  writeScene(scene) {
    const { parts, model } = this;
    const { signal, kernel, kept, isFlipped, isContinuous, mode, shared, step } = scene;
    const larger = shared.factor === 1 ? "" : ` (drawn × ${briefNumber(shared.factor)})`;
    const marks = scene.isCurve ? ["grey", "dashed"] : ["●", "□"];
    const isMirror = kernel.every((tap, index) => tap === kernel[kernel.length - 1 - index]);
    const same = isMirror ? " (symmetric)" : "";
    const how = `${isFlipped ? "flipped" : "not flipped"}${same}`;
    parts.windowSize.textContent = `${marks[0]} signal, ${marks[1]} kernel${larger}, ${how}`;
    parts.matrixSize.textContent = `${kept[1] - kept[0]} × ${signal.length}`;
    parts.matrixLegend.textContent = matrixLegend(scene);
    parts.kernelSize.textContent = `${kernel.length} numbers${scene.panel.isPrinted ? ", drag or type" : ""}`;
    this.remark(`${whichTime(isFlipped, isContinuous)} Keys: ← → move, Space plays, F flips.`);
    this.warn(whyNothingIsKept(mode, signal.length, kernel.length));
    this.scaled.textContent = isContinuous ? `The area is dt = ${briefNumber(step)} times this output.` : "";
    this.calls.update();
    parts.matrixTitle.textContent = `${isContinuous ? "dt × " : ""}Toeplitz matrix × signal = output `;
    this.introduce(parts.updateSettings(model, signal.length, kernel.length));
    setAttribute(parts.kernelPlot, "aria-label", `Kernel as given, ${kernel.length} numbers`);
    setAttribute(parts.signalStrip, "aria-label", `Signal, ${signal.length} numbers to edit`);
    setAttribute(parts.kernelStrip, "aria-label", `Kernel, ${kernel.length} numbers to edit`);
    const operation = isFlipped ? "convolution" : "cross-correlation";
    this.root.setAttribute(
      "aria-label",
      `Signal convolver: ${operation} of ${signal.length} samples with ${kernel.length} taps`,
    );
  }

  /** Say this, and `after` it the present state or something else, until the kernel moves. */
  announce(text, after) {
    this.notice = { text, after, position: this.position };
  }

  /** Say what there is to see in an example. */
  introduce(example) {
    if (example && example.name !== this.exampleName) this.announce(example.about, "");
    this.exampleName = example?.name;
  }

  writeSum(position) {
    const { parts, scene } = this;
    const { terms, result } = writtenOutput(scene, position);
    const text = terms.map((term) => term ?? "…").join(" + ");
    if (parts.terms.textContent !== text) parts.terms.textContent = text;
    if (parts.result.textContent !== result) parts.result.textContent = result;
    const [positive, negative] = signedSums(scene);
    const signs = negative < 0 && positive > 0 ? `+${briefNumber(positive)} − ${briefNumber(-negative)} ` : "";
    const total = `${signs}= ${briefNumber(positive + negative)}`;
    const what = scene.isContinuous ? `area (Riemann sum, dt = ${briefNumber(scene.step)}) ` : "their sum ";
    const written = what + (signs ? total : total.replace("= ", ""));
    if (parts.productsSize.textContent !== written) parts.productsSize.textContent = written;
  }

  writeWords(position) {
    const { parts, scene } = this;
    const words = describeState(scene, position);
    const [first, end] = scene.kept;
    const row = position >= first && position < end ? `row ${position - first} lit` : "no row lit";
    setAttribute(parts.window, "aria-label", `Signal with the kernel over it. ${words}`);
    setAttribute(parts.products, "aria-label", `Products, ${parts.productsSize.textContent}`);
    setAttribute(parts.output, "aria-label", `Output. ${words}`);
    setAttribute(parts.matrix, "aria-label", `Toeplitz matrix, ${end - first} by ${scene.signal.length}, ${row}`);
    if (position !== this.notice.position) this.notice = {};
    const { text, after = words } = this.notice;
    this.say(this.model.get("playing") ? "Playing." : text ? `${text} ${after}`.trim() : words);
  }
}

/** anywidget calls this once for each model: one clock, however many views. */
function startSweep({ model }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  return runSweep(model, () => calm.matches);
}

export default demo(View, { initialize: startSweep });
