"""Global pooling: each map becomes one number."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, cast, real_array, working_dtype
from coursekit.reference.average_pool import mean_dtype
from coursekit.reference.pool_gradients import check_gradient, spatial_sizes
from coursekit.reference.ties import Ties, to_maxima
from coursekit.shapes import positive_int


@device_memory()
def global_max_pool(maps: Any, *, axes: int = 2) -> Any:
    """Return the largest number of each map.

    Parameters
    ----------
    maps : array of shape (..., *spatial), NumPy or CuPy, real: (H, W), (C, H, W), (N, C, H, W)
        The axes before the spatial ones are kept apart, and may be empty.
    axes : int >= 1, the number of spatial axes: the last ones

    Returns
    -------
    array of the shape of `maps` without its spatial axes, in its library, on its device and of its dtype
        A single map gives an array without axes. A map that holds NaN gives NaN.

    Raises
    ------
    ShapeError
        Too few axes, or maps without pixels.
    ParameterError
        `axes` is out of range, or the numbers are not real.

    Notes
    -----
    The input is never modified.
    """
    xp, pixels = _maps(maps, axes)
    return xp.asarray(xp.max(pixels, axis=_last(axes)))


@device_memory()
def global_average_pool(maps: Any, *, axes: int = 2) -> Any:
    """Return the mean of each map.

    Parameters and errors are those of `global_max_pool`.

    Returns
    -------
    array of the shape of `maps` without its spatial axes, in its library and on its device
        Floats keep their dtype, and float16 is summed in float32. Integers give float64.

    Notes
    -----
    Source: Lin, Chen and Yan, Network In Network (2014), section 3.2.
    """
    xp, pixels = _maps(maps, axes)
    dtype = mean_dtype(xp, pixels)
    total = xp.sum(cast(xp, pixels, working_dtype(xp, dtype)), axis=_last(axes))
    return cast(xp, xp.asarray(total / prod(pixels.shape[-axes:])), dtype)


@device_memory()
def global_max_pool_gradient(gradient: Any, maps: Any, *, axes: int = 2, ties: Ties = "first") -> Any:
    """Return the gradient with respect to `maps` where that of `global_max_pool(maps)` is `gradient`.

    Parameters
    ----------
    gradient : array of shape (...), real: one number per map, as `global_max_pool` returns
    maps, axes : as given to `global_max_pool`
    ties : 'first' (default) or 'all', as in `max_pool_gradient`

    Returns
    -------
    array of the shape of `maps` and the dtype of `gradient`

    Raises
    ------
    ShapeError, ParameterError
    """
    xp, pixels = _maps(maps, axes)
    sent = real_array("gradient", gradient, xp)
    leading = tuple(pixels.shape[:-axes])
    check_gradient(sent, leading)
    flat = xp.reshape(pixels, (*leading, prod(pixels.shape[-axes:])))
    return xp.reshape(to_maxima(xp, sent, flat, -1, ties), pixels.shape)


@device_memory()
def global_average_pool_gradient(gradient: Any, spatial_shape: Sequence[int]) -> Any:
    """Return the gradient with respect to the maps where that of `global_average_pool` is `gradient`.

    Parameters
    ----------
    gradient : array of shape (...), real: one number per map, as `global_average_pool` returns
    spatial_shape : ints >= 1, the spatial axes of the maps: (H, W)

    Returns
    -------
    array of shape (..., *spatial_shape), in the library and on the device of `gradient`
        Floats keep their dtype; integers give float64.

    Raises
    ------
    ParameterError
    """
    xp = array_module(gradient)
    sent = real_array("gradient", gradient, xp)
    spatial = spatial_sizes(spatial_shape)
    dtype = mean_dtype(xp, sent)
    share = cast(xp, sent, working_dtype(xp, dtype)) / prod(spatial)
    share = cast(xp, xp.asarray(share), dtype)
    out = xp.zeros((*sent.shape, *spatial), dtype=dtype)
    out[...] = xp.reshape(share, (*sent.shape, *[1] * len(spatial)))
    return out


def _maps(maps: object, axes: int) -> tuple[Any, Any]:
    """Return the array library and `maps` as an array in it, or raise ShapeError or ParameterError."""
    xp = array_module(maps)
    pixels = real_array("maps", maps, xp)
    if pixels.ndim < positive_int("axes", axes):
        needed = "1 axis" if axes == 1 else f"{axes} axes"
        raise ShapeError(f"maps must have at least {needed}; got shape {tuple(pixels.shape)}")
    if 0 in pixels.shape[-axes:]:
        raise ShapeError(
            f"maps must have at least one pixel along each spatial axis; got shape {tuple(pixels.shape)}"
        )
    return xp, pixels


def _last(axes: int) -> tuple[int, ...]:
    return tuple(range(-axes, 0))
