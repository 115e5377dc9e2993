"""Random arrays for cases: small, readable, and without the values that hide mistakes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coursekit.errors import CourseError


class CaseSearchError(CourseError, RuntimeError):
    """No case with the wanted properties was found in many draws."""


def whole_numbers(rng: np.random.Generator, shape: tuple[int, ...], most: int = 9) -> NDArray[np.int64]:
    """Return whole numbers from 1 to `most`, all different where there are enough. No zero hides a tap."""
    count = int(np.prod(shape))
    return np.asarray(rng.choice(np.arange(1, most + 1), size=count, replace=count > most)).reshape(shape)


def decimals(rng: np.random.Generator, shape: tuple[int, ...], most: float = 3.0) -> NDArray[np.float64]:
    """Return multiples of a quarter from -`most` to `most`, none of them whole, so none is zero.

    Their products and sums are exact in binary, also in float32: where an answer is rounded or truncated,
    the order of summing cannot decide on which side it falls.
    """
    quarters = rng.integers(-int(4 * most), int(4 * most), size=shape)
    quarters = np.where(quarters % 4 == 0, quarters + rng.integers(1, 4, size=shape), quarters)
    return np.asarray(quarters / 4.0)
