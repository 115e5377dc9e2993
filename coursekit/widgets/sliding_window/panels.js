// The panels of the sliding window: what is drawn where. What stays while the window moves is a layer, painted
// once and copied; only the window itself is painted at each move.
import { unreadLines } from "../shared/arithmetic.js";
import { css, fittingSize, formatNumber, hatch, MARGIN, mix, outline, paintCells } from "../shared/grid.js";
import { paintOneCell, pictureOf, prepareCanvas, printNumber, readableOn } from "../shared/grid.js";
import { turnedTap } from "./planes.js";

/** A panel's context, cleared; `room` in cells, and below it what the channels behind need. */
function openPanel(canvas, room, cell, behind = 0) {
  const [width, height] = [room[1] * cell, room[0] * cell].map((length) => length + 2 * MARGIN + behind);
  return prepareCanvas(canvas, width, height);
}

/** Copy a layer of `scene` onto a panel, painting it first where it is new. Returns the panel's context. */
function openOnLayer(canvas, scene, name, [room, cell, behind], paint) {
  const { layers } = scene;
  const [group] = name.split(":"); // one layer of each kind is kept: of the channel in front
  if (layers[group]?.name !== name) {
    const kept = layers[group]?.canvas ?? document.createElement("canvas");
    paint(openPanel(kept, room, cell, behind));
    layers[group] = { name, canvas: kept };
  }
  const context = openPanel(canvas, room, cell, behind);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(layers[group].canvas, 0, 0);
  context.restore();
  return context;
}

/** One type size for all numbers of an array, so that their sizes say nothing; 0 where they would not fit. */
function typeSize(context, theme, scene, name, { before = "", width, size }) {
  const { least, greatest } = scene.scales[name];
  const longest = [least, greatest].map((value) => before + formatNumber(value, scene.decimals[name]));
  return fittingSize(context, longest, { width, size, family: theme.family });
}

