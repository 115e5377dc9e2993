"""output_size(size, kernel, padding, stride, dilation): how many places a window takes along one axis."""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameNumbers
from coursekit.checks.task import Case, Group, Misconception, Task

Numbers = tuple[int, int, int, int, int]

DENSE = Group("without dilation", 1, "the kernel has no gaps and fits; strides divide, or do not")
DILATED = Group("dilation, and too long kernels", 1, "the kernel is spread out, or too long")

# (size, kernel, padding, stride, dilation): one step after the other, then all at once
SMALL_DENSE = ((1, 1, 0, 1, 1), (4, 2, 0, 1, 1), (4, 3, 1, 1, 1), (5, 2, 0, 2, 1), (6, 3, 0, 2, 1))
SMALL_DILATED = ((5, 3, 0, 1, 2), (7, 2, 0, 1, 3), (6, 2, 1, 3, 2))
# nothing fits: by less than a stride, and by whole strides, where all ways of rounding agree
NOTHING_FITS = ((1, 2, 0, 2, 1), (1, 3, 0, 2, 2), (2, 5, 0, 1, 1), (3, 3, 1, 2, 4))


def spare(size: int, kernel: int, padding: int, dilation: int) -> int:
    """Return how many pixels the window can move from its first place; negative where it does not fit."""
    return size + 2 * padding - (dilation * (kernel - 1) + 1)


