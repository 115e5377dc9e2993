// The view of PoolingExplorer: its parts on the page, what the reader does with them, what the model says.
import { fromBuffer, toBuffer, withValue } from "../shared/arrays.js";
import { pair, positionFromInput, positionFromOutput } from "../shared/arithmetic.js";
import { editCells } from "../shared/cell_editor.js";
import { element } from "../shared/controls.js";
import { follow } from "../shared/gestures.js";
import { DemoView, demo } from "../shared/view.js";
import { callsPanel } from "../conventions_switch/calls.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { offers } from "./offers.js";
import { originIn, paintBack, paintInput, paintOutput, partsOf, pointIn } from "./panels.js";
import { arrangeParts, poolingParts, SHIFTS } from "./parts.js";
import { pool, shifted } from "./pooling.js";
import { judgeGradient, judgeOutput, readAnswer } from "./predictions.js";
import {
  arriving,
  buildScene,
  COMPUTED,
  computeMaps,
  focusOf,
  indexIn,
  isBackHidden,
  isOutputHidden,
  placeOf,
} from "./scene.js";
import {
  edgeWords,
  factWords,
  gradientWords,
  numeral,
  pixelWords,
  shiftWords,
  sizeWords,
  tieWords,
  writtenWindow,
} from "./sentences.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class PoolingView extends DemoView {
  constructor(context) {
    super(context, { stem: "pooling-explorer", label: "Pooling explorer" });
    Object.assign(this, { computed: null, piece: 0, isPeeking: false, remarkOfShift: "", verdict: "" });
    this.parts = poolingParts({
      change: (changes) => this.change(changes),
      explain: (what) => this.explain(what),
      predict: (what) => this.predict(what),
      shift: (direction) => this.shift(direction),
      judge: (text) => this.judge(text),
      show: () => this.reveal(),
    });
    const strip = conventionStrip(this, ["rounding", "ties"]);
    this.calls = callsPanel(this, () => this.operation());
    this.arranged = arrangeParts(this.parts, strip, this.calls.details);
    this.root.append(...this.arranged.all);
    this.listenToState();
    this.listenToPanels();
  }

  listenToState() {
    const again = () => {
      Object.assign(this, { computed: null, verdict: "" });
      this.rebuild();
    };
    this.onChange(this.model, COMPUTED, again);
    this.onChange(this.conventions, ["rounding", "ties"], again);
    this.onChange(this.conventions, ["channels"], () => this.rebuild());
    this.onChange(this.model, ["position", "pixel", "predict", "answered"], () => this.schedule());
  }

  listenToPanels() {
    const { panels } = this.parts;
    for (const name of ["input", "sent"]) this.makeEditable(name);
    panels.back.canvas.tabIndex = 0;
    panels.back.canvas.setAttribute("data-lm-suppress-shortcuts", "true");
    follow(this, panels.input.canvas, (point, event) => this.pointAtInput(point, event));
    for (const name of ["output", "sent"]) {
      follow(this, panels[name].canvas, (point, event) => this.pointAtOutput(name, point, event));
    }
    const leave = (event) => {
      if (event.pointerType === "mouse" && this.passing) this.set({ pixel: null });
      this.passing = false;
    };
    follow(this, panels.back.canvas, (point, event) => this.pointAtBack(point, event), { onLeave: leave });
    this.on(panels.back.canvas, "focus", () => {
      if (panels.back.canvas.matches(":focus-visible") && !this.model.get("pixel")) this.choosePixel([0, 0], this.piece);
    });
  }

  /** While a number is to be predicted, only a click moves: the way to the field leads over other cells. */
  isIdle(event) {
    return !this.scene?.place.fits || (this.model.get("predict") !== "off" && event.type !== "pointerdown");
  }

  pointAtInput(at, event) {
    if (this.isIdle(event)) return;
    const { piece, point } = pointIn(this.scene, "input", at);
    if (this.state().looksAtPixel || this.model.get("predict") === "gradient") this.choosePixel(point, piece);
    else this.chooseWindow(positionFromInput(point, this.scene.place));
  }

  pointAtOutput(name, at, event) {
    if (this.isIdle(event)) return;
    this.chooseWindow(positionFromOutput(pointIn(this.scene, name, at).point, this.scene.place));
  }

  /** A mouse that passes over the gradient explains pixels until it leaves. */
  pointAtBack(at, event) {
    if (this.isIdle(event)) return;
    const { piece, point } = pointIn(this.scene, "back", at);
    if (event.pointerType === "mouse" && this.model.get("pixel") === null) this.passing = true;
    if (event.type === "pointerdown") this.passing = false; // a click keeps the pixel
    this.choosePixel(point, piece);
  }

  chooseWindow(position) {
    const asksPixel = this.model.get("predict") === "gradient";
    this.isPeeking = asksPixel; // the question stays about its pixel
    const present = this.state();
    if (position.join() === present.position.join() && (asksPixel || present.pixel === null)) return this.schedule();
    this.set(asksPixel ? { position } : { position, pixel: null });
  }

  choosePixel(point, piece) {
    const [, ...size] = this.computed.maps.shape;
    const pixel = point.map((at, axis) => Math.max(0, Math.min(size[axis] - 1, Math.floor(at))));
    const present = this.model.get("pixel");
    if (present && pixel.join() === present.join() && piece === this.piece && !this.isPeeking) return;
    Object.assign(this, { piece, isPeeking: false });
    this.set({ pixel });
    this.schedule();
  }

  /** Cells of the input and of the arriving gradient can be edited; pieces stand below one another. */
  makeEditable(name) {
    const { canvas } = this.parts.panels[name];
    const heightOf = () => this.scene.shown[name][0].shape[0];
    const split = ([row, column]) => [Math.floor(row / heightOf()), [row % heightOf(), column]];
    const isOn = () => Boolean(this.scene?.place.fits) && !this.scene.isPicture;
    const boxOfCell = (cell) => {
      const [piece, [row, column]] = split(cell);
      const [top, left] = originIn(this.scene, name, piece);
      const side = this.scene.cell;
      return [left + column * side, top + row * side, side, side];
    };
    const editor = editCells(this, canvas, {
      shape: () => [this.scene.shown[name].length * heightOf(), this.scene.shown[name][0].shape[1]],
      boxOf: boxOfCell,
      cellAt: (at) => {
        const { piece, point, distance } = pointIn(this.scene, name, at);
        return distance ? null : [piece * heightOf() + Math.floor(point[0]), Math.floor(point[1])];
      },
      read: (cell) => this.readCell(name, ...split(cell)),
      write: (cell, number) => this.writeCell(name, ...split(cell), number),
      label: (cell) => this.labelOf(name, ...split(cell)),
      isOn,
    });
    const follows = () => {
      const cell = isOn() && editor.cursor();
      if (!cell) return;
      const [piece, at] = split(cell);
      if (name === "sent") this.chooseWindow(at);
      else this.choosePixel(at, piece);
    };
    this.on(canvas, "keydown", (event) => event.key in STEPS && follows());
  }

  readCell(name, piece, [row, column]) {
    const { shape, data } = this.scene.shown[name][piece];
    return data[row * shape[1] + column];
  }

  labelOf(name, piece, [row, column]) {
    const what = name === "sent" ? "Gradient at the output" : "Input";
    const channel = this.computed.maps.shape[0] > 1 ? ` channel ${this.computed.planes[piece]},` : "";
    return `${what},${name === "sent" ? "" : channel} row ${row}, column ${column}`;
  }

  writeCell(name, piece, cell, number) {
    const { maps, place, planes, channel } = this.computed;
    if (name === "input") {
      const image = fromBuffer(this.model.get("image"));
      return this.change({ image: toBuffer(withValue(image, indexIn(maps, planes[piece], cell), number)) });
    }
    const shape = fromBuffer(this.model.get("image")).shape.length > 2 ? place.outputMaps : place.output;
    const index = (channel * place.output[0] + cell[0]) * place.output[1] + cell[1];
    const sent = { shape, data: arriving(this.model, place) };
    return this.change({ gradient: toBuffer(withValue(sent, index, number)) });
  }

  /** A change of what is computed asks every question anew, in the same message. */
  change(changes) {
    this.remarkOfShift = "";
    this.set({ ...changes, answered: [] });
  }

  explain(what) {
    if (what === "window") this.set({ pixel: null });
    else this.choosePixel(this.firstPixel(), this.piece);
  }

  /** A pixel of the present window: its first maximum, else its first pixel inside the image. */
  firstPixel() {
    const { place, output, maps } = this.computed;
    const { position } = this.state();
    const winner = output?.winners?.[position[0] * place.output[1] + position[1]];
    if (winner === undefined) return position.map((at, axis) => Math.max(0, at * place.stride[axis] - place.padding[axis]));
    const within = winner % (maps.shape[1] * maps.shape[2]);
    return [Math.floor(within / maps.shape[2]), within % maps.shape[2]];
  }

  predict(what) {
    const pixel = what === "gradient" && this.computed.place.fits ? (this.model.get("pixel") ?? this.firstPixel()) : null;
    Object.assign(this, { verdict: "", isPeeking: false });
    this.set({ predict: what, answered: [], pixel });
  }

  shift(direction) {
    const before = this.computed;
    const image = fromBuffer(this.model.get("image"));
    const moved = shifted(image, SHIFTS[direction].by);
    this.change({ image: toBuffer(moved) });
    if (!before.place.fits) return;
    const after = pool({ ...before.maps, data: moved.data }, before.place, before.channel);
    const changed = (one, other) => one.reduce((number, value, index) => number + (value !== other[index]), 0);
    const [, height, width] = before.maps.shape;
    const pixels = before.planes.map((channel) => channel * height * width);
    const plane = (data, from) => data.subarray(from, from + height * width);
    this.remarkOfShift = shiftWords({
      direction,
      pixels: pixels.length * height * width,
      changedPixels: pixels.reduce((sum, from) => sum + changed(plane(before.maps.data, from), plane(moved.data, from)), 0),
      outputs: after.data.length,
      changedOutputs: changed(before.output.data, after.data),
    });
  }

  /** The operation for the panel of calls; null where the libraries have no such call. */
  operation() {
    const maps = fromBuffer(this.model.get("image")).shape;
    const place = placeOf(this.model, this.conventions, [1, ...maps].slice(-3));
    const hangs = [0, 1].some((axis) => (place.output[axis] - 1) * place.stride[axis] + place.taps[axis] > place.padded[axis]);
    const counts = place.mode !== "average" || (!hangs && (place.countPadding || !place.padding.some(Boolean)));
    if (!place.fits || !counts) return null;
    const { mode, taps, stride, padding, input } = place;
    return { kind: "pool", axes: 2, mode, input, taps, stride, padding, channels: maps.length > 2, groups: this.model.get("groups") };
  }

  state() {
    const { model, computed } = this;
    const { position, pixel } = focusOf(model, computed);
    const piece = Math.min(this.piece, computed.planes.length - 1);
    const [, height, width] = computed.maps.shape;
    return {
      position,
      pixel,
      piece,
      looksAtPixel: pixel !== null && !this.isPeeking,
      pixelPlace: pixel && piece * height * width + pixel[0] * width + pixel[1],
      predict: model.get("predict"),
      answered: model.get("answered"),
    };
  }

  onKey(event) {
    if (!(event.key in STEPS) || !this.scene?.place.fits) return false;
    if (event.target.closest("input, select, textarea, pre, canvas.pe-own")) return false;
    const { position, pixel, piece } = this.state();
    const step = (from) => from.map((at, axis) => at + STEPS[event.key][axis]);
    if (pixel || event.target === this.parts.panels.back.canvas) this.choosePixel(step(pixel ?? [0, 0]), piece);
    else this.chooseWindow(positionFromOutput(step(position), this.scene.place));
    return true;
  }

  /** What is asked: { index in `answered`, judged(answer) }; null where it is answered or nothing is asked. */
  question(state) {
    const { maps, place, channel, sent, ties, planes, output } = this.computed;
    if (state.predict === "output") {
      const index = state.position[0] * place.output[1] + state.position[1];
      if (!isOutputHidden(state, index)) return null;
      const text = `Which number does the window at output row ${state.position[0]}, column ${state.position[1]} give?`;
      return { index, text, judged: (answer) => judgeOutput(maps, place, channel, state.position, answer) };
    }
    if (state.predict !== "gradient" || !state.pixel || !isBackHidden(state, state.pixelPlace, output.data.length)) return null;
    const pixel = indexIn(maps, planes[state.piece], state.pixel);
    return {
      index: state.pixelPlace,
      text: `Which gradient does the input's row ${state.pixel[0]}, column ${state.pixel[1]} get?`,
      judged: (answer) => judgeGradient(maps, place, channel, sent.data, ties, pixel, answer),
    };
  }

  judge(text) {
    const asked = this.question(this.state());
    if (!asked) return;
    const answer = readAnswer(text);
    if (!Number.isFinite(answer.value)) return this.tell("Type a number, as 3, −0.25 or 1/4.");
    const { isRight, words } = asked.judged(answer);
    this.tell(isRight ? words : `${numeral(answer.value)}: ${words}`);
    if (isRight) this.answer(asked.index);
  }

  reveal() {
    const asked = this.question(this.state());
    if (!asked) return;
    this.tell(`It is ${numeral(asked.judged({ value: NaN, decimals: 0 }).wanted)}.`);
    this.answer(asked.index);
  }

  tell(verdict) {
    this.verdict = verdict;
    this.schedule();
  }

  answer(index) {
    this.parts.question.field.value = "";
    this.set({ answered: [...this.model.get("answered"), index] });
  }

  draw() {
    this.computed ??= computeMaps(this.model, this.conventions);
    this.scene ??= this.build();
    const { scene, theme, parts } = this;
    const state = this.state();
    paintInput(parts.panels.input.canvas, scene, theme, state);
    for (const name of ["output", "sent"]) paintOutput(parts.panels[name].canvas, scene, theme, state, name);
    paintBack(parts.panels.back.canvas, scene, theme, state);
    this.writeWords(state);
    this.writeChoices(state);
  }

  /** A new scene, and all the text that changes only with it. */
  build() {
    const scene = buildScene(this.computed, this.theme, this.width);
    const { place, maps } = scene;
    this.arranged.panels.classList.toggle("ck-stacked", scene.stacked);
    const sizes = { input: place.input, output: place.output, sent: place.output, back: place.input };
    for (const [name, [rows, columns]] of Object.entries(sizes)) {
      const { size, canvas } = this.parts.panels[name];
      size.textContent = place.fits || name === "input" ? `${rows} × ${columns}` : "none";
      canvas.hidden = !place.fits && name !== "input";
    }
    if (maps.shape[0] > 1 && place.fits) {
      const named = scene.planes.length > 1 ? `channels ${scene.planes.join(", ")}` : `channel ${scene.planes[0]}`;
      for (const name of ["input", "back"]) this.parts.panels[name].size.textContent += ` · ${named}`;
      for (const name of ["output", "sent"]) this.parts.panels[name].size.textContent += ` · channel ${scene.channel}`;
    }
    const hint = scene.isPicture ? "hover: a window" : "hover: a window · double-click: edit";
    this.parts.panels.input.legend.textContent = hint;
    this.parts.panels.sent.legend.textContent = scene.isPicture ? "" : "double-click: edit";
    this.warn(place.reason && `No output: ${place.reason}.`);
    this.remark(place.fits ? `${sizeWords(place)} ${edgeWords(scene)}`.trim() : "");
    this.calls.update();
    return scene;
  }

  writeWords(state) {
    const { parts, scene } = this;
    const { place } = scene;
    const asked = place.fits ? this.question(state) : null;
    const questionKey = asked ? `${state.predict} ${asked.index}` : "";
    if (questionKey !== this.questionKey && questionKey) {
      if (this.questionKey) this.verdict = "";
      parts.question.text.textContent = asked.text;
      parts.question.field.value = "";
    }
    this.questionKey = questionKey;
    parts.question.form.hidden = !asked;
    parts.foot.textContent = this.remarkOfShift || (place.fits ? factWords(scene) : "");
    if (!place.fits) {
      parts.forward.replaceChildren();
      parts.backward.textContent = "";
      return this.say("");
    }
    const words = state.looksAtPixel ? this.writePixel(state) : this.writeWindow(state);
    if (this.verdict) parts.backward.textContent = this.verdict;
    this.nameCanvases(state);
    return this.say(this.verdict || words);
  }

  /** The window's number and its gradient; returns the sentence for the status line. */
  writeWindow(state) {
    const { parts, scene } = this;
    const index = state.position[0] * scene.place.output[1] + state.position[1];
    const isHidden = isOutputHidden(state, index);
    const { before, terms, between, after, result, box } = writtenWindow(scene, state.position, isHidden);
    const spans = terms.flatMap((term, index) => [
      ...(index ? [between] : []),
      term ? element("span", term.wins ? { class: "pe-wins" } : {}, term.text) : "…",
    ]);
    const where = this.outputIndex(state.position);
    parts.forward.replaceChildren(`Output[${where.join(", ")}] = ${before}`, ...spans, `${after} `, element("b", {}, result));
    const isKept = isHidden || state.predict !== "off";
    parts.backward.textContent = isKept ? "" : gradientWords(scene, state.position);
    const span = (name, from, to) => `${name} ${from}${to - from > 1 ? ` to ${to - 1}` : ""}`;
    const covers = `${span("rows", box.rowFrom, box.rowTo)}, ${span("columns", box.columnFrom, box.columnTo)}`;
    const winners = terms.filter((term) => term?.wins).length;
    const tie = isKept ? "" : tieWords(winners, scene.ties);
    const value = isHidden ? "to be predicted" : numeral(scene.output.data[index]);
    return `Output[${where.join(", ")}] is ${value}. The window reads ${covers} of the input. ${tie}`.trim();
  }

  /** The index of an output number in the order of the convention: channels first, or last. */
  outputIndex(position) {
    const { maps, channel } = this.computed;
    if (maps.shape[0] === 1) return position;
    return this.conventions.get("channels") === "last" ? [...position, channel] : [channel, ...position];
  }

  /** Where the gradient of a pixel comes from; returns the sentence for the status line. */
  writePixel(state) {
    const { parts, scene } = this;
    const isHidden = isBackHidden(state, state.pixelPlace, scene.output.data.length);
    const value = this.readCell("input", state.piece, state.pixel);
    const { reading, collected } = pixelWords(scene, partsOf(scene, state), state.pixel, value, isHidden);
    parts.forward.replaceChildren(reading);
    parts.backward.textContent = collected;
    return isHidden ? "" : `${reading} ${collected}`;
  }

  nameCanvases({ position, pixel, looksAtPixel }) {
    const { input, output } = this.scene.place;
    const where = looksAtPixel ? `pixel row ${pixel[0]}, column ${pixel[1]}` : `window at output row ${position[0]}, column ${position[1]}`;
    const names = { input: ["Input", input], output: ["Output", output], sent: ["Gradient at the output", output], back: ["Gradient at the input", input] };
    for (const [name, [title, size]] of Object.entries(names)) {
      this.parts.panels[name].canvas.setAttribute("aria-label", `${title}, ${size.join(" by ")}, ${where}`);
    }
  }

  writeChoices(state) {
    const { parts, computed, model } = this;
    const offered = offers(computed, model, this.conventions);
    for (const [name, { options, current, isShown = true }] of Object.entries(offered)) {
      parts[name].fieldset.hidden = !isShown;
      if (isShown) parts[name].update(options, current);
    }
    parts.counts.update(model.get("count_padding"));
    parts.counts.button.hidden = model.get("mode") !== "average" || !pair(model.get("padding")).some(Boolean);
    parts.explain.update(
      [
        { value: "window", text: "window", label: "explain a window" },
        { value: "pixel", text: "pixel", label: "explain a pixel of the input: where its gradient comes from" },
      ],
      state.looksAtPixel ? "pixel" : "window",
    );
    parts.predict.update(
      [
        { value: "off", text: "off", label: "predict nothing" },
        { value: "output", text: "output", label: "predict the output: its numbers are hidden until you type them" },
        { value: "gradient", text: "gradient", label: "predict the gradient at the input" },
      ],
      state.predict,
    );
  }
}

export default demo(PoolingView);
