"""The picture shown where no widget runs: nbconvert, GitHub, untrusted notebooks."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from coursekit.errors import ShapeError
from coursekit.shapes import per_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Array = np.ndarray[Any, Any]

LARGEST_PRINTED = 14
"""Rows or columns of the largest array whose numbers are printed."""

BLUE, ORANGE = "#2166ac", "#d95f02"


class Window(Protocol):
    """What the picture needs to know of a widget."""

    image: Array
    kernel: Array
    stride: int | tuple[int, int]
    padding: int | tuple[int, int]
    dilation: int | tuple[int, int]
    position: tuple[int, int]

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
    try:
        value = widget.output[widget.position]
    except ShapeError:
        return f"{start}: the kernel does not fit inside the input."
    row, column = widget.position
    return f"{start}. At output row {row}, column {column}: {written_sum(widget)} = {_number(value)}."


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
    try:
        output: Array | None = widget.output
    except ShapeError:
        output = None
    figure = Figure(figsize=(8, 3), dpi=100)  # not pyplot: its list of figures is the student's
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, 3)
    _draw(axes[0], "Input", widget.image)
    _draw_padding(axes[0], widget)
    _draw(axes[1], "Kernel", widget.kernel)
    if output is None:
        axes[2].set_axis_off()
    else:
        _draw(axes[2], "Output", output)
        _frame(axes[2], widget.position[0], widget.position[1], (1, 1))
        rows, columns = _taps(widget, 0), _taps(widget, 1)
        _frame(axes[0], rows[0], columns[0], (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _draw(axes: Axes, title: str, values: Array) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    rows, columns = values.shape
    limit = float(np.abs(values).max()) or 1.0
    if max(rows, columns) > LARGEST_PRINTED and values.min() >= 0:
        axes.imshow(values, cmap="gray")
    else:
        colours = LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])
        axes.imshow(values, cmap=colours, vmin=-1.6 * limit, vmax=1.6 * limit)
    axes.set_title(f"{title} {rows} × {columns}", fontsize=11)
    axes.set_xticks([])
    axes.set_yticks([])
    if max(rows, columns) <= LARGEST_PRINTED:
        size = min(13, 100 / max(rows, columns) ** 1.1)
        for (row, column), value in np.ndenumerate(values):
            axes.text(column, row, f"{value:.3g}".replace("-", "−"), ha="center", va="center", fontsize=size)


def _draw_padding(axes: Axes, widget: Window) -> None:
    from matplotlib.patches import Rectangle

    rows, columns = per_axis("padding", widget.padding, 2, least=0)
    height, width = widget.image.shape
    axes.set_xlim(-0.5 - columns, width - 0.5 + columns)
    axes.set_ylim(height - 0.5 + rows, -0.5 - rows)
    if rows or columns:
        axes.set_frame_on(False)
        size = (width + 2 * columns, height + 2 * rows)
        axes.add_patch(
            Rectangle((-0.5 - columns, -0.5 - rows), *size, fill=False, linestyle="--", clip_on=False)
        )


def _frame(axes: Axes, row: int, column: int, shape: tuple[int, int]) -> None:
    from matplotlib.patches import Rectangle

    corner = (column - 0.5, row - 0.5)
    axes.add_patch(
        Rectangle(corner, shape[1], shape[0], fill=False, linewidth=2.5, edgecolor="black", clip_on=False)
    )
