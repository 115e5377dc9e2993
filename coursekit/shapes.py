"""Exact shape arithmetic, and the steps that lead to each number.

Sizes are counted in pixels (or samples). Division is floor: a window that does not fit is not taken.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coursekit.errors import ParameterError, ShapeError


def positive_int(name: str, value: object) -> int:
    """Return `value` as an int >= 1, or raise ParameterError naming `name`. A bool is refused."""
    return _whole_number(name, value, least=1)


def non_negative_int(name: str, value: object) -> int:
    """Return `value` as an int >= 0, or raise ParameterError naming `name`. A bool is refused."""
    return _whole_number(name, value, least=0)


def _whole_number(name: str, value: object, *, least: int) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # it raises TypeError, which is the question
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or number < least:
        raise ParameterError(f"{name} must be an integer >= {least}; got {value!r}")
    return number


def per_axis(name: str, value: object, axes: int, *, least: int) -> tuple[int, ...]:
    """Return one int >= `least` for each of `axes` axes.

    Parameters
    ----------
    name : what the value is called in an error
    value : an int, which holds for every axis, or a sequence with one int per axis
    axes : number of axes
    least : the smallest value allowed

    Raises
    ------
    ParameterError
    """
    if (
        isinstance(value, (str, bytes))
        or not isinstance(value, Iterable)
        or getattr(value, "shape", None) == ()
    ):
        return (_whole_number(name, value, least=least),) * axes
    values = tuple(value)
    if len(values) != axes:
        raise ParameterError(f"{name} must be an integer or one integer per axis ({axes}); got {value!r}")
    return tuple(_whole_number(f"{name}[{axis}]", item, least=least) for axis, item in enumerate(values))


@dataclass(frozen=True)
class Step:
    """One line of a derivation: `name`: `formula` = `numbers` = `value`.

    `formula` and `numbers` are LaTeX without dollar signs; `text` is the same line for a terminal.
    """

    name: str
    formula: str
    numbers: str
    value: int
    text: str


class Derivation(list[Step]):
    """The steps that lead to a number, in order: text in a terminal, a table in JupyterLab."""

    def __str__(self) -> str:
        width = max((len(step.name) for step in self), default=0)
        return "\n".join(f"{step.name:<{width}}  {step.text} = {step.value}" for step in self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{step.name}</td>"
            f"<td style='text-align:left'><code>{step.text}</code></td>"
            f"<td style='text-align:right'><b>{step.value}</b></td></tr>"
            for step in self
        )
        return f"<table><tbody>{rows}</tbody></table>"

    def _repr_latex_(self) -> str:
        rows = r" \\ ".join(
            rf"\text{{{step.name}}} &: {step.formula} = {step.numbers} = {step.value}" for step in self
        )
        return rf"$\displaystyle \begin{{aligned}} {rows} \end{{aligned}}$"


class OutputSize(int):
    """A number of window positions: an int in every respect, with the steps that lead to it.

    >>> size = output_size(7, 3, stride=2)
    >>> size + 1
    4
    >>> print(size.derivation)
    effective kernel        1 * (3 - 1) + 1 = 3
    padded size             7 + 2 * 0 = 7
    last start              7 - 3 = 4
    positions               floor(4 / 2) + 1 = 3
    lost at the far end     4 mod 2 = 0
    """

    derivation: Derivation

    def __new__(cls, value: int, derivation: Iterable[Step] = ()) -> OutputSize:
        """Attach `derivation` to `value`."""
        size = super().__new__(cls, value)
        size.derivation = Derivation(derivation)
        return size

    def _repr_html_(self) -> str:
        return f"<b>{int(self)}</b>{self.derivation._repr_html_()}"

    def _repr_latex_(self) -> str:
        return self.derivation._repr_latex_()


def output_size(
    size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> OutputSize:
    """Count the positions that a sliding window takes along one axis.

    Parameters
    ----------
    size : int >= 1, pixels of the input along this axis
    kernel_size : int >= 1, taps of the kernel along this axis
    stride : int >= 1, pixels from one position to the next
    padding : int >= 0, zeros added at each of the two ends
    dilation : int >= 1, pixels from one tap to the next

    Returns
    -------
    OutputSize
        floor((size + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1, with its `derivation`.

    Raises
    ------
    ParameterError
        A parameter is not an integer or out of range.
    ShapeError
        The dilated kernel is larger than the padded input.
    """
    n, k = positive_int("size", size), positive_int("kernel_size", kernel_size)
    s, d = positive_int("stride", stride), positive_int("dilation", dilation)
    p = non_negative_int("padding", padding)
    effective, padded = d * (k - 1) + 1, n + 2 * p
    room = padded - effective
    if room < 0:
        raise ShapeError(
            "the kernel must fit inside the padded input; "
            f"the kernel spans dilation * (kernel_size - 1) + 1 = {d} * ({k} - 1) + 1 = {effective}, "
            f"the input has size + 2 * padding = {n} + 2 * {p} = {padded}"
        )
    positions, lost = room // s + 1, room % s
    far_end = rf"({padded} - {effective}) \bmod {s}"
    floor = rf"\lfloor ({padded} - {effective}) / {s} \rfloor + 1"
    steps = [
        Step("effective kernel", "k' = d(k-1)+1", f"{d}({k}-1)+1", effective, f"{d} * ({k} - 1) + 1"),
        Step("padded size", "n' = n+2p", rf"{n} + 2 \cdot {p}", padded, f"{n} + 2 * {p}"),
        Step("last start", "n' - k'", f"{padded} - {effective}", room, f"{padded} - {effective}"),
        Step("positions", r"\lfloor (n'-k')/s \rfloor + 1", floor, positions, f"floor({room} / {s}) + 1"),
        Step("lost at the far end", r"(n'-k') \bmod s", far_end, lost, f"{room} mod {s}"),
    ]
    return OutputSize(positions, steps)


def output_shape(
    shape: Sequence[int],
    kernel_shape: Sequence[int],
    *,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
) -> tuple[OutputSize, ...]:
    """Count the positions of a sliding window along each axis, as `output_size` does along one.

    Parameters
    ----------
    shape, kernel_shape : ints >= 1, one per axis, rows before columns: (H, W) and (KH, KW)
    stride, padding, dilation : an int for all axes, or one per axis

    Raises
    ------
    ParameterError
    ShapeError
        The numbers of axes differ, or the kernel does not fit; the message names the axis.
    """
    axes = len(shape)
    if len(kernel_shape) != axes:
        raise ShapeError(
            f"kernel_shape must have one size per axis of shape; got {tuple(kernel_shape)} for {tuple(shape)}"
        )
    strides = per_axis("stride", stride, axes, least=1)
    paddings = per_axis("padding", padding, axes, least=0)
    dilations = per_axis("dilation", dilation, axes, least=1)
    sizes = []
    for axis in range(axes):
        try:
            size = output_size(
                shape[axis],
                kernel_shape[axis],
                stride=strides[axis],
                padding=paddings[axis],
                dilation=dilations[axis],
            )
        except ShapeError as error:
            raise ShapeError(f"axis {axis}: {error}") from None
        sizes.append(size)
    return tuple(sizes)
