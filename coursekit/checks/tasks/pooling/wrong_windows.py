"""Misconceptions of pool2d about where the windows lie, and about what is around the image."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.pooling.windows import Array, Pair, Pooled, ends_of, pool2d, pooled

Arguments = tuple[Any, ...]


def cut(answer: Pooled, rows: int, columns: int) -> Pooled:
    """Return the first so many rows and columns of the output and of the positions."""
    output, positions = answer
    kept = np.s_[: max(rows, 0), : max(columns, 0)]
    return output[kept], None if positions is None else positions[kept]


def last_window_missed(answer: Pooled, *arguments: Any) -> Pooled:
    """Stop one window early along both axes."""
    rows, columns = answer[0].shape
    return cut(answer, rows - 1, columns - 1)


def counted_without_padding(
    answer: Pooled, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Pooled:
    """Count as many windows as fit into the image alone."""
    rows, columns = ((n - taps) // step + 1 for n, taps, step in zip(image.shape, size, stride, strict=True))
    return cut(answer, rows, columns)


def one_more_window(image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Arguments:
    """Continue the padding as far as a last window reaches that begins inside and hangs over the far end.

    Raises ValueError where that window would begin behind the padding: it would be empty.
    """
    ends = []
    for n, taps, step, (before, after) in zip(image.shape, size, stride, ends_of(padding), strict=True):
        missing = -(n + before + after - taps) % step
        if missing >= taps:
            raise ValueError("zero-size array to reduction operation maximum which has no identity")
        ends.append((before, after + missing))
    return image, size, stride, tuple(ends), mode


def mean_of_what_is_there(
    answer: Pooled, image: Array, size: Pair, stride: Pair, padding: Any, mode: str
) -> Pooled:
    """Divide each sum by the numbers that a slice of the evenly padded image would hold."""
    output, positions = answer
    if mode != "average":
        return answer
    counts = []
    for axis, (before, after) in enumerate(ends_of(padding)):
        starts = np.arange(output.shape[axis]) * stride[axis]
        end = image.shape[axis] + 2 * min(before, after)
        counts.append(np.maximum(np.minimum(size[axis], end - starts), 1))
    return output * (size[0] * size[1]) / np.multiply.outer(*counts), positions


def stride_ignored_in_window_start(image: Array, size: Pair, stride: Pair, padding: Any, mode: str) -> Pooled:
    """Count the windows with the stride, but start each one place after the one before."""
    rows, columns = pool2d(image, size, stride, padding, mode)[0].shape
    return cut(pool2d(image, size, (1, 1), padding, mode), rows, columns)


WINDOWS = (
    Misconception(
        "stride_is_the_size",
        "This is what you get when the windows always lie side by side: stride = size.",
        "Move the window by `stride`, even where windows then overlap or leave gaps.",
        "L3.34",
        before=lambda image, size, stride, padding, mode: (image, size, size, padding, mode),
    ),
    Misconception(
        "stride_always_one",
        "This is what you get when the window moves by one place, whatever the stride is.",
        "Move the window by `stride`: rows by its first number, columns by its second.",
        "L4.38",
        before=lambda image, size, stride, padding, mode: (image, size, (1, 1), padding, mode),
    ),
    Misconception(
        "stride_ignored_in_window_start",
        "You take as many windows as you should, but each begins only one place after the one before.",
        "Window number i does not begin at i: multiply by the stride.",
        "L4.38",
        stride_ignored_in_window_start,
    ),
    Misconception(
        "stride_axes_swapped",
        "This is what you get when the stride of the rows is used for the columns, and the other way round.",
        "Rows come first: `stride[0]` moves the window down, `stride[1]` to the right.",
        "L4.40",
        before=lambda image, size, stride, padding, mode: (image, size, stride[::-1], padding, mode),
    ),
    Misconception(
        "stride_of_the_rows_for_both",
        "This is what you get when the stride of the rows is used for the columns too.",
        "Use both numbers: `stride[0]` moves the window down, `stride[1]` to the right.",
        "L4.40",
        before=lambda image, size, stride, padding, mode: (image, size, (stride[0],) * 2, padding, mode),
    ),
    Misconception(
        "stride_of_the_columns_for_both",
        "This is what you get when the stride of the columns is used for the rows too.",
        "Use both numbers: `stride[0]` moves the window down, `stride[1]` to the right.",
        "L4.40",
        before=lambda image, size, stride, padding, mode: (image, size, (stride[1],) * 2, padding, mode),
    ),
    Misconception(
        "size_axes_swapped",
        "This is what you get when the window is as wide as it should be high, and the other way round.",
        "Rows come first: `size[0]` is the height of the window, `size[1]` its width.",
        "L4.36",
        before=lambda image, size, stride, padding, mode: (image, size[::-1], stride, padding, mode),
    ),
    Misconception(
        "window_as_wide_as_high",
        "This is what you get when the window is a square with the right height.",
        "Use both numbers: `size[0]` is the height of the window, `size[1]` its width.",
        "L4.36",
        before=lambda image, size, stride, padding, mode: (image, (size[0],) * 2, stride, padding, mode),
    ),
    Misconception(
        "window_as_high_as_wide",
        "This is what you get when the window is a square with the right width.",
        "Use both numbers: `size[0]` is the height of the window, `size[1]` its width.",
        "L4.36",
        before=lambda image, size, stride, padding, mode: (image, (size[1],) * 2, stride, padding, mode),
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last row and the last column of windows are left out.",
        "Count the windows of a small case by hand. Is there a + 1 in your formula?",
        "L4.43",
        after=last_window_missed,
    ),
    Misconception(
        "ceil_instead_of_floor",
        "This is what you get when a last window that hangs over the far end is taken too (ceil).",
        "Take only windows that fit into the padded image: the division rounds down (floor).",
        "L4.43",
        before=one_more_window,
        after=mean_of_what_is_there,
    ),
    Misconception(
        "output_transposed",
        "Rows and columns are swapped in your output, and in your positions.",
        "Write what the window in row i, column j gives to row i, column j of the output.",
        "L4.36",
        after=lambda answer, *arguments: tuple(None if part is None else part.T for part in answer),
    ),
)

AROUND = (
    Misconception(
        "padding_ignored",
        "This is what you get without any padding.",
        "The windows begin `padding` pixels before the image and may end as far behind it.",
        "L2.29",
        before=lambda image, size, stride, padding, mode: (image, size, stride, (0, 0), mode),
    ),
    Misconception(
        "padding_axes_swapped",
        "This is what you get when the padding of the rows is used for the columns, and the other way round.",
        "Rows come first: `padding[0]` is above and below the image, `padding[1]` left and right of it.",
        "L2.29",
        before=lambda image, size, stride, padding, mode: (image, size, stride, padding[::-1], mode),
    ),
    Misconception(
        "padding_only_in_front",
        "This is what you get when the padding counts at one end of each axis only: above and to the left.",
        "There is padding at both ends of an axis, so it counts twice in the number of windows.",
        "L2.29",
        before=lambda image, size, stride, padding, mode: (
            image,
            size,
            stride,
            tuple((before, 0) for before, _ in ends_of(padding)),
            mode,
        ),
    ),
    Misconception(
        "padding_only_behind",
        "This is what you get when there is padding below and to the right, but none above and to the left.",
        "Both ends of an axis get the padding: the first window begins in front of the image.",
        "L2.29",
        before=lambda image, size, stride, padding, mode: (
            image,
            size,
            stride,
            tuple((0, after) for _, after in ends_of(padding)),
            mode,
        ),
    ),
    Misconception(
        "size_counted_without_padding",
        "This is what you get when the padding is there, but the number of windows is counted without it.",
        "Count the windows that fit into the padded image: H + 2 times the padding takes the place of H.",
        "L3.23",
        after=counted_without_padding,
    ),
    Misconception(
        "zeros_win_the_maximum",
        "This is what you get when the padding holds zeros: they win against negative numbers.",
        "Only pixels may win. Let the padding hold a number that is below every pixel.",
        "L4.36",
        lambda image, size, stride, padding, mode: pooled(image, size, stride, padding, mode, outside=0.0),
    ),
    Misconception(
        "infinity_in_the_mean",
        "This is what you get when the padding holds minus infinity for the average too.",
        "Minus infinity is right for a maximum only: for an average the padding holds zeros.",
        "L4.36",
        lambda image, size, stride, padding, mode: pooled(
            image, size, stride, padding, mode, outside=-np.inf
        ),
    ),
)
