"""convolve_at(signal, kernel, t): one number of a convolution, from the definition, with zeros outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.convolution.sums import products_at, row
from coursekit.checks.tasks.sliding import without_tap

Array = NDArray[Any]

ANYWHERE = Group("any t", 1, "the sum for one t, near the edges and outside too")

# Numbers in the signal, numbers in the kernel, t: inside, over each edge, and outside.
SMALL = (
    (1, 1, 0),
    (1, 1, 1),
    (2, 1, 1),
    (2, 2, 0),
    (2, 2, 1),
    (2, 2, 2),
    (3, 2, 1),
    (3, 2, 3),
    (1, 3, 1),
    (2, 3, 2),
    (4, 2, 5),
    (3, 3, -1),
    (4, 3, 0),
    (4, 3, 2),
    (4, 3, 5),
    (2, 4, 3),
)


def convolve_at(signal: Array, kernel: Array, t: int) -> Any:
    """Return the sum of signal[t - a] * kernel[a] over all a, with zeros outside both."""
    full = row(signal, kernel)
    return full[t] if 0 <= t < len(full) else 0


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one number upwards; the larger ones have sizes that nobody can guess."""
    cases = [
        Case((whole_numbers(rng, (n,), 9), whole_numbers(rng, (k,), 5), t), ANYWHERE.name)
        for n, k, t in SMALL
    ]
    n, k = int(rng.integers(7, 13)), int(rng.integers(3, 6))
    left, inside, right = (int(rng.integers(*ends)) for ends in ((1, k - 1), (k - 1, n), (n, n + k - 1)))
    for t in (left, inside, right):
        cases.append(Case((whole_numbers(rng, (n,)), whole_numbers(rng, (k,)), t), ANYWHERE.name))
    for t in (inside, left, n + k - 1, -int(rng.integers(1, n))):
        cases.append(Case((decimals(rng, (n,)), decimals(rng, (k,)), t), ANYWHERE.name))
    cases.append(Case((decimals(rng, (5,)), whole_numbers(rng, (3,)), 3), ANYWHERE.name))
    return cases


def reading(read: Callable[[Array, int], Any]) -> Callable[[Array, Array, int], Any]:
    """Return a convolve_at that asks `read` for the signal's number at any place, inside or outside."""

    def answer(signal: Array, kernel: Array, t: int) -> Any:
        return sum(read(signal, t - a) * tap for a, tap in enumerate(kernel))

    return answer


def zero_outside(signal: Array, place: int) -> Any:
    """Return the signal's number at `place`, 0 outside."""
    return signal[place] if 0 <= place < len(signal) else 0


def zero_behind(signal: Array, place: int) -> Any:
    """Return 0 behind the end; in front of the start Python counts from the end."""
    return signal[place] if place < len(signal) else 0


def plus_instead_of_minus(signal: Array, kernel: Array, t: int) -> Any:
    """Read signal[t + a], with zeros outside."""
    return sum(zero_outside(signal, t + a) * tap for a, tap in enumerate(kernel))


FLIPS = (
    Misconception(
        "plus_instead_of_minus",
        "This is what you get when the sum reads `signal[t + a]`: a cross-correlation.",
        "While `a` grows, the place in the signal goes back: it is t − a.",
        "L2.4",
        plus_instead_of_minus,
    ),
    Misconception(
        "kernel_not_flipped",
        "This is what you get when the kernel is not flipped: it lies on the signal as it is.",
        "The kernel's first number belongs to place t, its second one to t − 1, and so on backwards.",
        "L2.6",
        lambda signal, kernel, t: convolve_at(signal, np.flip(kernel), t),
    ),
    Misconception(
        "signal_flipped_too",
        "This is what you get when the signal is flipped as well as the kernel.",
        "Flip only one of the two: the minus sign stands once in the formula.",
        "L1.8",
        before=lambda signal, kernel, t: (np.flip(signal), kernel, t),
    ),
    Misconception(
        "signal_flipped_instead",
        "This is what you get when the signal is flipped instead of the kernel: t counts from the far end.",
        "Leave the signal as it is, and flip the kernel.",
        "L3.5",
        lambda signal, kernel, t: convolve_at(np.flip(signal), np.flip(kernel), t),
    ),
)

