"""Pooling in pictures: a window on a grid, all windows at once, and maps that become one number."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, MOST_NUMBERS, ORANGE, LectureFigure, by, frame, printed
from coursekit.figures.grids import number_grid, row_of_grids, size_of_grids

Mode = Literal["max", "average"]


def pool_step(
    image: Any,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] | None = None,
    position: tuple[int, int] | None = None,
    mode: Mode = "max",
) -> LectureFigure:
    """Show pooling on a grid of numbers: one window and what it gives, or all windows at once.

    Parameters
    ----------
    image : array of shape (H, W), at most 100 numbers
    size, stride : as in `max_pool`; stride None is the size
    position : (row, column) of the output; the outputs up to it are filled in
        None frames all windows, which must not overlap then.
    mode : 'max' or 'average'

    Raises
    ------
    ShapeError, ParameterError
    """
    pixels = _grid(image)
    height, width = _pair(size)
    down, across = (height, width) if stride is None else _pair(stride)
    output = np.asarray(pooled(pixels, (height, width), mode, stride=(down, across)))
    if position is None and (down < height or across < width):
        raise ParameterError("position must be given where windows overlap; got None")
    rows, columns = output.shape
    row, column = (rows - 1, columns - 1) if position is None else position
    if not (0 <= row < rows and 0 <= column < columns):
        raise ParameterError(f"position must lie in the output of shape {output.shape}; got {position!r}")
    window = pixels[row * down : row * down + height, column * across : column * across + width]
    sentence = f"{_written(window, mode)} = {printed(output[row, column])}"
    words = (
        f"All {output.size} windows of {height}×{width} numbers, stride {down} down and {across} across, "
        f"on a {by(pixels)} input; their {kind(mode)}: {output.tolist()}."
        if position is None
        else f"The window of {height}×{width} numbers at output row {row}, column {column}: {sentence}."
    )
    figure = LectureFigure(words, *size_of_grids(pixels, output))
    left, right = row_of_grids(figure, pixels, output)
    number_grid(left, pixels, f"input {by(pixels)}")
    number_grid(
        right,
        output,
        f"{mode} {by(output)}",
        color=BLUE,
        shown=np.arange(output.size).reshape(output.shape) <= row * columns + column,
    )
    if position is None:
        for r in range(rows):
            for c in range(columns):
                left.add_patch(frame(r * down, c * across, (height, width), ORANGE))
    else:
        left.add_patch(frame(row * down, column * across, (height, width), ORANGE))
        right.add_patch(frame(row, column, (1, 1), BLUE))
        figure.supxlabel(sentence, fontsize=17, color=INK)
    return figure


def global_pooling(maps: Any, mode: Mode = "max") -> LectureFigure:
    """Show how each map becomes one number, and the maps together a vector of features.

    Parameters
    ----------
    maps : array of shape (C, H, W), 1 to 4 maps of at most 36 numbers each
    mode : 'max' or 'average'

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.reference import global_average_pool, global_max_pool

    stack = np.asarray(maps)
    if stack.ndim != 3 or not 1 <= stack.shape[0] <= 4 or stack[0].size > 36:
        raise ShapeError(f"maps must be (C, H, W), 1 to 4 maps of at most 36 numbers; got {stack.shape}")
    _check_mode(mode)
    features = (global_max_pool if mode == "max" else global_average_pool)(stack)
    vector = np.asarray(features)[:, None]
    figure = LectureFigure(
        f"Global {mode} pooling: {stack.shape[0]} maps of {by(stack[0])} numbers become the vector "
        f"{[float(f'{value:.3g}') for value in features]}.",
        *size_of_grids(*stack, vector),
    )
    *axes, last = row_of_grids(figure, *stack, vector)
    for index, (axis, plane) in enumerate(zip(axes, stack, strict=True)):
        number_grid(axis, plane, f"map {index}")
        if mode == "max":
            row, column = np.unravel_index(plane.argmax(), plane.shape)
            axis.add_patch(frame(int(row), int(column), (1, 1), BLUE))
        else:
            axis.add_patch(frame(0, 0, plane.shape, BLUE))
    number_grid(last, vector, f"{mode} of each", color=BLUE)
    return figure


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _grid(image: Any) -> Any:
    pixels = np.asarray(image)
    if pixels.ndim != 2:
        raise ShapeError(f"image must have shape (H, W); got {pixels.shape}")
    if pixels.size > MOST_NUMBERS:
        raise ParameterError(f"image must have at most {MOST_NUMBERS} numbers; got {pixels.size}")
    return pixels


def _check_mode(mode: str) -> None:
    if mode not in ("max", "average"):
        raise ParameterError(f"mode must be 'max' or 'average'; got {mode!r}")


def pooled(pixels: Any, size: tuple[int, ...], mode: str, **settings: Any) -> Any:
    from coursekit.reference import average_pool, max_pool

    _check_mode(mode)
    return (max_pool if mode == "max" else average_pool)(pixels, size, **settings)


def kind(mode: str) -> str:
    return "maxima" if mode == "max" else "means"


def _written(window: Any, mode: str) -> str:
    """Return "max(3, 1, 4, 6)" or "(3 + 1 + 4 + 6) / 4"."""
    numbers = [printed(value) for value in window.ravel()]
    return f"max({', '.join(numbers)})" if mode == "max" else f"({' + '.join(numbers)}) / {len(numbers)}"
