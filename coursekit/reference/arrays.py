"""What every reference operation asks of its arrays, and which library computes on them.

The operations use what NumPy, CuPy and the Python array API standard have in common, so that one source
serves them all: `xp` is the library, and arrays are only indexed, reshaped, multiplied and added.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError


def array_module(*arrays: object) -> Any:
    """Return the library of `arrays`: `cupy`, another one of the array API standard, or else `numpy`.

    Never imports CuPy: a CuPy array exists only if CuPy is loaded. Lists and numbers belong to any library.
    """
    cupy = sys.modules.get("cupy")
    # No type where `cupy` is a folder that an uninstalled CuPy left, which Python imports all the same.
    on_gpu: Any = getattr(cupy, "ndarray", ())
    for array in arrays:
        if isinstance(array, on_gpu):
            return cupy
        if not isinstance(array, (np.ndarray, np.generic)) and hasattr(array, "__array_namespace__"):
            return array.__array_namespace__()
    return np


def real_array(name: str, value: object, xp: ModuleType) -> Any:
    """Return `value` as an array of real numbers in library `xp`, never a copy of one that is.

    Raises
    ------
    ParameterError
        The numbers are not real, some are masked, or the array lives in another library than `xp`, or on
        another GPU than CuPy's current one, which computes.
    ShapeError
        The rows have different lengths.
    """
    home = array_module(value)
    if home is not xp and (home is not np or isinstance(value, np.ndarray)):
        raise ParameterError(f"{name} must be a {xp.__name__} array like the other; {_moved(name, home, xp)}")
    if isinstance(value, np.ma.MaskedArray):
        raise ParameterError(f"{name} must not be masked; fill it first, for example with value.filled(0)")
    try:
        array = xp.asarray(value)
    except (TypeError, ValueError):
        held = _library_within(value)
        if held is not np:
            raise ParameterError(
                f"{name} must be one array; got a {type(value).__name__} that holds {held.__name__} arrays; "
                f"join them with {held.__name__}.stack, all in that library"
            ) from None
        raise ShapeError(
            f"{name} must be an array: rows of one length, numbers only; got {value!r}"
        ) from None
    if not is_real(xp, array):
        raise ParameterError(f"{name} must hold real numbers (integers or floats); got dtype {array.dtype}")
    if getattr(xp, "__name__", "") == "cupy":
        check_gpu(name, array, xp)
    return array


def check_gpu(name: str, array: Any, cupy: Any) -> None:
    """Raise ParameterError for an array on another GPU than CuPy's current one.

    CuPy would answer on the current one, or hand cuBLAS an address that the current one cannot read.
    """
    current, there = cupy.cuda.runtime.getDevice(), array.device.id
    if there != current:
        raise ParameterError(
            f"{name} must be on CuPy's current GPU, {current}; it is on {there}: "
            f"compute inside `with cupy.cuda.Device({there}):`"
        )


def _moved(name: str, home: Any, xp: Any) -> str:
    """Say how an array of library `home` gets into library `xp`, for an error."""
    move = f"move it with {xp.__name__}.asarray({name})"
    if "cupy" not in (home.__name__, xp.__name__):
        return move
    back = "move all to the GPU with cupy.asarray, or all to the CPU with cupy.asnumpy"
    return f"{move}: nothing is copied between CPU and GPU unasked; {back}"


def _library_within(value: object) -> Any:
    """Return the first library other than NumPy whose array a list or tuple holds, at any depth, or NumPy.

    NumPy refuses such a list with an error that does not name the argument.
    """
    if not isinstance(value, (list, tuple)):
        return array_module(value)
    return next((home for entry in value if (home := _library_within(entry)) is not np), np)


def is_real(xp: Any, array: Any) -> bool:
    """Return whether `array` holds integers or floats; not bool, complex, text or objects."""
    if hasattr(array.dtype, "kind"):
        return array.dtype.kind in "iuf"
    return bool(xp.isdtype(array.dtype, ("integral", "real floating")))


def is_integer(xp: Any, dtype: Any) -> bool:
    """Return whether `dtype` of library `xp` is one of whole numbers."""
    return bool(xp.isdtype(dtype, "integral"))


def sum_dtype(xp: Any, *arrays: Any) -> Any:
    """Return the dtype in which products of `arrays` are summed and returned.

    It is result_type(*arrays), but integers are summed in 64 bits, so that 8-bit photographs do not
    overflow: int64, or uint64 where the result type is that already.
    """
    dtype = xp.result_type(*arrays)
    return xp.int64 if is_integer(xp, dtype) and dtype != xp.uint64 else dtype


def working_dtype(xp: Any, dtype: Any) -> Any:
    """Return the dtype to compute in for a result of `dtype`: float32 for float16, else the same."""
    return xp.float32 if dtype == getattr(xp, "float16", None) else dtype


def item_size(dtype: Any) -> int:
    """Return the bytes of a number; 8 where the library does not tell."""
    return int(getattr(dtype, "itemsize", 8))


def cast(xp: Any, array: Any, dtype: Any) -> Any:
    """Return `array` in `dtype`, itself if it is that already."""
    return array if array.dtype == dtype else xp.astype(array, dtype)


def not_empty(name: str, array: Any, *, batch: bool = False) -> None:
    """Raise ShapeError if `array` has an axis of size 0; with `batch`, the first axis may be empty."""
    if 0 in array.shape[1 if batch else 0 :]:
        raise ShapeError(f"{name} must not be empty; got shape {tuple(array.shape)}")


def all_finite(xp: Any, array: Any) -> bool:
    """Return whether `array` holds neither a NaN nor an infinity. It needs no memory of the array's size."""
    if array.size == 0 or is_integer(xp, array.dtype):
        return True
    return bool(xp.isfinite(xp.max(array))) and bool(xp.isfinite(xp.min(array)))


def has_nan(xp: Any, array: Any) -> bool:
    """Return whether a number of `array`, which is not empty, is NaN. It needs no memory of its size."""
    return bool(xp.isnan(xp.max(array)))


def largest_magnitude(xp: Any, array: Any) -> int:
    """Return the largest absolute value of an array of integers, 0 if it is empty."""
    return 0 if array.size == 0 else max(int(xp.max(array)), -int(xp.min(array)))


def lowest(xp: Any, dtype: Any) -> Any:
    """Return the number that no other of `dtype` is below: -inf, or the smallest integer."""
    return xp.iinfo(dtype).min if is_integer(xp, dtype) else -xp.inf


def matmul_into(xp: Any, a: Any, b: Any, out: Any) -> None:
    """Write the matrix product of `a` and `b` into `out`, without a copy where the library can."""
    if xp is np:
        np.matmul(a, b, out=out)
    else:
        out[...] = xp.matmul(a, b)
