"""How far a transposed window reaches: the size that a forward window would come from."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes.derivation import DerivedNumber, Step
from coursekit.shapes.numbers import (
    Padding,
    both_ends,
    non_negative_int,
    padding_pairs,
    per_axis,
    positive_int,
)
from coursekit.shapes.output import along_each_axis, axis_count


class TransposedSize(DerivedNumber):
    """The size of a transposed convolution's output: an int in every respect, with its derivation.

    `forward_sizes` holds every size that `output_size` takes to the given one: `stride` of them (fewer where
    that would be less than one pixel), of which `output_padding` chooses.

    >>> size = transposed_size(3, 3, stride=2, padding=1, output_padding=1)
    >>> size, size.forward_sizes
    (6, range(5, 7))
    >>> print(size.derivation)
    effective kernel             1 * (3 - 1) + 1 = 3
    last start                   (3 - 1) * 2 = 4
    from end to end              4 + 3 = 7
    without the padding          7 - 2 * 1 = 5
    with the output padding      5 + 1 = 6
    smallest forward size for 3  5
    largest forward size for 3   5 + 2 - 1 = 6
    """

    forward_sizes: range


def transposed_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | Sequence[int] = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> TransposedSize:
    """Return the output size of a transposed convolution along one axis.

    It undoes `output_size`: a window with the same parameters takes the result back to `size`. With a stride
    of more than 1 it does so for `stride` neighbouring sizes; `output_padding` says which of them is meant.

    Parameters
    ----------
    size : int >= 1, pixels of the input along this axis
    kernel_size : int >= 1, taps of the kernel along this axis
    stride : int >= 1, pixels of the output from one input pixel's copy of the kernel to the next
    padding : int >= 0, pixels cut off at each of the two ends, or a pair (before, after):
        the padding of the forward window
    dilation : int >= 1, pixels from one tap to the next
    output_padding : int >= 0, pixels added at the far end; smaller than `stride` or than `dilation`.
        From `stride` on (which needs a larger dilation) the way back gives more than `size`.

    Returns
    -------
    TransposedSize
        (size - 1) stride - before - after + dilation (kernel_size - 1) + output_padding + 1,
        with its `derivation` and `forward_sizes`.

    Raises
    ------
    ParameterError
        A parameter is not an integer or out of range.
    ShapeError
        The padding cuts everything off.

    References
    ----------
    .. [1] V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016,
       https://arxiv.org/abs/1603.07285, section 4 (relationship 14)
    """
    n, k = positive_int("size", size), positive_int("kernel_size", kernel_size)
    s, d = positive_int("stride", stride), positive_int("dilation", dilation)
    before, after = both_ends("padding", padding)
    extra = non_negative_int("output_padding", output_padding)
    if extra >= max(s, d):
        raise ParameterError(
            "output_padding must be smaller than stride or dilation; "
            f"got {extra} with stride {s} and dilation {d}"
        )
    effective, start = d * (k - 1) + 1, (n - 1) * s
    whole = start + effective
    base = whole - before - after
    cut, symbol = (f"2 * {before}", "2p") if before == after else (f"{before} - {after}", "p_0-p_1")
    if base + extra < 1:
        raise ShapeError(
            "padding must leave at least one pixel; "
            f"got (size - 1) * stride + kernel - padding + output_padding = {start} + {effective} - {cut} "
            f"+ {extra} = {base + extra}"
        )
    steps = [
        Step.of("effective kernel", "k' = d(k-1)+1", f"{d} * ({k} - 1) + 1", effective),
        Step.of("last start", "(n-1)s", f"({n} - 1) * {s}", start),
        Step.of("from end to end", "(n-1)s + k'", f"{start} + {effective}", whole),
        Step.of("without the padding", f"m = (n-1)s + k' - {symbol}", f"{whole} - {cut}", base),
    ]
    if extra:
        steps.append(Step.of("with the output padding", "m + a", f"{base} + {extra}", base + extra))
    forward = range(max(1, base), base + s)
    result = TransposedSize(base + extra, [*steps, *_forward_steps(n, base, s, forward)])
    result.forward_sizes = forward
    return result


def _forward_steps(n: int, base: int, s: int, forward: range) -> list[Step]:
    """Return the ends of `forward`, the sizes that a forward window takes to `n`, where they differ."""
    if s == 1 or not forward:
        return []
    smallest = str(base) if base >= 1 else f"max(1, {base})"
    return [
        Step.of(f"smallest forward size for {n}", r"\max(1, m)", smallest, forward[0]),
        Step.of(f"largest forward size for {n}", "m + s - 1", f"{base} + {s} - 1", forward[-1]),
    ]


def transposed_shape(
    shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    output_padding: int | Sequence[int] = 0,
) -> tuple[TransposedSize, ...]:
    """Return the output size of a transposed convolution along each axis, as `transposed_size` along one.

    Parameters
    ----------
    shape, kernel_shape : ints >= 1, one per axis, rows before columns: (H, W) and (KH, KW)
    stride, dilation, output_padding : an int for all axes, or one per axis
    padding : an int for all axes, one per axis, or one pair (before, after) per axis

    Raises
    ------
    ParameterError, ShapeError
        The message names the axis.
    """
    axes = axis_count(shape, kernel_shape)
    return along_each_axis(
        transposed_size,
        shape,
        kernel_shape,
        errors=(ParameterError, ShapeError),
        stride=per_axis("stride", stride, axes, least=1),
        padding=padding_pairs(padding, axes),
        dilation=per_axis("dilation", dilation, axes, least=1),
        output_padding=per_axis("output_padding", output_padding, axes, least=0),
    )
