"""Convolution as mathematics defines it: the kernel is flipped, then correlated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.arrays import real_array
from coursekit.reference.borders import Mode
from coursekit.reference.correlate import Algorithm, correlate
from coursekit.reference.layout import operands
from coursekit.shapes import Padding


@device_memory()
def convolve(
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    algorithm: Algorithm = "auto",
) -> Any:
    """Flip `kernel` along every spatial axis, slide it over `image`, and sum the products at each position.

    In mode 'full' and with stride 1 this is the textbook sum

    out[i, j] = sum over u, v of  image[i - u * dilation, j - v * dilation] * kernel[u, v]

    and the other modes are windows of it.

    Parameters, results, dtype and errors are those of `correlate`. In mode 'same' the part of 'full'
    is the one that `numpy.convolve` and `scipy.signal.convolve` return.

    Notes
    -----
    Convention: flip along rows and along columns (a turn by 180 degrees), not a transpose; channels and
    kernels keep their order.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.5.
    """
    given = operands(image, kernel, bias, groups, stand_ins=True)  # raises in terms of what the caller gave
    flips = (slice(None, None, -1),) * len(given.taps)
    flipped = real_array("kernel", kernel, given.xp)[(..., *flips)]
    return correlate(
        image,
        flipped,
        bias,
        mode=mode,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        algorithm=algorithm,
    )
