"""Wrong cross-correlations that make sense in one and in two dimensions.

Each takes the input, (N,) or (H, W), and a kernel with as many axes.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.sliding import (
    Array,
    Pair,
    last_window_missed,
    padded_by_half_a_kernel,
    padded_for_full,
    padded_for_same,
    summed_in_integers,
    without_tap,
    wrapped_around,
)


def flipped(image: Array, kernel: Array) -> Pair:
    """Flip the kernel."""
    return image, np.flip(kernel)


def zeros_behind(right: Array, image: Array, kernel: Array) -> Array:
    """Write the results into an array as large as the input, which stays 0 where no window starts."""
    output = np.zeros(image.shape)
    output[tuple(map(slice, right.shape))] = right
    return output


def windows_do_not_overlap(right: Array, image: Array, kernel: Array) -> Array:
    """Keep every K-th window along each axis."""
    return right[tuple(slice(None, None, taps) for taps in kernel.shape)]


def truncated_at_every_step(image: Array, kernel: Array) -> Array:
    """Add each product to an array of integers, which cuts the decimals off again and again."""
    return summed_in_integers(sliding_window_view(image, kernel.shape), kernel)


EVERYWHERE = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is flipped first: a convolution, not a cross-correlation.",
        "Multiply the first number of the window by the first number of the kernel. Flip nothing.",
        "L1.11",
        before=flipped,
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "Look where your loop over the kernel starts: it must start at 0.",
        "L1.17",
        before=lambda image, kernel: (image, without_tap(kernel, 0)),
    ),
    Misconception(
        "last_tap_skipped",
        "This is what you get when the last number of the kernel is left out.",
        "Look where your loop over the kernel ends: `range(K)` already stops before K.",
        "L3.9",
        before=lambda image, kernel: (image, without_tap(kernel, -1)),
    ),
    Misconception(
        "zero_padded_same",
        "This is what you get when zeros around the input make the output as large as the input.",
        "Take only the windows that lie inside the input. Pad nothing.",
        "L3.22",
        before=padded_for_same,
    ),
    Misconception(
        "padded_by_half_a_kernel",
        "This is what you get when floor(K / 2) zeros are added at both ends of the input.",
        "Take only the windows that lie inside the input. Pad nothing.",
        "L4.34",
        before=padded_by_half_a_kernel,
    ),
    Misconception(
        "full_mode",
        "This is what you get when windows that only touch the input are taken too, with zeros outside.",
        "Take only the windows that lie inside the input. NumPy calls this mode 'valid'.",
        "L2.5",
        before=padded_for_full,
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last window is left out.",
        "Count the windows: a kernel of K numbers has N - K + 1 places in N numbers. Did you forget the + 1?",
        "L4.32",
        after=last_window_missed,
    ),
    Misconception(
        "zeros_behind",
        "These are the right numbers in an output as large as the input, with zeros behind them.",
        "Make your output as large as there are windows: `np.zeros` of N - K + 1, not of the input's shape.",
        "L4.32",
        after=zeros_behind,
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when a window that leaves the input comes in again at the other end.",
        "Take only the windows that lie inside the input.",
        "L3.19",
        before=wrapped_around,
    ),
    Misconception(
        "windows_do_not_overlap",
        "This is what you get when the kernel moves on by its own length, so that windows do not overlap.",
        "Move the window by one place at a time.",
        "L4.38",
        after=windows_do_not_overlap,
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L3.9",
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
        "signs_lost",
        "This is what you get when the results lose their sign.",
        "Return the sums as they are: a negative sum says that the window is the opposite of the kernel.",
        "L3.13",
        after=lambda right, image, kernel: np.abs(right),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda right, image, kernel: right.astype(np.int64),
    ),
    Misconception(
        "truncated_at_every_step",
        "This is what you get when the products are added up in an array of integers: decimals get lost.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        truncated_at_every_step,
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number input: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L3.9",
        after=lambda right, image, kernel: right.astype(image.dtype),
    ),
)
