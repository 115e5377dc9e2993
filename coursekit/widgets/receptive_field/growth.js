// How the receptive field grows through stacked layers, along one axis. No drawing, no state.
// A layer is { kind, kernel_size, stride, padding: [before, after], dilation, rounding }, as Python sends it.
// tests/javascript compares these functions with coursekit.receptive_field and coursekit.output_size.

/**
 * Size, jump and start of the field, for the input and behind each layer: n + 1 entries for n layers.
 * `lines` are the steps that lead to each number, written as Python writes them; `parts` the sides of each.
 */
export function growthOf(layers) {
  const stages = [{ size: 1, jump: 1, start: 0, lines: null }];
  for (const { kernel_size: k, stride: s, padding, dilation: d } of layers) {
    const { size, jump, start } = stages.at(-1);
    const next = { size: size + d * (k - 1) * jump, jump: jump * s, start: start - padding[0] * jump };
    const reach = d === 1 ? `${k - 1} * ${jump}` : `${d} * ${k - 1} * ${jump}`;
    next.lines = {
      size: `${size} + ${reach} = ${next.size}`,
      jump: `${jump} * ${s} = ${next.jump}`,
      start: `${start} - ${padding[0]} * ${jump} = ${next.start}`,
    };
    stages.push(next);
  }
  return stages;
}

/** A step for a reader: true signs of times and minus. */
export const typeset = (line) => line.replaceAll("*", "×").replaceAll("-", "−");

/**
 * Whether a layer's last window may hang over the far end: pooling alone, by its own word or the convention.
 */
export const roundsUp = ({ kind, rounding }, convention) =>
  kind !== "convolution" && [rounding, convention].includes("ceil");

/** Positions of a layer's window along `size` neurons; 0 where it does not fit. */
export function positionsAlong(size, layer, convention = "floor") {
  const { kernel_size: k, stride, padding, dilation } = layer;
  const [before, after] = padding;
  const room = size + before + after - (dilation * (k - 1) + 1);
  if (room < 0 || size < 1) return 0;
  if (!roundsUp(layer, convention)) return Math.floor(room / stride) + 1;
  const positions = Math.ceil(room / stride) + 1;
  const startsBehind = room % stride > 0 && (positions - 1) * stride >= size + before;
  return startsBehind ? positions - 1 : positions;
}

/** How many neurons each row has, the input's first. A row above a layer that does not fit has none. */
export function rowSizes(layers, size, convention) {
  const sizes = [size];
  for (const layer of layers) sizes.push(positionsAlong(sizes.at(-1), layer, convention));
  return sizes;
}

/** First and last input pixel that a neuron sees; outside the input lies padding. */
export function seenBy({ size, jump, start }, index) {
  const first = start + index * jump;
  return [first, first + size - 1];
}

/** Where a neuron stands: the middle of its field, in input pixels; pixel i has its middle at i. */
export const centreOf = ({ size, jump, start }, index) => start + index * jump + (size - 1) / 2;

/** The neuron, of `count` in its row, whose centre is nearest to a place of the input. */
export function nearestNeuron(stage, place, count) {
  const index = Math.round((place - centreOf(stage, 0)) / stage.jump);
  return Math.max(0, Math.min(count - 1, index));
}

/** The places in the row below that a neuron's taps stand on, those in the padding too. */
export function tapsOf({ kernel_size, stride, padding, dilation }, index) {
  return Array.from({ length: kernel_size }, (_, tap) => index * stride - padding[0] + tap * dilation);
}

/**
 * What a neuron sees, row by row: for each row from the input to the neuron's own, the neurons in its cone,
 * in
 * order. What lies in the padding of a row is left out: it holds zeros.
 */
export function coneBelow(layers, sizes, layer, index) {
  const rows = [[index]];
  for (let level = layer; level > 0; level--) {
    const isSeen = new Uint8Array(sizes[level - 1]);
    for (const neuron of rows[0]) {
      for (const place of tapsOf(layers[level - 1], neuron)) if (place in isSeen) isSeen[place] = 1;
    }
    rows.unshift(indicesOf(isSeen));
  }
  return rows;
}

/** What a neuron changes: for its own row and each above, the neurons that its number can reach. */
export function coneAbove(layers, sizes, layer, index) {
  const rows = [[index]];
  for (let level = layer + 1; level < sizes.length; level++) {
    const { kernel_size, stride, padding, dilation } = layers[level - 1];
    const isReached = new Uint8Array(sizes[level]);
    for (const neuron of rows.at(-1)) {
      for (let tap = 0; tap < kernel_size; tap++) {
        const place = (neuron + padding[0] - tap * dilation) / stride;
        if (place in isReached) isReached[place] = 1; // neither a fraction nor −1 is an index
      }
    }
    rows.push(indicesOf(isReached));
  }
  return rows;
}

function indicesOf(flags) {
  const found = [];
  for (let index = 0; index < flags.length; index++) if (flags[index]) found.push(index);
  return found;
}

/** The layers one of which is moved by `by` places; the same list where there is no room. */
export function moved(layers, from, by) {
  const to = from + by;
  if (to < 0 || to >= layers.length) return layers;
  const order = [...layers];
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}
