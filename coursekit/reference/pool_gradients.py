"""The gradients of max and average pooling: each window sends its gradient back to its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, cast, is_integer, real_array, sum_dtype, working_dtype
from coursekit.reference.average_pool import mean_dtype, pixels_counted
from coursekit.reference.cuda import pool as kernels
from coursekit.reference.cuda.planes import device_for
from coursekit.reference.max_pool import taps_left, window_maxima
from coursekit.reference.pool_windows import each_tap, image_and_taps, met, pool_windows, window_taps
from coursekit.reference.ties import Ties, check_ties, has_nan, reaches
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, Rounding, is_sequence, per_axis


@device_memory()
def max_pool_gradient(
    gradient: Any,
    image: Any,
    size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    rounding: Rounding = "floor",
    ties: Ties = "first",
) -> Any:
    """Return the gradient with respect to `image` where that of `max_pool(image, size, ...)` is `gradient`.

    The gradient of a window goes to its largest pixel, and a pixel that is the largest of several windows
    gets the sum of theirs.

    Parameters
    ----------
    gradient : array of shape (..., *positions), real: one number per window, as `max_pool` returns
    image, size, stride, padding, dilation, rounding : as given to `max_pool`
    ties : 'first' (default) or 'all', where several pixels of a window are the largest
        first: the first in row-major order gets the whole gradient, as in PyTorch.
        all: each of them gets the whole gradient.

    Returns
    -------
    array of the shape of `image`, in its library and on its device
        Its dtype is that of `gradient`; integers are summed in 64 bits, float16 in float32.

    Raises
    ------
    ShapeError
        As `max_pool`, or the gradient has not the shape of its result.
    ParameterError
        As `max_pool`, or `ties` has no such rule.

    Notes
    -----
    NaN counts as the largest number, as in `max_pool_with_positions`. The inputs are never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.
    """
    check_ties(ties)
    xp, pixels, taps = image_and_taps(image, size)
    windows = pool_windows(
        pixels.shape[-len(taps) :],
        taps,
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    sent = real_array("gradient", gradient, xp)
    check_gradient(sent, (*pixels.shape[: -len(taps)], *windows.positions))
    device = device_for(xp, len(taps), sent, pixels)
    if device is not None:
        return kernels.max_pool_gradient(device, sent, pixels, windows, ties)
    dtype = sum_dtype(xp, sent)
    sent = cast(xp, sent, working_dtype(xp, dtype))
    return cast(xp, _to_largest(xp, sent, pixels, windows, ties), dtype)


def _to_largest(xp: Any, gradient: Any, image: Any, windows: Windows, ties: Ties) -> Any:
    maxima = window_maxima(xp, image, windows)
    with_nan = has_nan(xp, maxima)
    left = taps_left(xp, image, maxima, windows) if ties == "first" else None
    # A product is much faster than a choice, but inf * 0 is NaN.
    finite = is_integer(xp, gradient.dtype) or bool(xp.all(xp.isfinite(gradient)))
    out, nothing = xp.zeros(image.shape, dtype=gradient.dtype), xp.zeros((), dtype=gradient.dtype)
    for index, (there, seen) in enumerate(each_tap(windows)):
        if left is None:
            sends = reaches(image[seen], maxima[there], with_nan=with_nan)
        else:
            sends = left[there] == windows.window_size - index
        if finite:
            out[seen] += gradient[there] * xp.astype(sends, gradient.dtype)
        else:
            out[seen] += xp.where(sends, gradient[there], nothing)
    return out


@device_memory()
def average_pool_gradient(
    gradient: Any,
    spatial_shape: Sequence[int],
    size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: Padding = 0,
    rounding: Rounding = "floor",
    count_padding: bool = True,
) -> Any:
    """Return the gradient with respect to the image where that of `average_pool` is `gradient`.

    Every pixel of a window gets the same share of its gradient: the exact adjoint of `average_pool`, which
    is linear, so that the image itself is not asked for.

    Parameters
    ----------
    gradient : array of shape (..., *positions), real: one number per window, as `average_pool` returns
    spatial_shape : ints >= 1, the spatial axes of the image: (H, W), or (N,) of a signal
    size : int >= 1, or one per entry of `spatial_shape`
    stride, padding, rounding, count_padding : as given to `average_pool`

    Returns
    -------
    array of shape (..., *spatial_shape), in the library and on the device of `gradient`
        Floats keep their dtype, and float16 is summed in float32; integers give float64.

    Raises
    ------
    ShapeError
        A window that does not fit, or a gradient that has not one number per window.
    ParameterError
        A parameter out of range, or numbers that are not real.

    Notes
    -----
    The input is never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.
    """
    xp = array_module(gradient)
    sent = real_array("gradient", gradient, xp)
    spatial = spatial_sizes(spatial_shape)
    axes = len(spatial)
    taps = per_axis("size", window_taps(size, axes), axes, least=1)
    windows = pool_windows(spatial, taps, stride=stride, padding=padding, rounding=rounding)
    check_gradient(sent, (*sent.shape[:-axes], *windows.positions))
    device = device_for(xp, axes, sent)
    if device is not None:
        return kernels.average_pool_gradient(device, sent, windows, count_padding=count_padding)
    dtype = mean_dtype(xp, sent)
    shares = cast(xp, sent, working_dtype(xp, dtype))
    shares = shares / pixels_counted(xp, windows, count_padding, shares.dtype)
    return cast(xp, _to_all(xp, shares, windows), dtype)


def _to_all(xp: Any, shares: Any, windows: Windows) -> Any:
    """Send the share of each window to all its pixels, one axis after the other.

    The last axis comes first: it is the slow one, its steps are not contiguous, and the maps still small.
    """
    axes = len(windows.taps)
    for axis in reversed(range(axes)):
        after = (slice(None),) * (axes - 1 - axis)
        shape = list(shares.shape)
        shape[axis - axes] = windows.spatial[axis]
        out = xp.zeros(tuple(shape), dtype=shares.dtype)
        for tap in range(windows.taps[axis]):
            there, pixels = met(windows, axis, tap)
            out[(..., pixels, *after)] += shares[(..., there, *after)]
        shares = out
    return shares


def check_gradient(gradient: Any, shape: Sequence[int]) -> None:
    """Raise ShapeError if `gradient` has not the `shape` of what the operation returned."""
    if tuple(gradient.shape) != tuple(shape):
        raise ShapeError(
            f"gradient must have the shape of the result, {tuple(shape)}; got shape {tuple(gradient.shape)}"
        )


def spatial_sizes(spatial_shape: object) -> tuple[int, ...]:
    """Return `spatial_shape` as ints >= 1, at least one, or raise ParameterError."""
    sizes = tuple(spatial_shape) if is_sequence(spatial_shape) else ()
    if not sizes:
        raise ParameterError(
            f"spatial_shape must have one integer per spatial axis, (H, W); got {spatial_shape!r}"
        )
    return per_axis("spatial_shape", sizes, len(sizes), least=1)
