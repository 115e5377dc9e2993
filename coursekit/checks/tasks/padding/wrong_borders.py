"""Mistakes of correlate2d_padded: wrong zeros, something else than zeros, wrong windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.padding.borders import Ends, outside, surrounded, zeros_of

Array = NDArray[Any]
Question = tuple[Array, Array, str]
Change = Callable[[Array, Array, str], Question]


def other_zeros(zeros: Callable[[int, int, str], Ends]) -> Change:
    """Return the change that puts these zeros around the image and then takes the windows inside.

    `zeros` takes the number of taps along the axis, along the other axis, and the mode.
    """

    def before(image: Array, kernel: Array, mode: str) -> Question:
        rows, columns = (
            zeros(taps, other, mode) for taps, other in zip(kernel.shape, kernel.shape[::-1], strict=True)
        )
        return surrounded(image, rows, columns), kernel, "valid"

    return before


def other_zeros_for_same(zeros: Callable[[int], Ends]) -> Change:
    """Return the change that takes these zeros for mode 'same', and the right ones for the others."""
    return other_zeros(lambda taps, _, mode: zeros(taps) if mode == "same" else zeros_of(taps, mode))


def no_zeros(mode_of_numpy: str) -> Change:
    """Return the change that puts something else than zeros around the image: a mode of `numpy.pad`."""

    def before(image: Array, kernel: Array, mode: str) -> Question:
        around = [zeros_of(taps, mode) for taps in kernel.shape]
        return np.pad(image, around, mode=mode_of_numpy), kernel, "valid"  # type: ignore[call-overload]  # any mode

    return before


def other_mode(wanted: str, taken: str) -> Change:
    """Return the change that answers mode `wanted` as if it were mode `taken`."""
    return lambda image, kernel, mode: (image, kernel, taken if mode == wanted else mode)


def valid_inside_zeros(right_answer: Array, image: Array, kernel: Array, mode: str) -> Array:
    """Keep what the windows inside the image give, and put zeros where a window leaves it."""
    rows, columns = (zeros_of(taps, mode) for taps in kernel.shape)
    inside = tuple(size - taps + 1 for size, taps in zip(image.shape, kernel.shape, strict=True))
    return np.where(outside(np.empty(inside), rows, columns), 0, right_answer)


ZEROS = (
    Misconception(
        "mode_ignored",
        "This is the answer of mode 'valid' in every mode: there are no zeros around the image.",
        "Put the zeros of the mode around the image before you slide the kernel.",
        "L4.33",
        before=lambda image, kernel, mode: (image, kernel, "valid"),
    ),
    Misconception(
        "same_in_every_mode",
        "This is the answer of mode 'same' in every mode.",
        "Look at `mode`: 'valid' takes no zeros, and 'full' more than 'same'.",
        "L3.24",
        before=lambda image, kernel, mode: (image, kernel, "same"),
    ),
    Misconception(
        "full_answered_by_same",
        "Mode 'full' is answered as if it were 'same'.",
        "In mode 'full' every window counts that touches the image, if only with one number of the kernel.",
        "L3.24",
        before=other_mode("full", "same"),
    ),
    Misconception(
        "same_answered_by_full",
        "Mode 'same' is answered as if it were 'full': K - 1 zeros on each side instead of K - 1 in all.",
        "In mode 'same' the output is as large as the image.",
        "L3.24",
        before=other_mode("same", "full"),
    ),
    Misconception(
        "half_the_kernel_on_both_sides",
        "This is what you get with floor(K / 2) zeros at both ends in mode 'same': too large for an even "
        "kernel.",
        "An even kernel needs an odd number of zeros: one more in front than behind.",
        "L4.34",
        before=other_zeros_for_same(lambda taps: (taps // 2, taps // 2)),
    ),
    Misconception(
        "odd_zero_lost",
        "This is what you get with floor((K - 1) / 2) zeros at both ends in mode 'same': too small for an "
        "even kernel.",
        "An even kernel needs an odd number of zeros: one more in front than behind.",
        "L3.22",
        before=other_zeros_for_same(lambda taps: ((taps - 1) // 2, (taps - 1) // 2)),
    ),
    Misconception(
        "extra_zero_behind",
        "In mode 'same' the extra zero of an even kernel stands behind: the convention of PyTorch and "
        "TensorFlow.",
        "This task wants the extra zero in front (above, on the left), as NumPy, SciPy and this course have "
        "it.",
        "L3.22",
        before=other_zeros_for_same(lambda taps: ((taps - 1) // 2, taps // 2)),
    ),
    Misconception(
        "all_zeros_in_front",
        "In mode 'same' all zeros stand above and on the left. You also get this by cutting 'full' off at "
        "the end.",
        "Half of the zeros belong in front and half behind, so that the output lies over the middle of its "
        "window.",
        "L3.22",
        before=other_zeros_for_same(lambda taps: (taps - 1, 0)),
    ),
    Misconception(
        "all_zeros_behind",
        "In mode 'same' all zeros stand below and on the right.",
        "Half of the zeros belong in front and half behind, so that the output lies over the middle of its "
        "window.",
        "L3.22",
        before=other_zeros_for_same(lambda taps: (0, taps - 1)),
    ),
    Misconception(
        "full_with_one_zero_too_many",
        "In mode 'full' there are K zeros on each side, so some windows do not touch the image at all.",
        "A window of K numbers that touches the image reaches at most K - 1 numbers beyond it.",
        "L2.5",
        before=other_zeros(lambda taps, _, mode: (taps, taps) if mode == "full" else zeros_of(taps, mode)),
    ),
    Misconception(
        "zeros_of_rows_and_columns_swapped",
        "This is what you get when the rows get the zeros that the kernel's width asks for, and the columns "
        "those of its height.",
        "The height of the kernel decides over top and bottom, its width over left and right.",
        "L3.23",
        before=other_zeros(lambda _, other, mode: zeros_of(other, mode)),
    ),
    Misconception(
        "valid_inside_zeros",
        "This is what you get when zeros are put around the output of mode 'valid', not around the image.",
        "Put the zeros around the image first. Then a window at the border still sees the pixels that it "
        "holds.",
        "L4.33",
        after=valid_inside_zeros,
    ),
)

OTHER_BORDERS = (
    Misconception(
        "edge_repeated",
        "This is what you get when the last pixels of the image are repeated outwards, in place of zeros.",
        "Outside the image there are zeros.",
        "L2.5",
        before=no_zeros("edge"),
    ),
    Misconception(
        "mirrored_with_the_edge",
        "This is what you get when the image is mirrored at its border, in place of zeros.",
        "Outside the image there are zeros.",
        "L2.5",
        before=no_zeros("symmetric"),
    ),
    Misconception(
        "mirrored_without_the_edge",
        "This is what you get when the image is mirrored at its last row or column, in place of zeros.",
        "Outside the image there are zeros.",
        "L2.5",
        before=no_zeros("reflect"),
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when a window that leaves the image comes in again at its other side.",
        "Outside the image there are zeros.",
        "L3.19",
        before=no_zeros("wrap"),
    ),
)

SUMS = (
    Misconception(
        "kernel_flipped",
        "This is what you get when the kernel is flipped first: a convolution, not a cross-correlation.",
        "Multiply the first number of the window by the first number of the kernel. Flip nothing.",
        "L1.11",
        before=lambda image, kernel, mode: (image, kernel[::-1, ::-1], mode),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda right_answer, *arguments: np.trunc(right_answer),
    ),
    Misconception(
        "image_truncated",
        "This is what you get when the image loses its decimals on the way into the padded array.",
        "Make the padded array one of floats: `np.full(shape, 0)` holds integers, because 0 is one.",
        "L4.33",
        before=lambda image, kernel, mode: (np.trunc(image), kernel, mode),
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L3.9",
        after=lambda right_answer, image, *others: right_answer.astype(image.dtype),
    ),
)

MISCONCEPTIONS = (*ZEROS, *OTHER_BORDERS, *SUMS)
