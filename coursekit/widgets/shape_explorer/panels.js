// What stands beside the picture: the windows that give a wanted size, the question, the steps of a derivation.
import { choice, element, fitDigits, setAttribute, typedWhole } from "../shared/controls.js";
import { findTransposed, findWindows } from "./inverse.js";
import { sizeOf } from "./sizes.js";
import { judge } from "./slips.js";
import { changedPieces, meaningOf, pretty, sidesOf } from "./words.js";

const MOST_SHOWN = 40;

/** A field for a whole number of at least 1; `onInput` gets the number or null. */
function sizeField(name, onInput) {
  const field = element("input", { type: "number", min: 1, step: 1, "aria-label": name });
  field.addEventListener("input", () => {
    const number = Number(field.value);
    onInput(field.value !== "" && Number.isSafeInteger(number) && number > 0 ? number : null);
  });
  const update = (value) => {
    const text = value ? String(value) : "";
    if (field !== document.activeElement || (text && field.value !== text)) field.value = text;
    fitDigits(field, value);
  };
  return { field, update };
}

/** "Find parameters that give N". `onWanted` gets the size, `onChoose` a window to set, `onAxis` 0 or 1. */
export function findPanel({ onWanted, onChoose, onAxis }) {
  const wanted = sizeField("wanted output size", onWanted);
  const axis = choice("for", onAxis);
  const list = element("div", { class: "se-found", role: "group", "aria-label": "Windows that give it" });
  const label = element("label", { class: "se-wanted" }, "Find parameters that give ", wanted.field);
  const panel = element(
    "div",
    { class: "se-find" },
    element("div", { class: "se-ask" }, label, axis.fieldset),
    list,
  );
  let [windows, shown] = [[], ""];
  list.addEventListener("click", (event) => {
    const index = [...list.querySelectorAll("button")].indexOf(event.target.closest("button"));
    if (index >= 0) onChoose(windows[index]);
  });
  const update = (problem, { output, axes, chosen }) => {
    wanted.update(output);
    axis.fieldset.hidden = axes === 1;
    axis.update(
      [
        { value: 0, text: "rows" },
        { value: 1, text: "columns" },
      ],
      chosen,
    );
    const key = [output, problem.size, problem.rounding, problem.transposed].join();
    if (key !== shown) {
      const answer = output ? search(problem, output) : null;
      windows = answer?.found.slice(0, MOST_SHOWN) ?? [];
      list.replaceChildren(...rowsOf(problem, answer, windows));
    }
    shown = key;
    [...list.querySelectorAll("button")].forEach((made, index) =>
      setAttribute(made, "aria-pressed", String(isPresent(windows[index], problem))),
    );
  };
  return { panel, update };
}

const search = ({ size, rounding, transposed }, output) =>
  transposed ? findTransposed(size, output) : findWindows(size, output, { rounding });

function isPresent(found, problem) {
  const sameEnds = problem.padding.every((zeros) => zeros === found.padding);
  const named = ["kernel", "stride", "dilation"].every((name) => found[name] === problem[name]);
  return sameEnds && named && (!problem.transposed || found.outputPadding === problem.outputPadding);
}

function rowsOf({ transposed, size }, answer, windows) {
  if (!answer)
    return [
      element("div", { class: "se-hint" }, "Type an output size: the windows that give it are listed here."),
    ];
  if (!windows.length) {
    const back = transposed ? `A transposed window undoes one that leads back to ${size}. ` : "";
    return [element("div", { class: "se-hint" }, `None: ${back}${answer.reason}`)];
  }
  const more = answer.found.length - windows.length;
  const rows = windows.map((found) => element("button", { type: "button" }, windowInWords(found)));
  return more > 0 ? [...rows, element("div", { class: "se-hint" }, `and ${more} more`)] : rows;
}

/** A window as one line; what goes without saying is left out. */
export function windowInWords({ kernel, stride, padding, dilation, unread, outputPadding = 0 }) {
  const parts = [`kernel ${kernel}`, `stride ${stride}`, `padding ${padding}`];
  if (dilation > 1) parts.push(`dilation ${dilation}`);
  if (outputPadding) parts.push(`output padding ${outputPadding}`);
  return `${parts.join(", ")}${unread ? ` (${unread} never read)` : ""}`;
}

