// The view of PoolingExplorer: its parts on the page, what the reader does with them, what the model says.
import { fromBuffer, toBuffer } from "../shared/arrays.js";
import { positionFromOutput } from "../shared/arithmetic.js";
import { ARROWS } from "../shared/keys.js";
import { DemoView, demo } from "../shared/view.js";
import { callsPanel } from "../conventions_switch/calls.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { offers } from "./offers.js";
import { paintBack, paintInput, paintOutput } from "./panels.js";
import { arrangeParts, poolingParts, SHIFTS } from "./parts.js";
import { listenToPanels } from "./pointing.js";
import { asMaps, shifted } from "./pooling.js";
import { judgeGradient, judgeOutput, readAnswer } from "./predictions.js";
import {
  buildScene,
  computeMaps,
  focusOf,
  indexIn,
  isBackHidden,
  isOutputHidden,
  placeOf,
  whatChanged,
} from "./scene.js";
import { numeral, shiftWords } from "./sentences.js";
import { writeMove, writeScene } from "./writing.js";

class PoolingView extends DemoView {
  constructor(context) {
    super(context, { stem: "pooling-explorer", label: "Pooling explorer" });
    Object.assign(this, {
      computed: null,
      piece: 0,
      isPeeking: false,
      remarkOfShift: "",
      verdict: "",
      asked: "",
    });
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
    listenToPanels(this);
  }

  listenToState() {
    const again = () => {
      Object.assign(this, { computed: null, verdict: "" });
      this.rebuild();
    };
    this.onChange(this.model, this.model.get("_computed"), again);
    this.onChange(this.conventions, ["rounding", "ties"], again);
    this.onChange(this.conventions, ["channels"], () => this.schedule());
    this.onChange(this.model, ["position", "pixel", "answered"], () => this.schedule());
    this.onChange(this.model, ["predict"], () => this.rebuild());
  }

  /** All numbers, computed when they are first asked for after a change. */
  get numbers() {
    this.computed ??= computeMaps(this.model, this.conventions);
    return this.computed;
  }

  /** The scene, built at once where a change has taken the last one away; null before the first is drawn. */
  get present() {
    if (!this.scene && this.theme) this.scene = this.build();
    return this.scene;
  }

