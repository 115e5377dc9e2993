// The same call in four libraries: what a demo computes, as code that can be copied.
// An operation is { kind, axes, input, taps, stride, padding, dilation, ... }; sizes are spatial, one per axis.
// In the code `image` and `kernel` are arrays of the library that is called, and `output` is what comes out.
// tests/coursekit/widgets/test_calls.py runs every line of it against the reference.
import { details, element } from "../shared/controls.js";
import { outputSize } from "../shared/arithmetic.js";
import { readConventions } from "./strip.js";

const everyAxis = (value, axes) => (Array.isArray(value) ? value : Array(axes).fill(value));

/** One number if all are equal, else a tuple, as Python writes it. */
const written = (values) => (values.every((value) => value === values[0]) ? `${values[0]}` : tuple(values));
const tuple = (values) => `(${values.join(", ")}${values.length === 1 ? "," : ""})`;
const keywords = (named) =>
  Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `, ${name}=${value}`)
    .join("");

/** The operation with every setting per axis, the zeros that it adds at each end, and its conventions. */
function complete(operation, conventions) {
  const { axes = operation.input.length, taps, input, mode = "valid" } = operation;
  const [stride, padding, dilation] = [
    everyAxis(operation.stride ?? (operation.kind === "pool" ? taps : 1), axes),
    everyAxis(operation.padding ?? 0, axes),
    everyAxis(operation.dilation ?? 1, axes),
  ];
  const rounding = conventions.rounding;
  const ends = input.map((size, axis) => {
    const span = dilation[axis] * (taps[axis] - 1) + 1;
    if (mode === "full") return [span - 1, span - 1];
    if (mode === "same") return [Math.floor(span / 2), Math.floor((span - 1) / 2)];
    const settings = { stride: stride[axis], padding: padding[axis], dilation: dilation[axis], rounding };
    const reach = (outputSize(size, taps[axis], settings) - 1) * stride[axis] + span;
    return [padding[axis], padding[axis] + Math.max(0, reach - size - 2 * padding[axis])];
  });
  return { ...operation, ...conventions, axes, mode, stride, padding, dilation, ends };
}

const isZero = (ends) => ends.flat().every((zeros) => zeros === 0);
const isOne = (values) => values.every((value) => value === 1);
const isLast = ({ channels, order }) => channels && order === "last";

/** `[::2, ::2]`, or "" for steps of one. */
const steps = (values, before = "") =>
  isOne(values) ? "" : `[${[before, ...values.map((step) => (step === 1 ? ":" : `::${step}`))].filter(Boolean).join(", ")}]`;

/** Zeros, or what `filling` says, around an image, as NumPy pads: [lines of code, name of the result]. */
function padded({ ends, channels, order }, library, { image = "image", filling = "" } = {}) {
  if (isZero(ends)) return [[], image];
  const pairs = ends.map(([before, after]) => `(${before}, ${after})`);
  if (channels) pairs.splice(order === "last" ? pairs.length : 0, 0, "(0, 0)");
  return [[`padded = ${library}.pad(${image}, ${tuple(pairs)}${filling})`], "padded"];
}

/** The kernel as it is used: turned for a convolution, along the spatial axes only. */
function turned(operation, library) {
  if (operation.operation !== "convolution") return "kernel";
  if (library === "torch") {
    const first = operation.axes === 1 ? [-1] : [-2, -1];
    return `kernel.flip(${first.join(", ")})`;
  }
  if (!operation.channels) return `${library}.flip(kernel)`;
  return `${library}.flip(kernel, ${isLast(operation) ? "(0, 1)" : "(1, 2)"})`;
}

