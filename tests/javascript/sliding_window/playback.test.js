import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { geometry } from "../../../coursekit/widgets/shared/arithmetic.js";
import * as js from "../../../coursekit/widgets/sliding_window/playback.js";

const place = geometry([4, 5], [2, 2]); // output 3 x 4: the last position is [2, 3]

/** A model as anywidget hands it over: values, and events when one changes. */
class Model {
  constructor(values) {
    const answers = { predict: false, predicted: [], missed: [], channel: 0, image: { shape: [4, 5] } };
    this.values = { position: [0, 0], filled: -1, playing: false, speed: 10, ...answers, ...values };
    this.listeners = new Map();
    this.saves = 0;
  }
  get = (name) => this.values[name];
  set(name, value) {
    const same = JSON.stringify(this.values[name]) === JSON.stringify(value);
    this.values[name] = value;
    if (!same) [...(this.listeners.get(`change:${name}`) ?? [])].forEach((listener) => listener());
  }
  save_changes = () => (this.saves += 1);
  on = (event, listener) => this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  off = (event, listener) =>
    this.listeners.set(
      event,
      this.listeners.get(event).filter((kept) => kept !== listener),
    );
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a step goes on in reading order and ends at the last position with everything filled", () => {
  expect(js.advance([0, 3], 4, place)).toEqual({ position: [1, 0], filled: 5, playing: true });
  expect(js.advance([2, 2], 11, place)).toEqual({ position: [2, 3], filled: -1, playing: false });
  expect(js.advance([0, 0], 1, place, -1).position).toEqual([0, 0]);
});

test("a move fills what the window has passed and empties nothing", () => {
  expect(js.moveTo([1, 1], 2, place).filled).toBe(6);
  expect(js.moveTo([0, 0], 6, place).filled).toBe(6);
  expect(js.moveTo([1, 1], -1, place).filled).toBe(-1);
});

test("playing starts over once the window is at the end, else goes on", () => {
  expect(js.beginPlaying([2, 3], place)).toEqual({ position: [0, 0], filled: 1 });
  expect(js.beginPlaying([1, 0], place)).toEqual({ position: [1, 0], filled: 5 });
});

test.each(js.SPEEDS)(
  "at %f positions a second the pace is that speed, with 34 redraws a second at most",
  (speed) => {
    const { steps, wait } = js.pace(speed);
    expect((1000 * steps) / wait).toBeCloseTo(speed);
    expect(wait).toBeGreaterThan(29);
    expect(Number.isInteger(steps)).toBe(true);
  },
);

test("the slider finds the speed nearest to one set from Python", () => {
  js.SPEEDS.forEach((speed, index) => expect(js.speedIndex(speed)).toBe(index));
  expect(js.SPEEDS[js.speedIndex(5)]).toBe(4);
  expect(js.SPEEDS[js.speedIndex(9999)]).toBe(1024);
});

test("the clock fills the output cell by cell and stops at the end", () => {
  const model = new Model({ position: [1, 2] });
  js.runClock(
    model,
    () => place,
    () => false,
  );
  model.set("playing", true);
  vi.advanceTimersByTime(0);
  expect(model.get("filled")).toBe(7);
  vi.advanceTimersByTime(250);
  expect([model.get("position"), model.get("filled")]).toEqual([[2, 0], 9]);
  vi.advanceTimersByTime(5000);
  expect([model.get("position"), model.get("filled"), model.get("playing")]).toEqual([[2, 3], -1, false]);
  expect(vi.getTimerCount()).toBe(0);
});

test("pausing stops the clock at once, and a second play runs one clock, not two", () => {
  const model = new Model({});
  js.runClock(
    model,
    () => place,
    () => false,
  );
  model.set("playing", true);
  model.set("playing", false);
  vi.advanceTimersByTime(1000);
  expect(model.get("position")).toEqual([0, 0]);
  model.set("playing", true);
  vi.advanceTimersByTime(150);
  expect(model.get("position")).toEqual([0, 1]);
});

test("where reduced motion is asked for, nothing plays by itself", () => {
  const model = new Model({});
  js.runClock(
    model,
    () => place,
    () => true,
  );
  model.set("playing", true);
  vi.advanceTimersByTime(5000);
  expect([model.get("playing"), model.get("position")]).toEqual([false, [0, 0]]);
});

test("where no window fits, nothing plays", () => {
  const model = new Model({});
  js.runClock(
    model,
    () => geometry([2, 2], [3, 3]),
    () => false,
  );
  model.set("playing", true);
  vi.advanceTimersByTime(0);
  expect(model.get("playing")).toBe(false);
});

test.each([
  [-1, -1],
  [0, 0],
  [3, 4],
])("a new shape keeps the window inside the output; filled %i becomes %i", (filled, expected) => {
  const model = new Model({ position: [2, 3], filled });
  js.runClock(
    model,
    () => geometry([4, 5], [2, 2], { stride: 2 }),
    () => false,
  );
  model.set("stride", 2);
  expect([model.get("position"), model.get("filled")]).toEqual([[1, 1], expected]);
});

test("new values make a new question: what was found and missed is forgotten", () => {
  const model = new Model({ predicted: [0, 2], missed: [1], channel: 2, image: { shape: [2, 4, 5] } });
  const stop = js.runClock(
    model,
    () => place,
    () => false,
  );
  model.set("kernel", { shape: [2, 2, 2] });
  expect([model.get("predicted"), model.get("missed"), model.get("channel")]).toEqual([[], [], 1]);
  stop();
});

test("a convention that changes the sizes moves the window back inside", () => {
  const [model, conventions] = [new Model({ position: [2, 3] }), new Model({ rounding: "ceil" })];
  const read = () => geometry([4, 5], [2, 2], { stride: 3, rounding: conventions.get("rounding") });
  const stop = js.runClock(model, read, () => false, conventions);
  conventions.set("rounding", "floor");
  expect(model.get("position")).toEqual([0, 1]);
  stop();
  expect([...conventions.listeners.values()].flat()).toEqual([]);
});

test("the value at a position is shown once the window has been there", () => {
  expect([-1, 0, 5, 6].map((filled) => js.isShown([1, 1], filled, place))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("the cleanup stops the clock and lets go of the model", () => {
  const model = new Model({ playing: true });
  const stop = js.runClock(
    model,
    () => place,
    () => false,
  );
  expect(vi.getTimerCount()).toBe(1);
  stop();
  model.set("playing", false);
  model.set("playing", true);
  expect(vi.getTimerCount()).toBe(0);
  expect([...model.listeners.values()].flat()).toEqual([]);
});
