"""Maxout: channels compete in groups, and the largest goes on."""

from __future__ import annotations

import operator
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.pool_gradients import check_gradient
from coursekit.reference.ties import Ties, to_maxima
from coursekit.shapes import positive_int


@device_memory()
def maxout(maps: Any, groups: int, *, axis: int = -3) -> Any:
    """Return the largest of each group of adjacent channels, pixel by pixel.

    With k = C // groups pieces in a group,

    out[g, i, j] = max over p < k of  maps[g * k + p, i, j]

    Parameters
    ----------
    maps : array of shape (..., C, H, W), NumPy or CuPy, real; or any with channels on `axis`
    groups : int >= 1, the number of groups, which is the number of channels that are left; it divides C
        Not the number of pieces in a group: maxout units of k pieces are `maxout(maps, C // k)`.
    axis : int, where the channels are: -3 (default) for maps, -1 for vectors of features

    Returns
    -------
    array of the shape of `maps` with `groups` channels in place of C, in its library and of its dtype
        Where a group holds NaN the result is NaN.

    Raises
    ------
    ShapeError
        `maps` has no such axis, or no channels.
    ParameterError
        `groups` is out of range or does not divide C, `axis` is no integer, or numbers are not real.

    Notes
    -----
    Pooling over channels in place of space: height and width stay. The input is never modified.
    Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout Networks (2013), section 3.
    """
    xp, pieces, where = _pieces(maps, groups, axis)
    return xp.max(pieces, axis=where)


@device_memory()
def maxout_gradient(gradient: Any, maps: Any, groups: int, *, axis: int = -3, ties: Ties = "first") -> Any:
    """Return the gradient with respect to `maps` where that of `maxout(maps, groups)` is `gradient`.

    Parameters
    ----------
    gradient : array of the shape that `maxout` returns, real
    maps, groups, axis : as given to `maxout`
    ties : 'first' (default) or 'all', as in `max_pool_gradient`: the first channel, or every one, that is
        the largest of its group gets the gradient

    Returns
    -------
    array of the shape of `maps` and the dtype of `gradient`

    Raises
    ------
    ShapeError, ParameterError
    """
    xp, pieces, where = _pieces(maps, groups, axis)
    sent = real_array("gradient", gradient, xp)
    shape = tuple(pieces.shape)
    check_gradient(sent, shape[:where] + shape[where + 1 :])
    merged = (*shape[: where - 1], shape[where - 1] * shape[where], *shape[where + 1 :])
    return xp.reshape(to_maxima(xp, sent, pieces, where, ties), merged)


def _pieces(maps: object, groups: int, axis: int) -> tuple[Any, Any, int]:
    """Return the library, `maps` with the channel axis as (groups, pieces), and where the pieces are."""
    xp = array_module(maps)
    array = real_array("maps", maps, xp)
    shape = tuple(array.shape)
    try:
        channel_axis = operator.index(axis)
    except TypeError:
        raise ParameterError(f"axis must be an integer; got {axis!r}") from None
    if not -len(shape) <= channel_axis < len(shape):
        raise ShapeError(f"maps must have its channels on axis {axis}; got shape {shape}")
    channel_axis %= len(shape)
    channels, number = shape[channel_axis], positive_int("groups", groups)
    if channels == 0:
        raise ShapeError(f"maps must have at least one channel on axis {axis}; got shape {shape}")
    if channels % number:
        raise ParameterError(f"groups must divide the channels of maps; got {number} for {channels} channels")
    split = (*shape[:channel_axis], number, channels // number, *shape[channel_axis + 1 :])
    return xp, xp.reshape(array, split), channel_axis + 1