function ours(operation) {
  const { operation: name, mode, axes, stride, padding, dilation, ends, channels, order } = operation;
  const isHanging = mode === "valid" && ends.some(([before, after]) => before !== after);
  const settings = keywords({
    mode: mode === "valid" ? undefined : `"${mode}"`,
    stride: isOne(stride) ? undefined : written(stride),
    padding: mode !== "valid" || isZero(ends) ? undefined : isHanging ? pairsOf(ends) : written(padding),
    dilation: isOne(dilation) ? undefined : written(dilation),
  });
  const call = name === "convolution" ? "convolve" : "correlate";
  if (!channels) return `output = ${call}(image, kernel${settings})`;
  const first = order === "last" ? "image, kernel = image.transpose(2, 0, 1), kernel.transpose(2, 0, 1)\n" : "";
  return `${first}output = ${call}(image, kernel[None]${settings})[0]`;
}

const pairsOf = (ends) => tuple(ends.map(([before, after]) => `(${before}, ${after})`));

/** All windows of an image as a view: [lines, "windows"]. */
function asWindows({ axes, taps, stride, channels, order, dilation = [] }, image) {
  const span = taps.map((size, axis) => (dilation[axis] ?? 1) * (size - 1) + 1);
  const isSecond = channels && order !== "last";
  const axis = channels ? `, axis=${isSecond ? "(1, 2)" : "(0, 1)"}` : "";
  const places = steps(stride, isSecond ? ":" : "");
  const apart = isOne(dilation) ? "" : `[..., ${dilation.map((step) => `::${step}`).join(", ")}]`;
  const lines = [`windows = sliding_window_view(${image}, ${axes === 1 ? span[0] : tuple(span)}${axis})`];
  if (places || apart) lines.push(`windows = windows${places}${apart}`);
  return lines;
}

/** NumPy: all windows as a view, then one sum of products. */
function byWindows(operation) {
  const { axes, channels } = operation;
  const two = channels ? (isLast(operation) ? "ijcuv,uvc->ij" : "cijuv,cuv->ij") : "ijuv,uv->ij";
  const [lines, image] = padded(operation, "np");
  const sum = `output = np.einsum("${axes === 1 ? "iu,u->i" : two}", windows, ${turned(operation, "np")})`;
  return [...lines, ...asWindows(operation, image), sum].join("\n");
}

/** One axis, one step at a time: the function that every reader knows. */
function inNumpy(operation) {
  const { axes, mode, stride, dilation, padding, ends } = operation;
  // np.convolve swaps a kernel that is longer than the signal with it
  const fits = operation.taps[0] <= operation.input[0];
  const isPlain = axes === 1 && fits && isOne(stride) && isOne(dilation) && padding.every((zeros) => !zeros);
  if (!isPlain || (mode === "valid" && !isZero(ends))) return byWindows(operation);
  const name = operation.operation === "convolution" ? "convolve" : "correlate";
  return `output = np.${name}(image, kernel, mode="${mode}")`;
}

/** SciPy, and CuPy's copy of it: dilation spreads the kernel, stride keeps every so many results. */
function bySignal(operation, library) {
  const { axes, mode, taps, stride, dilation, channels, padding } = operation;
  const lines = [];
  let kernel = "kernel";
  if (!isOne(dilation)) {
    const span = taps.map((size, axis) => dilation[axis] * (size - 1) + 1);
    if (channels) span.splice(isLast(operation) ? span.length : 0, 0, `kernel.shape[${isLast(operation) ? 2 : 0}]`);
    const places = dilation.map((step) => `::${step}`);
    if (channels && !isLast(operation)) places.unshift(":");
    lines.push(`spread = ${library}.zeros(${tuple(span)})`, `spread[${places.join(", ")}] = kernel`);
    kernel = "spread";
  }
  const isFlipped = operation.operation === "convolution";
  const isOfSignal = !channels && mode !== "valid" && isOne(stride) && padding.every((zeros) => !zeros);
  const [zeros, image] = isOfSignal ? [[], "image"] : padded(operation, library);
  const name = `${isFlipped && !channels ? "convolve" : "correlate"}${axes === 2 && !channels ? "2d" : ""}`;
  if (channels && isFlipped) kernel = turned(operation, library).replace("kernel", kernel);
  const of = channels ? (isLast(operation) ? "[:, :, 0]" : "[0]") : "";
  const kept = isOfSignal ? mode : "valid";
  lines.push(...zeros, `output = signal.${name}(${image}, ${kernel}, mode="${kept}")${of}${steps(stride)}`);
  return lines.join("\n");
}

