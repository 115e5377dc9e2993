"""Where the window may stand: the modes valid, same and full as zeros before and after each axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from coursekit.errors import ParameterError
from coursekit.shapes import Padding, Pairs, padding_pairs

Mode = Literal["valid", "same", "full"]


def borders(mode: Mode, kernel_shape: Sequence[int], padding: Padding, dilation: Sequence[int]) -> Pairs:
    """Return (zeros before, zeros after) for each axis.

    With K the size of the dilated kernel:

    valid : the zeros of `padding`, as `padding_pairs` reads it; none by default
    same  : K // 2 before and (K - 1) // 2 after, so that stride 1 keeps the size of the image
    full  : K - 1 at each end: every position where the kernel touches the image

    For an odd K, `same` is what every library does. For an even K one end gets one zero more. Here it
    is the front, as in `numpy.correlate`, `numpy.convolve`, `scipy.signal.correlate` and
    `scipy.signal.convolve`; PyTorch and TensorFlow pad the far end instead.

    Raises
    ------
    ParameterError
        The mode has no such name, or `same` or `full` is asked for together with a padding of your own.
    """
    zeros = padding_pairs(padding, len(kernel_shape))
    if mode not in ("valid", "same", "full"):
        raise ParameterError(f"mode must be 'valid', 'same' or 'full'; got {mode!r}")
    if mode == "valid":
        return zeros
    if any(map(any, zeros)):
        raise ParameterError(f"padding must be 0 with mode={mode!r}, which sets it itself; got {padding!r}")
    spans = [step * (taps - 1) + 1 for taps, step in zip(kernel_shape, dilation, strict=True)]
    if mode == "same":
        return tuple((span // 2, (span - 1) // 2) for span in spans)
    return tuple((span - 1, span - 1) for span in spans)
