"""Which misconception explains all that came back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from coursekit.checks.calling import call
from coursekit.checks.outcome import Outcome, Returned
from coursekit.checks.rules import Problem, Rule
from coursekit.checks.task import Case, Misconception, Task


@lru_cache(maxsize=32)
def answers_of(task: Task, cases: tuple[Case, ...]) -> tuple[tuple[Outcome, ...], ...]:
    """Return, for each misconception of the task, its outcome on each case."""
    return tuple(
        tuple(call(misconception.answer, case) for case in cases) for misconception in task.misconceptions
    )


def diagnose(
    task: Task,
    answers: Sequence[Sequence[Outcome]],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> list[Misconception]:
    """Return the misconceptions whose `answers` explain the `outcomes`; more than one is a tie.

    A misconception explains them if each of its values equals what came back, and if where it raises there
    was a failure of any kind: two people's wrong loops seldom fail in the same way there.
    Of several, those with most equal wrong values are returned; with none, failures alone prove nothing.
    """
    evidence = [_evidence(task.rule, mine, outcomes, problems, expected) for mine in answers]
    most = max(evidence, default=0)
    return [
        misconception
        for misconception, amount in zip(task.misconceptions, evidence, strict=True)
        if amount == most > 0
    ]


def _evidence(
    rule: Rule,
    answers: Sequence[Outcome],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> int:
    """Return how many wrong values equal the misconception's, or 0 if it does not explain every outcome."""
    equal = 0
    # The largest case comes last and tells most answers apart at once.
    together = zip(answers, outcomes, problems, expected, strict=True)
    for answer, outcome, problem, right in reversed(list(together)):
        if not isinstance(answer, Returned):
            if problem is None:
                return 0
            continue
        if not isinstance(outcome, Returned) or rule.problem(answer.value, outcome.value) is not None:
            return 0
        # A right value that fails (its input was modified) is no evidence.
        equal += problem is not None and rule.problem(right, outcome.value) is not None
    return equal
