// The view of ParameterCounter: the network and its controls, the list of layers, the chosen one in detail.
import { conventionStrip } from "../conventions_switch/strip.js";
import { choice, controls, element, group, select, setAttribute, toggle } from "../shared/controls.js";
import { DemoView, demo } from "../shared/view.js";
import { answerBox } from "./answer.js";
import { drawBlock } from "./block.js";
import { MEASURES, denseOf, termOf, totalOf } from "./counting.js";
import { layerEditor } from "./editor.js";
import { hasWeights, layerName, movedLayers, newLayer } from "./layers.js";
import { stagesOf } from "./network.js";
import { codePanel, inputSteppers } from "./network_controls.js";
import { RowList } from "./rows.js";
import {
  MEASURE_WORDS,
  bytesInWords,
  changeInWords,
  countInWords,
  factsInWords,
  shapeInWords,
  shapeLetters,
  sizeMattersInWords,
  weightsInWords,
} from "./words.js";

const KEYS = "Keys in the list: arrows choose, Shift + arrows move, Delete removes; M next measure, L scale.";
const OWN = "own"; // the choice that stands for a network that is none of those on offer
const MOST_LAYERS = 200; // as in layers.py

class View extends DemoView {
  constructor(context) {
    super(context, { stem: "parameter-counter", label: "Parameter counter" });
    this.rows = new RowList(this, {
      select: (selected) => this.set({ selected }),
      move: (from, to) => this.move(from, to),
    });
    this.answer = answerBox((index) => this.set({ revealed: [...this.model.get("revealed"), index] }));
    this.editor = layerEditor({
      change: (layer) => this.change(layer),
      move: (by) => this.move(this.selected, this.selected + by),
      remove: () => this.remove(),
      add: (type) => this.add(type),
    });
    this.makeControls();
    this.assemble();
    this.onChange(this.model, ["layers", "input_shape"], () => this.rebuild());
    const drawn = [
      "measure",
      "scale",
      "compare",
      "hide_empty",
      "selected",
      "predict",
      "revealed",
      "_presets",
    ];
    this.onChange(this.model, drawn, () => this.schedule());
    this.onChange(this.conventions, ["channels"], () => this.schedule());
  }

  makeControls() {
    this.preset = select("network", (value) => this.usePreset(value));
    this.input = inputSteppers((input_shape) => this.set({ input_shape, revealed: [] }));
    this.measure = choice("bars show", (measure) => this.set({ measure }));
    this.scale = choice("scale", (scale) => this.set({ scale }));
    this.compare = toggle("dense layer", (compare) => this.set({ compare }), {
      title: "behind each convolution the dense layer of the same map",
    });
    this.hide = toggle("hide zeros", (isOn) => this.set({ hide_empty: isOn }), {
      title: "hide the layers that have none",
    });
    this.predict = toggle("predict", (predict) => this.set({ predict, revealed: [] }), {
      title: "hide the parameters of each layer until you type them",
    });
  }

  assemble() {
    const { rows, answer, editor } = this;
    const first = controls(this.preset.label, this.input.box);
    const toggles = group("Shown", this.compare.button, this.hide.button, this.predict.button);
    const second = controls(
      this.measure.fieldset,
      this.scale.fieldset,
      toggles,
      conventionStrip(this, ["channels"]),
    );
    this.total = element("div", { class: "pc-total" });
    this.facts = element("div", { class: "pc-facts" });
    this.published = element("div", { class: "pc-published" });
    this.canvas = element("canvas", { role: "img", "aria-label": "" });
    this.side = element("div", { class: "pc-side" }, editor.box, this.canvas, answer.box);
    const left = element("div", { class: "pc-left" }, rows.frame, this.total, this.facts, this.published);
    const main = element("div", { class: "pc-main" }, left, this.side);
    this.code = codePanel(this);
    this.root.append(first, second, main, this.code.details);
    this.say(KEYS);
  }

  get layers() {
    return this.model.get("layers");
  }

  get shape() {
    return this.model.get("input_shape");
  }

  get selected() {
    return Math.min(this.model.get("selected"), this.layers.length - 1);
  }

  /** Another network: what was predicted counts no more. */
  change(layer) {
    this.setLayers(this.layers.map((old, index) => (index === this.selected ? layer : old)));
  }

