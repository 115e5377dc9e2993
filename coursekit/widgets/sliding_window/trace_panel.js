// The reader's own function on the page: its lines, the grids it reads and writes, its steps, its mistakes.
import { pair } from "../shared/arithmetic.js";
import { button, choice, controls, element, group, icon, ICONS } from "../shared/controls.js";
import { panel, setAttribute, sign, slider } from "../shared/controls.js";
import { pointOf } from "../shared/gestures.js";
import { MARGIN } from "../shared/grid.js";
import { paintRecorded, traceScene } from "./trace_grids.js";
import { blamed, clampStep, decodeTrace, marksAt, nextWrite, outputAt } from "./trace.js";
import { runningSum, sentenceAt, strayPixels, sumInWords, windowAt } from "./trace.js";

const TRACE_PACES = [1, 2, 4, 8, 16, 30];
const TRACE_KEYS = "Left and right arrows step, up and down go from output to output, Space plays, Home and End jump.";
const STALE_TRACE =
  "These steps were recorded before numbers or conventions changed: run the cell again to record anew.";

/** The panel of a view. `updateTrace()` draws it, and returns whether it is what the reader looks at. */
export function tracePanel(view) {
  const parts = buildTrace(view);
  const state = { message: null, trace: null, scene: null, filled: null, chosen: -1, pace: 2, timer: 0, before: "" };
  const panelView = { view, parts, state };
  const go = (step) => {
    stopTrace(panelView);
    if (state.trace) view.set({ step: clampStep(step, state.trace) });
  };
  listenToTrace(panelView, go);
  view.onChange(view.model, ["recorded"], () => stopTrace(panelView));
  view.onChange(view.model, ["recorded", "step", "tracing"], () => view.schedule());
  view.whenClosed(() => stopTrace(panelView));
  return {
    switcher: parts.switcher.fieldset,
    box: parts.box,
    isOn: () => Boolean(view.model.get("recorded") && view.model.get("tracing")),
    update: () => updateTrace(panelView),
    onKey: (event) => onTraceKey(panelView, event, go),
  };
}

function buildTrace(view) {
  const parts = {
    switcher: choice("show", (tracing) => view.set({ tracing, playing: false })),
    image: panel("Input"),
    kernel: panel("Kernel"),
    output: panel("Your output"),
    source: element("pre", { class: "sw-source", tabindex: "0", role: "group", "aria-label": "Your function" }),
    sentence: element("div", { class: "sw-does" }),
    sum: element("div", { class: "sw-running" }),
    findings: element("ul", { class: "sw-findings", "aria-label": "What is wrong" }),
    first: button("First step", {}, icon(ICONS.first)),
    lastOutput: button("Output before", {}, icon(ICONS.up)),
    back: button("Step back", {}, icon(ICONS.back)),
    play: button("Play", { class: "ck-play" }, icon(ICONS.play), "Play"),
    forward: button("Step forward", {}, icon(ICONS.forward)),
    nextOutput: button("Next output", {}, icon(ICONS.down)),
    last: button("Last step", {}, icon(ICONS.last)),
  };
  const { first, lastOutput, back, play, forward, nextOutput, last } = parts;
  parts.step = slider("step", () => {}, { text: (step) => parts.stepText?.(step) ?? String(step) });
  parts.speed = slider("speed", () => {}, { text: (index) => `${TRACE_PACES[index]}/s` });
  parts.grids = element(
    "div",
    { class: "sw-grids", tabindex: "0", role: "group", "aria-label": TRACE_KEYS },
    ...[parts.image.figure, sign("correlated"), parts.kernel.figure, sign("equals"), parts.output.figure],
  );
  parts.right = element("div", { class: "sw-right" }, parts.grids, parts.sentence, parts.sum);
  parts.left = element("div", { class: "sw-left" }, parts.source);
  parts.stage = element("div", { class: "sw-traced" }, parts.left, parts.right);
  const transport = group("Steps", first, lastOutput, back, play, forward, nextOutput, last);
  const row = controls(transport, parts.step.label, parts.speed.label);
  parts.refused = element("div", { class: "sw-refused" });
  parts.whole = element("div", {}, parts.stage, row, parts.findings);
  parts.box = element("div", { class: "sw-trace", hidden: "" }, parts.refused, parts.whole);
  return parts;
}

function listenToTrace(panelView, go) {
  const { view, parts, state } = panelView;
  const step = () => view.model.get("step");
  const actions = {
    first: () => go(0),
    lastOutput: () => go(nextWrite(state.trace, step(), -1)),
    back: () => go(step() - 1),
    forward: () => go(step() + 1),
    nextOutput: () => go(nextWrite(state.trace, step(), 1)),
    last: () => go(Infinity),
    play: () => (state.timer ? stopTrace(panelView) : playTrace(panelView)),
  };
  for (const [name, action] of Object.entries(actions)) view.on(parts[name], "click", action);
  view.on(parts.step.input, "input", () => go(Number(parts.step.input.value)));
  view.on(parts.speed.input, "input", () => {
    state.pace = Number(parts.speed.input.value);
    view.schedule();
  });
  view.on(parts.findings, "click", ({ target }) => {
    const chosen = target.closest("button");
    if (!chosen) return;
    state.chosen = Number(chosen.dataset.finding);
    go(state.trace.findings[state.chosen].event);
    view.schedule();
  });
  view.on(parts.output.canvas, "click", (event) => {
    const at = lastWriteUnder(panelView, event);
    if (at >= 0) go(at);
  });
}

