// The view of KernelPlayground: what the reader does, and what the model says. What it shows is in shown.js.
// esm.py joins this file with those it imports into the module that a browser is sent.
import { callsPanel } from "../conventions_switch/calls.js";
import { fromBuffer, toBuffer } from "../shared/arrays.js";
import { drag, follow } from "../shared/gestures.js";
import { ARROWS } from "../shared/keys.js";
import { demo } from "../shared/view.js";
import { createCamera } from "./camera.js";
import { kernelGrid, MOST_FIELDS } from "./kernel_grid.js";
import { EDGE } from "./maps.js";
import { buildParts } from "./parts.js";
import {
  cutOut,
  flip,
  isSized,
  partBetween,
  PRESET_NAMES,
  presetKernel,
  resize,
  scaledToOne,
} from "./presets.js";
import { placeAt, windowStart } from "./responses.js";
import { MOST_CUT, ShownPlayground } from "./shown.js";

class KernelPlaygroundView extends ShownPlayground {
  constructor(context) {
    super(context, { stem: "kernel-playground", label: "Kernel playground" });
    this.camera = createCamera({
      onFrame: () => this.takeFrame(),
      onEnd: (reason) => this.cameraStopped(reason),
    });
    this.whenClosed(() => this.camera.stop());
    this.readKernel();
    this.readPictures();
    this.parts = buildParts(this);
    this.grid = kernelGrid(this, { read: () => this.kernel, write: (kernel) => this.editKernel(kernel) });
    this.parts.gridPlace.append(this.grid.grid);
    this.calls = callsPanel(this, () => this.operation());
    this.parts.more.append(this.calls.details);
    this.root.append(this.parts.stage, this.parts.reading, ...this.parts.rows, this.parts.more);
    this.listenToModel();
    this.listenToPointer();
  }

  readKernel() {
    this.kernel = fromBuffer(this.model.get("kernel"));
  }

  readPictures() {
    this.pictures = this.model.get("_pictures").map(unpack);
  }

  listenToModel() {
    this.onChange(this.model, ["kernel"], () => this.readKernel());
    this.onChange(this.model, ["_pictures"], () => this.readPictures());
    const answered = ["kernel", "_pictures", "picture", "padding", "normalise"];
    this.onChange(this.model, answered, () => this.refresh());
    this.onChange(this.model, ["picture", "_pictures"], () => {
      if (this.camera.isOn()) this.stopCamera();
      this.scene = null;
    });
    this.onChange(this.model, ["difference", "as_image", "cut_from", "peaks"], () => {
      this.repaint = true;
      this.schedule();
    });
    this.onChange(this.model, ["position"], () => this.schedule());
    this.onChange(this.conventions, ["operation"], () => this.schedule());
  }

  /** Compute anew in the next frame. */
  refresh() {
    this.stale = true;
    this.schedule();
  }

  // What the reader does.

  setKernel(kernel, from = []) {
    this.lastMove = "";
    this.set({ kernel: toBuffer(kernel), cut_from: from });
  }

  /** Numbers that the reader changed: the kernel is no longer what was cut out. */
  editKernel(kernel) {
    this.isCutting = false;
    this.setKernel(kernel);
  }

  choosePreset(name) {
    this.isCutting = name === "cut";
    this.repaint = true;
    if (PRESET_NAMES.includes(name)) {
      const isSmall = Math.max(...this.kernel.shape) < 3 || Math.max(...this.kernel.shape) > MOST_FIELDS;
      this.setKernel(isSized(name) && !isSmall ? presetKernel(name, this.kernel.shape) : presetKernel(name));
    }
    this.schedule();
  }

  /** Another number of rows or columns: what was cut out is cut out anew, from the same corner. */
  resizeKernel(axis, size) {
    const shape = this.kernel.shape.map((old, at) => (at === axis ? size : old));
    const from = this.model.get("cut_from");
    const fits = this.isCut && from.every((at, along) => at + shape[along] <= this.chosen.shape[along]);
    if (fits) this.setKernel(cutOut(this.chosen, [...from, ...shape]), from);
    else this.editKernel(resize(this.kernel, shape));
  }

