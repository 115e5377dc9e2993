// The picture of two axes: the image with the field's square, the map of the chosen layer, the effective
// field.
import { colourScale, css, MARGIN, outline, pictureOf } from "../shared/grid.js";
import { seenBy } from "./growth.js";

const GAP = 26;
const HEADING = 26;

/** Where the three parts stand: their [left, top] corners, and the size of a pixel of the image. */
export function layOutImage({ shapes }, { width, height, isEffective }) {
  const [rows, columns] = shapes[0];
  const parts = isEffective ? 3 : 2;
  const room = (width - GAP * parts) / parts;
  const cell = Math.min(room / columns, (height - HEADING - GAP / 2) / rows);
  const left = Math.max(GAP / 2, (width - parts * (columns * cell + GAP)) / 2 + GAP / 2);
  const corner = (part) => [left + part * (columns * cell + GAP), HEADING];
  // The map fills the room of the image, however few neurons it has: each is large enough to point at.
  const used = Math.min(height, HEADING + rows * cell + GAP / 2); // a narrow page has no room for more
  return {
    width,
    height: used,
    cell,
    image: corner(0),
    map: corner(1),
    field: corner(2),
    side: columns * cell,
    tall: rows * cell,
  };
}

/**
 * The place of the input, or the neuron of the map, under a point: { place } or { neuron }, [row, column].
 */
export function pointedPixel([y, x], place, shape, mapShape) {
  const within = ([left, top], [rows, columns], cell) => {
    const at = [(y - top) / cell, (x - left) / cell];
    return at[0] >= 0 && at[1] >= 0 && at[0] < rows && at[1] < columns ? at : null;
  };
  const onMap = within(place.map, mapShape, mapCell(place, mapShape));
  if (onMap) return { neuron: onMap.map(Math.floor) };
  const onImage = within(place.image, shape, place.cell);
  return onImage ? { place: onImage.map((at) => at - 0.5) } : null;
}

/** The size of a neuron on the map. */
const mapCell = ({ side, tall }, [rows, columns]) => Math.min(side / columns, tall / rows, 40);

/** The image as a picture of one screen pixel a value, to be drawn enlarged. */
export const photograph = (image, theme) =>
  pictureOf(image, colourScale(image.data, theme.palette, { picture: true }));

/** The image, and the empty map of the chosen layer. */
export function paintStillImage(context, theme, { shapes }, place, { picture, layer }) {
  heading(context, theme, `input ${shapes[0].join(" × ")}`, place.image);
  context.imageSmoothingEnabled = false;
  const [rows, columns] = shapes[0];
  context.drawImage(picture, ...place.image, columns * place.cell, rows * place.cell);
  const noun = place.side > 190 ? " neurons" : "";
  if (layer) heading(context, theme, `layer ${layer}: ${shapes[layer].join(" × ")}${noun}`, place.map);
  paintMap(context, theme, shapes[layer], place);
}

function paintMap(context, theme, [rows, columns], place) {
  const [left, top] = place.map;
  const cell = mapCell(place, [rows, columns]);
  const [width, height] = [columns * cell, rows * cell];
  context.strokeStyle = css(theme.line);
  context.lineWidth = 1;
  context.strokeRect(left, top, width, height);
  if (cell < 6) return; // lines alone would fill it
  context.beginPath();
  for (let row = 0; row <= rows; row++) {
    context.moveTo(left, top + row * cell);
    context.lineTo(left + width, top + row * cell);
  }
  for (let column = 0; column <= columns; column++) {
    context.moveTo(left + column * cell, top);
    context.lineTo(left + column * cell, top + height);
  }
  context.stroke();
}

function heading(context, theme, text, [left, top]) {
  context.font = `15px ${theme.family}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = css(theme.ink);
  context.fillText(text, left, top - 8);
}

/**
 * The frames: the field, within it those of the layers below at the same place, and the neuron on the map.
 */
export function paintSquares(context, theme, { growth, shapes }, place, { layer, neuron, inner, isHidden }) {
  const { image, map } = place;
  const rectangle = ([top, bottom], [left, right], corner, cell = place.cell) => [
    corner[0] + left * cell,
    corner[1] + top * cell,
    (right - left + 1) * cell,
    (bottom - top + 1) * cell,
  ];
  if (!isHidden) {
    context.save();
    context.beginPath(); // a field may be far larger than the image
    context.rect(image[0] - GAP / 2, image[1] - MARGIN, place.side + GAP - 2, place.tall + GAP / 2 + MARGIN);
    context.clip();
    const squareOf = (level, at) => rectangle(...at.map((index) => seenBy(growth[level], index)), image);
    const thin = { line: theme.palette.white, halo: theme.palette.black, thickness: 1 };
    inner.forEach((place, index) => outline(context, squareOf(index + 1, place), thin));
    outline(context, squareOf(layer, neuron), { line: theme.palette.orange, halo: theme.palette.white });
    context.restore();
  }
  const [left, top, width, height] = rectangle(
    ...neuron.map((index) => [index, index]),
    map,
    mapCell(place, shapes[layer]),
  );
  context.fillStyle = css(theme.palette.blue);
  context.fillRect(left, top, width, height);
  context.lineWidth = 2;
  context.strokeStyle = css(theme.ink);
  context.strokeRect(left - 1, top - 1, width + 2, height + 2);
}

/**
 * The effective field as a picture, enlarged, in the frame of the theoretical one with its middle half
 * marked.
 */
export function paintBell(context, theme, place, { mean, box, fields, sizes }) {
  heading(context, theme, place.side > 190 ? "gradient, enlarged" : "gradient", place.field);
  const lengths = fields.map(([first, last]) => last - first + 1);
  const cell = Math.min(place.side, place.height - place.field[1] - GAP / 2) / lengths[0];
  const [left, top] = place.field;
  const side = lengths[0] * cell;
  const scale = colourScale(mean, theme.palette);
  context.imageSmoothingEnabled = false;
  const picture = pictureOf({ shape: sizes, data: mean }, scale);
  const [row, column] = box.map(([first], axis) => first - fields[axis][0]);
  context.drawImage(picture, left + column * cell, top + row * cell, sizes[1] * cell, sizes[0] * cell);
  outline(context, [left, top, side, side], { line: theme.palette.orange, halo: theme.paper, thickness: 2 });
  context.setLineDash([4, 3]);
  context.lineWidth = 2;
  context.strokeStyle = css(theme.ink);
  context.strokeRect(left + side / 4, top + side / 4, side / 2, side / 2);
  context.setLineDash([]);
}
