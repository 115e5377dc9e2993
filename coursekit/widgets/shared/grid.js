// How arrays look: numbers as text, values as colours, cells on a canvas. Shared by the widgets.
// Arrays are {shape: [rows, columns], data: Float64Array}, in row order. Lengths are CSS pixels.

/** Room around a grid on its canvas, so that an outline at its border is seen whole. */
export const MARGIN = 5;

/** Decimals that show the values of an array honestly and briefly: 0 for integers. */
export function decimalsFor(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const most =
    largest >= 1000
      ? 0
      : largest >= 10
        ? 1
        : largest >= 0.1 || largest === 0
          ? 2
          : 1 - Math.floor(Math.log10(largest));
  for (let decimals = 0; decimals < most; decimals++) {
    if (values.every((value) => isShownExactly(value, decimals))) return decimals;
  }
  return Math.min(most, 8);
}

/** True if rounding to `decimals` changes nothing that a reader would notice. */
export function isShownExactly(value, decimals) {
  const scale = 10 ** decimals;
  return Math.abs(Math.round(value * scale) / scale - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

/** A number for a reader: a true minus sign, no "−0", powers of ten where digits would not fit. */
export function formatNumber(value, decimals) {
  const size = Math.abs(value);
  const text = size >= 1e6 ? size.toExponential(1) : size.toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A factor of a written product: a negative one stands in parentheses. */
const factor = (text) => (text.startsWith("−") ? `(${text})` : text);

/** The terms of a sum as text, "3×2" or "(−1)×2", and whether any of them is rounded. */
export function writeTerms(terms, pixelDecimals, weightDecimals) {
  return terms.map(({ pixel, weight }) => ({
    text: `${factor(formatNumber(pixel, pixelDecimals))}×${factor(formatNumber(weight, weightDecimals))}`,
    exact: isShownExactly(pixel, pixelDecimals) && isShownExactly(weight, weightDecimals),
  }));
}

/** The indices of a long sum that stand in its short form; null marks the gap. */
export function shorten(length, longest = 12) {
  const all = Array.from({ length }, (_, index) => index);
  return length <= longest ? all : [...all.slice(0, 4), null, ...all.slice(-2)];
}

/** A colour as a canvas writes it, "#rrggbb" or "rgba(r, g, b, a)", as [r, g, b]. */
export function parseColour(text) {
  if (!text.startsWith("#"))
    return text
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number);
  return [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16));
}

/** The colour a share `t` (0 to 1) of the way from one to another. */
export const mix = (from, to, t) =>
  from.map((channel, index) => Math.round(channel + (to[index] - channel) * t));

/** Relative luminance of [r, g, b], 0 to 1 (WCAG 2.2). */
export function luminance(colour) {
  const [r, g, b] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Whichever of two text colours stands out more on a background (WCAG contrast ratio). */
export function readableOn(background, one, other) {
  const contrast = (colour) => {
    const [low, high] = [luminance(colour), luminance(background)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  return contrast(one) >= contrast(other) ? one : other;
}

/**
 * Value -> [r, g, b]. `palette` has the colours `neutral`, `blue`, `orange`, `black`, `white`.
 * Signed values: blue below zero, neutral at zero, orange above. A picture without negative values
 * (`picture` true) is grey from black at its least to white at its greatest value, as a photograph.
 * `strength` 0 to 1 says how far the strongest colour goes; numbers need a paler ground.
 */
export function colourScale(values, palette, { picture = false, strength = 1 } = {}) {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (picture && least >= 0) {
    const range = greatest - least || 1;
    const colour = (value) => mix(palette.black, palette.white, (value - least) / range);
    return { colour, least, greatest, signed: false };
  }
  const limit = Math.max(Math.abs(least), Math.abs(greatest)) || 1;
  const colour = (value) => {
    const share = Math.min(1, Math.abs(value) / limit) ** 0.8 * strength;
    return mix(palette.neutral, value < 0 ? palette.blue : palette.orange, share);
  };
  return { colour, least, greatest, signed: true };
}

/**
 * Cell sizes for three panels in `width` pixels. `cells` gives the room each needs, [rows, columns].
 * "numbers": one cell size for all three, large enough to print in. "pixels": input and output as pictures,
 * and the window magnified between them. `stacked`: below one another, where the page is narrow.
 * `signs` is the width of what stands between the panels; `narrowest` that of a panel's heading.
 */
export function layout(width, cells, { signs = 112, narrowest = 130, tallest = 520, sizes = [56, 27] } = {}) {
  const panels = [cells.input, cells.kernel, cells.output];
  const [largest, least] = sizes;
  const wide = (columns, cell) => Math.max(narrowest, columns * cell + 2 * MARGIN);
  const fits = (cell, stacked) => {
    const widths = panels.map(([, columns]) => wide(columns, cell));
    const total = stacked ? Math.max(...widths) : widths.reduce((sum, part) => sum + part, signs);
    return total <= width && Math.max(...panels.map(([rows]) => rows)) * cell <= tallest;
  };
  for (const stacked of width < 640 ? [false, true] : [false]) {
    for (let cell = largest; cell >= least; cell--) {
      if (fits(cell, stacked)) return { mode: "numbers", stacked, cell, kernelCell: cell };
    }
  }
  return { mode: "pixels", ...pixelLayout(width, cells, { signs, tallest, least, wide }) };
}

function pixelLayout(width, { input, kernel, output }, { signs, tallest, least, wide }) {
  const stacked = width < 640;
  const magnifier = stacked ? width - 2 * MARGIN : Math.min(240, width * 0.25);
  const kernelCell = Math.min(48, magnifier / Math.max(...kernel));
  const room = stacked ? width - 2 * MARGIN : width - wide(kernel[1], kernelCell) - signs - 4 * MARGIN;
  const columns = stacked ? Math.max(input[1], output[1]) : input[1] + output[1];
  const cell = Math.min(room / columns, tallest / Math.max(input[0], output[0]), least);
  // Half pixels keep a small picture crisp; below two a picture is resampled anyway.
  return { stacked, cell: cell >= 2 ? Math.floor(cell * 2) / 2 : cell, kernelCell };
}

/** Give a canvas its size on the page and on the screen; returns a context that draws in CSS pixels. */
export function prepareCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    Object.assign(canvas, { width: columns, height: rows });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** An array as a picture, one screen pixel a value, to be drawn enlarged. */
export function pictureOf({ shape, data }, scale) {
  const canvas = document.createElement("canvas");
  [canvas.height, canvas.width] = shape;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(shape[1], shape[0]);
  for (let index = 0; index < data.length; index++) {
    const [r, g, b] = scale.colour(data[index]);
    const at = 4 * index;
    pixels.data[at] = r;
    pixels.data[at + 1] = g;
    pixels.data[at + 2] = b;
    pixels.data[at + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/** The size, at most `size`, at which the longest of some texts is `width` wide; 0 where none could be read. */
export function fittingSize(context, texts, { width, size, family }) {
  context.font = `${size}px ${family}`;
  const widest = Math.max(...texts.map((text) => context.measureText(text).width));
  const fitted = Math.min(size, (size * width) / widest);
  return fitted < 8 ? 0 : fitted;
}

/** Print `text` at (x, y); a size of 0 prints nothing. */
export function printNumber(context, text, { x, y, size, family, colour, align = "center" }) {
  if (!size) return;
  context.font = `${size}px ${family}`;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillStyle = css(colour);
  context.fillText(text, x, y);
}

/** [r, g, b] as a CSS colour. */
export const css = (colour, alpha = 1) => `rgb(${colour.join(" ")} / ${alpha})`;

/** Outline a rectangle so that it is seen on any colour: a broad halo under a line. */
export function outline(context, [x, y, width, height], { line, halo, thickness = 3 }) {
  for (const [colour, extra] of [
    [halo, 3],
    [line, 0],
  ]) {
    context.strokeStyle = css(colour);
    context.lineWidth = thickness + extra;
    context.strokeRect(x, y, width, height);
  }
}

/**
 * Hatch a rectangle: what is left out, unread or impossible. With `parts` only these boxes in it, by the same
 * lines, so that parts that cross are not hatched twice.
 */
export function hatch(context, theme, [x, y, width, height], parts = [[x, y, width, height]]) {
  context.save();
  context.beginPath();
  for (const part of parts) context.rect(...part);
  context.clip();
  context.beginPath();
  for (let start = -height; start < width; start += 6) {
    context.moveTo(x + start, y + height);
    context.lineTo(x + start + height, y);
  }
  context.strokeStyle = css(theme.faint, 0.7);
  context.lineWidth = 1;
  context.stroke();
  context.restore();
}

/**
 * Every cell of an array with its colour, its line and its number, from `origin` [top, left].
 * One type size for all, so that sizes say nothing; none where they would not fit. `limit` stops early.
 */
export function paintCells(context, theme, { shape, data }, options) {
  const { origin, cell, scale, decimals = decimalsFor(data), limit = Infinity } = options;
  const longest = [scale.least, scale.greatest].map((value) => formatNumber(value, decimals));
  const wanted = { width: cell * 0.86, size: cell * 0.42, family: theme.family };
  const size = data.length ? fittingSize(context, longest, wanted) : 0;
  for (let index = 0; index < Math.min(data.length, limit); index++) {
    const [row, column] = [Math.floor(index / shape[1]), index % shape[1]];
    const at = [origin[1] + column * cell, origin[0] + row * cell, cell];
    const text = formatNumber(data[index], decimals);
    paintOneCell(context, theme, at, { fill: scale.colour(data[index]), text, size });
  }
}

/** One cell: its colour, its line and its number; a size of 0 prints none. */
export function paintOneCell(context, theme, [x, y, cell], { fill, text, size }) {
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
