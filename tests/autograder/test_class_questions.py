"""What a class is asked is drawn once for all of it; nothing that is kept can be changed by a submission."""

from __future__ import annotations

import pickle
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from autograder.assignment import AssignmentNotebook
from autograder.run import Run
from autograder.sandbox.trusted.jail import Jail
from coursekit.checks import find_task, fresh_cases
from coursekit.checks.implementation import MOST_REMEMBERED, Implementation
from coursekit.checks.registry import all_tasks
from coursekit.checks.task import Task

PERSONAL = [name for name, task in all_tasks().items() if task.personal]
CACHES: list[Any] = [
    import_module("coursekit.checks.cases")._search,
    import_module("coursekit.checks.gate").problems_of,
    import_module("coursekit.checks.diagnosis").answers_of,
    import_module("coursekit.checks.examine").right_answers,
]


def arrays_of(value: object) -> list[np.ndarray]:
    """Every array in the arguments of a case."""
    if isinstance(value, np.ndarray):
        return [value]
    return [array for item in value for array in arrays_of(item)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("name", [name for name, task in all_tasks().items() if not task.personal])
def test_a_class_is_asked_the_same_whoever_is_asked(name: str) -> None:
    task, seed = find_task(name), secrets.randbits(64)
    assert fresh_cases(task, seed, "01-loops") is fresh_cases(task, seed, "02-strides")


@pytest.mark.parametrize("name", PERSONAL)
def test_a_personal_task_asks_each_student_about_their_own_numbers(name: str) -> None:
    task, seed = find_task(name), secrets.randbits(64)
    assert fresh_cases(task, seed, "01-loops") is not fresh_cases(task, seed, "02-strides")


@pytest.mark.parametrize("task", all_tasks().values(), ids=list(all_tasks()))
def test_the_arrays_of_kept_cases_cannot_be_written_to(task: Task) -> None:
    for case in fresh_cases(task, 7, "somebody"):
        for array in arrays_of(case.arguments):
            assert not array.flags.writeable


def test_caches_are_bounded() -> None:
    assert all(cache.cache_info().maxsize for cache in CACHES)
    assert MOST_REMEMBERED <= 64


@pytest.mark.sandbox
def test_a_submission_that_writes_to_its_inputs_changes_no_question_of_the_next(
    grade: Callable[[dict[str, str]], tuple[float, Run, Any]], assignment: AssignmentNotebook
) -> None:
    spoils = """
def correlate1d(signal, kernel):
    signal[:] = 0
    kernel.resize(0)
    return signal
def test_correlate2d(correlate2d):
    for _ in range(3):
        answer = correlate2d(np.ones((3, 3)), np.ones((2, 2)))
        if isinstance(answer, np.ndarray):
            answer[:] = 7
    assert answer is not None
"""
    seed = secrets.randbits(64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "randbits", lambda bits: seed)
        asked = {task.name: fresh_cases(task, seed, "somebody") for task in assignment.tasks.values()}
        before = pickle.dumps([_numbers(cases) for cases in asked.values()])
        grade({"correlate1d": spoils})
        assert [fresh_cases(task, seed, "somebody") for task in assignment.tasks.values()] == list(
            asked.values()
        )
    assert pickle.dumps([_numbers(cases) for cases in asked.values()]) == before


def _numbers(cases: Any) -> list[Any]:
    """The arguments of cases without the implementations, which are functions."""
    return [[one for one in case.arguments if not isinstance(one, Implementation)] for case in cases]


@pytest.mark.sandbox
def test_an_implementation_answers_the_next_student_as_if_it_were_the_first(jail: Jail) -> None:
    task, image, kernel = find_task("test_correlate2d"), np.arange(9.0).reshape(3, 3), np.ones((2, 2))
    (case, *_) = fresh_cases(task, 11)
    (subject,) = case.arguments
    assert isinstance(subject, Implementation)
    first = subject(image, kernel)
    code = (
        "import numpy as np\n"
        "def test_correlate2d(correlate2d):\n"
        "    answer = correlate2d(np.arange(9.0).reshape(3, 3), np.ones((2, 2)))\n"
        "    answer[...] = 1e9\n"
    )
    with jail.session() as session:
        session.run_cell(code)
        session.ask("test_correlate2d", case.arguments)
    second = subject(image, kernel)
    assert np.array_equal(first, second)
    second[...] = 0
    assert np.array_equal(subject(image, kernel), first)
