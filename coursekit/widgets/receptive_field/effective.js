// The effective receptive field: the gradient of one neuron with respect to every input pixel, for random
// weights.
// Back-propagation through the cone of that neuron alone; one channel a layer. Rows before columns; one axis
// is an
// input of one row. tests/javascript compares the gradients with coursekit.reference.

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A function that draws from the standard normal distribution (Box and Muller). */
export const gaussianNumbers = (random) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Weights of a kernel: "gaussian", "uniform" from −1 to 1, or all "equal"; their scale keeps the numbers
 * near 1.
 */
export function drawWeights(kind, count, random) {
  const gaussian = gaussianNumbers(random);
  const scale = 1 / Math.sqrt(count);
  const draw = {
    equal: () => 1 / count,
    uniform: () => (2 * random() - 1) * scale,
    gaussian: () => gaussian() * scale,
  };
  return Float64Array.from({ length: count }, draw[kind]);
}

/**
 * The boxes that a neuron's cone fills, [[first, last] of rows, [first, last] of columns] for the input and
 * for
 * each layer up to the neuron's own, cut off at the borders. `stacks` holds the layers along each of the two
 * axes.
 */
export function boxesOf(stacks, shapes, neuron) {
  const boxes = [neuron.map((index) => [index, index])];
  for (let level = shapes.length - 1; level > 0; level--) {
    const box = boxes[0].map(([first, last], axis) => {
      const { kernel_size, stride, padding, dilation } = stacks[axis][level - 1];
      const from = first * stride - padding[0];
      const to = last * stride - padding[0] + dilation * (kernel_size - 1);
      return [Math.max(0, from), Math.min(shapes[level - 1][axis] - 1, to)];
    });
    boxes.unshift(box);
  }
  return boxes;
}

/**
 * Along one axis of one layer, for every place of its box: the tap and the place below that each tap meets.
 */
function meetings(layer, [first, last], [from, to]) {
  const { kernel_size, stride, padding, dilation } = layer;
  return Array.from({ length: last - first + 1 }, (_, place) => {
    const met = [];
    for (let tap = 0; tap < kernel_size; tap++) {
      const below = (first + place) * stride - padding[0] + tap * dilation;
      if (below >= from && below <= to) met.push([tap, below - from]);
    }
    return met;
  });
}

const lengths = (box) => box.map(([first, last]) => last - first + 1);

/**
 * A plan of the cone: made once for a neuron, used for every draw. `sizes` are the boxes' rows and columns.
 */
export function planCone(stacks, shapes, neuron) {
  const boxes = boxesOf(stacks, shapes, neuron);
  // An input of one row has windows of one row: only along the columns is a layer what it is called.
  const layers = stacks[1].slice(0, boxes.length - 1).map(({ kind }, index) => ({
    kind,
    taps: [stacks[0][index].kernel_size, stacks[1][index].kernel_size],
    counted: countedPixels(stacks, shapes, boxes, index),
    met: [0, 1].map((axis) => meetings(stacks[axis][index], boxes[index + 1][axis], boxes[index][axis])),
  }));
  const isSomething = boxes.every((box) => box.every(([first, last]) => last >= first));
  return { boxes, layers, sizes: boxes.map(lengths), isSomething };
}

/** The pixels that each window of average pooling divides by: padding counts, what hangs over it does not. */
function countedPixels(stacks, shapes, boxes, index) {
  return [0, 1].map((axis) => {
    const { kernel_size, stride, padding } = stacks[axis][index];
    const padded = shapes[index][axis] + padding[0] + padding[1];
    const [first, last] = boxes[index + 1][axis];
    const counted = (place) => Math.min(kernel_size, padded - (first + place) * stride);
    return Array.from({ length: last - first + 1 }, (_, place) => counted(place));
  });
}

/** Call `visit(output place, tap, input place)` for everything that a layer of a plan connects. */
function eachConnection({ met, taps }, across, visit) {
  met[0].forEach((rows, row) => {
    met[1].forEach((columns, column) => {
      const place = row * met[1].length + column;
      for (const [u, y] of rows) for (const [v, x] of columns) visit(place, u * taps[1] + v, y * across + x);
    });
  });
}

/** The share of each tap in average pooling, by output place. */
const shareOf = ({ counted, met }, place) =>
  1 / (counted[0][Math.floor(place / met[1].length)] * counted[1][place % met[1].length]);

/**
 * The numbers of each box of a plan, the input's first, from an input as large as the input's box. `weights`
 * has a
 * Float64Array for each layer (unused by pooling). With `rectified`, negative numbers behind a convolution
 * become
 * 0, but for those of the last layer: asked for is the chosen neuron before its own ReLU.
 */