ZEROS = (
    Misconception(
        "negative_index_wraps",
        "This is what you get when the place t − a is below 0 and Python counts it from the end.",
        "`signal[-1]` is the last number. In front of the signal stand zeros: test for t − a < 0.",
        "L2.5",
        reading(zero_behind),
    ),
    Misconception(
        "no_zeros_outside",
        "This is what you get when places outside the signal are read as if they were inside.",
        "Before you read `signal[t - a]`, test that 0 ≤ t − a < N. Outside, the signal is 0.",
        "L2.5",
        reading(lambda signal, place: signal[place]),
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when the signal starts again behind its end, as in a circle.",
        "Take 0 for every place outside the signal.",
        "L2.5",
        reading(lambda signal, place: signal[place % len(signal)]),
    ),
    Misconception(
        "edges_repeated",
        "This is what you get when the first and the last number of the signal go on for ever.",
        "Take 0 for every place outside the signal.",
        "L2.5",
        reading(lambda signal, place: signal[min(max(place, 0), len(signal) - 1)]),
    ),
    Misconception(
        "zero_behind_the_signal",
        "This is what you get when the result is 0 for every t behind the end of the signal.",
        "The kernel still reaches the signal there: only from t = N + K − 1 on are all products 0.",
        "L2.7",
        after=lambda right, signal, kernel, t: right if t < len(signal) else 0,
    ),
)

COUNTING = (
    Misconception(
        "t_counted_from_one",
        "This is what you get when t is counted from 1.",
        "Signal, kernel and t all start at 0.",
        "L2.4",
        before=lambda signal, kernel, t: (signal, kernel, t - 1),
    ),
    Misconception(
        "t_is_the_start_of_the_window",
        "This is what you get when the window starts at t. It must end there.",
        "The places are t, t − 1, t − 2, ...: none of them is larger than t.",
        "L2.4",
        before=lambda signal, kernel, t: (signal, kernel, t + len(kernel) - 1),
    ),
    Misconception(
        "t_is_the_middle_of_the_window",
        "This is what you get when the middle of the kernel lies on place t.",
        "The places are t, t − 1, t − 2, ...: none of them is larger than t.",
        "L2.4",
        before=lambda signal, kernel, t: (signal, kernel, t + (len(kernel) - 1) // 2),
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "`a` starts at 0 and ends at K − 1. If you loop over the signal instead, do not stop before t.",
        "L2.4",
        before=lambda signal, kernel, t: (signal, without_tap(kernel, 0), t),
    ),
    Misconception(
        "last_tap_skipped",
        "This is what you get when the last number of the kernel is left out.",
        "`a` starts at 0 and ends at K − 1: `range(K)` already stops before K.",
        "L2.4",
        before=lambda signal, kernel, t: (signal, without_tap(kernel, -1), t),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "Add the products up and do not divide.",
        "L2.4",
        after=lambda right, signal, kernel, t: right / len(kernel),
    ),
    Misconception(
        "decimals_cut_off",
        "This is what you get when the decimals of the result are cut off.",
        "Return the sum as it is, without `int`.",
        "L2.4",
        after=lambda right, signal, kernel, t: int(right),
    ),
)

CONVOLVE_AT = Task(
    name="convolve_at",
    stem="02_convolution",
    signature="convolve_at(signal, kernel, t)",
    parameters=("signal", "kernel", "t"),
    groups=(ANYWHERE,),
    reference=convolve_at,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*FLIPS, *ZEROS, *COUNTING),
    explain_entry=products_at,
    hints=(
        (
            "Take the kernel's numbers one after the other. For the number at `a`, which place of the "
            "signal does the formula pair with it? Write the places for t = 1 and a kernel of three "
            "numbers on paper."
        ),
        (
            "Some of these places do not exist. Python does not stop you at −1: it reads the last number. "
            "So ask first whether the place lies inside the signal."
        ),
        (
            "Start with a total of 0. In one loop over `a`: compute the place; if it is at least 0 and "
            "smaller than the signal's length, add the product of the two numbers to the total."
        ),
    ),
    forbids=CONVOLUTIONS,
)
