"""same_padding(kernel_size, dilation): the zeros in front and behind that keep the length, at stride 1."""

from __future__ import annotations

import numpy as np

from coursekit import shapes
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameNumbers
from coursekit.checks.task import Case, Group, Misconception, Task

Ends = tuple[float, float]

NEXT_TO_EACH_OTHER = Group("dilation 1", 1, "the numbers of the kernel lie next to each other")
SPREAD = Group("dilation", 1, "the numbers of the kernel lie 2 or more pixels apart")

SMALL_SPREAD = ((1, 2), (2, 2), (2, 3), (3, 2), (4, 2), (4, 3))


def same_padding(kernel_size: int, dilation: int) -> tuple[int, int]:
    """Return the zeros (before, after); where their number is odd, the extra one stands in front."""
    before, after = shapes.same_padding(kernel_size, dilation)
    return int(before), int(after)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return kernels from one number upwards, odd and even; nobody can guess the larger sizes."""
    plain = [(size, 1) for size in range(1, 7)]
    plain += [(2 * int(half), 1) for half in rng.choice(np.arange(4, 16), size=2, replace=False)]
    plain += [(2 * int(half) + 1, 1) for half in rng.choice(np.arange(3, 16), size=2, replace=False)]
    spread = list(SMALL_SPREAD)
    for parity in (0, 1):  # an even kernel gets an odd number of zeros only where the dilation is odd
        spread.append((2 * int(rng.integers(3, 8)), 2 * int(rng.integers(2, 5)) + parity))
        spread.append((2 * int(rng.integers(2, 8)) + 1, 2 * int(rng.integers(2, 5)) + parity))
    cases = [Case(sizes, NEXT_TO_EACH_OTHER.name) for sizes in plain]
    return cases + [Case(sizes, SPREAD.name) for sizes in spread]


def reach(kernel_size: int, dilation: int) -> int:
    """Return the pixels from the first number of the kernel to the last, both counted."""
    return dilation * (kernel_size - 1) + 1


def split(zeros: int) -> tuple[int, int]:
    """Return the two halves of a number of zeros, the larger one in front."""
    return zeros - zeros // 2, zeros // 2


MISCONCEPTIONS = (
    Misconception(
        "half_the_kernel_on_both_sides",
        "This is floor(K / 2) at both ends, K being the pixels that the kernel reaches over: for an even K "
        "the output gets one number too many.",
        "Count the zeros in all first, then share them out. An even kernel needs an odd number of zeros.",
        "L4.34",
        answer=lambda kernel_size, dilation: (reach(kernel_size, dilation) // 2,) * 2,
    ),
    Misconception(
        "half_the_kernel_then_dilated",
        "This is dilation · floor(kernel_size / 2) at both ends: for an even kernel the output gets too "
        "long.",
        "Count the zeros in all first, then share them out.",
        "L4.34",
        answer=lambda kernel_size, dilation: (dilation * (kernel_size // 2),) * 2,
    ),
    Misconception(
        "odd_zero_lost",
        "This is the smaller half of the zeros at both ends: where their number is odd, one zero is lost "
        "and the output gets one number too few.",
        "Both ends together must hold all the zeros. Here the extra one belongs in front.",
        "L3.22",
        answer=lambda kernel_size, dilation: ((reach(kernel_size, dilation) - 1) // 2,) * 2,
    ),
    Misconception(
        "halves_that_are_not_whole",
        "This is half of the zeros at both ends, also where their half is no whole number.",
        "There is no half zero: P = (K - 1) / 2 on each side is a rule for odd K. Give the front one more.",
        "L3.22",
        answer=lambda kernel_size, dilation: ((reach(kernel_size, dilation) - 1) / 2,) * 2,
    ),
    Misconception(
        "extra_zero_behind",
        "The extra zero stands behind: the convention of PyTorch and TensorFlow. This task asks for the "
        "other one.",
        "Return (before, after) with the larger number first, as NumPy, SciPy and this course have it.",
        "L3.22",
        after=lambda right_answer, *arguments: (right_answer[1], right_answer[0]),
    ),
    Misconception(
        "all_zeros_in_front",
        "All zeros stand in front: the length is right, but no output lies over the middle of its window.",
        "Share the zeros out, as evenly as their number allows.",
        "L3.22",
        after=lambda right_answer, *arguments: (sum(right_answer), 0),
    ),
    Misconception(
        "all_zeros_behind",
        "All zeros stand behind: the length is right, but no output lies over the middle of its window.",
        "Share the zeros out, as evenly as their number allows.",
        "L3.22",
        after=lambda right_answer, *arguments: (0, sum(right_answer)),
    ),
    Misconception(
        "all_zeros_at_both_ends",
        "All zeros stand at both ends, so they are counted twice: this is the padding of mode 'full'.",
        "The output must be as long as the input: both ends together make up for what the kernel takes.",
        "L3.23",
        after=lambda right_answer, *arguments: (sum(right_answer),) * 2,
    ),
    Misconception(
        "one_zero_too_many",
        "These are one zero more in all than the kernel takes away, so the output gets one number too long.",
        "A kernel of 1 number needs no zeros. How many windows does a kernel of 3 numbers lose?",
        "L4.32",
        answer=lambda kernel_size, dilation: split(reach(kernel_size, dilation)),
    ),
    Misconception(
        "dilation_ignored",
        "This is what you get when the dilation is left out, as if it were 1.",
        "Draw the kernel with its gaps: it reaches over more pixels than it has numbers.",
        "L3.46",
        before=lambda kernel_size, dilation: (kernel_size, 1),
    ),
    Misconception(
        "dilation_times_kernel_size",
        "This is what you get when a kernel is taken to reach over dilation · kernel_size pixels.",
        "Draw the kernel with its gaps: between K numbers there are K - 1 steps, not K.",
        "L3.46",
        answer=lambda kernel_size, dilation: split(dilation * kernel_size - 1),
    ),
    Misconception(
        "dilation_counts_the_gap",
        "This is what you get when `dilation` pixels are left free between neighbours: a dilation one too "
        "large.",
        "Dilation is the step from one number of the kernel to the next: with dilation 1 there is no gap.",
        "L3.45",
        before=lambda kernel_size, dilation: (kernel_size, dilation + 1),
    ),
    Misconception(
        "split_before_dilating",
        "Here the kernel_size - 1 zeros are shared out first and multiplied by the dilation afterwards: one "
        "end gets more than one zero too many.",
        "Multiply first and share out last, so that the two ends differ by at most one zero.",
        "L3.46",
        answer=lambda kernel_size, dilation: tuple(dilation * zeros for zeros in split(kernel_size - 1)),
    ),
)

HINTS = (
    "Take a row of 6 numbers and a kernel of 3. How many places are there, and how many are missing to 6?",
    (
        "Now spread the 3 numbers of the kernel with dilation 2, and draw them: how many pixels lie from "
        "the first number to the last? That count takes the place of the kernel's size."
    ),
    (
        "You know how many zeros there are in all. Share them out in whole numbers: what must the two ends "
        "add up to, and which one may be larger?"
    ),
)

SAME_PADDING = Task(
    name="same_padding",
    stem="05_padding",
    signature="same_padding(kernel_size, dilation)",
    parameters=("kernel_size", "dilation"),
    groups=(NEXT_TO_EACH_OTHER, SPREAD),
    reference=same_padding,
    rule=SameNumbers(("before", "after")),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=HINTS,
    forbids=PACKAGES,
)
