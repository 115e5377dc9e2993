// The demo: stacked layers, and what any neuron of any layer sees of the input.
import { fromBuffer } from "../shared/arrays.js";
import { choice, controls, details, element, select, stepper, toggle } from "../shared/controls.js";
import { follow } from "../shared/gestures.js";
import { prepareCanvas } from "../shared/grid.js";
import { ARROWS } from "../shared/keys.js";
import { demo, DemoView } from "../shared/view.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { effectivePanel } from "./effective_panel.js";
import { influenceWords, seenWords } from "./field_words.js";
import { asTrait, buildStack, chosenIn, conesOf, hiddenLayers, nearestIn, placeOf } from "./field_stack.js";
import { seenBy } from "./growth.js";
import {
  layOutImage,
  paintBell,
  paintSquares,
  paintStillImage,
  photograph,
  pointedPixel,
} from "./image_picture.js";
import { layerTable } from "./layer_table.js";
import { predictionRow } from "./prediction.js";
import { layOutRows, paintBars, paintCones, paintStillRows, pointedRow } from "./rows_picture.js";
import { stackEditor } from "./stack_editor.js";

const TOP = 30; // the height of the table's heading
const NARROWEST = 460; // a picture beside the table
const NUMBERS =
  "Size: pixels that one neuron sees = size below + dilation × (kernel − 1) × jump below. " +
  "Jump: pixels from one neuron to the next. Start: first pixel that neuron 0 sees.";
const BUILDING = ["layers", "size", "axes", "image", "effective"];
const DRAWING = [
  "layer",
  "neuron",
  "influence",
  "weights",
  "rectified",
  "draws",
  "seed",
  "predict",
  "answers",
];

class ReceptiveFieldView extends DemoView {
  constructor(context) {
    super(context, {
      stem: "receptive-field",
      label: "Receptive field: what part of the input one neuron sees",
    });
    this.cached = {};
    this.canvas = element("canvas", { role: "img", tabindex: "0" });
    this.still = document.createElement("canvas");
    this.table = layerTable((layer) => this.chooseLayer(layer));
    this.editor = stackEditor(
      () => ({ layers: this.model.get("layers"), layer: this.edited, largest: this.model.get("_largest") }),
      (layers, layer) => this.set({ layers, layer, answers: [] }),
    );
    this.effective = effectivePanel(this);
    this.prediction = predictionRow(this);
    const beside = element("div", { class: "rf-beside" }, this.table.table, this.effective.words);
    const main = element("div", { class: "rf-main" }, this.canvas, beside);
    this.root.append(this.settings(), main, this.prediction.row, this.editor.row, this.effective.row);
    const { details: conventions } = details(
      "Conventions",
      conventionStrip(this, ["operation", "rounding", "ties"]),
      element(
        "div",
        { class: "ck-said" },
        "Size, jump and start do not depend on them. Rounding holds for pooling.",
      ),
    );
    this.root.append(conventions);
    this.onChange(this.model, BUILDING, () => this.rebuild());
    this.onChange(this.model, DRAWING, () => this.schedule());
    this.onChange(this.conventions, ["rounding"], () => this.rebuild());
    this.onChange(this.conventions, ["operation", "ties"], () => this.schedule());
    follow(this, this.canvas, (point) => this.pointAt(point));
  }

  /** What the whole demo is set to. */
  settings() {
    const { model } = this;
    const presets = select("example", (name) => this.usePreset(name));
    presets.update([["", "your own"], ...model.get("_presets").map(({ name }) => [name, name])], "");
    const axes = choice("input", (value) => this.set({ axes: value }));
    const size = stepper("pixels", (value) => this.set({ size: value }), {
      least: 1,
      most: model.get("_largest").size,
    });
    const switches = {
      influence: "what it changes",
      effective: "effective field",
      predict: "predict the size",
    };
    const toggles = Object.entries(switches).map(([name, text]) => [
      name,
      toggle(text, (isOn) =>
        this.set(name === "predict" ? { predict: isOn, answers: [] } : { [name]: isOn }),
      ),
    ]);
    const options = [
      { value: 1, text: "1-D", label: "1-D: a row of numbers" },
      { value: 2, text: "2-D", label: "2-D: an image" },
    ];
    this.updateSettings = () => {
      presets.update(
        [...presets.select.options].map(({ value, text }) => [value, text]),
        this.presetName(),
      );
      axes.update(options, model.get("axes"));
      size.update(model.get("size"));
      size.fieldset.hidden = model.get("axes") === 2;
      for (const [name, { update }] of toggles) update(model.get(name));
    };
    return controls(presets.label, axes.fieldset, size.fieldset, ...toggles.map(([, made]) => made.button));
  }

