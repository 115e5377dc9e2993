// A number of parameters that a reader typed: is it right, and if not, which mistake leads to it?
import { denseOf, kernelOf, termOf } from "./counting.js";

const spread = (numbers) => numbers.reduce((result, number) => result * BigInt(number), 1n);

/** The mistakes of a convolution: [name, the number they lead to, what to say], the likeliest first. */
function convolutionMistakes(stage) {
  const { layer, before, behind } = stage;
  const { channels, taps, weights } = kernelOf(stage);
  const [F, C, K] = [BigInt(layer.kernels), BigInt(channels), spread(taps)];
  const one = layer.bias ? 1n : 0n;
  const pixels = spread(before.slice(1));
  return [
    [
      "bias",
      F * weights,
      "That is all weights, but each kernel has a bias too: one more for each of the F kernels.",
    ],
    ["no bias", F * (weights + 1n), "This layer has no bias: only the weights count."],
    ["channels", F * (K + one), "A kernel has weights for every channel that it reads, not for one alone."],
    ["channels and bias", F * K, "A kernel has weights for every channel that it reads, and a bias."],
    ["kernels", weights + one, "That is one kernel. There are F of them."],
    ["kernels and bias", weights, "That is one kernel without its bias. There are F of them."],
    ["bias per weight", F * weights * 2n, "A kernel has one bias, not one for each weight."],
    ["bias per channel", F * C * (K + 1n), "A kernel has one bias, not one for each channel."],
    ["one bias", F * weights + 1n, "Each kernel has a bias of its own, not the layer one for all."],
    [
      "groups",
      F * (BigInt(before[0]) * K + one),
      "With groups a kernel reads only the channels of its group.",
    ],
    [
      "one side",
      F * (C * BigInt(taps[0]) + one),
      "A kernel has all its rows times all its columns of weights.",
    ],
    [
      "input size",
      F * (C * pixels + one),
      "The size of the image does not count: the same kernel is used everywhere.",
    ],
    [
      "connections",
      termOf(stage, "connections").value,
      "Those are connections. The positions share their weights.",
    ],
    ["macs", termOf(stage, "macs").value, "Those are multiplications. The positions share their weights."],
    [
      "bias per position",
      F * weights + spread(behind),
      "The bias is shared as well: one for each kernel, not for each position.",
    ],
    ["dense", denseOf(stage, "parameters").value, "A dense layer of the same map would have as many."],
  ];
}

function denseMistakes({ layer, before }) {
  const [m, n] = [BigInt(layer.units), BigInt(before[0])];
  return [
    ["bias", m * n, "That is all weights, but each unit has a bias too: one more for each of the m units."],
    ["no bias", m * (n + 1n), "This layer has no bias: only the weights count."],
    ["bias per input", (m + 1n) * n, "There is one bias for each unit, not for each input."],
    ["one bias", m * n + 1n, "Each unit has a bias of its own, not the layer one for all."],
    ["bias per weight", 2n * m * n, "A unit has one bias, not one for each weight."],
    ["units", n + 1n, "That is one unit. There are m of them."],
    ["sum", m + n, "Every unit has a weight for every input: multiply."],
    ["outputs", m, "That is the number of outputs. Every unit has a weight for every input."],
  ];
}

function emptyMistakes(stage) {
  const connections = termOf(stage, "connections").value;
  return [["connections", connections, "Those are connections. This layer has no weights to learn."]];
}

const MISTAKES = { Convolution: convolutionMistakes, Dense: denseMistakes };

/**
 * Judge a typed number of parameters: { isRight, mistake, text }. `mistake` is "" where it is right, and
 * "unknown" where no mistake that we know leads to it.
 */
export function judgeGuess(stage, guess) {
  const { value } = termOf(stage, "parameters");
  if (BigInt(guess) === value) return { isRight: true, mistake: "", text: "Right." };
  const known = (MISTAKES[stage.layer.type] ?? emptyMistakes)(stage);
  const found = known.find(([, number]) => number === BigInt(guess));
  if (found) return { isRight: false, mistake: found[0], text: found[2] };
  return { isRight: false, mistake: "unknown", text: HINTS[stage.layer.type] ?? HINTS.others };
}

const HINTS = {
  Convolution: "No. How many weights has one kernel, with all its channels? Then its bias, then all kernels.",
  Dense: "No. How many weights has one unit, one for each input? Then its bias, then all units.",
  others: "No. Which numbers of this layer change while it learns?",
};

/** A typed number as a BigInt: "1,234", "1 234" and "1234" are the same; null for anything else. */
export function readGuess(typed) {
  const digits = typed.replace(/[\s,.'’_]/g, "");
  return /^\d{1,30}$/.test(digits) ? BigInt(digits) : null;
}
