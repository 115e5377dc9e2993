"""The shape explorer: the size of a window's output, with the steps that lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import (
    Derivation,
    FoundWindows,
    OutputSize,
    TransposedSize,
    both_ends,
    find_windows,
    is_sequence,
    output_shape,
    per_axis,
    same_padding,
    transposed_shape,
)
from coursekit.widgets.shape_explorer.fallback import describe, draw
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import LARGEST_INTEGER, Flag, PerAxis, Position, Whole, whole_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DILATIONS = (1, 2, 3)
"""The dilations that `found` looks through, beside what `find_windows` looks through by itself."""

Ends: TypeAlias = "str | tuple[int, int]"  # "same", or zeros (before, after)
PER_AXIS = ("size", "kernel", "stride", "dilation", "output_padding")


class PaddingTrait(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """Zeros around the input: an int, "same", or for rows and columns each "same" or (before, after).

    Two ints are (before, after) where the demo has one axis, and one for each axis where it has two.
    """

    info_text = "an integer, 'same', or a pair"

    def __init__(self) -> None:
        super().__init__(default_value=0)
        self.tag(sync=True)

    def validate(self, owner: Any, value: object) -> int | str | tuple[Ends, Ends]:
        """Return the shortest form that means the same, or raise ParameterError."""
        rows, columns = entries(self.name, value, owner.axes)
        if rows != columns:
            return rows, columns
        return rows if isinstance(rows, str) else rows[0] if rows[0] == rows[1] else (rows, rows)


def entries(name: str, value: object, axes: int) -> tuple[Ends, Ends]:
    """Return "same" or (before, after) for rows and for columns.

    Raises
    ------
    ParameterError
    """
    parts: list[object] = list(value) if is_sequence(value) else [value]
    if len(parts) == 2 and axes == 1 and not any(is_sequence(part) or part == "same" for part in parts):
        parts = [tuple(parts)]
    if len(parts) not in (1, 2):
        raise ParameterError(f"{name} must be an integer, 'same', or one entry per axis; got {value!r}")
    found = [_entry(name, part) for part in parts]
    return found[0], found[-1]


def _entry(name: str, value: object) -> Ends:
    if isinstance(value, str):
        if value != "same":
            raise ParameterError(f"{name} must be integers >= 0 or 'same'; got {value!r}")
        return value
    return both_ends(name, value)


class ShapeExplorer(Demo):
    """How long the output of a sliding window is, what is lost, and which parameters lead to a size.

    Parameters
    ----------
    size : int >= 1, pixels of the input, or one for rows and one for columns
    kernel : int >= 1, taps, or one for rows and one for columns
    padding : int >= 0, zeros at each end; "same", which keeps the size with stride 1; (before, after); with
        two axes one int for each, or ((top, bottom), (left, right))
    stride : int >= 1, pixels from one window to the next, or one for rows and one for columns
    dilation : int >= 1, pixels from one tap to the next, or one for rows and one for columns
    transposed : whether the window goes the other way, as in a transposed convolution
    output_padding : int >= 0, pixels at the far end of a transposed output, or one for each axis
    axes : 1 (default), a signal, or 2, an image
    wanted : an output size; the demo lists the windows that give it, and `found` has them
    predicting : whether the size is hidden until the reader has typed it

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes that leave no output are shown in the demo with the reason, and
        `output` raises.

    Notes
    -----
    Every parameter is an attribute that can be read and set while the demo is shown, as are `position`
    (row, column), the output whose window is marked, and `guess`, what the reader typed while `predicting`.
    How sizes are rounded is the choice of `conventions.rounding`. With one axis it is the columns' number
    that counts where rows and columns have been given different ones.

    Padding "same" is that of this course, NumPy and SciPy: an even kernel gets the extra zero in front.

    Examples
    --------
    >>> explorer = ShapeExplorer(7, 3, stride=2)
    >>> explorer.output
    (3,)
    >>> explorer.wanted = 4
    >>> print(explorer.found[0])
    Kernel 4, stride 1, padding 0 takes 7 to 4; every pixel is read.
    """

    _esm, _css = esm("shape_explorer"), css("shape_explorer")
    shows = "The size of the output follows from five numbers: here is how, and what no window reads."

    axes = Whole(1, least=1, most=2)
    size = PerAxis(least=1)
    kernel = PerAxis(least=1)
    padding = PaddingTrait()
    stride = PerAxis(least=1)
    dilation = PerAxis(least=1)
    transposed = Flag(False)
    output_padding = PerAxis(least=0)
    position = Position()
    wanted = Whole(None, least=1)
    predicting = Flag(False)
    guess = Whole(None, least=-LARGEST_INTEGER)

    def __init__(
        self,
        size: int | Sequence[int] = 7,
        kernel: int | Sequence[int] = 3,
        padding: Any = 0,
        stride: int | Sequence[int] = 1,
        dilation: int | Sequence[int] = 1,
        transposed: bool = False,
        axes: int = 1,
        **others: Any,
    ) -> None:
        axes = whole_number("axes", axes, 1, 2)
        numbers: dict[str, Any] = {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}
        for name, value in numbers.items():
            if axes == 1 and is_sequence(value):
                raise ParameterError(f"{name} must be an integer where axes is 1; got {value!r}")
        # `axes` comes first: it says how two numbers of padding are meant
        super().__init__(axes=axes, **numbers, padding=padding, transposed=transposed, **others)
        try:
            _ = self.output
        except (ParameterError, ShapeError):
            self.close()
            raise

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """Zeros (before, after) of each axis shown."""
        return tuple(self._ends(axis) for axis in self._axes())

    @property
    def output(self) -> tuple[OutputSize | TransposedSize, ...]:
        """The output size of each axis shown: ints with a `derivation`.

        Raises
        ------
        ShapeError, ParameterError
            The present parameters leave no output; the message says why.
        """
        size, kernel, stride, dilation, extra = (self._along(name) for name in PER_AXIS)
        options: dict[str, Any] = {"stride": stride, "padding": self.pads, "dilation": dilation}
        if self.transposed:
            return transposed_shape(size, kernel, output_padding=extra, **options)
        return output_shape(size, kernel, rounding=self.conventions.rounding, **options)

    @property
    def derivation(self) -> tuple[Derivation, ...]:
        """The steps of each axis shown, those of padding "same" first. Raises as `output` does."""
        derivations = []
        for axis, size in zip(self._axes(), self.output, strict=True):
            entry = entries("padding", self.padding, self.axes)[axis]
            if entry == "same":
                kernel, dilation = self._at("kernel", axis), self._at("dilation", axis)
                padding = same_padding(kernel, dilation).derivation
                derivations.append(Derivation([*padding, *size.derivation[1:]]))
            else:
                derivations.append(size.derivation)
        return tuple(derivations)

    @property
    def found(self) -> FoundWindows:
        """The windows that give `wanted` on the last axis, best first; if `transposed`, those that it undoes.

        Raises
        ------
        ParameterError
            Nothing is wanted.
        """
        if self.wanted is None:
            raise ParameterError("wanted must be an integer >= 1 before windows can be found; got None")
        size = self._at("size", 1)
        if self.transposed:  # a transposed window takes n to N where the forward one takes N to n
            return find_windows(self.wanted, size, dilations=DILATIONS)
        return find_windows(size, self.wanted, dilations=DILATIONS, rounding=self.conventions.rounding)

    def describe(self) -> str:
        """Return the parameters and the output size with its derivation."""
        return describe(self)

    def draw_picture(self, figure: Figure) -> None:
        """Draw the input with its padding, the windows and the output, above the derivation."""
        draw(self, figure)

    def _axes(self) -> range:
        return range(2 - self.axes, 2)

    def _along(self, name: str) -> tuple[int, ...]:
        return tuple(self._at(name, axis) for axis in self._axes())

    def _at(self, name: str, axis: int) -> int:
        return per_axis(name, getattr(self, name), 2, least=0)[axis]

    def _ends(self, axis: int) -> tuple[int, int]:
        entry = entries("padding", self.padding, self.axes)[axis]
        if not isinstance(entry, str):
            return entry
        before, after = same_padding(self._at("kernel", axis), self._at("dilation", axis))
        return int(before), int(after)

    @traitlets.validate("position")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> tuple[int, int]:
        """Clamp to the output, as the browser does. Never raises: the two sides would drift apart."""
        row, column = proposal["value"]
        try:
            sizes = self.output
        except (ParameterError, ShapeError):
            return (0, 0)
        rows = sizes[0] if self.axes == 2 else 1
        return (min(row, rows - 1), min(column, sizes[-1] - 1))

    @traitlets.observe(*PER_AXIS, "padding", "transposed", "axes")  # type: ignore[untyped-decorator]
    def _follow_size(self, _change: Any) -> None:
        self.position = self.position
