// Sizes along one axis, with the steps that lead to them: what coursekit.shapes answers, word for word.
// A problem is { size, kernel, stride, padding: [before, after], dilation, rounding, outputPadding, transposed }.
// A step is { name, formula, text, value }: `formula` is LaTeX, `text` the same with numbers.
// tests/javascript compares these functions with the Python reference.

const step = (name, formula, text, value) => ({ name, formula, text, value });
const cells = (number) => `${number} ${number === 1 ? "cell" : "cells"}`;

/** Cells from the first tap of a kernel to its last. */
export const spanOf = ({ kernel, dilation }) => dilation * (kernel - 1) + 1;

const spanStep = ({ kernel, dilation }) =>
  step("effective kernel", "k' = d(k-1)+1", `${dilation} * (${kernel} - 1) + 1`, dilation * (kernel - 1) + 1);

/** The output size of a problem: { value, steps, reason }. Where none exists, `value` is 0 and `reason` says why. */
export const sizeOf = (problem) => (problem.transposed ? transposedSize(problem) : forwardSize(problem));

/** Positions of a sliding window: `output_size` in Python. */
export function forwardSize(problem) {
  const { size, stride, rounding = "floor" } = problem;
  const [before, after] = problem.padding;
  const [span, padded, isEven] = [spanOf(problem), size + before + after, before === after];
  const room = padded - span;
  const total = isEven ? `${size} + 2 * ${before}` : `${size} + ${before} + ${after}`;
  const steps = [
    spanStep(problem),
    step("padded size", isEven ? "n' = n+2p" : "n' = n+p_0+p_1", total, padded),
  ];
  if (room < 0) return { value: 0, steps, reason: whyTooLarge(problem, span, padded), span, padded, room };
  steps.push(step("last start", "n' - k'", `${padded} - ${span}`, room));
  const known = { reason: "", span, padded, room };
  if (rounding === "ceil")
    return { ...roundedUp(steps, size + before, padded, span, stride, problem), ...known };
  const value = Math.floor(room / stride) + 1;
  steps.push(
    step("positions", "\\lfloor (n'-k')/s \\rfloor + 1", `floor(${room} / ${stride}) + 1`, value),
    step("lost at the far end", "(n'-k') \\bmod s", `${room} mod ${stride}`, room % stride),
  );
  return { value, steps, ...known };
}

/** One window more that hangs over the far end, unless it would start in the far padding or behind it. */
function roundedUp(steps, farPadding, padded, span, stride, { size, padding: [before] }) {
  const room = padded - span;
  let value = Math.ceil(room / stride) + 1;
  steps.push(step("positions", "\\lceil (n'-k')/s \\rceil + 1", `ceil(${room} / ${stride}) + 1`, value));
  if (room % stride && (value - 1) * stride >= farPadding) {
    steps.push(
      step("start of the last one", "(o-1)s", `(${value} - 1) * ${stride}`, (value - 1) * stride),
      step("start of the far padding", before ? "n+p" : "n", `${size} + ${before}`, farPadding),
      step("without the last one", "o-1", `${value} - 1`, value - 1),
    );
    value -= 1;
  }
  const text = `max(0, (${value} - 1) * ${stride} + ${span} - ${padded})`;
  const beyond = Math.max(0, (value - 1) * stride + span - padded);
  steps.push(step("beyond the far end", "\\max(0, (o-1)s + k' - n')", text, beyond));
  return { value, steps };
}

function whyTooLarge({ size }, span, padded) {
  const room = padded > size ? `${padded} with its padding` : size;
  return `the window spans ${cells(span)}, but the input has only ${room}`;
}

/**
 * The size that a transposed window reaches: `transposed_size` in Python. `forward` has the sizes, from the
 * smallest to the largest, that a forward window takes to the given one: [] where there are none.
 */
