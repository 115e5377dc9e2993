"""From the outcomes of all cases to a report: one pure function, the same in a notebook and in the grader."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from coursekit.checks.calling import copied
from coursekit.checks.diagnosis import answers_of, diagnose, diagnose_pair
from coursekit.checks.implementation import Implementation
from coursekit.checks.mistakes import Mistakes
from coursekit.checks.outcome import NoAnswer, Outcome, Raised, Returned
from coursekit.checks.report import CaseResult, GroupResult, Report, Verdict
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Task
from coursekit.checks.values import NotNumbers, as_numbers
from coursekit.library_calls import SWITCHED_OFF

NO_ANSWER = {
    "timeout": "Your function took too long and was stopped.",
    "memory": "Your function used more memory than it may.",
    "crashed": "The process that ran your function ended before it answered.",
    "not-defined": "There is no function of this name.",
}


def examine(task: Task, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Report:
    """Judge `outcomes`, one per case in the same order. Never raises because of what a value is.

    Cases without an outcome count as crashed; a group's points are earned when all its cases pass.
    """
    answered = [task.outcome_to_judge(case, _outcome(outcomes, index)) for index, case in enumerate(cases)]
    expected = right_answers(task, tuple(cases))
    problems = [
        problem_of(task, case, right, outcome)
        for case, right, outcome in zip(cases, expected, answered, strict=True)
    ]
    results = tuple(
        CaseResult(case, right, outcome, problem)
        for case, right, outcome, problem in zip(cases, expected, answered, problems, strict=True)
    )
    groups = _group_results(task, results)
    mistakes = _mistakes(task, tuple(cases), answered, problems, expected) if any(problems) else ()
    verdict = _verdict(results, groups, diagnosed=bool(mistakes))
    headline = _headline(results, verdict, mistakes)
    headline = " ".join([headline, *(more for more in _also_calls(results) if more not in headline)])
    return Report(task, results, groups, verdict, mistakes, headline)


def _mistakes(
    task: Task,
    cases: tuple[Case, ...],
    outcomes: Sequence[Outcome],
    problems: Sequence[Problem | None],
    expected: Sequence[object],
) -> Mistakes:
    """Return the one misconception that explains everything, else the likeliest two, else ()."""
    single = diagnose(task, answers_of(task, cases), outcomes, problems, expected)
    if single:  # a tie of single ones says too little to blame any
        return single[0] if len(single) == 1 else ()
    if not any(map(_has_something, outcomes)):  # zeros alone would fit two far-fetched mistakes
        return ()
    both = diagnose_pair(task, cases, outcomes, problems, expected)
    if both or not task.each_by_itself:
        return both[0] if both else ()
    first = next(index for index, problem in enumerate(problems) if problem)
    alone = [[mine[first]] for mine in answers_of(task, cases)]
    found = diagnose(task, alone, [outcomes[first]], [problems[first]], [expected[first]])
    return found[0] if len(found) == 1 else ()


def _has_something(outcome: Outcome) -> bool:
    """Return whether a value came back that is not zeros alone."""
    if not isinstance(outcome, Returned):
        return False
    try:
        return bool(np.any(as_numbers(outcome.value)))
    except NotNumbers:
        return True


@lru_cache(maxsize=64)
def right_answers(task: Task, cases: tuple[Case, ...]) -> tuple[object, ...]:
    """Return the reference's answer to each case."""
    return tuple(task.reference(*copied(case.arguments), *copied(case.hidden)) for case in cases)


def problem_of(task: Task, case: Case, expected: object, outcome: Outcome) -> Problem | None:
    """Return what is wrong with one outcome, or None."""
    if isinstance(outcome, NoAnswer):
        sentence = NO_ANSWER.get(outcome.reason, NO_ANSWER["crashed"])
        return Problem(outcome.reason, f"{sentence} {outcome.detail}".strip())
    if isinstance(outcome, Raised):
        return Problem("raised", f"Your function raised {outcome.kind}: {outcome.message}".rstrip(": "))
    changed = _changed_arguments(task, case, outcome)
    if changed:
        return Problem(
            "modified", f"Your function changed its input {changed}. Work on a copy, or on a new array."
        )
    problem = task.rule.problem(expected, outcome.value)
    if problem is None and outcome.routine:
        return Problem("library", _library_sentence(outcome.routine))
    return problem


