"""The mutation gate: do these cases catch every misconception, and tell each from all others?"""

from __future__ import annotations

from functools import lru_cache

from coursekit.checks.diagnosis import answers_of, diagnose
from coursekit.checks.examine import problem_of, right_answers
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Task


def gate_failures(task: Task, cases: tuple[Case, ...]) -> list[str]:
    """Return one sentence for each way in which `cases` fail the gate; [] if they pass.

    They pass if every group has a case, and each misconception fails somewhere and is diagnosed as itself.
    """
    failures = [
        f"group {group.name!r} has no case"
        for group in task.groups
        if not any(case.group == group.name for case in cases)
    ]
    expected, answers = right_answers(task, cases), answers_of(task, cases)
    together = zip(task.misconceptions, answers, problems_of(task, cases), strict=True)
    for misconception, outcomes, problems in together:
        found = diagnose(task, answers, outcomes, problems, expected)
        named = [mistake.name for mistakes in found for mistake in mistakes]
        if not any(problems):
            failures.append(f"{misconception.name} passes every case")
        elif named != [misconception.name]:
            failures.append(f"{misconception.name} is diagnosed as {', '.join(named) or 'nothing'}")
    return failures


def other_points(task: Task, cases: tuple[Case, ...], others: tuple[Case, ...]) -> list[str]:
    """Return one sentence for each misconception that earns other points on `cases` than on `others`."""
    mine, theirs = groups_failed(task, cases), groups_failed(task, others)
    return [
        f"{misconception.name} fails {sorted(one)}, and {sorted(other)} in the visible cases"
        for misconception, one, other in zip(task.misconceptions, mine, theirs, strict=True)
        if one != other
    ]


def groups_failed(task: Task, cases: tuple[Case, ...]) -> tuple[frozenset[str], ...]:
    """Return, for each misconception, the groups whose points it loses."""
    return tuple(
        frozenset(case.group for case, problem in zip(cases, problems, strict=True) if problem is not None)
        for problems in problems_of(task, cases)
    )


@lru_cache(maxsize=64)
def problems_of(task: Task, cases: tuple[Case, ...]) -> tuple[tuple[Problem | None, ...], ...]:
    """Return, for each misconception, what is wrong with its answer to each case."""
    expected = right_answers(task, cases)
    return tuple(
        tuple(
            problem_of(task, case, right, outcome)
            for case, right, outcome in zip(cases, expected, outcomes, strict=True)
        )
        for outcomes in answers_of(task, cases)
    )
