// The three panels of the sliding window: what is drawn where.
import { count, fromBuffer } from "../shared/arrays.js";
import {
  correlate,
  geometry,
  largestPadding,
  unreadLines,
  windowTerms,
} from "../shared/arithmetic.js";
import {
  colourScale,
  css,
  decimalsFor,
  fittingSize,
  formatNumber,
  layout,
  luminance,
  MARGIN,
  mix,
} from "../shared/grid.js";
import { outline, parseColour, pictureOf, prepareCanvas, printNumber, readableOn } from "../shared/grid.js";

/** Blue and orange of a light and of a dark page. */
const [LIGHT, DARK] = [
  [
    [33, 102, 172],
    [217, 95, 2],
  ],
  [
    [74, 144, 226],
    [240, 138, 36],
  ],
];

/** The geometry of a model's present arrays and parameters. */
export function geometryOf(model) {
  const [stride, padding, dilation] = ["stride", "padding", "dilation"].map((name) => model.get(name));
  return geometry(model.get("image").shape, model.get("kernel").shape, { stride, padding, dilation });
}

/** Room, in cells, that the panels keep whatever the parameters are: [rows, columns] each. */
export function panelCells({ input, taps, padding }) {
  const around = largestPadding(padding, taps);
  const room = input.map((size, axis) => size + 2 * around[axis]);
  const most = geometry(input, taps, { padding: around }).output;
  return { input: room, kernel: taps, output: most.map((size) => Math.max(1, size)) };
}

/** The arrays, where the window goes, the output, and how many decimals each shows. Large arrays take a while. */
export function compute(model) {
  const [image, kernel] = [fromBuffer(model.get("image")), fromBuffer(model.get("kernel"))];
  const place = geometryOf(model);
  const sums = place.fits ? correlate(image, kernel, place) : new Float64Array(0);
  const arrays = { image, kernel, output: { shape: place.output, data: sums } };
  const decimals = Object.fromEntries(
    Object.entries(arrays).map(([name, { data }]) => [name, decimalsFor(data)]),
  );
  return { ...arrays, place, decimals };
}

/** All that stays the same until what is computed, the theme or the width changes. */
export function buildScene(computed, theme, width) {
  const cells = panelCells(computed.place);
  const arranged = layout(width, cells);
  const picture = arranged.mode === "pixels";
  const scene = { ...computed, cells, ...arranged, picture, scales: {}, pictures: {} };
  for (const name of ["image", "kernel", "output"]) {
    const isDrawn = picture && name !== "kernel";
    const strength = isDrawn || (picture && arranged.kernelCell < 20) ? 1 : 0.55;
    scene.scales[name] = colourScale(computed[name].data, theme.palette, { picture: isDrawn, strength });
    if (isDrawn && count(computed[name].shape)) {
      scene.pictures[name] = pictureOf(computed[name], scene.scales[name]);
    }
  }
  return scene;
}

/** Colours and type of the page, as the style sheet resolves them on `root`; `known` again if nothing changed. */
export function readTheme(root, known) {
  const style = getComputedStyle(root);
  const names = ["--sw-ink", "--sw-paper", "--sw-line"];
  const written = names.map((name) => style.getPropertyValue(name).trim());
  const key = [...written, style.fontFamily].join("|");
  if (key === known?.key) return known;
  const context = document.createElement("canvas").getContext("2d");
  const [ink, paper, line] = written.map((text) => {
    context.fillStyle = text;
    return parseColour(context.fillStyle);
  });
  const [blue, orange] = luminance(paper) < 0.3 ? DARK : LIGHT;
  const palette = { neutral: paper, blue, orange, black: [0, 0, 0], white: [255, 255, 255] };
  return { key, ink, paper, line, faint: mix(paper, ink, 0.62), family: style.fontFamily, palette };
}

/** Where a grid of `shape` starts in a panel that keeps `room` cells: it stands in the middle. */
export function originOf(shape, room, cell) {
  return shape.map((size, axis) => MARGIN + Math.round(((room[axis] - size) * cell) / 2));
}

function openPanel(canvas, room, cell) {
  return prepareCanvas(canvas, room[1] * cell + 2 * MARGIN, room[0] * cell + 2 * MARGIN);
}

/** One type size for all numbers of an array, so that their sizes say nothing; 0 where they would not fit. */
function typeSize(context, theme, scene, name, { before = "", width, size }) {
  const { least, greatest } = scene.scales[name];
  const longest = [least, greatest].map((value) => before + formatNumber(value, scene.decimals[name]));
  return fittingSize(context, longest, { width, size, family: theme.family });
}