function inTorch(operation) {
  const { axes, stride, dilation, ends, channels } = operation;
  const isEven = ends.every(([before, after]) => before === after);
  const first = isLast(operation) ? ["image, kernel = image.permute(2, 0, 1), kernel.permute(2, 0, 1)"] : [];
  const batch = channels ? "[None]" : "[None, None]";
  // F.pad names the last axis first.
  const zeros = isEven ? [] : [`padded = F.pad(image, ${tuple([...ends].reverse().flat())})`];
  const around = ends.map(([before]) => before);
  const settings = keywords({
    stride: isOne(stride) ? undefined : written(stride),
    padding: isEven && !isZero(ends) ? written(around) : undefined,
    dilation: isOne(dilation) ? undefined : written(dilation),
  });
  const image = `${isEven ? "image" : "padded"}${batch}`;
  const call = `output = F.conv${axes}d(${image}, ${turned(operation, "torch")}${batch}${settings})[0, 0]`;
  return [...first, ...zeros, call].join("\n");
}

/** Pooling by windows; padding of a maximum holds −inf, which never wins. */
function poolByWindows(operation, library) {
  const { mode, channels, groups } = operation;
  const [rows, columns] = isLast(operation) ? [0, 1] : channels ? [1, 2] : [0, 1];
  if (mode.startsWith("global")) {
    return `output = image.${mode === "global max" ? "max" : "mean"}((${rows}, ${columns}))`;
  }
  if (mode === "maxout") {
    return isLast(operation)
      ? `output = image.reshape(*image.shape[:2], ${groups}, -1).max(-1)`
      : `output = image.reshape(${groups}, -1, *image.shape[1:]).max(1)`;
  }
  if (mode === "average") return averageByWindows(operation, library);
  const filling = `, constant_values=-${library}.inf`;
  const [lines, name] = padded(operation, library, { image: "image.astype(float)", filling });
  const plain = lines.length ? name : "image"; // only −inf needs floats
  return [...lines, ...asWindows(operation, plain), "output = windows.max((-2, -1))"].join("\n");
}

/** Zeros of the padding count in a mean; what hangs over the far end does not: NaN, which nanmean leaves out. */
function averageByWindows(operation, library) {
  const { ends, padding } = operation;
  const over = ends.map(([, after], axis) => [0, after - padding[axis]]);
  const around = ends.map((_, axis) => [padding[axis], padding[axis]]);
  const [zeros, image] = padded({ ...operation, ends: around }, library);
  if (isZero(over)) return [...zeros, ...asWindows(operation, image), "output = windows.mean((-2, -1))"].join("\n");
  const filling = `, constant_values=${library}.nan`;
  const [nans, whole] = padded({ ...operation, ends: over }, library, { image: `${image}.astype(float)`, filling });
  const mean = `output = ${library}.nanmean(windows, (-2, -1))`;
  return [...zeros, ...nans, ...asWindows(operation, whole), mean].join("\n");
}

/** The function of this course. */
function poolOurs(operation) {
  const { mode, taps, stride, padding, rounding, channels, groups } = operation;
  const last = isLast(operation);
  const image = last ? "image.transpose(2, 0, 1)" : "image";
  const back = last && channels && !mode.startsWith("global") ? ".transpose(1, 2, 0)" : "";
  if (mode.startsWith("global")) return `output = global_${mode === "global max" ? "max" : "average"}_pool(${image})`;
  if (mode === "maxout") return `output = maxout(${image}, ${groups})${back}`;
  const settings = keywords({
    stride: stride.join() === taps.join() ? undefined : written(stride),
    padding: padding.every((zeros) => !zeros) ? undefined : written(padding),
    rounding: rounding === "ceil" ? '"ceil"' : undefined,
  });
  return `output = ${mode}_pool(${image}, ${written(taps)}${settings})${back}`;
}

