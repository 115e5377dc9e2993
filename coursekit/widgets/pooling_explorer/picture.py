"""The picture of the pooling explorer where no widget runs: forward above the arrow, backward behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import CourseError
from coursekit.shapes import per_axis
from coursekit.widgets.pooling_explorer.sentence import number
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer

    Values = np.ndarray[Any, Any]

LARGEST_PRINTED = 10
"""Rows or columns up to which the numbers are printed in the cells."""


def draw_maps(demo: PoolingExplorer, figure: Figure) -> None:
    """Draw input, output, arriving gradient and the input's gradient, of the shown channel."""
    for place, (title, values, is_hidden) in enumerate(_panels(demo)):
        axes = figure.add_subplot(1, 4, place + 1)
        axes.set_title(f"{title}\n{values.shape[0]} × {values.shape[1]}", fontsize=10)
        _draw(axes, values, is_hidden=is_hidden, is_picture=place < 2)
        box = _window(demo) if place in (0, 3) else (*demo.position, 1, 1)
        if values.size and box is not None:
            _frame(axes, box)
    figure.subplots_adjust(0.02, 0.02, 0.98, 0.82, wspace=0.12)


def _panels(demo: PoolingExplorer) -> list[tuple[str, Values, bool]]:
    image = _channel(demo.image, demo.channel * _pieces(demo))
    try:
        output, sent, back = demo.output_maps, demo.arriving, demo.input_gradient
    except (CourseError, ImportError):  # no window fits, or the reference is left out during grading
        nothing = np.zeros((0, 0))
        return [("Input", image, False), ("Output", nothing, False)]
    return [
        ("Input", image, False),
        (f"Output: {demo.mode}", _channel(output, demo.channel), demo.predict == "output"),
        ("Gradient at the output", _channel(sent, demo.channel), False),
        ("Gradient at the input", _channel(back, demo.channel * _pieces(demo)), demo.predict == "gradient"),
    ]


def _pieces(demo: PoolingExplorer) -> int:
    """Return how many channels of the input one channel of the output reads."""
    return demo.image.shape[0] // demo.groups if demo.mode == "maxout" and demo.image.ndim == 3 else 1


def _channel(maps: Values, channel: int) -> Values:
    return np.asarray(maps if maps.ndim == 2 else maps[min(channel, len(maps) - 1)], float)


def _window(demo: PoolingExplorer) -> tuple[int, int, int, int] | None:
    """Return (row, column, rows, columns) of the window on the input; it may begin in the padding."""
    if demo.mode.startswith("global"):
        return (0, 0, *demo.image.shape[-2:])
    if demo.mode == "maxout":
        return (*demo.position, 1, 1)
    taps = per_axis("size", demo.size, 2, least=1)
    steps = per_axis("stride", demo.stride or demo.size, 2, least=1)
    around = per_axis("padding", demo.padding, 2, least=0)
    row, column = (at * step - zeros for at, step, zeros in zip(demo.position, steps, around, strict=True))
    return (row, column, *taps)


def _draw(axes: Axes, values: Values, *, is_hidden: bool, is_picture: bool) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    axes.set_xticks([])
    axes.set_yticks([])
    if not values.size:
        axes.text(0.5, 0.5, "no window fits", ha="center", transform=axes.transAxes)
        return
    is_printed = max(values.shape) <= LARGEST_PRINTED
    limit = (1.6 if is_printed else 1.0) * (float(np.abs(values).max()) or 1.0)
    colours: Any = LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])
    limits: tuple[float | None, float | None] = (-limit, limit)
    if is_picture and not is_printed and values.min() >= 0:
        colours, limits = "gray", (None, None)
    shown = np.zeros_like(values) if is_hidden else values
    axes.imshow(shown, cmap=colours, vmin=limits[0], vmax=limits[1])
    if is_printed:
        size = 10 if max(values.shape) <= 7 else 7
        for (row, column), value in np.ndenumerate(values):
            axes.text(
                column, row, "?" if is_hidden else number(value), ha="center", va="center", fontsize=size
            )


def _frame(axes: Axes, box: tuple[int, int, int, int]) -> None:
    """Frame a window: black within white, to be seen on any picture."""
    from matplotlib.patches import Rectangle

    row, column, rows, columns = box
    for colour, width in (("white", 4), ("black", 2)):
        axes.add_patch(
            Rectangle((column - 0.5, row - 0.5), columns, rows, fill=False, edgecolor=colour, linewidth=width)
        )
