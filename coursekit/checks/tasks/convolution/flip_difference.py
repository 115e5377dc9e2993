"""flip_difference(kernel): whether convolution and cross-correlation with a kernel can differ."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.rules import SameTruth
from coursekit.checks.task import Case, Group, Misconception, Task

Array = NDArray[Any]

ANY_KERNEL = Group("any kernel", 1, "kernels of any shape, symmetric in one way, in another, or not at all")


def turned(kernel: Array) -> Array:
    """Return the kernel after half a turn."""
    return kernel[::-1, ::-1]


def flip_difference(kernel: Array) -> bool:
    """Return whether half a turn changes the kernel."""
    return not np.array_equal(kernel, turned(kernel))


def same_after_half_a_turn(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Return a kernel that half a turn does not change, and that is symmetric in no other way by chance."""
    kernel = whole_numbers(rng, shape, 9)
    last = kernel.size - 1
    for index in range(kernel.size // 2):
        kernel.flat[last - index] = kernel.flat[index]
    return kernel


def spoiled(rng: np.random.Generator, kernel: Array) -> Array:
    """Return the kernel with one number changed that is neither its middle nor at a corner."""
    kernel = kernel.copy()
    places = [p for p in range(1, kernel.size - 1) if 2 * p != kernel.size - 1 and not _corner(p, kernel)]
    kernel.flat[int(rng.choice(places))] += int(rng.integers(1, 4))
    return kernel


def _corner(place: int, kernel: Array) -> bool:
    row, column = divmod(place, kernel.shape[1])
    return row in (0, kernel.shape[0] - 1) and column in (0, kernel.shape[1] - 1)


def symmetric_in_one_way(rng: np.random.Generator) -> list[Array]:
    """Return kernels that a weaker test takes for unchanged: mirrored, transposed, or negative."""
    up_down = whole_numbers(rng, (2, 3))
    left_right = whole_numbers(rng, (3, 2))
    square = whole_numbers(rng, (3, 3))
    a, b, c = (int(number) for number in whole_numbers(rng, (3,)))
    return [
        np.array([[a, b], [a, b]]),  # upside down, the same
        np.array([[a, a], [b, b]]),  # mirrored from left to right, the same
        np.array([[a, b], [b, c]]),  # transposed, the same
        np.array([[-a, 0, a]]),  # half a turn changes its sign
        np.concatenate([up_down, up_down[::-1]]),
        np.concatenate([left_right, left_right[:, ::-1]], axis=1),
        square - turned(square),
    ]


def generate(rng: np.random.Generator) -> list[Case]:
    """Return kernels from one number upwards, about half of them unchanged by half a turn."""
    a, b, c = (int(number) for number in whole_numbers(rng, (3,)))
    long, short = int(rng.integers(4, 7)), int(rng.integers(2, 4))
    large = same_after_half_a_turn(rng, (short, long))
    odd = same_after_half_a_turn(rng, (3, 3))
    quarters = decimals(rng, (2, 2))
    whole = same_after_half_a_turn(rng, (2, 3))
    kernels = [
        np.array([[a]]),
        np.array([[a, b]]),
        np.array([[a], [b]]),
        np.array([[a, a]]),
        np.array([[a], [a]]),
        np.array([[a, b], [b, a]]),  # half a turn only: no mirror keeps it
        np.array([[a, b], [c, a]]),  # equal corners
        np.array([[a, b, a], [b, c, b], [a, b, a]]),  # every mirror keeps it
        whole,
        whole + np.array([[0.25, 0, 0], [0, 0, 0.5]]),  # equal but for the decimals
        quarters + turned(quarters),
        *symmetric_in_one_way(rng),
        odd,
        spoiled(rng, odd),
        same_after_half_a_turn(rng, (4, 3)),
        large,
        spoiled(rng, large),
        spoiled(rng, same_after_half_a_turn(rng, (long, 2))),
    ]
    return [Case((kernel,), ANY_KERNEL.name) for kernel in kernels]


def same(one: Array, other: Array) -> bool:
    """Return whether two kernels have one shape and the same numbers."""
    return bool(np.array_equal(one, other))


def fair(kernel: Array) -> bool:
    """Return whether a kernel holds a number at all."""
    return kernel.ndim == 2 and kernel.size > 0


MISCONCEPTIONS = (
    Misconception(
        "the_other_way_round",
        "This is what you get when True stands for kernels that give the same result.",
        "Return True when the two operations differ, and False when they always agree.",
        "L4.9",
        after=lambda right, kernel: not right,
    ),
    Misconception(
        "only_rows_flipped",
        "This is what you get when the kernel is compared with itself upside down only.",
        "Convolution flips along both axes: compare with the kernel after half a turn.",
        "L1.10",
        lambda kernel: not same(kernel, kernel[::-1]),
    ),
    Misconception(
        "only_columns_flipped",
        "This is what you get when the kernel is compared with its mirror image from left to right only.",
        "Convolution flips along both axes: compare with the kernel after half a turn.",
        "L1.10",
        lambda kernel: not same(kernel, kernel[:, ::-1]),
    ),
    Misconception(
        "each_mirror_must_keep_it",
        "This is what you get when both mirror images must equal the kernel.",
        "Flip along both axes at once: half a turn keeps the kernel with rows 1 2 and 2 1, no mirror does.",
        "L1.10",
        lambda kernel: not (same(kernel, kernel[::-1]) and same(kernel, kernel[:, ::-1])),
    ),
    Misconception(
        "one_mirror_is_enough",
        "This is what you get when one of the two mirror images may equal the kernel.",
        "Flip along both axes at once, and compare once.",
        "L1.10",
        lambda kernel: not (same(kernel, kernel[::-1]) or same(kernel, kernel[:, ::-1])),
    ),
    Misconception(
        "transposed_instead",
        "This is what you get when the kernel is compared with its transpose.",
        "A transpose swaps rows and columns. A flip along both axes is half a turn.",
        "L1.10",
        lambda kernel: not same(kernel, kernel.T),
    ),
    Misconception(
        "quarter_turn",
        "This is what you get when the kernel is compared with itself after a quarter turn.",
        "Half a turn is needed: `np.rot90` once is only a quarter.",
        "L1.10",
        lambda kernel: not same(kernel, np.rot90(kernel)),
    ),
    Misconception(
        "sign_ignored",
        "This is what you get when a kernel that only changes its sign counts as unchanged.",
        "With kernel −1, 0, 1 the two results have opposite signs, so they differ. Compare without `abs`.",
        "L4.9",
        lambda kernel: not same(np.abs(kernel), np.abs(turned(kernel))),
    ),
    Misconception(
        "only_sums_compared",
        "This is what you get when only the sum of the numbers is compared: a flip never changes it.",
        "Compare number by number: every place of the kernel with the same place after half a turn.",
        "L4.9",
        lambda kernel: bool(kernel.sum() != turned(kernel).sum()),
    ),
    Misconception(
        "only_two_corners_compared",
        "This is what you get when only the first number is compared with the last one.",
        "Compare all numbers, each with its partner on the other side of the middle.",
        "L4.9",
        lambda kernel: bool(kernel[0, 0] != kernel[-1, -1]),
    ),
    Misconception(
        "only_the_outer_rows_compared",
        "This is what you get when only the first row is compared with the last one backwards.",
        "Compare all rows, those between the first and the last too.",
        "L4.9",
        lambda kernel: not same(kernel[0], kernel[-1, ::-1]),
    ),
    Misconception(
        "even_kernels_always_differ",
        "This is what you get when every kernel with an even number of rows or columns counts as changed.",
        "Half a turn needs no middle number: the kernel 1, 1 is kept by it.",
        "L4.9",
        after=lambda right, kernel: right or kernel.shape[0] % 2 == 0 or kernel.shape[1] % 2 == 0,
    ),
    Misconception(
        "decimals_cut_off",
        "This is what you get when numbers are compared without their decimals.",
        "Compare the numbers as they are, without `int`.",
        "L4.9",
        lambda kernel: not same(kernel.astype(int), turned(kernel).astype(int)),
    ),
)

FLIP_DIFFERENCE = Task(
    name="flip_difference",
    stem="02_convolution",
    signature="flip_difference(kernel)",
    parameters=("kernel",),
    groups=(ANY_KERNEL,),
    reference=flip_difference,
    rule=SameTruth(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=(
        "Convolution is cross-correlation with another kernel: which one? When are the two the same?",
        (
            "You need no image. If two kernels differ in one number, an image with a single 1 shows it. So "
            "this is a question about the kernel alone."
        ),
        (
            "Make the kernel after half a turn, and compare it with the kernel number by number. "
            "`np.array_equal` tells whether two arrays are equal. Mind which of the two answers is True."
        ),
    ),
    fair=fair,
)
