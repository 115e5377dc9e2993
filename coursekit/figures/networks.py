"""Networks in pictures: their structure, two ways to name layers, and all maps of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_HEIGHT,
    ORANGE,
    QUIET,
    LectureFigure,
    by,
    picture_panel,
    printed,
    quiet_panel,
    shape_in_words,
    signed_panel,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coursekit.shapes.window_layer import Layer

MOST_STATES, MOST_MAPS = 9, 4


def network_diagram(layers: Sequence[Layer], input_shape: Sequence[int]) -> LectureFigure:
    """Show what a network makes of the shape of its input, layer by layer: sheets are maps, bars vectors.

    Parameters
    ----------
    layers : layers of `coursekit.shapes`; those that keep every shape (ReLU) are named beside the one before
    input_shape : (C, H, W) of one example

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes.layers import stages

    shapes: list[tuple[int, ...]] = [tuple(input_shape)]
    names: list[list[str]] = []
    for stage in stages(layers, input_shape):
        words = str(stage).replace(" @ ", "\n").replace(", ", "\n").replace(" pooling ", "\npooling\n")
        words = words.replace("Global ", "Global\n")
        if names and stage.output_shape == stage.input_shape:
            names[-1].append(words)
        else:
            names.append([words])
            shapes.append(stage.output_shape)
    if len(shapes) > MOST_STATES:
        raise ParameterError(
            f"layers must change the shape at most {MOST_STATES - 1} times; got {len(names)}"
        )
    flow = ", ".join(
        f"{' and '.join(name).replace(chr(10), ' ')} gives {shape_in_words(shape)}"
        for name, shape in zip(names, shapes[1:], strict=True)
    )
    figure = LectureFigure(f"A network: the input is {shape_in_words(shapes[0])}; {flow}.", 13.0, 4.2)
    axis = figure.subplots()
    axis.set_axis_off()
    axis.set_aspect("equal")
    gap = 13.0 / len(shapes)
    axis.set_xlim(-gap / 2, gap * (len(shapes) - 0.5))
    axis.set_ylim(-2.35, 1.5)
    most = max(max(shape[1:], default=1) for shape in shapes)
    for index, shape in enumerate(shapes):
        top = _state(axis, index * gap, shape, most, width=min(gap * 0.5, 1.15))
        text = shape_in_words(shape)
        axis.text(index * gap, top + 0.12, text, ha="center", va="bottom", fontsize=14, color=INK)
    for index, name in enumerate(names):
        middle = (index + 0.5) * gap
        arrow = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2}
        axis.annotate("", (middle + 0.2, 0), (middle - 0.2, 0), arrowprops=arrow)
        axis.text(middle, -1.2, "\n".join(name), ha="center", va="top", fontsize=13, color=INK)
    return figure


def layer_terminology() -> LectureFigure:
    """Show the same three stages named twice: as one complex layer, and as three simple layers."""
    figure = LectureFigure(
        "Left, complex-layer terminology: one convolutional layer holds three stages, convolution stage, "
        "detector stage and pooling stage. Right, simple-layer terminology: convolution layer, detector "
        "layer and pooling layer are three layers.",
        10.5,
        5.6,
    )
    left, right = figure.subplots(1, 2)
    stages = ["convolution", "detector", "pooling"]
    notes = ["sums of products: linear", "a non-linear function, e.g. ReLU", "one number for a window"]
    _flow(
        left, "complex layers: 1 layer", ["input", *(f"{name} stage" for name in stages), "next layer"], notes
    )
    _flow(
        right,
        "simple layers: 3 layers",
        ["input", *(f"{name} layer" for name in stages), "next layer"],
        notes,
    )
    _box(left, 0.03, -3.5, 0.94, 2.98, BLUE, dashed=True)
    left.text(0.03, -0.36, "convolutional layer", fontsize=14, color=BLUE, va="center")
    return figure


