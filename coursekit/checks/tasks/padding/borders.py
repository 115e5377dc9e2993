"""Putting something around an image: the parts that the tasks of this exercise share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Ends = tuple[int, int]  # before and after, along one axis


def surrounded(image: Array, rows: Ends, columns: Ends, value: float = 0) -> Array:
    """Return a new array: `value` on so many rows and columns before and after `image` (H, W)."""
    height, width = image.shape
    shape = (rows[0] + height + rows[1], columns[0] + width + columns[1])
    output = np.full(shape, value, dtype=np.result_type(image.dtype, type(value)))
    output[rows[0] : rows[0] + height, columns[0] : columns[0] + width] = image
    return output


def outside(image: Array, rows: Ends, columns: Ends) -> NDArray[np.bool_]:
    """Return, in the shape of `surrounded`, where the border lies."""
    return surrounded(np.zeros(image.shape, dtype=bool), rows, columns, True)


def zeros_of(taps: int, mode: str) -> Ends:
    """Return the zeros (before, after) of an axis in this mode; an even kernel has the extra one in front."""
    if mode == "valid":
        return 0, 0
    if mode == "full":
        return taps - 1, taps - 1
    return taps // 2, (taps - 1) // 2
