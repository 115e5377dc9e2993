// A small drawing of where a layer's weights sit: the kernels as blocks, the lines of a dense layer.
import { css, prepareCanvas, printNumber } from "../shared/grid.js";
import { kernelOf } from "./counting.js";
import { withCommas } from "./words.js";

const HEIGHT = 100;
const MOST_CELLS = 11; // more rows, columns or channels are drawn as so many

/** Draw the weights of a convolution or of a dense layer; `width` in CSS pixels. */
export function drawBlock(canvas, theme, { stage, width }) {
  const context = prepareCanvas(canvas, width, HEIGHT);
  const pen = { context, theme, width };
  context.lineWidth = 1;
  if (stage.layer.type === "Convolution") drawKernels(pen, stage);
  else drawDense(pen, stage);
}

const print = ({ context, theme }, text, x, y, { align = "left" } = {}) =>
  printNumber(context, text, { x, y, size: 16, family: theme.family, colour: theme.ink, align });

/** Up to three blocks of C × KH × KW, one behind the other, and how many there are. */
function drawKernels(pen, stage) {
  const { channels, taps } = kernelOf(stage);
  const [rows, columns] = taps.length === 1 ? [1, taps[0]] : taps.slice(-2);
  const depth = channels * taps.slice(0, -2).reduce((product, size) => product * size, 1);
  const [down, across, back] = [rows, columns, depth].map((size) => Math.min(MOST_CELLS, size));
  const lean = 0.45;
  const cell = Math.min(20, 62 / (down + back * lean), 96 / (across + back * lean));
  const { kernels, bias } = stage.layer;
  const copies = Math.min(3, kernels);
  const block = { down, across, back, cell, lean: cell * lean };
  const [high, wide] = [down * cell + back * block.lean, across * cell + back * block.lean];
  const top = 1 + (78 - high - (copies - 1) * 7) / 2; // below it a line of text
  const left = 74;
  for (let copy = copies - 1; copy >= 0; copy--)
    cuboid(pen, [left + copy * 9, top + (copies - 1 - copy) * 7], block);
  const front = top + (copies - 1) * 7 + back * block.lean + (down * cell) / 2;
  if (taps.length > 1) print(pen, `KH ${rows}`, left - 8, front, { align: "right" });
  print(pen, `${taps.length > 1 ? "KW" : "K"} ${columns}`, left + (across * cell) / 2, HEIGHT - 8, {
    align: "center",
  });
  const end = left + wide + (copies - 1) * 9 + 10;
  print(pen, stage.layer.groups > 1 ? `C / g = ${channels}` : `C ${channels}`, end, Math.max(12, top + 6));
  print(pen, `${kernels} of them${bias ? ", each" : ""}`, end, HEIGHT / 2 + 4);
  if (bias) biasCell(pen, end, HEIGHT / 2 + 18);
}

function biasCell(pen, x, y) {
  const { context, theme } = pen;
  context.fillStyle = css(theme.palette.orange, 0.45);
  context.strokeStyle = css(theme.ink);
  context.fillRect(x + 40, y, 14, 14);
  context.strokeRect(x + 40.5, y + 0.5, 14, 14);
  print(pen, "with", x, y + 8);
  print(pen, "one bias", x + 62, y + 8);
}

/** One block with its front, top and side ruled into cells. */
function cuboid({ context, theme }, [x, y], { down, across, back, cell, lean }) {
  const [front, wide, high, deep] = [y + back * lean, across * cell, down * cell, back * lean];
  context.strokeStyle = css(theme.ink, 0.75);
  const face = (points, strength) => {
    context.beginPath();
    points.forEach(([px, py]) => context.lineTo(px, py));
    context.closePath();
    context.fillStyle = css(theme.paper);
    context.fill();
    context.fillStyle = css(theme.palette.blue, strength);
    context.fill();
    context.stroke();
  };
  const [right, bottom] = [x + wide, front + high];
  face(
    [
      [x, front],
      [right, front],
      [right, bottom],
      [x, bottom],
    ],
    0.42,
  );
  face(
    [
      [x, front],
      [x + deep, y],
      [right + deep, y],
      [right, front],
    ],
    0.2,
  );
  face(
    [
      [right, front],
      [right + deep, y],
      [right + deep, y + high],
      [right, bottom],
    ],
    0.3,
  );
  context.beginPath();
  const line = (fromX, fromY, toX, toY) => {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  };
  for (let column = 1; column < across; column++) {
    line(x + column * cell, front, x + column * cell, bottom);
    line(x + column * cell, front, x + column * cell + deep, y);
  }
  for (let row = 1; row < down; row++) {
    line(x, front + row * cell, right, front + row * cell);
    line(right, front + row * cell, right + deep, y + row * cell);
  }
  for (let step = 1; step < back; step++) {
    line(x + step * lean, front - step * lean, right + step * lean, front - step * lean);
    line(right + step * lean, front - step * lean, right + step * lean, bottom - step * lean);
  }
  context.stroke();
}

/** Every input joined to every unit. */
function drawDense(pen, { layer, before }) {
  const { context, theme, width } = pen;
  const [inputs, units] = [Math.min(6, before[0]), Math.min(5, layer.units)];
  const [left, right] = [width / 2 - 90, width / 2 + 50];
  const place = (index, number) => 12 + ((index + 0.5) * (HEIGHT - 24)) / number;
  context.strokeStyle = css(theme.palette.blue, 0.8);
  context.beginPath();
  for (let input = 0; input < inputs; input++) {
    for (let unit = 0; unit < units; unit++) {
      context.moveTo(left, place(input, inputs));
      context.lineTo(right, place(unit, units));
    }
  }
  context.stroke();
  const dots = (x, number, colour) => {
    context.fillStyle = css(colour);
    for (let index = 0; index < number; index++) {
      context.beginPath();
      context.arc(x, place(index, number), 5, 0, 2 * Math.PI);
      context.fill();
    }
  };
  dots(left, inputs, theme.ink);
  dots(right, units, theme.palette.orange);
  print(pen, `n = ${withCommas(before[0])}`, left - 14, HEIGHT / 2, { align: "right" });
  print(pen, `m = ${withCommas(layer.units)}`, right + 14, HEIGHT / 2);
}
