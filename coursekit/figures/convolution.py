"""Convolution as stamps, as a flipped kernel that slides, and as the area of an overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, open_axes, printed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Operation = Literal["convolution", "cross-correlation"]
Function = Callable[[Any], Any]

MOST_COLUMNS, MOST_ROWS = 16, 8
STEP = (
    0.002  # between the samples of a curve, in the unit of its axis: its areas are right to about 1 in 1000
)


def stamps(signal: Any, kernel: Any) -> LectureFigure:
    """Show a full convolution as a sum: each sample puts the kernel, unflipped, at its own place.

    Parameters
    ----------
    signal : array of shape (N,), at most 7 numbers
    kernel : array of shape (K,), N + K - 1 <= 16

    Raises
    ------
    ShapeError
    """
    signal, kernel = _row("signal", signal), _row("kernel", kernel)
    columns = signal.size + kernel.size - 1
    if signal.size + 1 > MOST_ROWS or columns > MOST_COLUMNS:
        raise ShapeError(
            f"signal must have at most {MOST_ROWS - 1} samples, and signal and kernel at most "
            f"{MOST_COLUMNS + 1} together; got {signal.size} and {kernel.size}"
        )
    total = np.convolve(signal, kernel)
    figure, axis = _table(columns, signal.size + 1)
    for sample, value in enumerate(signal):
        _name(axis, sample, f"{value:g} at time {sample}:")
        for tap, weight in enumerate(kernel):
            _cell(axis, sample, sample + tap, f"{value * weight:g}", ORANGE)
    _name(axis, signal.size, "sum of each column:")
    for time, number in enumerate(total):
        _cell(axis, signal.size, time, f"{number:g}", BLUE, heavy=True)
    figure.alt = (
        f"The signal {_listed(signal)} and the kernel {_listed(kernel)}. Each sample writes the kernel, "
        f"times itself, from its own time on; the columns sum to {_listed(total)}."
    )
    return figure


def flip_and_slide(
    signal: Any, kernel: Any, *, times: Sequence[int] | None = None, sums: bool = True
) -> LectureFigure:
    """Show the flipped kernel below the signal at each time, and the sum of products that it gives.

    Parameters
    ----------
    signal, kernel : arrays of shape (N,) and (K,): numbers, or letters, whose products are written out
    times : the outputs to show, each from 0 to N + K - 2, at most 7; all of them by default
    sums : False leaves the sums blank

    Raises
    ------
    ShapeError, ParameterError

    Notes
    -----
    Convention: the kernel is flipped, and its number 0 lies on the sample of the time. Outside, the signal
    is 0: these cells are dashed.
    """
    signal, kernel = _row("signal", signal), _row("kernel", kernel)
    size = signal.size + kernel.size - 1
    times = list(range(size)) if times is None else list(times)
    if not times or any(time not in range(size) for time in times):
        raise ParameterError(f"times must be integers from 0 to {size - 1}; got {times!r}")
    if len(times) + 1 > MOST_ROWS or size + kernel.size > MOST_COLUMNS + 4:
        raise ShapeError(
            f"signal and kernel must be short and times at most {MOST_ROWS - 1}; "
            f"got {signal.size}, {kernel.size} and {len(times)}"
        )
    first, last = min(0, min(times) - kernel.size + 1), max(signal.size - 1, *times)
    figure, axis = _table(last - first + 1, len(times) + 1, wide=4.6, first=first)
    _name(axis, 0, "signal", first)
    for place in range(first, last + 1):
        inside = 0 <= place < signal.size
        _cell(axis, 0, place, _shown(signal[place]) if inside else "0", INK, outside=not inside)
    written = []
    for row, time in enumerate(times, start=1):
        _name(axis, row, f"time {time}", first)
        for tap in range(kernel.size):
            place = time - tap
            outside = not 0 <= place < signal.size
            _cell(axis, row, place, _shown(kernel[tap]), ORANGE, outside=outside)
        words = _sum_of_products(signal, kernel, time)
        written.append(f"time {time}: {words}")
        axis.text(last + 0.75, row, words if sums else "?", va="center", fontsize=15, color=BLUE)
    shown = f" {'; '.join(written)}." if sums else ""
    figure.alt = (
        f"The signal {_listed(signal)}, and below it the kernel {_listed(kernel)}, flipped, at times "
        f"{_listed(times)}.{shown}"
    )
    return figure


def overlap(
    f: Function,
    g: Function,
    *,
    span: tuple[float, float],
    times: Sequence[float],
    operation: Operation = "convolution",
) -> LectureFigure:
    """Show at some times t how g, flipped and shifted by t, overlaps f, and the area at every t.

    Parameters
    ----------
    f, g : functions of an array of times, which return an array of the same shape
    span : (first, last) time of the axes; f and g should be 0 outside
    times : one to four of them, the shifts to draw
    operation : "convolution" (default) flips g; "cross-correlation" only shifts it

    Raises
    ------
    ParameterError
    """
    _check_times(span, times, 4)
    figure = LectureFigure("", 11.0, 5.1)
    grid = figure.add_gridspec(2, len(times), height_ratios=[1, 1.1])
    areas = [
        _snapshot(figure.add_subplot(grid[0, place]), f, g, span, time, operation)
        for place, time in enumerate(times)
    ]
    _area_curve(figure.add_subplot(grid[1, :]), f, g, span, times, areas, operation)
    _legend(figure, figure.axes[0])
    flipped = "flipped and shifted" if operation == "convolution" else "shifted, not flipped"
    listed = ", ".join(f"{area:.2f} at t = {time:g}" for time, area in zip(times, areas, strict=True))
    figure.alt = (
        f"g is {flipped} by t over f; the area under the product is {listed}. Below: the area at every t."
    )
    return figure


def operations_compared(
    f: Function, g: Function, *, span: tuple[float, float], times: Sequence[float]
) -> LectureFigure:
    """Show convolution and cross-correlation of f and g side by side: overlaps at some times, and the area.

    Parameters
    ----------
    f, g, span : as in `overlap`
    times : one or two of them

    Raises
    ------
    ParameterError

    Notes
    -----
    Convention: f stays, and g slides: the convolution is the area under f(τ) g(t − τ), the
    cross-correlation that under f(τ) g(τ − t), so that t is in both where g's time 0 stands.
    """
    _check_times(span, times, 2)
    figure = LectureFigure("", 11.0, 5.6)
    rows = len(times) + 1
    axes = figure.subplots(rows, 2, sharex=True, sharey="row")
    words = []
    for column, operation in enumerate(("convolution", "cross-correlation")):
        areas = [
            _snapshot(axes[row, column], f, g, span, time, operation)  # type: ignore[arg-type]  # a Literal
            for row, time in enumerate(times)
        ]
        _area_curve(axes[rows - 1, column], f, g, span, times, areas, operation)  # type: ignore[arg-type]
        listed = ", ".join(f"{area:.2f} at t = {time:g}" for time, area in zip(times, areas, strict=True))
        words.append(f"{operation}: area {listed}")
        flipped = "g is flipped" if operation == "convolution" else "g is not flipped"
        title = axes[0, column].get_title()
        axes[0, column].set_title(f"{operation}: {flipped}\n{title}", fontsize=16, color=INK)
        axes[0, column].legend(loc="upper right", fontsize=13, frameon=False, handlelength=1.6)
    figure.alt = f"Left the convolution, right the cross-correlation of the same f and g. {'; '.join(words)}."
    return figure


def area_at(f: Function, g: Function, span: tuple[float, float], time: float, operation: Operation) -> float:
    """Return the area under f(τ) g(t − τ), or f(τ) g(τ − t), over the span: a midpoint sum."""
    places = np.arange(span[0], span[1], STEP) + STEP / 2
    return float(np.sum(f(places) * _laid(g, places, time, operation)) * STEP)


def _laid(g: Function, places: Any, time: float, operation: Operation) -> Any:
    return g(time - places) if operation == "convolution" else g(places - time)


def _snapshot(
    axis: Axes, f: Function, g: Function, span: tuple[float, float], time: float, operation: Operation
) -> float:
    """Draw f, g at `time` and their product on `axis`; return the area under the product."""
    places = np.arange(span[0], span[1], STEP) + STEP / 2
    still, moved = f(places), _laid(g, places, time, operation)
    inside = "t − τ" if operation == "convolution" else "τ − t"
    axis.plot(places, still, color=BLUE, linewidth=2, label="f(τ)")
    axis.plot(places, moved, color=ORANGE, linewidth=2, linestyle=(0, (4, 1.5)), label=f"g({inside})")
    axis.fill_between(places, 0, still * moved, facecolor="#cccccc", edgecolor=INK, hatch="//", linewidth=0)
    area = area_at(f, g, span, time, operation)
    axis.set_title(f"t = {printed(time, 'g')}: area {printed(area, '.2f')}", fontsize=16, color=INK)
    _quiet(axis, span)
    return area


def _area_curve(
    axis: Axes,
    f: Function,
    g: Function,
    span: tuple[float, float],
    times: Sequence[float],
    areas: Sequence[float],
    operation: Operation,
) -> None:
    shifts = np.linspace(*span, 161)
    curve = [area_at(f, g, span, shift, operation) for shift in shifts]
    axis.plot(shifts, curve, color=BLUE, linewidth=2.5)
    axis.plot(times, areas, "o", color=INK, markersize=9)
    sign = "f * g" if operation == "convolution" else "f ⋆ g"
    axis.set_title(f"the area at every t: ({sign})(t)", fontsize=16, color=INK)
    axis.set_xlabel("time", fontsize=13, color=INK)
    _quiet(axis, span)


def _legend(figure: LectureFigure, axis: Axes) -> None:
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, fontsize=14, frameon=False)


def _quiet(axis: Axes, span: tuple[float, float]) -> None:
    axis.axhline(0, color=QUIET, linewidth=1)
    axis.set_xlim(*span)
    open_axes(axis)


def _check_times(span: tuple[float, float], times: Sequence[float], most: int) -> None:
    if not span[0] < span[1]:
        raise ParameterError(f"span must be (first, last) with first < last; got {span!r}")
    if not 1 <= len(times) <= most:
        raise ParameterError(f"times must be 1 to {most} numbers; got {len(times)}")
    if any(not span[0] <= time <= span[1] for time in times):
        raise ParameterError(f"times must lie in the span {span!r}; got {list(times)!r}")


def _row(name: str, values: Any) -> Any:
    row = np.asarray(values)
    if row.ndim != 1 or row.size == 0:
        raise ShapeError(f"{name} must have shape (N,) and a number; got {row.shape}")
    return row


def _table(columns: int, rows: int, *, wide: float = 0.0, first: int = 0) -> tuple[LectureFigure, Axes]:
    """Return a figure for `rows` rows of `columns` cells, with room for names on the left."""
    named = 3.2
    cell = min(0.66, (11.0 - wide) / (columns + named))
    figure = LectureFigure("", cell * (columns + named) + wide, cell * (rows + 0.4))
    axis = figure.subplots()
    axis.set_xlim(first - named, first + columns - 0.5 + wide / cell)
    axis.set_ylim(rows - 0.4, -0.6)
    axis.set_aspect("equal")
    axis.axis("off")
    return figure, axis


def _name(axis: Axes, row: int, text: str, first: int = 0) -> None:
    axis.text(first - 0.7, row, text, ha="right", va="center", fontsize=14, color=INK)


def _cell(
    axis: Axes, row: int, column: int, text: str, colour: str, *, outside: bool = False, heavy: bool = False
) -> None:
    style = (0, (2, 2)) if outside else "solid"
    axis.add_patch(
        Rectangle(
            (column - 0.44, row - 0.42),
            0.88,
            0.84,
            facecolor="white",
            edgecolor=QUIET if outside else colour,
            linestyle=style,
            linewidth=3 if heavy else 1.8,
        )
    )
    shown = text.replace("-", "−")
    axis.text(column, row, shown, ha="center", va="center", fontsize=16, color=QUIET if outside else colour)


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, str) else f"{value:g}"


def _listed(values: Any) -> str:
    return ", ".join(map(_shown, values))


def _sum_of_products(signal: Any, kernel: Any, time: int) -> str:
    """Return the products that meet inside the signal, left to right, and their sum if they are numbers."""
    pairs = [(signal[time - tap], kernel[tap]) for tap in range(kernel.size) if 0 <= time - tap < signal.size]
    words = " + ".join(f"{_shown(weight)}·{_shown(sample)}" for sample, weight in reversed(pairs))
    if signal.dtype.kind in "US" or kernel.dtype.kind in "US":
        return words
    return f"{words} = {sum(sample * weight for sample, weight in pairs):g}".replace("-", "−")
