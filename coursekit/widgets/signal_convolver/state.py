"""What can be asked of the demo: two lists of samples and a mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ShapeError
from coursekit.widgets.shared.traits import Array, real_array

if TYPE_CHECKING:
    Values = np.ndarray[Any, Any]

MODES = ("full", "same", "valid")

LONGEST = 4096
"""Samples in the longest signal or kernel: a browser sums their products at every change."""


class Samples(Array):
    """A real array of shape (N,), at most `LONGEST` samples."""

    def __init__(self) -> None:
        super().__init__(1)

    def validate(self, _owner: object, value: object) -> Values:
        """Return the read-only copy, or raise ShapeError or ParameterError."""
        return samples_of(self.name, value)


def samples_of(name: str, value: object) -> Values:
    array = real_array(name, value, 1)
    if array.size > LONGEST:
        raise ShapeError(f"{name} must have at most {LONGEST} samples; got {array.size}; pass a part of it")
    return array


def kept_range(samples: int, taps: int, mode: str) -> tuple[int, int]:
    """Return the first kept position of the full output and the one after the last; equal if none is kept."""
    if mode == "full":
        return 0, samples + taps - 1
    if mode == "same":
        first = taps - 1 - taps // 2
        return first, first + samples
    return taps - 1, max(taps - 1, samples)