function poolInTorch(operation) {
  const { mode, taps, stride, padding, rounding, channels, groups } = operation;
  const first = isLast(operation) ? ".permute(2, 0, 1)" : "";
  if (mode.startsWith("global")) {
    const global = mode === "global max" ? "amax" : "mean";
    return `output = image${first}.${global}((-2, -1))`;
  }
  if (mode === "maxout") {
    const groupsFirst = `image${first}.reshape(${groups}, -1, *image${first}.shape[1:]).amax(1)`;
    return `output = ${groupsFirst}${isLast(operation) ? ".permute(1, 2, 0)" : ""}`;
  }
  const settings = keywords({
    stride: stride.join() === taps.join() ? undefined : written(stride),
    padding: padding.every((zeros) => !zeros) ? undefined : written(padding),
    ceil_mode: rounding === "ceil" ? "True" : undefined,
  });
  const batch = channels ? "[None]" : "[None, None]";
  const back = channels ? `[0]${isLast(operation) ? ".permute(1, 2, 0)" : ""}` : "[0, 0]";
  return `output = F.${mode === "max" ? "max" : "avg"}_pool2d(image${first}${batch}, ${written(taps)}${settings})${back}`;
}

/** Transposed convolution: the pixels a stride apart, then a full convolution, then the padding cut off. */
function transposedBySignal(operation, library) {
  const { axes, input, taps, stride, padding, dilation, output_padding: more = 0 } = operation;
  const extra = everyAxis(more, axes);
  const sizes = input.map((size, axis) => (size - 1) * stride[axis] + 1 + extra[axis]);
  const lines = [`spread = ${library}.zeros(${tuple(sizes)})`];
  const ends = input.map((size, axis) => `:${(size - 1) * stride[axis] + 1}:${stride[axis]}`);
  lines.push(`spread[${ends.join(", ")}] = image`);
  let kernel = "kernel";
  if (!isOne(dilation)) {
    const span = taps.map((size, axis) => dilation[axis] * (size - 1) + 1);
    lines.push(`taps = ${library}.zeros(${tuple(span)})`);
    lines.push(`taps[${dilation.map((step) => `::${step}`).join(", ")}] = kernel`);
    kernel = "taps";
  }
  const cut = padding.every((zeros) => !zeros)
    ? ""
    : `[${padding.map((zeros) => (zeros ? `${zeros}:-${zeros}` : ":")).join(", ")}]`;
  lines.push(`output = signal.convolve${axes === 2 ? "2d" : ""}(spread, ${kernel})${cut}`);
  return lines.join("\n");
}

function transposedSettings({ axes, stride, padding, dilation, output_padding: more = 0 }) {
  const extra = everyAxis(more, axes);
  return keywords({
    stride: isOne(stride) ? undefined : written(stride),
    padding: padding.every((zeros) => !zeros) ? undefined : written(padding),
    output_padding: extra.every((zeros) => !zeros) ? undefined : written(extra),
    dilation: isOne(dilation) ? undefined : written(dilation),
  });
}

const NO_2D = "NumPy has no function for two axes: all windows as a view, then one sum.";
const IMPORTS = {
  NumPy: "import numpy as np",
  "NumPy windows": "import numpy as np\nfrom numpy.lib.stride_tricks import sliding_window_view",
  SciPy: "import numpy as np\nfrom scipy import signal",
  PyTorch: "import torch.nn.functional as F",
  CuPy: "import cupy as cp",
  "CuPy windows": "import cupy as cp\nfrom cupy.lib.stride_tricks import sliding_window_view",
  "CuPy signal": "import cupy as cp\nfrom cupyx.scipy import signal",
};

