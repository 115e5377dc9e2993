// The view of EquivarianceMeter: its parts on the page, what the reader does with them, what the model says.
import { fromBuffer, toBuffer, withValue } from "../shared/arrays.js";
import { editCells } from "../shared/cell_editor.js";
import { drag } from "../shared/gestures.js";
import { colourScale, MARGIN, paintCells, prepareCanvas } from "../shared/grid.js";
import { ARROWS } from "../shared/keys.js";
import { DemoView, demo } from "../shared/view.js";
import { conventionStrip } from "../conventions_switch/strip.js";
import { compareAlong, compareShift, MOST_SHIFT } from "./comparison.js";
import { applyMaps, mapGeometry, meanOf } from "./mapping.js";
import { openCurve, paintCurve, shiftAt } from "./meter_curve.js";
import {
  coverMap,
  differenceScale,
  frameDiffering,
  meterScene,
  openMap,
  outputSeam,
  paintMap,
  paintMean,
  paintSeam,
} from "./meter_panels.js";
import { arrangeMeter, MAPS, meterParts } from "./meter_parts.js";
import {
  FUNCTION_TRAITS,
  METER_KERNELS,
  nameOf,
  offersOf,
  presentStory,
  settingsOf,
  STORIES,
} from "./meter_settings.js";
import { decimalsToTell } from "./meter_words.js";
import { writeMeter } from "./meter_writing.js";

const clampShift = (pixels) => Math.max(-MOST_SHIFT, Math.min(MOST_SHIFT, pixels));

/** Multiplications of a chart that is computed within the frame. */
const AT_ONCE = 1_000_000;

class MeterView extends DemoView {
  constructor(context) {
    super(context, { stem: "equivariance-meter", label: "Equivariance meter" });
    Object.assign(this, { computed: null, found: null, curve: null });
    this.examples = Object.fromEntries(
      Object.entries(this.model.get("_examples")).map(([name, sent]) => [name, fromBuffer(sent)]),
    );
    this.parts = meterParts({
      change: (changes) => this.change(changes),
      story: (place) => this.change({ ...STORIES[place].state, shift: [0, 1] }),
      move: (axis, pixels) => this.shiftTo(this.shift.map((now, at) => (at === axis ? pixels : now))),
      kernel: (name) => name in METER_KERNELS && this.change({ kernel: toBuffer(METER_KERNELS[name]) }),
      image: (name) => name in this.examples && this.change({ image: toBuffer(this.examples[name]) }),
      predict: (isOn) => this.change({ predict: isOn }),
      answer: (answer) => this.set({ answer }),
    });
    const strip = conventionStrip(this, ["operation", "rounding"]);
    this.rounding = strip.children[1];
    const { panels, all } = arrangeMeter(this.parts, strip);
    this.panels = panels;
    this.root.append(...all);
    this.remark("Equivariant: shift in, shift out. Invariant: shift in, nothing changes. (Zhang 2019)");
    this.listenToModel();
    this.listenToPointer();
    this.editKernel();
    this.whenClosed(() => clearTimeout(this.settling));
  }

  listenToModel() {
    const again = () => {
      Object.assign(this, { computed: null, found: null, curve: null });
      this.rebuild();
    };
    this.onChange(this.model, FUNCTION_TRAITS, again);
    this.onChange(this.conventions, ["operation", "rounding"], () => {
      if (this.model.get("answer")) this.set({ answer: "" });
      again();
    });
    this.onChange(this.model, ["shift"], () => {
      this.found = null;
      this.schedule();
    });
    this.onChange(this.model, ["predict", "answer"], () => this.schedule());
  }

  /** Drag any map that is as large as the image; press or drag the chart. */
  listenToPointer() {
    let from = null;
    const start = (point) => {
      from = { point, shift: this.shift };
      return Boolean(this.scene);
    };
    const move = (point) => {
      const { cell } = this.scene ?? {};
      if (!cell) return;
      this.shiftTo(from.shift.map((now, axis) => now + Math.round((point[axis] - from.point[axis]) / cell)));
    };
    for (const { canvas } of Object.values(this.parts.maps)) drag(this, canvas, { start, move });
    const { canvas } = this.parts.curve;
    const choose = (point) => {
      const { axis, values } = this.curve ?? {};
      if (!values || this.isHidden) return false;
      const pixels = shiftAt(canvas.clientWidth, values.length, point);
      this.shiftTo(this.shift.map((now, at) => (at === axis ? pixels : now)));
      return true;
    };
    drag(this, canvas, { start: choose, move: choose });
  }