export function transposedSize(problem) {
  const { size, stride, dilation, outputPadding: extra = 0 } = problem;
  const [before, after] = problem.padding;
  const span = spanOf(problem);
  const start = (size - 1) * stride;
  const base = start + span - before - after;
  const [cut, symbol] = before === after ? [`2 * ${before}`, "2p"] : [`${before} - ${after}`, "p_0-p_1"];
  const steps = [
    spanStep(problem),
    step("last start", "(n-1)s", `(${size} - 1) * ${stride}`, start),
    step("from end to end", "(n-1)s + k'", `${start} + ${span}`, start + span),
    step("without the padding", `m = (n-1)s + k' - ${symbol}`, `${start + span} - ${cut}`, base),
  ];
  if (extra) steps.push(step("with the output padding", "m + a", `${base} + ${extra}`, base + extra));
  const reason = whyNotTransposed(extra, base, start + span, { stride, dilation });
  if (reason) return { value: 0, steps, reason, span, base, forward: [] };
  const smallest = Math.max(1, base);
  const forward = Array.from(
    { length: Math.max(0, base + stride - smallest) },
    (_, index) => smallest + index,
  );
  if (stride > 1 && forward.length) {
    const text = base >= 1 ? `${base}` : `max(1, ${base})`;
    const last = base + stride - 1;
    steps.push(
      step(`smallest forward size for ${size}`, "\\max(1, m)", text, smallest),
      step(`largest forward size for ${size}`, "m + s - 1", `${base} + ${stride} - 1`, last),
    );
  }
  return { value: base + extra, steps, reason: "", span, base, forward };
}

function whyNotTransposed(extra, base, whole, { stride, dilation }) {
  if (extra >= Math.max(stride, dilation)) {
    const limits = `the stride is ${stride} and the dilation ${dilation}`;
    return `output padding must be smaller than stride or dilation, but it is ${extra}: ${limits}`;
  }
  if (base + extra >= 1) return "";
  return `the padding cuts off ${cells(whole - base)}, but the copies of the kernel cover only ${cells(whole)}`;
}

/** Zeros [before, after] that keep the size with stride 1, and their steps: `same_padding` in Python. */
export function samePadding(problem) {
  const zeros = spanOf(problem) - 1;
  const padding = [Math.ceil(zeros / 2), Math.floor(zeros / 2)];
  const steps = [
    spanStep(problem),
    step("zeros in all", "P = k' - 1", `${zeros + 1} - 1`, zeros),
    step("before", "\\lceil P/2 \\rceil", `ceil(${zeros} / 2)`, padding[0]),
    step("after", "\\lfloor P/2 \\rfloor", `floor(${zeros} / 2)`, padding[1]),
  ];
  return { padding, steps };
}

/** All steps of a problem; where its padding is "same", those that lead to the padding come first. */
export function derivationOf(problem) {
  const { steps } = sizeOf(problem);
  return problem.isSame ? [...samePadding(problem).steps, ...steps.slice(1)] : steps;
}

/** The problem of one axis, 0 for rows and 1 for columns, from the state as a model holds it. */
export function problemOf(state, axis) {
  const at = (value) => (Array.isArray(value) ? value[axis] : value);
  const parameters = { size: at(state.size), kernel: at(state.kernel), stride: at(state.stride) };
  const problem = { ...parameters, dilation: at(state.dilation), rounding: state.rounding };
  Object.assign(problem, { transposed: state.transposed, outputPadding: at(state.output_padding) });
  const entry = at(state.padding);
  problem.isSame = entry === "same";
  problem.padding = problem.isSame ? samePadding(problem).padding : ends(entry);
  return problem;
}

/** A problem with some changes; padding "same" stays what keeps the size. */
export function problemWith(problem, changes) {
  const changed = { ...problem, ...changes };
  const isSame = problem.isSame && !("padding" in changes);
  return isSame ? { ...changed, padding: samePadding(changed).padding } : { ...changed, isSame: false };
}

/**
 * A trait after a change on one axis, 0 or 1, or on both (null), as Python writes it: one value if both are equal.
 * `entry` is a number; of padding a number, "same" or [before, after].
 */
export function onAxis(name, current, axis, entry) {
  const isPadding = name === "padding";
  const both = Array.isArray(current) ? [...current] : [current, current];
  if (axis === null) both.fill(entry);
  else both[axis] = entry;
  const [rows, columns] = isPadding ? both.map(fullEntry) : both;
  if (JSON.stringify(rows) !== JSON.stringify(columns)) return [rows, columns];
  return Array.isArray(rows) ? (rows[0] === rows[1] ? rows[0] : [rows, columns]) : rows;
}

const fullEntry = (entry) => (entry === "same" ? entry : ends(entry));

const ends = (entry) => (Array.isArray(entry) ? [entry[0], entry[1]] : [entry, entry]);
