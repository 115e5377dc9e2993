"""A failing case is made smaller, stays a fair question and fails alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coursekit.checks import Case, examine, find_task, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.cases import size_of_arguments
from coursekit.checks.outcome import NoAnswer, Outcome
from coursekit.checks.smaller import QUESTIONS, smaller_arguments, with_smaller_failure


def small_report(name: str, answer: Any, cases: Any = None) -> Any:
    task = find_task(name)
    asked = visible_cases(task) if cases is None else cases
    return with_smaller_failure(
        examine(task, asked, [call(answer, case) for case in asked]), lambda case: call(answer, case)
    )


def wrong_on_wide_images(image: Any, kernel: Any) -> Any:
    out = np.tensordot(np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel, 2)
    return out + 1 if image.shape[1] > 3 else out


def only_the_largest(task: Any) -> tuple[Case, ...]:
    return tuple(case for case in visible_cases(task) if case.group == "rectangles")[-1:]


def test_rows_and_numbers_go_until_nothing_smaller_fails() -> None:
    cases = only_the_largest(find_task("correlate2d"))
    report = small_report("correlate2d", wrong_on_wide_images, cases)
    image, kernel = report.smallest_failure.case.arguments
    assert image.shape == (1, 4) and kernel.shape == (1, 1)
    assert image.tolist() == [[1, 2, 3, 4]] and kernel.tolist() == [[1]]
    assert report.first_failure.case is cases[0]
    assert "1  2  3  4" in report.to_text()


def test_decimals_become_whole_where_they_do_not_matter_and_stay_where_they_do() -> None:
    task = find_task("correlate1d")
    decimals = tuple(case for case in visible_cases(task) if case.group.startswith("decimals"))[-2:]
    plain = small_report("correlate1d", lambda signal, kernel: signal[::-1], decimals).smallest_failure.case
    assert all(np.asarray(argument).dtype.kind == "i" for argument in plain.arguments)

    def truncated(signal: Any, kernel: Any) -> Any:
        windows = np.lib.stride_tricks.sliding_window_view(signal, len(kernel))
        return (windows @ kernel).astype(int)

    kept = small_report("correlate1d", truncated).smallest_failure
    assert any(np.asarray(argument).dtype.kind == "f" for argument in kept.case.arguments)


def test_the_points_and_the_verdict_stay() -> None:
    task = find_task("correlate2d")
    cases = visible_cases(task)
    before = examine(task, cases, [call(wrong_on_wide_images, case) for case in cases])
    after = small_report("correlate2d", wrong_on_wide_images)
    assert (after.score, after.verdict, after.passed) == (before.score, before.verdict, before.passed)
    assert after.results is not before.results and len(after.results) == len(before.results)


def test_a_diagnosed_mistake_still_shows_in_the_smaller_case() -> None:
    def flipped(image: Any, kernel: Any) -> Any:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.tensordot(windows, kernel[::-1, ::-1], 2)

    report = small_report("correlate2d", flipped)
    _, kernel = report.smallest_failure.case.arguments
    assert [mistake.name for mistake in report.misconceptions] == ["kernel_flipped"]
    assert kernel.size == 2 and kernel.ravel()[0] != kernel.ravel()[1]


def test_no_unfair_question_is_asked() -> None:
    asked = []

    def first_window(image: Any, template: Any) -> Any:
        asked.append((image, template))
        return 0, 0

    small_report("match_template", first_window)
    fair = find_task("match_template").fair
    assert fair is not None and all(fair(*arguments) for arguments in asked)


def test_so_many_questions_are_asked_at_most() -> None:
    count = 0

    def ask(case: Case) -> Outcome:
        nonlocal count
        count += 1
        return call(lambda image, kernel: "nonsense of a kind that changes" if count % 2 else 0, case)

    task = find_task("correlate2d")
    cases = visible_cases(task)
    report = examine(task, cases, [call(wrong_on_wide_images, case) for case in cases])
    with_smaller_failure(report, ask)
    assert 0 < count <= QUESTIONS


def test_who_stops_answering_keeps_the_case_that_was_asked() -> None:
    task = find_task("correlate2d")
    cases = visible_cases(task)
    report = examine(task, cases, [call(wrong_on_wide_images, case) for case in cases])
    assert with_smaller_failure(report, lambda case: NoAnswer("timeout")) is report


@pytest.mark.parametrize("hidden", [True, False])
def test_what_cannot_be_made_smaller_stays(hidden: bool) -> None:
    name = "edge_kernel" if hidden else "test_correlate2d"
    report = small_report(name, (lambda: [[1]]) if hidden else (lambda subject: None))
    assert report.first_failure is not None and report.smallest_failure is report.first_failure


def test_every_step_makes_the_arguments_smaller() -> None:
    arguments = (np.arange(12.0).reshape(3, 4) / 4, np.ones((2, 4), int), (2, 3), [(3, 1), (2, 2)], 5, "full")
    size = size_of_arguments(arguments)
    steps = list(smaller_arguments(arguments))
    assert steps and all(size_of_arguments(step) < size for step in steps)
    shapes = {(np.shape(step[0]), np.shape(step[1])) for step in steps}
    assert ((3, 3), (2, 3)) in shapes, "two axes of one length shrink together"
    assert {len(step[3]) for step in steps} == {1, 2}
    assert all(step[5] == "full" for step in steps)
    assert replace(Case((), "group"), arguments=steps[0]).group == "group"
