"""Windows that take steps: where they stand, what they lose, and the way back by inserting zeros."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, MOST_HEIGHT, ORANGE, QUIET, LectureFigure, printed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PALE = "#fbe3d3"  # the orange of a window that is looked at from afar
MOST_CELLS = 30  # along an axis: more would be too small to read
WIDTH = 11.0


def places(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    show_next: bool = True,
) -> LectureFigure:
    """Show every place of a window along one axis, and the pixels that no window sees.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : as in `coursekit.output_size`; at most 30 pixels with
        padding and what hangs over
    show_next : where pixels are lost, draw the first window that does not fit too, dashed

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import output_size

    count = int(output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation))
    spans = dilation * (kernel_size - 1) + 1
    lost = (size + 2 * padding - spans) % stride
    hangs_over = show_next and lost > 0
    last = size + padding + (stride - lost if hangs_over else 0)
    if padding + last > MOST_CELLS:
        raise ParameterError(f"size must leave at most {MOST_CELLS} cells to draw; got {padding + last}")
    rows = count + hangs_over
    cell = min(0.55, WIDTH / (padding + last + 4), (MOST_HEIGHT - 0.9) / (rows + 1.4))
    figure = LectureFigure(
        _places_in_words(size, kernel_size, stride, padding, dilation, count, lost),
        WIDTH,
        cell * (rows + 1.4) + 0.9,
    )
    axis = figure.subplots()
    taps = np.arange(kernel_size) * dilation - padding
    for pixel in range(-padding, size + padding):
        is_lost, is_pixel = pixel >= size + padding - lost, 0 <= pixel < size
        _cell(axis, pixel, 0, str(pixel) if is_pixel else "", dashed=not is_pixel, lost=is_lost)
    for place in range(rows):
        fits = place < count
        for tap in taps + place * stride:
            _cell(axis, int(tap), place + 1, "", fill=ORANGE if fits else "white", dashed=not fits)
        name = f"place {place}" if fits else "does not fit"
        axis.text(-padding - 0.8, place + 1, name, ha="right", va="center", fontsize=13, color=INK)
    axis.text(-padding - 0.8, 0, "pixel", ha="right", va="center", fontsize=13, color=INK)
    if lost:
        # to the right of everything: above the cells it would run into the title
        words = f"lost: {lost}"
        axis.text(last - 0.2, 0, words, ha="left", va="center", fontsize=13, color=INK)
    axis.set_xlim(-padding - 3.2, last + 2.6)
    axis.set_ylim(rows + 0.7, -0.7)
    axis.set_aspect("equal")
    axis.set_axis_off()
    axis.set_title(f"{count} place{'s' * (count != 1)}", fontsize=16, color=INK)
    return figure


def _places_in_words(
    size: int, kernel_size: int, stride: int, padding: int, dilation: int, count: int, lost: int
) -> str:
    zeros = f", {padding} zero{'s' * (padding > 1)} at each end" if padding else ""
    extra = zeros + f", dilation {dilation}" * (dilation > 1)
    starts = ", ".join(str(place * stride - padding) for place in range(count))
    words = (
        f"A window of {kernel_size} taps with stride {stride} on {size} pixels{extra}: {count} places, "
        f"which begin at pixel {starts}."
    )
    if lost:
        end = f"{lost} last are" if lost > 1 else "last is"
        words += f" The {end} seen by no window; one window more would hang over."
    return words