  editKernel() {
    const { canvas } = this.parts.kernelGrid;
    const shape = () => fromBuffer(this.model.get("kernel")).shape;
    const read = ([row, column]) => fromBuffer(this.model.get("kernel")).data[row * shape()[1] + column];
    editCells(this, canvas, {
      shape,
      read,
      boxOf: ([row, column]) => {
        const cell = this.kernelCell;
        return [MARGIN + column * cell, MARGIN + row * cell, cell, cell];
      },
      cellAt: (point) => {
        const at = point.map((one) => Math.floor((one - MARGIN) / this.kernelCell));
        return at.every((one, axis) => one >= 0 && one < shape()[axis]) ? at : null;
      },
      write: ([row, column], number) => {
        const kernel = fromBuffer(this.model.get("kernel"));
        this.change({ kernel: toBuffer(withValue(kernel, row * kernel.shape[1] + column, number)) });
      },
      label: ([row, column]) => `kernel, row ${row}, column ${column}`,
    });
  }

  get shift() {
    return [...this.model.get("shift")];
  }

  /** Whether the answer is still to be given. */
  get isHidden() {
    return this.model.get("predict") && !this.model.get("answer") && Boolean(this.numbers.output);
  }

  /** A change of what is measured asks anew, in the same message. */
  change(changes) {
    this.set({ ...changes, answer: "" });
  }

  shiftTo(wanted) {
    const shift = wanted.map(clampShift);
    if (shift.join() !== this.shift.join()) this.change({ shift });
  }

  onKey(event) {
    if (event.target.closest("input, select, textarea, button, summary, canvas")) return false;
    if (event.key === "Home") this.shiftTo([0, 0]);
    const by = ARROWS[event.key];
    if (by) this.shiftTo(this.shift.map((now, axis) => now + by[axis]));
    return Boolean(by) || event.key === "Home";
  }

  /** f and its output for the image as it stands: computed when first asked for after a change. */
  get numbers() {
    if (!this.computed) {
      const image = fromBuffer(this.model.get("image"));
      const settings = settingsOf(this.model, this.conventions);
      const place = mapGeometry(image.shape, settings);
      const maps = place.reason ? null : applyMaps(image, place, settings);
      const output = maps && settings.globalAverage ? meanOf(maps) : maps;
      this.computed = { image, settings, place, maps, output, entering: this.model.get("entering") };
    }
    return this.computed;
  }

  /** The comparison for the present shift; null where no window fits. */
  compare() {
    const { image, output, place, settings, entering } = this.numbers;
    if (output) this.found ??= compareShift(image, output, place, settings, entering, this.shift);
    return this.found;
  }

  /** The chart's values: along the axis that is shifted, computed anew only where the other axis changes. */
  compareAll() {
    const { image, output, place, settings, entering } = this.numbers;
    const { shift } = this;
    const axis = shift[0] && !shift[1] ? 0 : 1;
    const key = `${axis} ${shift[1 - axis]}`;
    if (this.curve?.key === key) return this.curve;
    const steps = image.data.length * settings.kernel.data.length * (2 * MOST_SHIFT + 1);
    if (steps > AT_ONCE && !this.isSettled) {
      this.settle();
      return null;
    }
    this.isSettled = false;
    this.curve = { key, axis, values: compareAlong(image, output, place, settings, entering, shift, axis) };
    return this.curve;
  }

