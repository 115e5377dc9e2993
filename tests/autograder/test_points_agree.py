"""The judge gives the points that the student's own `check` said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.sample_class import answers
from coursekit import check

pytestmark = pytest.mark.sandbox
WRITTEN = (
    "LOOPS",
    "FFT",
    "CALLABLE",
    "CONVOLVES",
    "SKIPS_FIRST_TAP",
    "SWAPS_AXES",
    "TRUNCATES",
    "CALLS_THE_LIBRARY",
    "TWO_MISTAKES",
    "FAMOUS_EXAMPLE",
)


@pytest.mark.parametrize("name", WRITTEN)
def test_at_home_and_in_the_jail_the_points_are_the_same(name: str, grade: Any) -> None:
    written: dict[str, str] = getattr(answers, name)
    names: dict[str, Any] = {"np": np}
    for source in written.values():
        exec(source, names)
    at_home = {task: check(names[task], task=task) for task in written}
    _, run, _ = grade(written)
    judged = {grade_id.removesuffix("-check"): report for grade_id, report in run.reports.items()}
    assert {task: report.score for task, report in judged.items()} == {
        task: report.score for task, report in at_home.items()
    }
    assert {task: [m.name for m in report.misconceptions] for task, report in judged.items()} == {
        task: [m.name for m in report.misconceptions] for task, report in at_home.items()
    }
