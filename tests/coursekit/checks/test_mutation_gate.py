"""The cases of every task catch every misconception and tell each from all others."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.checks import Case, Misconception, Task, examine, fresh_cases, tasks_of, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.draw import CaseSearchError
from coursekit.checks.gate import gate_failures
from coursekit.checks.registry import EXERCISES
from coursekit.errors import ParameterError

TASKS = [task for stem in EXERCISES for task in tasks_of(stem)]
MISTAKES = [(task, misconception) for task in TASKS for misconception in task.misconceptions]

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
each_mistake = pytest.mark.parametrize(
    ("task", "misconception"), MISTAKES, ids=[f"{task.name}-{mistake.name}" for task, mistake in MISTAKES]
)


@each_mistake
@pytest.mark.parametrize("seed", [None, 0, 1, 2, 12345678901234567890])
def test_a_misconception_loses_points_and_is_named(
    task: Task, misconception: Misconception, seed: int | None
) -> None:
    cases = visible_cases(task) if seed is None else fresh_cases(task, seed)
    report = examine(task, cases, [call(misconception.answer, case) for case in cases])
    assert report.score < task.points
    assert report.misconceptions == (misconception,)
    assert report.headline == misconception.sentence


@each_task
def test_visible_cases_and_sixty_fresh_sets_pass_the_gate(task: Task) -> None:
    assert gate_failures(task, visible_cases(task)) == []
    for seed in range(60):
        assert gate_failures(task, fresh_cases(task, seed)) == []


@each_task
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**64 - 1))
def test_any_seed_gives_cases_that_pass_the_gate_smallest_first(task: Task, seed: int) -> None:
    cases = fresh_cases(task, seed)
    assert gate_failures(task, cases) == []
    sizes = [sum(np.size(argument) for argument in case.arguments) for case in cases]
    assert sizes == sorted(sizes)
    assert 12 <= len(cases) <= 30


@each_task
def test_the_same_seed_gives_the_same_cases_and_another_seed_others(task: Task) -> None:
    def numbers(seed: int) -> list[object]:
        fresh_cases_again = fresh_cases(task, seed)
        return [np.asarray(argument).tolist() for case in fresh_cases_again for argument in case.arguments]

    assert numbers(7) == numbers(7)
    assert numbers(7) != numbers(8)


def test_the_gate_sees_that_the_famous_example_hides_a_skipped_first_tap() -> None:
    task = next(task for task in TASKS if task.name == "correlate2d")
    image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    famous = tuple(Case((image, kernel), group.name) for group in task.groups)
    failures = gate_failures(task, famous)
    assert "first_tap_skipped passes every case" in failures


def test_the_gate_sees_a_group_without_cases() -> None:
    task = next(task for task in TASKS if task.name == "correlate2d")
    cases = tuple(case for case in visible_cases(task) if case.group != "rectangles")
    assert "group 'rectangles' has no case" in gate_failures(task, cases)


@each_task
def test_a_task_has_enough_misconceptions_with_all_their_words(task: Task) -> None:
    assert len(task.misconceptions) >= 8
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
    assert {case.group for case in visible_cases(task)} == {group.name for group in task.groups}
    assert task.points == sum(group.points for group in task.groups) > 0


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, None])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    with pytest.raises(ParameterError, match="seed must be an integer >= 0; got"):
        fresh_cases(TASKS[0], seed)  # type: ignore[arg-type]


def test_a_case_cannot_be_changed_by_who_asks_it() -> None:
    image, _ = visible_cases(TASKS[1])[-1].arguments
    assert isinstance(image, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


def test_a_draw_that_finds_no_case_is_tried_again_and_a_task_without_any_is_at_fault() -> None:
    draws = []

    def unlucky(rng: np.random.Generator) -> list[Case]:
        draws.append(rng)
        if len(draws) == 1:
            raise CaseSearchError("no luck")
        return list(TASKS[0].generate(rng))

    def hopeless(rng: np.random.Generator) -> list[Case]:
        return [Case((np.zeros(3), np.ones(1)), group.name) for group in TASKS[0].groups]

    assert gate_failures(TASKS[0], fresh_cases(replace(TASKS[0], generate=unlucky), 0)) == []
    assert len(draws) == 2
    with pytest.raises(
        CaseSearchError, match=r"'correlate1d' found no cases in \d+ draws; the last: kernel_flipped"
    ):
        fresh_cases(replace(TASKS[0], generate=hopeless), 0)
