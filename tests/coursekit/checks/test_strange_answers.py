"""Whatever comes back for any task is judged and drawn: no exception, no points, no long wait."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coursekit.checks import Verdict, examine, visible_cases
from coursekit.checks.outcome import Foreign, Returned
from coursekit.checks.registry import all_tasks
from coursekit.checks.smaller import smaller_arguments, with_smaller_failure
from coursekit.checks.task import Case, Task

STUDENT = "ada"
SECONDS = 8.0  # for one report, on a busy machine; what this file was written for took minutes
STRANGE: dict[str, object] = {
    "None in a list": [1, None],
    "a foreign thing in a pair": (Foreign("<b>x"), np.ones((2, 2))),
    "text": "\ud800",
    "NaN": (float("nan"),) * 2,
    "three infinities": (float("inf"), -float("inf"), float("nan")),
    "a huge integer": 10**999,
    "huge integers": (10**30,) * 3,
    "the largest floats": np.array([[1.7e308, -1.7e308]]),
    "uint64": np.array([2**64 - 1, 0], np.uint64),
    "a date": np.datetime64("2026-01-01"),
    "records": np.zeros(3, [("a", int)]),
    "no numbers": np.zeros((0, 3)),
    "a trillion empty rows": np.zeros((2**40, 0)),
    "a list of empty rows": [np.zeros((2**40, 0)), []],
    "eight axes": np.ones((2,) * 8),
    "a million numbers": np.ones(10**6),
    "slices without end": np.ones((4_000_000, 1, 2), np.int8),
    "a pair of slices without end": (np.ones((500_000, 2, 1), np.int8),) * 2,
    "a long list": [1.5] * 100_000,
    "a long list of pairs": [[place, place] for place in range(60_000)],
}


def repeated(value: object, case: Case) -> Returned:
    return Returned(value, case.arguments)


@pytest.mark.parametrize("task", all_tasks().values(), ids=lambda task: task.name)
def test_no_answer_is_too_strange_to_be_judged(task: Task) -> None:
    cases = visible_cases(task, STUDENT)
    for name, value in STRANGE.items():
        since = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            report = examine(task, cases, [repeated(value, case) for case in cases])
            report = with_smaller_failure(report, lambda case, value=value: repeated(value, case))  # type: ignore[misc]
            assert report.to_html() and report.to_text()
        assert report.score == 0 and report.verdict is Verdict.WRONG, name
        assert time.monotonic() - since < SECONDS, name


@pytest.mark.parametrize("task", all_tasks().values(), ids=lambda task: task.name)
def test_every_smaller_question_is_fair_or_not_and_never_an_error(task: Task) -> None:
    if task.fair is None:
        return
    fair: Callable[..., Any] = task.fair
    for case in visible_cases(task, STUDENT):
        arguments: tuple[Any, ...] | None = case.arguments
        while arguments is not None:  # always the boldest step, down to nothing
            smaller = list(smaller_arguments(arguments))
            allowed = [one for one in smaller if fair(*one)]
            arguments = allowed[0] if allowed else None
