"""What each algorithm costs: a few counts, each times a price that was measured.

The prices are nanoseconds on two cores, fitted to the measured times of some hundred random shapes by
`python -m benchmarks prices`, which also tells how much time the choice loses against the best one. Another
machine has other prices, but much the same ratios. A wrong guess costs time, never a wrong number.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from coursekit.reference.algorithms import im2col
from coursekit.reference.algorithms.columns import as_volume, block_size, buffer_rows
from coursekit.reference.algorithms.fft import block_count, block_shape, work_of
from coursekit.reference.windows import Windows

# One price for each count of the same algorithm: of float32, and of int64.
FLOAT_PRICES = {
    "direct": (13_000, 3_800, 0.69),
    "im2col": (5_000, 22_000, 650, 0.02, 0.69, 0.29, 1_100),
    "fft": (62_000, 36_000, 0.28, 1.7),
    "winograd": (140_000, 20, 21, 0.029),
}
INTEGER_PRICES = {
    "direct": (10_000, 4_000, 1.4),
    "im2col": (5_000, 32_000, 660, 0.49, 1.4, 1.5, 630),
}


class Sizes(NamedTuple):
    """What a cost depends on, beside the windows. `in_group` is the channels of a group."""

    batch: int
    channels: int
    kernels: int
    in_group: int
    groups: int
    item_size: int


@lru_cache(maxsize=1024)
def milliseconds(name: str, sizes: Sizes, windows: Windows, *, whole: bool) -> float:
    """Return the estimated time of algorithm `name`, of integers if `whole`."""
    prices = (INTEGER_PRICES if whole else FLOAT_PRICES)[name]
    wider = 1.0 if whole else sizes.item_size / 4  # float64 moves and multiplies half as fast as float32
    charged = zip(counts(name, sizes, windows), prices, strict=True)
    return 1e-6 * wider * sum(count * price for count, price in charged)


def counts(name: str, sizes: Sizes, windows: Windows) -> tuple[float, ...]:
    """Return what algorithm `name` is charged for, in the order of its prices."""
    return {"direct": _direct, "im2col": _im2col, "fft": _fft, "winograd": _winograd}[name](sizes, windows)


def _direct(sizes: Sizes, windows: Windows) -> tuple[float, ...]:
    """Return 1, the passes over the output, and the multiplications."""
    passes = windows.window_size * sizes.in_group
    return 1, passes, sizes.batch * sizes.kernels * passes * windows.position_count


def _im2col(sizes: Sizes, windows: Windows) -> tuple[float, ...]:
    """Return 1, the blocks, matrix products, multiplications, pixels copied, outputs, and slices copied."""
    batch, kernels = sizes.batch, sizes.kernels
    outputs = batch * kernels * windows.position_count
    if windows.is_pointwise:
        # A product with one channel is no matrix product: NumPy multiplies number by number, slowly.
        alone = outputs if sizes.in_group == 1 else 0
        return 1, 1, batch * sizes.groups, outputs * sizes.in_group, alone, outputs, 0
    volume = as_volume(windows)
    (depth, height, width), taps, stride = volume.positions, volume.taps, volume.stride[1]
    band = im2col.band_rows(kernels // sizes.groups, volume)
    block = block_size(
        (batch, sizes.groups, sizes.in_group),
        volume,
        kernels=kernels // sizes.groups,
        band=band,
        limit=im2col.BUFFER // sizes.item_size,
        wanted=im2col.MULTIPLICATIONS,
    )
    blocks = block.block_count(batch, sizes.groups, volume)
    bands = -(-height // band)
    products = blocks * min(block.rows / band, bands) * block.groups
    per_window = taps[0] * buffer_rows(band, volume) * taps[2] * sizes.in_group
    multiplications = batch * kernels * depth * width * bands * band * per_window
    copied = batch * sizes.channels * taps[0] * taps[2] * depth * height * min(stride, taps[1]) * width
    return 1, blocks, products, multiplications, copied, outputs, blocks * taps[0] * taps[2]


def _fft(sizes: Sizes, windows: Windows) -> tuple[float, ...]:
    """Return 1, the blocks, the butterflies of all transforms, and the products of spectra."""
    spectra = sizes.kernels * sizes.in_group
    spans = windows.spans
    block = block_shape(windows.padded, spans, spectra)
    points = math.prod(block)
    blocks = sizes.batch * block_count(block, windows.padded, spans)
    butterflies = work_of(block, windows.padded, spans) * sizes.batch * (sizes.channels + sizes.kernels)
    return 1, blocks, butterflies + spectra * points * math.log2(points + 1), blocks * spectra * points


def _winograd(sizes: Sizes, windows: Windows) -> tuple[float, ...]:
    """Return 1, the tiles transformed, the tiles of outputs transformed back, and the multiplications."""
    tiles = sizes.batch * math.prod(-(-size // 2) for size in windows.positions)
    return 1, tiles * sizes.channels, tiles * sizes.kernels, 16 * tiles * sizes.kernels * sizes.in_group
