"""The rectified linear unit: the detector stage between convolution and pooling."""

from __future__ import annotations

from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.pool_gradients import check_gradient


@device_memory()
def relu(maps: Any) -> Any:
    """Return the larger of each number and 0.

    Parameters
    ----------
    maps : array of any shape, NumPy or CuPy, real; it may be empty

    Returns
    -------
    array of the same shape and dtype, in the same library; NaN stays NaN

    Raises
    ------
    ShapeError, ParameterError
        `maps` is no array of real numbers.

    Notes
    -----
    The input is never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.1.
    """
    xp = array_module(maps)
    numbers = real_array("maps", maps, xp)
    return xp.asarray(xp.maximum(numbers, xp.zeros((), dtype=numbers.dtype)))


@device_memory()
def relu_gradient(gradient: Any, maps: Any) -> Any:
    """Return the gradient with respect to `maps` where that of `relu(maps)` is `gradient`.

    It passes where a number is above 0, and is 0 elsewhere.

    Parameters
    ----------
    gradient : array of the shape of `maps`, real
    maps : array of any shape, real: what `relu` was given

    Returns
    -------
    array of the same shape, in the same library and of the dtype of `gradient`

    Raises
    ------
    ShapeError
        The shapes differ.
    ParameterError
        The numbers are not real.

    Notes
    -----
    Convention: the derivative at 0, which does not exist, is 0, as in PyTorch. Where `maps` is NaN the
    gradient passes, as in PyTorch too.
    """
    xp = array_module(gradient, maps)
    numbers, sent = real_array("maps", maps, xp), real_array("gradient", gradient, xp)
    check_gradient(sent, numbers.shape)
    return xp.asarray(xp.where(numbers <= 0, xp.zeros((), dtype=sent.dtype), sent))
