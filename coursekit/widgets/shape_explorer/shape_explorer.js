// The view of ShapeExplorer: its parts on the page, what the reader does with them, what the model says.
import { callsPanel } from "../conventions_switch/calls.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { choice, controls, element, toggle } from "../shared/controls.js";
import { drag, follow } from "../shared/gestures.js";
import { ARROWS } from "../shared/keys.js";
import { demo, DemoView } from "../shared/view.js";
import { positionNear, startAt, tapsAt } from "./frames.js";
import { paintGridLayer, paintGrids, placeInGrids } from "./grids.js";
import { derivationRows, findPanel, impossibleRow, newQuestion, questionPanel } from "./panels.js";
import { paintPlot, plateauInWords, plotLayout, sizeUnder } from "./plot.js";
import { paintRow, paintRowLayer, placeOf } from "./row.js";
import { buildShapeScene, operationOf } from "./scene.js";
import { axisSettings, fieldOf } from "./settings.js";
import { derivationOf, onAxis, problemOf, sizeOf } from "./sizes.js";
import { complaint, lossLabels, positionInWords, samePaddingInWords, sizesInWords, undoes } from "./words.js";

const TRAITS = ["axes", "size", "kernel", "padding", "stride", "dilation", "transposed", "output_padding"];
// Below it, in CSS pixels, the derivation beside the picture would have lines of a few letters.
const NARROW = 1050;
const AXIS_NAMES = ["rows", "columns"];
const KEYS =
  "Input, windows and output. Arrow keys choose an output cell, Home and End the first and the last.";

class ShapeView extends DemoView {
  constructor(context) {
    super(context, { stem: "shape-explorer", label: "Shape explorer" });
    Object.assign(this, {
      changed: "",
      findAxis: 1,
      sizesKept: null,
      shownSteps: [null, null],
      earlierSteps: [null, null],
    });
    this.buildParts();
    this.listenToReader();
    this.onChange(this.model, TRAITS, () => this.rebuild());
    this.onChange(this.model, ["wanted", "predicting", "guess"], () => this.rebuild());
    this.onChange(this.model, ["position"], () => this.schedule());
    this.onChange(this.conventions, ["rounding"], () => this.rebuild());
  }

  buildParts() {
    this.settings = [0, 1].map((axis) => axisSettings((name, value) => this.setParameter(name, axis, value)));
    this.axes = choice("axes", (axes) => this.set({ axes }));
    this.transposed = toggle("transposed", (isOn) => this.setParameter("transposed", null, isOn));
    this.predict = toggle("predict", (isOn) => this.set({ predicting: isOn, guess: null }));
    this.picture = element("canvas", { role: "img" });
    this.loss = element("div", { class: "ck-legend" }); // what is lost, where the picture has no room for it
    const stage = { class: "se-stage", tabindex: "0", role: "group", "aria-label": KEYS };
    this.stage = element("div", stage, this.picture, this.loss);
    this.plot = element("canvas", { role: "img" });
    this.plotNote = element("div", { class: "ck-legend" });
    const title = element("figcaption", {}, "Output size for each input size");
    this.figure = element("figure", { class: "se-plot" }, title, this.plot, this.plotNote);
    this.find = findPanel({
      onWanted: (wanted) => this.set({ wanted }),
      onChoose: (found) => this.choose(found),
      onAxis: (axis) => {
        this.findAxis = axis;
        this.rebuild();
      },
    });
    this.question = questionPanel({
      onGuess: (guess) => this.set({ guess }),
      onShow: () => this.set({ predicting: false, guess: null }),
      onNew: () => this.ask(),
    });
    this.tables = [0, 1].map(() => element("tbody"));
    this.steps = element("div", { class: "se-steps" });
    this.captions = this.tables.map((body) => {
      const caption = element("caption");
      this.steps.append(element("table", {}, caption, body));
      return caption;
    });
    this.calls = callsPanel(this, () => operationOf(this.problems.slice(2 - this.model.get("axes"))));
    this.place();
  }

  place() {
    const strip = conventionStrip(this, ["rounding"]);
    const side = element("div", { class: "se-side" }, this.question.panel, this.find.panel, this.figure);
    this.main = element("div", { class: "se-main" }, this.stage, this.steps, side);
    const switches = controls(this.axes.fieldset, this.transposed.button, this.predict.button, strip);
    this.root.append(...this.settings.map(({ row }) => row), switches, this.main, this.calls.details);
  }

  listenToReader() {
    follow(this, this.picture, (point) => this.pointAt(point));
    const size = (point) => {
      if (this.scene?.plot) this.setParameter("size", 1, sizeUnder(this.scene.plot, point));
    };
    const start = (point) => {
      this.sizesKept = this.scene?.plot?.most; // the axis stays as it is while the pointer is down
      size(point);
      return true;
    };
    const end = () => {
      this.sizesKept = null;
      this.rebuild();
    };
    drag(this, this.plot, { start, move: size, end });
    for (const { row } of this.settings) {
      const why = (event) => event.target.closest?.("button")?.dataset.ahead ?? "";
      for (const event of ["pointerover", "focusin"])
        this.on(row, event, (happened) => this.foresee(why(happened)));
      for (const event of ["pointerleave", "focusout"]) this.on(row, event, () => this.foresee(""));
    }
  }

