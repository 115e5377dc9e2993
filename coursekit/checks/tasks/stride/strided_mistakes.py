"""Wrong strided and dilated correlations of an image (H, W) with a kernel (KH, KW).

Stride and dilation are pairs (rows, columns).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.sliding import summed_in_integers
from coursekit.checks.tasks.stride.shared import (
    FIRST_TAP_SKIPPED,
    KERNEL_TRANSPOSED,
    LAST_TAP_SKIPPED,
    ONE_AXIS_FLIPPED,
    ONE_STRIDE_FOR_THE_OTHER,
    OUTPUT_TRANSPOSED,
    Arguments,
    Pair,
    kernel_flipped,
    stride_ignored,
)

Array = NDArray[Any]


def windows(image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Return the pixels under the taps for each place: (rows, columns, KH, KW).

    Raises ValueError if the kernel does not fit.
    """
    spans = [step * (taps - 1) + 1 for step, taps in zip(dilation, kernel.shape, strict=True)]
    every = sliding_window_view(image, spans)
    return every[:: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def correlated(image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Return the right answer, as `coursekit.reference.correlate` does, but quicker for small images."""
    return np.tensordot(windows(image, kernel, stride, dilation), kernel, axes=2)


def moves(image: Array, kernel: Array, dilation: Pair) -> list[int]:
    """Return, for each axis, how many pixels the window can move from its first place."""
    return [
        size - (step * (taps - 1) + 1)
        for size, taps, step in zip(image.shape, kernel.shape, dilation, strict=True)
    ]


def first_places(answer: Array, rows: int, columns: int) -> Array:
    """Return what loops over so many places give, IndexError or ValueError where such code stops."""
    if rows < 0 or columns < 0:
        raise ValueError("negative dimensions are not allowed")
    if rows > answer.shape[0] or columns > answer.shape[1]:
        raise IndexError("index is out of bounds")
    return answer[:rows, :columns]


def windows_overlap(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Take as many windows as is right, one pixel apart."""
    return correlated(image, kernel, (1, 1), dilation)[: answer.shape[0], : answer.shape[1]]


def partial_windows(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Take the windows that hang over the far ends too, with zeros outside."""
    beyond = [(0, -room % step) for room, step in zip(moves(image, kernel, dilation), stride, strict=True)]
    return correlated(np.pad(image, beyond), kernel, stride, dilation)


def rounded_up(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Make the output one larger where the stride does not divide, and leave 0 there."""
    rooms = zip(moves(image, kernel, dilation), stride, strict=True)
    return np.pad(answer, [(0, int(room % step > 0)) for room, step in rooms])


def places_divided(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Divide the number of places with stride 1 by the stride."""
    rooms = zip(moves(image, kernel, dilation), stride, strict=True)
    return first_places(answer, *((room + 1) // step for room, step in rooms))


def last_start_missed(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Let the starts end in front of the last one, as range(0, last, stride) does."""
    rooms = zip(moves(image, kernel, dilation), stride, strict=True)
    return first_places(answer, *(-(-room // step) for room, step in rooms))


def written_at_the_start(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Write each sum where its window starts, into an output of stride 1."""
    spread = np.zeros([room + 1 for room in moves(image, kernel, dilation)], answer.dtype)
    spread[:: stride[0], :: stride[1]] = answer
    return spread


def span_too_long(answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Array:
    """Count the windows of a kernel that spans dilation times its taps."""
    sizes = zip(image.shape, kernel.shape, stride, dilation, strict=True)
    return first_places(answer, *((size - gap * taps) // step + 1 for size, taps, step, gap in sizes))


def taps_repeated(image: Array, kernel: Array, stride: Pair, dilation: Pair) -> Arguments:
    """Repeat each tap instead of putting a gap behind it."""
    return image, np.repeat(np.repeat(kernel, dilation[0], 0), dilation[1], 1), stride, (1, 1)


def truncated_at_every_step(
    answer: Array, image: Array, kernel: Array, stride: Pair, dilation: Pair
) -> Array:
    """Add each product to an array of integers, which cuts the decimals off again and again."""
    return summed_in_integers(windows(image, kernel, stride, dilation), kernel)


STRIDE = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is flipped first: a convolution, not a cross-correlation.",
        "Multiply the first number of the window by the first number of the kernel. Flip nothing.",
        "L1.11",
        before=kernel_flipped,
    ),
    Misconception(
        "stride_ignored",
        "This is what you get when the window moves by one pixel, whatever the stride is.",
        "Let the window of row i of the output start in row `i * stride[0]` of the image.",
        "L3.27",
        before=stride_ignored,
    ),
    *ONE_STRIDE_FOR_THE_OTHER,
    Misconception(
        "stride_ignored_in_window_start",
        "The size is right, but neighbouring windows start one pixel apart, so that they overlap.",
        "Let the window of row i of the output start in row `i * stride[0]` of the image, not in row i.",
        "L3.27",
        after=windows_overlap,
    ),
    Misconception(
        "stride_ignored_in_output",
        "The sums are right, but each stands where its window starts, with zeros between them.",
        "The second window's sum stands in row 1 of the output, wherever it starts in the image.",
        "L2.26",
        after=written_at_the_start,
    ),
    Misconception(
        "ceil_instead_of_floor",
        "This is what you get when the windows that hang over the far end are taken too, with zeros outside.",
        "Round down: a window that does not fit is not taken.",
        "L3.28",
        after=partial_windows,
    ),
    Misconception(
        "output_rounded_up",
        "The output has a row or a column too many, full of zeros, where the stride does not divide.",
        "Round down when you compute the size of the output: a window that does not fit is not taken.",
        "L3.28",
        after=rounded_up,
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last window along each axis is left out.",
        "Add 1 after the division by the stride: the first window counts too.",
        "L4.43",
        after=lambda answer, *arguments: answer[:-1, :-1],
    ),
    Misconception(
        "last_start_missed",
        "This is what you get when the last window is left out wherever the stride divides.",
        "A range leaves out its end: let it end one behind the last start, at `H - span + 1`.",
        "L4.43",
        after=last_start_missed,
    ),
    Misconception(
        "places_divided_by_the_stride",
        "This is what you get when the number of windows with stride 1 is divided by the stride.",
        "Divide the moves, not the places, by the stride, and add 1 after that.",
        "L3.28",
        after=places_divided,
    ),
)

DILATION = (
    Misconception(
        "dilation_ignored",
        "This is what you get when the kernel is not spread out.",
        "Beside tap (u, v) stands the pixel `u * dilation[0]` rows and `v * dilation[1]` columns further.",
        "L3.46",
        before=lambda image, kernel, stride, dilation: (image, kernel, stride, (1, 1)),
    ),
    Misconception(
        "dilation_axes_swapped",
        "This is what you get when the dilation of the rows and the dilation of the columns are swapped.",
        "Rows come first: `dilation[0]` belongs to the rows, `dilation[1]` to the columns.",
        "L4.40",
        before=lambda image, kernel, stride, dilation: (image, kernel, stride, dilation[::-1]),
    ),
    Misconception(
        "row_dilation_for_both",
        "This is what you get when the dilation of the rows is used for the columns too.",
        "Use `dilation[0]` for the rows and `dilation[1]` for the columns.",
        "L4.40",
        before=lambda image, kernel, stride, dilation: (image, kernel, stride, (dilation[0], dilation[0])),
    ),
    Misconception(
        "column_dilation_for_both",
        "This is what you get when the dilation of the columns is used for the rows too.",
        "Use `dilation[0]` for the rows and `dilation[1]` for the columns.",
        "L4.40",
        before=lambda image, kernel, stride, dilation: (image, kernel, stride, (dilation[1], dilation[1])),
    ),
    Misconception(
        "dilation_as_zeros_between",
        "This is what you get when dilation d puts d zeros between two taps: it puts d - 1.",
        "Dilation 1 is the dense kernel: the next tap is one pixel further.",
        "L3.46",
        before=lambda image, kernel, stride, dilation: (
            image,
            kernel,
            stride,
            (dilation[0] + 1, dilation[1] + 1),
        ),
    ),
    Misconception(
        "span_is_dilation_times_kernel",
        "This is what you get when the kernel is taken to span dilation times its taps: windows get lost.",
        "No gap stands behind the last tap: K taps span `dilation * (K - 1) + 1` pixels.",
        "L3.46",
        after=span_too_long,
    ),
    Misconception(
        "dilation_moves_the_window",
        "This is what you get when the dilation makes the window's steps larger and leaves the kernel dense.",
        "The stride moves the window; the dilation spreads the taps inside it.",
        "L3.45",
        before=lambda image, kernel, stride, dilation: (
            image,
            kernel,
            (stride[0] * dilation[0], stride[1] * dilation[1]),
            (1, 1),
        ),
    ),
    Misconception(
        "image_thinned_out",
        "This is what you get when only every d-th pixel of the image is kept, and the kernel stays dense.",
        "Every pixel may start a window: take the window first, and then every d-th pixel inside it.",
        "L3.45",
        before=lambda image, kernel, stride, dilation: (
            image[:: dilation[0], :: dilation[1]],
            kernel,
            stride,
            (1, 1),
        ),
    ),
    Misconception(
        "taps_repeated",
        "This is what you get when each tap is repeated instead of standing alone with gaps around it.",
        "The gaps between the taps hold zeros: a dilated kernel has as many taps as before.",
        "L3.45",
        before=taps_repeated,
    ),
    Misconception(
        "stride_and_dilation_swapped",
        "This is what you get when stride and dilation are swapped.",
        "The stride moves the window; the dilation spreads the taps inside it.",
        "L3.45",
        before=lambda image, kernel, stride, dilation: (image, kernel, dilation, stride),
    ),
)

TRUNCATED = (
    Misconception(
        "truncated_at_every_step",
        "This is what you get when the products are added up in an array of integers: decimals get lost.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=truncated_at_every_step,
    ),
)

OUTPUT = (
    *ONE_AXIS_FLIPPED,
    KERNEL_TRANSPOSED,
    FIRST_TAP_SKIPPED,
    LAST_TAP_SKIPPED,
    OUTPUT_TRANSPOSED,
    Misconception(
        "output_height_from_width",
        "This is what you get when the height of the output is computed from the widths.",
        "Compute both sizes: height from height and width from width.",
        "L3.28",
        after=lambda answer, *arguments: first_places(answer, answer.shape[1], answer.shape[1]),
    ),
    Misconception(
        "output_width_from_height",
        "This is what you get when the width of the output is computed from the heights.",
        "Compute both sizes: height from height and width from width.",
        "L3.28",
        after=lambda answer, *arguments: first_places(answer, answer.shape[0], answer.shape[0]),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L3.9",
        after=lambda answer, image, kernel, *steps: answer / kernel.size,
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda answer, *arguments: answer.astype(np.int64),
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L3.9",
        after=lambda answer, image, *rest: answer.astype(image.dtype),
    ),
)
