"""A correlation as the kernels see it: planes of rows and columns, one after the other in memory."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from coursekit.reference.cuda.device import NUMBERS
from coursekit.reference.cuda.planes import as_image, geometry, number_of
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows


@dataclass(frozen=True)
class LayerShape:
    """The sizes of a correlation, by which tiles and algorithms are chosen.

    channels, kernels : of a group
    windows : of two axes
    dtype : of the arrays
    """

    batch: int
    groups: int
    channels: int
    kernels: int
    windows: Windows
    dtype: np.dtype[Any]

    @property
    def item(self) -> int:
        """Bytes of a number."""
        return self.dtype.itemsize

    @property
    def depth(self) -> int:
        """Products that are summed for one output."""
        return self.channels * self.windows.window_size

    @property
    def output(self) -> tuple[int, ...]:
        """Batch, kernels of all groups, rows and columns of positions."""
        return (self.batch, self.groups * self.kernels, *self.windows.positions)

    @property
    def outputs(self) -> int:
        """Numbers of the output."""
        return prod(self.output)

    @property
    def pixels(self) -> int:
        """Numbers of the image."""
        return self.batch * self.groups * self.channels * prod(self.windows.spatial)

    @property
    def weights(self) -> int:
        """Numbers of all kernels."""
        return self.groups * self.kernels * self.depth


@dataclass(frozen=True)
class Layer:
    """The arrays of a correlation; a signal is an image of one row.

    image : (batch, groups * channels, height, width)
    kernel : (groups * kernels, channels, rows, columns of taps)
    """

    xp: Any
    image: Any
    kernel: Any
    shape: LayerShape

    @classmethod
    def of(cls, given: Operands, windows: Windows) -> Layer:
        """Take what `kernels_suit` accepts; arrays are copied only where they are not contiguous."""
        xp, image, kernel = given.xp, given.image, given.kernel
        if len(windows.taps) == 1:
            image, kernel = image[:, :, None, :], kernel[:, :, None, :]
        image, kernel = map(xp.ascontiguousarray, (image, kernel))
        return cls(xp, image, kernel, shape_of(given, windows))

    @property
    def sum_dtype(self) -> Any:
        """In which a kernel adds up: `sum` of numbers.cuh."""
        return self.xp.float64 if self.shape.item == 8 else self.xp.float32

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of the image, then of the output: the last arguments of most kernels."""
        return (*self.shape.windows.spatial, *self.shape.windows.positions)

    def empty(self) -> Any:
        """Return an array for the output."""
        return self.xp.empty(self.shape.output, dtype=self.shape.dtype)

    def defines(self, **more: int) -> dict[str, int]:
        """Return what is set in front of a source: the numbers, the windows, and `more`."""
        return {"NUMBER": number_of(self.image), **geometry(self.shape.windows), **more}


def shape_of(given: Operands, windows: Windows) -> LayerShape:
    """Return the sizes of what `kernels_suit` accepts."""
    kernels, channels = map(int, given.kernel.shape[:2])
    return LayerShape(
        int(given.image.shape[0]),
        given.groups,
        channels,
        kernels // given.groups,
        as_image(windows),
        given.image.dtype,
    )


def kernels_suit(given: Operands, windows: Windows) -> str | None:
    """Return None where the kernels can compute these arrays, else the reason why not."""
    if len(windows.taps) > 2:
        return f"the kernels have windows of 1 or 2 axes; there are {len(windows.taps)}"
    if str(given.image.dtype) not in NUMBERS:
        return f"the kernels add {', '.join(NUMBERS)}; the numbers are {given.image.dtype}"
    return None
