"""Transposed convolution: `correlate` run backwards, from window positions to pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import gcd
from typing import Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype, working_dtype
from coursekit.reference.correlate import correlate
from coursekit.reference.layout import Operands
from coursekit.shapes import Padding, Pairs, padding_pairs, per_axis, positive_int


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
    out = spread_out(given, spread)
    if given.bias is not None:
        out += given.xp.reshape(given.bias, (1, -1, *[1] * len(given.taps)))
    return given.restored(out)


@dataclass(frozen=True)
class Spread:
    """The geometry of one transposed convolution, each field with one entry per spatial axis.

    positions : pixels of the input, which are window positions of the `correlate` that is transposed
    taps : taps of the kernel
    stride, dilation : in pixels of the output
    padding : pixels of the output cut off (before, after)
    spatial : pixels of the output
    """

    positions: tuple[int, ...]
    taps: tuple[int, ...]
    stride: tuple[int, ...]
    padding: Pairs
    dilation: tuple[int, ...]
    spatial: tuple[int, ...]

    @classmethod
    def of(
        cls,
        positions: tuple[int, ...],
        taps: tuple[int, ...],
        *,
        stride: int | Sequence[int],
        padding: Padding,
        output_padding: int | Sequence[int],
        dilation: int | Sequence[int],
    ) -> Spread:
        """Check the parameters that a caller gave and compute the size of the output."""
        axes = len(positions)
        strides = per_axis("stride", stride, axes, least=1)
        dilations = per_axis("dilation", dilation, axes, least=1)
        cuts = padding_pairs(padding, axes)
        extras = per_axis("output_padding", output_padding, axes, least=0)
        spatial = []
        for axis, (n, k, s, d) in enumerate(zip(positions, taps, strides, dilations, strict=True)):
            if extras[axis] >= max(s, d):
                raise ParameterError(
                    f"output_padding must be below stride or dilation; got {extras[axis]} "
                    f"for stride {s} and dilation {d} along axis {axis}"
                )
            whole = (n - 1) * s + d * (k - 1) + 1 + extras[axis]
            if whole <= sum(cuts[axis]):
                raise ShapeError(
                    f"axis {axis}: padding must leave a pixel of the output; it cuts off "
                    f"before + after = {cuts[axis][0]} + {cuts[axis][1]} = {sum(cuts[axis])}, "
                    "the output has (n - 1) * stride + dilation * (k - 1) + output_padding + 1 = "
                    f"({n} - 1) * {s} + {d} * ({k} - 1) + {extras[axis]} + 1 = {whole}"
                )
            spatial.append(whole - sum(cuts[axis]))
        return cls(positions, taps, strides, cuts, dilations, tuple(spatial))

    def phases(self, axis: int) -> Iterator[Phase]:
        """Yield the phases of one axis, except those that no product reaches."""
        n, k, s, d = self.positions[axis], self.taps[axis], self.stride[axis], self.dilation[axis]
        before, size = self.padding[axis][0], self.spatial[axis]
        step = s // gcd(s, d)  # taps from one that meets the phase to the next
        apart = d * step // s  # pixels of the input between what two such taps meet
        for phase in range(min(s, size)):
            # out[phase + s * q] = sum over t of  image[q + shift - t * apart] * kernel[first + t * step]
            first = next((u for u in range(min(step, k)) if (phase + before - u * d) % s == 0), None)
            if first is None:
                continue
            last = first + (k - 1 - first) // step * step
            shift = (phase + before - first * d) // s
            start = shift - (last - first) // step * apart
            stop = shift + (size - phase - 1) // s + 1
            if start < n and stop > 0:
                yield Phase(
                    output=slice(phase, size, s),
                    taps=slice(k - 1 - last, k - first, step),
                    image=slice(max(start, 0), min(stop, n)),
                    padding=(max(-start, 0), max(stop - n, 0)),
                    dilation=apart,
                )


@dataclass(frozen=True)
class Phase:
    """Every stride-th pixel of the output along one axis: a correlation with stride 1.

    output : those pixels; taps : the taps of the flipped kernel that reach them
    image, padding : the pixels of the input that the taps meet, and the zeros (before, after) around them
    dilation : pixels of the input from one of the taps to the next
    """

    output: slice
    taps: slice
    image: slice
    padding: tuple[int, int]
    dilation: int


def spread_out(given: Operands, spread: Spread) -> Any:
    """Return the transposed convolution (N, C, *spatial), without bias."""
    image = given.image
    axes = len(spread.spatial)
    flips = (slice(None, None, -1),) * axes
    flipped = given.kernel[(..., *flips)]
    shape = (image.shape[0], given.kernel.shape[0], *spread.spatial)
    out = given.xp.zeros(shape, dtype=image.dtype)
    for phases in product(*[tuple(spread.phases(axis)) for axis in range(axes)]):
        part = correlate(
            image[(..., *(phase.image for phase in phases))],
            flipped[(..., *(phase.taps for phase in phases))],
            padding=[phase.padding for phase in phases],
            dilation=[phase.dilation for phase in phases],
            groups=given.groups,
        )
        if part.shape == shape:
            return part
        out[(..., *(phase.output for phase in phases))] = part
    return out


def transposed_operands(name: str, image: object, kernel: object, bias: object, groups: object) -> Operands:
    """Check the arrays of a transposed convolution and give them batch and channels.

    The kernel comes back as the one that `correlate` needs for the way back: (C, F // groups, *taps).
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
        arrays.append(_offsets(xp, bias, arrays[1].shape[0], plain))
    dtype = sum_dtype(xp, *arrays)
    arrays = [cast(xp, array, working_dtype(xp, dtype)) for array in arrays]
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


def _offsets(xp: Any, bias: object, channels: int, plain: bool) -> Any:
    offsets = real_array("bias", bias, xp)
    if tuple(offsets.shape) != (channels,) and not (plain and offsets.ndim == 0):
        raise ShapeError(
            f"bias must have one number per channel of the output, shape ({channels},); "
            f"got shape {tuple(offsets.shape)}"
        )
    return xp.reshape(offsets, (channels,))