  /** The example whose layers are shown; "" for the reader's own. */
  presetName() {
    const written = JSON.stringify(this.model.get("layers"));
    return this.model.get("_presets").find(({ layers }) => JSON.stringify(layers) === written)?.name ?? "";
  }

  usePreset(chosenName) {
    const preset = this.model.get("_presets").find(({ name }) => name === chosenName);
    if (!preset) return this.schedule();
    const { layers, size } = preset;
    const state = {
      axes: this.model.get("axes"),
      shape: this.image.shape,
      rounding: this.conventions.get("rounding"),
    };
    const { shapes, depth } = buildStack({ ...state, layers, size });
    const neuron = asTrait(
      state.axes,
      shapes[depth].map((length) => (length - 1) >> 1),
    );
    this.set({ layers, size, layer: depth, neuron, answers: [] });
  }

  /** The image, read from its buffer once. */
  get image() {
    const sent = this.model.get("image");
    if (this.cached.sent !== sent) this.cached = { sent, image: fromBuffer(sent) };
    return this.cached.image;
  }

  /** The stack and everything that follows from it, worked out once for each change. */
  get stack() {
    const state = {
      layers: this.model.get("layers"),
      axes: this.model.get("axes"),
      size: this.model.get("size"),
      shape: this.image.shape,
      rounding: this.conventions.get("rounding"),
    };
    const key = JSON.stringify(state);
    if (this.stackKey !== key) Object.assign(this, { stackKey: key, stacked: buildStack(state) });
    return this.stacked;
  }

  get chosen() {
    return chosenIn(this.stack, this.model.get("layer"), this.model.get("neuron"));
  }

  /** The layer that the controls change: also one in which no window fits, and which so has no neurons. */
  get edited() {
    return Math.min(this.model.get("layers").length, this.model.get("layer"));
  }

  choose(layer, neuron) {
    const trait = asTrait(this.stack.axes, neuron);
    const isSame = layer === this.model.get("layer") && String(trait) === String(this.model.get("neuron"));
    if (!isSame) this.set({ layer, neuron: trait });
  }

  /** Another layer, and its neuron at the same place. */
  chooseLayer(layer) {
    const { stack, chosen } = this;
    const level = Math.max(0, Math.min(stack.layers.length, layer));
    if (level > stack.depth) this.set({ layer: level });
    else this.choose(level, nearestIn(stack, level, placeOf(stack, chosen)));
  }

  pointAt(point) {
    if (!this.scene) return;
    const { stack, chosen } = this;
    if (stack.axes === 1) {
      const { layer, place } = pointedRow(point, this.scene.place, stack.depth);
      return this.choose(layer, nearestIn(stack, layer, [0, place]));
    }
    const found = pointedPixel(point, this.scene.place, stack.shapes[0], stack.shapes[chosen.layer]);
    if (found) this.choose(chosen.layer, found.neuron ?? nearestIn(stack, chosen.layer, found.place));
  }

  onKey(event) {
    if (event.target.matches("input, select")) return false;
    const { stack, chosen } = this;
    const by = { PageUp: 1, PageDown: -1, ...(stack.axes === 1 && { ArrowUp: 1, ArrowDown: -1 }) }[event.key];
    if (by) this.chooseLayer(chosen.layer + by);
    else if (event.key in ARROWS || event.key === "Home" || event.key === "End") {
      const last = stack.shapes[chosen.layer].map((size) => size - 1);
      const ends = { Home: [0, 0], End: last };
      const wanted = ends[event.key] ?? chosen.neuron.map((index, axis) => index + ARROWS[event.key][axis]);
      this.choose(
        chosen.layer,
        wanted.map((index, axis) => Math.max(0, Math.min(last[axis], index))),
      );
    } else return false;
    return true;
  }

  draw() {
    const { stack, chosen, model } = this;
    const hidden = hiddenLayers(stack.growth, {
      predict: model.get("predict"),
      answers: model.get("answers"),
    });
    this.table.update({ ...stack, layer: this.edited, hidden });
    this.scene ??= this.arrange(stack);
    const cones = conesOf(stack, chosen);
    const state = { ...chosen, cones, isHidden: hidden[chosen.layer] };
    this.effective.update(stack, state);
    this.paint(stack, state);
    this.editor.update();
    this.updateSettings();
    this.prediction.update(stack, state);
    this.write(stack, state);
  }

