"""Random numbers to start from, neither too small nor too large to learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.shapes import positive_int


def he_normal(
    rng: np.random.Generator, shape: Sequence[int], fan_in: int, dtype: str = "float32"
) -> np.ndarray[Any, Any]:
    """Return normal random numbers with mean 0 and variance 2 / fan_in.

    A sum of fan_in products with such weights has about twice the mean square of its inputs, and the ReLU
    behind it sets half of the sums to 0. So the activations keep their size from layer to layer, however
    deep the network is.

    Parameters
    ----------
    rng : numpy.random.Generator; the same seed gives the same numbers
    shape : ints, of the array
    fan_in : int >= 1, number of products in one sum: C * KH * KW of a convolution
    dtype : 'float32' (default) or 'float64'

    Raises
    ------
    ParameterError

    Notes
    -----
    Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers (2015), section 2.2.
    """
    if not isinstance(rng, np.random.Generator):
        raise ParameterError(
            f"rng must be a numpy.random.Generator, as np.random.default_rng(0) gives; got {rng!r}"
        )
    if dtype not in ("float32", "float64"):
        raise ParameterError(f"dtype must be 'float32' or 'float64'; got {dtype!r}")
    deviation = np.sqrt(2 / positive_int("fan_in", fan_in))
    return rng.normal(0, deviation, tuple(shape)).astype(dtype)
