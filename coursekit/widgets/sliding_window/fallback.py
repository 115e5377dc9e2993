"""The picture shown where no widget runs: nbconvert, GitHub, untrusted notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ShapeError
from coursekit.shapes import per_axis
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.widgets.sliding_window.sliding_window import SlidingWindow

    Array = np.ndarray[Any, Any]

WIDTH, HEIGHT, HEADING = 8.0, 3.0, 0.4
"""The picture and the line of headings in it, in inches."""

PANEL = 2.5
"""The largest panel, in inches."""

SMALLEST_PRINTED = 0.17
"""The smallest cell that a number is printed in, in inches."""


def describe(widget: SlidingWindow) -> str:
    """Return the shapes, the position and the sum as one or two sentences."""
    sizes, taps = (written_shape(array, widget) for array in (widget.image, widget.kernel))
    flipped = widget.conventions.operation == "convolution"
    name = "convolution (the kernel is turned by half a turn)" if flipped else "cross-correlation"
    start = f"Sliding window, {name} of a {sizes} input with a {taps} kernel"
    output = _shown_output(widget)
    if output is None:
        return f"{start}: the kernel does not fit inside the input."
    row, column = widget.position
    value = output[row, column]
    answer = _number(value) if np.isfinite(value) else "?"
    return f"{start}. At output row {row}, column {column}: {written_sum(widget)} = {answer}."


def written_shape(array: Array, widget: SlidingWindow) -> str:
    """Return "3 × 4", or "2 × 3 × 4 (channels first)" in the order that the conventions say."""
    sizes = array.shape
    if array.ndim == 3 and widget.conventions.channels == "last":
        sizes = (*sizes[1:], sizes[0])
    note = f" (channels {widget.conventions.channels})" if array.ndim == 3 else ""
    return " × ".join(map(str, sizes)) + note


def written_sum(widget: SlidingWindow, longest: int = 12) -> str:
    """Return the products at the position, "0×0 + 1×1", shortened in the middle if they are many."""
    pixels, weights = window_values(widget).ravel(), sliding_kernel(widget).ravel()
    terms = [f"{_factor(pixel)}×{_factor(weight)}" for pixel, weight in zip(pixels, weights, strict=True)]
    if len(terms) > longest:
        terms = [*terms[:4], "…", *terms[-2:]]
    return " + ".join(terms)


def _factor(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


def _number(value: float) -> str:
    return f"{value:.5g}".replace("-", "−")


def sliding_kernel(widget: SlidingWindow) -> Array:
    """Return the kernel as it slides: turned by half a turn where the operation is convolution."""
    flipped = widget.conventions.operation == "convolution"
    kernel: Array = widget.kernel
    return kernel[..., ::-1, ::-1] if flipped else kernel


def window_values(widget: SlidingWindow) -> Array:
    """Return the values under the taps, of the kernel's shape, with zeros where a tap stands outside."""
    rows, columns = _taps(widget, 0), _taps(widget, 1)
    height, width = widget.image.shape[-2:]
    values = np.zeros(widget.image.shape[:-2] + widget.kernel.shape[-2:], widget.image.dtype)
    down = np.flatnonzero((rows >= 0) & (rows < height))
    across = np.flatnonzero((columns >= 0) & (columns < width))
    values[..., down[:, None], across] = widget.image[..., rows[down][:, None], columns[across]]
    return values


def _taps(widget: SlidingWindow, axis: int) -> Array:
    """Return the input rows (axis 0) or columns (axis 1) of the taps; some may lie outside."""
    stride, padding, dilation = (
        per_axis(name, getattr(widget, name), 2, least=0)[axis] for name in ("stride", "padding", "dilation")
    )
    start = int(widget.position[axis]) * stride - padding
    return start + dilation * np.arange(widget.kernel.shape[axis - 2])


def draw(figure: Figure, widget: SlidingWindow) -> None:
    """Draw the input, kernel and output side by side; of an input with channels, the one in front."""
    # One pair of axes in inches for all three panels: each further pair would cost as much time again.
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.set_axis_off()
    _draw_panels(axes, widget)


def _draw_panels(axes: Axes, widget: SlidingWindow) -> None:
    image, kernel = (_in_front(array, widget) for array in (widget.image, sliding_kernel(widget)))
    around = per_axis("padding", widget.padding, 2, least=0)
    padded = [size + 2 * zeros for size, zeros in zip(image.shape, around, strict=True)]
    shown = _shown_output(widget)
    shapes = [padded, kernel.shape, *([] if shown is None else [shown.shape])]
    cell = min(PANEL / max(map(max, [padded, *shapes[2:]])), 0.5)
    channel = f", channel {widget.channel}" if widget.image.ndim == 3 else ""
    turned = ", turned" if widget.conventions.operation == "convolution" else ""
    top, left = _draw(axes, f"Input{channel}", image, 0, cell)
    if any(around):
        corner = (top - around[0] * cell, left - around[1] * cell)
        _frame(axes, corner, padded, cell, linestyle="--", edgecolor="gray")
    _draw(axes, f"Kernel{turned}", kernel, 1, max(cell, min(0.4, 0.5 * PANEL / max(kernel.shape))))
    if shown is None:
        return
    rows, columns = _taps(widget, 0), _taps(widget, 1)
    span = (rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    _mark(axes, (top + rows[0] * cell, left + columns[0] * cell), span, cell)
    top, left = _draw(axes, "Output", shown, 2, cell)
    _mark(axes, (top + widget.position[0] * cell, left + widget.position[1] * cell), (1, 1), cell)


def _in_front(array: Array, widget: SlidingWindow) -> Array:
    """Return the channel in front, or the array itself if it has no channels; the kernel may have fewer."""
    return array if array.ndim == 2 else array[min(widget.channel, array.shape[0] - 1)]


def _shown_output(widget: SlidingWindow) -> Array | None:
    """Return the output, NaN where it is not shown yet; None where no window fits."""
    try:
        output = widget.output.astype(float)
    except (ShapeError, ImportError):  # no window fits, or the reference is left out while work is graded
        return None
    cells = output.reshape(-1)
    if widget.predict:
        hidden = np.ones(cells.size, bool)
        hidden[[place for place in widget.predicted if place < cells.size]] = False
        cells[hidden] = np.nan
    elif widget.filled >= 0:
        cells[widget.filled :] = np.nan
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
