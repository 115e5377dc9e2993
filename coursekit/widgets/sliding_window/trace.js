// What a student's own function did, event by event: decoding it, and what is to be shown at each step.
import { formatNumber, isShownExactly, shorten } from "../shared/grid.js";

const NEGATIVE_INDEX = 1;
const CUT_OFF = 2;
const TABLE_COLUMNS = 6;

/** Numbers as Python sends them: a view that may start anywhere in its buffer, so it is copied. */
const typed = (Type, { buffer, byteOffset, byteLength }) =>
  new Type(buffer.slice(byteOffset, byteOffset + byteLength));

/**
 * A trace as Python sends it, decoded. `events` are [{ kind, line, name, cells, values, isNegative, isCut,
 * target }]; `target` is the flat index of the output that an event works for, the next one that is written
 * alone, and -1 where there is none.
 */
export function decodeTrace(message) {
  const table = typed(Int32Array, message.table);
  const [cells, values] = [typed(Int32Array, message.cells), typed(Float64Array, message.values)];
  const events = [];
  let [cell, value] = [0, 0];
  for (let at = 0; at < table.length; at += TABLE_COLUMNS) {
    const [kind, line, name, cellCount, valueCount, flags] = table.subarray(at, at + TABLE_COLUMNS);
    events.push({
      kind: message.kinds[kind],
      line,
      name: message.called[events.length] ?? message.names[name],
      cells: cells.subarray(cell, cell + cellCount),
      values: values.subarray(value, value + valueCount),
      isNegative: Boolean(flags & NEGATIVE_INDEX),
      isCut: Boolean(flags & CUT_OFF),
      target: -1,
    });
    cell += cellCount;
    value += valueCount;
  }
  addTargets(events);
  const [image, kernel] = [message.image, message.kernel].map(({ shape, data }) => ({
    shape: [...shape],
    data: typed(Float64Array, data),
  }));
  return { ...message, events, image, kernel, output: message.output && [...message.output] };
}

function addTargets(events) {
  let target = -1;
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index];
    if (isOutput(event)) target = event.cells.length === 1 ? event.cells[0] : -1;
    event.target = target;
  }
}

const isOutput = ({ kind, name, cells }) => kind === "write" && name === "output" && cells.length > 0;

/** A step that exists: nothing is before the first or beyond the last event. */
export const clampStep = (step, trace) => Math.max(0, Math.min(trace.events.length - 1, step));

/** The next step, or the one before, at which an output is written; the end or the start where there is none. */
export function nextWrite(trace, step, direction) {
  for (let at = step + direction; at >= 0 && at < trace.events.length; at += direction) {
    if (isOutput(trace.events[at])) return at;
  }
  return direction > 0 ? trace.events.length - 1 : 0;
}

/**
 * The output after a step: its values, NaN where nothing is written yet, and how often each was written.
 * `before`, what this function returned for an earlier step, is gone on from, and changed.
 */
export function outputAt(trace, step, before = null) {
  const size = trace.output ? trace.output[0] * trace.output[1] : 0;
  const isUsable = before && before.trace === trace && before.step <= step;
  const filled = isUsable
    ? before
    : { trace, step: -1, values: new Float64Array(size).fill(NaN), writes: new Int32Array(size) };
  for (let at = filled.step + 1; at <= step; at++) {
    const event = trace.events[at];
    if (!isOutput(event)) continue;
    event.cells.forEach((cell, index) => {
      filled.values[cell] = event.values[index];
      filled.writes[cell] += 1;
    });
  }
  filled.step = step;
  return filled;
}

/** What lights up at a step: the pixels and taps that are read, the output that is written. */
export function marksAt(trace, step) {
  const { kind, name, cells } = trace.events[step];
  const marks = { image: [], kernel: [], output: [] };
  if (kind === "read" || kind === "take" || kind === "write") {
    if (name in marks) marks[name] = [...cells];
  } else if (kind === "multiply") {
    for (let at = 0; at < cells.length; at += 2) {
      if (cells[at] >= 0) marks.image.push(cells[at]);
      marks.kernel.push(cells[at + 1]);
    }
  }
  return marks;
}

/**
 * The window that the output [row, column] should read, as pixels { row, column }; some may lie outside.
 * In the order of the taps; in a convolution the last pixel stands beside the first tap.
 */
export function rightWindow({ kernel, operation, parameters }, [row, column]) {
  const { stride, padding, dilation } = parameters;
  const pixels = [];
  for (let u = 0; u < kernel.shape[0]; u++) {
    for (let v = 0; v < kernel.shape[1]; v++) {
      const [down, right] = operation === "convolution" ? [kernel.shape[0] - 1 - u, kernel.shape[1] - 1 - v] : [u, v];
      pixels.push({
        row: row * stride[0] - padding[0] + down * dilation[0],
        column: column * stride[1] - padding[1] + right * dilation[1],
      });
    }
  }
  return pixels;
}

