// What is said about the chosen layer: its count step by step, or the question for it.
import { element } from "../shared/controls.js";
import { judgeGuess, readGuess } from "./guesses.js";
import { denseOf, lettersOf, termOf } from "./counting.js";
import { MEASURE_WORDS, bytesInWords, ratioInWords, stepInWords, weightsInWords, withCommas } from "./words.js";

/** The lines of a derivation: [class, text] from top to bottom. */
export function derivationLines(stage, measure, compare) {
  const { formula, text, value } = termOf(stage, measure);
  const { name } = MEASURE_WORDS[measure];
  const lines = [["pc-where", weightsInWords(stage)]];
  if (formula === "0") return [...lines, ["pc-result", `${name} = 0`]];
  const letters = lettersOf(stage, measure).map(([letter, meaning, size]) => `${letter} ${meaning}: ${withCommas(size)}`);
  const bytes = measure === "memory" ? ` bytes${value >= 1000n ? ` = ${bytesInWords(value)}` : ""}` : "";
  lines.push(["pc-formula", `${name} = ${formula}`]);
  lines.push(["pc-result", `= ${stepInWords(text)} = ${withCommas(value)}${bytes}`]);
  lines.push(["pc-letters", letters.join(" · ")]);
  const dense = compare ? denseOf(stage, measure) : null;
  if (!dense) return lines;
  const ratio = ratioInWords(value, dense.value);
  const here = ratio === "as many" ? "The convolution has as many." : `The convolution has ${ratio}.`;
  const words = `A dense layer of the same map: ${stepInWords(dense.text)} = ${withCommas(dense.value)}. ${here}`;
  return [...lines, ["pc-compared", words]];
}

/** The box that shows the derivation, or asks. `onSolved(index)` when a number was right or was asked for. */
export function answerBox(onSolved) {
  const lines = element("div", { class: "pc-derivation" });
  const field = element("input", { type: "text", inputmode: "numeric", autocomplete: "off", size: "12" });
  const label = element("label", { class: "pc-question" }, "How many parameters has this layer?", field);
  const check = element("button", { type: "submit" }, "Check");
  const show = element("button", { type: "button" }, "Show");
  const form = element("form", { class: "pc-form" }, label, check, show);
  const feedback = element("div", { class: "pc-feedback", role: "status" });
  const box = element("div", { class: "pc-answer" }, form, feedback, lines);
  let asked = null;
  let key = "";
  const say = (text, isRight) => {
    feedback.textContent = text;
    feedback.classList.toggle("pc-right", isRight);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = readGuess(field.value);
    if (guess === null) return say("Type a whole number, such as 1,234.", false);
    const { isRight, text } = judgeGuess(asked, guess);
    say(isRight ? `${text} ${withCommas(guess)} parameters.` : text, isRight);
    if (isRight) onSolved(asked.index);
  });
  show.addEventListener("click", () => {
    say("", false);
    onSolved(asked.index);
  });
  const update = ({ stage, isHidden, measure, compare }) => {
    const now = JSON.stringify([stage?.index, stage?.layer, stage?.before]);
    if (now !== key) {
      field.value = "";
      say("", false);
    }
    [key, asked] = [now, stage];
    form.hidden = !isHidden;
    lines.hidden = isHidden;
    feedback.hidden = !feedback.textContent && !isHidden;
    const written = stage?.behind && !isHidden ? derivationLines(stage, measure, compare) : [];
    const text = JSON.stringify(written);
    if (text === lines.dataset.key) return;
    lines.dataset.key = text;
    lines.replaceChildren(...written.map(([name, line]) => element("div", { class: name }, line)));
  };
  return { box, update };
}
