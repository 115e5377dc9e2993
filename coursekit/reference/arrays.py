"""What every reference operation asks of its arrays, and which library computes on them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError


def array_module(*arrays: object) -> ModuleType:
    """Return `cupy` if any array is a CuPy array, else `numpy`.

    Never imports CuPy: a CuPy array exists only if CuPy is loaded.
    """
    cupy = sys.modules.get("cupy")
    on_gpu = cupy is not None and any(isinstance(array, cupy.ndarray) for array in arrays)
    return cupy if on_gpu and cupy is not None else np


def real_array(name: str, value: object, xp: ModuleType) -> Any:
    """Return `value` as a non-empty array of real numbers in library `xp`, never a copy of one that is.

    Raises
    ------
    ParameterError
        The numbers are not real, or the array lives in another library than `xp`.
    ShapeError
        The rows have different lengths, or the array is empty.
    """
    if xp is not np and isinstance(value, np.ndarray):
        raise ParameterError(
            f"{name} must be a {xp.__name__} array like the other; move it with {xp.__name__}.asarray"
        )
    try:
        array = xp.asarray(value)
    except (TypeError, ValueError):
        raise ShapeError(
            f"{name} must be an array: rows of one length, numbers only; got {value!r}"
        ) from None
    if array.dtype.kind not in "iuf":
        raise ParameterError(f"{name} must hold real numbers (integers or floats); got dtype {array.dtype}")
    if array.size == 0:
        raise ShapeError(f"{name} must not be empty; got shape {array.shape}")
    return array


def image_and_kernel(image: object, kernel: object) -> tuple[ModuleType, Any, Any]:
    """Return the library, and both arrays in it, in the dtype of the result.

    The dtype is `result_type(image, kernel)`, but integers are summed in 64 bits, so that 8-bit
    photographs do not overflow: int64, or uint64 where both are unsigned and one has 64 bits already.
    Arrays have 1 axis (N,) or 2 axes (H, W), both the same number.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(image, kernel)
    pixels, taps = real_array("image", image, xp), real_array("kernel", kernel, xp)
    if pixels.ndim not in (1, 2):
        raise ShapeError(f"image must have 1 axis (N,) or 2 axes (H, W); got shape {pixels.shape}")
    if taps.ndim != pixels.ndim:
        raise ShapeError(
            f"kernel must have as many axes as image; got {taps.shape} for an image of shape {pixels.shape}"
        )
    dtype = np.result_type(pixels.dtype, taps.dtype)
    if dtype.kind in "iu" and dtype != np.uint64:
        dtype = np.dtype(np.int64)
    return xp, pixels.astype(dtype, copy=False), taps.astype(dtype, copy=False)
