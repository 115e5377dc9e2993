"""Right answers in many styles earn all points."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from coursekit.checks import Verdict, examine, find_task, fresh_cases, visible_cases
from coursekit.checks.calling import call
from coursekit.checks.registry import EXERCISES, all_tasks

STUDENT = "ada"  # whose numbers the answers to personal tasks are
STYLES = 4  # structurally different answers that each task must accept
RIGHT: dict[str, tuple[Callable[..., Any], ...]] = {}
for module in EXERCISES.values():
    topic = module.rsplit(".", 1)[-1]
    RIGHT |= importlib.import_module(f"tests.coursekit.checks.right_answers.{topic}").RIGHT


@pytest.mark.parametrize(
    ("name", "answer"),
    [(name, answer) for name, answers in RIGHT.items() for answer in answers],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", type(value).__name__),
)
@pytest.mark.parametrize("seed", [None, *range(12)])
def test_a_right_answer_earns_all_points(name: str, answer: Callable[..., Any], seed: int | None) -> None:
    task = find_task(name)
    cases = visible_cases(task, STUDENT) if seed is None else fresh_cases(task, seed, STUDENT)
    report = examine(task, cases, [call(answer, case) for case in cases])
    assert report.score == task.points, report.to_text()
    assert report.verdict is Verdict.CORRECT
    assert report.misconceptions == ()


def test_every_task_has_right_answers_of_different_structure() -> None:
    few = {name: len(RIGHT.get(name, ())) for name in all_tasks() if len(RIGHT.get(name, ())) < STYLES}
    assert not few