  /** What is looked at, and what is still to be predicted. */
  state() {
    const { model, numbers } = this;
    const { position, pixel } = focusOf(model, numbers);
    const piece = Math.min(this.piece, numbers.planes.length - 1);
    const [, height, width] = numbers.maps.shape;
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

  /** Explain the window at an output position. A question about a pixel stays about its pixel. */
  chooseWindow(position) {
    const asksPixel = this.model.get("predict") === "gradient";
    const now = this.state();
    const isThere = position.join() === now.position.join() && (asksPixel || now.pixel === null);
    this.isPeeking = asksPixel;
    if (isThere && now.looksAtPixel === (now.pixel !== null && !asksPixel)) return;
    this.set(asksPixel ? { position } : { position, pixel: null });
    this.schedule();
  }

  /** Explain the pixel under a point [y, x] of a channel; `piece` is that channel's place in its window. */
  choosePixel(point, piece) {
    const [, ...size] = this.numbers.maps.shape;
    const pixel = point.map((at, axis) => Math.max(0, Math.min(size[axis] - 1, Math.floor(at))));
    const present = this.model.get("pixel");
    if (present && pixel.join() === present.join() && piece === this.piece && !this.isPeeking) return;
    Object.assign(this, { piece, isPeeking: false });
    this.set({ pixel });
    this.schedule();
  }

  /** A change of what is computed asks every question anew, in the same message. */
  change(changes) {
    this.remarkOfShift = "";
    this.set({ ...changes, answered: [] });
  }

  explain(what) {
    if (what === "window") this.chooseWindow(this.state().position);
    else this.choosePixel(this.firstPixel(), this.piece);
  }

  /** A pixel of the present window: its first maximum, else its first pixel inside the image. */
  firstPixel() {
    const { place, output, maps } = this.numbers;
    const { position, pixel } = this.state();
    if (pixel) return pixel;
    const winner = output?.winners?.[position[0] * place.output[1] + position[1]];
    if (winner === undefined) {
      return position.map((at, axis) => Math.max(0, at * place.stride[axis] - place.padding[axis]));
    }
    const within = winner % (maps.shape[1] * maps.shape[2]);
    return [Math.floor(within / maps.shape[2]), within % maps.shape[2]];
  }

  predict(what) {
    const pixel = what === "gradient" && this.numbers.place.fits ? this.firstPixel() : null;
    Object.assign(this, { verdict: "", isPeeking: false });
    this.set({ predict: what, answered: [], pixel });
  }

  shift(direction) {
    const before = this.numbers;
    const moved = shifted(fromBuffer(this.model.get("image")), SHIFTS[direction].by);
    this.change({ image: toBuffer(moved) });
    if (before.place.fits)
      this.remarkOfShift = shiftWords({ direction, ...whatChanged(before, asMaps(moved)) });
  }

  /** The operation for the panel of calls; null where the libraries have no such call. */
  operation() {
    const { place } = this.numbers;
    const axes = fromBuffer(this.model.get("image")).shape.length;
    const reach = [0, 1].map((axis) => (place.output[axis] - 1) * place.stride[axis] + place.taps[axis]);
    const hangs = reach.some((end, axis) => end > place.padded[axis]);
    const counts = !hangs && (place.countPadding || !place.padding.some(Boolean));
    if (!place.fits || (place.mode === "average" && !counts)) return null;
    const { mode, taps, stride, padding, input } = place;
    return {
      kind: "pool",
      axes: 2,
      mode,
      input,
      taps,
      stride,
      padding,
      channels: axes > 2,
      groups: this.model.get("groups"),
    };
  }

  onKey(event) {
    if (!(event.key in ARROWS) || !this.present?.place.fits) return false;
    if (event.target.closest("input, select, textarea, pre")) return false;
    const { position, pixel, piece, looksAtPixel } = this.state();
    const step = (from) => from.map((at, axis) => at + ARROWS[event.key][axis]);
    if (looksAtPixel) this.choosePixel(step(pixel), piece);
    else this.chooseWindow(positionFromOutput(step(position), this.present.place));
    return true;
  }

  /** What is asked: { index in `answered`, text, judged(answer) }; null where nothing is. */
  question(state) {
    const { maps, place, channel, sent, ties, planes, output } = this.numbers;
    if (!place.fits || state.predict === "off") return null;
    if (state.predict === "output") {
      const [row, column] = state.position;
      const index = row * place.output[1] + column;
      const text = `Which number does the window at output row ${row}, column ${column} give?`;
      const judged = (answer) => judgeOutput(maps, place, channel, state.position, answer);
      return isOutputHidden(state, index) ? { index, text, judged } : null;
    }
    if (!state.pixel || !isBackHidden(state, state.pixelPlace, output.data.length)) return null;
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
    if (!Number.isFinite(answer.value)) {
      this.tell("Type a number, as 3, −0.25 or 1/4.");
      return;
    }
    const { isRight, words } = asked.judged(answer);
    this.tell(isRight ? `${words} It is ${numeral(answer.value)}.` : `${text.trim()}: ${words}`);
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
    this.asked = ""; // the verdict stays until the next question
    this.set({ answered: [...this.model.get("answered"), index] });
  }

  draw() {
    const { present: scene, theme, parts } = this;
    const state = this.state();
    paintInput(parts.panels.input.canvas, scene, theme, state);
    for (const name of ["output", "sent"]) paintOutput(parts.panels[name].canvas, scene, theme, state, name);
    paintBack(parts.panels.back.canvas, scene, theme, state);
    this.say(writeMove(this, state, this.ask(state)));
    this.writeChoices(state);
  }

  /** A new scene, and all the text that changes only with it. */
  build() {
    const scene = buildScene(this.numbers, this.theme, this.width);
    writeScene(this, scene);
    this.calls.update();
    return scene;
  }

  /** Ask what is to be asked; another question takes back what was said about the last one. */
  ask(state) {
    const asked = this.question(state);
    const key = [state.predict, state.position, state.pixel, state.piece].join(";");
    if (key !== this.asked) {
      if (this.asked) this.verdict = "";
      this.parts.question.field.value = "";
      this.asked = key;
    }
    const { text, field } = this.parts.question;
    if (asked && text.textContent !== asked.text) {
      text.textContent = asked.text;
      field.setAttribute("aria-label", `Your prediction: ${asked.text}`);
    }
    return asked;
  }

  /** The choices, where they may have changed: they are many, and the window moves often. */
  writeChoices(state) {
    const { parts, model, numbers, conventions, scene } = this;
    const key = `${state.looksAtPixel} ${state.predict}`;
    if (scene.choices === key) return;
    scene.choices = key;
    const offered = offers(numbers, model, conventions, state);
    for (const [name, { options, current, isShown = true }] of Object.entries(offered)) {
      parts[name].fieldset.hidden = !isShown;
      if (isShown) parts[name].update(options, current);
    }
    parts.counts.update(model.get("count_padding"));
    parts.counts.button.hidden = numbers.place.mode !== "average" || !numbers.place.padding.some(Boolean);
  }
}

export default demo(PoolingView);
