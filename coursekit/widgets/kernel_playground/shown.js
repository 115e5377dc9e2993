// What the playground shows: both responses computed, drawn with their marks, and put into words.
import { setAttribute } from "../shared/controls.js";
import { DemoView } from "../shared/view.js";
import { MOST_FIELDS } from "./kernel_grid.js";
import {
  bitmap,
  colourTables,
  drawMap,
  drawRing,
  drawTag,
  EDGE,
  extremes,
  frameCells,
  greyRange,
} from "./maps.js";
import { NORMALISE_OPTIONS, PADDING_OPTIONS, tallest } from "./parts.js";
import { peakFinder } from "./peaks.js";
import { kernelSum, PRESET_NAMES, presetOf } from "./presets.js";
import {
  adviceText,
  equalityText,
  misfitText,
  OPERATION_NAMES,
  peaksText,
  rangeText,
  readingText,
} from "./readings.js";
import { largestOf, responder, responseShape, weightsOf, windowStart } from "./responses.js";

/** Rows and columns of the largest kernel that is cut out. */
export const MOST_CUT = 64;

/** A window of fewer pixels on the screen is marked by a ring. */
const SMALLEST_WINDOW = 24;

/** Shows the model. The subclass makes `camera`, `kernel`, `pictures`, `parts`, `grid` and `calls`. */
export class ShownPlayground extends DemoView {
  constructor(context, names) {
    super(context, names);
    this.respond = responder();
    this.findPeaks = peakFinder();
    this.bitmaps = [bitmap(), bitmap(), bitmap()];
    this.kernelPicture = bitmap();
    Object.assign(this, { answer: null, peaks: [], stale: true, repaint: true });
    Object.assign(this, { dragged: null, isCutting: false, isHeld: false, cameraWords: "", lastMove: "" });
  }

  /** The picture that is shown: the camera's while it is on, else the chosen one. */
  get image() {
    return this.camera.isOn() ? this.camera.picture : this.chosen;
  }

  get chosen() {
    const name = this.model.get("picture");
    return this.pictures.find((one) => one.name === name) ?? this.pictures[0];
  }

  get settings() {
    return { padding: this.model.get("padding"), normalise: this.model.get("normalise") };
  }

  /** True if the kernel was cut out of the picture that is shown, where `cut_from` says. */
  get isCut() {
    return this.model.get("cut_from").length === 2;
  }

  /** The place of the responses that is marked, inside what there is. */
  place() {
    const sizes = responseShape(this.image.shape, this.kernel.shape, this.settings.padding);
    return this.model.get("position").map((at, axis) => Math.max(0, Math.min(sizes[axis] - 1, at)));
  }

  /** True while a drag on the image cuts out a kernel. */
  cutMode() {
    return this.isCutting || this.isCut;
  }

  draw() {
    const image = this.image;
    if (this.stale) this.computeAnswer(image);
    if (!this.scene) this.arrange(image);
    if (this.repaint) {
      this.paintBitmaps(image);
      this.updateControls();
    }
    this.markPeaks();
    this.drawMaps(image);
    this.writeWords(image);
  }

  computeAnswer(image) {
    this.answer = this.respond.compute({ image, kernel: this.kernel, ...this.settings });
    this.weights = weightsOf(this.kernel, this.settings.normalise);
    Object.assign(this, { stale: false, repaint: true });
  }

  /** How large everything is: it depends on the width of the page and the shape of the image alone. */
  arrange(image) {
    const isNarrow = this.width < 900;
    this.parts.stage.classList.toggle("kp-narrow", isNarrow);
    const across = this.width < 440 ? 1 : isNarrow ? 2 : 3;
    const room = (this.width - (isNarrow ? 0 : this.parts.kernelWidth + 16)) / across - 10;
    const [rows, columns] = image.shape;
    const scale = Math.min((room - 2 * EDGE) / columns, tallest(this.width) / rows, 60);
    this.parts.maps.style.setProperty("--kp-map", `${Math.floor(room)}px`);
    this.scene = { scale };
    this.tables = colourTables(this.theme.palette);
    this.repaint = true;
  }

  /** The maps that the second and the third panel show: { values, title }. */
  shownMaps() {
    const { asIs, flipped } = this.answer;
    if (!this.model.get("difference")) return [asIs, flipped];
    this.gap = this.gap?.length === asIs.length ? this.gap : new Float64Array(asIs.length);
    for (let at = 0; at < asIs.length; at++) this.gap[at] = asIs[at] - flipped[at];
    return [asIs, this.gap];
  }

