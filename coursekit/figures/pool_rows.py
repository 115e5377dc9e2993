"""Pooling of a row in a picture: its windows below it, what each gives, and what no window sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, printed
from coursekit.figures.pooling import Mode, kind, pooled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from coursekit.shapes import Rounding

MOST_IN_A_ROW, MOST_WINDOWS = 14, 6


def pool_row(
    row: Any,
    width: int,
    *,
    stride: int | None = None,
    padding: int = 0,
    rounding: Rounding = "floor",
    mode: Mode = "max",
    gradient: Sequence[float] | None = None,
) -> LectureFigure:
    """Show every window below a row of numbers, what it gives, and numbers that no window sees.

    Parameters
    ----------
    row : array of shape (N,), at most 14 numbers
    width, stride, padding, rounding : as in `max_pool`; at most 6 windows
    mode : 'max' or 'average'; a dot marks the first maximum of a window
    gradient : one number per window, what arrives at its output; then the gradient of the row is shown too,
        for mode 'max', of several maxima the first

    Raises
    ------
    ShapeError, ParameterError
    """
    numbers = _row(row)
    if gradient is not None and mode != "max":
        raise ParameterError(f"gradient must be left out for mode {mode!r}; it is shown for 'max'")
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "rounding": rounding}
    output = np.asarray(pooled(numbers, (width,), mode, **settings))
    if output.size > MOST_WINDOWS:
        raise ParameterError(f"width and stride must give at most {MOST_WINDOWS} windows; got {output.size}")
    windows = [(start, start + width) for start in _starts(output.size, stride or width, padding)]
    back = _row_gradient(gradient, numbers, width, settings)
    words = _row_words(numbers, output, windows, stride or width, mode, padding)
    if back is not None:
        words += f" Gradients {list(gradient or ())} arrive; the row gets {back.tolist()}."
    last = max(numbers.size + padding, windows[-1][1])
    axis = _row_axis(words, padding, last, output.size, with_gradient=back is not None)
    _draw_numbers(axis, numbers, _seen(numbers, windows), padding, "−∞" if mode == "max" else "0")
    for index, (start, stop) in enumerate(windows):
        level = -1.1 - 0.85 * index
        _bracket(axis, start, stop, level)
        text = f"{'max' if mode == 'max' else 'mean'} {printed(output[index])}"
        text += f"   ← {printed(gradient[index])}" if gradient is not None else ""
        axis.text(last + 0.1, level, text, ha="left", va="center", fontsize=17, color=BLUE)
    if mode == "max":
        _draw_winners(axis, numbers, width, settings)
    if back is not None:
        _label(axis, -padding - 0.8, 1.5, "gradient")
        for place, value in enumerate(back):
            _cell(axis, place, 1.5, printed(value), color=BLUE)
    figure = axis.figure
    assert isinstance(figure, LectureFigure)
    return figure


def _row(row: Any) -> Any:
    numbers = np.asarray(row)
    if numbers.ndim != 1 or not 1 <= numbers.size <= MOST_IN_A_ROW:
        raise ShapeError(f"row must have shape (N,), 1 to {MOST_IN_A_ROW} numbers; got shape {numbers.shape}")
    return numbers


def _starts(count: int, step: int, padding: int) -> list[int]:
    return [index * step - padding for index in range(count)]


def _seen(numbers: Any, windows: Sequence[tuple[int, int]]) -> Any:
    """Return which of the numbers a window sees."""
    seen = np.zeros(numbers.size, dtype=bool)
    for start, stop in windows:
        seen[max(start, 0) : stop] = True
    return seen


def _row_gradient(gradient: Any, numbers: Any, width: int, settings: dict[str, Any]) -> Any:
    from coursekit.reference import max_pool_gradient

    if gradient is None:
        return None
    return max_pool_gradient(np.asarray(gradient), numbers, (width,), **settings)


def _row_axis(words: str, padding: int, last: int, windows: int, *, with_gradient: bool) -> Axes:
    """Return the axis for a row up to `last` and its windows below, in a figure of its own."""
    right = last + (4.0 if with_gradient else 2.2)
    top = 0.75 + (1.5 if with_gradient else 0)
    across, down = right + padding + 2.9, top + 0.85 + 0.85 * windows
    cell = min(0.85, 11.5 / across)
    axis = LectureFigure(words, across * cell, down * cell).subplots()
    axis.set_axis_off()
    axis.set_aspect("equal")
    axis.set_xlim(-padding - 2.9, right)
    axis.set_ylim(-0.75 - 0.85 * windows, top)
    _label(axis, -padding - 0.8, 0, "input")
    return axis


def _draw_numbers(axis: Axes, numbers: Any, seen: Any, padding: int, filler: str) -> None:
    for place in range(-padding, numbers.size + padding):
        if 0 <= place < numbers.size:
            _cell(axis, place, 0, printed(numbers[place]), is_seen=bool(seen[place]))
        else:
            _cell(axis, place, 0, filler, is_padding=True)


def _draw_winners(axis: Axes, numbers: Any, width: int, settings: dict[str, Any]) -> None:
    """Mark the first maximum of each window by a dot on its bracket, below its number."""
    from coursekit.reference import max_pool_with_positions

    for index, winner in enumerate(max_pool_with_positions(numbers, (width,), **settings)[1].tolist()):
        level = -1.1 - 0.85 * index
        axis.plot([winner, winner], [level, -0.5], color=BLUE, linestyle=":", linewidth=2)
        axis.plot(winner, level, "o", color=BLUE, markersize=11)


def _row_words(
    numbers: Any, output: Any, windows: Sequence[tuple[int, int]], step: int, mode: str, padding: int
) -> str:
    filled = f" with padding {padding} of {'minus infinity' if mode == 'max' else 'zeros'}" if padding else ""
    start, stop = windows[0]
    words = (
        f"The row {numbers.tolist()}{filled}, windows of width {stop - start}, stride {step}: their "
        f"{kind(mode)} are {', '.join(f'{value:.3g}' for value in output)}."
    )
    missed = numbers[~_seen(numbers, windows)].tolist()
    return words + (f" No window sees {', '.join(map(str, missed))}." if missed else "")


def _cell(
    axis: Axes,
    place: int,
    level: float,
    text: str,
    *,
    is_seen: bool = True,
    is_padding: bool = False,
    color: str = INK,
) -> None:
    from matplotlib.patches import Rectangle

    axis.add_patch(
        Rectangle(
            (place - 0.5, level - 0.5),
            1,
            1,
            facecolor="white" if is_seen else "#e4e4e4",
            edgecolor=QUIET,
            hatch=None if is_seen else "//",
            linestyle="--" if is_padding else "-",
            linewidth=1.5,
        )
    )
    box = None if is_seen else {"boxstyle": "circle,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    shade = QUIET if is_padding else color
    axis.text(place, level, text, ha="center", va="center", fontsize=19, color=shade, bbox=box)


def _bracket(axis: Axes, start: int, stop: int, level: float) -> None:
    left, right = start - 0.42, stop - 0.58
    axis.plot(
        [left, left, right, right], [level + 0.22, level, level, level + 0.22], color=ORANGE, linewidth=3
    )


def _label(axis: Axes, place: float, level: float, text: str) -> None:
    axis.text(place, level, text, ha="right", va="center", fontsize=16, color=INK)
