"""Tensors as sheets behind each other: a layer's shapes, and the directions in which a kernel moves.

A sheet is one channel, or one slice of a volume; all are drawn to one scale, one pixel a unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE, QUIET, LectureFigure, shape_in_words
from coursekit.shapes import output_shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Shape = tuple[int, ...]
PAPER, PALE_BLUE, PALE_ORANGE = "#f4f4f4", "#dcebf7", "#fde3cd"
MOST_SHEETS = 16
DIRECTIONS = ("back", "down", "to the right")  # the last axes of an array, as they are drawn


def layer_shapes(image_shape: Shape, kernel_shape: Shape, *, bias: bool = True) -> LectureFigure:
    """Show a convolutional layer as shapes: the image, its kernels, and the maps that come out.

    Parameters
    ----------
    image_shape : (C, H, W), at most 16 channels
    kernel_shape : (F, C, h, w), at most 16 kernels; stride 1, no padding
    bias : whether every kernel has a bias

    Raises
    ------
    ShapeError
        Axes or channels that do not go together, or a kernel that does not fit.
    """
    if len(image_shape) != 3 or len(kernel_shape) != 4 or kernel_shape[1] != image_shape[0]:
        raise ShapeError(
            "image_shape must be (C, H, W) and kernel_shape (F, C, h, w) with the same C; "
            f"got {image_shape} and {kernel_shape}"
        )
    count, channels, *taps = kernel_shape
    if max(count, channels) > MOST_SHEETS:
        raise ParameterError(f"a layer of at most {MOST_SHEETS} channels and kernels can be drawn")
    rows, columns = map(int, output_shape(image_shape[1:], tuple(taps)))
    figure = LectureFigure(
        f"An image of {times(image_shape)}; {_plural(count, 'kernel')} of {times(kernel_shape[1:])}"
        f"{', each with one bias' if bias else ''}; the output of {times((count, rows, columns))}: "
        "one map for each kernel.",
        11.0,
        4.4,
    )
    axis = _canvas(figure)
    _, height, width = image_shape
    step = max(1.0, width / 20)
    at = (height // 3, width // 3)
    sheets(axis, (0, 0), image_shape, step, PAPER, INK)
    sheets(axis, at, (channels, *taps), step, PALE_ORANGE, ORANGE, above=0.5)
    left = width + channels * step + 0.22 * width
    per_column = max(1, int((height + step) // (taps[0] + 2 * step + (channels - 1) * step)))
    per_column = min(count, per_column)
    pitch = taps[0] + (channels - 1) * step + 2 * step
    start = (height - (per_column * pitch - 2 * step)) / 2 + (channels - 1) * step
    for kernel in reversed(range(count)):
        column, row = divmod(kernel, per_column)
        place = (start + row * pitch, left + column * (taps[1] + channels * step + step))
        sheets(axis, place, (channels, *taps), step, PALE_ORANGE, ORANGE)
    ends = left + -(-count // per_column) * (taps[1] + channels * step + step) - step
    output_left = ends + 0.22 * width
    sheets(axis, ((height - rows) / 2, output_left), (count, rows, columns), step, PALE_BLUE, BLUE)
    spot = (at[0] + (height - rows) / 2, at[1] + output_left)
    axis.add_patch(Rectangle((spot[1], spot[0]), 1, 1, facecolor=ORANGE, edgecolor=INK, zorder=6))
    biases = f"\n+ {_plural(count, 'bias', 'biases')}" if bias else ""
    each = " each" if count > 1 else ""
    below = height + 1.5
    _words(axis, width / 2, below, f"image\n{times(image_shape)}")
    _words(
        axis, (left + ends) / 2, below, f"{_plural(count, 'kernel')}\n{times(kernel_shape[1:])}{each}{biases}"
    )
    _words(axis, output_left + columns / 2, below, f"output\n{times((count, rows, columns))}")
    _arrow(axis, (height / 2, width + channels * step + 0.5), (height / 2, left - 1.5), QUIET)
    _arrow(axis, (height / 2, ends + 0.5), (height / 2, output_left - 1.5), QUIET)
    _fit(axis, (0, output_left + columns + count * step), (-max(channels, count) * step, below + 8))
    return figure


def directions(cases: Mapping[str, tuple[Shape, Shape]]) -> LectureFigure:
    """Show inputs, kernels and the directions in which the kernels move: as many as the output has axes.

    Parameters
    ----------
    cases : title to (shape of the input, shape of the kernel), 1 to 3 axes each, at most 3 cases.
        The kernel moves along an axis where it is shorter than the input; where it is as long, it stands.

    Raises
    ------
    ShapeError
        Shapes with other numbers of axes, or a kernel that does not fit.
    ParameterError
        No case, or too many.
    """
    if not 1 <= len(cases) <= 3:
        raise ParameterError(f"cases must be 1 to 3; got {len(cases)}")
    sentences = []
    for title, (shape, kernel) in cases.items():
        output = times(moved_shape(shape, kernel))
        moves = _moves(shape, kernel)
        sentences.append(
            f"{title}: input {times(shape)}, kernel {times(kernel)}, moves {moves}, output {output}."
        )
    figure = LectureFigure(" ".join(sentences), 11.0 if len(cases) > 1 else 6.0, 4.6)
    axes = figure.subplots(1, len(cases), squeeze=False)[0]
    ends = []
    for axis, (title, (shape, kernel)) in zip(axes, cases.items(), strict=True):
        axis.set_axis_off()
        axis.set_aspect("equal")
        axis.set_anchor("NW")
        axis.set_title(title, fontsize=16, color=INK, loc="left")
        ends.append(_one_case(axis, shape, kernel))
    for axis in axes:
        axis.set_xlim(-0.5, max(right for right, _ in ends))
        axis.set_ylim(max(below for _, below in ends), -0.8)
    return figure


def moved_shape(shape: Shape, kernel: Shape) -> Shape:
    """Return the positions of a kernel along the axes on which it moves: the axes of the output.

    >>> moved_shape((3, 32, 32), (3, 5, 5))
    (28, 28)

    Raises
    ------
    ShapeError
    """
    if len(shape) != len(kernel) or not 1 <= len(shape) <= 3:
        raise ShapeError(f"input and kernel must have the same 1 to 3 axes; got {shape} and {kernel}")
    positions = map(int, output_shape(shape, kernel))
    return tuple(count for count in positions if count > 1)


def times(shape: Sequence[int]) -> str:
    """Return a shape as it is written in prose: 3×32×32; one number for a single axis."""
    return shape_in_words(shape) or "1 number"


def sheets(
    axis: Axes,
    place: tuple[float, float],
    shape: Shape,
    step: float,
    face: str,
    edge: str,
    above: float = 0.0,
) -> None:
    """Draw `shape` (D, H, W) as D sheets, the first in front, top-left corner at `place` (row, column).

    Each sheet lies `step` higher and further right. With `above` 0.5 sheet 2 lies on sheet 2 of another
    drawing and under its sheet 1.
    """
    depth, height, width = shape
    for index in reversed(range(depth)):
        corner = (place[1] + index * step, place[0] - index * step)
        style: dict[str, Any] = {"facecolor": face, "edgecolor": edge, "linewidth": 1.6}
        axis.add_patch(Rectangle(corner, width, height, **style, zorder=3 + above - index))


def _one_case(axis: Axes, shape: Shape, kernel: Shape) -> tuple[float, float]:
    """Draw the input with the kernel at its first place, arrows where it moves, and the output below.

    Returns the right and the lower end of the drawing.
    """
    (depth, height, width), taps = _three(shape), _three(kernel)
    step = 0.9
    top = (depth - 1) * step
    sheets(axis, (top, 0), (depth, height, width), step, PAPER, INK)
    sheets(axis, (top, 0), taps, step, PALE_ORANGE, ORANGE, above=0.5)
    middle = (top + taps[1] / 2, taps[2] / 2)
    if taps[2] < width:
        _arrow(axis, (middle[0], taps[2]), (middle[0], min(width, taps[2] + 4)), ORANGE)
    if taps[1] < height:
        _arrow(axis, (top + taps[1], middle[1]), (top + min(height, taps[1] + 3), middle[1]), ORANGE)
    if taps[0] < depth:
        away = (depth - 1) * step
        start = (top - taps[0] * step + step, taps[2] + (taps[0] - 1) * step)
        _arrow(axis, start, (start[0] - away * 0.7, start[1] + away * 0.7), ORANGE)
    positions = moved_shape(shape, kernel)
    out = _three(positions or (1,))
    below = top + height + 1.4 + (out[0] - 1) * step
    sheets(axis, (below, 0), out, step, PALE_BLUE, BLUE)
    axis.text(
        0,
        below + out[1] + 0.7,
        f"input {times(shape)}, kernel {times(kernel)}\n"
        f"moves {_moves(shape, kernel).split(' (')[0]}\noutput {times(positions)}",
        fontsize=14,
        color=INK,
        va="top",
    )
    return max(width + depth * step, 15), below + out[1] + 5.2


def _moves(shape: Shape, kernel: Shape) -> str:
    names = DIRECTIONS[-len(shape) :]
    along = [name for name, n, k in zip(names, shape, kernel, strict=True) if k < n]
    words = " and ".join([", ".join(along[:-1]), along[-1]]) if len(along) > 1 else "".join(along)
    return f"in {_plural(len(along), 'direction')}" + (f" ({words})" if words and len(along) < 3 else "")


def _three(shape: Shape) -> tuple[int, int, int]:
    depth, height, width = (1,) * (3 - len(shape)) + shape
    return depth, height, width


def _canvas(figure: LectureFigure) -> Axes:
    axis: Axes = figure.subplots()
    axis.set_axis_off()
    axis.set_aspect("equal")
    return axis


def _fit(axis: Axes, across: tuple[float, float], down: tuple[float, float]) -> None:
    axis.set_xlim(across[0] - 1, across[1] + 1)
    axis.set_ylim(down[1] + 1, down[0] - 1)


def _words(axis: Axes, column: float, row: float, text: str) -> None:
    axis.text(column, row, text, ha="center", va="top", fontsize=16, color=INK)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 2.6, "mutation_scale": 20, "shrinkA": 0}
    axis.annotate("", xy=end[::-1], xytext=start[::-1], arrowprops={**style, "shrinkB": 0}, zorder=7)


def _plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
