// What the widget says in words.
import { sizeFormula, windowTerms } from "./arithmetic.js";
import { formatNumber } from "./grid.js";

/** What the colours of a picture mean. */
export function legend(scene, name) {
  const { least, greatest, signed } = scene.scales[name];
  if (!Number.isFinite(least)) return "";
  const [low, high] = [least, greatest].map((value) => formatNumber(value, scene.decimals[name]));
  return signed ? `blue ${low} · orange ${high}` : `black ${low} · white ${high}`;
}

/** The output size with its derivation, and what the stride leaves out. */
export function sizeNote(place) {
  const lost = place.unread.map(
    (number, axis) => number && `${number} ${axis ? "column" : "row"}${number > 1 ? "s" : ""}`,
  );
  const unread = lost.some(Boolean)
    ? ` The stride leaves ${lost.filter(Boolean).join(" and ")} unread (hatched).`
    : "";
  return `Output rows ${sizeFormula(place, 0)}, columns ${sizeFormula(place, 1)}.${unread}`;
}

/** The position, or the product that is pointed at, as a sentence. */
export function describe(scene, position, tap) {
  const { place, output, decimals } = scene;
  const terms = windowTerms(scene.image, scene.kernel, place, position);
  if (tap !== null && terms[tap]) {
    const {
      row,
      column,
      tap: [u, v],
      padded,
      pixel,
      weight,
      product,
    } = terms[tap];
    const source = padded ? "padding" : `input[${row}, ${column}]`;
    const [left, right] = [formatNumber(pixel, decimals.image), formatNumber(weight, decimals.kernel)];
    return `${source} × kernel[${u}, ${v}]: ${left} × ${right} gives ${formatNumber(product, Math.max(decimals.image, decimals.kernel))}.`;
  }
  const [from, to] = [terms[0], terms[terms.length - 1]];
  const value = formatNumber(output.data[position[0] * output.shape[1] + position[1]], decimals.output);
  const rows = `rows ${formatNumber(from.row, 0)} to ${formatNumber(to.row, 0)}`;
  const columns = `columns ${formatNumber(from.column, 0)} to ${formatNumber(to.column, 0)}`;
  return `Output[${position.join(", ")}] is ${value}. The window covers input ${rows}, ${columns}.`;
}
