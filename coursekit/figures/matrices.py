"""Convolution as a matrix: written out in letters, as a picture of its numbers, and by its zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_WIDTH,
    ORANGE,
    QUIET,
    SIGNED,
    LectureFigure,
    by,
    fitting,
    frame,
    printed,
    quiet_panel,
)

MOST_ENTRIES = 200
# The code of a matrix stands above its picture: both must fit the page of a projector, in inches.
ROOM_BELOW_CODE = 5.0


def written_out(
    matrix: Any, signal: Any, output: Any = None, *, marked: int | None = None, title: str = ""
) -> LectureFigure:
    """Show matrix times column, and optionally what comes out, with letters or numbers in the cells.

    Parameters
    ----------
    matrix : nested lists or array of shape (rows, columns) of texts or numbers; "" and 0 stay empty
    signal : (columns,) texts or numbers
    output : (rows,) texts or numbers, or None
    marked : a row to frame, and its output with it
    title : what stands above the matrix

    Raises
    ------
    ShapeError, ParameterError
        The shapes do not fit, there are more than 200 entries, or there is no such row.
    """
    cells, column = _texts(matrix), _texts(signal)
    results = None if output is None else _texts(output)
    if cells.ndim != 2 or column.shape != (cells.shape[1],):
        raise ShapeError(
            f"matrix and signal must have shapes (rows, columns) and (columns,); got {cells.shape} and "
            f"{column.shape}"
        )
    if results is not None and results.shape != (cells.shape[0],):
        raise ShapeError(f"output must have shape {(cells.shape[0],)}; got {results.shape}")
    if cells.size > MOST_ENTRIES:
        raise ParameterError(f"matrix must have at most {MOST_ENTRIES} entries; got {cells.size}")
    if marked is not None and marked not in range(cells.shape[0]):
        raise ParameterError(f"marked must be a row from 0 to {cells.shape[0] - 1}; got {marked!r}")
    rows = "; ".join(" ".join(text or "0" for text in row) for row in cells)
    words = f" gives {', '.join(results)}" if results is not None else ""
    longest = max((len(text) for text in results), default=1) if results is not None else 0
    wide = 0 if results is None else max(1.2, 0.42 * longest)
    width, height = fitting(
        0.62 * (cells.shape[1] + 3.2 + wide), 0.62 * max(cells.shape[0], len(column)) + 0.7
    )
    width, height = width * min(1, ROOM_BELOW_CODE / height), min(height, ROOM_BELOW_CODE)
    figure = LectureFigure(f"The matrix {rows}, times the column {', '.join(column)}{words}.", width, height)
    axis = figure.subplots()
    size = float(np.clip(44 * width / (cells.shape[1] + 3.2 + wide), 9, 20))
    size = min(size, 40 * height / max(cells.shape[0], len(column)))
    _grid(axis, cells, 0, 0, size, ORANGE)
    middle = (cells.shape[0] - 1) / 2
    top = middle - (len(column) - 1) / 2
    left = cells.shape[1] + 0.9
    axis.text(left - 0.95, middle, "·", ha="center", va="center", fontsize=26, color=INK)
    _grid(axis, column[:, None], top, left, size, INK)
    right = left + 1.9
    if results is not None:
        axis.text(right - 0.95, middle, "=", ha="center", va="center", fontsize=24, color=INK)
        for row, text in enumerate(results):
            axis.text(right - 0.3, row, text, ha="left", va="center", fontsize=size, color=BLUE)
    if marked is not None:
        axis.add_patch(frame(marked, 0, (1, cells.shape[1]), ORANGE))
    axis.set_xlim(-0.7, right + wide - 0.3 if results is not None else left + 0.7)
    axis.set_ylim(max(cells.shape[0], top + len(column)) - 0.3, min(0, top) - 0.7)
    axis.set_aspect("equal")
    axis.set_axis_off()
    if title:
        axis.set_title(title, fontsize=16, color=INK)
    return figure


def matrix_pictures(
    matrices: Mapping[str, Any], *, alt: str, blocks: Sequence[tuple[int, int] | None] = ()
) -> LectureFigure:
    """Show matrices as pictures side by side: orange is positive, blue negative, white 0, one scale for all.

    Parameters
    ----------
    matrices : name to array of shape (rows, columns)
    alt : the sentence that says what they show
    blocks : for each matrix the (height, width) of its blocks, between which lines are drawn, or None

    Raises
    ------
    ShapeError, ParameterError
    """
    arrays = {name: np.asarray(matrix, dtype=float) for name, matrix in matrices.items()}
    for name, array in arrays.items():
        if array.ndim != 2 or array.size == 0:
            raise ShapeError(f"{name!r} must have shape (rows, columns); got {array.shape}")
    if blocks and len(blocks) != len(arrays):
        raise ParameterError(
            f"blocks must hold one entry for each of {len(arrays)} matrices; got {len(blocks)}"
        )
    tallest = max(array.shape[0] / array.shape[1] for array in arrays.values())
    cell = min((MOST_WIDTH - 0.4) / len(arrays), (ROOM_BELOW_CODE - 0.8) / tallest)
    across = max(cell, 0.14 * max(map(len, arrays)))  # room for the longest name
    width = min(MOST_WIDTH, across * len(arrays) + 0.4)
    figure = LectureFigure(alt, width, cell * tallest + 0.8)
    axes = figure.subplots(1, len(arrays), squeeze=False)[0]
    limit = max(float(np.abs(array).max()) for array in arrays.values()) or 1.0
    for index, (axis, (name, array)) in enumerate(zip(axes, arrays.items(), strict=True)):
        axis.imshow(array, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
        quiet_panel(axis, name)
        block = blocks[index] if blocks else None
        if block is not None:
            axis.set_yticks(np.arange(0, array.shape[0] + 1, block[0]) - 0.5, [])
            axis.set_xticks(np.arange(0, array.shape[1] + 1, block[1]) - 0.5, [])
            axis.grid(color=QUIET, linewidth=1.2)
            axis.tick_params(length=0)
    return figure


def non_zeros(matrix: Any, *, title: str = "") -> LectureFigure:
    """Show which entries of a large matrix are not 0: each is a black point.

    Parameters
    ----------
    matrix : array of shape (rows, columns)
    title : what stands above it, by default the shape and the share of numbers that are not 0

    Raises
    ------
    ShapeError
    """
    entries = np.asarray(matrix)
    if entries.ndim != 2 or entries.size == 0:
        raise ShapeError(f"matrix must have shape (rows, columns); got {entries.shape}")
    count = int(np.count_nonzero(entries))
    share = count / entries.size
    figure = LectureFigure(
        f"A matrix of {by(entries)} entries, of which {count} are not 0: {share:.1%}. They lie on a few "
        "diagonals.",
        *fitting(5.0, min(ROOM_BELOW_CODE, 5.0 * entries.shape[0] / entries.shape[1] + 0.4)),
    )
    axis = figure.subplots()
    axis.imshow(entries != 0, cmap="gray_r", interpolation="nearest")
    quiet_panel(axis, title or f"{by(entries)} entries, {share:.1%} not 0")
    return figure


def _texts(values: Any) -> Any:
    """Return `values` as an array of texts, with nothing for 0."""
    given = np.asarray(values, dtype=object)
    texts = [value if isinstance(value, str) else printed(value, "g") for value in given.ravel()]
    return np.array(["" if text in ("0", "−0") else text for text in texts], dtype=object).reshape(
        given.shape
    )


def _grid(axis: Any, cells: Any, top: float, left: float, size: float, color: str) -> None:
    for (row, column), text in np.ndenumerate(cells):
        if text:
            axis.text(left + column, top + row, text, ha="center", va="center", fontsize=size, color=color)
        axis.add_patch(frame(top + row, left + column, (1, 1), QUIET, width=0.8))
