"""Correlation as a product of spectra, block by block (overlap-save): its price hardly grows with the kernel.

The discrete Fourier transform turns a circular correlation into a product per frequency. Each block of the
image is transformed with a border that its windows reach into; the positions where the circle would wrap
around are dropped. A stride saves nothing: every position is computed, and the others are dropped too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from coursekit.errors import ParameterError
from coursekit.reference.algorithms.threads import run_blocks, threads_for
from coursekit.reference.arrays import cast, is_integer, largest_magnitude
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows, padded

SPECTRA = 1 << 25  # bytes that the spectra of all kernels may take; blocks are made smaller to stay below
CALLS = 20_000  # butterflies that take as long as calling NumPy for one block
EXACT = 2**53  # whole numbers below are exact in float64
THREADED = 1 << 17  # pixels transformed from which further threads pay

Shape = tuple[int, ...]


def fft(given: Operands, windows: Windows, *, calls: float = CALLS, limit: int = SPECTRA) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias; `calls` and `limit` are `block_shape`'s.

    Integers are computed in float64 and rounded, which is exact, or refused.

    Raises
    ------
    ParameterError
        Integers so large that rounding could not give the exact sum.
    """
    xp = given.xp
    whole = is_integer(xp, given.image.dtype)
    if whole:
        _refuse_inexact(given, windows)
    real = xp.float64 if whole else given.image.dtype
    image = padded(xp, cast(xp, given.image, real), windows)
    spans = windows.spans
    block = block_shape(windows.padded, spans, given.kernel.size // windows.window_size, calls, limit)
    axes = tuple(range(-len(block), 0))
    kernel = _dilated(xp, cast(xp, given.kernel, real), windows)
    spectra = _by_frequency(xp, xp.conj(xp.fft.rfftn(kernel, s=block, axes=axes)), given.groups)
    dense = tuple(size - span + 1 for size, span in zip(windows.padded, spans, strict=True))
    batch, kernels = image.shape[0], kernel.shape[0]
    out = xp.empty((batch, kernels, *windows.positions), dtype=given.image.dtype)
    steps = tuple(size - span + 1 for size, span in zip(block, spans, strict=True))
    starts = list(
        product(range(batch), *(range(0, size, step) for size, step in zip(dense, steps, strict=True)))
    )

    def work(blocks: Sequence[Shape]) -> None:
        for n, *start in blocks:
            cut = tuple(
                slice(first, min(first + length, size))
                for first, length, size in zip(start, block, windows.padded, strict=True)
            )
            seen = xp.fft.rfftn(image[(n, slice(None), *cut)], s=block, axes=axes)
            values = xp.fft.irfftn(_per_frequency(given, seen, spectra), s=block, axes=axes)
            values = xp.astype(xp.round(values), out.dtype) if whole else values
            _place(values, out[n, ...], start, steps, windows)

    points = len(starts) * math.prod(block) * (given.image.shape[1] + kernels)
    run_blocks(work, starts, threads=threads_for(xp, points, THREADED))
    return out


@lru_cache(maxsize=1024)
def block_shape(
    spatial: Shape, spans: Shape, kernels: int, calls: float = CALLS, limit: int = SPECTRA
) -> Shape:
    """Return the size of a block per axis, the one with the least work.

    Parameters
    ----------
    spatial : pixels of the padded image per axis
    spans : pixels that a dilated kernel spans per axis
    kernels : number of spectra to hold, F * C // groups
    calls : butterflies that take as long as calling the library for one block
    limit : bytes that the spectra may take
    """
    choices = [_sizes(size, span) for size, span in zip(spatial, spans, strict=True)]
    fitting = [c for c in product(*choices) if 16 * kernels * math.prod(c) <= limit]
    return min(
        fitting or [tuple(min(sizes) for sizes in choices)],
        key=lambda block: work_of(block, spatial, spans) + calls * block_count(block, spatial, spans),
    )


def block_count(block: Shape, spatial: Shape, spans: Shape) -> int:
    """Return how many blocks cover an image of `spatial` pixels, padding included."""
    return math.prod(
        -(-(size - span + 1) // (length - span + 1))
        for length, size, span in zip(block, spatial, spans, strict=True)
    )


def work_of(block: Shape, spatial: Shape, spans: Shape) -> float:
    """Return the butterflies of transforming all blocks of one channel: points times log2 of a block."""
    points = math.prod(block)
    return block_count(block, spatial, spans) * points * (math.log2(points) + 4)


def _sizes(size: int, span: int) -> list[int]:
    """List transform sizes worth trying: 2^a and 3 * 2^a from the span up to what holds the image at once."""
    largest = max(size, span)
    sizes = sorted(odd << power for odd in (1, 3, 5) for power in range(largest.bit_length() + 1))
    whole = next(length for length in sizes if length >= largest)
    return [length for length in sizes if span <= length <= whole]


def _dilated(xp: Any, kernel: Any, windows: Windows) -> Any:
    """Return `kernel` with zeros between its taps where there is dilation."""
    if all(apart == 1 for apart in windows.dilation):
        return kernel
    spread = xp.zeros((*kernel.shape[:2], *windows.spans), dtype=kernel.dtype)
    spread[(..., *(slice(None, None, apart) for apart in windows.dilation))] = kernel
    return spread


def _by_frequency(xp: Any, spectra: Any, groups: int) -> Any:
    """Return spectra (F, C // G, *f) as matrices (f, G, F // G, C // G), or (F, *f) for one channel."""
    kernels, in_group = spectra.shape[:2]
    if _one_by_one(in_group, kernels, groups):
        return spectra[:, 0, ...]
    matrices = xp.reshape(spectra, (groups, kernels // groups, in_group, -1))
    return xp.reshape(xp.permute_dims(matrices, (3, 0, 1, 2)), (-1, groups, kernels // groups, in_group))


def _one_by_one(in_group: int, kernels: int, groups: int) -> bool:
    """Return whether there is nothing to sum over: one channel for all kernels, or one for each."""
    return in_group == 1 and groups in (1, kernels)


def _per_frequency(given: Operands, seen: Any, spectra: Any) -> Any:
    """Sum over the channels of a group, frequency by frequency: `seen` (C, *f) gives (F, *f)."""
    xp, (kernels, in_group) = given.xp, given.kernel.shape[:2]
    if _one_by_one(in_group, kernels, given.groups):
        return seen * spectra
    groups, frequencies = spectra.shape[1], seen.shape[1:]
    image = xp.permute_dims(xp.reshape(seen, (groups, -1, math.prod(frequencies))), (2, 0, 1))
    values = xp.matmul(spectra, image[..., None])[..., 0]
    return xp.reshape(xp.permute_dims(values, (1, 2, 0)), (kernels, *frequencies))


def _place(values: Any, out: Any, start: Sequence[int], steps: Shape, windows: Windows) -> None:
    """Write the `values` (F, *block) at positions of the stride into `out` (F, *positions)."""
    source, target = [], []
    for first, step, stride, count in zip(start, steps, windows.stride, windows.positions, strict=True):
        lowest = -(-first // stride)
        highest = min(count, -(-(first + step) // stride))
        if highest <= lowest:
            return
        target.append(slice(lowest, highest))
        source.append(slice(lowest * stride - first, (highest - 1) * stride - first + 1, stride))
    out[(slice(None), *target)] = values[(slice(None), *source)]


def _refuse_inexact(given: Operands, windows: Windows) -> None:
    """Raise ParameterError unless every sum is below 2^53 and the transform's own error below one half."""
    xp = given.xp
    taps = given.kernel.size // given.kernel.shape[0]
    largest = largest_magnitude(xp, given.image) * largest_magnitude(xp, given.kernel)
    # The error of a transform of n points grows as log2(n) in units of its input's norm.
    points = math.prod(windows.padded)
    error = 2.0**-52 * (math.log2(points) + 4) * largest * math.sqrt(points * taps) * 4
    if largest * taps >= EXACT or error >= 0.5:
        raise ParameterError(
            "algorithm='fft' rounds to whole numbers, so they must be small enough for float64; "
            f"a sum may be {largest * taps:.3g} with an error of {error:.3g}; "
            "use algorithm='direct' or 'im2col'"
        )
