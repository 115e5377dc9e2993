"""Misconceptions of pool2d about what becomes of the numbers in a window, and about positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.pooling.windows import Array, Pair, Pooled, ends_of, pooled, window_starts

Arguments = tuple[Any, ...]


def last_maximum(windows: Array) -> Array:
    """Choose the last of the largest numbers in row-major order."""
    return np.asarray(windows.shape[-1] - 1 - windows[..., ::-1].argmax(axis=-1))


def last_at_ties(image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Pooled:
    """Take the last of several equal maxima."""
    return pooled(image, size, stride, padding, mode, choose=last_maximum)


def down_the_columns_at_ties(image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Pooled:
    """Take the first of several equal maxima in column-major order."""

    def choose(windows: Array) -> Array:
        columns_first = windows.reshape(*windows.shape[:2], *size).swapaxes(2, 3).reshape(windows.shape)
        taps = columns_first.argmax(axis=-1)
        return np.asarray(taps % size[0] * size[1] + taps // size[0])

    return pooled(image, size, stride, padding, mode, choose=choose)


def for_max(change: Callable[[Array], Array]) -> Callable[..., Arguments]:
    """Return a mistake that changes the image before its maxima are taken."""

    def before(image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Arguments:
        return (change(image) if mode == "max" else image, size, stride, padding, mode)

    return before


def negated_again(answer: Pooled, image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Pooled:
    """Turn the signs of the maxima of a negated image: the minima."""
    return (-answer[0], answer[1]) if mode == "max" else answer


def started_at_zero(answer: Pooled, *arguments: Any) -> Pooled:
    """Look for numbers above 0 only; where there is none, output and position stay 0."""
    output, positions = answer
    return answer if positions is None else (np.maximum(output, 0), np.where(output > 0, positions, 0))


def summed(answer: Pooled, image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Pooled:
    """Do not divide the sum of an average."""
    return (answer[0] * (size[0] * size[1]), None) if mode == "average" else answer


def divided_by_pixels(
    answer: Pooled, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Pooled:
    """Divide each sum by the number of pixels in its window, without those of the padding."""
    if mode != "average":
        return answer
    output, counts = answer[0], []
    for axis, (before, _) in enumerate(ends_of(padding)):
        starts = window_starts(output.shape[axis], stride[axis], before)
        stops = np.minimum(starts + size[axis], image.shape[axis])
        counts.append(np.maximum(stops - np.maximum(starts, 0), 1))
    return output * (size[0] * size[1]) / np.multiply.outer(*counts), None


def input_dtype_kept(answer: Pooled, image: Array, *arguments: Any) -> Pooled:
    """Write the output into an array of the image's own dtype."""
    return (np.trunc(answer[0]) if image.dtype.kind == "i" else answer[0]), answer[1]


def placed(place: Callable[..., Array]) -> Callable[..., Pooled]:
    """Return a mistake that gives other positions; `place` takes the image's rows and columns of the maxima.

    After them it takes the arguments.
    """

    def after(answer: Pooled, image: Array, *arguments: Any) -> Pooled:
        output, positions = answer
        if positions is None:
            return answer
        return output, place(*np.divmod(positions, image.shape[1]), image, *arguments)

    return after


def corners(rows: Array, columns: Array, stride: Pair, padding: Any) -> tuple[Array, Array]:
    """Return the row and the column in the image at which each window starts."""
    (top, _), (left, _) = ends_of(padding)
    down = window_starts(rows.shape[0], stride[0], top)[:, None]
    return down, window_starts(columns.shape[1], stride[1], left)