/** The window of the output that a step works for; none where no output is meant, or none should be there. */
export function windowAt(trace, step) {
  const { target } = trace.events[step];
  if (target < 0) return [];
  const cell = [Math.floor(target / trace.output[1]), target % trace.output[1]];
  return cell.every((at, axis) => at < trace.rightShape[axis]) ? rightWindow(trace, cell) : [];
}

/** Pixels that an event reads outside the window of the output it works for, as flat indices. */
export function strayPixels(trace, step) {
  const { image } = marksAt(trace, step);
  const window = image.length ? windowAt(trace, step) : [];
  if (!window.length) return [];
  const inside = new Set(window.map(({ row, column }) => `${row},${column}`));
  const columns = trace.image.shape[1];
  return image.filter((pixel) => !inside.has(`${Math.floor(pixel / columns)},${pixel % columns}`));
}

/** The products for the present output up to a step, and their sum as the function has it: null before any. */
export function runningSum(trace, step) {
  const { target } = trace.events[step];
  let first = step;
  while (first > 0 && trace.events[first - 1].target === target) first -= 1;
  const sum = { products: [], total: null };
  for (let at = first; at <= step; at++) {
    const { kind, values } = trace.events[at];
    if (kind === "multiply") sum.products.push(...values);
    if ((kind === "add" || kind === "write") && values.length === 1) sum.total = values[0];
  }
  return sum;
}

/** Which outputs any finding is about, or one of them: flat indices. */
export function blamed(trace, chosen = -1) {
  const findings = chosen < 0 ? trace.findings : [trace.findings[chosen]];
  return new Set(findings.flatMap(({ cells }) => cells.map(([row, column]) => row * trace.output[1] + column)));
}

/** A number as it is: short, with a true minus sign. */
export function writtenValue(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : `${value < 0 ? "−" : ""}∞`;
  const decimals = [0, 1, 2, 3].find((number) => isShownExactly(value, number));
  return formatNumber(value, decimals ?? 3);
}

/** "3 + 10 + (−6) = 7": the products so far, and their sum once the function has one. */
export function sumInWords({ products, total }) {
  const terms = shorten(products.length, 10).map((index) => (index === null ? "…" : writtenValue(products[index])));
  const joined = terms.map((text, index) => (index ? inBrackets(text) : text)).join(" + ");
  if (total === null || (terms.length === 1 && joined === writtenValue(total))) return joined;
  return `${joined}${joined ? " = " : ""}${writtenValue(total)}`;
}

const cellName = (name, flat, columns) => `${name}[${Math.floor(flat / columns)}, ${flat % columns}]`;
const inBrackets = (text) => (text.startsWith("−") ? `(${text})` : text);

/** What the function does at a step, in words. */
export function sentenceAt(trace, step) {
  const event = trace.events[step];
  const columns = { image: trace.image.shape[1], kernel: trace.kernel.shape[1], output: trace.output?.[1] };
  const does = TRACE_ACTIONS[event.kind](event, trace, columns);
  const end = event.isNegative ? " A negative index counts from the other end." : "";
  return `${event.line ? `Line ${event.line}` : "The function"} ${does}.${end}`;
}

const TRACE_ACTIONS = {
  read: ({ name, cells, values }, _trace, columns) =>
    cells.length ? `reads ${cellName(name, cells[0], columns[name])} = ${writtenValue(values[0])}` : "reads another array",
  take: ({ name, cells }, _trace, columns) => `takes ${regionName(name, cells, columns[name])}`,
  multiply: ({ cells, values }, trace) => {
    if (values.length !== 1) return `multiplies ${cells.length / 2} numbers by the taps of the kernel`;
    const pixel = cells[0] < 0 ? null : trace.image.data[cells[0]];
    const [product, tap] = [values[0], trace.kernel.data[cells[1]]];
    if (pixel === null) return `multiplies tap ${writtenValue(tap)} by a number that is no pixel: ${writtenValue(product)}`;
    return `multiplies ${inBrackets(writtenValue(pixel))} × ${inBrackets(writtenValue(tap))} = ${writtenValue(product)}`;
  },
  add: ({ values }) => (values.length ? `adds: the sum is ${writtenValue(values[0])}` : "adds many numbers at once"),
  call: ({ name }) => `calls ${name}, on many numbers at once`,
  write: ({ name, cells, values, isCut }, _trace, columns) => {
    if (name !== "output") return name === "other" ? "writes into another array" : `writes into the ${name}`;
    const cut = isCut ? ", with its decimals cut off" : "";
    if (cells.length === 1) return `writes ${writtenValue(values[0])} to ${cellName(name, cells[0], columns.output)}${cut}`;
    return `writes ${cells.length} outputs at once${cut}`;
  },
  raise: ({ name }) => `stops with an error: ${name}`,
};

/** "row 0, columns 1 to 2 of the image". */
function regionName(name, cells, columns) {
  const rows = [...cells].map((cell) => Math.floor(cell / columns));
  const across = [...cells].map((cell) => cell % columns);
  const span = (noun, numbers) => {
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return least === most ? `${noun} ${least}` : `${noun}s ${least} to ${most}`;
  };
  return `${span("row", rows)}, ${span("column", across)} of the ${name}`;
}