/** The step at which the output under the pointer got its last value. */
function lastWriteUnder({ parts, state }, event) {
  const { trace, scene } = state;
  if (!trace?.output) return -1;
  const [row, column] = pointOf(parts.output.canvas, event).map((at) => Math.floor((at - MARGIN) / scene.cell));
  if (row < 0 || column < 0 || row >= trace.output[0] || column >= trace.output[1]) return -1;
  const flat = row * trace.output[1] + column;
  return trace.events.findLastIndex(({ kind, name, cells }) => kind === "write" && name === "output" && cells.includes(flat));
}

function onTraceKey({ view, state, parts }, event, go) {
  const { key, target } = event;
  if (!state.trace || target.matches("input, select, textarea")) return false;
  const step = view.model.get("step");
  if (target === parts.source && key.startsWith("Arrow")) return false; // there the arrows scroll
  if (key === "ArrowRight") go(step + 1);
  else if (key === "ArrowLeft") go(step - 1);
  else if (key === "ArrowDown") go(nextWrite(state.trace, step, 1));
  else if (key === "ArrowUp") go(nextWrite(state.trace, step, -1));
  else if (key === "Home") go(0);
  else if (key === "End") go(Infinity);
  else if (key === " " && !target.closest("button, summary")) parts.play.click();
  else return false;
  return true;
}

function playTrace(panelView) {
  const { view, state } = panelView;
  if (view.calm.matches || !state.trace?.events.length) return;
  const last = state.trace.events.length - 1;
  if (view.model.get("step") >= last) view.set({ step: 0 });
  const tick = () => {
    const next = clampStep(view.model.get("step") + 1, state.trace);
    view.set({ step: next });
    if (next >= last) stopTrace(panelView);
    else state.timer = setTimeout(tick, 1000 / TRACE_PACES[state.pace]);
  };
  state.timer = setTimeout(tick, 1000 / TRACE_PACES[state.pace]);
  view.schedule();
}

function stopTrace({ view, state }) {
  if (!state.timer) return;
  clearTimeout(state.timer);
  state.timer = 0;
  view.schedule();
}

/** Draw the present step; false where the reader looks at the window instead. */
function updateTrace(panelView) {
  const { view, parts, state } = panelView;
  const message = view.model.get("recorded");
  const isOn = Boolean(message && view.model.get("tracing"));
  parts.switcher.fieldset.hidden = !message;
  parts.box.hidden = !isOn;
  view.root.classList.toggle("sw-tracing", isOn);
  if (!message) return false;
  if (message !== state.message) takeTrace(panelView, message);
  const texts = [
    { value: true, text: "Your function", label: "Show your function" },
    { value: false, text: "How it should be", label: "Show how the window should slide" },
  ];
  parts.switcher.update(texts, isOn);
  if (!isOn) return false;
  parts.refused.textContent = message.refused ? `Your function was not recorded: ${message.refused}` : "";
  parts.whole.hidden = Boolean(message.refused);
  view.warn("");
  if (!message.refused) showStep(panelView);
  return true;
}

/** A new trace: everything that stays the same from step to step. */
function takeTrace({ parts, state }, message) {
  Object.assign(state, { message, trace: null, scene: null, filled: null, chosen: -1, before: "" });
  if (message.refused) return;
  const trace = decodeTrace(message);
  state.trace = trace;
  parts.source.replaceChildren(
    ...trace.source.map((text, index) =>
      element("span", { class: "sw-line", "data-line": trace.firstLine + index }, text || " "),
    ),
  );
  parts.source.hidden = !trace.source.length;
  const marks = trace.findings.map(({ sentence }, index) =>
    element("li", {}, element("button", { type: "button", "data-finding": index, "aria-pressed": "false" },
      element("b", { "aria-hidden": "true" }, "!"), element("span", {}, sentence))),
  );
  const notes = trace.notes.map((note) => element("li", { class: "sw-remark" }, note));
  const right = "✓ Nothing wrong was found: each output is the sum of the products of its window.";
  if (!marks.length) notes.unshift(element("li", { class: "sw-none" }, right));
  parts.findings.replaceChildren(...marks, ...notes);
  parts.stepText = (step) => `${step + 1} of ${trace.events.length}`;
}

