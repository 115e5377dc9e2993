"""The cases of a task: the visible ones, and fresh ones that nobody can know beforehand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import CaseSearchError
from coursekit.checks.gate import gate_failures, other_points
from coursekit.checks.task import Case, Task
from coursekit.errors import ParameterError

VISIBLE_SEED = 3
ATTEMPTS = 50


def visible_cases(task: Task, student: str = "") -> tuple[Case, ...]:
    """Return the cases that `check` asks in a notebook: the same every time, smallest first."""
    return fresh_cases(task, VISIBLE_SEED, student)


def fresh_cases(task: Task, seed: int, student: str = "") -> tuple[Case, ...]:
    """Return cases drawn from `seed`, smallest first, that tell every misconception apart.

    Cases are searched for: a draw that fails the mutation gate is thrown away and the next one is tried.
    So is one on which a misconception earns other points than on the visible cases: who made a known
    mistake gets from the judge what `check` said at home.
    `student` is the id that a personal task is about; other tasks do not look at it.

    Raises
    ------
    ParameterError
        `seed` is negative or not an int, or a personal task was not told whom it is about.
    CaseSearchError
        No draw passed: the task is at fault.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ParameterError(f"seed must be an integer >= 0; got {seed!r}")
    if task.personal and not (isinstance(student, str) and student.strip()):
        raise ParameterError(f"student must be your id, a text such as 'ada'; got {student!r}")
    return _search(task, seed, student.strip() if task.personal else "")


@lru_cache(maxsize=64)
def _search(task: Task, seed: int, student: str) -> tuple[Case, ...]:
    failures: list[str] = []
    for attempt in range(ATTEMPTS):
        try:
            about = (student,) if task.personal else ()
            cases = tuple(sorted(task.generate(_generator(seed, attempt), *about), key=size_of))
        except CaseSearchError as error:
            failures = [str(error)]
            continue
        _lock(cases)
        failures = gate_failures(task, cases)
        if not failures and seed != VISIBLE_SEED:
            failures = other_points(task, cases, _search(task, VISIBLE_SEED, student))
        if not failures:
            return cases
    raise CaseSearchError(f"task {task.name!r} found no cases in {ATTEMPTS} draws; the last: {failures[0]}")


def _lock(cases: tuple[Case, ...]) -> None:
    """Make the arrays read-only: cases are kept and asked again."""
    for case in cases:
        for argument in case.arguments:
            if isinstance(argument, np.ndarray):
                argument.flags.writeable = False


def _generator(seed: int, attempt: int) -> np.random.Generator:
    return np.random.default_rng([seed, attempt])


def size_of(case: Case) -> tuple[int, bool, float]:
    """Fewer numbers first, then whole ones, then smaller ones."""
    return size_of_arguments(case.arguments)


def size_of_arguments(arguments: tuple[object, ...]) -> tuple[int, bool, float]:
    """Return the size by which cases are ordered: how many numbers, whether decimals, how large."""
    numbers = [number for argument in arguments for number in _numbers(argument)]
    decimal = any(array.dtype.kind == "f" for array in numbers)
    return sum(array.size for array in numbers), decimal, sum(float(np.abs(array).sum()) for array in numbers)


def _numbers(argument: object) -> list[NDArray[Any]]:
    """Return the numbers in an argument; words and functions have none."""
    if isinstance(argument, (list, tuple)):
        return [array for item in argument for array in _numbers(item)]
    if isinstance(argument, (int, float, np.ndarray, np.generic)):
        return [np.asarray(argument)]
    return []