export function forwardThrough(plan, weights, input, { rectified = false } = {}) {
  const maps = [input];
  plan.layers.forEach((layer, index) => {
    const below = maps[index];
    const above = new Float64Array(layer.met[0].length * layer.met[1].length);
    if (layer.kind === "max") {
      above.fill(-Infinity);
      eachConnection(
        layer,
        plan.sizes[index][1],
        (to, _, from) => (above[to] = Math.max(above[to], below[from])),
      );
    } else {
      const weightOf = weighing(layer, weights[index]);
      eachConnection(
        layer,
        plan.sizes[index][1],
        (to, tap, from) => (above[to] += weightOf(to, tap) * below[from]),
      );
    }
    if (isRectified(plan, index, rectified))
      above.forEach((value, place) => (above[place] = Math.max(0, value)));
    maps.push(above);
  });
  return maps;
}

const isRectified = (plan, index, rectified) =>
  rectified && plan.layers[index].kind === "convolution" && index < plan.layers.length - 1;

const weighing = (layer, weights) =>
  layer.kind === "average" ? (to) => shareOf(layer, to) : (_, tap) => weights[tap];

/**
 * The gradient of the chosen neuron with respect to every pixel of the input's box.
 * `maps` come from `forwardThrough`; they are asked for only where there is a ReLU or max pooling. `ties`
 * says who
 * gets the gradient where a window has several maxima: "first" or "all".
 */
export function backwardThrough(plan, weights, maps, { rectified = false, ties = "first" } = {}) {
  let gradient = Float64Array.of(1);
  for (let index = plan.layers.length - 1; index >= 0; index--) {
    const layer = plan.layers[index];
    if (isRectified(plan, index, rectified)) {
      gradient = gradient.map((value, place) => (maps[index + 1][place] > 0 ? value : 0));
    }
    const below = new Float64Array(plan.sizes[index][0] * plan.sizes[index][1]);
    const above = gradient;
    if (layer.kind === "max") passToLargest(plan, index, maps, above, below, ties);
    else {
      const weightOf = weighing(layer, weights[index]);
      eachConnection(
        layer,
        plan.sizes[index][1],
        (to, tap, from) => (below[from] += weightOf(to, tap) * above[to]),
      );
    }
    gradient = below;
  }
  return gradient;
}

function passToLargest(plan, index, maps, above, below, ties) {
  const given = new Uint8Array(above.length);
  eachConnection(plan.layers[index], plan.sizes[index][1], (to, _, from) => {
    if (maps[index][from] !== maps[index + 1][to] || (given[to] && ties === "first")) return;
    given[to] = 1;
    below[from] += above[to];
  });
}

/** How much of a gradient, in size, lies in the middle half of the field along each axis, from 0 to 1. */
export function centralShare(sizes, box, fields) {
  let [inside, total] = [0, 0];
  const isCentral = [0, 1].map((axis) => {
    const [first, last] = fields[axis];
    return (index) => Math.abs(box[axis][0] + index - (first + last) / 2) < Math.max(1, last - first + 1) / 4;
  });
  const across = box[1][1] - box[1][0] + 1;
  sizes.forEach((value, place) => {
    total += value;
    if (isCentral[0](Math.floor(place / across)) && isCentral[1](place % across)) inside += value;
  });
  return total ? inside / total : 0;
}

/** Whether the gradient depends on the input: then it is fed with random numbers. */
const needsInput = (plan, rectified) => rectified || plan.layers.some(({ kind }) => kind === "max");

/**
 * The effective field, draw by draw: `step()` adds one draw of random weights, and `mean` is the average
 * size of
 * the gradient at each pixel of the input's box. Each draw is scaled to a sum of 1, so that all count the
 * same;
 * a draw whose ReLUs let nothing through has no gradient, and is counted in `silent`.
 */
export function effectiveField(plan, { weights, rectified, seed, ties, flipped }) {
  const random = randomNumbers(seed);
  const gaussian = gaussianNumbers(random);
  const [rows, columns] = plan.sizes[0];
  const mean = new Float64Array(Math.max(0, rows * columns));
  const state = { mean, draws: 0, silent: 0, step };
  function step() {
    const drawn = plan.layers.map(({ taps }) => {
      const kernel = drawWeights(weights, taps[0] * taps[1], random);
      return flipped ? kernel.reverse() : kernel;
    });
    const isFed = needsInput(plan, rectified);
    const maps = isFed ? forwardThrough(plan, drawn, mean.map(gaussian), { rectified }) : null;
    const gradient = backwardThrough(plan, drawn, maps, { rectified, ties });
    const total = gradient.reduce((sum, value) => sum + Math.abs(value), 0);
    state.draws += 1;
    if (!total) state.silent += 1;
    const counted = state.draws - state.silent;
    if (total)
      gradient.forEach((value, place) => (mean[place] += (Math.abs(value) / total - mean[place]) / counted));
  }
  return state;
}
