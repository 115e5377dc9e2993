"""Mistakes that are made in a kernel for a GPU, and where its blocks are counted.

Each takes image (H, W) and kernel (h, w). A kernel that leaves an array is no wrong answer but an error: the
emulator says where. So these are those that stay inside, at least for some sizes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.sliding import correlated, summed_in_integers, without_tap

Array = NDArray[Any]
BLOCK = 8  # threads of a block along each axis, as the notebook asks


def only_first(answer: Array, rows: int, columns: int) -> Array:
    """Keep the first rows and columns; the rest is 0, as nobody wrote there."""
    if rows < 1 or columns < 1:
        raise ValueError("a grid must have a block")
    kept = np.zeros_like(answer)
    kept[:rows, :columns] = answer[:rows, :columns]
    return kept


def blocks_rounded_down(answer: Array, *arguments: Array) -> Array:
    """Start `rows // 8` times `columns // 8` blocks."""
    rows, columns = answer.shape
    return only_first(answer, rows // BLOCK * BLOCK, columns // BLOCK * BLOCK)


def blocks_swapped(answer: Array, *arguments: Array) -> Array:
    """Count the blocks along x from the rows, and those along y from the columns."""
    rows, columns = (-(-size // BLOCK) * BLOCK for size in answer.shape)
    return only_first(answer, columns, rows)


def written_down_the_columns(answer: Array, *arguments: Array) -> Array:
    """Write to output[column * rows + row]."""
    return answer.T.reshape(answer.shape)


def output_width_for_the_image(image: Array, kernel: Array) -> Array:
    """Read image[(row + u) * columns + column + v], where `columns` are those of the output."""
    rows, columns = (size - taps + 1 for size, taps in zip(image.shape, kernel.shape, strict=True))
    i, j, u, v = np.ix_(*map(range, (rows, columns, *kernel.shape)))
    return np.asarray(np.sum(image.ravel()[(i + u) * columns + j + v] * kernel, axis=(2, 3)))


def height_for_the_width_of_the_kernel(image: Array, kernel: Array) -> tuple[Array, Array]:
    """Read kernel[u * h + v]."""
    height, width = kernel.shape
    u, v = np.ix_(range(height), range(width))
    return image, kernel.ravel()[u * height + v]


def kernel_read_down(image: Array, kernel: Array) -> tuple[Array, Array]:
    """Read kernel[v * h + u]."""
    return image, kernel.T.reshape(kernel.shape)


def added_in_an_int(image: Array, kernel: Array) -> Array:
    """Declare the sum an int, which cuts the decimals off at every step."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return summed_in_integers(windows, kernel)


def last_product_alone(image: Array, kernel: Array) -> Array:
    """Write = where += is needed."""
    alone = np.zeros_like(kernel)
    alone[-1, -1] = kernel[-1, -1]
    return correlated(image, alone)


MISCONCEPTIONS = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is flipped first: a convolution, not a cross-correlation.",
        "Multiply the top left number of the window by the top left number of the kernel. Flip nothing.",
        "L1.11",
        before=lambda image, kernel: (image, kernel[::-1, ::-1]),
    ),
    Misconception(
        "kernel_read_column_by_column",
        "This is what you get when the numbers of the kernel are read column by column.",
        "Number (u, v) of the kernel is `kernel[u * w + v]`: u rows of w numbers and v more lie before it.",
        "L4.28",
        before=kernel_read_down,
    ),
    Misconception(
        "kernel_height_for_its_width",
        "This is what you get when `kernel[u * h + v]` is read, with the height of the kernel.",
        "u rows of the kernel lie before, each of w numbers: `kernel[u * w + v]`.",
        "L4.28",
        before=height_for_the_width_of_the_kernel,
    ),
    Misconception(
        "output_width_for_the_image",
        "This is what you get when the rows of the image are taken to be as long as those of the output.",
        "A row of the image has `width` numbers: `image[(row + u) * width + column + v]`.",
        "L4.28",
        output_width_for_the_image,
    ),
    Misconception(
        "rows_and_columns_mixed_up",
        "These are the right numbers in the wrong places: written to `output[column * rows + row]`.",
        "`row` rows of the output lie before, each of `columns` numbers: `output[row * columns + column]`.",
        "L4.28",
        after=written_down_the_columns,
    ),
    Misconception(
        "blocks_rounded_down",
        "The last rows and columns are 0: nobody wrote there, as the number of blocks was rounded down.",
        "Round up: 17 columns need three blocks of 8 threads. The last block hangs over.",
        "L3.28",
        after=blocks_rounded_down,
    ),
    Misconception(
        "blocks_of_rows_and_columns_swapped",
        "There are numbers that nobody wrote: the grid has its blocks of rows along x, of columns along y.",
        "The first number of the grid is x, and x counts columns.",
        "L4.28",
        after=blocks_swapped,
    ),
    Misconception(
        "only_one_block",
        "Only the first 8 rows and columns are there: only one block was started.",
        "Start as many blocks along each axis as cover the output.",
        "L3.28",
        after=lambda answer, *arguments: only_first(answer, BLOCK, BLOCK),
    ),
    Misconception(
        "products_overwritten",
        "This is what you get when each product overwrites the one before: only the last one is left.",
        "Add each product to the sum: `+=`, not `=`.",
        "L3.9",
        last_product_alone,
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "Look where your loops over the kernel start: they must start at 0.",
        "L1.17",
        before=lambda image, kernel: (image, without_tap(kernel, 0)),
    ),
    Misconception(
        "added_in_an_int",
        "This is what you get when the products are added up in an `int`: decimals get lost.",
        "Declare the sum as `float total = 0;`.",
        "L3.9",
        added_in_an_int,
    ),
)