def output_size(size: int, kernel: int, padding: int, stride: int, dilation: int) -> int:
    """Return the number of places of the window, 0 where it does not fit."""
    return max(0, spare(size, kernel, padding, dilation) // stride + 1)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have sizes that nobody can guess."""
    dense = [_larger(rng, stride, 1, rest) for stride, rest in ((2, 1), (3, 2), (4, 1), (1, 0))]
    dilated = [
        _larger(rng, stride, dilation, rest)
        for stride, dilation, rest in ((1, 2, 0), (2, 3, 1), (3, 2, 2), (4, 4, 2))
    ]
    too_long = [_too_long(rng, stride, dilation) for stride, dilation in ((2, 3), (3, 1))]
    cases = [Case(numbers, DENSE.name) for numbers in (*SMALL_DENSE, *dense)]
    return cases + [
        Case(numbers, DILATED.name) for numbers in (*SMALL_DILATED, *NOTHING_FITS, *dilated, *too_long)
    ]


def _larger(rng: np.random.Generator, stride: int, dilation: int, rest: int) -> Numbers:
    """Return a window that fits several times and leaves `rest` pixels at the far end."""
    kernel, padding = int(rng.integers(3, 8)), int(rng.integers(1, 4))
    moves = int(rng.integers(4, 9))
    size = dilation * (kernel - 1) + 1 - 2 * padding + moves * stride + rest
    return (size, kernel, padding, stride, dilation) if size > 0 else _larger(rng, stride, dilation, rest)


def _too_long(rng: np.random.Generator, stride: int, dilation: int) -> Numbers:
    """Return a window that is longer than the padded input by two strides or three."""
    size, padding = int(rng.integers(3, 7)), int(rng.integers(1, 3))
    kernel = 2 + (size + 2 * padding + 2 * stride) // dilation
    missing = dilation * (kernel - 1) + 1 - (size + 2 * padding)
    shorter = missing % stride  # then what is missing is a whole number of strides
    return size + shorter, kernel, padding, stride, dilation


def is_fair(*numbers: Any) -> bool:
    """Whether these numbers are a question that the notebook allows."""
    if len(numbers) != 5 or any(type(number) is not int for number in numbers):
        return False
    size, kernel, padding, stride, dilation = numbers
    return bool(min(size, kernel, stride, dilation) >= 1 and padding >= 0)


def quotient(size: int, kernel: int, padding: int, stride: int, dilation: int) -> float:
    """Return the spare pixels divided by the stride, not rounded."""
    return spare(size, kernel, padding, dilation) / stride


def where_it_fits(number: float, answer: float, numbers: Numbers) -> float:
    """Return `number` where the window fits, else `answer`."""
    size, kernel, padding, _, dilation = numbers
    return number if spare(size, kernel, padding, dilation) >= 0 else answer


def one_size_divided(answer: float, *numbers: Any) -> float:
    """Divide the number of places with stride 1 by the stride."""
    size, kernel, padding, stride, dilation = numbers
    return where_it_fits((spare(size, kernel, padding, dilation) + 1) // stride, answer, numbers)


def not_below_zero_checked(answer: float, *numbers: Any) -> float:
    """Take what the formula says where that is below zero."""
    size, kernel, padding, stride, dilation = numbers
    room = spare(size, kernel, padding, dilation)
    return room // stride + 1 if room < -stride else answer


MISCONCEPTIONS = (
    Misconception(
        "formula_of_the_slides",
        "This is the formula of many slides as it stands: no floor, no dilation, no zero where nothing fits.",
        "Spread the kernel first, round the division down, and look at sizes where the kernel does not fit.",
        "L4.43",
        lambda size, kernel, padding, stride, dilation: (size - kernel + 2 * padding) / stride + 1,
    ),
    Misconception(
        "floor_missing",
        "This is what you get when the division is not rounded: half a place is no place.",
        "Round down before you add 1: `//` divides whole numbers and rounds down.",
        "L3.28",
        after=lambda answer, *numbers: where_it_fits(quotient(*numbers) + 1, answer, numbers),
    ),
    Misconception(
        "floor_missing_even_where_nothing_fits",
        "This is what you get when the division is not rounded: where nothing fits, half a place is left.",
        "Round down before you add 1: `//` divides whole numbers and rounds down, below zero too.",
        "L3.28",
        lambda *numbers: max(0, quotient(*numbers) + 1),
    ),
    Misconception(
        "ceil_instead_of_floor",
        "This is what you get when the division rounds up: the last window then hangs over the far end.",
        "Round down: a window that does not fit is not taken.",
        "L3.28",
        after=lambda answer, *numbers: where_it_fits(ceil(quotient(*numbers)) + 1, answer, numbers),
    ),
    Misconception(
        "ceil_even_where_nothing_fits",
        "This is what you get when the division rounds up: then even a kernel that is too long has a place.",
        "Round down: a window that does not fit is not taken.",
        "L3.28",
        lambda *numbers: max(0, ceil(quotient(*numbers)) + 1),
    ),
    Misconception(
        "rounded_to_nearest",
        "This is what you get when the division is rounded to the nearest whole number.",
        "Round down: a window that does not fit is not taken.",
        "L3.28",
        after=lambda answer, *numbers: where_it_fits(round(quotient(*numbers)) + 1, answer, numbers),
    ),
    Misconception(
        "decimals_cut_off_below_zero",
        "This is what you get when `int` cuts the decimals off: below zero it rounds up, so -0.5 becomes 0.",
        "Use `//`, which rounds down below zero too, or return 0 before you divide.",
        "L4.43",
        lambda *numbers: max(0, int(quotient(*numbers)) + 1),
    ),
    Misconception(
        "plus_one_missing",
        "This is one place too few: the division counts the moves, not the places.",
        "Add 1 after the division: the place before the first move counts too.",
        "L3.28",
        after=lambda answer, *numbers: where_it_fits(answer - 1, answer, numbers),
    ),
    Misconception(
        "places_divided_by_the_stride",
        "This is what you get when the number of places with stride 1 is divided by the stride.",
        "Divide the moves, not the places, by the stride, and add 1 after that.",
        "L3.28",
        after=one_size_divided,
    ),
    Misconception(
        "only_the_stride",
        "This is the input size divided by the stride, whatever the kernel and the padding are.",
        "Count the places where the whole kernel lies inside the padded input.",
        "L4.19",
        lambda size, kernel, padding, stride, dilation: size // stride,
    ),
    Misconception(
        "padding_on_one_side_only",
        "This is what you get when the padding is counted at one end only.",
        "Count the padding twice: it stands before the first pixel and behind the last one.",
        "L3.23",
        before=lambda size, kernel, padding, stride, dilation: (size + padding, kernel, 0, stride, dilation),
    ),
    Misconception(
        "padding_ignored",
        "This is what you get when the padding is left out.",
        "The input grows by the padding at both of its ends.",
        "L3.23",
        before=lambda size, kernel, padding, stride, dilation: (size, kernel, 0, stride, dilation),
    ),
    Misconception(
        "stride_ignored",
        "This is what you get when the window moves by one pixel, whatever the stride is.",
        "Divide the room that the window has to move by the stride.",
        "L3.27",
        before=lambda size, kernel, padding, stride, dilation: (size, kernel, padding, 1, dilation),
    ),
    Misconception(
        "dilation_ignored",
        "This is what you get when the kernel is not spread out.",
        "Use the span of the kernel from its first to its last tap, gaps included.",
        "L3.46",
        before=lambda size, kernel, padding, stride, dilation: (size, kernel, padding, stride, 1),
    ),
    Misconception(
        "dilation_times_kernel",
        "This is what you get when the kernel spans dilation times kernel: with a gap behind the last tap.",
        "Draw a kernel of 3 taps with dilation 2, and count the pixels from its first to its last tap.",
        "L3.46",
        before=lambda size, kernel, padding, stride, dilation: (size, dilation * kernel, padding, stride, 1),
    ),
    Misconception(
        "dilation_as_zeros_between",
        "This is what you get when dilation d puts d zeros between two taps: it puts d - 1.",
        "Dilation 1 is the dense kernel: the next tap is one pixel further.",
        "L3.46",
        before=lambda size, kernel, padding, stride, dilation: (
            size,
            kernel,
            padding,
            stride,
            dilation + 1,
        ),
    ),
    Misconception(
        "one_gap_only",
        "This is what you get when the kernel grows by one gap, however many taps it has.",
        "There is a gap between every two neighbouring taps: how many gaps are there?",
        "L3.46",
        before=lambda size, kernel, padding, stride, dilation: (
            size,
            kernel + dilation - 1,
            padding,
            stride,
            1,
        ),
    ),
    Misconception(
        "nothing_fits_not_checked",
        "This is what the formula says where the kernel is too long; but no place at all is 0 places.",
        "Return 0 where the kernel is longer than the padded input.",
        "L4.19",
        after=not_below_zero_checked,
    ),
    Misconception(
        "at_least_one_place",
        "This is what you get when there is always one place, even where the kernel does not fit.",
        "Return 0 where the kernel is longer than the padded input.",
        "L4.19",
        after=lambda answer, *numbers: max(1, answer),
    ),
)

HINTS = (
    (
        "How many pixels lie from the first to the last tap of the kernel, gaps included? And how long is "
        "the input with its padding? Try it with a drawing."
    ),
    (
        "The window starts at the left end. The difference of the two lengths says how many pixels it can "
        "still move; each move takes one stride, and what is left over at the end is lost."
    ),
    (
        "There is one place more than there are moves. Test a size where the kernel is too long, such as 2 "
        "pixels and 5 taps: what comes out must not be below 0."
    ),
)

OUTPUT_SIZE = Task(
    name="output_size",
    stem="06_stride",
    signature="output_size(size, kernel, padding, stride, dilation)",
    parameters=("size", "kernel", "padding", "stride", "dilation"),
    groups=(DENSE, DILATED),
    reference=output_size,
    rule=SameNumbers(("places",)),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=HINTS,
    forbids=PACKAGES,
    fair=is_fair,
)
