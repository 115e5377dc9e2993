// Where the window goes next. `filled` counts the output cells shown, in reading order; -1 shows all.
import { count } from "../shared/arrays.js";
import { clampPosition, indexOf, positionAt } from "../shared/arithmetic.js";

/** Speeds that the slider offers, in positions per second. */
export const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Place on the slider that is nearest to a speed. */
export function speedIndex(speed) {
  const away = SPEEDS.map((offered) => Math.abs(Math.log2(offered / speed)));
  return away.indexOf(Math.min(...away));
}

/** True if the value at a position is shown. */
export const isShown = (position, filled, geometry) => filled < 0 || indexOf(position, geometry) < filled;

/** After a move to `position`: what stays filled. The window has passed every earlier position. */
export function moveTo(position, filled, geometry) {
  const place = clampPosition(position, geometry);
  return { position: place, filled: filled < 0 ? -1 : Math.max(filled, indexOf(place, geometry) + 1) };
}

/** Back to the first position, with an empty output but for its value. */
export const startOver = () => ({ position: [0, 0], filled: 1 });

/** To the last position, with everything filled. */
export const finish = (geometry) => ({ position: positionAt(Infinity, geometry), filled: -1 });

/** What Play shows first: it goes on from where the window stands, or from the start once it is at the end. */
export function beginPlaying(position, geometry) {
  const index = indexOf(clampPosition(position, geometry), geometry);
  if (index >= count(geometry.output) - 1) return startOver();
  return { position: positionAt(index, geometry), filled: index + 1 };
}

/** `steps` positions further in reading order; `playing` is false at the end. */
export function advance(position, filled, geometry, steps = 1) {
  const last = count(geometry.output) - 1;
  const index = Math.max(0, Math.min(last, indexOf(position, geometry) + steps));
  const reached = moveTo(positionAt(index, geometry), filled, geometry);
  return index >= last ? { ...reached, filled: -1, playing: false } : { ...reached, playing: true };
}

/** Milliseconds to the next redraw while playing, and positions to go then: never above 30 redraws a second. */
export function pace(speed) {
  const steps = Math.max(1, Math.round(speed / 30));
  return { steps, wait: (1000 * steps) / speed };
}

/** Write `changes` to the model and send them to Python in one message. */
export function change(model, changes) {
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  model.save_changes();
}

/** What follows from a new shape or new values: the window stays inside, and no number is found yet. */
export function afterChange(model, geometry) {
  const position = clampPosition(model.get("position"), geometry);
  const filled = model.get("filled");
  const shape = model.get("image").shape;
  const channel = Math.min(model.get("channel"), shape.length === 3 ? shape[0] - 1 : 0);
  const changes = { position, channel, filled: filled <= 0 ? filled : indexOf(position, geometry) + 1 };
  const isAnswered = model.get("predicted").length || model.get("missed").length;
  return isAnswered ? { ...changes, predicted: [], missed: [] } : changes;
}

/**
 * Run the clock of one model, whatever the number of its views. Returns its cleanup.
 * `read` gives the geometry; while `isStill()`, nothing plays by itself. `conventions` may change the shape.
 */
export function runClock(model, read, isStill, conventions = null) {
  let timer = 0;
  const tick = () => {
    const { steps, wait } = pace(model.get("speed"));
    change(model, advance(model.get("position"), model.get("filled"), read(), steps));
    if (model.get("playing")) timer = setTimeout(tick, wait);
  };
  const start = () => {
    if (isStill() || !read().fits) {
      change(model, { playing: false });
      return;
    }
    change(model, beginPlaying(model.get("position"), read()));
    timer = setTimeout(tick, pace(model.get("speed")).wait);
  };
  // Not at once: while the model reports a change from Python, setting the value back would never be sent.
  const onPlaying = () => {
    clearTimeout(timer);
    if (model.get("playing")) timer = setTimeout(start);
  };
  const onShape = () => change(model, afterChange(model, read()));
  const listeners = [
    [model, "change:playing", onPlaying],
    ...SHAPING.map((name) => [model, `change:${name}`, onShape]),
    ...(conventions ? ["operation", "rounding"].map((name) => [conventions, `change:${name}`, onShape]) : []),
  ];
  for (const [source, event, listener] of listeners) source.on(event, listener);
  onPlaying();
  return () => {
    clearTimeout(timer);
    for (const [source, event, listener] of listeners) source.off(event, listener);
  };
}

/** The traits that decide which positions there are. */
export const SHAPING = ["image", "kernel", "stride", "padding", "dilation"];
