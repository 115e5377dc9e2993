"""How many positions a sliding window takes: along one axis, and along each axis of a shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.shapes.derivation import DerivedNumber, Step, as_latex
from coursekit.shapes.numbers import Padding, both_ends, padding_pairs, per_axis, positive_int

Rounding = Literal["floor", "ceil"]
Size = TypeVar("Size", bound=DerivedNumber)


class OutputSize(DerivedNumber):
    """A number of window positions: an int in every respect, with the steps that lead to it.

    >>> size = output_size(7, 3, stride=2)
    >>> size + 1
    4
    >>> print(size.derivation)
    effective kernel     1 * (3 - 1) + 1 = 3
    padded size          7 + 2 * 0 = 7
    last start           7 - 3 = 4
    positions            floor(4 / 2) + 1 = 3
    lost at the far end  4 mod 2 = 0
    """


def output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | Sequence[int] = 0,
    dilation: int = 1,
    rounding: Rounding = "floor",
) -> OutputSize:
    """Count the positions that a sliding window takes along one axis.

    Parameters
    ----------
    size : int >= 1, pixels of the input along this axis
    kernel_size : int >= 1, taps of the kernel along this axis
    stride : int >= 1, pixels from one position to the next
    padding : int >= 0, zeros added at each of the two ends, or a pair (before, after)
    dilation : int >= 1, pixels from one tap to the next
    rounding : 'floor' (default) takes only the windows that fit.
        'ceil' takes one more that hangs over the far end, where pixels would be lost otherwise, unless that
        one would start in the far padding or behind it (the rule of PyTorch's `ceil_mode`).

    Returns
    -------
    OutputSize
        floor((size + before + after - dilation (kernel_size - 1) - 1) / stride) + 1, with its `derivation`.

    Raises
    ------
    ParameterError
        A parameter is not an integer or out of range.
    ShapeError
        The dilated kernel is larger than the padded input.
    """
    n, k = positive_int("size", size), positive_int("kernel_size", kernel_size)
    s, d = positive_int("stride", stride), positive_int("dilation", dilation)
    before, after = both_ends("padding", padding)
    if rounding not in ("floor", "ceil"):
        raise ParameterError(f"rounding must be 'floor' or 'ceil'; got {rounding!r}")
    effective, padded = d * (k - 1) + 1, n + before + after
    even = before == after
    total = f"{n} + 2 * {before}" if even else f"{n} + {before} + {after}"
    room = padded - effective
    if room < 0:
        raise ShapeError(
            "the kernel must fit inside the padded input; "
            f"the kernel spans dilation * (kernel_size - 1) + 1 = {d} * ({k} - 1) + 1 = {effective}, "
            f"the input has size + {'2 * padding' if even else 'before + after'} = {total} = {padded}"
        )
    steps = [
        Step("effective kernel", "k' = d(k-1)+1", f"{d}({k}-1)+1", effective, f"{d} * ({k} - 1) + 1"),
        Step("padded size", "n' = n+2p" if even else "n' = n+p_0+p_1", as_latex(total), padded, total),
        Step("last start", "n' - k'", f"{padded} - {effective}", room, f"{padded} - {effective}"),
    ]
    if rounding == "floor":
        return OutputSize(room // s + 1, steps + _floor_steps(padded, effective, s))
    return _rounded_up(steps, n, before, padded, effective, s)


def _floor_steps(padded: int, effective: int, s: int) -> list[Step]:
    room = padded - effective
    far_end = rf"({padded} - {effective}) \bmod {s}"
    floor = rf"\lfloor ({padded} - {effective}) / {s} \rfloor + 1"
    positions = Step(
        "positions", r"\lfloor (n'-k')/s \rfloor + 1", floor, room // s + 1, f"floor({room} / {s}) + 1"
    )
    lost = Step("lost at the far end", r"(n'-k') \bmod s", far_end, room % s, f"{room} mod {s}")
    return [positions, lost]


def _rounded_up(steps: list[Step], n: int, before: int, padded: int, effective: int, s: int) -> OutputSize:
    room = padded - effective
    count = -(-room // s) + 1
    ceil = rf"\lceil ({padded} - {effective}) / {s} \rceil + 1"
    steps.append(Step("positions", r"\lceil (n'-k')/s \rceil + 1", ceil, count, f"ceil({room} / {s}) + 1"))
    # a window that fits counts also where it starts in the padding, as it does with floor
    if room % s and (count - 1) * s >= n + before:
        steps.append(Step.of("start of the last one", "(o-1)s", f"({count} - 1) * {s}", (count - 1) * s))
        end = f"{n} + {before}"
        steps.append(Step.of("start of the far padding", "n+p" if before else "n", end, n + before))
        count -= 1
        steps.append(Step.of("without the last one", "o-1", f"{count + 1} - 1", count))
    beyond = max(0, (count - 1) * s + effective - padded)
    steps.append(
        Step.of(
            "beyond the far end",
            r"\max(0, (o-1)s + k' - n')",
            f"max(0, ({count} - 1) * {s} + {effective} - {padded})",
            beyond,
        )
    )
    return OutputSize(count, steps)


def output_shape(
    shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    rounding: Rounding = "floor",
) -> tuple[OutputSize, ...]:
    """Count the positions of a sliding window along each axis, as `output_size` does along one.

    Parameters
    ----------
    shape, kernel_shape : ints >= 1, one per axis, rows before columns: (H, W) and (KH, KW)
    stride, dilation : an int for all axes, or one per axis
    padding : an int for all axes, one per axis, or one pair (before, after) per axis
    rounding : 'floor' (default) or 'ceil', as in `output_size`

    Raises
    ------
    ParameterError
    ShapeError
        The numbers of axes differ, or the kernel does not fit; the message names the axis.
    """
    axes = axis_count(shape, kernel_shape)
    return along_each_axis(
        output_size,
        shape,
        kernel_shape,
        errors=(ShapeError,),
        stride=per_axis("stride", stride, axes, least=1),
        padding=padding_pairs(padding, axes),
        dilation=per_axis("dilation", dilation, axes, least=1),
        rounding=(rounding,) * axes,
    )


def axis_count(shape: Sequence[int], kernel_shape: Sequence[int]) -> int:
    """Return the number of axes of both, or raise ShapeError where they differ."""
    if len(kernel_shape) != len(shape):
        raise ShapeError(
            f"kernel_shape must have one size per axis of shape; got {tuple(kernel_shape)} for {tuple(shape)}"
        )
    return len(shape)


def along_each_axis(
    size_of: Callable[..., Size],
    shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    errors: tuple[type[CourseError], ...],
    **parameters: Sequence[object],
) -> tuple[Size, ...]:
    """Return size_of(size, kernel_size, ...) for each axis; one of `errors` is raised with the axis in front.

    parameters : for each parameter of `size_of`, one value per axis
    """
    sizes = []
    for axis, (size, kernel_size) in enumerate(zip(shape, kernel_shape, strict=True)):
        try:
            sizes.append(size_of(size, kernel_size, **{name: row[axis] for name, row in parameters.items()}))
        except errors as error:
            raise type(error)(f"axis {axis}: {error}") from None
    return tuple(sizes)
