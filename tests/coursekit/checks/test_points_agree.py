"""A known mistake earns from the judge's fresh cases what the student's own `check` says at home."""

from __future__ import annotations

import pytest

from coursekit.checks import Task, examine, fresh_cases, visible_cases
from coursekit.checks.diagnosis import answers_of
from coursekit.checks.registry import all_tasks

STUDENT = "somebody"


def points_of_mistakes(task: Task, seed: int | None) -> dict[str, float]:
    cases = visible_cases(task, STUDENT) if seed is None else fresh_cases(task, seed, STUDENT)
    scores = [examine(task, cases, outcomes).score for outcomes in answers_of(task, cases)]
    return {mistake.name: score for mistake, score in zip(task.misconceptions, scores, strict=True)}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("task", all_tasks().values(), ids=lambda task: task.name)
def test_every_misconception_earns_the_same_points_on_every_draw(task: Task, seed: int) -> None:
    assert points_of_mistakes(task, seed) == points_of_mistakes(task, None)
