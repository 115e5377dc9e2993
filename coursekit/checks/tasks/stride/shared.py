"""Mistakes that are made with a kernel and a stride, forwards and backwards.

Each takes the arguments of `correlate2d_strided` or of `conv_transpose2d`: image (H, W), kernel (KH, KW),
stride as a pair (rows, columns), and what else the task has.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.sliding import without_tap

Array = NDArray[Any]
Pair = tuple[int, int]
Arguments = tuple[Any, ...]


def kernel_flipped(image: Array, kernel: Array, *rest: Any) -> Arguments:
    """Turn the kernel by half a turn."""
    return image, kernel[::-1, ::-1], *rest


def kernel_transposed(image: Array, kernel: Array, *rest: Any) -> Arguments:
    """Swap rows and columns of the kernel."""
    return image, kernel.T, *rest


def output_transposed(answer: Array, *arguments: Any) -> Array:
    """Swap rows and columns of the answer."""
    return answer.T


def with_stride(rows: int, columns: int, image: Array, kernel: Array, stride: Pair, *rest: Any) -> Arguments:
    """Take entry `rows` of the stride for the rows and entry `columns` for the columns."""
    return image, kernel, (stride[rows], stride[columns]), *rest


def stride_ignored(image: Array, kernel: Array, stride: Pair, *rest: Any) -> Arguments:
    """Move on by one pixel."""
    return image, kernel, (1, 1), *rest


KERNEL_TRANSPOSED = Misconception(
    "kernel_transposed",
    "This is what you get when rows and columns of the kernel are swapped.",
    "Rows come before columns: `kernel[u, v]` is row u, column v.",
    "L4.28",
    before=kernel_transposed,
)
ONE_AXIS_FLIPPED = (
    Misconception(
        "kernel_rows_flipped",
        "This is what you get when the kernel is turned upside down.",
        "Row u of the kernel goes with row u of the window. Flip nothing.",
        "L1.11",
        before=lambda image, kernel, *rest: (image, kernel[::-1], *rest),
    ),
    Misconception(
        "kernel_columns_flipped",
        "This is what you get when the kernel is mirrored from left to right.",
        "Column v of the kernel goes with column v of the window. Flip nothing.",
        "L1.11",
        before=lambda image, kernel, *rest: (image, kernel[:, ::-1], *rest),
    ),
)
FIRST_TAP_SKIPPED = Misconception(
    "first_tap_skipped",
    "This is what you get when the first number of the kernel is left out.",
    "Look where your loop over the kernel starts: it must start at 0.",
    "L1.17",
    before=lambda image, kernel, *rest: (image, without_tap(kernel, 0), *rest),
)
LAST_TAP_SKIPPED = Misconception(
    "last_tap_skipped",
    "This is what you get when the last number of the kernel is left out.",
    "Look where your loop over the kernel ends: `range(K)` already stops before K.",
    "L3.9",
    before=lambda image, kernel, *rest: (image, without_tap(kernel, -1), *rest),
)
OUTPUT_TRANSPOSED = Misconception(
    "output_transposed",
    "These are the right numbers with rows and columns swapped.",
    "Rows come before columns in the output too: `output[i, j]` is row i, column j.",
    "L4.28",
    after=output_transposed,
)

ONE_STRIDE_FOR_THE_OTHER = (
    Misconception(
        "stride_axes_swapped",
        "This is what you get when the stride of the rows and the stride of the columns are swapped.",
        "Rows come first: `stride[0]` belongs to the rows, `stride[1]` to the columns.",
        "L4.40",
        before=lambda *arguments: with_stride(1, 0, *arguments),
    ),
    Misconception(
        "row_stride_for_both",
        "This is what you get when the stride of the rows is used for the columns too.",
        "Use `stride[0]` for the rows and `stride[1]` for the columns.",
        "L4.40",
        before=lambda *arguments: with_stride(0, 0, *arguments),
    ),
    Misconception(
        "column_stride_for_both",
        "This is what you get when the stride of the columns is used for the rows too.",
        "Use `stride[0]` for the rows and `stride[1]` for the columns.",
        "L4.40",
        before=lambda *arguments: with_stride(1, 1, *arguments),
    ),
)