function showStep(panelView) {
  const { view, parts, state } = panelView;
  const { trace } = state;
  const { theme, width } = view;
  if (state.scene?.width !== width || state.scene?.theme !== theme) {
    state.scene = { ...traceScene(trace, theme, width), width, theme };
    arrangeParts(parts, state.scene);
  }
  for (const [name, shape] of [["image", trace.image.shape], ["kernel", trace.kernel.shape], ["output", trace.output]]) {
    const text = shape ? shape.join(" × ") : "none";
    if (parts[name].size.textContent !== text) parts[name].size.textContent = text;
  }
  if (isStale(view, trace)) view.warn(STALE_TRACE);
  writeTraceTransport(panelView);
  if (!trace.events.length) {
    parts.sentence.textContent = "Your function read nothing of the image and the kernel.";
    return;
  }
  const step = clampStep(view.model.get("step"), trace);
  state.filled = outputAt(trace, step, state.filled);
  const { target } = trace.events[step];
  const window = windowAt(trace, step);
  const none = target >= 0 ? "no window fits at this output" : " ";
  const legend = window.length ? "dashed: the right window" : none;
  if (parts.image.legend.textContent !== legend) parts.image.legend.textContent = legend;
  paintRecorded(parts, state.scene, theme, trace, {
    ...{ marks: marksAt(trace, step), stray: new Set(strayPixels(trace, step)), filled: state.filled, target },
    window,
    blamed: trace.output ? blamed(trace) : new Set(),
    chosen: trace.output && state.chosen >= 0 ? blamed(trace, state.chosen) : new Set(),
  });
  writeTraceWords(panelView, step);
}

/** The kernel stands between input and output, or below the source where the input needs the room. */
function arrangeParts({ stage, grids, left, image, kernel }, { isNarrow, arrangement }) {
  stage.classList.toggle("sw-narrow", isNarrow);
  grids.dataset.arrangement = arrangement;
  if (arrangement === "apart") left.append(kernel.figure);
  else image.figure.nextElementSibling.after(kernel.figure);
}

/** Python records anew as soon as a number changes; without it, the old steps stay and say so. */
function isStale({ model, conventions }, trace) {
  if (conventions.get("operation") !== trace.operation) return true;
  const isOther = ([name, sizes]) => pair(model.get(name)).join() !== sizes.join();
  if (Object.entries(trace.parameters).some(isOther)) return true;
  return ["image", "kernel"].some((name) => {
    const { data } = model.get(name);
    const recorded = trace[name].data;
    if (data.byteLength !== recorded.byteLength) return true;
    return recorded.some((value, index) => data.getFloat64(8 * index, true) !== value);
  });
}

function writeTraceTransport({ view, parts, state }) {
  const { trace } = state;
  const most = Math.max(0, trace.events.length - 1);
  const step = clampStep(view.model.get("step"), trace);
  parts.step.update(Math.max(0, step), { min: 0, max: most });
  parts.speed.update(state.pace, { min: 0, max: TRACE_PACES.length - 1 });
  const label = state.timer ? "Pause" : "Play";
  if (parts.play.textContent !== label) {
    parts.play.replaceChildren(icon(ICONS[label.toLowerCase()]), label);
    setAttribute(parts.play, "aria-label", label);
    setAttribute(parts.play, "title", label);
  }
  const why = view.calm.matches ? "Your system asks for reduced motion: go step by step." : "";
  if (why) setAttribute(parts.play, "aria-disabled", "true");
  else parts.play.removeAttribute("aria-disabled");
  if (why) setAttribute(parts.play, "title", why);
}

function writeTraceWords({ view, parts, state }, step) {
  const { trace } = state;
  const stray = strayPixels(trace, step).length ? " That is outside the window of this output." : "";
  const sentence = `${sentenceAt(trace, step)}${stray}`;
  if (parts.sentence.textContent !== sentence) parts.sentence.textContent = sentence;
  view.say(state.timer ? "Playing." : sentence);
  const sum = sumInWords(runningSum(trace, step));
  const shown = sum ? `Sum so far: ${sum}` : " ";
  if (parts.sum.textContent !== shown) parts.sum.textContent = shown;
  markLine(parts.source, trace.events[step].line);
  const [rows, columns] = trace.output ?? [0, 0];
  const done = state.filled.writes.reduce((number, writes) => number + (writes > 0), 0);
  setAttribute(parts.image.canvas, "aria-label", `Input, ${trace.image.shape.join(" by ")}`);
  setAttribute(parts.kernel.canvas, "aria-label", `Kernel, ${trace.kernel.shape.join(" by ")}`);
  setAttribute(parts.output.canvas, "aria-label", `Your output, ${rows} by ${columns}, ${done} written`);
  for (const made of parts.findings.querySelectorAll("button")) {
    setAttribute(made, "aria-pressed", String(Number(made.dataset.finding) === state.chosen));
  }
}

/** The line that runs is marked, and kept in sight without moving the page. */
function markLine(source, line) {
  const marked = source.querySelector(".sw-now");
  if (marked?.dataset.line === String(line)) return;
  marked?.classList.remove("sw-now");
  const now = source.querySelector(`[data-line="${line}"]`);
  if (!now) return;
  now.classList.add("sw-now");
  const [top, bottom] = [now.offsetTop, now.offsetTop + now.offsetHeight];
  if (top < source.scrollTop) source.scrollTop = top;
  else if (bottom > source.scrollTop + source.clientHeight) source.scrollTop = bottom - source.clientHeight;
}
