// What the receptive field says in words. No drawing, no state.
import { seenBy } from "./growth.js";

const signed = (number) => String(number).replace("-", "−");
const span = ([first, last]) => (first === last ? signed(first) : `${signed(first)} to ${signed(last)}`);
const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** What a layer is: { name: "conv 3×3", more: "stride 2, padding 1" }, with two axes or one. */
export function nameOf({ kind, kernel_size, stride, padding, dilation, rounding }, axes) {
  const kinds = { convolution: "conv", max: "max pool", average: "average pool" };
  const size = axes === 2 ? `${kernel_size}×${kernel_size}` : kernel_size;
  const usualStride = kind === "convolution" ? 1 : kernel_size;
  const more = [];
  if (stride !== usualStride) more.push(`stride ${stride}`);
  if (padding[0] === padding[1]) padding[0] && more.push(`padding ${padding[0]}`);
  else more.push(`padding ${padding[0]} and ${padding[1]}`);
  if (dilation !== 1) more.push(`dilation ${dilation}`);
  if (rounding === "ceil") more.push("ceil");
  return { name: `${kinds[kind]} ${size}`, more: more.join(", ") };
}

/** Pixels of a field before the input's first and behind its last one. */
export const overhang = ([first, last], size) => [
  Math.min(last - first + 1, Math.max(0, -first)),
  Math.min(last - first + 1, Math.max(0, last - size + 1)),
];

/** Where a field hangs over the input's edge, as a sentence; "" where it does not. */
export function paddingWords(field, size, noun = "pixels") {
  const [before, after] = overhang(field, size);
  const total = field[1] - field[0] + 1;
  if (!before && !after) return "";
  if (before === total || after === total)
    return `All ${total} ${noun} lie outside the input, in the padding.`;
  const places = [];
  if (before) places.push(span([field[0], -1]));
  if (after) places.push(span([size, field[1]]));
  const verb = before + after === 1 ? "lies" : "lie";
  return `${before + after} of ${total} ${noun} ${verb} outside, in the padding: ${places.join(" and ")}.`;
}

/** What the chosen neuron sees: the main sentence, and what is special about it. */
export function seenWords({ axes, layer, neuron, growth, input, cones }) {
  if (layer === 0) return [`Pixel ${placeWords(axes, neuron)} of the input. Choose a neuron above it.`, ""];
  const { size } = growth[layer];
  const fields = neuron.map((index) => seenBy(growth[layer], index));
  const who = `Layer ${layer}, neuron ${placeWords(axes, neuron)}`;
  if (axes === 2) {
    const [rows, columns] = fields.map(span);
    const sees = `${who} sees rows ${rows} and columns ${columns}: ${size} × ${size} pixels.`;
    const outside = ["rows", "columns"].map((noun, axis) => paddingWords(fields[axis], input[axis], noun));
    return [sees, outside.filter(Boolean).join(" ")];
  }
  const sees = `${who} sees input ${span(fields[1])}: ${plural(size, "pixel")}.`;
  return [
    sees,
    [paddingWords(fields[1], input[1]), holeWords(fields[1], input[1], cones[1][0])]
      .filter(Boolean)
      .join(" "),
  ];
}

const placeWords = (axes, [row, column]) => (axes === 2 ? `(${row}, ${column})` : String(column));

/** Pixels inside the field that no tap meets, as a sentence; "" where there are none. */
export function holeWords([first, last], size, seen) {
  const inside = Math.min(last, size - 1) - Math.max(first, 0) + 1;
  const missed = Math.max(0, inside) - seen.length;
  return missed > 0 ? `Between the taps it misses ${plural(missed, "pixel")}.` : "";
}

/** What the chosen neuron changes in the top row, as a sentence. `above` are its cones upwards, by axis. */
export function influenceWords(axes, layer, above) {
  const top = above[0].length - 1;
  if (!top) return "Nothing lies above it.";
  const counts = above.map((rows) => rows.at(-1).length);
  if (!counts[0] || !counts[1]) return `It changes nothing in layer ${layer + top}.`;
  const number = axes === 2 ? `${counts[0]} × ${counts[1]} neurons` : plural(counts[1], "neuron");
  return `It changes ${number} of layer ${layer + top}.`;
}

/** How much of the gradient lies in the middle, as a sentence. */
export function shareWords({ share, even, draws, silent, axes }) {
  const percent = (part) => `${Math.round(100 * part)} %`;
  const middle = axes === 2 ? "the middle half of the rows and columns" : "the middle half of the field";
  const skipped = silent ? ` (${silent} of them passed nothing through their ReLUs)` : "";
  return (
    `${percent(share)} of the gradient lies in ${middle}; evenly spread it would be ${percent(even)}. ` +
    `Mean of ${plural(draws, "draw")}${skipped}. More layers make it more of a bell (Luo et al., 2016).`
  );
}
