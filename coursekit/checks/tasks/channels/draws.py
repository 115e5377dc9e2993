"""Random images with channels, and biases that cannot be mistaken for each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers

Array = NDArray[Any]


def biases(rng: np.random.Generator, count: int) -> Array:
    """Return `count` different whole numbers from 1 to 9, in any order: shape (count,)."""
    return np.asarray(rng.choice(np.arange(1, 10), size=count, replace=False))


def decimal_biases(rng: np.random.Generator, count: int) -> Array:
    """Return `count` different multiples of a quarter from -5 to 5, none of them whole: shape (count,)."""
    quarters = np.arange(-20, 21)
    return np.asarray(rng.choice(quarters[quarters % 4 != 0], size=count, replace=False)) / 4.0


def numbers(rng: np.random.Generator, shape: tuple[int, ...], *, decimal: bool = False) -> Array:
    """Return an array for an image or a kernel: whole and positive, or decimals of both signs."""
    return decimals(rng, shape) if decimal else whole_numbers(rng, shape)