  /** Say why the next step of a stepper would be impossible. */
  foresee(why) {
    this.root.dispatchEvent(new CustomEvent("ck-reason", { detail: why }));
  }

  /** The state of both axes as problems, of which those shown are the last `axes`. */
  get problems() {
    const state = { rounding: this.conventions.get("rounding") };
    for (const name of TRAITS) state[name] = this.model.get(name);
    return [0, 1].map((axis) => problemOf(state, axis));
  }

  setParameter(name, axis, value) {
    const isShared = this.model.get("axes") === 1;
    const next = axis === null ? value : onAxis(name, this.model.get(name), isShared ? null : axis, value);
    this.changed = name;
    const changes = { [name]: next };
    if (this.model.get("predicting")) changes.guess = null;
    this.set(changes);
    this.rebuild(); // also where only what is shown of a parameter changes: a stepper for each end
  }

  /** Set the parameters of a window that was found. */
  choose({ kernel, stride, padding, dilation, outputPadding = 0 }) {
    const axis = this.model.get("axes") === 1 ? null : this.findAxis;
    const values = { kernel, stride, dilation, padding, output_padding: outputPadding };
    const changes = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, onAxis(name, this.model.get(name), axis, value)]),
    );
    this.changed = "";
    this.set(changes);
  }

  /** Another question, with parameters at random, the same for both axes. */
  ask() {
    const { size, kernel, stride, dilation, padding } = newQuestion(this.problems[1]);
    this.changed = "";
    this.set({ size, kernel, stride, dilation, padding: padding[0], output_padding: 0, guess: null });
  }

  get position() {
    const { frames } = this.scene;
    const position = this.model.get("position");
    return [0, 1].map((axis) => Math.max(0, Math.min((frames[axis]?.count ?? 1) - 1, position[axis])));
  }

  moveTo(position) {
    const { frames, isHidden } = this.scene;
    if (isHidden || frames.some((frame) => frame && !frame.count)) return;
    const clamped = position.map((place, axis) =>
      Math.max(0, Math.min((frames[axis]?.count ?? 1) - 1, place)),
    );
    if (clamped.join() !== this.model.get("position").join()) this.set({ position: clamped });
  }

  pointAt(point) {
    const { scene } = this;
    if (!scene?.layout || scene.isHidden || scene.isImpossible) return;
    const { frames, layout } = scene;
    if (scene.axes === 1) return this.moveTo([0, positionNear(frames[1], placeOf(layout, point))]);
    const { isOutput, place } = placeInGrids(layout, point);
    this.moveTo(place.map((at, axis) => (isOutput ? Math.floor(at) : positionNear(frames[axis], at))));
  }

  onKey(event) {
    if (!this.scene || this.scene.isImpossible || event.target.closest("input, select, pre")) return false;
    const { frames } = this.scene;
    if (event.key in ARROWS)
      this.moveTo(this.position.map((at, axis) => at + ARROWS[event.key][axis]));
    else if (event.key === "Home") this.moveTo([0, 0]);
    else if (event.key === "End") this.moveTo(frames.map((frame) => (frame ? frame.count - 1 : 0)));
    else return false;
    return true;
  }

  draw() {
    if (!this.scene) {
      this.scene = this.build();
      this.write();
    }
    const { scene, position } = this;
    if (scene.layer) {
      const [paint, at] = scene.axes === 1 ? [paintRow, position[1]] : [paintGrids, position];
      paint(this.picture, this.theme, scene.layout, scene.layer, { position: at, isHidden: scene.isHidden });
    }
    this.writePosition(position);
  }

  /** All that does not depend on the position. */
  build() {
    const axes = this.model.get("axes");
    this.main.classList.toggle("se-two", axes === 2);
    this.main.classList.toggle("se-narrow", this.width < NARROW);
    const question = { predicting: this.model.get("predicting"), guess: this.model.get("guess") };
    const scene = buildShapeScene(this.problems, {
      axes,
      width: Math.floor(this.stage.clientWidth),
      ...question,
    });
    this.picture.hidden = this.loss.hidden = scene.isTooLong;
    if (scene.isTooLong) return scene;
    const paintLayer = axes === 1 ? paintRowLayer : paintGridLayer;
    const size = sizesInWords(scene.values);
    const layer = paintLayer(this.theme, scene.layout, { isHidden: scene.isHidden, size });
    this.loss.textContent = scene.layout.rest ?? "";
    return { ...scene, layer };
  }

  /** Everything on the page that does not depend on the position. */
  write() {
    const { scene, model } = this;
    const { axes, problems } = scene;
    for (const axis of [0, 1]) {
      this.settings[axis].row.hidden = axes === 1 && axis === 0;
      this.settings[axis].update(problems[axis], {
        label: axes === 2 ? AXIS_NAMES[axis] : "",
        changed: this.changed,
      });
    }
    this.axes.update(
      [1, 2].map((value) => ({ value, label: `${value} ${value === 1 ? "axis" : "axes"}` })),
      axes,
    );
    this.transposed.update(model.get("transposed"));
    this.predict.update(scene.predicting);
    this.question.panel.hidden = !scene.predicting;
    this.question.update(problems[1], { guess: scene.guess, axes });
    this.find.panel.hidden = scene.predicting;
    const found = { output: model.get("wanted"), axes, chosen: this.findAxis };
    this.find.update(problems[axes === 1 ? 1 : this.findAxis], found);
    this.writeSteps();
    this.writePlot();
    this.writeWords();
    this.calls.update();
  }

  writeSteps() {
    const { axes, problems, isHidden } = this.scene;
    for (const axis of [0, 1]) {
      const isShown = axes === 2 || axis === 1;
      this.captions[axis].parentElement.hidden = !isShown;
      if (!isShown) continue;
      this.captions[axis].textContent = axes === 2 ? AXIS_NAMES[axis] : "";
      this.captions[axis].hidden = axes === 1;
      const steps = derivationOf(problems[axis]);
      const key = JSON.stringify(steps.map(({ text }) => text));
      if (key !== this.shownSteps[axis]?.key) {
        this.earlierSteps[axis] = this.shownSteps[axis]?.steps ?? null;
        this.shownSteps[axis] = { key, steps };
      }
      const rows = derivationRows(steps, this.earlierSteps[axis], problems[axis], isHidden);
      const { reason } = sizeOf(problems[axis]);
      this.tables[axis].replaceChildren(...rows, ...(reason ? [impossibleRow(reason)] : []));
    }
  }

  writePlot() {
    const { axes, problems, isHidden, isTooLong } = this.scene;
    this.figure.hidden = axes === 2 || isHidden || isTooLong;
    if (this.figure.hidden) return;
    this.scene.plot = plotLayout(problems[1], Math.min(360, this.width), 150, this.sizesKept);
    paintPlot(this.plot, this.theme, this.scene.plot, {
      problem: problems[1],
      wanted: this.model.get("wanted"),
    });
    const words = plateauInWords(problems[1]);
    this.plotNote.textContent = words;
    this.plot.setAttribute(
      "aria-label",
      `Output size against input size. ${words} Drag to change the input size.`,
    );
  }

  writeWords() {
    const { axes, problems, shown, values, isHidden, isTooLong } = this.scene;
    const name = (axis) => (axes === 2 ? AXIS_NAMES[axis] : "");
    const why = problems.map((problem, axis) => complaint(problem, fieldOf(this.changed), name(axis)));
    this.warn(
      why
        .slice(2 - axes)
        .filter(Boolean)
        .join(" "),
    );
    const remarks = shown.map((problem) => (axes === 1 && undoes(problem)) || samePaddingInWords(problem));
    if (axes === 2 && !isHidden) remarks.push(this.lossInWords());
    if (isTooLong) remarks.unshift("Too many cells to draw one by one.");
    this.remark([...new Set(remarks)].filter(Boolean).join(" "));
    const output = isHidden ? "to be guessed" : this.scene.isImpossible ? "impossible" : sizesInWords(values);
    const input = sizesInWords(shown.map(({ size }) => size));
    this.picture.setAttribute(
      "aria-label",
      `Input ${input}, kernel ${sizesInWords(shown.map(({ kernel }) => kernel))}, output ${output}`,
    );
  }

  /** What no window reads, axis by axis: the grids have no room for labels. */
  lossInWords() {
    const said = this.scene.frames.map((frame, axis) => {
      const { far, gaps, beyond } = lossLabels(frame, AXIS_NAMES[axis].slice(0, -1));
      return [far, gaps, beyond].filter(Boolean).join(", ");
    });
    return said.some(Boolean) ? `${said.filter(Boolean).join("; ")}.` : "";
  }

  writePosition(position) {
    const { frames, isHidden, isImpossible, axes } = this.scene;
    if (isHidden || isImpossible)
      return this.say(isHidden ? "The output size is hidden until you have typed it." : "");
    if (axes === 1) return this.say(positionInWords(frames[1], position[1], tapsAt(frames[1], position[1])));
    const [row, column] = frames.map((frame, axis) => {
      const start = startAt(frame, position[axis]);
      return `${start} to ${start + frame.span - 1}`.replaceAll("-", "−");
    });
    return this.say(
      `Output row ${position[0]}, column ${position[1]}: the window covers rows ${row}, columns ${column}.`,
    );
  }
}

export default demo(ShapeView);