def strided_units(size: int, kernel_size: int = 3, stride: int = 2) -> LectureFigure:
    """Show a convolution with a stride beside the same convolution at every place, of which some are dropped.

    Parameters
    ----------
    size : int, units of the input, at most 12
    kernel_size, stride : ints >= 1

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import output_size, positive_int

    if positive_int("size", size) > 12:
        raise ParameterError(f"size must be at most 12; got {size}")
    everywhere = int(output_size(size, kernel_size))
    kept = list(range(0, everywhere, positive_int("stride", stride)))
    figure = LectureFigure(
        f"Left: {size} inputs, a kernel of {kernel_size} and stride {stride} give {len(kept)} outputs, "
        f"with {len(kept) * kernel_size} products. Right: stride 1 gives {everywhere} outputs first, "
        f"with {everywhere * kernel_size} products; {everywhere - len(kept)} are thrown away, the rest stay.",
        WIDTH,
        4.6,
    )
    left, right = figure.subplots(1, 2)
    middle = (kernel_size - 1) / 2
    centres = [place + middle for place in range(everywhere)]
    for axis, computed, rows in ((left, kept, (0.0, 2.0)), (right, list(range(everywhere)), (0.0, 1.0))):
        for place in computed:
            for tap in range(kernel_size):
                strong = place in kept
                axis.plot(
                    [place + tap, centres[place]],
                    rows,
                    color=ORANGE if strong else QUIET,
                    linewidth=2.2 if strong else 1.2,
                    linestyle="-" if strong else ":",
                    zorder=1,
                )
        _units(axis, list(range(size)), 0.0, "x", kept=range(size))
        axis.set_xlim(-0.7, size - 0.3)
        axis.set_ylim(-0.5, 2.5)
        axis.set_axis_off()
    _units(left, [centres[place] for place in kept], 2.0, "S", kept=range(len(kept)))
    _units(right, centres, 1.0, "z", kept=kept)
    for index, place in enumerate(kept):
        right.plot([centres[place]] * 2, (1.0, 2.0), color=BLUE, linewidth=2.2, zorder=1)
        _units(right, [centres[place]], 2.0, "S", kept=[0], first=index)
    left.set_title(f"stride {stride}: {len(kept) * kernel_size} products", fontsize=16, color=INK)
    right.set_title(f"stride 1, then drop: {everywhere * kernel_size} products", fontsize=16, color=INK)
    return figure


def _units(
    axis: Axes, where: Sequence[float], height: float, letter: str, *, kept: Sequence[int], first: int = 0
) -> None:
    for index, centre in enumerate(where):
        style = {
            "boxstyle": "circle,pad=0.35",
            "facecolor": "white",
            "edgecolor": (INK if letter == "x" else BLUE) if index in kept else QUIET,
            "linewidth": 2.0 if index in kept else 1.2,
            "linestyle": "-" if index in kept else ":",
        }
        name = f"${letter}_{{{index + first}}}$"
        axis.text(
            centre, height, name, ha="center", va="center", fontsize=15, color=INK, bbox=style, zorder=2
        )


def zero_insertion(signal: Any, kernel: Any, *, stride: int = 2) -> LectureFigure:
    """Show a transposed convolution of a signal as copies of the kernel, and as a slide over inserted zeros.

    Parameters
    ----------
    signal : array of shape (N,), real
    kernel : array of shape (K,), real, laid down as it is
    stride : int >= 1; the output has (N - 1) * stride + K numbers, at most 30

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import transposed_size

    values, taps = np.asarray(signal), np.asarray(kernel)
    for name, array in (("signal", values), ("kernel", taps)):
        if array.ndim != 1 or array.size == 0:
            raise ShapeError(f"{name} must have shape (N,) and a number; got {array.shape}")
    length = int(transposed_size(values.size, taps.size, stride=stride))
    border = taps.size - 1
    if length + border > MOST_CELLS:
        raise ParameterError(f"signal must give at most {MOST_CELLS} numbers to draw; got {length + border}")
    copies = np.zeros((values.size, length))
    for index, value in enumerate(values):
        copies[index, index * stride : index * stride + taps.size] = value * taps
    spread = np.zeros(length + border)
    spread[border:length:stride] = values
    output = copies.sum(axis=0)
    cell = min(0.62, 10.5 / (length + border + 5))
    rows = values.size + 4.3
    figure = LectureFigure(
        f"The signal {_numbers(values)} with the kernel {_numbers(taps)} and stride {stride}. As copies: "
        f"{'; '.join(_numbers(copy) for copy in copies)} add up to {_numbers(output)}. "
        f"As a slide: the signal with zeros between and around, {_numbers(spread)}, "
        f"under the turned kernel {_numbers(taps[::-1])}.",
        WIDTH,
        min(MOST_HEIGHT, cell * rows + 0.3),
    )
    axis = figure.subplots()
    for index, value in enumerate(values):
        start = border + index * stride
        for tap, product in enumerate(value * taps):
            _cell(axis, start + tap, index, printed(product), fill=PALE)
        _name(axis, index, f"{printed(value)} · kernel")
    down = values.size + 0.3
    for place, number in enumerate(output):
        _cell(axis, border + place, down, printed(number), edge=BLUE)
    _name(axis, down, "their sum")
    down += 1.6
    for place, number in enumerate(spread):
        inserted = not (place >= border and place < length and (place - border) % stride == 0)
        _cell(axis, place, down, printed(number), dashed=inserted)
    _name(axis, down, "zeros put in")
    for tap, number in enumerate(taps[::-1]):
        _cell(axis, tap, down + 1, printed(number), fill=PALE)
    _name(axis, down + 1, "turned kernel")
    arrow = {"arrowstyle": "->", "color": INK, "linewidth": 2, "mutation_scale": 22}
    axis.annotate("", (taps.size + 2.2, down + 1), (taps.size - 0.2, down + 1), arrowprops=arrow)
    axis.text(taps.size + 2.5, down + 1, "slides: the same sums", va="center", fontsize=13, color=INK)
    axis.set_xlim(-4.2, max(length + border, taps.size + 8.5))
    axis.set_ylim(down + 1.7, -0.7)
    axis.set_aspect("equal")
    axis.set_axis_off()
    return figure


def _cell(
    axis: Axes,
    column: float,
    row: float,
    text: str,
    *,
    fill: str = "white",
    edge: str = INK,
    dashed: bool = False,
    lost: bool = False,
) -> None:
    """Draw one cell; `dashed` is what is not there (padding, an inserted zero), `lost` what nobody sees."""
    axis.add_patch(
        Rectangle(
            (column - 0.46, row - 0.42),
            0.92,
            0.84,
            facecolor="#e4e4e4" if lost else fill,
            edgecolor=QUIET if dashed else edge,
            linestyle="--" if dashed else "-",
            linewidth=1.4 if edge == INK else 2.4,
            hatch="///" if lost else None,
        )
    )
    style = {"facecolor": "#e4e4e4", "edgecolor": "none", "pad": 1.0} if lost else None
    axis.text(column, row, text, ha="center", va="center", fontsize=13, color=INK, bbox=style)


def _name(axis: Axes, row: float, text: str) -> None:
    axis.text(-0.8, row, text, ha="right", va="center", fontsize=13, color=INK)


def _numbers(array: Any) -> str:
    return " ".join(printed(value) for value in np.ravel(array))