  /** A chart of a large picture waits until the shift rests. */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.isSettled = true;
      this.schedule();
    }, 150);
  }

  draw() {
    const found = this.compare();
    if (!this.scene) {
      this.scene = meterScene(this.numbers, this.theme, this.width);
      this.drawStill();
      this.writeChoices();
    }
    for (const name of ["moved", "shiftedOutput", "direct", "difference"]) {
      this.parts.maps[name].figure.classList.toggle("em-none", name !== "moved" && !found);
    }
    if (found) this.drawMoving(found);
    const curve = found && !this.isHidden ? this.compareAll() : null;
    this.drawCurve(curve);
    writeMeter(this, found, curve);
    this.parts.down.update(this.shift[0]);
    this.parts.right.update(this.shift[1]);
  }

  /** What does not change with the shift: the image and the kernel. */
  drawStill() {
    const { parts, scene, theme, numbers } = this;
    const { image, settings } = numbers;
    const context = openMap(parts.maps.image.canvas, scene);
    paintMap(context, scene, theme, "image", image, {
      scale: scene.scales.image,
      decimals: scene.decimals.image,
    });
    const { kernel } = settings;
    this.kernelCell = Math.floor(Math.min(34, 126 / Math.max(...kernel.shape)));
    const [rows, columns] = kernel.shape.map((size) => size * this.kernelCell + 2 * MARGIN);
    const own = prepareCanvas(parts.kernelGrid.canvas, columns, rows);
    const scale = colourScale(kernel.data, theme.palette, { strength: 0.55 });
    paintCells(own, theme, kernel, { origin: [MARGIN, MARGIN], cell: this.kernelCell, scale });
  }

  drawMoving(found) {
    const { parts, scene, theme, numbers, shift } = this;
    const { image, place, entering, settings } = numbers;
    const open = (name) => openMap(parts.maps[name].canvas, scene);
    const of = (name) => ({ scale: scene.scales[name], decimals: scene.decimals[name] });
    const moved = open("moved");
    const at = paintMap(moved, scene, theme, "moved", found.moved, of("image"));
    paintSeam(moved, theme, image.shape, shift, at);
    const shifted = open("shiftedOutput");
    const isMean = settings.globalAverage;
    const decimals = isMean
      ? decimalsToTell(numbers.output.data[0], found.direct.data[0])
      : scene.decimals.output;
    const paintOutput = (context, name, array, maps) => {
      if (isMean) return paintMean(context, scene, theme, name, array, maps, decimals);
      return paintMap(context, scene, theme, name, array, of("output"));
    };
    const there = paintOutput(shifted, "shiftedOutput", found.shiftedOutput, numbers.maps);
    if (!isMean) {
      paintSeam(shifted, theme, place.output, outputSeam(place, entering, shift), there);
    }
    const [direct, difference] = [open("direct"), open("difference")];
    if (this.isHidden) {
      for (const context of [direct, difference]) coverMap(context, scene, theme);
      return;
    }
    paintOutput(direct, "direct", found.direct, found.maps);
    const scale = differenceScale(found, theme, scene.isPicture);
    const look = { scale, decimals: found.differing ? decimals : 0, fill: 0.74 };
    const box = paintMap(difference, scene, theme, "difference", found.difference, look);
    frameDiffering(difference, theme, found, box);
  }

  drawCurve(curve) {
    const { figure, canvas } = this.parts.curve;
    figure.classList.toggle("em-none", !curve);
    const width = Math.min(400, this.width - 8);
    if (!curve) openCurve(canvas, width);
    else paintCurve(canvas, this.theme, curve.values, this.shift[curve.axis], width);
  }

  /** The choices: they change with f, not with the shift. */
  writeChoices() {
    const { parts, model, numbers, examples } = this;
    const { image, settings, place } = numbers;
    const offered = offersOf(model, settings, image.shape);
    for (const [name, { options, current, isShown = true }] of Object.entries(offered)) {
      parts.choices[name].fieldset.hidden = !isShown;
      if (isShown) parts.choices[name].update(options, current);
    }
    const stories = STORIES.map(({ text }, value) => ({ value, text, label: `f with ${text}` }));
    parts.story.update(stories, presentStory(model));
    parts.mean.update(settings.globalAverage);
    this.rounding.hidden = settings.pooling === "none";
    const choose = (part, named, array) => {
      const name = nameOf(array, named);
      const names = Object.keys(named).map((one) => [one, one]);
      part.update(name ? names : [["", "own"], ...names], name);
    };
    choose(parts.kernel, METER_KERNELS, settings.kernel);
    choose(parts.picture, examples, image);
    this.warn(place.reason ? `No output: ${place.reason}.` : "");
    for (const name of Object.keys(MAPS)) {
      const isInput = name === "image" || name === "moved";
      const shape = isInput ? image.shape : settings.globalAverage ? null : place.output;
      parts.maps[name].size.textContent = place.reason && !isInput ? "" : (shape?.join(" × ") ?? "mean");
    }
  }
}

export default demo(MeterView);
