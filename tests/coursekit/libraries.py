"""What tests need to move numbers between array libraries."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def as_numpy(array: Any) -> Array:
    """Return `array` of any library as a NumPy array; a CuPy one is copied from its device."""
    return array.get() if hasattr(array, "get") else np.asarray(array)


def whole_numbers(shape: tuple[int, ...], seed: int = 0, *, largest: int = 9) -> Array:
    """Return int64 numbers from -largest to largest: sums of their products are exact."""
    return np.random.default_rng(seed).integers(-largest, largest + 1, shape)
