"""Wrong answers to convolve2d: the wrong turn, the wrong axis, the wrong size, and arithmetic.

`valid` flips the kernel along both axes. So a mistake that lays another kernel on the image gives it the
kernel that, flipped along both axes, becomes that one.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.convolution.sums import valid
from coursekit.checks.tasks.sliding import (
    Array,
    last_window_missed,
    padded_by_half_a_kernel,
    padded_for_full,
    padded_for_same,
    summed_in_integers,
    without_tap,
    wrapped_around,
)


def of_shape(right: Array, rows: int, columns: int) -> Array:
    """Return what loops over so many rows and columns give; IndexError where they leave the image."""
    if rows > right.shape[0] or columns > right.shape[1]:
        raise IndexError("index is out of bounds")
    return right[: max(rows, 0), : max(columns, 0)]


def square_of_width(kernel: Array) -> Array:
    """Return the kernel that loops over w rows and w columns of the turned one see."""
    height, width = kernel.shape
    if width > height:
        raise IndexError("index is out of bounds")
    return kernel[height - width :]


def square_of_height(kernel: Array) -> Array:
    """Return the kernel that loops over h rows and h columns of the turned one see."""
    return square_of_width(kernel.T).T


def truncated_at_every_step(image: Array, kernel: Array) -> Array:
    """Add each product to an array of integers, which cuts the decimals off again and again."""
    return summed_in_integers(sliding_window_view(image, kernel.shape), np.flip(kernel))


TURNS = (
    Misconception(
        "kernel_not_flipped",
        "This is what you get when the kernel is not flipped: a cross-correlation.",
        "Give the kernel half a turn first: last row first, and each row backwards.",
        "L1.11",
        lambda image, kernel: valid(image, np.flip(kernel)),
    ),
    Misconception(
        "only_rows_flipped",
        "This is what you get when the kernel is turned upside down, but not mirrored from left to right.",
        "Flip along both axes: last row first, and each row backwards.",
        "L1.10",
        lambda image, kernel: valid(image, kernel[:, ::-1]),
    ),
    Misconception(
        "only_columns_flipped",
        "This is what you get when the kernel is mirrored from left to right, but not turned upside down.",
        "Flip along both axes: last row first, and each row backwards.",
        "L1.10",
        lambda image, kernel: valid(image, kernel[::-1]),
    ),
    Misconception(
        "transposed_instead",
        "This is what you get when rows and columns of the kernel are swapped instead of flipped.",
        "`kernel.T` swaps the axes. A flip keeps the shape and reverses the order: it is half a turn.",
        "L1.10",
        lambda image, kernel: valid(image, np.flip(kernel.T)),
    ),
    Misconception(
        "transposed_too",
        "This is what you get when the kernel is flipped along both axes and transposed as well.",
        "Flip along both axes and leave it at that: height stays height.",
        "L1.10",
        lambda image, kernel: valid(image, kernel.T),
    ),
    Misconception(
        "quarter_turn",
        "This is what you get when the kernel is given a quarter turn: `np.rot90` once.",
        "Half a turn is needed: the first number comes last. A quarter turn even swaps height and width.",
        "L1.10",
        lambda image, kernel: valid(image, np.rot90(kernel, 3)),
    ),
    Misconception(
        "image_flipped_too",
        "This is what you get when the image is flipped as well as the kernel.",
        "Flip only one of the two: the kernel.",
        "L1.8",
        before=lambda image, kernel: (np.flip(image), kernel),
    ),
    Misconception(
        "image_flipped_instead",
        "These are the right numbers in reverse order: the image was flipped instead of the kernel.",
        "Leave the image as it is, and flip the kernel: the output then starts at the top left.",
        "L3.5",
        after=lambda right, image, kernel: np.flip(right),
    ),
)

AXES = (
    Misconception(
        "image_transposed",
        "This is what you get when rows and columns of the image are swapped.",
        "Rows come before columns: `image.shape` is (height, width), and `image[i, j]` is row i, column j.",
        "L3.6",
        before=lambda image, kernel: (image.T, kernel),
    ),
    Misconception(
        "output_transposed",
        "These are the right numbers with rows and columns swapped.",
        "Write the sum of the window in row i, column j to `output[i, j]`.",
        "L3.6",
        after=lambda right, image, kernel: right.T,
    ),
    Misconception(
        "output_height_from_width",
        "This is what you get when the height of the output is computed from the widths of image and kernel.",
        "Compute both sizes: height from height and width from width.",
        "L1.18",
        after=lambda right, image, kernel: of_shape(right, right.shape[1], right.shape[1]),
    ),
    Misconception(
        "output_width_from_height",
        "This is what you get when the width of the output is computed from the heights of image and kernel.",
        "Compute both sizes: height from height and width from width.",
        "L1.18",
        after=lambda right, image, kernel: of_shape(right, right.shape[0], right.shape[0]),
    ),
    Misconception(
        "image_width_from_height",
        "This is what you get when the image is taken to be as wide as it is high.",
        "Read both sizes: `height, width = image.shape`.",
        "L1.18",
        after=lambda right, image, kernel: of_shape(
            right, right.shape[0], image.shape[0] - kernel.shape[1] + 1
        ),
    ),
    Misconception(
        "kernel_width_from_height",
        "This is what you get when the kernel is taken to be as wide as it is high.",
        "Read both sizes: `kernel_height, kernel_width = kernel.shape`.",
        "L1.18",
        before=lambda image, kernel: (image, square_of_height(kernel)),
    ),
    Misconception(
        "kernel_height_from_width",
        "This is what you get when the kernel is taken to be as high as it is wide.",
        "Read both sizes: `kernel_height, kernel_width = kernel.shape`.",
        "L1.18",
        before=lambda image, kernel: (image, square_of_width(kernel)),
    ),
)

EDGES = (
    Misconception(
        "same_mode",
        "This is what you get when zeros around the image make the output as large as the image.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L3.22",
        before=padded_for_same,
    ),
    Misconception(
        "padded_by_half_a_kernel",
        "This is what you get when floor(h / 2) and floor(w / 2) zeros are added at every side.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L4.34",
        before=padded_by_half_a_kernel,
    ),
    Misconception(
        "full_mode",
        "This is what you get when windows that only touch the image are taken too, with zeros outside.",
        "Take only the windows that lie inside the image.",
        "L2.5",
        before=padded_for_full,
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when a window that leaves the image comes in again at the other side.",
        "Take only the windows that lie inside the image.",
        "L3.19",
        before=wrapped_around,
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last row and the last column of windows are left out.",
        "Count the windows: h rows have H − h + 1 places in H rows. Did you forget the + 1?",
        "L1.18",
        after=last_window_missed,
    ),
)

ARITHMETIC = (
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "Look where your loops over the kernel start and end: no number may be missing.",
        "L3.6",
        before=lambda image, kernel: (image, without_tap(kernel, 0)),
    ),
    Misconception(
        "last_tap_skipped",
        "This is what you get when the last number of the kernel is left out.",
        "Look where your loops over the kernel start and end: no number may be missing.",
        "L3.6",
        before=lambda image, kernel: (image, without_tap(kernel, -1)),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L3.6",
        after=lambda right, image, kernel: right / kernel.size,
    ),
    Misconception(
        "negative_results_lost",
        "This is what you get when results below zero become zero.",
        "Return the sums as they are. The activation (ReLU) is a step of its own and comes later.",
        "L4.35",
        after=lambda right, image, kernel: np.maximum(right, 0),
    ),
    Misconception(
        "decimals_cut_off",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.6",
        after=lambda right, image, kernel: right.astype(np.int64),
    ),
    Misconception(
        "decimals_cut_off_at_every_step",
        "This is what you get when the products are added up in an array of integers: decimals get lost.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.6",
        truncated_at_every_step,
    ),
    Misconception(
        "image_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L3.6",
        after=lambda right, image, kernel: right.astype(image.dtype),
    ),
)

MISTAKES_2D = (*TURNS, *AXES, *EDGES, *ARITHMETIC)
