"""Which algorithm a correlation takes by default, and why.

Each algorithm's time on one thread is a sum of a few counts, each times a price in nanoseconds. The prices
were fitted to measured times of some hundred random shapes; `python -m benchmarks growth` measures the
crossovers anew. A wrong guess costs time, never a wrong number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.algorithms import winograd as winograd_
from coursekit.reference.algorithms.columns import as_volume, images_together
from coursekit.reference.algorithms.direct import direct
from coursekit.reference.algorithms.fft import block_shape, fft, work_of
from coursekit.reference.algorithms.im2col import band_rows, im2col
from coursekit.reference.algorithms.winograd import winograd
from coursekit.reference.arrays import all_finite, is_integer
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

ALGORITHMS: dict[str, Callable[[Operands, Windows], Any]] = {
    "direct": direct,
    "im2col": im2col,
    "fft": fft,
    "winograd": winograd,
}

# These sum numbers of several windows: a NaN, an infinity or an overflow in one reaches its neighbours.
SPREADING = ("fft", "winograd")

# Nanoseconds for each count that `_counts` returns: of float32, and of int64.
FLOAT_PRICES = {
    "direct": (13_000, 3_500, 0.64),
    "im2col": (17_000, 4_400, 0.033, 0.67, 0.1),
    "fft": (65_000, 38_000, 0.27, 2.6),
    "winograd": (140_000, 20, 30, 0.02),
}
INTEGER_PRICES = {
    "direct": (15_000, 3_400, 1.4),
    "im2col": (34_000, 3_800, 0.64, 2.1, 2.3),
}


@dataclass(frozen=True)
class Choice:
    """The algorithm that a correlation takes, and why.

    name : 'direct', 'im2col', 'fft' or 'winograd'
    reason : one sentence
    milliseconds : the estimated time of each algorithm that could be taken, on one thread
    refused : for each of the others, why not
    """

    name: str
    reason: str
    milliseconds: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.reason}"]
        lines += [f"  {name:<9}{time:10.3g} ms (estimate)" for name, time in self.milliseconds.items()]
        lines += [f"  {name:<9}not taken: {why}" for name, why in self.refused.items()]
        return "\n".join(lines)


def named(algorithm: object, given: Operands, windows: Windows) -> Callable[[Operands, Windows], Any]:
    """Return the function of `algorithm`.

    Raises
    ------
    ParameterError
    """
    if isinstance(algorithm, str) and algorithm == "auto":
        return auto
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        known = ", ".join(map(repr, ALGORITHMS))
        raise ParameterError(f"algorithm must be 'auto' or one of {known}; got {algorithm!r}")
    return ALGORITHMS[algorithm]


def auto(given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by the algorithm that `choose` names."""
    choice = choose(given, windows)
    if choice.name not in SPREADING:
        return ALGORITHMS[choice.name](given, windows)
    with np.errstate(over="ignore", invalid="ignore"):
        out = ALGORITHMS[choice.name](given, windows)
    if all_finite(given.xp, out):
        return out
    window_by_window = next(name for name in choice.milliseconds if name not in SPREADING)
    return ALGORITHMS[window_by_window](given, windows)


def choose(given: Operands, windows: Windows) -> Choice:
    """Return the algorithm with the least estimated time."""
    if given.xp is not np:
        library = given.xp.__name__
        return Choice("im2col", f"one matrix product does most of the work on {library}; nothing is measured")
    whole = is_integer(np, given.image.dtype)
    prices = INTEGER_PRICES if whole else FLOAT_PRICES
    refused = {}
    if whole:
        refused["fft"] = "it rounds; integers are summed exactly"
        refused["winograd"] = "it divides by 4; integers are summed exactly"
    unsuited = winograd_.suits(windows)
    if unsuited is not None:
        refused["winograd"] = unsuited
    wider = 1.0 if whole else given.image.dtype.itemsize / 4  # float64 moves and multiplies half as fast
    times = {
        name: 1e-6
        * wider
        * sum(count * price for count, price in zip(_COUNTS[name](given, windows), row, strict=True))
        for name, row in prices.items()
        if name not in refused
    }
    ranked = dict(sorted(times.items(), key=lambda item: item[1]))
    (name, best), *others = ranked.items()
    reason = f"about {best:.2g} ms on one thread"
    if others:
        reason += f"; the next, {others[0][0]}, about {others[0][1]:.2g} ms"
    return Choice(name, reason, ranked, refused)


def _direct_counts(given: Operands, windows: Windows) -> tuple[float, ...]:
    """Return 1, the passes over the output, and the multiplications."""
    passes = windows.window_size * given.kernel.shape[1]
    return 1, passes, given.image.shape[0] * given.kernel.size * windows.position_count


def _im2col_counts(given: Operands, windows: Windows) -> tuple[float, ...]:
    """Return 1, the matrix products, their multiplications, the pixels copied, and the outputs written."""
    batch, kernels = given.image.shape[0], given.kernel.shape[0]
    in_group = given.kernel.shape[1]
    outputs = batch * kernels * windows.position_count
    if windows.is_pointwise:
        return 1, 0, outputs * in_group, 0, 0
    volume = as_volume(windows)
    (depth, height, width), taps, stride = volume.positions, volume.taps, volume.stride[1]
    band = band_rows(kernels // given.groups, volume)
    bands = -(-height // band)
    images = images_together(width, in_group, kernels // given.groups * band, volume)
    products = depth * bands * math.ceil(batch / images)
    per_window = taps[0] * ((band - 1) * stride + taps[1]) * taps[2] * in_group
    multiplications = batch * kernels * depth * width * bands * band * per_window
    copied = given.image.shape[1] * taps[0] * taps[2] * min(stride, taps[1])
    return 1, products, multiplications, batch * copied * windows.position_count, outputs


def _fft_counts(given: Operands, windows: Windows) -> tuple[float, ...]:
    """Return 1, the blocks, the butterflies of all transforms, and the products of spectra."""
    batch, channels = given.image.shape[:2]
    kernels, spectra = given.kernel.shape[0], given.kernel.shape[0] * given.kernel.shape[1]
    spans = tuple(apart * (taps - 1) + 1 for taps, apart in zip(windows.taps, windows.dilation, strict=True))
    block = block_shape(windows.padded, spans, spectra)
    points = math.prod(block)
    blocks = batch * math.prod(
        -(-(size - span + 1) // (length - span + 1))
        for length, size, span in zip(block, windows.padded, spans, strict=True)
    )
    butterflies = work_of(block, windows.padded, spans) * batch * (channels + kernels)
    return 1, blocks, butterflies + spectra * points * math.log2(points + 1), blocks * spectra * points


def _winograd_counts(given: Operands, windows: Windows) -> tuple[float, ...]:
    """Return 1, the tiles transformed, the tiles of outputs transformed back, and the multiplications."""
    batch, channels = given.image.shape[:2]
    kernels, in_group = given.kernel.shape[:2]
    tiles = batch * math.prod(-(-size // 2) for size in windows.positions)
    return 1, tiles * channels, tiles * kernels, 16 * tiles * kernels * in_group


_COUNTS = {
    "direct": _direct_counts,
    "im2col": _im2col_counts,
    "fft": _fft_counts,
    "winograd": _winograd_counts,
}
