// Play: the kernel sweeps over the signal by itself. One clock for each model, however many views it has.
import { fullLength, nearestPosition } from "./signals.js";

/** Speeds that the slider offers, in positions a second. */
export const SWEEP_SPEEDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Place on the slider that is nearest to a speed. */
export function sweepSpeedIndex(speed) {
  const away = SWEEP_SPEEDS.map((offered) => Math.abs(Math.log2(offered / speed)));
  return away.indexOf(Math.min(...away));
}

/** Milliseconds to the next step of a sweep, and positions to go then: never above 40 steps a second. */
export function sweepPace(speed) {
  const steps = Math.max(1, Math.round(speed / 40));
  return { steps, wait: (1000 * steps) / speed };
}

/** Where a sweep stands after some steps; it stops at the last position. */
export function sweepOn(position, steps, length) {
  const reached = Math.min(length - 1, position + steps);
  return { position: reached, playing: reached < length - 1 };
}

/** Where a sweep starts: where the kernel stands, or at the first position if it has reached the last. */
export const sweepFrom = (position, length) => (position >= length - 1 ? 0 : position);

/** Run the clock of a model. Returns its cleanup. Where reduced motion is asked for, nothing plays. */
export function runSweep(model, isMotionReduced) {
  let timer = 0;
  const sizes = () => [model.get("signal").shape[0], model.get("kernel").shape[0]];
  const present = () => nearestPosition(model.get("position"), ...sizes());
  const write = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
  const tick = () => {
    const { steps, wait } = sweepPace(model.get("speed"));
    write(sweepOn(present(), steps, fullLength(...sizes())));
    if (model.get("playing")) timer = setTimeout(tick, wait);
  };
  const start = () => {
    if (isMotionReduced()) {
      write({ playing: false });
      return;
    }
    write({ position: sweepFrom(present(), fullLength(...sizes())) });
    timer = setTimeout(tick, sweepPace(model.get("speed")).wait);
  };
  // Not at once: while the model reports a change from Python, setting the value back would never be sent.
  const onPlaying = () => {
    clearTimeout(timer);
    if (model.get("playing")) timer = setTimeout(start);
  };
  model.on("change:playing", onPlaying);
  onPlaying();
  return () => {
    clearTimeout(timer);
    model.off("change:playing", onPlaying);
  };
}
