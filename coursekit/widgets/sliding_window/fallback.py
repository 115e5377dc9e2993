"""The picture shown where no widget runs: nbconvert, GitHub, untrusted notebooks."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from coursekit.errors import ShapeError
from coursekit.shapes import per_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Array = np.ndarray[Any, Any]

WIDTH, HEIGHT, HEADING = 8.0, 3.0, 0.4
"""The picture and the line of headings in it, in inches."""

PANEL = 2.5
"""The largest panel, in inches."""

SMALLEST_PRINTED = 0.17
"""The smallest cell that a number is printed in, in inches."""

BLUE, ORANGE = "#2166ac", "#d95f02"


class Window(Protocol):
    """What the picture needs to know of a widget."""

    image: Array
    kernel: Array
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    dilation: int | tuple[int, int]
    position: tuple[int, int]
    filled: int

    @property
    def output(self) -> Array:
        """Of shape (OH, OW); raises ShapeError where no window fits."""
        ...


def picture_html(widget: Window, png: str) -> str:
    """Return an <img> with the picture inside and its content as words in `alt`."""
    return f'<img alt="{html.escape(describe(widget))}" src="data:image/png;base64,{png}">'


def describe(widget: Window) -> str:
    """Return the shapes, the position and the sum as one sentence."""
    sizes = " × ".join(str(size) for size in widget.image.shape)
    taps = " × ".join(str(size) for size in widget.kernel.shape)
    start = f"Sliding window, cross-correlation of a {sizes} input with a {taps} kernel"
    output = _shown_output(widget)
    if output is None:
        return f"{start}: the kernel does not fit inside the input."
    row, column = widget.position
    value = output[row, column]
    answer = _number(value) if np.isfinite(value) else "?"
    return f"{start}. At output row {row}, column {column}: {written_sum(widget)} = {answer}."


def written_sum(widget: Window, longest: int = 12) -> str:
    """Return the products at the position, "0×0 + 1×1", shortened in the middle if they are many."""
    pixels, weights = window_values(widget).ravel(), widget.kernel.ravel()
    terms = [f"{_factor(pixel)}×{_factor(weight)}" for pixel, weight in zip(pixels, weights, strict=True)]
    if len(terms) > longest:
        terms = [*terms[:4], "…", *terms[-2:]]
    return " + ".join(terms)


def _factor(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


def _number(value: float) -> str:
    return f"{value:.5g}".replace("-", "−")


def window_values(widget: Window) -> Array:
    """Return the values under the taps, of shape (KH, KW), with zeros where a tap stands on padding."""
    rows, columns = _taps(widget, 0), _taps(widget, 1)
    height, width = widget.image.shape
    values = np.zeros(widget.kernel.shape, widget.image.dtype)
    inside = np.ix_((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    values[inside] = widget.image[
        np.ix_(rows[(rows >= 0) & (rows < height)], columns[(columns >= 0) & (columns < width)])
    ]
    return values


def _taps(widget: Window, axis: int) -> Array:
    """Return the input rows (axis 0) or columns (axis 1) of the taps; negative ones are padding."""
    stride, padding, dilation = (
        per_axis(name, getattr(widget, name), 2, least=0)[axis] for name in ("stride", "padding", "dilation")
    )
    start = widget.position[axis] * stride - padding
    return start + dilation * np.arange(widget.kernel.shape[axis])


def picture_png(widget: Window) -> str | None:
    """Return the input, kernel and output side by side as a PNG in base64; None without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=100)  # not pyplot: its list of figures is the student's
    FigureCanvasAgg(figure)
    # One pair of axes in inches for all three panels: each further pair would cost as much time again.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.set_axis_off()
    _draw_panels(axes, widget)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _draw_panels(axes: Axes, widget: Window) -> None:
    around = per_axis("padding", widget.padding, 2, least=0)
    padded = [size + 2 * zeros for size, zeros in zip(widget.image.shape, around, strict=True)]
    shown = _shown_output(widget)
    shapes = [padded, widget.kernel.shape, *([] if shown is None else [shown.shape])]
    cell = min(PANEL / max(map(max, [padded, *shapes[2:]])), 0.5)
    top, left = _draw(axes, "Input", widget.image, 0, cell)
    if any(around):
        _frame(
            axes,
            (top - around[0] * cell, left - around[1] * cell),
            padded,
            cell,
            linestyle="--",
            edgecolor="gray",
        )
    _draw(axes, "Kernel", widget.kernel, 1, max(cell, min(0.4, 0.5 * PANEL / max(widget.kernel.shape))))
    if shown is None:
        return
    rows, columns = _taps(widget, 0), _taps(widget, 1)
    span = (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    _mark(axes, (top + rows[0] * cell, left + columns[0] * cell), span, cell)
    top, left = _draw(axes, "Output", shown, 2, cell)
    _mark(axes, (top + widget.position[0] * cell, left + widget.position[1] * cell), (1, 1), cell)


def _shown_output(widget: Window) -> Array | None:
    """Return the output, NaN where it is not shown yet; None where no window fits."""
    try:
        output = widget.output.astype(float)
    except (ShapeError, ImportError):  # no window fits, or the reference is left out while work is graded
        return None
    if widget.filled >= 0:
        output.reshape(-1)[widget.filled :] = np.nan
    return output


def _draw(axes: Axes, title: str, values: Array, panel: int, cell: float) -> tuple[float, float]:
    """Draw one array in the middle of its third of the picture; return its upper left corner in inches."""
    from matplotlib.colors import LinearSegmentedColormap

    rows, columns = values.shape
    middle = WIDTH * (panel + 0.5) / 3
    top, left = (HEIGHT + HEADING - rows * cell) / 2, middle - columns * cell / 2
    known = values[np.isfinite(values)]
    least, greatest = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    limit = 1.6 * (max(-least, greatest) or 1.0)
    colours: Any = LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])
    limits = (-limit, limit)
    if cell < SMALLEST_PRINTED and least >= 0:
        colours, limits = "gray", (least, greatest)
    extent = (left, left + columns * cell, top + rows * cell, top)
    axes.imshow(values, cmap=colours, vmin=limits[0], vmax=limits[1], extent=extent, aspect="auto")
    axes.text(middle, HEADING / 2, f"{title} {rows} × {columns}", ha="center", va="center", fontsize=11)
    _frame(axes, (top, left), values.shape, cell, edgecolor="silver", linewidth=1)
    if cell >= SMALLEST_PRINTED:
        _print(axes, values, (top, left), cell)
    return top, left


