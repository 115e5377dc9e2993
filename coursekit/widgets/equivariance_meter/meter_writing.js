// Writing the meter's words and the names of its maps; only what has changed is written.
import { setAttribute } from "../shared/controls.js";
import {
  expectation,
  fractionInWords,
  judgeAnswer,
  partnersInWords,
  questionInWords,
  resultInWords,
  shiftInWords,
} from "./meter_words.js";
import { MAPS } from "./meter_parts.js";

function put(part, text) {
  if (part.textContent !== text) part.textContent = text;
  part.hidden = !text;
}

/** All words that change with the shift. */
export function writeMeter(view, found, curve) {
  const { parts, numbers, model, isHidden, shift } = view;
  const { settings, place, entering, output } = numbers;
  parts.question.row.hidden = !isHidden;
  parts.predict.update(model.get("predict"));
  const hint = settings.globalAverage ? "a number has no place" : MAPS.shiftedOutput[1];
  put(parts.maps.shiftedOutput.legend, hint);
  const moved = shiftInWords(shift);
  if (!found) {
    put(parts.main, "No output");
    put(parts.detail, "");
    put(parts.expected, "");
    nameMaps(view, moved, null);
    view.say("No output.");
    return;
  }
  const result = resultInWords(found, output, settings, view.scene.isPicture);
  const reasons = [
    settings.globalAverage ? "" : fractionInWords(place, shift),
    partnersInWords(found, place, settings, entering),
  ];
  const asked = `${questionInWords(settings)}`;
  put(parts.question.text, asked);
  const isStill = shift.every((pixels) => pixels === 0);
  const main = isStill ? "Nothing is shifted: drag x, or press an arrow key" : result.main;
  put(
    parts.main,
    isHidden ? "" : judgeAnswer(model.get("predict") && model.get("answer"), found.differing) + main,
  );
  put(parts.detail, [isHidden ? "" : result.detail, ...reasons].filter(Boolean).join(" "));
  put(parts.expected, isHidden ? "" : `Expected of this f: ${expectation(place, settings, entering)}`);
  nameMaps(view, moved, isHidden ? null : result.main);
  nameCurve(view, curve);
  view.say(isHidden ? `Shifted ${moved}. ${asked}` : `Shifted ${moved}. ${result.main}.`);
}

/** What the maps are for those who do not see them. */
function nameMaps({ parts, numbers }, moved, result) {
  const { image, place, settings } = numbers;
  const size = (shape) => shape.join(" × ");
  const output = settings.globalAverage ? "the mean" : size(place.output);
  const known = result ?? "to be predicted";
  const names = {
    image: `the input, ${size(image.shape)}`,
    moved: `the input shifted ${moved}, ${size(image.shape)}`,
    shiftedOutput: `first f, then the shift, ${output}`,
    direct: `first the shift, then f, ${result ? output : known}`,
    difference: known,
  };
  for (const [name, words] of Object.entries(names)) {
    setAttribute(parts.maps[name].canvas, "aria-label", `${MAPS[name][0]}: ${words}`);
  }
  const kernel = Array.from(settings.kernel.data, (value) => Number(value.toFixed(3))).join(", ");
  const taps = size(settings.kernel.shape);
  setAttribute(parts.kernelGrid.canvas, "aria-label", `kernel ${taps}: ${kernel}. Press Enter to edit`);
}

function nameCurve({ parts, shift }, curve) {
  if (!curve) return;
  const { axis, values } = curve;
  const other = shift[1 - axis];
  const along = axis ? "for each shift right" : "for each shift down";
  const kept = other ? ` (${shiftInWords(axis ? [other, 0] : [0, other])})` : "";
  put(parts.curve.size, `${along}${kept}`);
  const none = values.filter(({ differing, compared }) => compared && !differing).map(({ pixels }) => pixels);
  const zeros = none.length ? none.join(", ").replaceAll("-", "−") : "none";
  setAttribute(
    parts.curve.canvas,
    "aria-label",
    `Largest difference ${along}${kept}: zero at shifts ${zeros}`,
  );
}
