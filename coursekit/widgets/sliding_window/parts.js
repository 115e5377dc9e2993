// The parts of the view on the page: panels, buttons, texts. What they do stands in sliding_window.js.
import { button, choice, controls, details, element, group, icon, ICONS } from "../shared/controls.js";
import { panel, setAttribute, sign, slider, stepper, toggle } from "../shared/controls.js";
import { termLine } from "./pointing.js";
import { SPEEDS } from "./playback.js";

/** The parameters that have a row of buttons. */
export const PARAMETERS = ["stride", "padding", "dilation"];
/** Up to this many channels have a button each. */
const MOST_BUTTONS = 8;

/** "2", or "2, 1" where the axes differ. */
export const writtenPair = ([rows, columns]) => (rows === columns ? `${rows}` : `${rows}, ${columns}`);

/** Input, kernels and output side by side; the kernel as it is given, and turned where it slides turned. */
export function buildPanels() {
  const titles = { input: "Input", magnifier: "Window", kernel: "Kernel", turned: "Kernel, turned", output: "Output" };
  const made = Object.fromEntries(Object.entries(titles).map(([name, title]) => [name, panel(title)]));
  made.kernels = element("div", { class: "sw-kernels" }, made.kernel.figure, made.turned.figure);
  const middle = element("div", { class: "ck-column" }, made.magnifier.figure, made.kernels);
  const keys =
    "Arrow keys move the window, Space plays, Home and End go to the first and last position, " +
    "Page Up and Page Down change the channel.";
  made.stage = element(
    "div",
    { class: "ck-panels", tabindex: "0", role: "group", "aria-label": keys },
    ...[made.input.figure, sign("correlated"), middle, sign("equals"), made.output.figure],
  );
  return made;
}

/** The sum: the products of the channel in front, and with channels the sum over all of them. */
export function buildSum() {
  const [products, channels] = [termLine(), termLine()];
  channels.line.hidden = true;
  return { box: element("div", { class: "ck-sum" }, products.line, channels.line), products, channels };
}

/** First, back, play, forward, last, and the speed. */
export function buildTransport(view) {
  const made = {
    play: button("Play", { class: "ck-play sw-play" }),
    first: button("First position, empty output", {}, icon(ICONS.first)),
    back: button("Step back", {}, icon(ICONS.back)),
    forward: button("Step forward", {}, icon(ICONS.forward)),
    last: button("Last position, whole output", {}, icon(ICONS.last)),
  };
  const { first, back, play, forward, last } = made;
  made.group = group("Playback", first, back, play, forward, last);
  const text = (index) => `${SPEEDS[index]} ${SPEEDS[index] === 1 ? "step" : "steps"}/s`;
  made.speed = slider("speed", (index) => view.set({ speed: SPEEDS[index] }), { text });
  setAttribute(made.speed.input, "max", String(SPEEDS.length - 1));
  return made;
}

/** What the play button shows and says; with a reason it is impossible. */
export function writePlay(play, isPlaying, reason) {
  const label = isPlaying ? "Pause" : "Play";
  if (play.textContent !== label) play.replaceChildren(icon(ICONS[label.toLowerCase()]), label);
  if (reason) setAttribute(play, "aria-disabled", "true");
  else play.removeAttribute("aria-disabled");
  setAttribute(play, "aria-label", reason ? `${label}. ${reason}` : label);
  setAttribute(play, "title", reason || label);
}

/** Buttons for the channels, or a number field where there are many; hidden without channels. */
export function channelControl(onChoose) {
  const few = choice("show channel", onChoose);
  const many = stepper("show channel", onChoose);
  const box = element("div", { class: "sw-channels", hidden: "" }, few.fieldset, many.fieldset);
  const update = (channels, current) => {
    box.hidden = channels === 0;
    few.fieldset.hidden = channels > MOST_BUTTONS;
    many.fieldset.hidden = channels <= MOST_BUTTONS;
    const options = Array.from({ length: channels }, (_, value) => ({ value }));
    if (channels > MOST_BUTTONS) many.update(current, { least: 0, most: channels - 1 });
    else few.update(options, current);
  };
  return { box, update };
}

const KEYS = [
  ["arrows", "move the window"],
  ["Space", "plays and pauses"],
  ["Home, End", "first and last position"],
  ["Page Up, Page Down", "another channel in front"],
  ["Enter on a number of the kernel or input", "changes it, as a double click does"],
];

/** What the keys do, to be opened. */
export function keysPanel() {
  const rows = KEYS.flatMap(([key, does]) => [element("dt", {}, key), element("dd", {}, does)]);
  return details("Keys", element("dl", { class: "sw-keys" }, ...rows)).details;
}

/** Rows of controls: how the window slides; then the conventions, the channel in front and predicting. */
export function arrangeControls({ transport, parameters, channel, predict, strip, folded }) {
  strip.append(channel.box, predict.button);
  const sliding = controls(transport.group, transport.speed.label, ...parameters);
  return [sliding, strip, element("div", { class: "sw-folded" }, ...folded)];
}

/** The switch of predict mode. */
export const predictToggle = (onToggle) =>
  toggle("Predict", onToggle, { title: "Hide the output, and type each number yourself" });
