"""Transposed convolution in phases: each is an ordinary correlation with stride 1, so no zeros are inserted.

The output pixels i * stride + phase of one phase meet every stride-th tap alone. Where phases have nearly as
many taps as each other, they are computed together, as further kernels of one correlation: the image is read
once, and few kernels become enough for a fast matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import gcd, prod
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import has_nan
from coursekit.reference.correlate import correlate
from coursekit.reference.layout import Operands
from coursekit.shapes import Padding, Pairs, padding_pairs, per_axis

FEW_KERNELS = 8  # up to which more multiplications cost less than reading the image again
MORE_MULTIPLICATIONS = 3.0  # by zeros, that computing phases together may cost with few kernels
SOME_MORE = 1.5  # and with many


@dataclass(frozen=True)
class Spread:
    """The geometry of one transposed convolution, each field with one entry per spatial axis.

    positions : pixels of the input, which are window positions of the `correlate` that is transposed
    taps : taps of the kernel
    stride, dilation : in pixels of the output
    padding : pixels of the output cut off (before, after)
    spatial : pixels of the output
    """

    positions: tuple[int, ...]
    taps: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Pairs
    dilation: tuple[int, ...]
    spatial: tuple[int, ...]

    @classmethod
    def of(
        cls,
        positions: tuple[int, ...],
        taps: tuple[int, ...],
        *,
        stride: int | Sequence[int],
        padding: Padding,
        output_padding: int | Sequence[int],
        dilation: int | Sequence[int],
    ) -> Spread:
        """Check the parameters that a caller gave and compute the size of the output."""
        axes = len(positions)
        strides = per_axis("stride", stride, axes, least=1)
        dilations = per_axis("dilation", dilation, axes, least=1)
        cuts = padding_pairs(padding, axes)
        extras = per_axis("output_padding", output_padding, axes, least=0)
        spatial = []
        for axis, (n, k, s, d) in enumerate(zip(positions, taps, strides, dilations, strict=True)):
            if extras[axis] >= max(s, d):
                raise ParameterError(
                    f"output_padding must be below stride or dilation; got {extras[axis]} "
                    f"for stride {s} and dilation {d} along axis {axis}"
                )
            whole = (n - 1) * s + d * (k - 1) + 1 + extras[axis]
            if whole <= sum(cuts[axis]):
                raise ShapeError(
                    f"axis {axis}: padding must leave a pixel of the output; it cuts off "
                    f"before + after = {cuts[axis][0]} + {cuts[axis][1]} = {sum(cuts[axis])}, "
                    "the output has (n - 1) * stride + dilation * (k - 1) + output_padding + 1 = "
                    f"({n} - 1) * {s} + {d} * ({k} - 1) + {extras[axis]} + 1 = {whole}"
                )
            spatial.append(whole - sum(cuts[axis]))
        return cls(positions, taps, strides, cuts, dilations, tuple(spatial))

    def phases(self, axis: int) -> Iterator[Phase]:
        """Yield the phases of one axis, except those that no product reaches."""
        n, k, s, d = self.positions[axis], self.taps[axis], self.stride[axis], self.dilation[axis]
        before, size = self.padding[axis][0], self.spatial[axis]
        step = s // gcd(s, d)  # taps from one that meets the phase to the next
        apart = d * step // s  # pixels of the input between what two such taps meet
        for phase in range(min(s, size)):
            # out[phase + s * q] = sum over t of  image[q + shift - t * apart] * kernel[first + t * step]
            first = next((u for u in range(min(step, k)) if (phase + before - u * d) % s == 0), None)
            if first is None:
                continue
            last = first + (k - 1 - first) // step * step
            shift = (phase + before - first * d) // s
            start = shift - (last - first) // step * apart
            stop = shift + (size - phase - 1) // s + 1
            if start < n and stop > 0:
                yield Phase(
                    output=slice(phase, size, s),
                    taps=slice(k - 1 - last, k - first, step),
                    image=slice(max(start, 0), min(stop, n)),
                    padding=(max(-start, 0), max(stop - n, 0)),
                    dilation=apart,
                )


@dataclass(frozen=True)
class Phase:
    """Every stride-th pixel of the output along one axis: a correlation with stride 1.

    output : those pixels; taps : the taps of the flipped kernel that reach them
    image, padding : the pixels of the input that the taps meet, and the zeros (before, after) around them
    dilation : pixels of the input from one of the taps to the next
    """

    output: slice
    taps: slice
    image: slice
    padding: tuple[int, int]
    dilation: int

    @property
    def start(self) -> int:
        """The pixel of the input that the first tap meets for the first output; padding is negative."""
        first: int = self.image.start
        return first - self.padding[0]

    @property
    def tap_count(self) -> int:
        """Number of taps that reach the phase."""
        return len(range(self.taps.start, self.taps.stop, self.taps.step))


def spread_out(given: Operands, spread: Spread) -> Any:
    """Return the transposed convolution (N, C, *spatial), without bias."""
    axes = len(spread.spatial)
    flips = (slice(None, None, -1),) * axes
    flipped = given.kernel[(..., *flips)]
    phases = [tuple(spread.phases(axis)) for axis in range(axes)]
    combined = list(product(*phases))
    if len(combined) == 1 and all(phase.output.step == 1 for phase in combined[0]):
        return _of_phase(given, flipped, combined[0])
    shape = (given.image.shape[0], given.kernel.shape[0], *spread.spatial)
    out = given.xp.zeros(shape, dtype=given.image.dtype)
    if out.size > 0 and _together_pays(given, phases):
        with np.errstate(invalid="ignore"):
            _fill_together(given, flipped, phases, out)
        if not has_nan(given.xp, out):
            return out
        # The zeros among the taps times a NaN or an infinity are NaN, in pixels that it does not reach.
    for parts in combined:
        out[(..., *(phase.output for phase in parts))] = _of_phase(given, flipped, parts)
    return out


def _of_phase(given: Operands, flipped: Any, parts: Sequence[Phase]) -> Any:
    """Return the output pixels of one phase of each axis, from the taps and pixels that reach them."""
    return correlate(
        given.image[(..., *(phase.image for phase in parts))],
        flipped[(..., *(phase.taps for phase in parts))],
        padding=[phase.padding for phase in parts],
        dilation=[phase.dilation for phase in parts],
        groups=given.groups,
    )


def _together_pays(given: Operands, phases: Sequence[tuple[Phase, ...]]) -> bool:
    """Return whether the phases fit one grid of taps, and the zeros in it cost little."""
    count = prod(map(len, phases))
    if count < 2:
        return False
    apart = [(phase.start - min(p.start for p in axis)) % phase.dilation for axis in phases for phase in axis]
    if any(apart):
        return False
    kernels = given.kernel.shape[0] // given.groups
    needed = prod(sum(phase.tap_count for phase in axis) for axis in phases)
    made = prod(len(axis) * _grid(axis)[1] for axis in phases)
    return made <= needed * (MORE_MULTIPLICATIONS if kernels <= FEW_KERNELS else SOME_MORE)


def _grid(axis: Sequence[Phase]) -> tuple[int, int]:
    """Return the first pixel of the input and the number of taps that hold all phases of one axis."""
    start = min(phase.start for phase in axis)
    taps = max((phase.start - start) // phase.dilation + phase.tap_count for phase in axis)
    return start, taps


def _fill_together(given: Operands, flipped: Any, phases: Sequence[tuple[Phase, ...]], out: Any) -> None:
    """Fill `out` (N, C, *spatial) from one correlation that has a kernel for each phase and channel."""
    xp, groups = given.xp, given.groups
    grids = [_grid(axis) for axis in phases]
    channels, in_group = given.kernel.shape[:2]
    combined = list(product(*phases))
    taps = tuple(count for _, count in grids)
    kernels = xp.zeros((groups, len(combined), channels // groups, in_group, *taps), dtype=flipped.dtype)
    dealt = xp.reshape(flipped, (groups, channels // groups, in_group, *flipped.shape[2:]))
    for index, parts in enumerate(combined):
        place = tuple(
            slice(first, first + phase.tap_count)
            for phase, (start, _) in zip(parts, grids, strict=True)
            for first in [(phase.start - start) // phase.dilation]
        )
        kernels[(slice(None), index, ..., *place)] = dealt[(..., *(phase.taps for phase in parts))]
    image, padding = _reaching(given.image, phases, grids)
    found = correlate(
        image,
        xp.reshape(kernels, (-1, in_group, *taps)),
        padding=padding,
        dilation=[axis[0].dilation for axis in phases],
        groups=groups,
    )
    found = xp.reshape(found, (found.shape[0], groups, len(combined), channels // groups, *found.shape[2:]))
    for index, parts in enumerate(combined):
        place = tuple(phase.output for phase in parts)
        counts = tuple(slice(len(range(p.start, p.stop, p.step))) for p in place)
        part = found[(slice(None), slice(None), index, ..., *counts)]
        out[(..., *place)] = xp.reshape(part, (out.shape[0], channels, *part.shape[3:]))


def _reaching(
    image: Any, phases: Sequence[tuple[Phase, ...]], grids: Sequence[tuple[int, int]]
) -> tuple[Any, Pairs]:
    """Return the pixels of `image` that any phase reaches, and the padding that they need, per axis."""
    slices, padding = [], []
    sizes = image.shape[2:]
    for axis, (start, taps), size in zip(phases, grids, sizes, strict=True):
        most = max(len(range(p.output.start, p.output.stop, p.output.step)) for p in axis)
        stop = start + most + (taps - 1) * axis[0].dilation
        slices.append(slice(max(start, 0), min(stop, size)))
        padding.append((max(-start, 0), max(stop - size, 0)))
    return image[(..., *slices)], tuple(padding)
