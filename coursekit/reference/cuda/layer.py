"""A correlation as the kernels see it: planes of rows and columns, one after the other in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from coursekit.reference.cuda.device import NUMBERS
from coursekit.reference.cuda.planes import as_image, geometry, number_of
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows


@dataclass(frozen=True)
class Layer:
    """The arrays and the sizes of a correlation; a signal is an image of one row.

    image : (batch, groups * channels, height, width)
    kernel : (groups * kernels, channels, rows, columns of taps)
    channels, kernels : of a group
    """

    xp: Any
    image: Any
    kernel: Any
    groups: int
    windows: Windows  # of two axes

    @classmethod
    def of(cls, given: Operands, windows: Windows) -> Layer:
        """Take what `kernels_suit` accepts; nothing is copied."""
        xp = given.xp
        plane = as_image(windows)
        image, kernel = given.image, given.kernel
        if len(windows.taps) == 1:
            image, kernel = image[:, :, None, :], kernel[:, :, None, :]
        return cls(xp, image, kernel, given.groups, plane)

    def contiguous(self) -> Layer:
        """Return this with its numbers one after the other in memory, as kernels read them."""
        image, kernel = map(self.xp.ascontiguousarray, (self.image, self.kernel))
        return replace(self, image=image, kernel=kernel)

    @property
    def batch(self) -> int:
        """Images of the batch."""
        return int(self.image.shape[0])

    @property
    def channels(self) -> int:
        """Channels of a group."""
        return int(self.kernel.shape[1])

    @property
    def kernels(self) -> int:
        """Kernels of a group."""
        return int(self.kernel.shape[0]) // self.groups

    @property
    def depth(self) -> int:
        """Products that are summed for one output."""
        return self.channels * self.windows.window_size

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Batch, kernels of all groups, rows and columns of positions."""
        return (self.batch, self.groups * self.kernels, *self.windows.positions)

    @property
    def dtype(self) -> Any:
        """Of the arrays."""
        return self.image.dtype

    @property
    def sum_dtype(self) -> Any:
        """In which a kernel adds up: `sum` of numbers.cuh."""
        return self.xp.float64 if self.dtype == self.xp.float64 else self.xp.float32

    @property
    def sizes(self) -> tuple[int, ...]:
        """Height and width of the image, then of the output: the last arguments of most kernels."""
        return (*self.windows.spatial, *self.windows.positions)

    def defines(self, **more: int) -> dict[str, int]:
        """Return what is set in front of a source: the numbers, the windows, and `more`."""
        return {"NUMBER": number_of(self.image), **geometry(self.windows), **more}


def kernels_suit(given: Operands, windows: Windows) -> str | None:
    """Return None where the kernels can compute these arrays, else the reason why not."""
    if len(windows.taps) > 2:
        return f"the kernels have windows of 1 or 2 axes; there are {len(windows.taps)}"
    if str(given.image.dtype) not in NUMBERS:
        return f"the kernels add {', '.join(NUMBERS)}; the numbers are {given.image.dtype}"
    return None
