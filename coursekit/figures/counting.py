"""The parameters of a network: kernels drawn weight by weight, and the totals of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.patches import FancyBboxPatch, Rectangle

from coursekit.errors import ParameterError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, shape_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coursekit.shapes import Layer


def kernel_bank(kernels: int, channels: int, height: int, width: int, *, bias: bool = True) -> LectureFigure:
    """Draw the kernels of a convolution with all their weights, a sheet for each channel, and their biases.

    Parameters
    ----------
    kernels, channels, height, width : ints >= 1: at most 6 kernels, 6 channels and 7 rows and columns
    bias : whether each kernel has one

    Raises
    ------
    ParameterError
    """
    from coursekit.shapes import positive_int

    shape = (kernels, channels, height, width)
    for name, number, most in zip(
        ("kernels", "channels", "height", "width"), shape, (6, 6, 7, 7), strict=True
    ):
        if positive_int(name, number) > most:
            raise ParameterError(f"{name} must be at most {most} to be drawn; got {number}")
    weights = channels * height * width
    total = kernels * (weights + bias)
    figure = LectureFigure(
        f"{kernels} kernels of {channels} channels, {height} rows and {width} columns: {weights} weights"
        f"{' and one bias' if bias else ''} each, {total} parameters in all.",
        11.0,
        3.6,
    )
    axis = figure.subplots()
    step = width + 0.45 * height + (channels - 1) * 0.7 + 1.5
    for kernel in range(kernels):
        _one_kernel(axis, kernel * step, channels, height, width, bias=bias)
        name = f"kernel {kernel}"
        axis.text(
            kernel * step + width / 2, height + 0.9, name, ha="center", va="center", fontsize=14, color=INK
        )
    axis.set_xlim(-0.5, kernels * step)
    axis.set_ylim(height + 1.5, -0.7 * channels - 0.4)
    axis.set_aspect("equal")
    axis.set_axis_off()
    per_kernel = f"{channels} · {height} · {width}" + " + 1" * bias
    axis.set_title(
        f"{kernels} · ({per_kernel}) = {total} parameters"
        if bias
        else f"{kernels} · {per_kernel} = {total} weights",
        fontsize=16,
        color=INK,
    )
    return figure


def _one_kernel(axis: Axes, left: float, channels: int, height: int, width: int, *, bias: bool) -> None:
    for channel in reversed(range(channels)):
        shift = 0.7 * channel
        for row in range(height):
            for column in range(width):
                corner = (left + shift + column, row - shift)
                axis.add_patch(Rectangle(corner, 1, 1, facecolor="#fbe3d3", edgecolor=ORANGE, linewidth=1.2))
    if bias:
        spot = (left + width + 0.7 * (channels - 1) + 0.8, height - 0.5)
        style = {"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": BLUE, "linewidth": 2.2}
        axis.text(*spot, "b", ha="center", va="center", fontsize=13, color=INK, bbox=style)


def total_parameters(
    layers: Sequence[Layer], input_shape: Sequence[int], *, title: str = ""
) -> LectureFigure:
    """Draw a network as a row of boxes, the shape behind each and its parameters below it, and their sum.

    Layers that work number by number (`ReLU`, `Tanh`, `Softmax`) are left out.

    Parameters
    ----------
    layers : what the input goes through, first to last; at most 9 of them are drawn
    input_shape : of one example, (C, *spatial) or (n,)
    title : what the network is called

    Raises
    ------
    ParameterError, ShapeError
    """
    from coursekit.shapes import summarise

    summary = summarise(layers, input_shape)
    drawn = [row for row, layer in zip(summary.rows, layers, strict=True) if short_name(layer)]
    if not 1 <= len(drawn) <= 9:
        raise ParameterError(f"layers must have 1 to 9 layers to draw; got {len(drawn)}")
    counts = "; ".join(f"{row.description}: {row.parameters:,}" for row in drawn)
    named = f"{title}. " if title else ""
    figure = LectureFigure(
        f"{named}Parameters layer by layer. {counts}. In all {summary.parameters:,}.", 12.4, 3.7
    )
    axis = figure.subplots()
    boxes: list[tuple[str, str, int | None]] = [("input", shape_in_words(input_shape), None)]
    boxes += [
        (short_name(layers[row.index]), shape_in_words(row.output_shape), row.parameters) for row in drawn
    ]
    for index, (name, shape, count) in enumerate(boxes):
        _box(axis, index, name, learns=bool(count))
        axis.text(index, 1.02, shape, ha="center", va="center", fontsize=13, color=INK)
        if count is not None:
            axis.text(index, -1.0, f"{count:,}", ha="center", va="center", fontsize=14, color=INK)
        if index:
            arrow = {"arrowstyle": "->", "color": INK, "linewidth": 1.5}
            axis.annotate("", (index - 0.4, 0), (index - 0.61, 0), arrowprops=arrow)
    axis.text(-0.42, 1.45, "shape behind the layer", fontsize=12, color=INK, va="center")
    axis.text(-0.42, -1.0, "parameters", fontsize=12, color=INK, va="center")
    sums = " + ".join(f"{row.parameters:,}" for row in drawn if row.parameters)
    whole = f"{sums} = {summary.parameters:,}" if sums else "0"
    axis.text((len(boxes) - 1) / 2, -1.65, whole, ha="center", va="center", fontsize=16, color=INK)
    axis.set_xlim(-0.6, len(boxes) - 0.4)
    axis.set_ylim(-2.0, 1.75)
    axis.set_axis_off()
    axis.set_title(title, fontsize=16, color=INK)
    return figure


def _box(axis: Axes, index: int, name: str, *, learns: bool) -> None:
    axis.add_patch(
        FancyBboxPatch(
            (index - 0.37, -0.6),
            0.74,
            1.2,
            boxstyle="round,pad=0.04",
            facecolor="#fbe3d3" if learns else "white",
            edgecolor=ORANGE if learns else QUIET,
            linewidth=2.4 if learns else 1.4,
            linestyle="-" if learns else "--",
        )
    )
    axis.text(index, 0, name, ha="center", va="center", fontsize=12, color=INK)


def short_name(layer: Layer) -> str:
    """Return a layer's name in two short lines, or nothing where it is not drawn."""
    from coursekit.shapes import Convolution, Dense, Flatten, GlobalPooling, Pooling

    if isinstance(layer, Convolution):
        return f"convolution\n{layer.kernels} @ {shape_in_words(layer.kernel_size)}"
    if isinstance(layer, Pooling):
        return f"pooling\n{shape_in_words(layer.size)}"
    if isinstance(layer, GlobalPooling):
        return "global\npooling"
    if isinstance(layer, Dense):
        return f"dense\n{layer.units}"
    return "flatten" if isinstance(layer, Flatten) else ""
