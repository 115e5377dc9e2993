"""Kernels that have a name. `presets.js` has the same ones; a test compares the two."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

from coursekit.errors import ParameterError

Array = np.ndarray[Any, Any]

FIXED: dict[str, list[list[int]]] = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "edge left-right": [[-1, 0, 1]],
    "edge top-bottom": [[-1], [0], [1]],
    "Sobel left-right": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "Sobel top-bottom": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "Laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "upright ridge": [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
}
"""Kernels of one size. "emboss" is the relief of the lecture on cross-correlation."""

SIZED = ("box blur", "Gaussian blur")
"""Kernels of any size: all numbers equal; products of binomial coefficients. Both sum to 1."""

NAMES = ("identity", *SIZED, *list(FIXED)[1:])


def preset(name: str, shape: tuple[int, int] = (5, 5)) -> Array:
    """Return the kernel called `name`; `shape` is that of the two blurs, (KH, KW).

    Raises
    ------
    ParameterError
        There is no such kernel.
    """
    if name in FIXED:
        return np.array(FIXED[name])
    rows, columns = shape
    if name == "box blur":
        return np.full(shape, 1 / (rows * columns))
    if name == "Gaussian blur":
        weights: Array = np.outer(_binomials(rows), _binomials(columns))
        return weights / float(weights.sum())
    raise ParameterError(f"kernel must be an array or one of {', '.join(map(repr, NAMES))}; got {name!r}")


def _binomials(size: int) -> Array:
    return np.array([comb(size - 1, index) for index in range(size)], float)
