"""What can be asked of the demo: two lists of samples, a position, a step, a mode."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets.shared.traits import Array, real_array

if TYPE_CHECKING:
    Values = np.ndarray[Any, Any]

MODES = ("full", "same", "valid")

LONGEST = 4096
"""Samples in the longest signal or kernel: a browser sums their products at every change."""


class Index(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """An int >= 0."""

    def __init__(self) -> None:
        super().__init__(default_value=0)
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> int:
        """Return an int, or raise ParameterError."""
        return _index(self.name, value)


def _index(name: str, value: object) -> int:
    try:
        index = operator.index(value)  # type: ignore[arg-type]  # it raises TypeError, which is the question
    except TypeError:
        index = -1
    if isinstance(value, bool) or index < 0:
        raise ParameterError(f"{name} must be an integer >= 0; got {value!r}")
    return index


class Step(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A finite float > 0."""

    def __init__(self, default: float) -> None:
        super().__init__(default_value=default)
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> float:
        """Return a float, or raise ParameterError."""
        return _positive(self.name, value)


def _positive(name: str, value: object) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ParameterError(f"{name} must be a finite number > 0; got {value!r}")
    return number


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
