"""counterexample(signal): a kernel with which the order of the two matters in cross-correlation.

Any kernel that does it is right, so the answer is judged by computing both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.outcome import Outcome, Returned
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.values import NotNumbers, as_floats, as_numbers

Array = NDArray[Any]

LONGEST = 100  # numbers of a kernel
LARGEST = 1e6
ROUNDING = 1e-9  # smaller differences, relative to the largest number, do not count

EVERY_SIGNAL = Group("every signal", 1, "signals of all kinds: symmetric, with zeros, of one number, long")


@dataclass(frozen=True, eq=False)
class Tried:
    """The signal that was asked about and what the student's function returned for it."""

    signal: object
    kernel: object


def read(case: Case, outcome: Outcome) -> Outcome:
    """Put the signal beside the returned kernel: one cannot be judged without the other."""
    if isinstance(outcome, Returned):
        return replace(outcome, value=Tried(case.arguments[0], outcome.value))
    return outcome


def correlated(one: Array, other: Array) -> Array:
    """Return the full cross-correlation: `other`, unflipped, at every place where it meets `one`."""
    return np.convolve(one, other[::-1])


def counterexample(signal: Array) -> Array:
    """Return 1, 0 or 0, 1: at least one of them does it for any signal that is not all zeros."""
    kernel = np.array([1, 0])
    return kernel[::-1] if agree(signal, kernel) else kernel


def agree(signal: Array, kernel: Array) -> bool:
    """Return whether both orders give the same numbers, up to rounding."""
    forwards, backwards = correlated(signal, kernel), correlated(kernel, signal)
    difference = float(np.max(np.abs(forwards - backwards)))
    return difference <= ROUNDING * float(np.max(np.abs(forwards)))


@dataclass(frozen=True)
class OrderMatters:
    """A kernel is right if cross-correlating it with the signal gives other numbers than the reverse."""

    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        """Return what is wrong with a `Tried`, whatever it holds, or None. `expected` is one of many."""
        if not isinstance(value, Tried):
            return Problem("type", "Your function must return a kernel, and leave `signal` as it is.")
        try:
            came = as_numbers(value.kernel)
        except NotNumbers as error:
            ending = "" if str(error).endswith("?") else "."
            return Problem("type", f"Your function returned {error}{ending}")
        if came.ndim != 1:
            return Problem("shape", f"Your kernel must be one row of numbers; it has {came.ndim} axes.")
        if not 1 <= came.size <= LONGEST:
            return Problem("shape", f"Your kernel must have 1 to {LONGEST} numbers; it has {came.size}.")
        kernel = as_floats(came)
        if not np.all(np.abs(kernel) <= LARGEST):  # False for NaN too
            return Problem("value", "Every number of your kernel must lie from −1,000,000 to 1,000,000.")
        signal = as_floats(as_numbers(value.signal))
        return Problem("value", _why(signal, kernel)) if agree(signal, kernel) else None

    def same(self, one: object, other: object) -> bool:
        """Return whether two kernels are equal up to a factor, which never changes who is right."""
        if not (isinstance(one, Tried) and isinstance(other, Tried)):
            return False
        try:
            mine, theirs = as_floats(as_numbers(one.kernel)), as_floats(as_numbers(other.kernel))
        except NotNumbers:
            return False
        return _proportional(mine, theirs)


def _why(signal: Array, kernel: Array) -> str:
    both = f"With the kernel {_listed(kernel)}, both orders give {_listed(correlated(signal, kernel))}"
    if not np.any(kernel):
        return f"{both}: every product is 0."
    if _proportional(signal, kernel):
        return f"{both}: a signal with a multiple of itself gives a row that reads the same backwards."
    if np.array_equal(signal, signal[::-1]) and np.array_equal(kernel, kernel[::-1]):
        return f"{both}: signal and kernel both read the same backwards."
    return f"{both}. So this is no counterexample for this signal."


def _proportional(one: Array, other: Array) -> bool:
    """Return whether one row is the other times a number that is not 0; rows of zeros are all alike."""
    if one.ndim != 1 or other.ndim != 1 or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    if not one.any() or not other.any():
        return not one.any() and not other.any()
    if one.shape != other.shape:
        return False
    place = int(np.argmax(np.abs(one)))
    with np.errstate(all="ignore"):
        return bool(np.allclose(one / one[place], other / other[place], rtol=0, atol=ROUNDING))


