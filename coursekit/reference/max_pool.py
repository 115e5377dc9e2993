"""Max pooling: the largest pixel of each window, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.arrays import lowest
from coursekit.reference.cuda import pool as kernels
from coursekit.reference.cuda.planes import device_for
from coursekit.reference.pool_windows import combined, each_tap, image_and_taps, pool_windows
from coursekit.reference.ties import has_nan, reaches
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, Rounding


@device_memory()
def max_pool(
    image: Any,
    size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    rounding: Rounding = "floor",
) -> Any:
    """Return the largest pixel of each window.

    out[i, j] = max over u, v of  image[i * stride + u * dilation, j * stride + v * dilation]

    Parameters
    ----------
    image : array of shape (..., *spatial), NumPy or CuPy, real
        (N,), (H, W), (C, H, W), (N, C, H, W), volumes: all axes before the spatial ones are kept apart, and
        may be empty.
    size : int >= 1, or one per spatial axis: taps of the window
        An int pools the last two axes (the only one of a signal). A sequence pools as many axes as it has
        entries: (k,) the last one of (N, C, L), (2, 2, 2) the last three.
    stride : int >= 1, or one per spatial axis, in pixels; None (default) is `size`
    padding : int >= 0, one per axis, or one pair (before, after) per axis; at most half the window, so that
        every window sees a pixel. It holds -inf (the smallest integer), and never wins.
    dilation : int >= 1, or one per axis, pixels from one tap to the next
    rounding : 'floor' (default) or 'ceil', as in `output_size`
        With 'ceil' a window that hangs over the far end sees only what is there.

    Returns
    -------
    array of shape (..., *output_shape(spatial, size, ...)), in the library and on the device of `image`
        Its dtype is that of `image`. A window that holds NaN gives NaN.

    Raises
    ------
    ShapeError
        Too few axes, no pixels, a window that does not fit, or one that sees no pixel.
    ParameterError
        A size, stride, padding, dilation or rounding out of range, or numbers that are not real.

    Notes
    -----
    Convention: the default stride is the size, as in PyTorch, so that windows do not overlap; other
    sources mean stride 1 where they name none. The input is never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.
    """
    xp, pixels, taps = image_and_taps(image, size)
    windows = pool_windows(
        pixels.shape[-len(taps) :],
        taps,
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    device = device_for(xp, len(taps), pixels)
    if device is not None:
        return kernels.max_pool(device, pixels, windows)[0]
    return window_maxima(xp, pixels, windows)


@device_memory()
def max_pool_with_positions(
    image: Any,
    size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    rounding: Rounding = "floor",
) -> tuple[Any, Any]:
    """Return what `max_pool` returns, and the position of each maximum.

    Parameters and errors are those of `max_pool`.

    Returns
    -------
    output : array (..., *positions), as from `max_pool`
    positions : array of the same shape, int64
        The index of the maximum in its own plane of the image without padding, counted in row-major
        order: row * W + column for (..., H, W).

    Notes
    -----
    Convention: of several equal maxima the first in row-major order counts, as in PyTorch. NaN counts as
    the largest number, and of several the first counts, as in `numpy.argmax`; PyTorch names the last NaN.
    """
    xp, pixels, taps = image_and_taps(image, size)
    windows = pool_windows(
        pixels.shape[-len(taps) :],
        taps,
        stride=stride,
        padding=padding,
        dilation=dilation,
        rounding=rounding,
    )
    device = device_for(xp, len(taps), pixels)
    if device is not None:
        return kernels.max_pool(device, pixels, windows, positions=True)
    maxima = window_maxima(xp, pixels, windows)
    return maxima, _positions(xp, pixels, maxima, windows)


def window_maxima(xp: Any, image: Any, windows: Windows) -> Any:
    """Return the largest pixel of each of the `windows`, (..., *positions)."""
    return combined(xp, image, windows, xp.maximum, lowest(xp, image.dtype))


def taps_left(xp: Any, image: Any, maxima: Any, windows: Windows) -> Any:
    """Return how many taps of each window are left, from its first maximum on: its size for the first tap.

    The first maximum has most taps left, so that it is a maximum itself: faster than a choice at each tap.
    """
    with_nan = has_nan(xp, maxima)
    dtype = xp.uint8 if windows.window_size < 256 else xp.int64
    left = xp.zeros(maxima.shape, dtype=dtype)
    for index, (there, seen) in enumerate(each_tap(windows)):
        reached = xp.astype(reaches(image[seen], maxima[there], with_nan=with_nan), dtype)
        left[there] = xp.maximum(left[there], reached * (windows.window_size - index))
    return left


def _positions(xp: Any, image: Any, maxima: Any, windows: Windows) -> Any:
    """Return the flat index of the first pixel of each window that is its maximum."""
    axes = len(windows.taps)
    pitch = [prod(windows.spatial[axis + 1 :]) for axis in range(axes)]
    offsets = [
        sum(index * apart * jump for index, apart, jump in zip(tap, windows.dilation, pitch, strict=True))
        for tap in product(*map(range, windows.taps))
    ]
    left = xp.reshape(taps_left(xp, image, maxima, windows), (-1,))
    from_start = xp.take(xp.asarray([0, *reversed(offsets)], dtype=xp.int64), xp.astype(left, xp.int64))
    positions = xp.reshape(from_start, maxima.shape)
    for axis in range(axes):
        count, step, before = windows.positions[axis], windows.stride[axis], windows.padding[axis][0]
        starts = (xp.arange(count, dtype=xp.int64) * step - before) * pitch[axis]
        positions += xp.reshape(starts, (count, *[1] * (axes - 1 - axis)))
    return positions
