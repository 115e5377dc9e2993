// Arrays as Python sends them, and back. In the browser they are {shape, data: Float64Array}, in row order.

/** Values in an array of this shape, of any number of axes. */
export const count = (shape) => shape.reduce((product, size) => product * size, 1);

/**
 * An array as Python sends it, {shape, data: DataView of float64}, as {shape, data: Float64Array}.
 * The view may start anywhere in its buffer, also where a Float64Array could not: so it is copied.
 */
export function fromBuffer({ shape, data }) {
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return { shape: [...shape], data: new Float64Array(bytes) };
}

/** What a model takes for an array: `whole` tells Python that integers stayed integers. */
export function toBuffer({ shape, data }) {
  const copy = Float64Array.from(data);
  return { shape: [...shape], whole: copy.every(Number.isSafeInteger), data: new DataView(copy.buffer) };
}

/** The same array with one value changed; `index` counts in row order. */
export function withValue({ shape, data }, index, value) {
  const copy = Float64Array.from(data);
  copy[index] = value;
  return { shape, data: copy };
}
