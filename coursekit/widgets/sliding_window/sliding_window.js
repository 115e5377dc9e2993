// The view of SlidingWindow: its parts on the page, what the reader does with them, what the model says.
// esm.py joins this file with those it imports into the one module that the browser is sent.
import { callsPanel } from "../conventions_switch/calls.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { choices, clampPosition, geometry, indexOf, pair, windowTerms } from "../shared/arithmetic.js";
import { positionFromInput, positionFromOutput, whyImpossible } from "../shared/arithmetic.js";
import { choice, setAttribute } from "../shared/controls.js";
import { ARROWS } from "../shared/keys.js";
import { DemoView, demo } from "../shared/view.js";
import { makeEditable } from "./editing.js";
import { paintInput, paintKernel, paintMagnifier, paintOutput } from "./panels.js";
import { arrangeControls, buildPanels, buildSum, buildTransport, channelControl, keysPanel } from "./parts.js";
import { PARAMETERS, predictToggle, writePlay, writtenPair } from "./parts.js";
import { partialSums, turnedTap } from "./planes.js";
import { advance, finish, moveTo, runClock, SHAPING, speedIndex, startOver } from "./playback.js";
import { listenToTaps, listenToTerms, scrub } from "./pointing.js";
import { predictPanel } from "./predict_panel.js";
import { productsPanel } from "./products.js";
import { tracePanel } from "./trace_panel.js";
import { buildScene, compute, geometryOf, isVisible, visibleCells } from "./scene.js";
import { channelLine, describePosition, describeProduct, legend, operationNote, productLine } from "./words.js";
import { sizeNote, spokenNumbers, writtenProducts, writtenShape } from "./words.js";

const MOST_PRODUCTS = 12;
const STILL = "Your system asks for reduced motion: move the window by steps.";
const ASKING = "Each number is yours to find first: switch off Predict to play.";

class View extends DemoView {
  constructor(context) {
    super(context, { stem: "sliding-window", label: "Sliding window" });
    Object.assign(this, { computed: null, arranged: null, tap: null, painted: "", wasTurned: null });
    this.build();
    this.listenToModel();
    this.listenToReader();
    makeEditable(this);
  }

  build() {
    this.panels = buildPanels();
    this.sum = buildSum();
    this.products = productsPanel(this, (tap) => this.point(tap));
    this.prediction = predictPanel(this);
    this.transport = buildTransport(this);
    this.channel = channelControl((channel) => this.set({ channel }));
    this.predict = predictToggle((isOn) =>
      this.set({ predict: isOn, playing: false, ...(isOn && { predicted: [], missed: [] }) }),
    );
    this.parameters = Object.fromEntries(
      PARAMETERS.map((name) => [
        name,
        choice(name, ([rows, columns]) => this.set({ [name]: rows === columns ? rows : [rows, columns] })),
      ]),
    );
    this.calls = callsPanel(this, () => this.operation());
    this.strip = conventionStrip(this, ["operation", "rounding", "channels"]);
    this.order = this.strip.lastElementChild; // where there are no channels, their order says nothing
    this.traced = tracePanel(this);
    const parts = {
      transport: this.transport,
      parameters: PARAMETERS.map((name) => this.parameters[name].fieldset),
      channel: this.channel,
      predict: this.predict,
      strip: this.strip,
      folded: [this.products.details, this.calls.details, keysPanel()],
    };
    this.root.append(this.traced.switcher, this.traced.box);
    this.root.append(this.panels.stage, this.sum.box, this.prediction.form, ...arrangeControls(parts));
  }

  listenToModel() {
    const [draw, rebuild] = [() => this.schedule(), () => this.recompute()];
    const moving = ["position", "playing", "filled", "speed", "channel", "predicted", "missed"];
    this.onChange(this.model, moving, draw);
    this.onChange(this.model, SHAPING, rebuild);
    this.onChange(this.conventions, ["operation", "rounding"], rebuild);
    this.onChange(this.model, ["predict"], () => this.rebuild());
    this.onChange(this.conventions, ["channels"], () => this.rebuild());
  }

