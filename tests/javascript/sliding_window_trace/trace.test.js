import { expect, test } from "vitest";
import * as js from "../../../coursekit/widgets/sliding_window/trace.js";
import { arrangeGrids } from "../../../coursekit/widgets/sliding_window/trace_grids.js";
import { casesOf } from "../cases.js";

const { traces, windows } = casesOf("sliding_window_trace");

/** Buffers as anywidget hands them over: views that may start anywhere. */
function withBuffers(value) {
  if (Array.isArray(value)) return value.map(withBuffers);
  if (value === null || typeof value !== "object") return value;
  if ("base64" in value) {
    const bytes = Buffer.from(value.base64, "base64");
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    return new DataView(moved.buffer, 3);
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withBuffers(part)]));
}

const decoded = traces.map((item) => ({ ...item, trace: js.decodeTrace(withBuffers(item.message)) }));
const [loops, intoTheOutput, padded, atOnce, stops] = decoded;

test.each(decoded)("the events of $message.name arrive as they were recorded", ({ trace, events, targets }) => {
  const read = trace.events.map((event) => [
    ...[event.kind, event.line, event.name, [...event.cells], [...event.values], event.isNegative, event.isCut],
  ]);
  expect(read).toEqual(events);
  expect(trace.events.map(({ target }) => target)).toEqual(targets);
});

test.each(decoded)("after every step of $message.name, the output holds what was written", ({ trace, outputs }) => {
  let before = null;
  outputs.forEach((expected, step) => {
    before = js.outputAt(trace, step, before);
    expect([...before.values].map((value) => (Number.isNaN(value) ? null : value))).toEqual(expected);
    expect(js.outputAt(trace, step).values).toEqual(before.values);
  });
  const start = js.outputAt(trace, 0, before);
  expect([...start.values].map((value) => (Number.isNaN(value) ? null : value))).toEqual(outputs[0]);
});

test.each(decoded)("pixels outside the window are told at every step of $message.name", ({ trace, stray }) => {
  expect(trace.events.map((_, step) => js.strayPixels(trace, step))).toEqual(stray);
});

test("a negative index reads outside the window, and Python's cases have one", () => {
  expect(intoTheOutput.stray.flat().length).toBeGreaterThan(0);
  const step = intoTheOutput.trace.events.findIndex(({ isNegative }) => isNegative);
  expect(js.sentenceAt(intoTheOutput.trace, step)).toMatch(/ A negative index counts from the other end\.$/);
});

test.each(windows)("the window that an output should read is the reference's", ({ message, cell, pixels }) => {
  const trace = js.decodeTrace(withBuffers(message));
  expect(js.rightWindow(trace, cell).map(({ row, column }) => [row, column])).toEqual(pixels);
});

test("what is read lights up, and a product lights up both of its factors", () => {
  const { trace } = loops;
  expect(js.marksAt(trace, 0)).toEqual({ image: [0], kernel: [], output: [] });
  expect(js.marksAt(trace, 1)).toEqual({ image: [], kernel: [0], output: [] });
  expect(js.marksAt(trace, 2)).toEqual({ image: [0], kernel: [0], output: [] });
  expect(js.marksAt(trace, js.nextWrite(trace, 0, 1))).toEqual({ image: [], kernel: [], output: [0] });
});

test("padding lights up a tap alone", () => {
  const step = padded.trace.events.findIndex(({ kind }) => kind === "multiply");
  const marks = js.marksAt(padded.trace, step);
  expect(marks.kernel).toEqual([0, 1, 2, 3]);
  expect(marks.image).toEqual([0]);
});

