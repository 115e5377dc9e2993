// What the widget says in words.
import { indexOf, sizeFormula, unreadLines, windowTerms } from "../shared/arithmetic.js";
import { formatNumber, isShownExactly, writeTerms } from "../shared/grid.js";
import { isShown } from "./playback.js";

/** What the colours of a picture mean. */
export function legend(scene, name) {
  const { least, greatest, signed } = scene.scales[name];
  if (!Number.isFinite(least)) return "";
  const [low, high] = [least, greatest].map((value) => formatNumber(value, scene.decimals[name]));
  return signed ? `blue ${low} · orange ${high}` : `black ${low} · white ${high}`;
}

/** The output size with its derivation, and what no window reads. */
export function sizeNote(place) {
  const lost = ["row", "column"].map((noun, axis) => {
    const number = unreadLines(place, axis).length;
    return number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "";
  });
  const unread = lost.some(Boolean) ? ` No window reads ${lost.filter(Boolean).join(" and ")}.` : "";
  return `Output rows ${sizeFormula(place, 0)}, columns ${sizeFormula(place, 1)}.${unread}`;
}

/** The products at a position as texts, and their sum with its sign: "= 19", "≈ 0.33", or "= ?" while it is not shown. */
export function writtenSum(scene, position, filled) {
  const { image, kernel, place, output, decimals } = scene;
  const terms = writeTerms(windowTerms(image, kernel, place, position), decimals.image, decimals.kernel);
  const texts = terms.map(({ text }) => text);
  if (!isShown(position, filled, place)) return { texts, result: "= ?" };
  const value = output.data[indexOf(position, place)];
  if (terms.every(({ exact }) => exact) && isShownExactly(value, decimals.output)) {
    return { texts, result: `= ${formatNumber(value, decimals.output)}` };
  }
  return { texts, result: `≈ ${formatNumber(value, Math.max(...Object.values(decimals)))}` };
}

/** The position and what the window covers, as a sentence. */
export function describePosition(scene, position, filled) {
  const { image, kernel, place, output, decimals } = scene;
  const terms = windowTerms(image, kernel, place, position);
  const [from, to] = [terms[0], terms[terms.length - 1]];
  const rows = `rows ${formatNumber(from.row, 0)} to ${formatNumber(to.row, 0)}`;
  const columns = `columns ${formatNumber(from.column, 0)} to ${formatNumber(to.column, 0)}`;
  const value = formatNumber(output.data[indexOf(position, place)], decimals.output);
  const said = isShown(position, filled, place) ? `is ${value}` : "is not computed yet";
  return `Output[${position.join(", ")}] ${said}. The window covers input ${rows}, ${columns}.`;
}

/** One product, as a sentence. */
export function describeProduct({ image, kernel, place, decimals }, position, tap) {
  const {
    row,
    column,
    padded,
    pixel,
    weight,
    product,
    tap: at,
  } = windowTerms(image, kernel, place, position)[tap];
  const source = padded ? "padding" : `input[${row}, ${column}]`;
  const digits = decimals.image + decimals.kernel;
  const factors = `${formatNumber(pixel, decimals.image)} × ${formatNumber(weight, decimals.kernel)}`;
  return `${source} × kernel[${at.join(", ")}]: ${factors} gives ${formatNumber(product, digits)}.`;
}