  /** Compute everything anew, then arrange it. */
  recompute() {
    this.computed = null;
    this.rebuild();
  }

  listenToReader() {
    const { panels, transport } = this;
    this.on(transport.play, "click", () => {
      if (transport.play.getAttribute("aria-disabled") !== "true") {
        this.set({ playing: !this.model.get("playing") });
      }
    });
    this.on(transport.first, "click", () => this.go(startOver()));
    this.on(transport.last, "click", () => this.go(finish(this.place)));
    this.on(transport.back, "click", () => this.step(-1));
    this.on(transport.forward, "click", () => this.step(1));
    scrub(this, panels.input.canvas, "input", positionFromInput);
    scrub(this, panels.output.canvas, "output", positionFromOutput);
    for (const { canvas } of [panels.turned, panels.magnifier]) listenToTaps(this, canvas);
    const turnGiven = (tap) => (this.scene.isTurned ? turnedTap(tap, this.scene.place.taps) : tap);
    listenToTaps(this, panels.kernel.canvas, turnGiven);
    for (const { line } of [this.sum.products, this.sum.channels]) listenToTerms(this, line);
    // A press on the input is for the window: the keys that follow move it, too.
    this.on(panels.input.canvas, "mousedown", (event) => {
      event.preventDefault();
      panels.stage.focus({ preventScroll: true });
    });
  }

  get place() {
    return geometryOf(this.model, this.conventions);
  }

  /** Whatever the reader does to the position pauses play. */
  go(changes) {
    if (this.place.fits) this.set({ playing: false, ...changes });
  }

  step(by) {
    const { position, filled } = this.state;
    const { playing: _, ...changes } = advance(position, filled, this.place, by);
    this.go(changes);
  }

  /** What the panels and the words need to know of the model. */
  get state() {
    const { model, tap } = this;
    const place = this.scene?.place ?? this.place;
    const position = clampPosition(model.get("position"), place);
    const [filled, predict, predicted] = ["filled", "predict", "predicted"].map((name) => model.get(name));
    const shape = model.get("image").shape;
    const channel = Math.min(model.get("channel"), shape.length === 3 ? shape[0] - 1 : 0);
    const visible = visibleCells({ filled, predict, predicted }, place);
    const isShown = place.fits && isVisible(visible, indexOf(position, place));
    return { position, filled, channel, tap, visible, isShown, isAsking: predict };
  }

  /** What a prediction is judged by. */
  question() {
    const { image, sliding, place, operation, decimals } = this.scene;
    return { image, kernel: sliding, place, operation, decimals, position: this.state.position };
  }

  /** What the same call in other libraries computes. */
  operation() {
    const { place, channels } = this.scene ?? this;
    const { input, taps, stride, padding, dilation } = place;
    const hasChannels = channels ? true : this.model.get("image").shape.length === 3;
    return { kind: "correlate", axes: 2, input, taps, stride, padding, dilation, channels: hasChannels };
  }

  /** Mark a tap of the kernel everywhere; null marks none. */
  point(tap) {
    if (tap === this.tap) return;
    this.tap = tap;
    this.schedule();
  }

  onKey(event) {
    if (this.traced.isOn()) return this.traced.onKey(event);
    const { target, key } = event;
    const isTyping = target.matches("input, select, textarea");
    if (isTyping || (target === this.products.box && key !== " ")) return false;
    const { position, filled, channel } = this.state;
    if (key in ARROWS) {
      const moved = position.map((at, axis) => at + ARROWS[key][axis]);
      this.go(moveTo(moved, filled, this.place));
    } else if (key === "Home") this.go(startOver());
    else if (key === "End") this.go(finish(this.place));
    else if (key === " " && !target.closest("button, summary")) this.transport.play.click();
    else if (this.scene?.channels && (key === "PageUp" || key === "PageDown")) {
      const next = channel + (key === "PageDown" ? 1 : -1);
      this.set({ channel: Math.max(0, Math.min(this.scene.channels - 1, next)) });
    } else return false;
    return true;
  }

