// The fields of the chosen layer, and the buttons that move, remove and add layers.
import { button, choice, element, icon, ICONS, select, stepper, toggle } from "../shared/controls.js";
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

/** How many groups: those that divide kernels and channels. */
function groupsField(onChange) {
  const made = select("groups", (value) => onChange({ groups: Number(value) }));
  const update = (layer, before) => {
    const channels = before?.[0] ?? layer.groups;
    const possible = new Set([...possibleGroups(layer.kernels, channels), layer.groups]);
    const name = (number) => (number > 1 && number === channels ? `${number} depthwise` : `${number}`);
    const sorted = [...possible].sort((one, other) => one - other);
    made.update(
      sorted.map((number) => [String(number), name(number)]),
      String(layer.groups),
    );
  };
  return { box: made.label, update };
}

function biasField(onChange) {
  const made = toggle("bias", (bias) => onChange({ bias }));
  return { box: made.button, update: (layer) => made.update(layer.bias) };
}

function choiceField(name, field, options, onChange) {
  const made = choice(name, (value) => onChange({ [field]: value }));
  return { box: made.fieldset, update: (layer) => made.update(options, layer[field]) };
}

const KIND_OPTIONS = ["max", "average"].map((value) => ({ value }));
const ROUNDING_OPTIONS = [
  { value: "floor", text: "⌊floor⌋", label: "size rounded down: only windows that fit" },
  { value: "ceil", text: "⌈ceil⌉", label: "size rounded up: the last window may hang over" },
];

/** The fields of one kind of layer. */
function fieldsOf(type, onChange) {
  const parts = (NUMBERS[type] ?? []).map((row) => numberField(row, onChange));
  const boxes = parts.map((part) => part.box);
  const more = [];
  if (type === "Convolution") more.push(groupsField(onChange));
  if (type === "Convolution" || type === "Dense") more.push(biasField(onChange));
  if (type === "Pooling" || type === "GlobalPooling")
    more.push(choiceField("kind", "kind", KIND_OPTIONS, onChange));
  if (type === "Pooling") more.push(choiceField("size", "rounding", ROUNDING_OPTIONS, onChange));
  if (more.length) boxes.push(element("div", { class: "pc-more" }, ...more.map((part) => part.box)));
  parts.push(...more);
  const box = element("div", { class: `pc-fields pc-of-${type.toLowerCase()}` }, ...boxes);
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
  const add = button("Add the new layer below this one", {}, icon(ICONS.plus), "add");
  for (const [made, act] of [
    [up, () => actions.move(-1)],
    [down, () => actions.move(1)],
    [remove, () => actions.remove()],
    [add, () => actions.add(kind.select.value)],
  ]) {
    made.addEventListener("click", act);
  }
  const buttons = element("div", { class: "pc-buttons" }, up, down, remove, kind.select, add);
  const boxes = Object.values(fields).map((part) => part.box);
  const box = element("div", { class: "pc-editor" }, buttons, title, ...boxes);
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
  return { box, update };
}
