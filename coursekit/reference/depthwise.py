"""Depthwise convolution: every channel has a kernel of its own, and channels do not mix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.borders import Mode
from coursekit.reference.correlate import correlate
from coursekit.shapes import Padding


@device_memory()
def depthwise(
    image: Any,
    kernels: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Correlate each channel of `image` with its own kernel, unflipped.

    out[c] = correlate(image[c], kernels[c]) + bias[c]

    It is `correlate` with as many groups as channels. For several kernels per channel call that with
    groups=C; follow it with `conv1x1` for a depthwise separable convolution.

    Parameters
    ----------
    image : array of shape (C, *spatial) or (N, C, *spatial), NumPy or CuPy, real; 1 to 3 spatial axes
    kernels : array of shape (C, *taps) of the same library, real
    bias : array of shape (C,), or None
    mode, stride, padding, dilation : as in `correlate`

    Returns
    -------
    array of shape (C, *positions) or (N, C, *positions); library, device and dtype as in `correlate`

    Raises
    ------
    ShapeError, ParameterError
        As in `correlate`; and ShapeError where there is not one kernel per channel.

    Notes
    -----
    Convention: cross-correlation, as the layers of that name in PyTorch and Keras; no flip.
    Source: Chollet, Xception: Deep Learning with Depthwise Separable Convolutions (2017).
    """
    xp = array_module(image, kernels, bias)
    pixels, taps = real_array("image", image, xp), real_array("kernels", kernels, xp)
    if taps.ndim not in (2, 3, 4):
        raise ShapeError(
            f"kernels must be (C, *taps) with 1 to 3 axes of taps; got shape {tuple(taps.shape)}"
        )
    if pixels.ndim not in (taps.ndim, taps.ndim + 1):
        raise ShapeError(
            f"image must be (C, *spatial) or (N, C, *spatial) with {taps.ndim - 1} spatial axes "
            f"for kernels of shape {tuple(taps.shape)}; got shape {tuple(pixels.shape)}"
        )
    channels = pixels.shape[pixels.ndim - taps.ndim]
    if taps.shape[0] != channels:
        raise ShapeError(
            f"kernels must be one per channel of image ({channels}); got shape {tuple(taps.shape)}"
        )
    return correlate(
        pixels,
        taps[:, None, ...],
        bias,
        mode=mode,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=max(channels, 1),  # no channels at all is an error that `correlate` words
    )