  draw() {
    if (this.traced.update()) return;
    this.scene ??= this.arrange();
    const { panels, scene, theme } = this;
    const state = { ...this.state, terms: [] };
    if (scene.place.fits) {
      const [plane, kernel] = [scene.image[state.channel], scene.sliding[state.channel]];
      state.terms = windowTerms(plane, kernel, scene.place, state.position);
    }
    paintInput(panels.input.canvas, scene, theme, state);
    paintOutput(panels.output.canvas, scene, theme, state);
    if (scene.picture) paintMagnifier(panels.magnifier.canvas, scene, theme, state);
    this.paintKernels(state);
    this.writeSum(state);
    this.writeControls(state);
    this.writeWords(state);
  }

  /** The kernels change only with the channel in front and the tap that is pointed at. */
  paintKernels(state) {
    const { panels, scene, theme } = this;
    const key = `${state.channel}|${state.tap}`;
    if (key === this.painted) return;
    this.painted = key;
    paintKernel(panels.kernel.canvas, scene, theme, state, "kernel");
    if (scene.isTurned) paintKernel(panels.turned.canvas, scene, theme, state, "sliding");
    const front = scene.channels ? `, channel ${state.channel} in front` : "";
    const sizes = scene.place.taps.join(" by ");
    for (const [name, key, start] of [["kernel", "kernel", "Kernel"], ["turned", "sliding", "Turned kernel"]]) {
      const plane = scene[key][Math.min(state.channel, scene[key].length - 1)];
      setAttribute(panels[name].canvas, "aria-label", `${start}, ${sizes}${front}: ${spokenNumbers(plane)}`);
    }
  }

  /** A new scene, and all that changes only with it. */
  arrange() {
    this.computed ??= compute(this.model, this.conventions);
    const scene = buildScene(this.computed, this.theme, this.width, this.model.get("predict"));
    const { panels } = this;
    // The kernel may have lost the tap. `arranged` outlives `scene`, which is null from a change until it is drawn.
    Object.assign(this, { scene, arranged: scene, tap: null, painted: "" });
    panels.stage.classList.toggle("ck-stacked", scene.stacked);
    panels.magnifier.figure.hidden = !scene.picture;
    panels.turned.figure.hidden = !scene.isTurned;
    panels.kernel.legend.textContent = "double-click to change";
    panels.turned.legend.textContent = "this one slides";
    panels.kernels.classList.toggle("sw-beside", scene.picture);
    panels.input.canvas.tabIndex = scene.picture ? -1 : 0; // where there is nothing to edit, nothing to focus
    this.order.hidden = !scene.channels;
    this.writeHeadings(scene);
    for (const name of PARAMETERS) this.writeChoices(name, scene.place);
    this.calls.update();
    this.turn(scene);
    return scene;
  }

  /** The turned kernel is seen to turn, unless the reader wants no motion. */
  turn({ isTurned }) {
    const begins = isTurned && this.wasTurned === false;
    this.wasTurned = isTurned;
    if (!begins || this.calm.matches) return;
    const frames = [{ transform: "rotate(-180deg)" }, { transform: "rotate(0deg)" }];
    this.panels.turned.canvas.animate(frames, { duration: 900, easing: "ease-in-out" });
  }