def in_the_window(
    rows: Array, columns: Array, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Array:
    """Count from the corner of each window, in a row of its own width."""
    down, right = corners(rows, columns, stride, padding)
    return np.asarray((rows - down) * size[1] + columns - right)


def of_the_corner(
    rows: Array, columns: Array, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Array:
    """Give the position of the window's corner in place of the maximum's."""
    down, right = corners(rows, columns, stride, padding)
    return np.asarray(down * image.shape[1] + right)


def in_the_padded_image(
    rows: Array, columns: Array, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Array:
    """Count in the image with its padding."""
    (top, _), (left, right) = ends_of(padding)
    return np.asarray((rows + top) * (image.shape[1] + left + right) + columns + left)


NUMBERS = (
    Misconception(
        "always_max",
        "This is what you get when the maximum is taken whatever `mode` says.",
        "Look at `mode`: for 'average' the output is the mean of the window.",
        "L2.30",
        before=lambda image, size, stride, padding, mode: (image, size, stride, padding, "max"),
    ),
    Misconception(
        "always_average",
        "This is what you get when the mean is taken whatever `mode` says.",
        "Look at `mode`: for 'max' the output is the largest number of the window.",
        "L2.30",
        before=lambda image, size, stride, padding, mode: (image, size, stride, padding, "average"),
    ),
    Misconception(
        "minimum_instead_of_maximum",
        "This is what you get when the smallest number of each window is taken, not the largest.",
        "Max pooling keeps the largest number of each window.",
        "L2.30",
        before=for_max(np.negative),
        after=negated_again,
    ),
    Misconception(
        "signs_lost",
        "This is what you get when the signs are lost before the largest number is looked for.",
        "Compare the numbers as they are: −5 is smaller than 2.",
        "L2.30",
        before=for_max(np.abs),
    ),
    Misconception(
        "search_starts_at_zero",
        "This is what you get when the search for the largest number starts at 0: no negative number wins.",
        "Start with a number that every pixel beats, or with the first pixel of the window.",
        "L2.30",
        after=started_at_zero,
    ),
    Misconception(
        "sum_instead_of_mean",
        "This is what you get when the numbers of a window are added up for 'average', but not divided.",
        "Divide each sum by the number of places in the window.",
        "L2.30",
        after=summed,
    ),
    Misconception(
        "padding_not_counted",
        "This is what you get when each sum is divided by the pixels in its window, without the padding.",
        "Some libraries do that. Here the padding counts, as in PyTorch: divide by all places of the window.",
        "L4.36",
        after=divided_by_pixels,
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the output are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L2.30",
        after=lambda answer, *arguments: (np.trunc(answer[0]), answer[1]),
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L2.30",
        after=input_dtype_kept,
    ),
)

POSITIONS = (
    Misconception(
        "last_maximum_at_ties",
        "Where a window holds its maximum twice, your positions name the last place of it.",
        "Name the first: going through the window row by row, only a larger number replaces the best so far.",
        "L3.36",
        last_at_ties,
    ),
    Misconception(
        "ties_down_the_columns",
        "Where a window holds its maximum twice, your positions name the first one down the columns.",
        "Go through the window row by row, and name the first maximum that you meet.",
        "L3.36",
        down_the_columns_at_ties,
    ),
    Misconception(
        "positions_in_the_window",
        "Your positions are counted from the corner of each window.",
        "Add the row and the column at which the window starts, and count in the whole image.",
        "L3.36",
        after=placed(in_the_window),
    ),
    Misconception(
        "positions_of_the_corner",
        "Your positions are those of the windows' corners, not of the maxima.",
        "Add to the corner the place of the maximum inside its window.",
        "L3.36",
        after=placed(of_the_corner),
    ),
    Misconception(
        "positions_in_the_padded_image",
        "Your positions are counted in the padded image.",
        "Count in the image without padding: take the padding off row and column first.",
        "L3.36",
        after=placed(in_the_padded_image),
    ),
    Misconception(
        "positions_down_the_columns",
        "Your positions count down the columns: column · H + row.",
        "Count along the rows, as you read: every row above takes W numbers.",
        "L3.36",
        after=placed(lambda rows, columns, image, *arguments: columns * image.shape[0] + rows),
    ),
    Misconception(
        "positions_with_the_height",
        "Your positions take every row of the image to hold H numbers: row · H + column.",
        "One row holds as many numbers as the image is wide.",
        "L3.36",
        after=placed(lambda rows, columns, image, *arguments: rows * image.shape[0] + columns),
    ),
    Misconception(
        "positions_with_the_output_width",
        "Your positions are counted with the width of the output, not with that of the image.",
        "One row of the image holds as many numbers as the image is wide.",
        "L3.36",
        after=placed(lambda rows, columns, *arguments: rows * rows.shape[1] + columns),
    ),
    Misconception(
        "row_and_column_apart",
        "Your positions are pairs (row, column).",
        "Make one number of row and column: the index in the flat image.",
        "L3.36",
        after=placed(lambda rows, columns, *arguments: np.stack([rows, columns], axis=-1)),
    ),
)
