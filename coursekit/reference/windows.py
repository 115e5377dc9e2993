"""Where a kernel's taps fall: the geometry that all operations with windows share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from coursekit.reference.borders import Mode, borders
from coursekit.shapes import Padding, Pairs, output_shape, per_axis

Slices = tuple[slice, ...]


@dataclass(frozen=True)
class Windows:
    """The windows of one operation, each field with one entry per spatial axis.

    spatial : pixels of the image, without padding
    taps : taps of the kernel
    stride, dilation : in pixels
    padding : zeros (before, after)
    positions : number of windows, the shape of the output
    """

    spatial: tuple[int, ...]
    taps: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Pairs
    dilation: tuple[int, ...]
    positions: tuple[int, ...]

    @classmethod
    def of(
        cls,
        spatial: Sequence[int],
        taps: Sequence[int],
        *,
        mode: Mode = "valid",
        stride: int | Sequence[int] = 1,
        padding: Padding = 0,
        dilation: int | Sequence[int] = 1,
    ) -> Windows:
        """Check the parameters that a caller gave and count the positions.

        Raises
        ------
        ParameterError
            A stride, padding, dilation or mode out of range.
        ShapeError
            The kernel does not fit inside the padded image.
        """
        axes = len(spatial)
        strides = per_axis("stride", stride, axes, least=1)
        dilations = per_axis("dilation", dilation, axes, least=1)
        around = borders(mode, taps, padding, dilations)
        shape = tuple(map(int, spatial)), tuple(map(int, taps))
        return cls(*shape, strides, around, dilations, _positions(*shape, strides, around, dilations))

    @property
    def is_padded(self) -> bool:
        """Whether there are any zeros to add."""
        return any(map(any, self.padding))

    @property
    def is_pointwise(self) -> bool:
        """Whether each window is one pixel and each pixel one window: a 1x1 kernel, stride 1, no padding."""
        return self.window_size == 1 and set(self.stride) == {1} and not self.is_padded

    @property
    def padded(self) -> tuple[int, ...]:
        """Pixels along each axis with the padding."""
        return tuple(size + sum(ends) for size, ends in zip(self.spatial, self.padding, strict=True))

    @property
    def spans(self) -> tuple[int, ...]:
        """Pixels from the first to the last tap along each axis."""
        return tuple(apart * (taps - 1) + 1 for taps, apart in zip(self.taps, self.dilation, strict=True))

    @property
    def window_size(self) -> int:
        """Number of taps in a window."""
        return prod(self.taps)

    @property
    def position_count(self) -> int:
        """Number of windows."""
        return prod(self.positions)

    def seen_by_tap(self, tap: Sequence[int]) -> Slices:
        """Return the pixels of the padded image that `tap` meets, one per position of the window."""
        return tuple(
            slice(index * apart, index * apart + (count - 1) * step + 1, step)
            for index, apart, count, step in zip(tap, self.dilation, self.positions, self.stride, strict=True)
        )

    def each_tap(self) -> Iterator[tuple[tuple[int, ...], Slices]]:
        """Yield every tap, and the pixels of the padded image that it meets."""
        for tap in product(*map(range, self.taps)):
            yield tap, self.seen_by_tap(tap)

    @property
    def inside(self) -> Slices:
        """Where the image lies in the padded image."""
        return tuple(
            slice(before, before + size) for size, (before, _) in zip(self.spatial, self.padding, strict=True)
        )


@lru_cache(maxsize=1024)
def _positions(
    spatial: tuple[int, ...],
    taps: tuple[int, ...],
    stride: tuple[int, ...],
    padding: Pairs,
    dilation: tuple[int, ...],
) -> tuple[int, ...]:
    """Return `output_shape` as plain ints. The same few shapes come again and again."""
    return tuple(map(int, output_shape(spatial, taps, stride=stride, padding=padding, dilation=dilation)))


def padded(xp: Any, image: Any, windows: Windows, value: Any = 0) -> Any:
    """Return `image` (..., *spatial) inside a border of `value`, or itself where there is none to add."""
    if not windows.is_padded:
        return image
    leading = tuple(image.shape[: image.ndim - len(windows.spatial)])
    out = xp.full(leading + windows.padded, value, dtype=image.dtype)
    out[(..., *windows.inside)] = image
    return out
