"""What is special about the tasks of 03_cross_correlation: a kernel to design, a test to write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit.checks import Case, Verdict, check, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.implementation import Implementation
from coursekit.checks.outcome import NoAnswer, Raised, Returned
from coursekit.checks.tasks.cross_correlation.student_test import ACCEPTS, REJECTS, read
from coursekit.errors import CourseError, ParameterError
from coursekit.reference import correlate


def report_on(name: str, answer: Callable[..., Any], seed: int | None = None) -> Any:
    task = find_task(name)
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    return examine(task, cases, [call(answer, case) for case in cases])


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        ([[1, 1], [1, 1]], "its numbers sum to 4. A kernel that is to be silent there must sum to 0"),
        ([[1, -1], [-1, 1]], "This kernel responds to corners"),
        ([[2, 2, 2], [0, 0, 0], [-2, -2, -2]], "This kernel responds to horizontal edges"),
        ([[1], [-1]], "Your kernel gives 0 everywhere on an image with a vertical edge in it"),
        ([[1, 0], [0, -1]], "On an image with"),
        ([1, -1], "Your kernel has 1 axis; it should have two"),
        (np.zeros((3, 3)), "must hold finite numbers, and not zeros alone"),
        ([[1, np.nan]], "must hold finite numbers, and not zeros alone"),
        (np.ones((1, 9)), "it should have from 1 to 5 rows and columns"),
        (np.zeros((0, 3)), "it should have from 1 to 5 rows and columns"),
        ("sobel", "Your function returned text"),
        (None, "does it end with `return`?"),
        ([[1e308, -1e308]], "must hold finite numbers"),
    ],
)
def test_a_kernel_that_does_not_do_the_job_is_told_what_it_does(kernel: Any, words: str) -> None:
    report = report_on("edge_kernel", lambda: kernel)
    assert report.score == 0
    assert words in report.to_text()
    assert report.to_html()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("scale", [1e-6, 1, -3, 1e9])
def test_the_size_and_the_sign_of_the_numbers_do_not_matter(seed: int, scale: float) -> None:
    kernel = scale * np.array([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0]])
    assert report_on("edge_kernel", lambda: kernel, seed).verdict is Verdict.CORRECT


def test_the_image_that_a_kernel_fails_on_is_shown() -> None:
    report = report_on("edge_kernel", lambda: [[1]])
    assert "image (11, 11):" in report.to_text()


def nothing_asked(correlate2d: Any) -> None:
    """Accept all."""


@pytest.mark.parametrize("seed", [None, 0, 1, 2])
def test_ten_are_wrong_and_each_implementation_comes_twice(seed: int | None) -> None:
    task = find_task("test_correlate2d")
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    subjects: list[tuple[str, Any]] = [(case.group, case.arguments[0]) for case in cases]
    assert sum(not subject.is_right for _, subject in subjects) == 20
    assert [group for group, subject in subjects if subject.is_right] == ["the right one"] * 2
    assert {group for group, subject in subjects} == {group.name for group in task.groups}
    sentences = [subject.sentence for _, subject in subjects]
    assert len(set(sentences)) == 11, "each is wrong in its own way"
    assert {sentences.count(one) for one in sentences} == {2}, "how often one comes says nothing"


def test_the_order_is_drawn_afresh() -> None:
    task = find_task("test_correlate2d")
    places = set()
    for seed in range(12):
        subjects: list[Any] = [case.arguments[0] for case in fresh_cases(task, seed)]
        places.add(tuple(index for index, subject in enumerate(subjects) if subject.is_right))
    assert len(places) > 6


def test_the_report_names_what_a_test_let_through() -> None:
    report = report_on("test_correlate2d", nothing_asked)
    assert report.headline == "Your test accepts everything."
    assert "Your test accepts a wrong implementation. This is what you get when" in report.to_text()
    report = report_on("test_correlate2d", lambda correlate2d: [1])
    assert "Your test returned something. Use `assert`, and return nothing." in report.to_text()
    assert report.score == 0


def test_a_test_that_stops_on_the_right_implementation_is_shown_its_own_error() -> None:
    def has_a_slip(correlate2d: Any) -> None:
        assert correlate2d(np.ones((2, 2)), np.ones((1, 1)))[5, 5] == 1

    report = report_on("test_correlate2d", has_a_slip)
    problems = [result.problem for result in report.results if result.expected == (ACCEPTS, "")]
    assert [problem.kind for problem in problems] == ["raised", "raised"]
    assert "IndexError" in problems[0].sentence
    assert report.score == 0


RIGHT, WRONG = (Implementation(correlate, ("image", "kernel"), sentence) for sentence in ("", "It is wrong."))


@pytest.mark.parametrize(
    ("subject", "outcome", "verdict"),
    [
        (RIGHT, Returned(None, ()), ACCEPTS),
        (RIGHT, Returned(True, ()), ACCEPTS),
        (RIGHT, Returned(np.array(True), ()), ACCEPTS),
        (RIGHT, Returned(False, ()), REJECTS),
        (WRONG, Returned(np.array(False), ()), REJECTS),
        (RIGHT, Raised("AssertionError", ""), REJECTS),
        (WRONG, Raised("IndexError", ""), REJECTS),
    ],
)
def test_a_test_says_its_verdict_by_assert_or_by_true_and_false(
    subject: Implementation, outcome: Any, verdict: str
) -> None:
    judged = read(Case((subject,), "group"), outcome)
    assert isinstance(judged, Returned) and judged.value == verdict


@pytest.mark.parametrize("outcome", [Raised("NotImplementedError", ""), NoAnswer("timeout")])
def test_no_verdict_stays_none(outcome: Any) -> None:
    assert read(Case((WRONG,), "group"), outcome) is outcome


@pytest.mark.parametrize(
    ("arguments", "named", "error", "words"),
    [
        ((np.ones((33, 1)), np.ones((1, 1))), {}, CourseError, "at most 1024 numbers and 32 along an axis"),
        ((np.ones((8, 8, 32)), np.ones((1, 1))), {}, CourseError, "at most 1024 numbers"),
        ((np.ones((2, 2)), "kernel"), {}, TypeError, "kernel must be an array of real numbers"),
        ((np.ones((2, 2)),), {}, TypeError, "the function takes image, kernel"),
        ((1, 2, 3), {}, TypeError, "the function takes image, kernel"),
        ((np.ones((2, 2)), np.ones((1, 1))), {"kernel": 1}, TypeError, "each once"),
        ((np.ones((2, 2)),), {"filter": np.ones((1, 1))}, TypeError, "got image, filter"),
        ((np.ones((1, 1)), np.ones((2, 2))), {}, CourseError, "kernel"),
    ],
)
def test_an_implementation_refuses_what_is_no_small_array(
    arguments: Any, named: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        RIGHT(*arguments, **named)


def test_an_implementation_takes_lists_and_names_and_keeps_its_arguments() -> None:
    image = np.arange(4.0).reshape(2, 2)
    assert RIGHT(image.tolist(), kernel=[[2]]).tolist() == [[0, 2], [4, 6]]
    broken = Implementation(lambda image: image.fill(9), ("image",), "It writes to its input.")
    broken(image)
    assert image.tolist() == [[0, 1], [2, 3]]


def test_hints_come_one_after_the_other() -> None:
    def correlate1d(signal: Any, kernel: Any) -> Any:
        raise NotImplementedError

    hints = find_task("correlate1d").hints
    assert "For a hint: check(correlate1d, hint=1)." in check(correlate1d).to_text()
    two = check(correlate1d, hint=2).to_text()
    assert f"Hint 1 of 3: {hints[0]}" in two and f"Hint 2 of 3: {hints[1]}" in two and hints[2] not in two
    assert "For the next hint: check(correlate1d, hint=3)." in two
    assert "hint=" not in check(correlate1d, hint=3).to_text()
    for wrong in (4, -1, True, "1"):
        with pytest.raises(ParameterError, match="hint must be from 1 to 3; got"):
            check(correlate1d, hint=wrong)  # type: ignore[arg-type]


def test_a_right_answer_is_offered_no_hint() -> None:
    windows = np.lib.stride_tricks.sliding_window_view
    report = check(lambda signal, kernel: windows(signal, len(kernel)) @ kernel, task="correlate1d")
    assert report.verdict is Verdict.CORRECT and "hint" not in report.to_text()


def test_a_right_answer_by_a_librarys_routine_earns_nothing_and_is_told_so() -> None:
    def correlate1d(signal: Any, kernel: Any) -> Any:
        return np.correlate(signal, kernel, "valid")

    report = check(correlate1d)
    assert report.score == 0 and report.verdict is Verdict.WRONG
    assert "calls `numpy.correlate`, which does this task itself: that earns no points" in report.to_text()
    assert "right answer" not in report.to_text(), "the numbers are right: there is nothing to compare"


def test_a_wrong_answer_by_a_librarys_routine_is_told_its_mistake_first() -> None:
    def correlate1d(signal: Any, kernel: Any) -> Any:
        return np.convolve(signal, kernel, "valid")

    report = check(correlate1d)
    assert [mistake.name for mistake in report.misconceptions] == ["kernel_flipped"]
    assert report.smallest_failure is not None and report.smallest_failure.problem is not None
    assert report.smallest_failure.problem.kind == "value"


def shows(*names: str) -> Callable[..., Any]:
    """Return a test that rejects what these mistakes' sentences describe, and accepts all else."""
    sentences = {m.sentence for m in find_task("correlate2d").misconceptions if m.name in names}
    return lambda subject: subject.sentence not in sentences


@pytest.mark.parametrize(
    ("test", "score"),
    [
        (lambda subject: subject.is_right, 2),
        (lambda subject: not subject.is_right, 0),
        (lambda subject: False, 0),
        (shows("first_tap_skipped", "negative_results_lost", "input_dtype_kept"), 0.5),
        (shows("first_tap_skipped", "negative_results_lost"), 0),
        (
            shows("kernel_rows_flipped", "kernel_flipped", "last_tap_skipped", "mean_instead_of_sum"),
            0.5,
        ),
    ],
)
def test_a_test_earns_by_how_many_it_catches_if_it_accepts_the_right_one(test: Any, score: float) -> None:
    task = find_task("test_correlate2d")
    for seed in range(3):
        cases = fresh_cases(task, seed)
        report = examine(task, cases, [Returned(test(case.arguments[0]), case.arguments) for case in cases])
        assert report.score == score
    assert "needed for all points" in report.to_text() and "needed for all points" in report.to_html()
