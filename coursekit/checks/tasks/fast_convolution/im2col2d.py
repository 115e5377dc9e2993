"""im2col2d(image, height, width): every window of an image as a column."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.fast_convolution.written import columns_size, place_in_columns

Array = NDArray[Any]
Question = tuple[Any, ...]  # image (H, W), height and width of a window
Sizes = tuple[tuple[int, int], tuple[int, int]]  # of the image and of a window

LINES = Group("windows of one row or one column", 1, "one pixel, one row or one column is a window")
BLOCKS = Group("larger windows", 1, "windows of several rows and columns, also with decimals")

IN_LINES: tuple[Sizes, ...] = (
    ((1, 1), (1, 1)),
    ((1, 3), (1, 2)),
    ((3, 1), (2, 1)),
    ((2, 2), (1, 1)),
    ((2, 3), (1, 2)),
    ((3, 2), (2, 1)),
)
IN_BLOCKS: tuple[Sizes, ...] = (
    ((2, 2), (2, 2)),
    ((3, 3), (2, 2)),
    ((3, 4), (2, 3)),
    ((4, 3), (3, 2)),
    ((4, 4), (2, 2)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    rows, columns = int(rng.integers(5, 8)), int(rng.integers(4, 8))
    cases = [_case(rng, sizes, LINES.name) for sizes in (*IN_LINES, ((rows, columns), (1, 3)))]
    larger: tuple[Sizes, ...] = (((rows, columns), (2, 3)), ((columns, rows), (3, 2)))
    cases += [_case(rng, sizes, BLOCKS.name) for sizes in (*IN_BLOCKS, *larger)]
    for sizes in (*IN_BLOCKS[1:3], larger[0]):
        cases.append(_case(rng, sizes, BLOCKS.name, whole=False))
    return cases


def _case(rng: np.random.Generator, sizes: Sizes, group: str, *, whole: bool = True) -> Case:
    shape, (height, width) = sizes
    image = whole_numbers(rng, shape, max(9, shape[0] * shape[1])) if whole else decimals(rng, shape)
    return Case((image, height, width), group)


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    if len(arguments) != 3:
        return False
    image, *window = arguments
    if not isinstance(image, np.ndarray) or image.ndim != 2 or any(type(size) is not int for size in window):
        return False
    return all(1 <= size <= there for size, there in zip(window, image.shape, strict=True))


def im2col2d(image: Array, height: int, width: int) -> Array:
    """Return the right answer: (height * width, number of windows)."""
    return sliding_window_view(image, (height, width)).reshape(-1, height * width).T


def windows_of(answer: Array, image: Array, height: int, width: int) -> Array:
    """Return the columns as (height, width, rows of windows, windows in a row)."""
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    return answer.reshape(height, width, rows, columns)


def read_down(answer: Array, image: Array, height: int, width: int) -> Array:
    """Read each window column by column."""
    windows = windows_of(answer, image, height, width)
    return windows.swapaxes(0, 1).reshape(answer.shape)


def moved_down(answer: Array, image: Array, height: int, width: int) -> Array:
    """Move the window down each column of the image before it moves to the right."""
    windows = windows_of(answer, image, height, width)
    return windows.swapaxes(2, 3).reshape(answer.shape)


def side_by_side(image: Array, height: int, width: int) -> Array:
    """Move by a whole window, so that none overlap."""
    windows = sliding_window_view(image, (height, width))[::height, ::width]
    return windows.reshape(-1, height * width).T


def padded(image: Array, height: int, width: int) -> Question:
    """Add the zeros that make one window a pixel: the odd one in front."""
    return np.pad(image, [(taps // 2, (taps - 1) // 2) for taps in (height, width)]), height, width


def one_window_less(image: Array, height: int, width: int) -> Question:
    """Stop one window early along rows and along columns."""
    return image[:-1, :-1], height, width


ORDER = (
    Misconception(
        "a_row_for_each_window",
        "These are the right windows, but each is a row here: it should be a column.",
        "Window j goes to `columns[:, j]`. Or turn the rows into columns at the end, with `.T`.",
        "L2.2",
        after=lambda answer, *arguments: answer.T,
    ),
    Misconception(
        "rows_reshaped_into_columns",
        "This is what you get when the windows lie in rows and `reshape` is to make columns of them.",
        "`reshape` keeps the order of the numbers. To swap the two axes, transpose: `.T`.",
        "L2.2",
        after=lambda answer, *arguments: answer.T.reshape(answer.shape),
    ),
    Misconception(
        "windows_read_column_by_column",
        "This is what you get when each window is read column by column.",
        "Read a window row by row, as `ravel` and `reshape` do.",
        "L4.28",
        after=read_down,
    ),
    Misconception(
        "window_moved_down_first",
        "This is what you get when the window moves down first, and then to the right.",
        "The outer loop runs over the rows of windows, the inner one over the windows of a row.",
        "L4.28",
        after=moved_down,
    ),
    Misconception(
        "windows_flipped",
        "This is what you get when each window is turned around: its last number comes first.",
        "Read a window from its top left number to its bottom right one. Flip nothing.",
        "L1.11",
        after=lambda answer, *arguments: answer[::-1],
    ),
)

PLACES = (
    Misconception(
        "last_window_missed",
        "This is what you get when the last window along rows and along columns is left out.",
        "Count the windows: `height` rows have `H - height + 1` places in H rows. Did you forget the + 1?",
        "L1.18",
        before=one_window_less,
    ),
    Misconception(
        "windows_side_by_side",
        "This is what you get when the window moves by its own size: no two windows overlap.",
        "Move the window by one pixel each time.",
        "L3.8",
        answer=side_by_side,
    ),
    Misconception(
        "zero_padded_same",
        "This is what you get when zeros around the image make as many windows as there are pixels.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L3.22",
        before=padded,
    ),
    Misconception(
        "height_and_width_swapped",
        "This is what you get when height and width of the window are swapped.",
        "Rows come before columns: a window is `image[i : i + height, j : j + width]`.",
        "L4.16",
        before=lambda image, height, width: (image, width, height),
    ),
    Misconception(
        "height_for_both",
        "This is what you get when the height is used as the width, too.",
        "A window has `height` rows and `width` columns.",
        "L4.16",
        before=lambda image, height, width: (image, height, height),
    ),
    Misconception(
        "width_for_both",
        "This is what you get when the width is used as the height, too.",
        "A window has `height` rows and `width` columns.",
        "L4.16",
        before=lambda image, height, width: (image, width, width),
    ),
)

NUMBERS = (
    Misconception(
        "windows_not_made_flat",
        "These are the right numbers with four axes: a window still has rows and columns.",
        "Make one long column of each window: `ravel` or `reshape(-1)` puts its rows one after the other.",
        "L2.2",
        after=windows_of,
    ),
    Misconception(
        "one_long_row",
        "These are the right numbers in one long row.",
        "Keep two axes: the numbers of a window, and the windows.",
        "L2.2",
        after=lambda answer, *arguments: answer.ravel(),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the pixels are cut off.",
        "Make your array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda answer, *arguments: answer.astype(np.int64),
    ),
)

HINTS = (
    (
        "Take an image of two rows and three columns, and windows of two by two, on paper. How many windows "
        "are there? How many numbers has each? So what is the shape of your answer?"
    ),
    (
        "Two loops reach every window, in the order of reading: over the rows of windows, and in it over the "
        "windows of a row. What one window holds is a slice of the image, made flat."
    ),
    (
        "Collect the flat windows in a list. As an array, the list has one row for each window; you want one "
        "column for each."
    ),
)

IM2COL2D = Task(
    name="im2col2d",
    stem="12_fast_convolution",
    signature="im2col2d(image, height, width)",
    parameters=("image", "height", "width"),
    groups=(LINES, BLOCKS),
    reference=im2col2d,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*ORDER, *PLACES, *NUMBERS),
    explain_shape=columns_size,
    explain_entry=place_in_columns,
    hints=HINTS,
    forbids=PACKAGES,
    fair=is_fair,
    next_step="Write the windows of this image as columns on paper, and compare number by number.",
)
