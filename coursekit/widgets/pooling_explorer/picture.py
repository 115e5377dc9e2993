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

NARROWEST = 3.5
"""Columns that a panel takes at least, for its heading."""


def draw_maps(demo: PoolingExplorer, figure: Figure) -> None:
    """Draw input, output, arriving gradient and the input's gradient, of the shown channel, in one scale."""
    panels = _panels(demo)
    rooms = [max(values.shape[1], values.shape[0] / 2, NARROWEST) for _, values, _ in panels]
    rows = max(values.shape[0] for _, values, _ in panels)
    grid = figure.add_gridspec(1, len(panels), width_ratios=rooms)
    for place, (title, values, is_hidden) in enumerate(panels):
        axes = figure.add_subplot(grid[place])
        size = f"{values.shape[0]} × {values.shape[1]}" if values.size else "none"
        axes.set_title(f"{title}\n{size}", fontsize=10)
        axes.set_axis_off()
        if not values.size:
            continue
        _draw(axes, values, is_hidden=is_hidden, is_picture=place < 2)
        box = _window(demo) if place in (0, 3) else (*demo.position, 1, 1)
        if len(panels) > 2:
            _frame(axes, box)
        height, width = values.shape
        _set_limits(axes, (height, width), (rows, rooms[place]))
    figure.subplots_adjust(0.01, 0.02, 0.99, 0.82, wspace=0.08)


def _set_limits(axes: Axes, shape: tuple[int, int], room: tuple[float, float]) -> None:
    """Show `room` rows and columns with the map in their middle: cells are equally large in all panels."""
    (height, width), (rows, columns) = shape, room
    axes.set_xlim((width - columns) / 2 - 0.6, (width + columns) / 2 - 0.4)
    axes.set_ylim((height + rows) / 2 - 0.4, (height - rows) / 2 - 0.6)


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
        ("Gradient at the input", _channel(back, demo.channel * _pieces(demo)), demo.predict != "off"),
    ]


def _pieces(demo: PoolingExplorer) -> int:
    """Return how many channels of the input one channel of the output reads."""
    return demo.image.shape[0] // demo.groups if demo.mode == "maxout" and demo.image.ndim == 3 else 1


def _channel(maps: Values, channel: int) -> Values:
    return np.asarray(maps if maps.ndim == 2 else maps[min(channel, len(maps) - 1)], float)


def _window(demo: PoolingExplorer) -> tuple[int, int, int, int]:
    """Return (row, column, rows, columns) of the window on the input: what it reads of real pixels."""
    if demo.mode.startswith("global"):
        return (0, 0, *demo.image.shape[-2:])
    if demo.mode == "maxout":
        return (*demo.position, 1, 1)
    taps = per_axis("size", demo.size, 2, least=1)
    steps = per_axis("stride", demo.stride or demo.size, 2, least=1)
    around = per_axis("padding", demo.padding, 2, least=0)
    row, column = (at * step - zeros for at, step, zeros in zip(demo.position, steps, around, strict=True))
    height, width = demo.image.shape[-2:]
    top, left = max(0, row), max(0, column)
    return (top, left, min(height, row + taps[0]) - top, min(width, column + taps[1]) - left)


def _draw(axes: Axes, values: Values, *, is_hidden: bool, is_picture: bool) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    is_printed = max(values.shape) <= LARGEST_PRINTED
    limit = (1.6 if is_printed else 1.0) * (float(np.abs(values).max()) or 1.0)
    colours: Any = LinearSegmentedColormap.from_list("blue-orange", [BLUE, "white", ORANGE])
    limits: tuple[float | None, float | None] = (-limit, limit)
    if is_picture and not is_printed and values.min() >= 0:
        colours, limits = "gray", (None, None)
    shown = np.zeros_like(values) if is_hidden else values
    axes.imshow(shown, cmap=colours, vmin=limits[0], vmax=limits[1])
    _frame(axes, (0, 0, *values.shape), inner="silver", width=1)
    if is_printed:
        size = 10 if max(values.shape) <= 7 else 7
        for (row, column), value in np.ndenumerate(values):
            axes.text(
                column, row, "?" if is_hidden else number(value), ha="center", va="center", fontsize=size
            )


def _frame(axes: Axes, box: tuple[int, int, int, int], inner: str = "black", width: float = 2) -> None:
    """Frame a window: a line within white, to be seen on any picture."""
    from matplotlib.patches import Rectangle

    row, column, rows, columns = box
    for colour, thickness in (("white", width + 2), (inner, width)):
        frame = Rectangle((column - 0.5, row - 0.5), columns, rows, fill=False)
        frame.set(edgecolor=colour, linewidth=thickness, clip_on=False)
        axes.add_patch(frame)