  /** Sizes and places: what changes only with the stack, the theme and the width. */
  arrange(stack) {
    const count = stack.layers.length + 1;
    this.root.classList.remove("rf-stacked"); // the table's own width is asked for
    const beside = this.width - this.table.table.offsetWidth - 16;
    const stacked = beside < NARROWEST;
    const isEffective = this.model.get("effective");
    const tallest = stacked ? 46 : 58;
    const row = Math.max(35, Math.min(tallest, Math.floor((isEffective ? 250 : 310) / count)));
    this.root.style.setProperty("--rf-row", `${row}px`);
    this.root.classList.toggle("rf-stacked", stacked);
    const width = stacked ? this.width : beside;
    const place =
      stack.axes === 1
        ? layOutRows(stack, { width, top: TOP, row, bars: isEffective ? 76 : 0 })
        : layOutImage(stack, {
            width,
            height: this.imageHeight(count * row, stacked, isEffective),
            isEffective,
          });
    const picture = stack.axes === 2 ? photograph(this.image, this.theme) : null;
    return { place, picture, stillKey: "" };
  }

  /** At most as high as what stands beside it. */
  imageHeight(table, stacked, isEffective) {
    return stacked ? 320 : Math.max(330, TOP + table + (isEffective ? 64 : 0));
  }

  paint(stack, state) {
    const { theme, scene, still } = this;
    const { place } = scene;
    const stillKey = stack.axes === 2 ? String(state.layer) : "rows";
    if (scene.stillKey !== stillKey) {
      scene.stillKey = stillKey;
      const context = prepareCanvas(still, place.width, place.height);
      if (stack.axes === 1) paintStillRows(context, theme, stack, place);
      else paintStillImage(context, theme, stack, place, { picture: scene.picture, layer: state.layer });
    }
    const context = prepareCanvas(this.canvas, place.width, place.height);
    context.drawImage(still, 0, 0, place.width, place.height);
    const fields = state.neuron.map((index, axis) => seenBy(stack.growths[axis][state.layer], index));
    if (stack.axes === 1) this.paintRows(context, stack, state, fields);
    else this.paintImage(context, stack, state, fields);
  }

  paintRows(context, stack, state, fields) {
    const { theme, scene, model } = this;
    const above = model.get("influence") ? state.cones.above[1] : null;
    const cones = { layer: state.layer, index: state.neuron[1], below: state.cones.below[1], above };
    paintCones(context, theme, stack, scene.place, { ...cones, isHidden: state.isHidden });
    const bell = this.effective.shown();
    if (bell) paintBars(context, theme, scene.place, { ...bell, field: fields[1] });
  }

  paintImage(context, stack, state, fields) {
    const { theme, scene } = this;
    const at = placeOf(stack, state);
    const inner = stack.growth
      .slice(1, Math.max(1, state.layer))
      .map((_, index) => nearestIn(stack, index + 1, at));
    const { layer, neuron, isHidden } = state;
    paintSquares(context, theme, stack, scene.place, { layer, neuron, inner, isHidden });
    const bell = this.effective.shown();
    if (bell) paintBell(context, theme, scene.place, { ...bell, fields });
  }

  write(stack, state) {
    const { layer, neuron, cones, isHidden } = state;
    const { axes, growth, shapes, depth } = stack;
    const missing = depth < stack.layers.length;
    this.warn(
      missing ? `Layer ${depth + 1} does not fit: its window is larger than what lies below it.` : "",
    );
    this.remark(this.model.get("effective") || isHidden ? "" : NUMBERS);
    const words = seenWords({ axes, layer, neuron, growth, input: shapes[0], cones: cones.below });
    const along = axes === 2 ? "a side" : "the row";
    const asked = `Layer ${layer}: how many pixels of the input does one neuron see along ${along}?`;
    const sentences = isHidden ? [asked] : words;
    if (this.model.get("influence")) sentences.push(influenceWords(axes, layer, cones.above));
    this.root.classList.toggle("rf-talkative", axes === 2 || this.model.get("influence"));
    const said = sentences.filter(Boolean).join(" ");
    this.say(said);
    const keys =
      axes === 1 ? "Up and down: layer. Left and right: neuron." : "Arrows: neuron. Page up and down: layer.";
    const label = `Picture of the layers. ${said} ${keys}`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }
}

export default demo(ReceptiveFieldView);
