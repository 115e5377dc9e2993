"""What grows: the image, the kernel, the number of channels; and the work as the formulas say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.correlate.cases import Case


@dataclass(frozen=True)
class Sweep:
    """A series of convolutions in which one number grows.

    name : of what grows
    fixed : the rest, in words
    sizes : at which it is measured, growing
    case : makes the convolution of a size
    algorithms : that are measured
    """

    name: str
    fixed: str
    sizes: tuple[int, ...]
    case: Callable[[int], Case]
    algorithms: tuple[str, ...]


def square(size: int, taps: int, channels: int) -> Case:
    """Return a convolution of one square image with as many kernels as channels; the output has its size."""
    return Case((1, channels, size, size), (channels, channels, taps, taps), padding=taps // 2)


SWEEPS = (
    Sweep(
        "image size",
        "8 channels, 8 kernels 3x3",
        (16, 32, 64, 128, 256, 512, 1024),
        lambda size: square(size, 3, 8),
        ("direct", "im2col", "fft", "winograd"),
    ),
    Sweep(
        "kernel size",
        "one image 256x256, 1 channel",
        (3, 5, 7, 9, 13, 17, 23, 33, 47),
        lambda taps: square(256, taps, 1),
        ("direct", "im2col", "fft"),
    ),
    Sweep(
        "channels",
        "image 32x32, as many kernels 3x3 as channels",
        (1, 2, 4, 8, 16, 32, 64, 128, 256),
        lambda channels: square(32, 3, channels),
        ("direct", "im2col", "fft", "winograd"),
    ),
)


def _every_tap(case: Case) -> float:
    """H W K^2 C F, two operations each."""
    return float(case.operations)


def _spectra(case: Case) -> float:
    """Return the operations of transforms of the whole padded image, P pixels.

    2.5 P log2 P for each channel, each output and each channel of a kernel, and P / 2 complex products
    of 8 operations for each pair of channel and kernel.
    """
    pixels = math.prod(size + 2 * case.padding for size in case.spatial)
    kernels, channels = case.kernel[:2]
    transforms = case.image[0] * (channels + kernels) + kernels * channels
    return 2.5 * pixels * math.log2(pixels) * transforms + 4 * pixels * kernels * channels * case.image[0]


def _tiles(case: Case) -> float:
    """Return the operations of F(2x2, 3x3) for each tile of 4 outputs.

    32 additions for each channel and 24 for each kernel, and 16 multiplications and additions for each pair.
    """
    tiles = case.image[0] * math.prod(-(-size // 2) for size in case.positions)
    kernels, channels = case.kernel[:2]
    return float(tiles * (32 * channels + 24 * kernels + 32 * channels * kernels))


# Operations that the textbook says each algorithm takes.
FORMULAS: dict[str, Callable[[Case], float]] = {
    "direct": _every_tap,
    "im2col": _every_tap,
    "fft": _spectra,
    "winograd": _tiles,
}


def slope(sizes: list[int], values: list[float]) -> float:
    """Return the exponent p of the power size^p that fits `values` best on logarithmic scales.

    Fitted to the larger half of the sizes: at the small ones the cost of a call hides the growth.
    """
    half = len(sizes) // 2
    x, y = ([math.log(number) for number in numbers[half:]] for numbers in (sizes, values))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return covariance / sum((a - mean_x) ** 2 for a in x)


def crossings(sizes: list[int], first: list[float], second: list[float]) -> list[float]:
    """Return the sizes where two curves cross, on straight lines between the points of a log-log plot."""
    gaps = [math.log(a / b) for a, b in zip(first, second, strict=True)]
    found = []
    for (left, right), (before, after) in zip(pairwise(sizes), pairwise(gaps), strict=True):
        if (before > 0) != (after > 0):
            share = before / (before - after)
            found.append(math.exp(math.log(left) + share * math.log(right / left)))
    return found