/** One cell: its colour, its frame and its number. */
function paintCell(context, theme, [x, y, cell], { fill, text, size }) {
  context.fillStyle = css(fill);
  context.fillRect(x, y, cell, cell);
  if (cell >= 16) {
    context.strokeStyle = css(theme.line);
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
  }
  if (!size) return;
  const colour = readableOn(fill, theme.ink, theme.paper);
  printNumber(context, text, { x: x + cell / 2, y: y + cell / 2 + 0.5, size, family: theme.family, colour });
}

/** Every cell of an array, from `origin`. */
function paintNumbers(context, theme, scene, name, [top, left], cell, limit = Infinity) {
  const { shape, data } = scene[name];
  const size = data.length
    ? typeSize(context, theme, scene, name, { width: cell * 0.86, size: cell * 0.42 })
    : 0;
  for (let index = 0; index < Math.min(data.length, limit); index++) {
    const [row, column] = [Math.floor(index / shape[1]), index % shape[1]];
    const text = formatNumber(data[index], scene.decimals[name]);
    const fill = scene.scales[name].colour(data[index]);
    paintCell(context, theme, [left + column * cell, top + row * cell, cell], { fill, text, size });
  }
}

function paintPicture(context, picture, [top, left], shape, cell) {
  context.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < 1;
  context.drawImage(picture, left, top, shape[1] * cell, shape[0] * cell);
}

/** The lines of a grid, dashed: each once, so that the dashes of neighbours do not blur. */
function paintDashes(context, theme, [top, left], [rows, columns], [stepDown, stepRight], dash) {
  const [height, width] = [rows * stepDown, columns * stepRight];
  context.beginPath();
  for (let row = 0; row <= rows; row++) {
    context.moveTo(left, top + row * stepDown + 0.5);
    context.lineTo(left + width, top + row * stepDown + 0.5);
  }
  for (let column = 0; column <= columns; column++) {
    context.moveTo(left + column * stepRight + 0.5, top);
    context.lineTo(left + column * stepRight + 0.5, top + height);
  }
  context.setLineDash(dash);
  context.strokeStyle = css(theme.faint);
  context.lineWidth = 1;
  context.stroke();
  context.setLineDash([]);
}

/** Padding is drawn dashed: as cells with zeros, or around a picture as a frame. The input is painted over it. */
function paintPadding(context, theme, { place, cell, picture }, origin) {
  const [rows, columns] = place.padding;
  if (!rows && !columns) return;
  const [top, left] = origin.map((edge, axis) => edge - place.padding[axis] * cell);
  if (picture) {
    const whole = place.padded.map((size) => size * cell);
    paintDashes(context, theme, [top, left], [1, 1], whole, [4, 3]);
    return;
  }
  paintDashes(context, theme, [top, left], place.padded, [cell, cell], [4, 3]);
  for (let row = 0; row < place.padded[0]; row++) {
    for (let column = 0; column < place.padded[1]; column++) {
      const at = { x: left + (column + 0.5) * cell, y: top + (row + 0.5) * cell + 0.5 };
      printNumber(context, "0", { ...at, size: cell * 0.36, family: theme.family, colour: theme.faint });
    }
  }
}

