"""The cases of every task catch every misconception and tell each from all others."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.checks import (
    Case,
    Misconception,
    Task,
    examine,
    find_task,
    fresh_cases,
    tasks_of,
    visible_cases,
)
from coursekit.checks.calling import call_with_hidden
from coursekit.checks.cases import size_of
from coursekit.checks.draw import CaseSearchError
from coursekit.checks.gate import gate_failures
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.registry import EXERCISES
from coursekit.checks.rules import SameArray, SameParts
from coursekit.errors import ParameterError

TASKS = [task for stem in EXERCISES for task in tasks_of(stem)]
MISTAKES = [(task, misconception) for task in TASKS for misconception in task.misconceptions]
PERSONAL = [task for task in TASKS if task.personal]
STUDENTS = ("ada", "Grace Hopper", "u1234567", "学生", "x")
SEEDS = range(12)

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
each_mistake = pytest.mark.parametrize(
    ("task", "misconception"), MISTAKES, ids=[f"{task.name}-{mistake.name}" for task, mistake in MISTAKES]
)


@each_mistake
@pytest.mark.parametrize("seed", [None, 0, 12345678901234567890])
def test_a_misconception_loses_points_and_is_named(
    task: Task, misconception: Misconception, seed: int | None
) -> None:
    cases = visible_cases(task, "ada") if seed is None else fresh_cases(task, seed, "ada")
    wrong = wrong_answer(task, (misconception,))
    report = examine(task, cases, [call_with_hidden(wrong, case) for case in cases])
    assert report.score < task.points
    assert report.misconceptions == (misconception,)
    assert report.headline == misconception.sentence


@each_task
def test_visible_and_fresh_cases_pass_the_gate(task: Task) -> None:
    assert gate_failures(task, visible_cases(task, "ada")) == []
    assert gate_failures(task, fresh_cases(task, 0, "ada")) == []
    for seed in SEEDS:
        assert fresh_cases(task, seed, "ada")  # it draws until the gate is passed, and raises if it never is


@each_task
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**64 - 1))
def test_any_seed_gives_cases_smallest_first(task: Task, seed: int) -> None:
    cases = fresh_cases(task, seed, "ada")
    sizes = [size_of(case) for case in cases]
    assert sizes == sorted(sizes)
    # The questions about a student's own numbers are as many as there are numbers.
    assert task.personal or 12 <= len(cases) <= 30


@pytest.mark.parametrize("task", PERSONAL, ids=lambda task: task.name)
def test_every_student_has_questions_of_their_own_that_pass_the_gate(task: Task) -> None:
    for student in STUDENTS:
        assert gate_failures(task, visible_cases(task, student)) == []
        assert gate_failures(task, fresh_cases(task, 0, student)) == []
    asked = {repr(told(visible_cases(task, student))) for student in STUDENTS}
    assert len(asked) > 1


@pytest.mark.parametrize("task", PERSONAL, ids=lambda task: task.name)
def test_a_personal_task_must_be_told_whose_it_is_and_ignores_blanks_around_the_id(task: Task) -> None:
    for nobody in ("", "  "):
        with pytest.raises(ParameterError, match="student must be your id"):
            visible_cases(task, nobody)
    assert visible_cases(task, " ada ") is visible_cases(task, "ada")


def told(cases: tuple[Case, ...]) -> list[object]:
    """Return what is asked, hidden values too, in a form that can be compared."""
    return [plain(value) for case in cases for value in (*case.arguments, *case.hidden)]


def plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value if isinstance(value, (int, float, str, bool)) else getattr(value, "sentence", repr(value))


@each_task
def test_the_same_seed_gives_the_same_cases_and_another_seed_others(task: Task) -> None:
    asked = [told(fresh_cases(task, seed, "ada")) for seed in (7, 8)]
    fresh_again = replace(task)  # another task to the memory of cases, so that they are drawn anew
    assert told(fresh_cases(fresh_again, 7, "ada")) == asked[0]
    # A student's own numbers stay the same whatever the seed.
    assert task.personal or asked[0] != asked[1]


def test_the_gate_sees_that_the_famous_example_hides_a_skipped_first_tap() -> None:
    task = find_task("correlate2d")
    image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    famous = tuple(Case((image, kernel), group.name) for group in task.groups)
    failures = gate_failures(task, famous)
    assert "first_tap_skipped passes every case" in failures


def test_the_gate_sees_a_group_without_cases() -> None:
    task = find_task("correlate2d")
    cases = tuple(case for case in visible_cases(task) if case.group != "rectangles")
    assert "group 'rectangles' has no case" in gate_failures(task, cases)


@each_task
def test_a_task_has_enough_misconceptions_with_all_their_words(task: Task) -> None:
    answers_with_an_array = isinstance(task.rule, (SameArray, SameParts))
    assert len(task.misconceptions) >= (6 if answers_with_an_array else 3)
    names = [misconception.name for misconception in task.misconceptions]
    assert len(set(names)) == len(names)
    for misconception in task.misconceptions:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", misconception.name)
        assert re.fullmatch(r"L[1-4]\.\d+", misconception.concept)
        assert misconception.sentence.endswith(".") and misconception.next_step.endswith((".", "?"))


@each_task
def test_names_of_tasks_and_groups_fit_together(task: Task) -> None:
    assert [other.name for other in TASKS].count(task.name) == 1
    assert task.signature == f"{task.name}({', '.join(task.parameters)})"
    assert {case.group for case in visible_cases(task, "ada")} == {group.name for group in task.groups}
    assert task.points == sum(group.points for group in task.groups) > 0


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, None])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    with pytest.raises(ParameterError, match="seed must be an integer >= 0; got"):
        fresh_cases(find_task("correlate1d"), seed)  # type: ignore[arg-type]


def test_a_case_cannot_be_changed_by_who_asks_it() -> None:
    image, _ = visible_cases(find_task("correlate2d"))[-1].arguments
    assert isinstance(image, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


def test_a_draw_that_finds_no_case_is_tried_again_and_a_task_without_any_is_at_fault() -> None:
    task = find_task("correlate1d")
    draws = []

    def unlucky(rng: np.random.Generator) -> list[Case]:
        draws.append(rng)
        if len(draws) == 1:
            raise CaseSearchError("no luck")
        return list(task.generate(rng))

    def hopeless(rng: np.random.Generator) -> list[Case]:
        return [Case((np.zeros(3), np.ones(1)), group.name) for group in task.groups]

    assert gate_failures(task, visible_cases(replace(task, generate=unlucky))) == []
    assert len(draws) == 2
    with pytest.raises(
        CaseSearchError, match=r"'correlate1d' found no cases in \d+ draws; the last: kernel_flipped"
    ):
        fresh_cases(replace(task, generate=hopeless), 0)
