// What a prediction of the reader says about what they think. No drawing, no state.
import { boxOf, contributions, indicesOf, isMaximum } from "./pooling.js";

/** A typed answer, "0.25", "0,25", "−1" or "1/4", as { value, decimals }; value NaN where it is none. */
export function readAnswer(text) {
  const plain = text.trim().replaceAll("−", "-").replaceAll(",", ".");
  const [above, below = "1", ...more] = plain.split("/").map((part) => part.trim());
  if (!above || !below || more.length) return { value: NaN, decimals: 0 };
  return {
    value: Number(above) / Number(below),
    decimals: below === "1" ? (above.split(".")[1] ?? "").length : 9,
  };
}

/** True if an answer is the value, or the value rounded to the decimals that were typed: at least two. */
export function isRight({ value, decimals }, wanted) {
  const error = Math.abs(value - wanted);
  return (
    error <= 1e-9 * Math.max(1, Math.abs(wanted)) || (decimals >= 2 && error <= 0.5001 * 10 ** -decimals)
  );
}

const total = (values) => values.reduce((sum, value) => sum + value, 0);

/** The first explanation whose number was typed: [[number, words], ...]. "" where none fits. */
const recognised = (answer, slips) => slips.find(([value]) => isRight(answer, value))?.[1] ?? "";

/**
 * What an answer to "which number does this window keep?" shows: { isRight, wanted, words }.
 * `position` is that of the window. The words name the mistake, not the answer.
 */
export function judgeOutput(maps, place, channel, position, answer) {
  const box = boxOf(place, channel, ...position);
  const indices = indicesOf(maps.shape, box);
  const values = indices.map((index) => maps.data[index]);
  const [sum, largest] = [total(values), Math.max(...values)];
  const takesLargest = isMaximum(place.mode);
  const wanted = takesLargest ? largest : sum / box.counted;
  if (isRight(answer, wanted)) return { isRight: true, wanted, words: "Right." };
  const slips = takesLargest ? maximumSlips(values, box, place) : averageSlips(values, box);
  return { isRight: false, wanted, words: recognised(answer, slips) || "Not this number." };
}

function maximumSlips(values, box, place) {
  const sum = total(values);
  const [largest, least] = [Math.max(...values), Math.min(...values)];
  const size = values.length;
  const most = values.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
  return [
    [sum / size, "This is the mean. Max pooling takes the largest number and forgets the others."],
    [
      sum / (size + box.padded),
      "This is the mean. Max pooling takes the largest number and forgets the others.",
    ],
    [sum, "This is the sum. Max pooling takes the largest number and forgets the others."],
    ...(box.padded
      ? [[Math.max(largest, 0), "The padding does not win: for a maximum it holds −∞, not 0."]]
      : []),
    [
      most,
      "This one is the largest in size, but it is negative. The largest number is the one nearest to +∞.",
    ],
    [-largest, "The sign is wrong: a maximum keeps the sign of its pixel."],
    [least, "This is the smallest number. Max pooling takes the largest."],
    ...(place.mode === "maxout"
      ? [[values[0], "This is the first channel. Maxout takes the largest of the group."]]
      : []),
    [values.indexOf(largest), "Is this the place of the largest number? Its value is asked."],
  ];
}

function averageSlips(values, box) {
  const [sum, size] = [total(values), values.length];
  const other = box.counted === size ? size + box.padded : size;
  const how =
    box.counted === size ? "do not count here: divide by the real pixels only" : "count here, as zeros";
  return [
    [sum / other, `The pixels of the padding ${how}.`],
    [sum, "This is the sum. Divide it by the number of pixels."],
    [sum / (size + box.padded + box.beyond), "What hangs over the far end never counts."],
    [Math.max(...values), "This is the maximum. Average pooling takes the mean of all pixels."],
    [
      (Math.max(...values) + Math.min(...values)) / 2,
      "This is the middle of the range. The mean takes every pixel.",
    ],
  ];
}

/**
 * What an answer to "which gradient does this pixel get?" shows: { isRight, wanted, words }.
 * `pixel` is its index in the maps.
 */
export function judgeGradient(maps, place, channel, sent, ties, pixel, answer) {
  const parts = contributions(maps, place, channel, sent, ties, pixel);
  const wanted = total(parts.map(({ share }) => share));
  if (isRight(answer, wanted)) return { isRight: true, wanted, words: "Right." };
  const paying = parts.filter(({ share }) => share !== 0).map(({ share }) => share);
  const slips = [
    ...(paying.length > 1 ? overlapSlips(paying) : []),
    ...(isMaximum(place.mode)
      ? routingSlips(maps, place, channel, parts, ties)
      : [
          [
            total(parts.map(({ gradient }) => gradient)),
            "Each pixel of an average gets only its share: gradient / number of pixels.",
          ],
          [
            total(parts.map(({ share, counted }) => share * counted * counted)),
            "The gradient is divided by the number of pixels, not multiplied.",
          ],
        ]),
    [
      0,
      parts.length ? "This pixel does get a gradient: look at the windows that read it." : "Not this number.",
    ],
    [maps.data[pixel], "This is the pixel's value. Its gradient is asked."],
    [-wanted, "The sign is wrong: pooling passes a gradient on with its sign."],
  ];
  return { isRight: false, wanted, words: recognised(answer, slips) || "Not this number." };
}

const overlapSlips = (shares) => [
  [shares.at(-1), "The gradients of overlapping windows are added. Here the last one overwrote the others."],
  [shares[0], "The gradients of overlapping windows are added. Here only the first one counts."],
  [total(shares) / shares.length, "The gradients of overlapping windows are added, not averaged."],
  [Math.max(...shares), "The gradients of overlapping windows are added: not only the largest counts."],
];

function routingSlips(maps, place, channel, parts, ties) {
  const all = parts.filter(({ isMaximum: wins }) => wins);
  const other = ties === "first" ? all : all.filter(({ maxima }) => maxima === 1);
  const sizes = parts.map(({ position }) => boxOf(place, channel, ...position).pixels);
  const why =
    ties === "first"
      ? "This window has several maxima. The convention here: only the first in row order gets the gradient."
      : "This window has several maxima. The convention here: every one of them gets the whole gradient.";
  return [
    [total(other.map(({ gradient }) => gradient)), why],
    [
      total(all.map(({ gradient, maxima }) => gradient / maxima)),
      "The gradient of a tie is not divided here: look at the convention for ties.",
    ],
    [
      total(parts.map(({ gradient }) => gradient)),
      "A window sends its gradient only to its maximum, not to every pixel that it reads.",
    ],
    [
      total(parts.map(({ gradient }, index) => gradient / sizes[index])),
      "This is the gradient of average pooling. A maximum sends all of it to one pixel.",
    ],
  ].filter(([value]) => value !== 0);
}