/** The lines that must come before the code; this course's functions are all in `coursekit`. */
function importsOf(library, code) {
  if (!code) return "";
  if (library === "coursekit") return `from coursekit import ${code.match(/output = (\w+)/)[1]}`;
  if (code.includes("sliding_window_view")) return IMPORTS[`${library} windows`];
  if (library === "CuPy" && code.includes("signal.")) return IMPORTS["CuPy signal"];
  if (library === "SciPy" && !code.includes("np.")) return "from scipy import signal";
  return code.match(/\b(np|cp|F)\./) || library === "SciPy" ? IMPORTS[library] : "";
}

/**
 * The calls for an operation under the conventions: [{ library, imports, code, note }]. `code` is "" where a
 * library has nothing of the kind; the note says so.
 */
export function callsOf(operation, conventions) {
  const { channels: order, ...others } = conventions;
  const whole = complete({ ...operation, order }, others);
  const entry = (library, code, note = "") => ({ library, imports: importsOf(library, code), code, note });
  if (whole.kind === "pool") {
    const ties = whole.mode.includes("max") && conventions.ties === "all" ? "Its gradient of a tie goes to the first." : "";
    return [
      entry("coursekit", poolOurs(whole)),
      entry("NumPy", poolByWindows(whole, "np")),
      entry("SciPy", "", "SciPy has no pooling layer."),
      entry("PyTorch", poolInTorch(whole), ties),
      entry("CuPy", poolByWindows(whole, "cp")),
    ];
  }
  if (whole.kind === "transposed") {
    const settings = transposedSettings(whole);
    const [one, batch] = ["kernel[None, None]", "image[None, None]"];
    return [
      entry("coursekit", `output = conv_transpose(image, kernel${settings})`),
      entry("NumPy", "", "NumPy has no transposed convolution: see SciPy's two steps."),
      entry("SciPy", transposedBySignal(whole, "np")),
      entry("PyTorch", `output = F.conv_transpose${whole.axes}d(${batch}, ${one}${settings})[0, 0]`),
      entry("CuPy", transposedBySignal(whole, "cp")),
    ];
  }
  const flips = whole.operation === "convolution" ? "PyTorch never flips: the kernel is turned first." : "";
  return [
    entry("coursekit", ours(whole)),
    entry("NumPy", inNumpy(whole), whole.axes === 2 ? NO_2D : ""),
    entry("SciPy", bySignal(whole, "np")),
    entry("PyTorch", inTorch(whole), flips),
    entry("CuPy", bySignal(whole, "cp")),
  ];
}

/**
 * Something to open that shows the calls for `read()`, an operation, or nothing where that is null.
 * Call `update()` when the operation has changed; the conventions are followed by itself.
 */
export function callsPanel(view, read) {
  const list = element("dl", { class: "ck-calls" });
  const panel = details("The same call in NumPy, SciPy, PyTorch and CuPy", list);
  let shown = "";
  const update = () => {
    const operation = read();
    panel.details.hidden = !operation;
    if (!panel.details.open || !operation) return;
    const calls = callsOf(operation, readConventions(view.conventions));
    const key = JSON.stringify(calls);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...calls.flatMap(asRow));
  };
  view.on(panel.details, "toggle", update);
  view.onChange(view.conventions, ["operation", "channels", "rounding", "ties"], update);
  return { details: panel.details, update };
}

function asRow({ library, imports, code, note }) {
  const before = element("span", { class: "ck-imports" }, imports && `${imports}\n`);
  const lines = element("pre", { tabindex: "0", role: "group", "aria-label": `${library} code` }, before, code);
  const said = element("div", { class: "ck-said" }, note);
  return [element("dt", {}, library), element("dd", {}, ...(code ? [lines] : []), ...(note ? [said] : []))];
}
