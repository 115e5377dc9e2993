// What the demo answers to a number that the reader typed for a window: right, or which mistake it looks like.
// A question is {image, kernel, place, operation, position, decimals}: planes, the kernel as it slides.
import { formatNumber, isShownExactly, writeTerms } from "../shared/grid.js";
import { allTerms, partialSums, turnedPlane } from "./planes.js";

const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
const sumAt = ({ image, kernel, place, position }) => total(partialSums(image, kernel, place, position));

/** How far a typed number may be from the value: nothing for whole numbers, else what rounding explains. */
export function tolerance(terms, value, decimals) {
  const least = 1e-9 * Math.max(1, Math.abs(value));
  const isExact = terms.every(
    ({ pixel, weight }) =>
      isShownExactly(pixel, decimals.image) && isShownExactly(weight, decimals.kernel),
  );
  if (isExact && isShownExactly(value, decimals.output)) return least;
  const rounded = (number, digits) => Math.round(number * 10 ** digits) / 10 ** digits;
  const asShown = ({ pixel, weight }) => rounded(pixel, decimals.image) * rounded(weight, decimals.kernel);
  return least + 0.5 / 10 ** decimals.output + Math.abs(total(terms.map(asShown)) - value);
}

/** "1 row and 2 columns"; axes of 0 are left out. */
export function countLines(numbers) {
  const parts = ["row", "column"].map((noun, axis) => {
    const number = numbers[axis];
    return number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "";
  });
  return parts.filter(Boolean).join(" and ");
}

/** The planes with their edge repeated as far as the padding goes, and the place without padding. */
function edgeRepeated({ image, place }) {
  const [down, across] = place.padding;
  const shape = [image[0].shape[0] + 2 * down, image[0].shape[1] + 2 * across];
  const clamp = (at, size) => Math.max(0, Math.min(size - 1, at));
  const planes = image.map((plane) => {
    const data = new Float64Array(shape[0] * shape[1]);
    for (let index = 0; index < data.length; index++) {
      const row = clamp(Math.floor(index / shape[1]) - down, plane.shape[0]);
      data[index] = plane.data[row * plane.shape[1] + clamp((index % shape[1]) - across, plane.shape[1])];
    }
    return { shape, data };
  });
  return { image: planes, place: { ...place, padding: [0, 0] } };
}

/** Mistakes with the window: [name, the number it gives, what to say]. */
function windowMistakes(question) {
  const { place, operation, kernel } = question;
  const otherwise = (changes) => sumAt({ ...question, ...changes });
  const placed = (changes) => otherwise({ place: { ...place, ...changes } });
  const flip =
    operation === "convolution"
      ? "That is the cross-correlation: here the kernel is turned by half a turn first."
      : "That is the convolution: you turned the kernel. Here it is not flipped.";
  const found = [["flip", otherwise({ kernel: kernel.map(turnedPlane) }), flip]];
  if (place.padding.some(Boolean)) {
    const [above, left] = place.padding;
    const away = [above && `${countLines([above, 0])} above`, left && `${countLines([0, left])} left of`];
    const start = `the first window starts ${away.filter(Boolean).join(" and ")} the input`;
    const without = `That is the window without padding: with it, ${start}.`;
    found.push(["padding", placed({ padding: [0, 0] }), without]);
    const edge = "Outside the input stand zeros, not the numbers at its edge.";
    found.push(["edge", otherwise(edgeRepeated(question)), edge]);
  }
  if (place.stride.some((step) => step > 1)) {
    const [down, across] = [countLines([place.stride[0], 0]), countLines([0, place.stride[1]])];
    const step = `here each step is ${down} down and ${across} across`;
    found.push(["stride", placed({ stride: [1, 1] }), `That is the window at stride 1: ${step}.`]);
  }
  if (place.dilation.some((apart) => apart > 1)) {
    const gap = "That is the window without gaps: dilation leaves pixels out between the taps.";
    found.push(["dilation", placed({ dilation: [1, 1] }), gap]);
  }
  return found;
}

/** Mistakes with the channels. */
function channelMistakes({ image, kernel, place, position }, value) {
  if (image.length < 2) return [];
  const all = `the sum runs over all ${image.length} channels`;
  return partialSums(image, kernel, place, position).flatMap((part, channel) => [
    ["one channel", part, `That is channel ${channel} alone: ${all}.`],
    ["missing channel", value - part, `Channel ${channel} is missing: ${all}.`],
  ]);
}

/** Mistakes with single products. */
function productMistakes(terms, value, decimals) {
  const texts = writeTerms(terms, decimals.image, decimals.kernel).map(({ text }) => text);
  const each = (name, number, say) =>
    terms.map(({ product }, index) => [name, number(product), say(texts[index], product)]);
  return [
    ...each("missing product", (product) => value - product, (text) => `One product is missing: ${text}.`),
    [
      "absolute",
      total(terms.map(({ product }) => Math.abs(product))),
      "You added the sizes of the products: mind the minus signs.",
    ],
    ...each(
      "sign",
      (product) => value - 2 * product,
      (text, product) => `One sign is wrong: ${text} is ${product < 0 ? "negative" : "positive"}.`,
    ),
    ...each("twice", (product) => value + product, (text) => `One product is counted twice: ${text}.`),
    [
      "no weights",
      total(terms.map(({ pixel }) => pixel)),
      "You added the input's values: multiply each by its weight first.",
    ],
  ];
}

/** All mistakes that are known, the likeliest first. */
export function knownMistakes(question) {
  const { image, kernel, place, position, decimals } = question;
  const terms = allTerms(image, kernel, place, position);
  const value = sumAt(question);
  const products = productMistakes(terms, value, decimals);
  return [...windowMistakes(question), ...channelMistakes(question, value), ...products];
}

/** Judge a typed number: {isRight, mistake, text}; `mistake` is "" where none is recognised. */
export function judge(given, question) {
  const { image, kernel, place, position, decimals } = question;
  const value = sumAt(question);
  const allowed = tolerance(allTerms(image, kernel, place, position), value, decimals);
  const isNear = (number) => Math.abs(given - number) <= allowed;
  const written = (number) => {
    let digits = decimals.output;
    while (digits < 8 && !isShownExactly(number, digits)) digits++;
    return formatNumber(number, digits);
  };
  if (isNear(value)) {
    return { isRight: true, mistake: "", text: `Right: ${formatNumber(value, decimals.output)}.` };
  }
  const known = knownMistakes(question).find(([, number]) => isNear(number));
  if (known) return { isRight: false, mistake: known[0], text: `Not ${written(given)}. ${known[2]}` };
  const away = Math.abs(given - value);
  const digits = isShownExactly(away, decimals.output) ? decimals.output : Math.max(2, decimals.output);
  const size = `${formatNumber(away, digits)} too ${given > value ? "large" : "small"}`;
  return { isRight: false, mistake: "", text: `Not ${written(given)}: that is ${size}.` };
}

/** The next output cell, in reading order after `index`, whose number is still to find; -1 where none is. */
export function nextToFind(index, found, number) {
  const known = new Set(found);
  for (let step = 1; step <= number; step++) {
    const next = (index + step) % number;
    if (!known.has(next)) return next;
  }
  return -1;
}

/** How many numbers are found, and how many of them at the first try. */
export function score(found, missed, number) {
  const first = found.filter((index) => !missed.includes(index)).length;
  const start = found.length >= number ? `All ${number} numbers found` : `${found.length} of ${number} found`;
  return found.length ? `${start}, ${first} at the first try.` : `${start}.`;
}