def _print(axes: Axes, values: Array, corner: tuple[float, float], cell: float) -> None:
    """Print every finite value in its cell, all in one size that fits the longest."""
    known = values[np.isfinite(values)]
    decimals = 0 if np.array_equal(known, np.rint(known)) else 1 if np.abs(known).max() >= 10 else 2
    rounded = [round(float(value), decimals) + 0.0 for value in values.flat]  # adding 0.0 makes -0.0 a 0.0
    texts = [f"{value:.{decimals}f}".replace("-", "−") if np.isfinite(value) else "" for value in rounded]
    points = 72 * cell * min(0.35, 1.4 / max(1, *map(len, texts)))  # a digit is 0.6 of its size wide
    for (row, column), text in zip(np.ndindex(*values.shape), texts, strict=True):
        if text:
            place = (corner[1] + (column + 0.5) * cell, corner[0] + (row + 0.5) * cell)
            axes.text(*place, text, ha="center", va="center", fontsize=points)


def _frame(axes: Axes, corner: tuple[float, float], shape: Sequence[int], cell: float, **style: Any) -> None:
    """Frame `shape` cells from a corner (top, left) in inches."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle(corner[::-1], shape[1] * cell, shape[0] * cell, fill=False, **style))


def _mark(axes: Axes, corner: tuple[float, float], shape: Sequence[int], cell: float) -> None:
    """Frame the window: black within white, to be seen on any picture."""
    _frame(axes, corner, shape, cell, edgecolor="white", linewidth=4)
    _frame(axes, corner, shape, cell, edgecolor="black", linewidth=2)
