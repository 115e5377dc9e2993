// The sentences and numbers that the view writes around its panels. `view` is the PoolingView.
import { element } from "../shared/controls.js";
import { isBackHidden, isOutputHidden, panelWidth } from "./scene.js";
import {
  edgeWords,
  factWords,
  gradientWords,
  numeral,
  pixelStory,
  sizeWords,
  writtenWindow,
} from "./sentences.js";

/** What changes only with the scene: sizes, hints, the formula, why there is no output. */
export function writeScene(view, scene) {
  const { place, maps, planes, channel, isPicture } = scene;
  const several = planes.length > 1 ? `channels ${planes.join(", ")}` : `channel ${planes[0]}`;
  const doing = view.model.get("predict") === "off" ? "hover" : "click"; // see isIdle in pointing.js
  const panels = {
    input: [
      place.input,
      several,
      isPicture ? `${doing}: a window` : `${doing}: a window · double-click: edit`,
    ],
    output: [place.output, `channel ${channel}`, `${doing}: a window`],
    sent: [place.output, `channel ${channel}`, isPicture ? `${doing}: a window` : "double-click: edit"],
    back: [place.input, several, `${doing}: where it comes from`],
  };
  for (const [name, [size, which, hint]] of Object.entries(panels)) {
    const { figure, canvas, legend, size: heading } = view.parts.panels[name];
    const isThere = place.fits || name === "input";
    figure.style.width = `${panelWidth(scene.room[name], scene.cell, scene.stacked)}px`;
    heading.textContent = isThere ? size.join(" × ") + (maps.shape[0] > 1 ? ` · ${which}` : "") : "none";
    legend.textContent = place.fits ? hint : "";
    canvas.hidden = !isThere;
  }
  view.arranged.panels.classList.toggle("ck-stacked", scene.stacked);
  view.warn(place.reason && `No output: ${place.reason}.`);
  view.remark(place.fits ? `${sizeWords(place)} ${edgeWords(scene)}`.trim() : "");
}

/** What changes with each move; returns the sentence for the status line. */
export function writeMove(view, state, asked) {
  const { parts, scene } = view;
  parts.question.form.hidden = !asked;
  parts.foot.textContent = view.remarkOfShift || (scene.place.fits ? factWords(scene) : "");
  if (!scene.place.fits) {
    parts.forward.replaceChildren();
    parts.backward.textContent = "";
    return "";
  }
  nameCanvases(view, state);
  const words = state.looksAtPixel ? writePixel(view, state) : writeWindow(view, state);
  if (view.verdict) parts.backward.textContent = view.verdict;
  return view.verdict || words;
}

/** The window's number and where its gradient goes. */
function writeWindow({ parts, scene, conventions }, state) {
  const { place, maps, channel, output } = scene;
  const index = state.position[0] * place.output[1] + state.position[1];
  const isHidden = isOutputHidden(state, index);
  const { before, terms, between, after, result, box } = writtenWindow(scene, state.position, isHidden);
  const spans = terms.flatMap((term, at) => [
    ...(at ? [between] : []),
    term ? element("span", term.wins ? { class: "pe-wins" } : {}, term.text) : "…",
  ]);
  const isLast = conventions.get("channels") === "last";
  const axes = isLast ? [...state.position, channel] : [channel, ...state.position];
  const name = `Output[${(maps.shape[0] > 1 ? axes : state.position).join(", ")}]`;
  parts.forward.replaceChildren(`${name} = ${before}`, ...spans, `${after} `, element("b", {}, result));
  parts.backward.textContent = state.predict === "off" ? gradientWords(scene, state.position) : "";
  const span = (noun, from, to) => (to - from > 1 ? `${noun}s ${from} to ${to - 1}` : `${noun} ${from}`);
  const covers = `${span("row", box.rowFrom, box.rowTo)}, ${span("column", box.columnFrom, box.columnTo)}`;
  const value = isHidden ? "to be predicted" : numeral(output.data[index]);
  return `${name} is ${value}. The window reads ${covers} of the input. ${parts.backward.textContent}`.trim();
}

/** Where the gradient of a pixel comes from. */
function writePixel({ parts, scene }, state) {
  const isHidden = isBackHidden(state, state.pixelPlace, scene.output.data.length);
  const { reading, collected } = pixelStory(scene, state, isHidden);
  parts.forward.replaceChildren(reading);
  parts.backward.textContent = collected;
  return `${reading} ${collected}`.trim();
}

const CANVAS_NAMES = {
  input: "Input",
  output: "Output",
  sent: "Gradient at the output",
  back: "Gradient at the input",
};

function nameCanvases({ parts, scene }, { position, pixel, looksAtPixel }) {
  const where = looksAtPixel
    ? `pixel row ${pixel[0]}, column ${pixel[1]}`
    : `window at output row ${position[0]}, column ${position[1]}`;
  for (const [name, title] of Object.entries(CANVAS_NAMES)) {
    const size = name === "input" || name === "back" ? scene.place.input : scene.place.output;
    parts.panels[name].canvas.setAttribute("aria-label", `${title}, ${size.join(" by ")}, ${where}`);
  }
}
