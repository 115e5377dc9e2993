"""Mistakes of a window that slides over an image with channels, whether it sums over them or not.

Each takes the image (C, H, W), kernels (..., KH, KW) and, where the task has one, the bias. The right answer
is (maps, H - KH + 1, W - KW + 1), and kernel[0] makes its first map.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.channels.mixing import per_map

Array = NDArray[Any]
Arguments = tuple[Array, ...]


def flipped_in_space(image: Array, kernel: Array, *bias: Array) -> Arguments:
    """Flip rows and columns of each channel of each kernel."""
    return image, kernel[..., ::-1, ::-1], *bias


def without_first_tap(image: Array, kernel: Array, *bias: Array) -> Arguments:
    """Leave the first number of each kernel out."""
    kernel = kernel.copy()
    kernel.reshape(kernel.shape[0], -1)[:, 0] = 0
    return image, kernel, *bias


def indices_swapped(image: Array, kernel: Array, *bias: Array) -> Arguments:
    """Read kernel[..., v, u] beside image[c, i + u, j + v]."""
    if kernel.shape[-1] != kernel.shape[-2]:
        raise IndexError("index is out of bounds")
    return image, kernel.swapaxes(-1, -2), *bias


def padded(image: Array, kernel: Array, bias: Arguments, *, both_ends: bool) -> Arguments:
    """Add zeros around rows and columns: K - 1 at both ends, or K - 1 in all, more of them in front."""
    before, after = [], []
    for taps in kernel.shape[-2:]:
        before.append(taps - 1 if both_ends else taps // 2)
        after.append(taps - 1 if both_ends else (taps - 1) // 2)
    return np.pad(image, [(0, 0), *zip(before, after, strict=True)]), kernel, *bias


def windows_averaged(answer: Array, image: Array, kernel: Array, *bias: Array) -> Array:
    """Divide each sum of products by the number of products, and add the bias."""
    added = per_map(bias[0]) if bias else 0
    return np.asarray((answer - added) / kernel[0].size + added)


WINDOWS = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernels are flipped first: a convolution, not a cross-correlation.",
        "Multiply the top left number of the window by the top left number of the kernel. Flip nothing.",
        "L1.11",
        before=flipped_in_space,
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of each kernel is left out.",
        "Look where your loops over the kernel start: they must start at 0.",
        "L1.17",
        before=without_first_tap,
    ),
    Misconception(
        "kernel_indices_swapped",
        "This is what you get when row and column are swapped in the kernels only, or in the image only.",
        "The same u and v stand in both: `image[c, i + u, j + v]` meets row u, column v of the kernel.",
        "L4.28",
        before=indices_swapped,
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L3.15",
        after=windows_averaged,
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last window along rows and along columns is left out.",
        "Count the windows: K rows have H - K + 1 places in H rows. Did you forget the + 1?",
        "L1.18",
        after=lambda answer, *arguments: answer[..., :-1, :-1],
    ),
    Misconception(
        "zero_padded_same",
        "This is what you get when zeros around the image make the output as large as the image.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L3.22",
        before=lambda image, kernel, *bias: padded(image, kernel, bias, both_ends=False),
    ),
    Misconception(
        "full_mode",
        "This is what you get when windows that only touch the image are taken too, with zeros outside.",
        "Take only the windows that lie inside the image. NumPy calls this mode 'valid'.",
        "L2.5",
        before=lambda image, kernel, *bias: padded(image, kernel, bias, both_ends=True),
    ),
)