  paintBitmaps(image) {
    this.repaint = false;
    const [first, ...others] = this.bitmaps;
    if (this.painted !== image || this.camera.isOn()) {
      first.paint(image.data, image.shape, greyRange(image.data), this.tables.grey);
    }
    this.painted = image;
    if (!this.answer) return;
    const maps = this.shownMaps();
    const asImage = this.model.get("as_image");
    const limit = this.settings.normalise === "normalised" ? 1 : this.answer.largest || 1;
    this.ranges = maps.map(extremes);
    maps.forEach((values, index) => {
      const most = index && this.model.get("difference") ? Math.max(limit, largestOf(values)) : limit;
      const range = asImage ? [0, 1] : [-most, most];
      others[index].paint(values, this.answer.shape, range, asImage ? this.tables.grey : this.tables.signed);
    });
  }

  /** The response that the conventions name: the peaks are its. */
  named() {
    return this.conventions.get("operation") === "convolution" ? this.answer.flipped : this.answer.asIs;
  }

  markPeaks() {
    const number = this.model.get("peaks");
    const operation = this.conventions.get("operation");
    if (!this.answer) this.peaks = [];
    else if (this.peaksOf !== this.answer || this.peaksFor !== `${number} ${operation}`) {
      this.peaks = this.findPeaks(this.named(), this.answer.shape, this.kernel.shape, number);
    }
    Object.assign(this, { peaksOf: this.answer, peaksFor: `${number} ${operation}` });
  }

  drawMaps(image) {
    const { scale } = this.scene;
    const { padding } = this.settings;
    const taps = this.kernel.shape;
    const offset = padding === "valid" ? taps.map((size) => Math.floor(size / 2)) : [0, 0];
    const place = this.answer && this.place();
    const marked = this.conventions.get("operation") === "convolution" ? 2 : 1;
    this.parts.panels.forEach(({ canvas }, index) => {
      const isImage = index === 0;
      const drawn = drawMap(canvas, this.theme, isImage || this.answer ? this.bitmaps[index].canvas : null, {
        room: image.shape,
        shape: isImage ? image.shape : (this.answer?.shape ?? image.shape),
        offset: isImage ? [0, 0] : offset,
        scale,
      });
      if (isImage) {
        this.drawWindows(drawn, taps, padding);
        this.frameWindow(drawn, place, taps, padding);
        return;
      }
      if (place) frameCells(drawn, [...place, 1, 1], scale);
      if (index === marked && !(index === 2 && this.model.get("difference"))) this.drawPeaks(drawn, [0, 0]);
    });
  }

  frameWindow(drawn, place, taps, padding) {
    const { scale } = this.scene;
    const from = this.model.get("cut_from");
    if (this.isCut && !this.camera.isOn()) {
      frameCells(drawn, [...from, ...taps], scale, { dashed: true, colour: [20, 80, 160] });
    }
    if (this.dragged?.part) frameCells(drawn, this.dragged.part, scale, { colour: [190, 70, 0] });
    else if (place) frameCells(drawn, [...windowStart(place, taps, padding), ...taps], scale);
  }

  drawPeaks(drawn, offset) {
    const { scale } = this.scene;
    const middles = this.peaks.map((place) => place.map((at, axis) => at + offset[axis]));
    middles.forEach((middle, rank) => drawRing(drawn, middle, rank + 1, scale, this.theme));
  }

  /** In the image a peak is its whole window, unless that is too small to be seen. */
  drawWindows(drawn, taps, padding) {
    const { scale } = this.scene;
    if (Math.max(...taps) * scale < SMALLEST_WINDOW) {
      this.drawPeaks(drawn, padding === "valid" ? taps.map((size) => Math.floor(size / 2)) : [0, 0]);
      return;
    }
    this.peaks.forEach((place, rank) => {
      const box = [...windowStart(place, taps, padding), ...taps];
      frameCells(drawn, box, scale);
      drawTag(drawn.context, drawn.at([box[0] + taps[0] / 2, box[1] + taps[1]]), 2, rank + 1, this.theme);
    });
  }

  updateControls() {
    const { parts, model, kernel } = this;
    const isLarge = Math.max(...kernel.shape) > MOST_FIELDS;
    this.grid.grid.hidden = isLarge;
    parts.kernelCanvas.hidden = !isLarge;
    if (isLarge) this.drawKernelPicture();
    else this.grid.update(this.theme, parts.kernelWidth - 8);
    const preset = this.cutMode() ? "cut" : presetOf(kernel);
    const options = [...PRESET_NAMES.map((name) => [name, name]), ["cut", "what I drag on the image"]];
    parts.preset.update(preset ? options : [["", "my own numbers"], ...options], preset);
    const most = this.isCut || isLarge ? MOST_CUT : MOST_FIELDS;
    parts.sizes.forEach((one, axis) => one.update(kernel.shape[axis], { most }));
    const noSum = "The numbers of this kernel sum to 0: nothing to divide by.";
    parts.setScaleReason(kernelSum(kernel) ? "" : noSum);
    parts.picture.update(this.pictures.map(({ name }) => [name, name]), this.chosen.name);
    parts.cameraButton.update(this.camera.isOn());
    parts.holdButton.button.hidden = !this.camera.isOn();
    parts.holdButton.update(this.isHeld);
    parts.padding.update(PADDING_OPTIONS, model.get("padding"));
    parts.normalise.update(NORMALISE_OPTIONS, model.get("normalise"));
    parts.peaks.update(model.get("peaks"));
    parts.difference.update(model.get("difference"));
    parts.asImage.update(model.get("as_image"));
    this.calls.update();
  }

