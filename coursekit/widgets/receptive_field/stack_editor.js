// The controls that build the stack: add, change, move and remove layers.
import { button, controls, element, group, icon, ICONS, stepper } from "../shared/controls.js";
import { moved } from "./growth.js";

const usual = { stride: 1, padding: [0, 0], dilation: 1, rounding: "floor" };
const OFFERED = [
  ["conv", "conv: add a convolution with kernel 3", { kind: "convolution", kernel_size: 3 }],
  ["pool", "pool: add max pooling of 2 with stride 2", { kind: "max", kernel_size: 2, stride: 2 }],
  [
    "dilated",
    "dilated: add a convolution with kernel 3 and dilation 2",
    { kind: "convolution", kernel_size: 3, dilation: 2 },
  ],
];
const FIELDS = [
  ["kernel", "kernel_size", 1],
  ["stride", "stride", 1],
  ["padding", "padding", 0],
  ["dilation", "dilation", 1],
];

/**
 * A row of controls for the chosen layer. `read()` gives { layers, layer, largest }; `write(layers, layer)`
 * takes the new stack and which of its layers is chosen.
 */
export function stackEditor(read, write) {
  const change = (changes) => {
    const { layers, layer } = read();
    write(
      layers.map((one, index) => (index === layer - 1 ? { ...one, ...changes } : one)),
      layer,
    );
  };
  const steppers = FIELDS.map(([label, name, least]) => [
    name,
    stepper(label, (value) => change({ [name]: name === "padding" ? [value, value] : value }), { least }),
  ]);
  const name = element("b", { class: "rf-edited" });
  const [later, earlier, remove] = orderButtons(read, write);
  const adders = OFFERED.map(([text, label, layer]) => {
    const made = button(label, {}, icon(ICONS.plus), text);
    made.addEventListener("click", () => add(read, write, layer));
    return made;
  });
  const settings = group(
    "The chosen layer",
    name,
    ...steppers.map(([, { fieldset }]) => fieldset),
    later,
    earlier,
    remove,
  );
  const row = controls(settings, group("Add a layer above the chosen one", ...adders));
  row.classList.add("rf-editor");
  const update = () => {
    const { layers, layer, largest } = read();
    name.textContent = layer ? `layer ${layer}` : "input";
    for (const [field, made] of steppers)
      updateStepper(made, layers[layer - 1], field, largest[field], name.textContent);
    later.disabled = !layer || layer === layers.length;
    earlier.disabled = layer < 2;
    remove.disabled = !layer || layers.length === 1;
    for (const made of adders) made.disabled = layers.length >= largest.layers;
  };
  return { row, update };
}

function updateStepper({ fieldset, update }, layer, field, most) {
  fieldset.disabled = !layer || (field === "dilation" && layer.kind !== "convolution");
  const value = layer ? [layer[field]].flat()[0] : 0;
  update(value, { most });
}

function orderButtons(read, write) {
  const move = (by) => () => {
    const { layers, layer } = read();
    write(moved(layers, layer - 1, by), Math.max(1, Math.min(layers.length, layer + by)));
  };
  const take = () => {
    const { layers, layer } = read();
    write(
      layers.filter((_, index) => index !== layer - 1),
      Math.max(1, layer - 1),
    );
  };
  return [
    ["move the layer up", ICONS.up, move(1)],
    ["move the layer down", ICONS.down, move(-1)],
    ["remove the layer", ICONS.remove, take],
  ].map(([label, path, onClick]) => {
    const made = button(label, {}, icon(path));
    made.addEventListener("click", onClick);
    return made;
  });
}

function add(read, write, offered) {
  const { layers, layer } = read();
  write([...layers.slice(0, layer), { ...usual, ...offered }, ...layers.slice(layer)], layer + 1);
}
