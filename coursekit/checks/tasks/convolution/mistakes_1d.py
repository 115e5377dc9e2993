"""Wrong answers to convolve1d: flips, zeros outside, the parts that modes keep, and arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.convolution.sums import Mode, Part, part_of, row
from coursekit.checks.tasks.sliding import without_tap

Array = NDArray[Any]
Question = tuple[Array, Array, Mode | Part]


def cutting(
    mode: Mode, start: Callable[[int, int], int], size: Callable[[int, int], int]
) -> Callable[[Array, Array, Mode | Part], Question]:
    """Return the mistake of keeping, in `mode`, `size` numbers of the full row from `start` on.

    Both take N and K.
    """

    def before(signal: Array, kernel: Array, asked: Mode | Part) -> Question:
        n, k = len(signal), len(kernel)
        return signal, kernel, Part(start(n, k), size(n, k)) if asked == mode else asked

    return before


def continued(
    extend: Callable[[Array, int], Array],
) -> Callable[[Array, Array, Mode | Part], Question]:
    """Return the mistake of continuing the signal at both ends by what `extend` says, not by zeros."""

    def before(signal: Array, kernel: Array, mode: Mode | Part) -> Question:
        part, more = part_of(mode, signal, kernel), len(kernel) - 1
        return extend(signal, more), kernel, Part(part.start + more, part.size)

    return before


def counted_from_the_end(signal: Array, more: int) -> Array:
    """Put the last numbers in front, as negative indices do, and zeros behind."""
    if more > len(signal):
        raise IndexError("index is out of bounds")
    return np.concatenate([signal[len(signal) - more :], signal, np.zeros(more, signal.dtype)])


def truncated_at_every_step(signal: Array, kernel: Array, mode: Mode | Part) -> Array:
    """Add each product to a whole number, which cuts the decimals off again and again."""
    full = np.zeros(len(signal) + len(kernel) - 1, np.int64)
    for a, tap in enumerate(kernel):
        places = slice(a, a + len(signal))
        full[places] = np.trunc(full[places] + signal * tap).astype(np.int64)
    part = part_of(mode, signal, kernel)
    return full[part.start :][: part.size]


FLIPS = (
    Misconception(
        "kernel_not_flipped",
        "This is what you get when the kernel is not flipped: a cross-correlation.",
        "The signal's places go back while the kernel's go on: t − a beside a.",
        "L2.6",
        lambda signal, kernel, mode: row(signal, np.flip(kernel), mode),
    ),
    Misconception(
        "signal_flipped_too",
        "This is what you get when the signal is flipped as well as the kernel.",
        "Flip only one of the two.",
        "L1.8",
        before=lambda signal, kernel, mode: (np.flip(signal), kernel, mode),
    ),
    Misconception(
        "signal_flipped_instead",
        "This is what you get when the signal is flipped instead of the kernel: the results run backwards.",
        "Leave the signal as it is, and flip the kernel.",
        "L3.5",
        lambda signal, kernel, mode: row(np.flip(signal), np.flip(kernel), mode),
    ),
)

ZEROS = (
    Misconception(
        "negative_index_wraps",
        "This is what you get when the place t − a is below 0 and Python counts it from the end.",
        "`signal[-1]` is the last number. In front of the signal stand zeros: test for t − a < 0.",
        "L2.5",
        before=continued(counted_from_the_end),
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when the signal starts again behind its end, as in a circle.",
        "Take 0 for every place outside the signal.",
        "L3.19",
        before=continued(lambda signal, more: np.pad(signal, more, mode="wrap")),
    ),
    Misconception(
        "edges_repeated",
        "This is what you get when the first and the last number of the signal go on for ever.",
        "Take 0 for every place outside the signal.",
        "L2.5",
        before=continued(lambda signal, more: np.pad(signal, more, mode="edge")),
    ),
)

MODES = (
    Misconception(
        "always_full",
        "This is what you get when every mode gives the full row.",
        "Cut the parts for 'same' and 'valid' out of the full row.",
        "L2.5",
        before=lambda signal, kernel, mode: (signal, kernel, "full"),
    ),
    Misconception(
        "always_same",
        "This is what you get when every mode gives as many numbers as the signal has.",
        "Look at `mode`: 'full' keeps K − 1 numbers more, 'valid' K − 1 fewer.",
        "L3.22",
        before=lambda signal, kernel, mode: (signal, kernel, "same"),
    ),
    Misconception(
        "always_valid",
        "This is what you get when every mode takes only places where the whole kernel lies on the signal.",
        "Look at `mode`: 'same' and 'full' also take places that hang over the edges, with zeros outside.",
        "L2.5",
        before=lambda signal, kernel, mode: (signal, kernel, "valid"),
    ),
    Misconception(
        "full_stops_with_the_signal",
        "This is what you get when t stops at the end of the signal in mode 'full'.",
        "The kernel still reaches the signal behind its end: there are N + K − 1 numbers.",
        "L2.7",
        before=cutting("full", lambda n, k: 0, lambda n, k: n),
    ),
    Misconception(
        "full_one_too_few",
        "This is what you get when the last number is missing in mode 'full'.",
        "Count the places for N = 2 and K = 2 by hand: there are N + K − 1.",
        "L3.18",
        before=cutting("full", lambda n, k: 0, lambda n, k: n + k - 2),
    ),
    Misconception(
        "full_one_too_many",
        "This is what you get when mode 'full' gives N + K numbers: at the last one nothing meets.",
        "Count the places for N = 1 and K = 1 by hand: there are N + K − 1.",
        "L3.18",
        before=cutting("full", lambda n, k: 0, lambda n, k: n + k),
    ),
    Misconception(
        "same_from_the_first_place",
        "This is what you get when mode 'same' keeps the first N numbers of the full row.",
        "'same' keeps the middle: leave out (K − 1) // 2 numbers in front.",
        "L3.22",
        before=cutting("same", lambda n, k: 0, lambda n, k: n),
    ),
    Misconception(
        "same_to_the_last_place",
        "This is what you get when mode 'same' keeps the last N numbers of the full row.",
        "'same' keeps the middle: leave out (K − 1) // 2 numbers in front.",
        "L3.22",
        before=cutting("same", lambda n, k: k - 1, lambda n, k: n),
    ),
    Misconception(
        "same_as_pytorch_for_even_kernels",
        "This is what you get when mode 'same' leaves out K // 2 numbers in front: for even kernels PyTorch "
        "does so, NumPy does not.",
        "Follow NumPy here: leave out (K − 1) // 2 numbers in front.",
        "L4.34",
        before=cutting("same", lambda n, k: k // 2, lambda n, k: n),
    ),
    Misconception(
        "same_with_half_a_kernel_of_zeros",
        "This is what you get when K // 2 zeros are added at both ends: one too many for an even kernel.",
        "'same' has N numbers, for even kernels too: leave out (K − 1) // 2 in front, and keep N.",
        "L4.34",
        before=cutting("same", lambda n, k: (k - 1) // 2, lambda n, k: n + 1 - k % 2),
    ),
    Misconception(
        "valid_from_the_first_place",
        "This is what you get when mode 'valid' keeps the first N − K + 1 numbers of the full row.",
        "At t = 0 only the kernel's first number lies on the signal. From which t on do all of them?",
        "L4.32",
        before=cutting("valid", lambda n, k: 0, lambda n, k: n - k + 1),
    ),
    Misconception(
        "valid_one_too_few",
        "This is what you get when the last number is missing in mode 'valid'.",
        "A kernel of K numbers has N − K + 1 places on N numbers. Did you forget the + 1?",
        "L4.32",
        before=cutting("valid", lambda n, k: k - 1, lambda n, k: n - k),
    ),
    Misconception(
        "valid_one_too_late",
        "This is what you get when mode 'valid' leaves out K numbers in front.",
        "Of the full row, K − 1 numbers in front hang over the edge, and K − 1 behind.",
        "L4.32",
        before=cutting("valid", lambda n, k: k, lambda n, k: n - k),
    ),
)

ARITHMETIC = (
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "`a` starts at 0. If you loop over the signal instead, do not stop before t.",
        "L2.4",
        before=lambda signal, kernel, mode: (signal, without_tap(kernel, 0), mode),
    ),
    Misconception(
        "last_tap_skipped",
        "This is what you get when the last number of the kernel is left out.",
        "`a` ends at K − 1: `range(K)` already stops before K.",
        "L2.4",
        before=lambda signal, kernel, mode: (signal, without_tap(kernel, -1), mode),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide. To smooth, give a kernel whose numbers sum to 1.",
        "L2.4",
        after=lambda right, signal, kernel, mode: right / len(kernel),
    ),
    Misconception(
        "decimals_cut_off",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(size)`, without `dtype=int`.",
        "L2.4",
        after=lambda right, signal, kernel, mode: right.astype(np.int64),
    ),
    Misconception(
        "decimals_cut_off_at_every_step",
        "This is what you get when the products are added up in an array of integers: decimals get lost.",
        "Make your output array of floats: `np.zeros(size)`, without `dtype=int`.",
        "L2.4",
        truncated_at_every_step,
    ),
    Misconception(
        "signal_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number signal: decimals get lost.",
        "Make your output array of floats: `np.zeros(size)` instead of `zeros_like`.",
        "L2.4",
        after=lambda right, signal, kernel, mode: right.astype(signal.dtype),
    ),
)

MISTAKES_1D = (
    *FLIPS,
    *MODES,
    *ZEROS,
    *ARITHMETIC,
)  # what changes the mode must come before what lengthens the signal