  setLayers(layers, selected = this.selected) {
    this.set({ layers, selected: Math.min(selected, layers.length - 1), revealed: [] });
  }

  move(from, to) {
    if (to < 0 || to >= this.layers.length || from < 0) return;
    this.setLayers(movedLayers(this.layers, from, to), to);
  }

  remove() {
    if (this.selected < 0) return;
    this.setLayers(
      this.layers.filter((_, index) => index !== this.selected),
      Math.max(0, this.selected - 1),
    );
  }

  add(type) {
    if (this.layers.length >= MOST_LAYERS)
      return this.say(`A network has at most ${MOST_LAYERS} layers here.`);
    const at = this.selected + 1;
    this.setLayers([...this.layers.slice(0, at), newLayer(type), ...this.layers.slice(at)], at);
  }

  usePreset(value) {
    const preset = this.model.get("_presets")[Number(value)];
    if (!preset) return;
    this.set({ layers: preset.layers, input_shape: preset.input_shape, selected: 0, revealed: [] });
  }

  onKey(event) {
    if (event.target.closest("input, select, pre")) return false;
    const key = event.key.toLowerCase();
    if (key === "m") {
      this.set({ measure: MEASURES[(MEASURES.indexOf(this.model.get("measure")) + 1) % MEASURES.length] });
    } else if (key === "l") {
      this.set({ scale: this.model.get("scale") === "linear" ? "logarithmic" : "linear" });
    } else return event.target === this.rows.list && this.onListKey(event);
    return true;
  }

