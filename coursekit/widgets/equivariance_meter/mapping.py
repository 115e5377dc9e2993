"""The function f that is measured, the shift of its input, and the comparison with its shifted output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.shapes import output_shape

Values = np.ndarray[Any, Any]

PADDINGS = ("zeros", "wrap", "reflect", "valid")
"""What a convolution reads beyond the border; "valid" reads nothing there, and its output is smaller."""

POOLINGS = ("none", "max", "average")
ENTERING = ("wrap", "zeros")
"""What a shift brings in at the border: what left on the other side, or nothing."""

TOLERANCE = 1e-9
"""Outputs count as equal up to this part of the largest: a mean rounds differently in another order."""


@dataclass(frozen=True)
class Mapping:
    """A convolution, pooling where asked for, and at the end a global average where asked for.

    `is_flipped` is True for a convolution, False for a cross-correlation; `rounding` concerns the pooling.
    """

    kernel: Values
    padding: str = "zeros"
    stride: int = 1
    pooling: str = "none"
    pool_size: int = 2
    pool_stride: int | None = None
    global_average: bool = False
    is_flipped: bool = False
    rounding: Any = "floor"

    @property
    def step(self) -> int:
        """Pixels of the input from one output to the next: the product of the strides."""
        if self.pooling == "none":
            return self.stride
        return self.stride * (self.pool_size if self.pool_stride is None else self.pool_stride)

    def maps_shape(self, size: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape (OH, OW) of the maps of an image of `size`, or raise ShapeError."""
        taps = self.kernel.shape
        around: Any = 0 if self.padding == "valid" else [(tap // 2, (tap - 1) // 2) for tap in taps]
        out = output_shape(size, taps, stride=self.stride, padding=around)
        if self.pooling == "none":
            return tuple(map(int, out))
        window = (self.pool_size,) * 2
        apart = self.pool_size if self.pool_stride is None else self.pool_stride
        return tuple(
            map(int, output_shape(tuple(map(int, out)), window, stride=apart, rounding=self.rounding))
        )

    def maps(self, image: Values) -> Values:
        """Return the output of shape (OH, OW), before a global average."""
        from coursekit import reference  # not there while work is graded; the demo itself is

        operation = reference.convolve if self.is_flipped else reference.correlate
        padded = bordered(image, (self.kernel.shape[0], self.kernel.shape[1]), self.padding)
        out: Values = operation(padded, self.kernel, stride=self.stride)
        if self.pooling != "none":
            pool = reference.max_pool if self.pooling == "max" else reference.average_pool
            out = pool(out, self.pool_size, stride=self.pool_stride, rounding=self.rounding)
        return out

    def __call__(self, image: Values) -> Values:
        """Return f(image): (OH, OW), or one number, of shape (), after a global average."""
        maps = self.maps(image)
        return np.asarray(maps.mean()) if self.global_average else maps

    def shift_output(self, output: Values, shift: tuple[int, int], size: Any, entering: str) -> Values:
        """Return `output` shifted as far as a `shift` of the input, of `size` (H, W), should shift it.

        That is the nearest whole number of outputs, halves towards zero. What it brings in comes round
        where the shift of the image does and the outputs go round with it; elsewhere it is not known, NaN.
        """
        if self.global_average:
            return output
        steps = [output_shift(pixels, self.step) for pixels in shift]
        for axis in (0, 1):
            goes_round = entering == "wrap" and output.shape[axis] * self.step == size[axis]
            fill = None if goes_round else np.nan
            output = shifted_axis(output, steps[axis], axis, fill)
        return output


def bordered(image: Values, taps: tuple[int, int], padding: str) -> Values:
    """Return the image with a border that keeps its size: KH // 2 rows before it, the other taps after."""
    if padding == "valid":
        return image
    ends = [(size // 2, (size - 1) // 2) for size in taps]
    modes: dict[str, Any] = {"zeros": "constant", "wrap": "wrap", "reflect": "reflect"}
    padded: Values = np.pad(image, ends, mode=modes[padding])
    return padded


def output_shift(pixels: int, step: int) -> int:
    """Return pixels / step, rounded to the nearest whole number, halves towards zero."""
    size = -(-(2 * abs(pixels) - step) // (2 * step))
    return size if pixels >= 0 else -size


def shifted(image: Values, shift: tuple[int, int], entering: str) -> Values:
    """Return the image moved down and right by `shift` pixels; what comes in is what left, or zeros."""
    for axis in (0, 1):
        image = shifted_axis(image, shift[axis], axis, 0 if entering == "zeros" else None)
    return image


def shifted_axis(values: Values, steps: int, axis: int, fill: float | None) -> Values:
    """Return the values moved along one axis; what comes in is `fill`, or comes round for None."""
    rolled: Values = np.roll(values, steps, axis)
    if fill is None or steps == 0:
        return rolled
    if np.isnan(fill):
        rolled = rolled.astype(float)
    along = np.moveaxis(rolled, axis, 0)
    if steps > 0:
        along[:steps] = fill
    else:
        along[steps:] = fill
    return rolled


def count_differing(difference: Values, *outputs: Values) -> tuple[int, int]:
    """Return how many outputs differ, and how many are compared: those that are not NaN."""
    largest = max((float(np.nanmax(np.abs(one), initial=0)) for one in outputs), default=0.0)
    compared = ~np.isnan(difference)
    differs = np.abs(np.where(compared, difference, 0)) > TOLERANCE * largest
    return int(differs.sum()), int(compared.sum())