test("the running sum counts the products of the present output alone", () => {
  const { trace } = loops;
  const first = js.nextWrite(trace, 0, 1);
  const products = [1 * 1, 2 * -2, 4 * 0.5, -5 * 3];
  expect(js.runningSum(trace, first)).toEqual({ products, total: -16 });
  expect(js.sumInWords(js.runningSum(trace, first))).toBe("1 + (−4) + 2 + (−15) = −16");
  expect(js.runningSum(trace, first + 1)).toEqual({ products: [], total: null });
  expect(js.runningSum(trace, first + 3)).toEqual({ products: [2], total: null });
  expect(js.sumInWords(js.runningSum(trace, first + 4))).toBe("2");
  expect(js.sumInWords({ products: [], total: 3 })).toBe("3");
});

test("from one written output to the next, to the ends and no further", () => {
  const { trace } = loops;
  const first = js.nextWrite(trace, 0, 1);
  const second = js.nextWrite(trace, first, 1);
  expect([trace.events[first].cells[0], trace.events[second].cells[0]]).toEqual([0, 1]);
  expect(js.nextWrite(trace, second, -1)).toBe(first);
  expect(js.nextWrite(trace, first, -1)).toBe(0);
  expect(js.nextWrite(trace, trace.events.length - 1, 1)).toBe(trace.events.length - 1);
  expect([js.clampStep(-1, trace), js.clampStep(Infinity, trace)]).toEqual([0, trace.events.length - 1]);
});

test("every step is a sentence with its line", () => {
  const { trace, events } = loops;
  const line = events[0][1];
  const said = trace.events.slice(0, 5).map((_, step) => js.sentenceAt(trace, step));
  expect(said).toEqual([
    `Line ${line} reads image[0, 0] = 1.`,
    `Line ${line} reads kernel[0, 0] = 1.`,
    `Line ${line} multiplies 1 × 1 = 1.`,
    `Line ${line} adds: the sum is 1.`,
    `Line ${line} reads image[0, 1] = 2.`,
  ]);
  expect(js.sentenceAt(trace, 6)).toBe(`Line ${line} multiplies 2 × (−2) = −4.`);
  const write = js.nextWrite(trace, 0, 1);
  expect(js.sentenceAt(trace, write)).toBe(`Line ${line + 1} writes −16 to output[0, 0].`);
});

test("a call for everything, an error and lost decimals are said to be that", () => {
  const all = ({ trace }) => trace.events.map((_, step) => js.sentenceAt(trace, step)).join("\n");
  expect(all(atOnce)).toMatch(/calls einsum, on many numbers at once/);
  expect(all(atOnce)).toMatch(/writes 4 outputs at once/);
  expect(all(stops)).toMatch(/stops with an error: IndexError: index 9 is out of bounds for axis 1 with size 3/);
  expect(all(intoTheOutput)).toMatch(/, with its decimals cut off\./);
  expect(all(padded)).toMatch(/takes row 0, column 0 of the image/);
});

test("the outputs that findings are about can be told together and one by one", () => {
  const { trace } = padded;
  expect(trace.findings.map(({ id }) => id)).toEqual(["window_outside_image"]);
  expect(js.blamed(trace).size).toBe(12);
  expect(js.blamed(trace, 0)).toEqual(js.blamed(trace));
  expect(js.blamed(loops.trace).size).toBe(0);
});

test.each([
  [1, "1"],
  [-2.5, "−2.5"],
  [1 / 3, "0.333"],
  [NaN, "nan"],
  [-Infinity, "−∞"],
])("%f is written %s", (value, text) => void expect(js.writtenValue(value)).toBe(text));

test.each([
  [1280, 520, [[6, 7], [3, 2], [4, 6]], "row"],
  [1280, 520, [[9, 12], [3, 2], [9, 12]], "apart"],
  [464, 0, [[6, 7], [3, 2], [4, 6]], "column"],
])("in %i pixels, %i of them for the source, grids %j stand in a %s", (width, source, shapes, arrangement) => {
  const made = arrangeGrids(width, source, shapes);
  expect(made.arrangement).toBe(arrangement);
  expect(made.cell).toBeGreaterThanOrEqual(26);
});
