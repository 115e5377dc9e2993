"""correlate2d(image, kernel): the valid cross-correlation of an image with a kernel of any shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.cross_correlation.explanations import output_size_steps, products_summed
from coursekit.checks.tasks.cross_correlation.wrong import EVERYWHERE
from coursekit.checks.tasks.sliding import correlated
from coursekit.reference import correlate

Array = NDArray[Any]

SQUARE = Group("squares", 2, "image and kernel are square and hold positive whole numbers")
RECTANGLES = Group("rectangles", 1, "image or kernel has more rows than columns, or the other way round")
DECIMALS = Group("decimals and negative numbers", 1, "image or kernel hold decimals and negative numbers")

SQUARE_SIZES = ((1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 2), (4, 3), (5, 3))
RECTANGLE_SHAPES = (
    ((2, 3), (1, 2)),
    ((3, 2), (2, 1)),
    ((3, 4), (2, 2)),
    ((4, 3), (2, 2)),
    ((3, 4), (1, 3)),
    ((4, 3), (3, 1)),
    ((4, 4), (2, 3)),
    ((4, 4), (3, 2)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    large = int(rng.integers(5, 8))
    squares = [((n, n), (k, k)) for n, k in (*SQUARE_SIZES, (large, int(rng.integers(2, 5))))]
    long, short = int(rng.integers(6, 9)), int(rng.integers(4, 6))
    tall, wide = ((long, short), (3, 2)), ((short, long), (2, int(rng.integers(3, 5))))
    cases = [
        Case((whole_numbers(rng, image, 4 if max(image) < 3 else 9), whole_numbers(rng, kernel)), SQUARE.name)
        for image, kernel in squares
    ]
    for image, kernel in (*RECTANGLE_SHAPES, tall, wide):
        cases.append(Case((whole_numbers(rng, image), whole_numbers(rng, kernel)), RECTANGLES.name))
    for n, k in ((2, 2), (3, 2), (4, 3), (large, 2)):
        cases.append(Case((decimals(rng, (n, n)), decimals(rng, (k, k))), DECIMALS.name))
    cases.append(Case((whole_numbers(rng, (3, 3)), decimals(rng, (2, 2))), DECIMALS.name))
    cases.append(Case((decimals(rng, (3, 3)), whole_numbers(rng, (2, 2))), DECIMALS.name))
    return cases


def by_loops(image: Array, kernel: Array, shape: tuple[int, int], window: tuple[int, int]) -> Array:
    """Return what loops over an output of `shape` and over `window` taps give.

    Raises IndexError where such loops leave the image or the kernel.
    """
    rows, columns = (max(size, 0) for size in shape)
    if rows == 0 or columns == 0:
        return np.zeros((rows, columns))
    height, width = rows + window[0] - 1, columns + window[1] - 1
    if height > image.shape[0] or width > image.shape[1] or np.any(np.greater(window, kernel.shape)):
        raise IndexError("index is out of bounds")
    return correlated(image[:height, :width], kernel[: window[0], : window[1]])


def output_square(image: Array, kernel: Array, axis: int) -> Array:
    """Take the output size along `axis` for both axes."""
    size = image.shape[axis] - kernel.shape[axis] + 1
    return by_loops(image, kernel, (size, size), kernel.shape)


def image_square(image: Array, kernel: Array, axis: int) -> Array:
    """Take the image's size along `axis` for both axes."""
    rows, columns = (image.shape[axis] - taps + 1 for taps in kernel.shape)
    return by_loops(image, kernel, (rows, columns), kernel.shape)


def kernel_square(image: Array, kernel: Array, axis: int) -> Array:
    """Take the kernel's size along `axis` for both axes."""
    taps = kernel.shape[axis]
    rows, columns = (size - taps + 1 for size in image.shape)
    return by_loops(image, kernel, (rows, columns), (taps, taps))


def kernel_indices_swapped(image: Array, kernel: Array) -> tuple[Array, Array]:
    """Read kernel[v, u] beside image[i + u, j + v].

    To read image[i + v, j + u] beside kernel[u, v] gives the same, or fails on the same shapes.
    """
    if kernel.shape[0] != kernel.shape[1]:
        raise IndexError("index is out of bounds")
    return image, kernel.T


