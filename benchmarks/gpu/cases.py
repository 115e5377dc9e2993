"""What is measured on a GPU: the CPU benchmark's 2-D convolutions, three layers of networks, poolings."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from benchmarks.correlate.cases import CASES as ON_CPU
from benchmarks.correlate.cases import Case
from coursekit.shapes import output_shape

CASES = (
    *(case for case in ON_CPU if len(case.taps) == 2),
    Case((32, 64, 56, 56), (64, 64, 3, 3), padding=1),
    Case((32, 256, 14, 14), (256, 256, 3, 3), padding=1),
    Case((32, 3, 224, 224), (64, 3, 7, 7), stride=2, padding=3),
)


@dataclass(frozen=True)
class Pooling:
    """One max pooling in float32.

    image : (N, C, H, W), at most 2**24 pixels, so that as many numbers of float32 are all different: no ties
    size, stride, padding : in pixels, on both axes
    """

    image: tuple[int, ...]
    size: int
    stride: int
    padding: int = 0

    @property
    def name(self) -> str:
        """Say the pooling in a few words: '16x64x112x112, 3x3 stride 2 pad 1'."""
        shape = "x".join(map(str, self.image))
        return f"{shape}, {self.size}x{self.size} stride {self.stride}" + f" pad {self.padding}" * (
            self.padding > 0
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what the functions are given beside arrays and size."""
        return {"stride": self.stride, "padding": self.padding}

    @property
    def positions(self) -> tuple[int, ...]:
        """Windows along both axes."""
        window = (self.size, self.size)
        return tuple(map(int, output_shape(self.image[2:], window, **self.parameters)))


POOLINGS = (
    Pooling((16, 64, 112, 112), 3, 2, padding=1),
    Pooling((16, 64, 112, 112), 2, 2),
)


def least_bytes(*shapes: tuple[int, ...]) -> int:
    """Return the bytes of arrays of float32: what must be moved if each is read or written once."""
    return 4 * sum(map(prod, shapes))