def network_maps(states: Mapping[str, Any], *, alt: str) -> LectureFigure:
    """Show everything that a network computes for one picture: a column for each state, a row for each map.

    Parameters
    ----------
    states : name to array, from left to right
        (H, W), or (3, H, W) as the first one: a picture from 0 (black) to 1 (white). (C, H, W), 1 to 4 maps:
        blue is negative, white 0, orange positive, on one scale a column (its largest 0.5 % are cut off).
        (C,): numbers.
    alt : the sentence that says what they show

    Raises
    ------
    ShapeError, ParameterError
    """
    arrays = {name: np.asarray(array) for name, array in states.items()}
    if not 1 <= len(arrays) <= MOST_STATES:
        raise ParameterError(f"states must be 1 to {MOST_STATES}; got {len(arrays)}")
    rows = 1
    for index, (name, array) in enumerate(arrays.items()):
        is_picture = array.ndim == 2 or (index == 0 and array.ndim == 3 and array.shape[0] == 3)
        if not is_picture and (array.ndim not in (1, 3) or not 1 <= array.shape[0] <= MOST_MAPS):
            raise ShapeError(
                f"{name!r} must be (H, W), (C, H, W) or (C,), 1 to {MOST_MAPS} maps; got shape {array.shape}"
            )
        rows = rows if is_picture else max(rows, array.shape[0])
    widths = [0.7 if array.ndim == 1 else 1.0 for array in arrays.values()]
    height = min(MOST_HEIGHT, 1.05 + 12.6 / sum(widths) * rows * _tallest(arrays))
    figure = LectureFigure(alt, 12.8, max(height, 2.2))
    grid = figure.add_gridspec(rows, len(arrays), width_ratios=widths)
    for column, (name, array) in enumerate(arrays.items()):
        title = f"{name}\n{by(array)}"
        if array.ndim == 1:
            _vector_panel(figure.add_subplot(grid[:, column]), array, title)
        elif array.ndim == 2 or (column == 0 and array.shape[0] == 3):
            picture_panel(figure.add_subplot(grid[:, column]), array, title)
        else:
            limit = float(np.percentile(np.abs(array), 99.5)) or 1.0  # a few extremes would pale all else
            for row, plane in enumerate(array):
                signed_panel(figure.add_subplot(grid[row, column]), plane, "" if row else title, limit=limit)
    for axis in figure.axes:
        axis.title.set_fontsize(14)
    return figure


def _vector_panel(axis: Axes, numbers: Any, title: str) -> None:
    quiet_panel(axis, title)
    axis.set_xlim(-0.5, 0.5)
    axis.set_ylim(len(numbers) - 0.5, -0.5)
    axis.set_box_aspect(0.5 * len(numbers))
    for row, value in enumerate(numbers):
        text = printed(value, ".3f")
        axis.text(0, row, text, ha="center", va="center", fontsize=15, color=BLUE)
        axis.axhline(row + 0.5, color=QUIET, linewidth=1.2)


def _tallest(arrays: Mapping[str, Any]) -> float:
    return max(
        (array.shape[-2] / array.shape[-1] for array in arrays.values() if array.ndim > 1), default=1.0
    )


def _state(axis: Axes, x: float, shape: tuple[int, ...], most: int, width: float) -> float:
    """Draw maps as sheets one behind the other, or a vector as a bar; return where the drawing ends above."""
    from matplotlib.patches import Rectangle

    if len(shape) == 1:
        tall = 0.5 + 1.3 * min(1.0, np.log10(shape[0] + 1) / 3)
        axis.add_patch(Rectangle((x - 0.09, -tall / 2), 0.18, tall, facecolor=BLUE, edgecolor=INK))
        return float(tall / 2)
    sheets = min(shape[0], 5)
    side = width * (0.35 + 0.65 * max(shape[1:]) / most)
    shift = 0.09
    start = -side / 2 - shift * (sheets - 1) / 2
    for sheet in reversed(range(sheets)):
        corner = (x + start + sheet * shift, start + sheet * shift)
        axis.add_patch(Rectangle(corner, side, side, facecolor="#dbe8f4", edgecolor=INK, linewidth=1.2))
    return float(start + (sheets - 1) * shift + side)


def _flow(axis: Axes, title: str, names: Sequence[str], notes: Sequence[str]) -> None:
    axis.set_axis_off()
    axis.set_xlim(0, 1)
    axis.set_ylim(-4.75, 0.45)
    axis.set_title(title, fontsize=16, color=INK)
    for index, name in enumerate(names):
        is_stage = 0 < index < len(names) - 1
        if is_stage:
            _box(axis, 0.12, -index - 0.36 + 0.05, 0.76, 0.66, ORANGE)
            axis.text(0.5, -index + 0.16, name, ha="center", va="center", fontsize=15, color=INK)
            axis.text(0.5, -index - 0.13, notes[index - 1], ha="center", va="center", fontsize=12, color=INK)
        else:
            axis.text(0.5, -4.2 if index else 0, name, ha="center", va="center", fontsize=15, color=INK)
        if index:
            top = -index + 1 - 0.32 if index > 1 else -0.18
            arrow = {"arrowstyle": "-|>", "color": QUIET, "linewidth": 2}
            end = -index + 0.34 if is_stage else -4.02
            axis.annotate("", (0.5, end), (0.5, top), arrowprops=arrow)


def _box(
    axis: Axes, x: float, y: float, width: float, height: float, color: str, *, dashed: bool = False
) -> None:
    from matplotlib.patches import Rectangle

    style = (0, (4, 2)) if dashed else "-"
    axis.add_patch(
        Rectangle((x, y), width, height, fill=False, edgecolor=color, linewidth=2.5, linestyle=style)
    )
