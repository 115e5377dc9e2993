// The parts of the playground on the page. `view` is the KernelPlaygroundView.
import { conventionStrip } from "../conventions_switch/strip.js";
import {
  button,
  choice,
  controls,
  details,
  element,
  group,
  panel,
  select,
  setReason,
  stepper,
  toggle,
} from "../shared/controls.js";
import { CAMERA_PROMISE } from "./camera.js";
import { PEAK_RULE } from "./readings.js";

/** Pixels for the kernel beside the maps. */
const KERNEL_WIDTH = 290;

/** The tallest map on a page of this width: a projector of 1280 × 720 shows all without scrolling. */
export const tallest = (width) => (width < 900 ? 420 : 300);

export const PADDING_OPTIONS = [
  ["zeros", "zeros"],
  ["valid", "none (valid)"],
  ["reflect", "reflect"],
  ["edge", "edge"],
  ["wrap", "wrap"],
];

export const NORMALISE_OPTIONS = [
  { value: "none", text: "none", label: "normalise: none, the sum of products" },
  { value: "zero mean", text: "zero mean", label: "normalise: zero mean, the kernel less its mean" },
  {
    value: "normalised",
    text: "normalised",
    label: "normalise: divided by the contrast of kernel and window",
  },
];

/** Everything between the sentence above and the words below. */
export function buildParts(view) {
  const kernel = kernelParts(view);
  const panels = [panel("Image"), panel("Kernel as it is"), panel("Kernel flipped")];
  panels[1].size.textContent = "cross-correlation";
  for (const one of panels) one.title = wrapTitle(one);
  const label = "Image and responses: arrow keys move the window";
  const named = { class: "kp-maps", tabindex: "0", role: "group", "aria-label": label };
  const maps = element("div", named, ...panels.map(({ figure }) => figure));
  const stage = element("div", { class: "kp-stage" }, kernel.column, maps);
  const reading = element("div", { class: "kp-reading" });
  const settings = settingParts(view, kernel.cutHere);
  return { ...kernel, panels, maps, stage, reading, kernelWidth: KERNEL_WIDTH, ...settings };
}

/** The first words of a heading, in an element of their own, so that they can change. */
function wrapTitle({ figure }) {
  const caption = figure.querySelector("figcaption");
  const title = element("span", {}, caption.firstChild.textContent.trim());
  caption.firstChild.replaceWith(title, " ");
  return title;
}

function kernelParts(view) {
  const preset = select("Kernel", (name) => view.choosePreset(name));
  const heading = element("div", { class: "kp-heading" }, preset.label);
  const kernelCanvas = element("canvas", { role: "img", hidden: "" });
  const gridPlace = element("div", { class: "kp-grid-place" }, kernelCanvas);
  const sizes = ["rows", "columns"].map((name, axis) =>
    stepper(name, (size) => view.resizeKernel(axis, size), { least: 1, most: 11 }),
  );
  const turn = (text, label, ways) => {
    const made = button(label, { class: "kp-turn" }, text);
    view.on(made, "click", () => view.turnKernel(ways));
    return made;
  };
  const scale = button("divide the kernel by the sum of its numbers", {}, "÷ sum");
  view.on(scale, "click", () => view.scaleKernel());
  const turns = group(
    "Change the kernel",
    turn("⇆", "flip left and right", { vertical: false }),
    turn("⇅", "flip top and bottom", { horizontal: false }),
    turn("↻ 180°", "half a turn: flip rows and columns", {}),
    scale,
  );
  const wholeName = "take the part of the image under the window as the kernel";
  const cutHere = button(wholeName, {}, "cut out the window");
  view.on(cutHere, "click", () => view.cutWindow());
  const steppers = element("div", { class: "kp-sizes" }, ...sizes.map(({ fieldset }) => fieldset));
  const column = element(
    "div",
    { class: "kp-kernel" },
    element("div", { class: "kp-block" }, heading, gridPlace),
    element("div", { class: "kp-block" }, steppers, turns),
  );
  listenToReason(view, scale);
  const setScaleReason = (why) => setReason(scale, why);
  return { column, preset, kernelCanvas, gridPlace, sizes, cutHere, setScaleReason };
}

/** A button that is impossible says why while it is pointed at or in focus. */
function listenToReason(view, made) {
  const tell = (detail) => made.dispatchEvent(new CustomEvent("ck-reason", { detail, bubbles: true }));
  for (const event of ["pointerover", "focus", "click"]) {
    view.on(made, event, () => tell(made.dataset.reason ?? ""));
  }
  for (const event of ["pointerleave", "blur"]) view.on(made, event, () => tell(""));
}

function settingParts(view, cutHere) {
  const picture = select("Image", (name) => view.set({ picture: name, cut_from: [] }));
  const camera = button(`use the camera. ${CAMERA_PROMISE}`, {}, "use the camera");
  view.on(camera, "click", () => view.toggleCamera());
  const cameraButton = {
    update(isOn) {
      const text = isOn ? "stop the camera" : "use the camera";
      if (camera.textContent === text) return;
      camera.textContent = text;
      camera.setAttribute("aria-label", isOn ? text : `${text}. ${CAMERA_PROMISE}`);
    },
  };
  const holdButton = toggle("hold the picture", (isHeld) => view.hold(isHeld));
  const promise = element("span", { class: "kp-promise" }, CAMERA_PROMISE);
  const padding = select("Padding", (name) => view.set({ padding: name }));
  const normalise = choice("Normalise", (value) => view.set({ normalise: value }));
  const peaks = stepper("Peaks", (number) => view.set({ peaks: number }), { least: 0, most: 9 });
  peaks.fieldset.title = PEAK_RULE;
  const difference = toggle("difference", (isOn) => view.set({ difference: isOn }));
  const asImage = toggle("clip to 0…1 as an image", (isOn) => view.set({ as_image: isOn }));
  const cameraGroup = group("Camera", camera, holdButton.button, promise);
  const rows = [
    controls(picture.label, cameraGroup, padding.label, normalise.fieldset),
    controls(
      peaks.fieldset,
      group("Which response has its peaks marked", "of the", conventionStrip(view, ["operation"])),
      cutHere,
      group("Show", difference.button, asImage.button),
    ),
  ];
  const rule = details("Which places are peaks?", PEAK_RULE).details;
  const more = element("div", { class: "kp-more" }, rule);
  return { more, picture, cameraButton, holdButton, padding, normalise, peaks, difference, asImage, rows };
}
