// What is said about the chosen layer: its count step by step, or the question for it.
import { element } from "../shared/controls.js";
import { judgeGuess, readGuess } from "./guesses.js";
import { denseOf, lettersOf, termOf } from "./counting.js";
import {
  MEASURE_WORDS,
  bytesInWords,
  lettersInWords,
  ratioInWords,
  stepInWords,
  weightsInWords,
  withCommas,
} from "./words.js";

/** The lines of a derivation: [class, text] from top to bottom. */
export function derivationLines(stage, measure, compare) {
  const { formula, text, value } = termOf(stage, measure);
  const { name } = MEASURE_WORDS[measure];
  if (formula === "0")
    return [
      ["pc-where", weightsInWords(stage)],
      ["pc-result", `${name} = 0`],
    ];
  const bytes = measure === "memory" ? ` bytes${value >= 1000n ? ` = ${bytesInWords(value)}` : ""}` : "";
  const lines = [
    ["pc-formula", `${name} = ${formula}`],
    ["pc-result", `= ${stepInWords(text)} = ${withCommas(value)}${bytes}`],
    ["pc-letters", lettersInWords(lettersOf(stage, measure))],
  ];
  const dense = compare ? denseOf(stage, measure) : null;
  if (!dense) return lines;
  const ratio = ratioInWords(value, dense.value);
  const here = ratio === "as many" ? "as many here" : `${ratio} here`;
  const words = `Dense layer of the same map: ${stepInWords(dense.text)} = ${withCommas(dense.value)}; ${here}.`;
  return [...lines, ["pc-compared", words]];
}

/** The box that shows the derivation, or asks. `onSolved(index)` when a number was right or was asked for. */
export function answerBox(onSolved) {
  const lines = element("div", { class: "pc-derivation" });
  const field = element("input", { type: "text", inputmode: "numeric", autocomplete: "off", size: "12" });
  const label = element(
    "label",
    { class: "pc-question" },
    "How many parameters does this layer have?",
    field,
  );
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
    if (stage?.reason) written.push(["pc-where", `Impossible: ${stage.reason}.`]);
    const text = JSON.stringify(written);
    if (text === lines.dataset.key) return;
    lines.dataset.key = text;
    lines.replaceChildren(...written.map(([name, line]) => element("div", { class: name }, line)));
  };
  return { box, update };
}