  writeHeadings(scene) {
    const { panels } = this;
    const { place, channels } = scene;
    const order = this.conventions.get("channels");
    const shape = (sizes, times) => writtenShape(sizes, channels, order, times);
    panels.input.size.textContent = shape(place.input);
    panels.output.size.textContent = place.fits ? place.output.join(" × ") : "none";
    const has = this.model.get("kernel").shape.length === 3 ? scene.kernel.length : 0; // it may have others
    panels.kernel.size.textContent = writtenShape(place.taps, has, order);
    for (const [name, array] of [["input", "image"], ["output", "output"]]) {
      panels[name].legend.textContent = scene.picture ? legend(scene, array) : "";
    }
    this.warn(place.fits ? "" : `No output: ${place.reason}.`);
    const size = place.fits ? sizeNote(place, scene.overhang) : "";
    this.remark(`${operationNote(scene.operation)} ${size}`);
    const operation = scene.isTurned ? "convolution" : "cross-correlation";
    const [input, kernel] = [shape(place.input, " by "), shape(place.taps, " by ")];
    const label = `Sliding window: ${operation} of a ${input} input with a ${kernel} kernel`;
    this.root.setAttribute("aria-label", label);
  }

  writeChoices(name, place) {
    const current = pair(this.model.get(name));
    const options = choices(name, current, place.taps).map((value) => {
      const why = whyImpossible(geometry(place.input, place.taps, { ...place, [name]: value }));
      const reason = why && `${name} ${writtenPair(value)} is impossible: ${why}.`;
      return { value, text: writtenPair(value), reason };
    });
    this.parameters[name].update(options, current);
  }

  writeSum(state) {
    const { scene, sum, products } = this;
    const { place, channels } = scene;
    sum.channels.line.hidden = !channels;
    sum.box.classList.toggle("sw-one-line", !channels && !scene.stacked);
    if (!place.fits) {
      for (const { write } of [sum.products, sum.channels]) write([]);
      products.details.hidden = true;
      return;
    }
    const written = writtenProducts(scene, state.terms);
    products.details.hidden = written.texts.length <= MOST_PRODUCTS;
    if (channels) {
      const partials = partialSums(scene.image, scene.sliding, place, state.position);
      sum.products.write(productLine(scene, written, state, partials[state.channel]));
      sum.channels.write(channelLine(scene, partials, written.isExact, state));
    } else sum.products.write(productLine(scene, written, state));
    if (!products.details.hidden) products.update(written.texts, place.taps[1], state.tap);
  }

  writeControls(state) {
    const { model, transport, scene } = this;
    const isPredicting = model.get("predict");
    const none = scene.place.fits ? "" : "No window fits.";
    const why = (isPredicting && ASKING) || (this.calm.matches && STILL) || none;
    writePlay(transport.play, model.get("playing"), why);
    transport.speed.update(speedIndex(model.get("speed")));
    this.channel.update(scene.channels, state.channel);
    this.predict.update(isPredicting);
    this.prediction.update(state.position, state.isShown);
  }

  writeWords(state) {
    const { panels, scene } = this;
    const { place } = scene;
    const { position, channel, tap, terms } = state;
    const order = this.conventions.get("channels");
    const where = place.fits ? `window at output row ${position[0]}, column ${position[1]}` : "no window fits";
    const front = scene.channels ? `, channel ${channel} in front` : "";
    setAttribute(panels.input.canvas, "aria-label", `Input, ${place.input.join(" by ")}${front}, ${where}`);
    setAttribute(panels.magnifier.canvas, "aria-label", `The values under the window, ${where}`);
    setAttribute(panels.output.canvas, "aria-label", `Output, ${place.output.join(" by ")}, ${where}`);
    if (this.model.get("playing")) this.say("Playing.");
    else if (!place.fits) this.say("");
    else if (tap !== null) this.say(describeProduct(scene, terms[tap], channel, order));
    else this.say(describePosition(scene, terms, state));
  }
}

/** One clock for each model, however many views it has; where numbers are predicted, nothing plays. */
function initialize({ model, conventions }) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const isStill = () => calm.matches || model.get("predict");
  return runClock(model, () => geometryOf(model, conventions), isStill, conventions);
}

export default demo(View, { initialize });