  turnKernel(ways) {
    this.editKernel(flip(this.kernel, ways));
  }

  scaleKernel() {
    const scaled = scaledToOne(this.kernel);
    if (scaled) this.editKernel(scaled);
  }

  /** Take a part [row, column, rows, columns] of what is shown as the kernel. */
  cut(part) {
    const image = this.image;
    this.setKernel(cutOut(image, part), this.camera.isOn() ? [] : part.slice(0, 2));
  }

  /** Take the window at the present place as the kernel, as far as it lies inside the picture. */
  cutWindow() {
    const { shape } = this.image;
    const taps = this.kernel.shape;
    const start = windowStart(this.place(), taps, this.settings.padding);
    const size = taps.map((many, axis) => Math.min(many, shape[axis]));
    const corner = start.map((at, axis) => Math.max(0, Math.min(shape[axis] - size[axis], at)));
    this.isCutting = true;
    this.cut([...corner, ...size]);
  }

  /** The camera has a new picture: one a frame is enough, and none while the reader holds the last. */
  takeFrame() {
    if (this.isHeld || this.stale) return;
    this.camera.grab();
    this.refresh();
  }

  async toggleCamera() {
    if (this.camera.isOn()) return this.stopCamera();
    this.cameraWords = "Waiting for the camera: the browser asks you first.";
    this.schedule();
    this.cameraWords = await this.camera.start();
    this.isHeld = false;
    this.scene = null;
    return this.refresh();
  }

  stopCamera() {
    this.camera.stop();
    this.cameraStopped("");
  }

  cameraStopped(reason) {
    Object.assign(this, { cameraWords: reason, isHeld: false, scene: null });
    this.refresh();
  }

  hold(isHeld) {
    this.isHeld = isHeld;
    this.refresh();
  }

  moveTo(place, by) {
    this.lastMove = by;
    if (place.join() !== this.model.get("position").join()) this.set({ position: place });
  }

  onKey(event) {
    const step = ARROWS[event.key];
    if (!step || event.target !== this.parts.maps || !this.answer) return false;
    const far = event.shiftKey ? 10 : 1;
    const { shape } = this.answer;
    const inside = (at, axis) => Math.max(0, Math.min(shape[axis] - 1, at));
    const place = this.place();
    this.moveTo([0, 1].map((axis) => inside(place[axis] + far * step[axis], axis)), "keys");
    return true;
  }

  listenToPointer() {
    this.parts.panels.forEach(({ canvas }, index) => {
      const pixelAt = (point) => point.map((at) => Math.floor((at - EDGE) / this.scene.scale));
      follow(this, canvas, (point, event) => {
        if (!this.scene || !this.answer || this.dragged) return;
        if (index === 0 && event.pointerType === "touch" && this.cutMode()) return;
        const { padding } = this.settings;
        this.moveTo(placeAt(pixelAt(point), this.image.shape, this.kernel.shape, padding), "pointer");
      });
      if (index === 0) this.listenToCuts(canvas, pixelAt);
    });
  }

  listenToCuts(canvas, pixelAt) {
    drag(this, canvas, {
      start: (point) => {
        if (!this.scene || !this.cutMode()) return false;
        this.dragged = { from: pixelAt(point), part: null };
        return true;
      },
      move: (point) => {
        const part = partBetween(this.dragged.from, pixelAt(point), this.image.shape, MOST_CUT);
        this.dragged.part = part[2] * part[3] > 1 ? part : null; // a click is none
        this.schedule();
      },
      end: () => {
        const { part } = this.dragged;
        this.dragged = null;
        if (part) this.cut(part);
        this.schedule();
      },
    });
  }
}

/** A picture as Python sends it, with its values as numbers; bytes are 255ths. */
function unpack({ name, note, shape, bytes, data }) {
  if (!bytes) return { name, note, ...fromBuffer({ shape, data }) };
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, note, shape: [...shape], data: Float64Array.from(values, (value) => value / 255) };
}

export default demo(KernelPlaygroundView);