TWO_AXES = (
    Misconception(
        "kernel_rows_flipped",
        "This is what you get when the kernel is turned upside down.",
        "Multiply the top row of the window by the top row of the kernel.",
        "L1.11",
        before=lambda image, kernel: (image, kernel[::-1]),
    ),
    Misconception(
        "kernel_columns_flipped",
        "This is what you get when the kernel is mirrored from left to right.",
        "Multiply the left column of the window by the left column of the kernel.",
        "L1.11",
        before=lambda image, kernel: (image, kernel[:, ::-1]),
    ),
    Misconception(
        "kernel_transposed",
        "This is what you get when rows and columns of the kernel are swapped.",
        "Rows come before columns in image and kernel: `kernel[u, v]` is row u, column v.",
        "L4.28",
        before=lambda image, kernel: (image, kernel.T),
    ),
    Misconception(
        "kernel_indices_swapped",
        "This is what you get when row and column are swapped in the kernel only, or in the image only.",
        "The same row and column stand in both: beside `image[i + u, j + v]` stands `kernel[u, v]`.",
        "L4.28",
        before=kernel_indices_swapped,
    ),
    Misconception(
        "image_transposed",
        "This is what you get when rows and columns of the image are swapped.",
        "Rows come before columns: `image.shape` is (height, width), and `image[i, j]` is row i, column j.",
        "L4.28",
        before=lambda image, kernel: (image.T, kernel),
    ),
    Misconception(
        "output_transposed",
        "These are the right numbers with rows and columns swapped.",
        "Write the sum of the window in row i, column j to `output[i, j]`.",
        "L4.28",
        after=lambda right, image, kernel: right.T,
    ),
    Misconception(
        "output_height_from_width",
        "This is what you get when the height of the output is computed from the widths of image and kernel.",
        "Compute both sizes: height from height and width from width.",
        "L1.18",
        lambda image, kernel: output_square(image, kernel, 1),
    ),
    Misconception(
        "output_width_from_height",
        "This is what you get when the width of the output is computed from the heights of image and kernel.",
        "Compute both sizes: height from height and width from width.",
        "L1.18",
        lambda image, kernel: output_square(image, kernel, 0),
    ),
    Misconception(
        "image_width_from_height",
        "This is what you get when the image is taken to be as wide as it is high.",
        "Read both sizes: `height, width = image.shape`.",
        "L1.18",
        lambda image, kernel: image_square(image, kernel, 0),
    ),
    Misconception(
        "image_height_from_width",
        "This is what you get when the image is taken to be as high as it is wide.",
        "Read both sizes: `height, width = image.shape`.",
        "L1.18",
        lambda image, kernel: image_square(image, kernel, 1),
    ),
    Misconception(
        "kernel_width_from_height",
        "This is what you get when the kernel is taken to be as wide as it is high.",
        "Read both sizes: `kernel_height, kernel_width = kernel.shape`.",
        "L1.18",
        lambda image, kernel: kernel_square(image, kernel, 0),
    ),
    Misconception(
        "kernel_height_from_width",
        "This is what you get when the kernel is taken to be as high as it is wide.",
        "Read both sizes: `kernel_height, kernel_width = kernel.shape`.",
        "L1.18",
        lambda image, kernel: kernel_square(image, kernel, 1),
    ),
)

CORRELATE2D = Task(
    name="correlate2d",
    stem="03_cross_correlation",
    signature="correlate2d(image, kernel)",
    parameters=("image", "kernel"),
    groups=(SQUARE, RECTANGLES, DECIMALS),
    reference=correlate,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*EVERYWHERE, *TWO_AXES),
    explain_shape=output_size_steps,
    explain_entry=products_summed,
    forbids=CONVOLUTIONS,
    hints=(
        "Begin with the shape: how many places has the kernel from top to bottom, and from left to right?",
        "For the output in row i and column j, which rows and which columns of the image make up the window?",
        "A slice of the image is the window. What turns window and kernel, of equal shape, into one number?",
    ),
)
