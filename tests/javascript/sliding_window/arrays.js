// Arrays and models as the browser has them, from the lists of the cases.

/** Nested lists as {shape, data}. */
export function array(nested) {
  const shape = [];
  for (let part = nested; Array.isArray(part); part = part[0]) shape.push(part.length);
  return { shape, data: Float64Array.from(nested.flat(Infinity)) };
}

const sent = (nested) => {
  const { shape, data } = array(nested);
  return { shape, whole: true, data: new DataView(data.buffer) };
};

const model = (values) => ({ get: (name) => values[name] });

/** The model and the conventions of a case; `shapes` stand in for arrays that nothing is computed of. */
export function modelsOf({ image, kernel, parameters, operation = "correlation", rounding = "floor", shapes }) {
  const arrays = shapes
    ? { image: { shape: shapes.image }, kernel: { shape: shapes.kernel } }
    : { image: sent(image), kernel: sent(kernel) };
  const conventions = model({ operation, rounding, channels: "first" });
  return [model({ stride: 1, padding: 0, dilation: 1, ...arrays, ...parameters }), conventions];
}
