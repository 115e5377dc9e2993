"""test_correlate2d(correlate2d): a student's own test, judged by the wrong implementations it catches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.implementation import Company, Implementation
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.outcome import Outcome, Raised, Returned
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.cross_correlation.correlate2d import CORRELATE2D
from coursekit.reference import correlate

Array = NDArray[Any]
Subject = Callable[[Array, Array], Any]

THE_RIGHT_ONE = Group("the right one", 0, "the right implementation is accepted", for_all=True)
SUMS = Group("wrong sums", 0.5, "three with wrong numbers on almost any input are rejected")
SIZES = Group("wrong sizes", 0.5, "two with an output of the wrong size are rejected")
SHAPES = Group("rows and columns", 0.5, "two that confuse rows and columns are rejected")
NUMBERS = Group("special numbers", 0.5, "three that only some numbers show are rejected")

# The mistakes that always come, and those of which some are drawn.
ALWAYS = {
    SUMS: ("kernel_rows_flipped",),
    SIZES: ("zeros_behind",),
    SHAPES: ("output_height_from_width", "kernel_width_from_height"),
    NUMBERS: ("first_tap_skipped", "negative_results_lost", "input_dtype_kept"),
}
DRAWN = {
    SUMS: (2, ("kernel_flipped", "last_tap_skipped", "mean_instead_of_sum")),
    SIZES: (1, ("zero_padded_same", "full_mode", "last_window_missed", "windows_do_not_overlap")),
}
ACCEPTS, REJECTS = "accepts", "rejects"


@dataclass(frozen=True)
class AcceptsTheRightOne:
    """Rejects a wrong implementation, accepts a right one; `expected` is the verdict, and what is wrong."""

    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        right: Any = expected
        verdict, fault = right
        if not isinstance(value, str) or value not in (ACCEPTS, REJECTS):
            return Problem("type", "Your test returned something. Use `assert`, and return nothing.")
        if value == verdict:
            return None
        if verdict == ACCEPTS:
            return Problem("value", "Your test rejects a right implementation.")
        return Problem("value", f"Your test accepts a wrong implementation. {fault}")

    def same(self, one: object, other: object) -> bool:
        return _verdict(one) == _verdict(other) is not None


def _verdict(answer: object) -> str | None:
    verdict = answer[0] if isinstance(answer, tuple) and answer else answer
    return verdict if isinstance(verdict, str) and verdict in (ACCEPTS, REJECTS) else None


def read(case: Case, outcome: Outcome) -> Outcome:
    """Turn what a test did into its verdict: it rejects by a failing assert, or by returning False.

    A wrong implementation may make a test stop with another error, which rejects it too. Where the
    implementation is right, such an error is a mistake of the test itself.
    """
    (subject,) = case.arguments
    if isinstance(outcome, Raised):
        right = isinstance(subject, Implementation) and subject.is_right
        own_fault = outcome.kind == "NotImplementedError" or (right and outcome.kind != "AssertionError")
        return outcome if own_fault else Returned(REJECTS, case.arguments)
    if isinstance(outcome, Returned):
        return Returned(_in_words(outcome.value), outcome.arguments_after)
    return outcome


def _in_words(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic) and value.ndim == 0:  # np.all gives NumPy's own True
        value = value.item()
    if value is None or value is True:
        return ACCEPTS
    return REJECTS if value is False else value


def verdict_on(subject: Implementation) -> tuple[str, str]:
    """Return the right verdict on an implementation, and what is wrong with it."""
    return (ACCEPTS, "") if subject.is_right else (REJECTS, subject.sentence)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return ten wrong implementations and the right one, each twice, in a new order.

    If the wrong ones came once, a test that remembers what it saw would find out which one is right.
    """
    names = {group: list(always) for group, always in ALWAYS.items()}
    for group, (count, mistakes) in DRAWN.items():
        names[group] += [str(name) for name in rng.choice(mistakes, count, replace=False)]
    subjects = _implementations()
    cases = [Case((subjects[name],), group.name) for group in names for name in 2 * names[group]]
    cases += [Case((subjects[""],), THE_RIGHT_ONE.name) for _ in range(2)]
    return [cases[int(place)] for place in rng.permutation(len(cases))]


def _implementations() -> dict[str, Implementation]:
    """Return every wrong one by its name, and the right one as "".

    All are computed at each call, those too that were not drawn: neither which one is called nor which were
    drawn can be told by the time.
    """
    names = [*(name for always in ALWAYS.values() for name in always)]
    names += [name for _, mistakes in DRAWN.values() for name in mistakes]
    wrong = [mistake for mistake in CORRELATE2D.misconceptions if mistake.name in names]
    functions = {"": correlate} | {mistake.name: wrong_answer(CORRELATE2D, (mistake,)) for mistake in wrong}
    sentences = {"": ""} | {mistake.name: mistake.sentence for mistake in wrong}
    company = Company(list(functions.values()))
    return {
        name: Implementation(function, CORRELATE2D.parameters, sentences[name], refusal, company)
        for name, function in functions.items()
    }


