"""The windows of a pooling, one at a time in plain Python: the slow oracle of the tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

Pixel = tuple[int, ...]


class EachWindow:
    """Every window of a pooling over an image of `shape`, with a pair of paddings for each axis."""

    def __init__(
        self, shape: tuple[int, ...], taps: Pixel, stride: Pixel, padding: Any, dilation: Pixel, rounding: str
    ) -> None:
        """Walk along each axis and note where windows start."""
        self.leading, self.spatial = shape[: -len(taps)], shape[-len(taps) :]
        self.taps, self.dilation, self.padding = taps, dilation, padding
        self.starts = []
        for size, count, step, (before, after), apart in zip(
            self.spatial, taps, stride, padding, dilation, strict=True
        ):
            last = size + after - (apart * (count - 1) + 1)  # of the windows that fit
            starts = list(range(-before, last + 1, step))
            beyond = starts[-1] + step
            if rounding == "ceil" and starts[-1] < last and beyond < size:
                starts.append(beyond)
            self.starts.append(starts)
        self.shape = (*self.leading, *map(len, self.starts))

    def pixels(self) -> Iterator[tuple[Pixel, list[tuple[Pixel, int]]]]:
        """Yield each place of the output, and its pixels, each with its index in the flat plane."""
        for place in np.ndindex(*self.shape):
            leading, window = place[: len(self.leading)], []
            for tap in itertools.product(*map(range, self.taps)):
                pixel = tuple(
                    starts[at] + apart * step
                    for starts, at, apart, step in zip(
                        self.starts, place[len(self.leading) :], self.dilation, tap, strict=True
                    )
                )
                if all(0 <= at < size for at, size in zip(pixel, self.spatial, strict=True)):
                    flat = sum(at * prod(self.spatial[axis + 1 :]) for axis, at in enumerate(pixel))
                    window.append(((*leading, *pixel), flat))
            yield place, window

    def inside_padded(self, place: Pixel) -> int:
        """Count the taps of the window at `place` that are in the image or its padding."""
        return prod(
            sum(starts[at] + tap < size + after for tap in range(taps))
            for starts, at, size, (_, after), taps in zip(
                self.starts, place[len(self.leading) :], self.spatial, self.padding, self.taps, strict=True
            )
        )


def each_window(
    shape: tuple[int, ...],
    size: Any,
    *,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    rounding: str = "floor",
) -> EachWindow:
    """Write the parameters out for every axis."""
    axes = min(2, len(shape)) if isinstance(size, int) else len(size)

    def written_out(value: Any) -> tuple[Any, ...]:
        return (value,) * axes if isinstance(value, int) else tuple(value)

    taps = written_out(size)
    ends = tuple((end, end) if isinstance(end, int) else end for end in written_out(padding))
    steps = taps if stride is None else written_out(stride)
    return EachWindow(shape, taps, steps, ends, written_out(dilation), rounding)
