"""The cases of a task: the visible ones, and fresh ones that nobody can know beforehand."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coursekit.checks.draw import CaseSearchError
from coursekit.checks.gate import gate_failures
from coursekit.checks.task import Case, Task
from coursekit.errors import ParameterError

VISIBLE_SEED = 3
ATTEMPTS = 50


def visible_cases(task: Task) -> tuple[Case, ...]:
    """Return the cases that `check` asks in a notebook: the same every time, smallest first."""
    return fresh_cases(task, VISIBLE_SEED)


def fresh_cases(task: Task, seed: int) -> tuple[Case, ...]:
    """Return cases drawn from `seed`, smallest first, that tell every misconception apart.

    Cases are searched for: a draw that fails the mutation gate is thrown away and the next one is tried.

    Raises
    ------
    ParameterError
        `seed` is negative or not an int.
    CaseSearchError
        No draw passed: the task is at fault.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ParameterError(f"seed must be an integer >= 0; got {seed!r}")
    return _search(task, seed)


@lru_cache(maxsize=32)
def _search(task: Task, seed: int) -> tuple[Case, ...]:
    failures: list[str] = []
    for attempt in range(ATTEMPTS):
        try:
            cases = tuple(sorted(task.generate(_generator(seed, attempt)), key=_size))
        except CaseSearchError as error:
            failures = [str(error)]
            continue
        _lock(cases)
        failures = gate_failures(task, cases)
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


def _size(case: Case) -> tuple[int, bool, float]:
    """Fewer numbers first, then whole ones, then smaller ones."""
    arrays = [np.asarray(argument) for argument in case.arguments]
    decimal = any(array.dtype.kind == "f" for array in arrays)
    return sum(array.size for array in arrays), decimal, sum(float(np.abs(array).sum()) for array in arrays)
