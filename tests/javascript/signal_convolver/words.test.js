// What the demo says, where things lie on the page, and how the sweep goes on.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as scales from "../../../coursekit/widgets/signal_convolver/scales.js";
import * as words from "../../../coursekit/widgets/signal_convolver/sentences.js";
import * as sweep from "../../../coursekit/widgets/signal_convolver/sweep.js";

const scene = (signal, kernel, others = {}) => ({
  signal: Float64Array.from(signal),
  laid: Float64Array.from(kernel),
  decimals: { signal: 0, kernel: 0, output: 0 },
  isFlipped: false,
  isContinuous: false,
  step: 1,
  mode: "full",
  kept: [0, signal.length + kernel.length - 1],
  output: new Float64Array(signal.length + kernel.length - 1),
  ...others,
});

test("the row times the signal is written out with true minus signs and negative factors in parentheses", () => {
  const written = words.writtenOutput(scene([2, 3, 5], [1, 0, -1]), 2);
  expect(written).toEqual({ terms: ["2×1", "3×0", "5×(−1)"], result: "= −3" });
});

test("where the kernel reaches over the end, only what lies on the signal is written", () => {
  expect(words.writtenOutput(scene([2, 3, 5], [1, 7, -1]), 4).terms).toEqual(["5×1"]);
  expect(words.writtenOutput(scene([2, 3, 5], [1, 7, -1]), 1).terms).toEqual(["2×7", "3×(−1)"]);
});

test("a long sum is shortened in its middle, but its result is the whole", () => {
  const { terms, result } = words.writtenOutput(scene(Array(20).fill(1), Array(20).fill(2)), 19);
  expect(terms).toEqual(["1×2", "1×2", "1×2", "1×2", null, "1×2", "1×2"]);
  expect(result).toBe("= 40");
});

test("a sum of rounded factors is said to be about that, and zeros at the end are left away", () => {
  const decimals = { signal: 2, kernel: 2, output: 2 };
  expect(words.writtenOutput(scene([1 / 3], [1], { decimals }), 0)).toEqual({ terms: ["0.33×1"], result: "≈ 0.33" });
  expect(words.writtenOutput(scene([0.5], [2], { decimals }), 0)).toEqual({ terms: ["0.5×2"], result: "= 1" });
});

test("the output of curves is dt times the sum", () => {
  const { terms, result } = words.writtenOutput(scene([1, 1], [2, 2], { isContinuous: true, step: 0.05 }), 1);
  expect(terms).toEqual(["dt × sum of the products = 0.05\u00a0×\u00a04"]);
  expect(result).toBe("= 0.2");
});

test("times have the decimals of their step and no more", () => {
  expect(words.writtenTime(-2, { isContinuous: false, step: 1 })).toBe("−2");
  expect(words.writtenTime(55, { isContinuous: true, step: 0.05 })).toBe("2.75");
  expect(words.writtenTime(20, { isContinuous: true, step: 0.05 })).toBe("1");
});

test("the status names t, the value, the place in the kept output and what lies outside", () => {
  const output = Float64Array.of(-1, -4, 7, 1, 2);
  const seen = scene([1, 4, 2], [1, 0, -1], { output, mode: "same", kept: [1, 4] });
  expect(words.describeState(seen, 2)).toBe("t = 0: the output is 7, output[1] of same.");
  expect(words.describeState(seen, 0)).toBe(
    "t = −2: the output is −1, dropped by same. 2 of the kernel's 3 numbers lie outside the signal, on zeros.",
  );
  expect(words.describeState({ ...seen, isFlipped: true }, 2)).toMatch(/^t = 2:/);
});

test("each convention says where the kernel's number 0 lies and which sum it stands for", () => {
  expect(words.whichTime(false, false)).toContain("not flipped; t is where its number 0 stands, on the left");
  expect(words.whichTime(false, false)).toContain("kernel(s − t)");
  expect(words.whichTime(true, true)).toContain("∫ signal(s) × kernel(t − s) ds");
});

test("a mode that keeps nothing says why, and how many a mode keeps is counted", () => {
  expect(words.whyNothingIsKept("valid", 3, 6)).toContain("the kernel has 6 numbers, the signal only 3");
  expect(words.whyNothingIsKept("valid", 6, 6)).toBe("");
  expect(words.whyNothingIsKept("same", 3, 6)).toBe("");
  expect(words.whatIsKept("valid", [2, 2])).toBe("valid keeps none");
  expect(words.whatIsKept("valid", [2, 3])).toBe("valid keeps 1 output");
});

test.each([[8, 3], [1, 1], [384, 5], [1000, 200]])("%i samples under %i taps fit on the axis, and points lead back", (samples, taps) => {
  const axis = scales.timeAxis(740, samples, taps);
  for (const sample of [1 - taps, 0, samples - 1, samples + taps - 2]) {
    const x = scales.xOf(axis, sample);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(740);
    expect(scales.sampleAt(axis, x)).toBe(sample);
  }
});

