"""Cross-correlation: what libraries compute under the name of convolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.reference.arrays import image_and_kernel
from coursekit.reference.borders import Borders, Mode, borders
from coursekit.shapes import output_shape, per_axis


def correlate(
    image: Any,
    kernel: Any,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Slide `kernel` over `image`, unflipped, and sum the products at each position.

    out[i, j] = sum over u, v of  image[i * stride + u * dilation, j * stride + v * dilation] * kernel[u, v]

    with zeros around the image where `padding` or `mode` adds them.

    Parameters
    ----------
    image : array of shape (N,) or (H, W), NumPy or CuPy, real
    kernel : array of shape (K,) or (KH, KW), same library and number of axes, real
    mode : 'valid' (default), 'same' or 'full'
        valid: the windows inside the image and its `padding`.
        same: as many outputs as the image has pixels (with stride 1). For an even kernel the extra zero
        stands in front, as in NumPy and in `scipy.signal.correlate`.
        full: all windows that touch the image.
    stride : int >= 1, or one per axis, in pixels
    padding : int >= 0, or one per axis, zeros at both ends; only with mode 'valid'
    dilation : int >= 1, or one per axis, pixels from one tap to the next

    Returns
    -------
    array with one entry per window position, on the device of `image`
        With mode 'valid' its shape is `output_shape(image.shape, kernel.shape, ...)`.
        Its dtype is result_type(image, kernel); integers stay integers, of 64 bits.

    Raises
    ------
    ShapeError
        A number of axes other than 1 or 2, two different ones, an empty array, or a kernel that does not fit.
    ParameterError
        A stride, padding, dilation or mode out of range, or numbers that are not real.

    Notes
    -----
    Convention: no flip. `convolve` flips the kernel first. The inputs are never modified.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.6.
    """
    xp, image, kernel = image_and_kernel(image, kernel)
    strides = per_axis("stride", stride, image.ndim, least=1)
    dilations = per_axis("dilation", dilation, image.ndim, least=1)
    around = borders(mode, kernel.shape, padding, dilations)
    if mode == "valid":
        # Raises if the kernel does not fit, in terms of the size and padding that the caller gave.
        output_shape(image.shape, kernel.shape, stride=strides, padding=padding, dilation=dilations)
    padded = _with_zeros(xp, image, around)
    shape = output_shape(padded.shape, kernel.shape, stride=strides, dilation=dilations)
    out = xp.zeros(shape, dtype=image.dtype)
    for tap in np.ndindex(kernel.shape):  # one whole-image product per tap: no window copies
        seen = tuple(
            slice(offset * apart, offset * apart + (count - 1) * step + 1, step)
            for offset, apart, count, step in zip(tap, dilations, shape, strides, strict=True)
        )
        out += padded[seen] * kernel[tap]
    return out


def _with_zeros(xp: Any, image: Any, around: Borders) -> Any:
    """Return `image` inside zeros, or `image` itself where there are none to add."""
    return xp.pad(image, around) if any(map(any, around)) else image