function paintPicture(context, picture, [top, left], [rows, columns], cell) {
  context.imageSmoothingEnabled = cell * (window.devicePixelRatio || 1) < 1;
  context.drawImage(picture, left, top, columns * cell, rows * cell);
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

/** The channels behind the one in front peep out to the upper right, as sheets of paper do. */
function paintBehind(context, theme, { behind }, [top, left], [rows, columns], cell) {
  for (let away = behind; away > 0; away -= 6) {
    const box = [left + away, top - away, columns * cell, rows * cell];
    context.fillStyle = css(mix(theme.paper, theme.ink, 0.06));
    context.fillRect(...box);
    context.strokeStyle = css(theme.faint);
    context.lineWidth = 1;
    context.strokeRect(box[0] + 0.5, box[1] + 0.5, box[2] - 1, box[3] - 1);
  }
}

/** Zeros around the input are dashed: as cells, or around a picture as a frame. The input comes on top. */
function paintAround(context, theme, { place, overhang, cell, picture }, origin) {
  const [top, left] = origin.map((edge, axis) => edge - place.padding[axis] * cell);
  const padded = place.padding.some(Boolean);
  const hanging = overhang.some(Boolean);
  const whole = place.padded.map((size, axis) => size + overhang[axis]);
  const grid = (shape, dash) =>
    picture
      ? paintDashes(context, theme, [top, left], [1, 1], shape.map((size) => size * cell), dash)
      : paintDashes(context, theme, [top, left], shape, [cell, cell], dash);
  if (hanging) grid(whole, [1, 3]);
  if (padded) grid(place.padded, [4, 3]);
  if (picture || (!padded && !hanging)) return;
  const zero = { size: cell * 0.36, family: theme.family, colour: theme.faint };
  for (let row = 0; row < whole[0]; row++) {
    for (let column = 0; column < whole[1]; column++) {
      const [x, y] = [left + (column + 0.5) * cell, top + (row + 0.5) * cell + 0.5];
      printNumber(context, "0", { x, y, ...zero });
    }
  }
}

/** Rows and columns that no window reads are hatched. */
function paintUnread(context, theme, { place, cell }, origin) {
  const [top, left] = origin.map((edge, axis) => edge - place.padding[axis] * cell);
  const [height, width] = place.padded.map((size) => size * cell);
  const rows = unreadLines(place, 0).map((row) => [left, top + row * cell, width, cell]);
  const columns = unreadLines(place, 1).map((column) => [left + column * cell, top, cell, height]);
  hatch(context, theme, [left, top, width, height], [...rows, ...columns]);
}

/** The input's channel in front with its padding and what no window reads; then the window on it. */
export function paintInput(canvas, scene, theme, state) {
  const { cells, cell, place, picture, behind } = scene;
  const origin = scene.origins.input;
  const plane = scene.image[state.channel];
  const context = openOnLayer(canvas, scene, `input:${state.channel}`, [cells.input, cell, behind], (back) => {
    paintBehind(back, theme, scene, origin, place.input, cell);
    paintAround(back, theme, scene, origin);
    if (picture) paintPicture(back, pictureOf(plane, scene.scales.image), origin, plane.shape, cell);
    else {
      const [scale, decimals] = [scene.scales.image, scene.decimals.image];
      paintCells(back, theme, plane, { origin, cell, scale, decimals });
    }
    if (place.fits && !picture) paintUnread(back, theme, scene, origin);
  });
  if (place.fits) paintWindowFrame(context, theme, scene, origin, state);
}

/** The window on the input: its frame, its taps, and in each the weight it is multiplied by. */
function paintWindowFrame(context, theme, scene, [top, left], { terms, tap }) {
  const { place, cell, picture } = scene;
  const at = ({ row, column }) => [left + column * cell, top + row * cell, cell, cell];
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

/** A kernel's channel in front, and the tap that is pointed at; `name` is "kernel" or "sliding". */
export function paintKernel(canvas, scene, theme, { channel, tap }, name) {
  const { kernelCell: cell, behind, place } = scene;
  const plane = scene[name][Math.min(channel, scene[name].length - 1)];
  const origin = scene.origins.kernel;
  const context = openPanel(canvas, place.taps, cell, behind);
  paintBehind(context, theme, scene, origin, place.taps, cell);
  const [scale, decimals] = [scene.scales.kernel, scene.decimals.kernel];
  paintCells(context, theme, plane, { origin, cell, scale, decimals });
  const isMoved = name === "kernel" && scene.isTurned && tap !== null; // the tap is counted as it slides
  paintTap(context, theme, scene, isMoved ? turnedTap(tap, place.taps) : tap);
}

/** The values under the window, magnified: what a picture is too small to show. */
export function paintMagnifier(canvas, scene, theme, { terms, tap }) {
  const { kernelCell: cell, behind, place } = scene;
  const [top, left] = scene.origins.kernel;
  const context = openPanel(canvas, place.taps, cell, behind);
  const size = typeSize(context, theme, scene, "image", { width: cell * 0.86, size: cell * 0.42 });
  for (const term of terms) {
    const [row, column] = term.tap;
    const fill = term.padded ? theme.paper : scene.scales.image.colour(term.pixel);
    const text = size ? formatNumber(term.pixel, scene.decimals.image) : "";
    paintOneCell(context, theme, [left + column * cell, top + row * cell, cell], { fill, text, size });
  }
  paintTap(context, theme, scene, tap);
}

function paintTap(context, theme, { place, kernelCell: cell, origins }, tap) {
  if (tap === null) return;
  const [row, column] = [Math.floor(tap / place.taps[1]), tap % place.taps[1]];
  const [top, left] = origins.kernel;
  const box = [left + column * cell, top + row * cell, cell, cell];
  outline(context, box, { line: theme.ink, halo: theme.paper, thickness: 2 });
}

/** The output: what is shown of it so far, and the value of the present window. */
export function paintOutput(canvas, scene, theme, { position, visible, isShown }) {
  const { cells, cell, place, picture } = scene;
  if (!place.fits) return void openPanel(canvas, cells.output, cell);
  const origin = scene.origins.output;
  const context = openOnLayer(canvas, scene, `output:${visible.key}`, [cells.output, cell, 0], (back) => {
    if (!visible.all && !picture) paintDashes(back, theme, origin, place.output, [cell, cell], [1, 3]);
    back.save();
    clipToShown(back, visible, origin, place.output, cell);
    if (picture) {
      scene.outputPicture ??= pictureOf(scene.output, scene.scales.output); // it is uncovered bit by bit
      paintPicture(back, scene.outputPicture, origin, place.output, cell);
    } else {
      const [scale, decimals] = [scene.scales.output, scene.decimals.output];
      paintCells(back, theme, scene.output, { origin, cell, scale, decimals });
    }
    back.restore();
    const whole = place.output.map((size) => size * cell);
    if (picture) paintDashes(back, theme, origin, [1, 1], whole, [1, 3]);
  });
  const [top, left] = origin;
  const box = [left + position[1] * cell, top + position[0] * cell, cell, cell];
  const small = cell < 6 ? box.map((length, side) => (side < 2 ? length - 2 : length + 4)) : box;
  outline(context, small, { line: theme.ink, halo: theme.paper, thickness: 3 });
  if (isShown || picture) return;
  const middle = { x: box[0] + cell / 2, y: box[1] + cell / 2 + 0.5, size: cell * 0.5 };
  printNumber(context, "?", { ...middle, family: theme.family, colour: theme.ink });
}

/** Let only the output cells that are shown be painted: whole rows, the begun row, and single cells. */
function clipToShown(context, { all, upTo, cells }, [top, left], [, columns], cell) {
  if (all) return;
  const [row, column] = [Math.floor(upTo / columns), upTo % columns];
  context.beginPath();
  context.rect(left, top, columns * cell, row * cell);
  context.rect(left, top + row * cell, column * cell, cell);
  for (const index of cells) {
    context.rect(left + (index % columns) * cell, top + Math.floor(index / columns) * cell, cell, cell);
  }
  context.clip();
}
