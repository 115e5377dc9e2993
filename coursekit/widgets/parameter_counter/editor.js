// The fields of the chosen layer, and the buttons that move, remove and add layers.
import { button, choice, controls, element, icon, ICONS, select, stepper, toggle } from "../shared/controls.js";
import { asPython, changedLayer, LAYER_NAMES, possibleGroups } from "./layers.js";

const MOST = 100_000; // as LARGEST_SIZE in layers.py

/** The whole numbers of each kind of layer: [field, name, least]. */
const NUMBERS = {
  Convolution: [
    ["kernels", "kernels", 1],
    ["kernel_size", "kernel size", 1],
    ["stride", "stride", 1],
    ["padding", "padding", 0],
    ["dilation", "dilation", 1],
  ],
  Pooling: [
    ["size", "window size", 1],
    ["stride", "stride", 1],
    ["padding", "padding", 0],
  ],
  Dense: [["units", "units", 1]],
};

/** One number of a layer: a stepper, or where the axes differ a button that makes them the same. */
function numberField([field, name, least], onChange) {
  const made = stepper(name, (value) => onChange({ [field]: value }), { least, most: MOST });
  const uneven = button(`${name}: make it the same on every axis`, { class: "pc-uneven" });
  const box = element("div", { class: "pc-field" }, made.fieldset, uneven);
  const update = (layer) => {
    const value = layer[field];
    const differs = Array.isArray(value);
    made.fieldset.hidden = differs;
    uneven.hidden = !differs;
    if (differs) uneven.textContent = `${name} ${asPython(value)}: make equal`;
    else made.update(value);
  };
  uneven.addEventListener("click", () => onChange((layer) => ({ [field]: [layer[field]].flat(2)[0] })));
  return { box, update };
}

/** The fields of one kind of layer. */
function fieldsOf(type, onChange) {
  const parts = (NUMBERS[type] ?? []).map((row) => numberField(row, onChange));
  const add = (box, update) => parts.push({ box, update });
  if (type === "Convolution") {
    const groups = select("groups", (value) => onChange({ groups: Number(value) }));
    add(groups.label, (layer, before) => {
      const possible = new Set([...possibleGroups(layer.kernels, before?.[0] ?? layer.groups), layer.groups]);
      const name = (number) => `${number}${number > 1 && number === before?.[0] ? " (depthwise)" : ""}`;
      const options = [...possible].sort((one, other) => one - other).map((number) => [String(number), name(number)]);
      groups.update(options, String(layer.groups));
    });
  }
  if (type === "Convolution" || type === "Dense") {
    const bias = toggle("bias", (isOn) => onChange({ bias: isOn }));
    add(bias.button, (layer) => bias.update(layer.bias));
  }
  if (type === "Pooling" || type === "GlobalPooling") {
    const kind = choice("kind", (value) => onChange({ kind: value }));
    const kinds = ["max", "average"].map((value) => ({ value }));
    add(kind.fieldset, (layer) => kind.update(kinds, layer.kind));
  }
  if (type === "Pooling") {
    const rounding = choice("size", (value) => onChange({ rounding: value }));
    const options = [
      { value: "floor", text: "⌊floor⌋", label: "size rounded down: only windows that fit" },
      { value: "ceil", text: "⌈ceil⌉", label: "size rounded up: the last window may hang over" },
    ];
    add(rounding.fieldset, (layer) => rounding.update(options, layer.rounding));
  }
  const box = element("div", { class: "pc-fields" }, ...parts.map((part) => part.box));
  return { box, update: (...state) => parts.forEach((part) => part.update(...state)) };
}

/** The editor. `actions`: change(layer), move(by), remove(), add(type). */
export function layerEditor(actions) {
  let present = null;
  const onChange = (changes) => {
    const made = typeof changes === "function" ? changes(present) : changes;
    actions.change(changedLayer(present, made));
  };
  const fields = Object.fromEntries(Object.keys(LAYER_NAMES).map((type) => [type, fieldsOf(type, onChange)]));
  const title = element("div", { class: "pc-title" });
  const up = button("Move this layer up", {}, icon(ICONS.up));
  const down = button("Move this layer down", {}, icon(ICONS.down));
  const remove = button("Remove this layer", {}, icon(ICONS.remove));
  const kind = select("new layer", () => {});
  kind.update(Object.entries(LAYER_NAMES), "Convolution");
  const add = button("Add the new layer below this one", {}, icon(ICONS.plus), "add below");
  for (const [made, act] of [
    [up, () => actions.move(-1)],
    [down, () => actions.move(1)],
    [remove, () => actions.remove()],
    [add, () => actions.add(kind.select.value)],
  ]) {
    made.addEventListener("click", act);
  }
  const head = element("div", { class: "pc-heading" }, title, up, down, remove);
  const box = element("div", { class: "pc-editor" }, head, ...Object.values(fields).map((part) => part.box));
  const foot = controls(kind.label, add);
  const update = ({ stage, name, number }) => {
    present = stage?.layer ?? null;
    for (const [type, part] of Object.entries(fields)) part.box.hidden = type !== present?.type;
    const text = stage ? `Layer ${stage.index}: ${name}` : "No layer yet: add one.";
    if (title.textContent !== text) title.textContent = text;
    up.toggleAttribute("disabled", !stage || stage.index === 0);
    down.toggleAttribute("disabled", !stage || stage.index === number - 1);
    remove.toggleAttribute("disabled", !stage);
    if (stage) fields[present.type].update(present, stage.before);
  };
  return { box, foot, update };
}
