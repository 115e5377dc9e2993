"""Wrong cross-correlations that make sense in one and in two dimensions.

Each takes the input, (N,) or (H, W), and a kernel with as many axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.reference import correlate

Array = NDArray[Any]


def valid(image: Array, kernel: Array) -> Array:
    """Return the right answer for a kernel that fits, without the checks that make the reference slower.

    Raises ValueError if the kernel does not fit.
    """
    return np.tensordot(sliding_window_view(image, kernel.shape), kernel, axes=kernel.ndim)


def without_tap(image: Array, kernel: Array, tap: int) -> Array:
    """Correlate as if the kernel's number at the flat index `tap` were 0."""
    kernel = kernel.copy()
    kernel.flat[tap] = 0
    return valid(image, kernel)


def last_window_missed(image: Array, kernel: Array) -> Array:
    """Stop one window early along every axis."""
    return valid(image, kernel)[(slice(-1),) * image.ndim]


def wrapped_around(image: Array, kernel: Array) -> Array:
    """Continue at the other end of the input, with one window per number of it."""
    around = [(0, taps - 1) for taps in kernel.shape]
    return valid(np.pad(image, around, mode="wrap"), kernel)


def half_a_kernel_of_zeros(image: Array, kernel: Array) -> Array:
    """Pad by floor(K / 2) at both ends, which is one too many for an even K."""
    return np.asarray(correlate(image, kernel, padding=[taps // 2 for taps in kernel.shape]))


def truncated_at_every_step(image: Array, kernel: Array) -> Array:
    """Add each product to an array of integers, which cuts the decimals off again and again."""
    windows = sliding_window_view(image, kernel.shape)
    total = np.zeros(windows.shape[: image.ndim], np.int64)
    for tap in np.ndindex(kernel.shape):
        total = np.trunc(total + windows[(..., *tap)] * kernel[tap]).astype(np.int64)
    return total


EVERYWHERE = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is flipped first: a convolution, not a cross-correlation.",
        "Multiply the first number of the window by the first number of the kernel. Flip nothing.",
        "L1.11",
        lambda image, kernel: valid(image, np.flip(kernel)),
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "Look where your loop over the kernel starts: it must start at 0.",
        "L1.17",
        lambda image, kernel: without_tap(image, kernel, 0),
    ),
    Misconception(
        "last_tap_skipped",
        "This is what you get when the last number of the kernel is left out.",
        "Look where your loop over the kernel ends: `range(K)` already stops before K.",
        "L3.9",
        lambda image, kernel: without_tap(image, kernel, -1),
    ),
    Misconception(
        "zero_padded_same",
        "This is what you get when zeros around the input make the output as large as the input.",
        "Take only the windows that lie inside the input. Pad nothing.",
        "L3.22",
        lambda image, kernel: correlate(image, kernel, mode="same"),
    ),
    Misconception(
        "padded_by_half_a_kernel",
        "This is what you get when floor(K / 2) zeros are added at both ends of the input.",
        "Take only the windows that lie inside the input. Pad nothing.",
        "L4.34",
        half_a_kernel_of_zeros,
    ),
    Misconception(
        "full_mode",
        "This is what you get when windows that only touch the input are taken too, with zeros outside.",
        "Take only the windows that lie inside the input. NumPy calls this mode 'valid'.",
        "L2.5",
        lambda image, kernel: correlate(image, kernel, mode="full"),
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last window is left out.",
        "Count the windows: a kernel of K numbers has N - K + 1 places in N numbers. Did you forget the + 1?",
        "L4.32",
        last_window_missed,
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when a window that leaves the input comes in again at the other end.",
        "Take only the windows that lie inside the input.",
        "L3.19",
        wrapped_around,
    ),
    Misconception(
        "windows_do_not_overlap",
        "This is what you get when the kernel moves on by its own length, so that windows do not overlap.",
        "Move the window by one place at a time.",
        "L4.38",
        lambda image, kernel: correlate(image, kernel, stride=kernel.shape),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L3.9",
        lambda image, kernel: valid(image, kernel) / kernel.size,
    ),
    Misconception(
        "negative_results_lost",
        "This is what you get when results below zero become zero.",
        "Return the sums as they are. The activation (ReLU) is a step of its own and comes later.",
        "L4.35",
        lambda image, kernel: np.maximum(valid(image, kernel), 0),
    ),
    Misconception(
        "signs_lost",
        "This is what you get when the results lose their sign.",
        "Return the sums as they are: a negative sum says that the window is the opposite of the kernel.",
        "L3.13",
        lambda image, kernel: np.abs(valid(image, kernel)),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        lambda image, kernel: valid(image, kernel).astype(np.int64),
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
        lambda image, kernel: valid(image, kernel).astype(image.dtype),
    ),
)