/** Rows and columns that no window reads are hatched. */
function paintUnread(context, theme, { place, cell }, origin) {
  const [top, left] = origin.map((edge, axis) => edge - place.padding[axis] * cell);
  const [height, width] = place.padded.map((size) => size * cell);
  context.save();
  context.beginPath();
  for (const row of unreadLines(place, 0)) context.rect(left, top + row * cell, width, cell);
  for (const column of unreadLines(place, 1)) context.rect(left + column * cell, top, cell, height);
  context.clip();
  context.beginPath();
  for (let start = -height; start < width; start += 6) {
    context.moveTo(left + start, top + height);
    context.lineTo(left + start + height, top);
  }
  context.strokeStyle = css(theme.faint, 0.7);
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

/** The window on the input: its frame, its taps, and in each the weight it is multiplied by. */
function paintWindowFrame(context, theme, scene, [top, left], { position, tap }) {
  const { place, cell, kernel, picture } = scene;
  const at = ({ row, column }) => [left + column * cell, top + row * cell, cell, cell];
  const terms = windowTerms(scene.image, kernel, place, position);
  const style = { line: theme.ink, halo: theme.paper };
  const isSpread = place.dilation.some((apart) => apart > 1) && !picture;
  const [x, y] = at(terms[0]);
  const loose = isSpread ? 3 : 0; // the frame of a spread window leaves its taps their own outline
  const [height, width] = place.span.map((size) => size * cell + 2 * loose);
  outline(context, [x - loose, y - loose, width, height], { ...style, thickness: isSpread ? 1 : 3 });
  if (picture) return;
  if (isSpread) for (const term of terms) outline(context, at(term), { ...style, thickness: 2 });
  const size = typeSize(context, theme, scene, "kernel", { before: "×", width: cell - 9, size: cell * 0.27 });
  for (const term of terms) paintWeight(context, theme, scene, term, at(term), size);
  if (tap === null) return;
  const [tapLeft, tapTop] = at(terms[tap]).map((edge) => edge + 5);
  outline(context, [tapLeft, tapTop, cell - 10, cell - 10], { ...style, thickness: 2 });
}

/** The weight of a tap, faint in the lower corner of its cell. */
function paintWeight(context, theme, scene, term, [x, y, cell], size) {
  const ground = term.padded ? theme.paper : scene.scales.image.colour(term.pixel);
  const colour = mix(ground, readableOn(ground, theme.ink, theme.paper), 0.75);
  const text = `×${formatNumber(term.weight, scene.decimals.kernel)}`;
  const corner = { x: x + cell - 4.5, y: y + cell * 0.82, align: "right" };
  printNumber(context, text, { ...corner, size, family: theme.family, colour });
}

/** The input with its padding, what no window reads, and the window. */
export function paintInput(canvas, scene, theme, state) {
  const { cells, cell, place } = scene;
  const context = openPanel(canvas, cells.input, cell);
  const origin = originOf(place.input, cells.input, cell);
  paintPadding(context, theme, scene, origin);
  if (scene.picture) paintPicture(context, scene.pictures.image, origin, place.input, cell);
  else paintNumbers(context, theme, scene, "image", origin, cell);
  if (!place.fits) return;
  if (!scene.picture) paintUnread(context, theme, scene, origin);
  paintWindowFrame(context, theme, scene, origin, state);
}

/** The kernel, and the tap that is pointed at. */
export function paintKernel(canvas, scene, theme, { tap }) {
  const { kernel, kernelCell: cell } = scene;
  const context = openPanel(canvas, kernel.shape, cell);
  paintNumbers(context, theme, scene, "kernel", [MARGIN, MARGIN], cell);
  paintTap(context, theme, kernel.shape, cell, tap);
}

/** The values under the window, magnified: what a picture is too small to show. */
export function paintMagnifier(canvas, scene, theme, { position, tap }) {
  const { kernel, kernelCell: cell, place } = scene;
  const context = openPanel(canvas, kernel.shape, cell);
  const terms = place.fits ? windowTerms(scene.image, kernel, place, position) : [];
  const size = typeSize(context, theme, scene, "image", { width: cell * 0.86, size: cell * 0.42 });
  for (const term of terms) {
    const [row, column] = term.tap;
    const fill = term.padded ? theme.paper : scene.scales.image.colour(term.pixel);
    const text = formatNumber(term.pixel, scene.decimals.image);
    paintCell(context, theme, [MARGIN + column * cell, MARGIN + row * cell, cell], { fill, text, size });
  }
  paintTap(context, theme, kernel.shape, cell, tap);
}

function paintTap(context, theme, shape, cell, tap) {
  if (tap === null) return;
  const [row, column] = [Math.floor(tap / shape[1]), tap % shape[1]];
  const box = [MARGIN + column * cell, MARGIN + row * cell, cell, cell];
  outline(context, box, { line: theme.ink, halo: theme.paper, thickness: 2 });
}

/** The output: what is computed so far, and the value of the present window. */
export function paintOutput(canvas, scene, theme, { position, filled }) {
  const { cells, cell, place } = scene;
  const context = openPanel(canvas, cells.output, cell);
  if (!place.fits) return;
  const origin = originOf(place.output, cells.output, cell);
  const shown = filled < 0 ? count(place.output) : filled;
  if (scene.picture) {
    paintPicture(context, scene.pictures.output, origin, place.output, cell);
    eraseFrom(context, theme, shown, origin, place.output, cell);
  } else {
    if (shown < count(place.output)) paintDashes(context, theme, origin, place.output, [cell, cell], [1, 3]);
    paintNumbers(context, theme, scene, "output", origin, cell, shown);
  }
  const [top, left] = origin;
  const box = [left + position[1] * cell, top + position[0] * cell, cell, cell];
  const small = cell < 6 ? box.map((length, side) => (side < 2 ? length - 2 : length + 4)) : box;
  outline(context, small, { line: theme.ink, halo: theme.paper, thickness: 3 });
}

/** In a picture: clear what is not computed yet, and draw its frame. */
function eraseFrom(context, theme, shown, [top, left], [rows, columns], cell) {
  const [row, column] = [Math.floor(shown / columns), shown % columns];
  if (shown < rows * columns) {
    context.clearRect(left + column * cell, top + row * cell, (columns - column) * cell, cell);
    context.clearRect(left, top + (row + 1) * cell, columns * cell, (rows - row - 1) * cell);
  }
  paintDashes(context, theme, [top, left], [1, 1], [rows * cell, columns * cell], [1, 3]);
}
