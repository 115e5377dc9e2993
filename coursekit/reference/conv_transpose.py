"""Transposed convolution: `correlate` run backwards, from window positions to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype, working_dtype
from coursekit.reference.cuda import gradients as kernels
from coursekit.reference.cuda import planes
from coursekit.reference.layout import Operands, one_bias_per
from coursekit.reference.phases import Spread, spread_out
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, positive_int


@device_memory()
def conv_transpose(
    image: Any,
    kernel: Any,
    bias: Any = None,
    *,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    output_padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Any:
    """Put a copy of `kernel`, times the pixel, at every pixel of `image`, `stride` apart, and add them up.

    out[i * stride + u * dilation - before] = sum over i, u of  image[i] * kernel[u]     (along each axis)

    This is the adjoint of `correlate` with the same kernel, stride, padding, dilation and groups: as a
    matrix it is the transpose, not the inverse. It maps what `correlate` gives, F channels, to what
    `correlate` takes, C channels.

    Parameters
    ----------
    image : array, NumPy or CuPy, real
        Plain: (N,) or (H, W). With channels: (F, *positions), or a batch (N, F, *positions), with 1 to 3
        spatial axes; a batch may be empty.
    kernel : array of the same library, real
        The kernel of the `correlate` that is transposed: (K,) or (KH, KW) for a plain image; with channels
        (F, C // groups, *taps).
    bias : array of shape (C,), or None; added to each channel of the output
    stride : int >= 1, or one per spatial axis: pixels of the output from one copy to the next
    padding : int >= 0, one per axis, or one pair (before, after) per axis: pixels cut off the output,
        where `correlate` added as many zeros
    output_padding : int >= 0, or one per axis, below stride or dilation: pixels more at the far end of the
        output, for those that a stride of `correlate` lost
    dilation : int >= 1, or one per axis, pixels from one tap to the next
    groups : int >= 1; the channels are dealt into this many groups that do not mix

    Returns
    -------
    array of shape (*spatial), (C, *spatial) or (N, C, *spatial), as the image is plain, single or a batch
        spatial = (n - 1) * stride - before - after + dilation * (k - 1) + output_padding + 1 along each
        axis. In the library and on the device of `image`; its dtype is that of `correlate`.

    Raises
    ------
    ShapeError
        Arrays whose axes or channels do not go together, an empty one, or a padding that cuts off all.
    ParameterError
        A stride, padding, output_padding, dilation or groups out of range, or numbers that are not real.

    Notes
    -----
    No zeros are inserted. The output pixels i * stride + phase of one phase meet every stride-th tap
    alone, so each phase is an ordinary correlation of `image` with those taps, flipped. The inputs are
    never modified.
    Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), chapter 4.
    """
    given = transposed_operands("image", image, kernel, bias, groups)
    spread = Spread.of(
        given.spatial,
        given.taps,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    out = transposed(given, spread)
    if given.bias is not None:
        out += given.xp.reshape(given.bias, (1, -1, *[1] * len(given.taps)))
    return given.restored(out)


def transposed(given: Operands, spread: Spread) -> Any:
    """Return the transposed convolution (N, C, *spatial), without bias, on the device of its arrays.

    With stride 1 it is one ordinary correlation, for which there are better kernels than its own.
    """
    device = planes.device_for(given.xp, len(spread.taps), given.image)
    if device is None or set(spread.stride) == {1}:
        return spread_out(given, spread)
    windows = Windows(
        spread.spatial, spread.taps, spread.stride, spread.padding, spread.dilation, spread.positions
    )
    return kernels.input_gradient(device, given, windows)


def transposed_operands(name: str, image: object, kernel: object, bias: object, groups: object) -> Operands:
    """Check the arrays of a transposed convolution and give them batch and channels.

    The kernel comes back as the one that `correlate` needs for the way back: (C, F // groups, *taps).
    float16 stays float16 on CuPy, whose kernels add it up in float32 by themselves.
    `name` is what the image is called in an error.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(image, kernel, bias)
    pixels, taps = real_array(name, image, xp), real_array("kernel", kernel, xp)
    plain, batched = _kind(name, pixels, taps)
    not_empty(name, pixels, batch=batched)
    not_empty("kernel", taps)
    number = positive_int("groups", groups)
    if plain:
        pixels, taps = pixels[None, None, ...], taps[None, None, ...]
    elif not batched:
        pixels = pixels[None, ...]
    if taps.shape[0] != pixels.shape[1]:
        raise ShapeError(
            f"kernel must have as many kernels as {name} has channels ({pixels.shape[1]}); "
            f"got shape {tuple(taps.shape)}"
        )
    if taps.shape[0] % number:
        raise ParameterError(
            f"groups must divide the channels of {name}; got {number} for {taps.shape[0]} channels"
        )
    arrays = [pixels, _way_back(xp, taps, number)]
    if bias is not None:
        arrays.append(one_bias_per("channel of the output", bias, arrays[1].shape[0], xp, plain=plain))
    dtype = sum_dtype(xp, *arrays)
    working = working_dtype(xp, dtype) if planes.device_of(xp) is None else dtype
    arrays = [cast(xp, array, working) for array in arrays]
    pixels, taps, offsets = [*arrays, None][:3]
    return Operands(xp, pixels, taps, offsets, dtype, number, batched, plain)


def _kind(name: str, pixels: Any, taps: Any) -> tuple[bool, bool]:
    """Return (plain, batched), or raise ShapeError where the numbers of axes do not go together."""
    if not 1 <= taps.ndim <= 5:
        raise ShapeError(
            "kernel must be plain, (K,) or (KH, KW), or (F, C, *taps) with 1 to 3 axes of taps; "
            f"got shape {tuple(taps.shape)}"
        )
    plain = taps.ndim < 3
    if plain and pixels.ndim != taps.ndim:
        raise ShapeError(
            f"{name} must have as many axes as a plain kernel {tuple(taps.shape)}; "
            f"got shape {tuple(pixels.shape)}; with channels give a kernel (F, C, *taps)"
        )
    if not plain and pixels.ndim not in (taps.ndim - 1, taps.ndim):
        raise ShapeError(
            f"{name} must be (F, *positions) or (N, F, *positions) with {taps.ndim - 2} spatial axes "
            f"for a kernel of shape {tuple(taps.shape)}; got shape {tuple(pixels.shape)}"
        )
    return plain, not plain and pixels.ndim == taps.ndim


def _way_back(xp: Any, kernel: Any, groups: int) -> Any:
    """Return kernel (F, C // groups, *taps) as (C, F // groups, *taps): F and C swapped in each group."""
    kernels, in_group = kernel.shape[:2]
    taps = tuple(kernel.shape[2:])
    dealt = xp.reshape(kernel, (groups, kernels // groups, in_group, *taps))
    swapped = xp.permute_dims(dealt, (0, 2, 1, *range(3, dealt.ndim)))
    return xp.reshape(swapped, (groups * in_group, kernels // groups, *taps))