def refusal(image: Array, kernel: Array) -> str:
    """Return why these are no question for `correlate2d`, or ""."""
    if image.ndim != 2 or kernel.ndim != 2 or 0 in (*image.shape, *kernel.shape):
        return f"image and kernel must be (H, W) and (KH, KW); got shapes {image.shape} and {kernel.shape}"
    if any(taps > size for taps, size in zip(kernel.shape, image.shape, strict=True)):
        return f"kernel must fit into image; got shapes {kernel.shape} and {image.shape}"
    return ""


def agrees(subject: Subject, image: Array, kernel: Array) -> bool:
    """Return whether an implementation gives the right answer to one input."""
    try:
        return np.array_equal(subject(image, kernel), correlate(image, kernel))
    except (ValueError, IndexError):
        return False


def judged_by(*inputs: tuple[Any, Any]) -> Callable[[Subject], str]:
    """Return a test that looks at the right answers to these inputs only."""
    arrays = [(np.array(image), np.array(kernel)) for image, kernel in inputs]
    return lambda subject: ACCEPTS if all(agrees(subject, *pair) for pair in arrays) else REJECTS


SQUARE = ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[2, 5], [3, 1]])
WIDE = ([[1, 2, 3, 5, 4], [4, 8, 6, 1, 7], [7, 3, 9, 2, 5]], [[2, 5, 1], [3, 1, 4]])
SIGNED = ([[1, -2, 3], [-4, 5, -6], [7, -8, 9]], [[2, -5], [3, -1]])
DECIMAL = ([[0.5, -2.5, 3], [4, 1.5, 6.5], [-7.5, 8, 9]], [[0.5, 5], [3.5, -1.5]])


def only_the_shape(subject: Subject) -> str:
    """Look at the shapes of the answers, not at the numbers."""
    try:
        shapes = [np.shape(subject(np.array(image), np.array(kernel))) for image, kernel in (SQUARE, WIDE)]
    except (ValueError, IndexError):
        return REJECTS
    return ACCEPTS if shapes == [(2, 2), (2, 3)] else REJECTS


def only_the_sum(subject: Subject) -> str:
    """Look at the sum of each answer only."""
    for image, kernel in (SQUARE, WIDE, SIGNED, DECIMAL):
        arrays = np.array(image), np.array(kernel)
        try:
            came = float(np.sum(subject(*arrays)))
        except (ValueError, IndexError):
            return REJECTS
        if not np.isclose(came, correlate(*arrays).sum()):
            return REJECTS
    return ACCEPTS


MISCONCEPTIONS = (
    Misconception(
        "the_famous_example",
        "Your test looks at the famous example only: 0, 1, 2 ... with a kernel that starts with 0.",
        "A kernel with a 0 in it hides a tap that is skipped. Use numbers that all matter, and other shapes.",
        "L1.17",
        judged_by((np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))),
    ),
    Misconception(
        "square_whole_and_positive",
        "Your test looks at square inputs of positive whole numbers only.",
        "Take an image and a kernel with more columns than rows, negative numbers, and decimals.",
        "L1.18",
        judged_by(SQUARE),
    ),
    Misconception(
        "whole_and_positive",
        "Your test looks at positive whole numbers only.",
        "Some mistakes change negative results, some cut off decimals: let both occur.",
        "L3.13",
        judged_by(SQUARE, WIDE),
    ),
    Misconception(
        "square_inputs",
        "Your test looks at square inputs only.",
        "Rows and columns can be confused unnoticed there. Take an image and a kernel that are not square.",
        "L1.18",
        judged_by(SQUARE, SIGNED, DECIMAL),
    ),
    Misconception(
        "only_the_shape",
        "Your test looks at shapes only, not at the numbers.",
        "Work out the numbers of one small case by hand, and compare all of them.",
        "L3.9",
        only_the_shape,
    ),
    Misconception(
        "only_the_sum",
        "Your test looks at the sum of the output only.",
        "Many wrong outputs have the right sum. Compare number by number.",
        "L3.9",
        only_the_sum,
    ),
    Misconception(
        "accepts_everything",
        "Your test accepts everything.",
        "Call the function that your test is given, and `assert` what its answer must be.",
        "L3.9",
        lambda subject: ACCEPTS,
    ),
    Misconception(
        "rejects_everything",
        "Your test rejects everything, a right implementation too.",
        "Run your test on your own `correlate2d`, and work its expected numbers out again.",
        "L3.9",
        lambda subject: REJECTS,
    ),
)

TEST_CORRELATE2D = Task(
    name="test_correlate2d",
    stem="03_cross_correlation",
    signature="test_correlate2d(correlate2d)",
    parameters=("correlate2d",),
    groups=(THE_RIGHT_ONE, SUMS, SIZES, SHAPES, NUMBERS),
    reference=verdict_on,
    rule=AcceptsTheRightOne(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    read=read,
    next_step="Find an input on which this mistake shows, work the right output out by hand, and assert it.",
    hints=(
        "Think of a mistake, a flipped kernel for one. Would your inputs show it?",
        "Use several inputs: one that is not square, one with negative numbers, one with decimals.",
        "Look for what a special number hides: a 0 in the kernel, equal numbers, a symmetric kernel.",
    ),
)
