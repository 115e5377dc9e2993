// The colours and the type of the page that a demo stands on, light or dark. Colours are [r, g, b].
import { luminance, mix, parseColour } from "./grid.js";

/** Blue and orange of a light and of a dark page: told apart by readers with any kind of colour vision. */
const LIGHT_PAGE = { blue: [33, 102, 172], orange: [217, 95, 2] };
const DARK_PAGE = { blue: [74, 144, 226], orange: [240, 138, 36] };

/** Colours and type, as the style sheet resolves them on `root`; `known` again if nothing changed. */
export function readTheme(root, known) {
  const style = getComputedStyle(root);
  const names = ["--ck-ink", "--ck-paper", "--ck-line", "--ck-focus"];
  const written = names.map((name) => style.getPropertyValue(name).trim());
  const key = [...written, style.fontFamily].join("|");
  if (key === known?.key) return known;
  const context = document.createElement("canvas").getContext("2d");
  const [ink, paper, line, focus] = written.map((text) => {
    context.fillStyle = text;
    return parseColour(context.fillStyle);
  });
  const isDark = luminance(paper) < 0.3;
  const { blue, orange } = isDark ? DARK_PAGE : LIGHT_PAGE;
  const palette = { neutral: paper, blue, orange, black: [0, 0, 0], white: [255, 255, 255] };
  const faint = mix(paper, ink, 0.62);
  return { key, ink, paper, line, faint, focus, family: style.fontFamily, isDark, palette };
}
