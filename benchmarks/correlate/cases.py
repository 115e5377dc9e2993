"""The convolutions that are measured: the shapes of textbooks and of well-known networks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.shapes import output_shape

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """One convolution in float32.

    image : (N, C, *spatial)
    kernel : (F, C // groups, *taps)
    stride, padding : in pixels, on every axis
    """

    image: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: int = 1
    padding: int = 0
    groups: int = 1

    @property
    def name(self) -> str:
        """Say the case in a few words: '16x64x56x56 -> 64, 3x3 pad 1'."""
        words = [f"{_times(self.image)} -> {self.kernel[0]}, {_times(self.taps)}"]
        words += [f"stride {self.stride}"] * (self.stride > 1) + [f"pad {self.padding}"] * (self.padding > 0)
        words += [f"groups {self.groups}"] * (self.groups > 1)
        return " ".join(words)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return what `correlate` and PyTorch's functions are given beside the arrays."""
        return {"stride": self.stride, "padding": self.padding, "groups": self.groups}

    @property
    def spatial(self) -> tuple[int, ...]:
        """Pixels along each axis."""
        return self.image[2:]

    @property
    def taps(self) -> tuple[int, ...]:
        """Taps along each axis."""
        return self.kernel[2:]

    @property
    def positions(self) -> tuple[int, ...]:
        """Windows along each axis."""
        return tuple(
            map(int, output_shape(self.spatial, self.taps, stride=self.stride, padding=self.padding))
        )

    @property
    def is_plain(self) -> bool:
        """Whether there is one image, one channel and one kernel: what a signal library computes."""
        return self.image[:2] == (1, 1) and self.kernel[:2] == (1, 1)

    @property
    def operations(self) -> int:
        """Multiplications and additions of the definition, whatever the algorithm does."""
        return 2 * self.image[0] * prod(self.kernel) * prod(self.positions)

    @cached_property
    def arrays(self) -> tuple[Array, Array, Array]:
        """The image, the kernel, and a gradient of the shape of the output, (N, F, *positions)."""
        rng = np.random.default_rng(0)
        gradient = (self.image[0], self.kernel[0], *self.positions)
        image, kernel, sent = (
            rng.standard_normal(shape, dtype=np.float32) for shape in (self.image, self.kernel, gradient)
        )
        return image, kernel, sent


def _times(sizes: tuple[int, ...]) -> str:
    return "x".join(map(str, sizes))


CASES = (
    Case((1, 1, 512, 512), (1, 1, 3, 3)),
    Case((1, 1, 512, 512), (1, 1, 11, 11)),
    Case((1, 3, 512, 512), (16, 3, 5, 5), padding=2),
    Case((8, 16, 64, 64), (32, 16, 3, 3), padding=1),
    Case((16, 64, 56, 56), (64, 64, 3, 3), padding=1),
    Case((16, 3, 224, 224), (64, 3, 7, 7), stride=2, padding=3),
    Case((16, 64, 56, 56), (64, 64, 1, 1)),
    Case((16, 64, 56, 56), (64, 1, 3, 3), padding=1, groups=64),
    Case((1, 1, 1_000_000), (1, 1, 1025)),
    Case((1, 1, 64, 64, 64), (1, 1, 5, 5, 5)),
)