  onListKey({ key, shiftKey }) {
    const shown = [...this.scene.shown].sort((one, other) => one - other);
    const at = shown.indexOf(this.selected);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: shown.length - 1 }[key];
    if (to !== undefined) {
      const target = shown[Math.max(0, Math.min(shown.length - 1, to))];
      if (target === undefined) return true;
      if (shiftKey) this.move(this.selected, target);
      else this.set({ selected: target });
    } else if (key === "Delete") this.remove();
    else return false;
    return true;
  }

  draw() {
    const before = this.last;
    this.scene ??= this.build();
    const scene = this.scene;
    const [measure, compare] = [this.model.get("measure"), this.model.get("compare")];
    const predict = this.model.get("predict");
    const hidden = new Set(predict ? scene.stages.map(({ index }) => index) : []);
    for (const index of this.model.get("revealed")) hidden.delete(index);
    for (const stage of scene.stages) if (!stage.behind) hidden.delete(stage.index);
    const state = { ...scene, measure, compare, hidden, ...this.countsOf(scene, measure) };
    Object.assign(state, { channels: this.conventions.get("channels"), selected: this.selected });
    state.isLogarithmic = this.model.get("scale") === "logarithmic";
    state.letters = shapeLetters(this.shape);
    scene.shown = state.shown = this.shownRows(state);
    state.most = this.mostOf(state);
    this.rows.update(state);
    this.writeControls(state);
    this.writeSums(state);
    this.writeSide(state);
    this.code.update(scene.stages, this.layers, this.shape);
    if (before && before !== this.last) this.sayChange(before, hidden.size > 0);
  }

  build() {
    const stages = stagesOf(this.layers, this.shape);
    const names = stages.map((stage) => layerName(stage.layer, stage.axes));
    this.last = { stages, shape: JSON.stringify(this.shape), layers: JSON.stringify(this.layers) };
    return { stages, names, counts: {}, shown: new Set(), presets: null };
  }

  /** All layers' counts of a measure, worked out once for a network. */
  countsOf(scene, measure) {
    scene.counts[measure] ??= {
      terms: scene.stages.map((stage) => termOf(stage, measure)),
      denses: scene.stages.map((stage) => denseOf(stage, measure)),
    };
    return scene.counts[measure];
  }

  shownRows({ stages, terms, hidden, selected }) {
    const isHiding = this.model.get("hide_empty");
    const kept = stages.filter(
      ({ index, reason }) =>
        !isHiding || reason || index === selected || hidden.has(index) || (terms[index]?.value ?? 1n) > 0n,
    );
    return new Set(kept.map(({ index }) => index));
  }

  /** What fills the bars' room: linear, the largest layer; logarithmic, the largest dense layer too. */
  mostOf({ terms, denses, hidden, measure, compare, isLogarithmic }) {
    const isAsked = (index) => hidden.has(index) && measure === "parameters";
    const values = terms.map((term, index) => (term && !isAsked(index) ? term.value : 0n));
    if (isLogarithmic && compare) values.push(...denses.map((dense) => dense?.value ?? 0n));
    return values.reduce((most, value) => (value > most ? value : most), 1n);
  }

  writeControls({ measure, compare, channels }) {
    const presets = this.model.get("_presets");
    const found = presets.findIndex(
      (preset) =>
        JSON.stringify(preset.layers) === this.last.layers &&
        JSON.stringify(preset.input_shape) === this.last.shape,
    );
    this.present = presets[found] ?? null;
    const options = presets.map(({ name }, index) => [String(index), name]);
    if (!this.present) options.push([OWN, "your own network"]);
    this.preset.update(options, this.present ? String(found) : OWN);
    const named = MEASURES.map((value) => ({ value, text: MEASURE_WORDS[value].name }));
    this.measure.update(named, measure);
    const scales = [
      {
        value: "logarithmic",
        label: "logarithmic scale: each mark is ten times or a thousand times the one before",
      },
      { value: "linear", label: "linear scale" },
    ];
    this.scale.update(scales, this.model.get("scale"));
    this.compare.update(compare);
    this.hide.update(this.model.get("hide_empty"));
    this.predict.update(this.model.get("predict"));
    this.input.update(this.shape, channels);
  }

  write(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  writeSums({ stages, measure, hidden }) {
    const isAsked = measure === "parameters" && hidden.size > 0;
    const stopped = stages.find((stage) => stage.reason);
    const total = totalOf(stages, measure);
    const upTo = stopped ? ` above layer ${stopped.index}` : "";
    const { name, meaning } = MEASURE_WORDS[measure];
    const sum = isAsked ? "?" : countInWords(total, measure);
    const more = measure === "parameters" && !isAsked ? `, ${bytesInWords(total * 4n)} in float32` : "";
    this.write(
      this.total,
      `Total${upTo}: ${sum}${measure === "memory" ? "" : ` ${name}`} (${meaning})${more}`,
    );
    this.write(this.facts, hidden.size ? "" : factsInWords(stages));
    const published = hidden.size ? "" : (this.present?.published[measure] ?? "");
    this.write(this.published, published && `Published: ${published}`);
    this.warn(stopped ? `Layer ${stopped.index} is impossible: ${stopped.reason}.` : "");
  }

  writeSide({ stages, names, measure, compare, hidden, selected }) {
    const stage = stages[selected];
    const isHidden = hidden.has(selected);
    this.editor.update({ stage, name: names[selected], number: stages.length });
    this.answer.update({ stage, isHidden, measure, compare });
    this.canvas.hidden = !stage?.behind || !hasWeights(stage.layer);
    if (this.canvas.hidden) return;
    drawBlock(this.canvas, this.theme, { stage, width: Math.min(376, this.side.clientWidth) });
    const words = isHidden ? `The weights of ${names[selected]}, to be counted` : weightsInWords(stage);
    setAttribute(this.canvas, "aria-label", words);
  }

  /** What a change of the network did to its totals: the heart of the demo. */
  sayChange(before, isAsked) {
    const isSized = before.shape !== this.last.shape;
    const isChanged = before.layers !== this.last.layers;
    if (isSized === isChanged) return isSized && this.say(KEYS); // another network, or none: nothing to compare
    const isImpossible = [before, this.last].some(({ stages }) => stages.some((stage) => stage.reason));
    if (isImpossible) return this.say(""); // its totals are those of other layers
    const words = changeInWords(before.stages, this.last.stages, { hideParameters: isAsked });
    if (isChanged) return this.say(words);
    const order = this.conventions.get("channels");
    const [old, now] = [JSON.parse(before.shape), this.shape].map((shape) => shapeInWords(shape, order));
    const what = `Input ${old} became ${now}`;
    const why = isAsked ? "" : sizeMattersInWords(this.last.stages);
    return this.say(`${what}: ${words[0].toLowerCase()}${words.slice(1)} ${why}`.trim());
  }
}

export default demo(View);
