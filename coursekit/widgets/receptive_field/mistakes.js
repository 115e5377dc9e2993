// The mistakes that a predicted size of a receptive field gives away. No drawing, no state.
import { growthOf } from "./growth.js";

const changed = (layers, changes) => layers.map((layer, index) => ({ ...layer, ...changes(layer, index) }));
const sizeOf = (layers) => growthOf(layers).at(-1).size;

/**
 * What each mistake would answer for a stack: [{ name, size, words }], the likeliest first. Each is the right
 * calculation with one thing wrong.
 */
export function mistakenSizes(layers) {
  const strideAfter = (_, index) => ({ stride: layers[index + 1]?.stride ?? 1 });
  const own = [{ ...layers[0], kernel_size: 1 }, ...changed(layers, strideAfter)];
  own[0].stride = layers[0].stride;
  return [
    {
      name: "no minus one",
      size: sizeOf(changed(layers, ({ kernel_size }) => ({ kernel_size: kernel_size + 1 }))),
      words: "Each layer adds (kernel − 1) steps, not kernel: one tap lies on what is seen already.",
    },
    {
      name: "sum of kernels",
      size: layers.reduce((sum, { kernel_size }) => sum + kernel_size, 0),
      words: "You added the kernels. Each layer adds (kernel − 1) × dilation × the jump of the layer below.",
    },
    {
      name: "product of kernels",
      size: layers.reduce((product, { kernel_size }) => product * kernel_size, 1),
      words: "You multiplied the kernels. Sizes add up: neighbouring windows overlap.",
    },
    {
      name: "jump ignored",
      size: sizeOf(changed(layers, () => ({ stride: 1 }))),
      words: "You left out the jump: below a stride, a step of one neuron is a step of several input pixels.",
    },
    {
      name: "own jump",
      size: sizeOf(own),
      words:
        "You took the jump of the layer itself. Its taps stand on the layer below: take the jump from there.",
    },
    {
      name: "dilation ignored",
      size: sizeOf(changed(layers, () => ({ dilation: 1 }))),
      words: "You left out the dilation: the taps stand that many steps apart.",
    },
    {
      name: "last layer alone",
      size: layers.at(-1).dilation * (layers.at(-1).kernel_size - 1) + 1,
      words: "That is what the neuron sees of the layer below. Asked for is what it sees of the input.",
    },
    {
      name: "area",
      size: sizeOf(layers) ** 2,
      words: "That is the number of pixels in the square. Asked for is the length of one side.",
    },
  ];
}

/** What to tell a reader who typed `guess` for the size behind `layers`; right is "Right" and the step. */
export function judge(guess, layers) {
  const { size, lines } = growthOf(layers).at(-1);
  if (guess === size) return { right: true, name: "right", line: lines.size };
  const mistake = mistakenSizes(layers).find((made) => made.size === guess);
  if (mistake) return { right: false, name: mistake.name, words: mistake.words };
  const words = guess < size ? "Too small." : "Too large.";
  return {
    right: false,
    name: "other",
    words: `${words} Follow the connections down to the input, row by row.`,
  };
}