/** The question for the size. `onGuess` gets a number or null; `onShow` and `onNew` are the buttons. */
export function questionPanel({ onGuess, onShow, onNew }) {
  const field = element("input", { type: "number", step: 1, "aria-label": "your answer" });
  const asked = element("label", { class: "se-asked" });
  const words = element("div", { class: "se-words", role: "status", "aria-live": "polite" });
  const buttons = [
    ["check", () => answer()],
    ["show", onShow],
    ["new question", onNew],
  ].map(([text, listener]) => {
    const made = element("button", { type: "button" }, text);
    made.addEventListener("click", listener);
    return made;
  });
  const answer = () => onGuess(typedWhole(field.value));
  field.addEventListener("change", answer);
  const row = element("div", { class: "se-answer" }, field, ...buttons);
  const panel = element("div", { class: "se-question" }, asked, row, words);
  const update = (problem, { guess, axes }) => {
    const what = axes === 2 ? "How many columns has the output?" : "How many cells has the output?";
    if (asked.textContent !== what) asked.textContent = what;
    if (field !== document.activeElement || guess !== null) field.value = guess === null ? "" : String(guess);
    const text = guess === null ? "" : judge(problem, guess).words;
    if (words.textContent !== text) words.textContent = text;
  };
  return { panel, update };
}

/** Whether the size is still to be guessed: an impossible one is not asked for. */
export function isToGuess(problem, { predicting, guess }) {
  const { value, reason } = sizeOf(problem);
  return predicting && !reason && guess !== value;
}

/** The rows of a derivation: name, equation with what has changed marked, meaning. */
export function derivationRows(steps, before, problem, isHidden) {
  const zeros = steps.find(({ name }) => name === "zeros in all")?.value;
  return steps.map((one) => {
    const sides = isHidden ? hiddenSides(one) : sidesOf(one);
    const earlier = before?.find(({ name }) => name === one.name);
    const pieces = changedPieces(sides, earlier && !isHidden ? sidesOf(earlier) : null);
    const written = pieces.map(({ text, isChanged }) =>
      isChanged ? element("b", { class: "se-changed" }, text) : text,
    );
    const isResult = ["positions", "without the last one", "without the padding", "with the output padding"];
    const row = element(
      "tr",
      isResult.includes(one.name) ? { class: "se-result" } : {},
      element("th", { scope: "row" }, one.name),
      element("td", {}, ...written),
      element("td", { class: "se-meaning" }, meaningOf(one.name, { transposed: problem.transposed, zeros })),
    );
    return row;
  });
}

/** The last row of a derivation that leads nowhere. */
export function impossibleRow(reason) {
  const why = element("td", { colspan: 2 }, `${reason}.`);
  return element("tr", { class: "se-impossible" }, element("th", { scope: "row" }, "impossible"), why);
}

const hiddenSides = ({ formula }) => [...new Set([...pretty(formula).split(" = "), "?"])];

/** A question at random: possible, with a small answer, and with something to get wrong. */
export function newQuestion(problem, random = Math.random) {
  const from = (least, most) => least + Math.floor(random() * (most - least + 1));
  for (let attempt = 0; attempt < 200; attempt++) {
    const [kernel, stride, dilation] = [from(1, 4) + 1, from(1, 3), from(1, 6) > 4 ? 2 : 1];
    const padding = from(0, 2);
    const asked = {
      ...problem,
      size: problem.transposed ? from(2, 5) : from(5, 13),
      kernel,
      stride,
      dilation,
    };
    Object.assign(asked, { padding: [padding, padding], outputPadding: 0, isSame: false });
    const { value } = sizeOf(asked);
    const isOther = ["size", "kernel", "stride"].some((name) => asked[name] !== problem[name]);
    if (value > 1 && value < 14 && isOther) return asked;
  }
  return problem;
}