def _listed(numbers: Array) -> str:
    shown = ", ".join(f"{number:.6g}".replace("-", "−") for number in numbers[:8])
    return f"({shown}{', ...' if len(numbers) > 8 else ''})"


def generate(rng: np.random.Generator) -> list[Case]:
    """Return signals of one number and more, among them one for which each simple kernel fails."""
    a, b, c = (int(number) for number in whole_numbers(rng, (3,)))
    half = whole_numbers(rng, (int(rng.integers(3, 6)),))
    signals = [
        np.array([a]),
        np.array([a, b]),
        np.array([a, a]),
        np.array([a, -a]),
        np.array([a, 2 * a]),
        np.array([2 * b, b]),
        np.array([a, 0]),
        np.array([0, a]),
        np.array([a, b, a]),
        np.array([a, 0, -a]),
        np.array([a, 2 * a, 3 * a]),
        np.array([c, a, b, 0]),
        np.array([a, b, b, a, 0]),
        np.array([0, a, b, a]),
        np.concatenate([half, half[::-1]]),
        np.concatenate([half, -half[::-1]]),
        decimals(rng, (4,)),
        whole_numbers(rng, (int(rng.integers(7, 11)),)),
    ]
    return [Case((signal,), EVERY_SIGNAL.name) for signal in signals]


def fair(signal: Array) -> bool:
    """Return whether there is a kernel for this signal: zeros alone have none."""
    return signal.ndim == 1 and bool(np.any(signal))


def always(name: str, words: str, *kernel: int) -> Misconception:
    """Return the mistake of answering every signal with one `kernel`."""
    return Misconception(
        name,
        f"This is what you get when the kernel is always {words}: for some signals it is no counterexample.",
        "Let your code look: compute both orders, and take another kernel where they agree.",
        "L4.9",
        lambda signal: np.array(kernel),
    )


MISCONCEPTIONS = (
    Misconception(
        "the_signal_itself",
        "This is what you get when the kernel is the signal itself: then swapping the two changes nothing.",
        "Take two different rows of numbers.",
        "L4.9",
        lambda signal: signal,
    ),
    Misconception(
        "the_signal_backwards",
        "This is what you get when the kernel is the signal read backwards: some signals read the same.",
        "Let your code look: compute both orders, and take another kernel where they agree.",
        "L4.9",
        lambda signal: signal[::-1],
    ),
    Misconception(
        "ones_as_long_as_the_signal",
        "This is what you get when the kernel is a row of ones, as long as the signal.",
        "A row of ones reads the same backwards. If the signal does too, swapping changes nothing.",
        "L4.9",
        np.ones_like,
    ),
    Misconception(
        "a_row_of_zeros",
        "This is what you get when the kernel holds only zeros: every product is 0, in either order.",
        "Take a kernel with at least one number that is not 0.",
        "L4.9",
        np.zeros_like,
    ),
    always("always_one_number", "one number", 1),
    always("always_two_equal_numbers", "two equal numbers", 1, 1),
    always("always_one_two", "1, 2 or a multiple of it", 1, 2),
    always("always_two_one", "2, 1 or a multiple of it", 2, 1),
    always("always_one_two_one", "1, 2, 1 or a multiple of it", 1, 2, 1),
    always("always_one_two_three", "1, 2, 3 or a multiple of it", 1, 2, 3),
    always("always_a_difference", "−1, 1 or a multiple of it", -1, 1),
    always("always_one_zero", "1, 0 or a multiple of it", 1, 0),
    always("always_zero_one", "0, 1 or a multiple of it", 0, 1),
)

COUNTEREXAMPLE = Task(
    name="counterexample",
    stem="02_convolution",
    signature="counterexample(signal)",
    parameters=("signal",),
    groups=(EVERY_SIGNAL,),
    reference=counterexample,
    rule=OrderMatters(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=(
        (
            "Swapping the two turns the row of results back to front. So look for a kernel with which the "
            "row is not its own mirror image."
        ),
        (
            "No single kernel works for every signal, but two kernels together can: where one fails, the "
            "other one does it. Very simple ones are enough. A zero in the right place helps."
        ),
        (
            "Try a first kernel: compute both orders with `np.correlate(..., 'full')`, and compare them "
            "with `np.array_equal`. If they agree, return a second kernel: the first one backwards."
        ),
    ),
    fair=fair,
    read=read,
)
