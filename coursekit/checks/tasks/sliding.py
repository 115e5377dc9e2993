"""What mistakes do to a kernel that slides, and to its windows: the same in several exercises.

Each takes the input, (N,) or (H, W), and a kernel with as many axes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
Pair = tuple[Array, Array]


def correlated(image: Array, kernel: Array) -> Array:
    """Return the valid cross-correlation, without the checks that make the reference slower.

    Raises ValueError if the kernel does not fit.
    """
    return np.tensordot(sliding_window_view(image, kernel.shape), kernel, axes=kernel.ndim)


def summed_in_integers(windows: Array, kernel: Array) -> Array:
    """Add each product to an array of integers, which cuts the decimals off again and again.

    windows : array of shape (..., *kernel.shape)
    """
    total = np.zeros(windows.shape[: windows.ndim - kernel.ndim], np.int64)
    for tap in np.ndindex(kernel.shape):
        total = np.trunc(total + windows[(..., *tap)] * kernel[tap]).astype(np.int64)
    return total


def without_tap(kernel: Array, tap: int) -> Array:
    """Return the kernel with 0 at the flat index `tap`."""
    kernel = kernel.copy()
    kernel.flat[tap] = 0
    return kernel


def padded_for_same(image: Array, kernel: Array) -> Pair:
    """Add the zeros that make the output as large as the input: the odd one in front."""
    return np.pad(image, [(taps // 2, (taps - 1) // 2) for taps in kernel.shape]), kernel


def padded_by_half_a_kernel(image: Array, kernel: Array) -> Pair:
    """Pad by floor(K / 2) at both ends, which is one too many for an even K."""
    return np.pad(image, [(taps // 2, taps // 2) for taps in kernel.shape]), kernel


def padded_for_full(image: Array, kernel: Array) -> Pair:
    """Add the zeros that let a window touch the input with one number only."""
    return np.pad(image, [(taps - 1, taps - 1) for taps in kernel.shape]), kernel


def wrapped_around(image: Array, kernel: Array) -> Pair:
    """Continue at the other end of the input, with one window per number of it."""
    return np.pad(image, [(0, taps - 1) for taps in kernel.shape], mode="wrap"), kernel


def last_window_missed(right: Array, image: Array, kernel: Array) -> Array:
    """Stop one window early along every axis."""
    return right[(slice(-1),) * image.ndim]
