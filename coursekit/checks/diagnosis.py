"""Which misconception, or which two together, explains all that came back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from coursekit.checks.calling import call_with_hidden
from coursekit.checks.mistakes import Mistakes, pairs, wrong_answer
from coursekit.checks.outcome import Outcome, Returned
from coursekit.checks.rules import Problem, Rule
from coursekit.checks.task import Case, Task
from coursekit.checks.values import holds_more_than

MOST_NUMBERS = 2_000  # no mistake gives a sixth of it; comparing more with every pair would take minutes
Answers = Callable[[int], Outcome]  # from the index of a case to what a mistake answers there


@lru_cache(maxsize=64)
def answers_of(task: Task, cases: tuple[Case, ...]) -> tuple[tuple[Outcome, ...], ...]:
    """Return, for each misconception of the task, its outcome on each case."""
    return tuple(
        tuple(judged(task, wrong_answer(task, (mistake,)), case) for case in cases)
        for mistake in task.misconceptions
    )


def judged(task: Task, function: Callable[..., Any], case: Case) -> Outcome:
    """Return the outcome of one of the course's own functions, read as the task reads outcomes."""
    return task.outcome_to_judge(case, call_with_hidden(function, case))


def diagnose(
    task: Task,
    answers: Sequence[Sequence[Outcome]],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> list[Mistakes]:
    """Return the single misconceptions whose `answers` explain the `outcomes`; more than one is a tie.

    A misconception explains them if each of its values equals what came back, and if where it raises there
    was a failure of any kind: two people's wrong loops seldom fail in the same way there.
    Of several, those with most equal wrong values are returned; with none, failures alone prove nothing.
    """
    candidates = [
        ((mistake,), mine.__getitem__) for mistake, mine in zip(task.misconceptions, answers, strict=True)
    ]
    return _best(task.rule, candidates, outcomes, problems, expected)


def needs_every_mistake(task: Task, mistakes: Mistakes, case: Case, outcome: Outcome) -> bool:
    """Return whether no single one of two `mistakes` gives the `outcome` of a case by itself."""
    if len(mistakes) < 2 or not isinstance(outcome, Returned):
        return True
    alone = [judged(task, wrong_answer(task, (mistake,)), case) for mistake in mistakes]
    return not any(isinstance(one, Returned) and task.rule.same(one.value, outcome.value) for one in alone)


def diagnose_pair(
    task: Task,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> list[Mistakes]:
    """Return the pairs of misconceptions that explain the `outcomes` as `diagnose` does."""
    candidates = [(pair, _answers(task, pair, cases)) for pair in pairs(task)]
    return _best(task.rule, candidates, outcomes, problems, expected)


def _answers(task: Task, mistakes: Mistakes, cases: Sequence[Case]) -> Answers:
    """Answer one case at a time: most pairs are ruled out by the first that is looked at."""
    function = wrong_answer(task, mistakes)
    return lambda index: judged(task, function, cases[index])


def _best(
    rule: Rule,
    candidates: Iterable[tuple[Mistakes, Answers]],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> list[Mistakes]:
    if any(isinstance(one, Returned) and holds_more_than(one.value, MOST_NUMBERS) for one in outcomes):
        return []
    wrong_values = [
        isinstance(outcome, Returned) and problem is not None and not rule.same(right, outcome.value)
        for outcome, problem, right in zip(outcomes, problems, expected, strict=True)
    ]
    if not any(wrong_values):  # a right value that fails (its input was modified) is no evidence
        return []
    weighed = [
        (mistakes, _evidence(rule, mine, outcomes, problems, wrong_values)) for mistakes, mine in candidates
    ]
    most = max((amount for _, amount in weighed), default=0)
    return [mistakes for mistakes, amount in weighed if amount == most > 0]


def _evidence(
    rule: Rule,
    answers: Answers,
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    wrong_values: Sequence[bool],
) -> int:
    """Return how many wrong values equal the misconception's, or 0 if it does not explain every outcome."""
    equal = 0
    # The largest case comes last and tells most answers apart at once.
    for index in reversed(range(len(outcomes))):
        answer, outcome = answers(index), outcomes[index]
        if not isinstance(answer, Returned):
            if problems[index] is None:
                return 0
            continue
        if not isinstance(outcome, Returned) or not rule.same(answer.value, outcome.value):
            return 0
        equal += wrong_values[index]
    return equal
