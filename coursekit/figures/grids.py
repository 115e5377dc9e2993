"""Small arrays as grids of numbers, and one step of the sliding window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_NUMBERS,
    ORANGE,
    QUIET,
    SIGNED,
    LectureFigure,
    by,
    frame,
    printed,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def window_step(image: Any, kernel: Any, position: tuple[int, int]) -> LectureFigure:
    """Show one step of cross-correlation: the window, the kernel on it, and the output so far.

    Parameters
    ----------
    image : array of shape (H, W), at most 100 numbers
    kernel : array of shape (KH, KW)
    position : (row, column) of the output; the outputs up to it are filled in, the rest left blank

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.reference import correlate

    image, kernel = np.asarray(image), np.asarray(kernel)
    output = correlate(image, kernel)
    row, column = position
    if not (0 <= row < output.shape[0] and 0 <= column < output.shape[1]):
        raise ParameterError(f"position must lie in the output of shape {output.shape}; got {position!r}")
    if image.size > MOST_NUMBERS:
        raise ParameterError(f"image must have at most {MOST_NUMBERS} numbers; got {image.size}")
    window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    sum_of_products = " + ".join(f"{x:g}×{k:g}" for x, k in zip(window.ravel(), kernel.ravel(), strict=True))
    figure = LectureFigure(
        f"The window at row {row}, column {column} of the input, multiplied by the kernel and summed: "
        f"{sum_of_products} = {output[row, column]:g}.",
        *size_of_grids(image, kernel, output),
    )
    axes = row_of_grids(figure, image, kernel, output)
    number_grid(axes[0], image, f"input {by(image)}")
    axes[0].add_patch(frame(row, column, kernel.shape, ORANGE))
    number_grid(axes[1], kernel, f"kernel {by(kernel)}", color=ORANGE)
    done = np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + column
    number_grid(axes[2], output, f"output {by(output)}", color=BLUE, shown=done)
    axes[2].add_patch(frame(row, column, (1, 1), BLUE))
    figure.supxlabel(f"{sum_of_products} = {output[row, column]:g}", fontsize=17, color=INK)
    return figure


def grids(arrays: Mapping[str, Any], *, alt: str) -> LectureFigure:
    """Show small arrays side by side, each a grid of numbers under its name, on one scale of colour.

    Parameters
    ----------
    arrays : name to array of shape (H, W) or (N,), at most 100 numbers each
    alt : the sentence that says what they show
    """
    shown = {name: np.atleast_2d(array) for name, array in arrays.items()}
    figure = LectureFigure(alt, *size_of_grids(*shown.values()))
    axes = row_of_grids(figure, *shown.values())
    limit = max(float(np.abs(array).max()) for array in shown.values()) or 1.0
    for axis, (name, array) in zip(axes, shown.items(), strict=True):
        number_grid(axis, array, name, limit=limit)
    return figure


def number_grid(
    axis: Axes, array: Any, title: str, *, color: str = INK, shown: Any = None, limit: float | None = None
) -> None:
    """Draw `array` (H, W) on `axis` as cells with their numbers; `shown` (H, W) hides those that are False.

    With `limit`, cells are shaded from blue (-limit) through white (0) to orange (limit).
    """
    rows, columns = array.shape
    visible = np.ones(array.shape, dtype=bool) if shown is None else shown
    shades = array if limit else np.zeros(array.shape)
    axis.imshow(shades, cmap=SIGNED, vmin=-(limit or 1) * 1.6, vmax=(limit or 1) * 1.6)
    size = min(24.0, 110.0 / max(rows, columns))
    for row in range(rows):
        for column in range(columns):
            text = printed(array[row, column]) if visible[row, column] else ""
            axis.text(column, row, text, ha="center", va="center", fontsize=size, color=color)
    axis.set_xticks(np.arange(columns + 1) - 0.5, [])
    axis.set_yticks(np.arange(rows + 1) - 0.5, [])
    axis.grid(color=QUIET, linewidth=1.2)
    axis.tick_params(length=0)
    axis.spines[:].set_color(QUIET)
    axis.set_title(title, fontsize=16, color=INK)


def size_of_grids(*arrays: Any) -> tuple[float, float]:
    """Return the width and height in inches of a row of number grids whose cells all have one size."""
    cell = min(0.95, 11.0 / sum(array.shape[1] for array in arrays))
    width = sum(max(array.shape[1] * cell, 1.9) + 0.45 for array in arrays)
    return width, max(array.shape[0] for array in arrays) * cell + 1.2


def row_of_grids(figure: LectureFigure, *arrays: Any) -> list[Axes]:
    """Return one axis for each array, as wide as its columns ask."""
    widths = [array.shape[1] for array in arrays]
    return list(figure.subplots(1, len(arrays), squeeze=False, width_ratios=widths)[0])