def _also_calls(results: Sequence[CaseResult]) -> list[str]:
    """Return, where some answers are wrong, that they come from a routine which earns no points anyway."""
    routines = [
        result.outcome.routine
        for result in results
        if isinstance(result.outcome, Returned) and result.problem and result.problem.kind != "library"
    ]
    named = next(filter(None, routines), "")
    return [_library_sentence(named)] if named else []


def _library_sentence(routine: str) -> str:
    if routine == SWITCHED_OFF:
        return (
            "Your function switches Python's profiler off, which hides what it calls: that earns no points."
        )
    return f"Your function calls `{routine}`, which does this task itself: that earns no points."


def _outcome(outcomes: Sequence[object], index: int) -> Outcome:
    if index >= len(outcomes):
        return NoAnswer("crashed", "No answer came back.")
    outcome = outcomes[index]
    if isinstance(outcome, (Returned, Raised, NoAnswer)):
        return outcome
    return NoAnswer("crashed", "What came back is not an answer.")


def _changed_arguments(task: Task, case: Case, outcome: Returned) -> str:
    """Return the names of the parameters that the call changed, as prose, or ""."""
    if len(outcome.arguments_after) != len(case.arguments):
        return " and ".join(f"`{name}`" for name in task.parameters)
    changed = [
        f"`{name}`"
        for name, before, after in zip(task.parameters, case.arguments, outcome.arguments_after, strict=True)
        if not _unchanged(before, after)
    ]
    return " and ".join(changed)


def _unchanged(before: object, after: object) -> bool:
    if after is before or isinstance(before, Implementation):
        return True
    if isinstance(before, (list, tuple)):
        return (
            type(before) is type(after)
            and isinstance(after, (list, tuple))
            and len(before) == len(after)
            and all(map(_unchanged, before, after))
        )
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and after.dtype.kind == before.dtype.kind
            and after.shape == before.shape
            and bool(np.array_equal(before, after))
        )
    return type(before) is type(after) and before == after


def _group_results(task: Task, results: Sequence[CaseResult]) -> tuple[GroupResult, ...]:
    """Give each group its points: a group without a case has shown nothing, so it earns nothing."""
    mine = {
        group: [result.problem is None for result in results if result.case.group == group.name]
        for group in task.groups
    }
    allowed = all(all(passed) for group, passed in mine.items() if group.for_all)
    return tuple(
        GroupResult(
            group,
            sum(passed),
            len(passed),
            float(group.points) if allowed and passed and all(passed) else 0.0,
        )
        for group, passed in mine.items()
    )


def _verdict(results: Sequence[CaseResult], groups: Sequence[GroupResult], *, diagnosed: bool) -> Verdict:
    failing = next((result for result in results if result.problem is not None), None)
    if failing is None and all(group.cases for group in groups):
        return Verdict.CORRECT
    if any(group.earned > 0 for group in groups):
        return Verdict.PARTLY_CORRECT
    if diagnosed:  # some case may have raised, but wrong values told what the mistake is
        return Verdict.WRONG
    outcome = failing.outcome if failing else NoAnswer("crashed")
    if isinstance(outcome, Raised):
        unwritten = outcome.kind == "NotImplementedError"
        return Verdict.NOT_ATTEMPTED if unwritten else Verdict.RAISED
    if isinstance(outcome, NoAnswer):
        return Verdict(outcome.reason) if outcome.reason in NO_ANSWER else Verdict.CRASHED
    return Verdict.WRONG


def _headline(results: Sequence[CaseResult], verdict: Verdict, mistakes: Mistakes) -> str:
    if verdict is Verdict.CORRECT:
        return f"All {len(results)} cases are right."
    if verdict is Verdict.NOT_ATTEMPTED:
        return "There is no answer yet: the function still raises NotImplementedError."
    if len(mistakes) == 1:
        return mistakes[0].sentence
    if mistakes:
        both = " ".join(f"{place}. {mistake.sentence}" for place, mistake in enumerate(mistakes, 1))
        return f"Two mistakes together give exactly your answers. {both}"
    problem = next((result.problem for result in results if result.problem), None)
    if problem is None:
        return "No case was asked."
    if problem.kind not in ("shape", "value", "not-finite"):
        return problem.sentence
    passed = sum(result.problem is None for result in results)
    return f"{passed} of {len(results)} cases are right. The smallest that fails: {problem.sentence}"
