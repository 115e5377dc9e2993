// The state of the demo as the browser works with it: the stack along each axis, and the chosen neuron.
import { pair } from "../shared/arithmetic.js";
import { centreOf, coneAbove, coneBelow, growthOf, nearestNeuron, rowSizes } from "./growth.js";

const POINT = {
  kind: "convolution",
  kernel_size: 1,
  stride: 1,
  padding: [0, 0],
  dilation: 1,
  rounding: "floor",
};

/**
 * Everything that follows from the layers and the input: growth, rows and columns of each layer, and
 * `depth`, the
 * last layer that has neurons. An input of one axis has one row.
 */
export function buildStack({ layers, axes, size, shape, rounding }) {
  const input = axes === 2 ? shape : [1, size];
  const stacks = [axes === 2 ? layers : layers.map(() => POINT), layers];
  const sizes = stacks.map((stack, axis) => rowSizes(stack, input[axis], rounding));
  const shapes = sizes[0].map((rows, level) => [rows, sizes[1][level]]);
  const missing = shapes.findIndex((shape) => shape.includes(0));
  const depth = missing < 0 ? layers.length : missing - 1;
  return {
    layers,
    axes,
    stacks,
    shapes,
    depth,
    growths: stacks.map(growthOf),
    growth: growthOf(layers),
    sizes: sizes[1],
  };
}

/** The chosen layer and neuron as they can be: Python clamps them in the same way. */
export function chosenIn({ shapes, depth, axes }, layer, neuron) {
  const level = Math.max(0, Math.min(depth, layer));
  const place = axes === 2 ? pair(neuron) : [0, pair(neuron)[1]];
  return {
    layer: level,
    neuron: place.map((index, axis) => Math.max(0, Math.min(shapes[level][axis] - 1, index))),
  };
}

/** The neuron of another layer that stands nearest to a place of the input, [row, column]. */
export const nearestIn = ({ growths, shapes }, layer, place) =>
  [0, 1].map((axis) => nearestNeuron(growths[axis][layer], place[axis], shapes[layer][axis]));

/** Where a neuron stands in the input, [row, column]. */
export const placeOf = ({ growths }, { layer, neuron }) =>
  [0, 1].map((axis) => centreOf(growths[axis][layer], neuron[axis]));

/** The cones of the chosen neuron along both axes: what it sees, and what it changes. */
export function conesOf({ stacks, shapes, depth }, { layer, neuron }) {
  const along = (cone) =>
    [0, 1].map((axis) => {
      const sizes = shapes.slice(0, depth + 1).map((shape) => shape[axis]);
      return cone(stacks[axis].slice(0, depth), sizes, layer, neuron[axis]);
    });
  return { below: along(coneBelow), above: along(coneAbove) };
}

/** A chosen neuron as the model holds it: one number where one says all. */
export const asTrait = (axes, [row, column]) => (axes === 1 || row === column ? column : [row, column]);

/** Which layers keep their size hidden: those whose size has not been typed yet. */
export const hiddenLayers = (growth, { predict, answers }) =>
  growth.map(({ size }, level) => Boolean(predict && level && answers[level - 1] !== size));