  /** A kernel with too many numbers for fields: as a piece of the image, or blue to orange. */
  drawKernelPicture() {
    const { kernel, parts } = this;
    const [least, greatest] = extremes(kernel.data);
    const limit = Math.max(-least, greatest);
    const grey = [[least, greatest + (least === greatest)], this.tables.grey];
    const [range, table] = least < 0 ? [[-limit, limit], this.tables.signed] : grey;
    this.kernelPicture.paint(kernel.data, kernel.shape, range, table);
    const scale = Math.min((parts.kernelWidth - 2 * EDGE) / kernel.shape[1], 220 / kernel.shape[0]);
    const where = { room: kernel.shape, shape: kernel.shape, offset: [0, 0], scale };
    drawMap(parts.kernelCanvas, this.theme, this.kernelPicture.canvas, where);
    const name = `Kernel of ${kernel.shape.join(" by ")} numbers, as a picture`;
    setAttribute(parts.kernelCanvas, "aria-label", name);
  }

  /** What the libraries are asked for: the plain sums only, with zeros or none around. */
  operation() {
    const { padding, normalise } = this.settings;
    if (normalise !== "none" || !["zeros", "valid"].includes(padding)) return null;
    const mode = padding === "zeros" ? "same" : "valid";
    return { kind: "correlate", axes: 2, input: this.image.shape, taps: this.kernel.shape, mode };
  }

  writeWords(image) {
    const { parts, answer } = this;
    const taps = this.kernel.shape;
    write(parts.panels[0].size, image.shape.join(" × "));
    write(parts.panels[0].legend, this.imageWords());
    const isDifference = this.model.get("difference");
    write(parts.panels[2].title, isDifference ? "Difference" : "Kernel flipped");
    write(parts.panels[2].size, isDifference ? "left minus convolution" : "convolution");
    for (const index of [1, 2]) write(parts.panels[index].legend, this.rangeWords(index));
    const advice = adviceText({ isCut: this.cutMode(), ...this.settings, weights: this.weights });
    this.warn(answer ? advice : misfitText(image.shape, taps));
    this.remark(equalityText(this.weights));
    const reading = answer ? readingText(this.numbersAt(image)) : "";
    write(parts.reading, reading);
    this.say(this.lastMove === "keys" ? `${reading}.` : this.peaksWords());
    this.describeCanvases(reading);
  }

  imageWords() {
    const cutting = this.cutMode() ? "Drag a rectangle here: it becomes the kernel." : "";
    if (this.camera.isOn()) return cutting || "The camera's picture stays in your browser.";
    return this.cameraWords || cutting || this.chosen.note || "Point at it: the frame is the window.";
  }

  rangeWords(index) {
    if (!this.answer) return "no response";
    const range = rangeText(this.ranges[index - 1]);
    if (this.model.get("as_image")) return `${range} · shown: black 0, white 1`;
    return `${range} · blue < 0 < orange`;
  }

  peaksWords() {
    if (!this.answer || this.model.get("peaks") === 0) return "";
    if (this.camera.isOn() && !this.isHeld) return "The camera is on.";
    const values = this.peaks.map(([row, column]) => this.named()[row * this.answer.shape[1] + column]);
    return peaksText(this.peaks, values, this.conventions.get("operation"));
  }

  numbersAt(image) {
    const { padding } = this.settings;
    const place = this.place();
    const at = place[0] * this.answer.shape[1] + place[1];
    const start = windowStart(place, this.kernel.shape, padding);
    const pixel = start.map((first, axis) => first + Math.floor(this.kernel.shape[axis] / 2));
    const [asIs, flipped] = [this.answer.asIs[at], this.answer.flipped[at]];
    const value = image.data[pixel[0] * image.shape[1] + pixel[1]];
    return { place, pixel: value, asIs, flipped, largest: this.answer.largest };
  }

  describeCanvases(reading) {
    const isDifference = this.model.get("difference");
    const third = isDifference ? "difference of both responses" : "convolution, the kernel flipped";
    const names = [
      `Image ${this.camera.isOn() ? "of the camera" : this.chosen.name}, with the window and the peaks`,
      `${OPERATION_NAMES.correlation}, the kernel as it is. ${this.rangeWords(1)}`,
      `${third}. ${this.rangeWords(2)}`,
    ];
    names.forEach((name, index) => setAttribute(this.parts.panels[index].canvas, "aria-label", name));
    setAttribute(this.parts.maps, "aria-description", reading);
  }
}

/** Set text only where it changes. */
function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
