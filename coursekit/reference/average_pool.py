"""Average pooling: the mean of each window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.arrays import cast, is_integer, working_dtype
from coursekit.reference.cuda import pool as kernels
from coursekit.reference.cuda.planes import device_for
from coursekit.reference.pool_windows import combined, image_and_taps, met, pool_windows
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, Rounding


@device_memory()
def average_pool(
    image: Any,
    size: int | Sequence[int],
    *,
    stride: int | Sequence[int] | None = None,
    padding: Padding = 0,
    rounding: Rounding = "floor",
    count_padding: bool = True,
) -> Any:
    """Return the mean of each window.

    out[i, j] = (sum over u, v of  image[i * stride + u, j * stride + v]) / pixels counted

    Parameters
    ----------
    image : array of shape (..., *spatial), NumPy or CuPy, real
        All axes before the spatial ones are kept apart, and may be empty.
    size, stride, padding, rounding : as in `max_pool`; the padding holds zeros
    count_padding : whether the zeros of the padding count as pixels (True by default)
        The part of a window that hangs over the padded image, with rounding 'ceil', never counts.

    Returns
    -------
    array of shape (..., *output_shape(spatial, size, ...)), in the library and on the device of `image`
        Floats keep their dtype, and float16 is summed in float32. Integers give float64, in which they are
        summed too: exact before the division while the sums stay below 2 ** 53.

    Raises
    ------
    ShapeError
        Too few axes, no pixels, or a window that does not fit.
    ParameterError
        A size, stride, padding or rounding out of range, or numbers that are not real.

    Notes
    -----
    Convention: the default stride is the size, and padding counts by default, both as in PyTorch. TensorFlow
    never counts padding. The input is never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.3.
    """
    xp, pixels, taps = image_and_taps(image, size)
    windows = pool_windows(
        pixels.shape[-len(taps) :], taps, stride=stride, padding=padding, rounding=rounding
    )
    device = device_for(xp, len(taps), pixels)
    if device is not None:
        return kernels.average_pool(device, pixels, windows, count_padding=count_padding)
    dtype = mean_dtype(xp, pixels)
    total = combined(xp, cast(xp, pixels, working_dtype(xp, dtype)), windows, xp.add, 0)
    return cast(xp, total / pixels_counted(xp, windows, count_padding, total.dtype), dtype)


def mean_dtype(xp: Any, array: Any) -> Any:
    """Return the dtype of a mean: float64 for integers, else that of `array`."""
    return xp.float64 if is_integer(xp, array.dtype) else array.dtype


def pixels_counted(xp: Any, windows: Windows, count_padding: bool, dtype: Any) -> Any:
    """Return the number of pixels that each window divides its sum by, of shape (*positions)."""
    count_along = _inside_padded if count_padding else _inside
    counts = xp.ones((), dtype=xp.int64)
    for axis in range(len(windows.taps)):
        counts = counts[..., None] * count_along(xp, windows, axis)
    return cast(xp, counts, dtype)


def _inside_padded(xp: Any, windows: Windows, axis: int) -> Any:
    """Return how many taps of each window along `axis` are in the image or its padding."""
    starts = xp.arange(windows.positions[axis], dtype=xp.int64) * windows.stride[axis]
    return xp.minimum(windows.padded[axis] - starts, xp.asarray(windows.taps[axis], dtype=xp.int64))


def _inside(xp: Any, windows: Windows, axis: int) -> Any:
    """Return how many taps of each window along `axis` are in the image."""
    seen = xp.zeros(windows.positions[axis], dtype=xp.int64)
    for tap in range(windows.taps[axis]):
        seen[met(windows, axis, tap)[0]] += 1
    return seen