test("few samples are stems with numbers, more are stems, many and all continuous ones are curves", () => {
  const seen = (samples, taps, isContinuous = false) =>
    scales.arrangement({ width: 740, samples, taps, mode: "full", isContinuous });
  expect(seen(8, 3)).toMatchObject({ isCurve: false, isPrinted: true });
  expect(seen(50, 3)).toMatchObject({ isCurve: false, isPrinted: false });
  expect(seen(384, 3)).toMatchObject({ isCurve: true, isPrinted: false });
  expect(seen(8, 3, true)).toMatchObject({ isCurve: true, isPrinted: false });
});

test("a vertical scale holds its range between top and bottom, and a point gives its value back", () => {
  const scale = scales.verticalScale([-2, 6], 10, 110, 5);
  expect(scales.yOf(scale, 6)).toBeCloseTo(15);
  expect(scales.yOf(scale, -2)).toBeCloseTo(105);
  expect(scales.valueAt(scale, scales.yOf(scale, 1.25))).toBeCloseTo(1.25);
});

test("no product leaves the range that is kept for all of them", () => {
  expect(scales.productRange([3, -2], [4, -5])).toEqual([-15, 12]);
  expect(scales.productRange([1, 2], [1])).toEqual([0, 2]);
  expect(scales.rangeOf([0, 0])).toEqual([0, 1]);
});

test("an axis is labelled with round numbers that have room", () => {
  expect(scales.roundTicks([-2, 9], 58, 44)).toEqual([-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(scales.roundTicks([0, 1], 100, 30)).toEqual([0, 0.5, 1]);
});

test.each([
  [0, "0"],
  [-250, "−250"],
  [0.002, "0.002"],
  [-5000000000, "−5e9"],
  [15000, "1.5e4"],
  [-1e-9, "−1e−9"],
])("the tick %f is written %s", (tick, text) => {
  expect(scales.tickText(tick)).toBe(text);
});

test("the nearest head within reach is meant", () => {
  const heads = [{ x: 10, y: 50 }, { x: 30, y: 20 }];
  expect(scales.headAt([24, 27], heads, 12)).toBe(1);
  expect(scales.headAt([80, 10], heads, 12)).toBe(null);
});

test("a matrix is printed where its entries fit, and a picture where they do not", () => {
  expect(scales.matrixLayout(480, 254, 10, 8)).toEqual({ cell: 24, isPrinted: true });
  const large = scales.matrixLayout(480, 254, 60, 60);
  expect(large.isPrinted).toBe(false);
  expect(60 * large.cell).toBeLessThanOrEqual(254);
  expect(scales.matrixLayout(480, 254, 1059, 1000).cell).toBeLessThan(0.25);
});

test("a sweep goes on from where the kernel stands and stops at the end", () => {
  expect(sweep.sweepFrom(4, 10)).toBe(4);
  expect(sweep.sweepFrom(9, 10)).toBe(0);
  expect(sweep.sweepOn(4, 1, 10)).toEqual({ position: 5, playing: true });
  expect(sweep.sweepOn(8, 7, 10)).toEqual({ position: 9, playing: false });
  for (const speed of sweep.SWEEP_SPEEDS) {
    const { steps, wait } = sweep.sweepPace(speed);
    expect(wait).toBeGreaterThanOrEqual(16);
    expect((1000 * steps) / wait).toBeCloseTo(speed);
    expect(sweep.SWEEP_SPEEDS[sweep.sweepSpeedIndex(speed)]).toBe(speed);
  }
});

describe("the clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function modelOf(state) {
    const listeners = {};
    const sent = [];
    return {
      sent,
      get: (name) => state[name],
      set(name, value) {
        const isNew = state[name] !== value;
        state[name] = value;
        if (isNew) (listeners[`change:${name}`] ?? []).forEach((listener) => listener());
      },
      save_changes: () => sent.push({ ...state }),
      on: (event, listener) => void (listeners[event] ??= []).push(listener),
      off: (event, listener) => void (listeners[event] = listeners[event].filter((one) => one !== listener)),
    };
  }
  const state = () => ({ signal: { shape: [4] }, kernel: { shape: [2] }, position: 4, speed: 2, playing: false });

  test("starts over from the end, sweeps to it and stops", () => {
    const model = modelOf(state());
    sweep.runSweep(model, () => false);
    model.set("playing", true);
    vi.advanceTimersByTime(1);
    expect(model.get("position")).toBe(0);
    vi.advanceTimersByTime(5000);
    expect([model.get("position"), model.get("playing")]).toEqual([4, false]);
    expect(model.sent.length).toBe(5);
  });

  test("does not move where reduced motion is asked for, and not after it is closed", () => {
    const calm = modelOf(state());
    sweep.runSweep(calm, () => true);
    calm.set("playing", true);
    vi.advanceTimersByTime(5000);
    expect([calm.get("position"), calm.get("playing")]).toEqual([4, false]);
    const closed = modelOf(state());
    const close = sweep.runSweep(closed, () => false);
    closed.set("playing", true);
    close();
    vi.advanceTimersByTime(5000);
    expect(closed.get("position")).toBe(4);
  });
});
