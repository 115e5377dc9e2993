"""`examine` gives a verdict with a clear sentence, whatever came back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.checks import (
    Case,
    Foreign,
    NoAnswer,
    Outcome,
    Raised,
    Report,
    Returned,
    Verdict,
    check,
    examine,
    find_task,
    tasks_of,
    visible_cases,
)
from coursekit.checks.calling import call, call_with_hidden
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.rules import SameArray
from coursekit.reference import correlate

DEEP: Any = 1.0
for _ in range(50):
    DEEP = [DEEP]
WIDE: Any = [1.0]
for _ in range(12):
    WIDE = [WIDE] * 10  # 10 ** 12 numbers, if anyone unfolds it
ENDLESS: Any = []
ENDLESS.append(ENDLESS)

VALUES = {
    "nan": np.full((2, 2), np.nan),
    "infinity": np.array([np.inf, -np.inf]),
    "largest": np.full((2, 2), 1.7e308),
    "object array": np.array([[1, None], ["a", Foreign("X")]], dtype=object),
    "ragged": [[1, 2], [3]],
    "deep": DEEP,
    "wide": WIDE,
    "endless": ENDLESS,
    "one number": np.array(3.0),
    "complex": np.array([1 + 2j]),
    "complex number": 1j,
    "bool": True,
    "bools": np.array([True]),
    "bool in a list": [[1.0, True]],
    "text": "19 25 37 43",
    "texts": np.array(["a"]),
    "text in a list": [["a", 1]],
    "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
    "records": np.zeros(2, dtype=[("a", float)]),
    "nothing": None,
    "nothing in a list": [None],
    "empty": np.zeros((0, 3)),
    "empty list": [],
    "empty tuple": (),
    "foreign": Foreign("Tensor"),
    "foreign in a list": [[Foreign("<script>alert(1)</script>")]],
    "huge integer": 10**400,
    "huge integer in a list": [10**400],
    "five axes": np.zeros((1, 2, 3, 4, 5)),
    "large": np.zeros((3000, 3000)),
    "long double": np.full((1,), np.longdouble(1)),
    "unsigned": np.full((1, 1), 2**64 - 1, dtype=np.uint64),
    "list of arrays": [np.zeros(2), np.zeros(3)],
    "nan position": (float("nan"), 1),
    "far position": (1e300, -5),
}


def reports_of(outcome_of: Any) -> list[Report]:
    reports = []
    for task in tasks_of("03_cross_correlation"):
        cases = visible_cases(task)
        reports.append(examine(task, cases, [outcome_of(case) for case in cases]))
    return reports


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_strange_value_earns_nothing_and_is_told_in_a_sentence(value: object) -> None:
    for report in reports_of(lambda case: Returned(value, case.arguments)):
        assert report.score == 0
        assert report.verdict is Verdict.WRONG
        assert len(report.headline) > 20 and report.headline[-1] in ".?"
        assert report.to_text() and "<script" not in report.to_html()


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.just(Foreign("X")),
)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@settings(max_examples=60, deadline=None)
@given(value=anything, after=st.lists(leaves, max_size=3))
def test_no_value_makes_examine_raise(value: object, after: list[object]) -> None:
    task = find_task("match_template")
    cases = visible_cases(task)[:3]
    for after_call in (tuple(after), cases[0].arguments):
        report = examine(task, cases, [Returned(value, after_call)] * 3)
        assert np.isfinite(report.score)
        assert report.to_text() and report.to_html()


@pytest.mark.parametrize(
    ("outcome", "verdict", "words"),
    [
        (
            Raised("IndexError", "index 3 is out of bounds", "line 2, in f: x[3]"),
            Verdict.RAISED,
            "IndexError",
        ),
        (Raised("NotImplementedError", ""), Verdict.NOT_ATTEMPTED, "no answer yet"),
        (NoAnswer("timeout", "The limit is 10 s."), Verdict.TIMEOUT, "The limit is 10 s."),
        (NoAnswer("memory"), Verdict.MEMORY, "memory"),
        (NoAnswer("crashed"), Verdict.CRASHED, "ended before it answered"),
        (NoAnswer("not-defined"), Verdict.NOT_DEFINED, "no function of this name"),
        (NoAnswer("a reason nobody knows"), Verdict.CRASHED, "ended before it answered"),
        ("not an outcome", Verdict.CRASHED, "not an answer"),
    ],
)
def test_an_outcome_without_a_value_has_its_verdict(outcome: Any, verdict: Verdict, words: str) -> None:
    for report in reports_of(lambda case: outcome):
        assert (report.verdict, report.score, report.misconceptions) == (verdict, 0, ())
        assert words in report.headline
        assert report.to_text() and report.to_html()


def test_missing_outcomes_count_as_no_answer_and_further_ones_are_ignored() -> None:
    task = find_task("correlate1d")
    cases = visible_cases(task)
    right = [call(task.reference, case) for case in cases]
    assert examine(task, cases, []).verdict is Verdict.CRASHED
    assert examine(task, cases, right[:-1]).score < task.points
    assert examine(task, cases, [*right, NoAnswer("crashed")]).score == task.points


def test_no_cases_earn_no_points() -> None:
    report = examine(find_task("correlate1d"), [], [])
    assert (report.score, report.verdict) == (0, Verdict.CRASHED)
    assert report.to_text() and report.to_html()


def test_a_group_earns_its_points_only_whole() -> None:
    task = find_task("correlate2d")
    cases = visible_cases(task)

    def outcomes(wrong_group: str) -> list[Outcome]:
        spoiled = next(case for case in cases if case.group == wrong_group)
        return [NoAnswer("timeout") if case is spoiled else call(task.reference, case) for case in cases]

    earned = {group.name: examine(task, cases, outcomes(group.name)).score for group in task.groups}
    assert earned == {"squares": 2, "rectangles": 3, "decimals and negative numbers": 3}


@pytest.mark.parametrize(
    ("task_name", "mistake", "score"),
    [
        ("correlate1d", "kernel_flipped", 0),
        ("correlate1d", "truncated_to_integers", 1),
        ("correlate1d", "negative_results_lost", 1),
        ("correlate2d", "kernel_flipped", 0),
        ("correlate2d", "image_width_from_height", 3),
        ("correlate2d", "kernel_width_from_height", 3),
        ("correlate2d", "output_transposed", 0),
        ("correlate2d", "truncated_to_integers", 3),
        ("match_template", "squared_differences", 1),
        ("match_template", "plain_correlation", 0),
        ("match_template", "column_before_row", 0),
    ],
)
def test_a_mistake_costs_the_points_that_a_fair_person_would_take(
    task_name: str, mistake: str, score: float
) -> None:
    task = find_task(task_name)
    answer = wrong_answer(task, [found for found in task.misconceptions if found.name == mistake])
    cases = visible_cases(task)
    report = examine(task, cases, [call(answer, case) for case in cases])
    assert report.score == score
    assert report.verdict is (Verdict.PARTLY_CORRECT if score else Verdict.WRONG)


def test_a_right_answer_that_changes_its_input_is_told_so_and_fails() -> None:
    def answer(signal: Any, kernel: Any) -> Any:
        out = correlate(signal, kernel)
        kernel[:] = kernel[::-1].copy() + 1
        return out

    task = find_task("correlate1d")
    cases = visible_cases(task)
    report = examine(task, cases, [call(answer, case) for case in cases])
    assert report.score == 0
    assert report.headline.startswith("Your function changed its input `kernel`.")


@pytest.mark.parametrize("after", [(), (None, None), ([1], [2]), (np.zeros(3), np.zeros(3))])
def test_arguments_that_do_not_come_back_as_they_were_count_as_changed(after: tuple[object, ...]) -> None:
    task = find_task("correlate1d")
    case = Case((np.array([1.0, 2.0, 3.0]), np.array([2.0])), "whole numbers")
    report = examine(task, [case], [Returned(np.array([2.0, 4.0, 6.0]), after)])
    assert "changed its input" in report.headline


def test_single_precision_passes_and_a_visible_error_does_not() -> None:
    task = find_task("correlate1d")
    case = Case((np.array([100.3, 7.7]), np.array([99.1])), "decimals and negative numbers")
    right = correlate(*case.arguments)
    for error, problem in ((1e-6, False), (1e-3, True)):
        report = examine(task, [case], [Returned(right * (1 + error), case.arguments)])
        assert (report.results[0].problem is not None) is problem


def test_a_wrong_answer_that_is_nobody_s_mistake_is_said_to_be_none_we_know() -> None:
    task = find_task("correlate2d")
    cases = visible_cases(task)
    report = examine(task, cases, [call(lambda a, b: correlate(a, b) + 0.5, case) for case in cases])
    assert report.misconceptions == ()
    assert "No known mistake matches" in report.to_text()
    assert "No known mistake matches" in report.to_html()


def test_slices_in_place_of_loops_are_diagnosed_although_they_fail_differently() -> None:
    def answer(image: Any, kernel: Any) -> Any:
        height, width = kernel.shape
        out = np.zeros((image.shape[0] - height + 1, image.shape[0] - width + 1))
        for i, j in np.ndindex(*out.shape):
            out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
        return out

    task = find_task("correlate2d")
    cases = visible_cases(task)
    report = examine(task, cases, [call(answer, case) for case in cases])
    assert [mistake.name for mistake in report.misconceptions] == ["image_width_from_height"]


def test_a_wrong_answer_from_a_forbidden_routine_is_told_both() -> None:
    task = find_task("pad2d")

    def by_numpy(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
        return np.pad(image, [(top, bottom), (left, right)], constant_values=np.trunc(value))

    cases = visible_cases(task)
    report = examine(task, cases, [call(by_numpy, case, task.forbids) for case in cases])
    assert [mistake.name for mistake in report.misconceptions] == ["image_dtype_kept"]
    assert "calls `numpy.pad`, which does this task itself: that earns no points" in report.headline


def test_a_forbidden_routine_is_told_once() -> None:
    task = find_task("pad2d")

    def by_numpy(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
        padded = np.pad(image.astype(float), [(top, bottom), (left, right)], constant_values=value)
        return padded if right else padded + 1

    cases = visible_cases(task)
    report = examine(task, cases, [call(by_numpy, case, task.forbids) for case in cases])
    assert report.headline.count("calls `numpy.pad`") == 1


def test_a_slip_in_one_of_several_questions_is_named_alone() -> None:
    task = find_task("my_numbers")
    cases = visible_cases(task, "ada")
    question = "parameters of the first convolution"
    (slip,) = (
        mistake
        for mistake in task.misconceptions
        if mistake.name == "bias_of_the_first_convolution_forgotten"
    )
    wrong = wrong_answer(task, (slip,))

    def answer(case: Case) -> Outcome:
        right = task.reference if case.arguments != (question,) else wrong
        return call_with_hidden(right, case)

    report = examine(task, cases, [answer(case) for case in cases])
    assert sum(result.problem is not None for result in report.results) == 1
    assert report.misconceptions == (slip,)


def test_the_headline_speaks_of_the_case_that_is_shown() -> None:
    def as_large_as_the_image(image: Any, kernel: Any) -> Any:
        return np.full(image.shape, 7)

    report = check(as_large_as_the_image, task="correlate2d")
    assert report.smallest_failure is not None and report.smallest_failure.problem is not None
    assert report.smallest_failure.problem.sentence in report.headline


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int16])
def test_an_answer_that_lost_its_decimals_is_told_so_whoever_wrote_it(dtype: Any) -> None:
    problem = SameArray().problem([1.5, 2.25], np.array([2, 3], dtype=dtype))
    assert problem is not None
    assert problem.sentence.endswith("It holds whole numbers only: decimals get lost.")
    whole = SameArray().problem([1.0, 2.0], np.array([2, 3], dtype=dtype))
    assert whole is not None and "decimals" not in whole.sentence
