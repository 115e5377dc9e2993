"""Make a failing case smaller: fewer rows, fewer layers, smaller and whole numbers, while it fails alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.calling import copied
from coursekit.checks.cases import size_of_arguments
from coursekit.checks.diagnosis import judged, needs_every_mistake
from coursekit.checks.examine import problem_of
from coursekit.checks.implementation import Implementation
from coursekit.checks.mistakes import wrong_answer
from coursekit.checks.outcome import NoAnswer, Outcome, Returned
from coursekit.checks.report import CaseResult, Report
from coursekit.checks.task import Case, Task

Arguments = tuple[Any, ...]
QUESTIONS = 60  # asked at most to find a smaller case
SECONDS = 1.0  # after so long no further one is asked
WORTH_IT = ("shape", "value", "not-finite", "modified", "raised")


def with_smaller_failure(report: Report, ask: Callable[[Case], Outcome]) -> Report:
    """Return `report` with the smallest case that `ask` still answers wrongly, in the same way as the first.

    What counts was asked before: no points change. Whatever `ask` raises passes through.
    """
    first, task = report.first_failure, report.task
    if first is None or first.problem is None or first.problem.kind not in WORTH_IT:
        return report
    if task.personal or first.case.hidden or _cannot_shrink(first.case):
        return report
    found = _search(report, first, ask)
    if found is first or found.problem is None:
        return report
    headline = report.headline.replace(first.problem.sentence, found.problem.sentence)
    return replace(report, made_smaller=found, headline=headline)


def _search(report: Report, first: CaseResult, ask: Callable[[Case], Outcome]) -> CaseResult:
    """Take the first smaller case that fails alike, again and again, until none does or the time is up."""
    found, asked, until = first, 0, time.monotonic() + SECONDS
    improved = True
    while improved:
        improved = False
        for arguments in smaller_arguments(found.case.arguments):
            case = replace(found.case, arguments=arguments)
            expected = _right_answer(report.task, case)
            if expected is None:
                continue
            if asked == QUESTIONS or time.monotonic() > until:
                return found
            asked += 1
            outcome = ask(case)
            if isinstance(outcome, NoAnswer):
                return found
            outcome = report.task.outcome_to_judge(case, outcome)
            problem = problem_of(report.task, case, expected.value, outcome)
            candidate = CaseResult(case, expected.value, outcome, problem)
            if _fails_alike(report, first, candidate):
                found, improved = candidate, True
                break
    return found


def _right_answer(task: Task, case: Case) -> Returned | None:
    """Return the right answer, or None if the case is no fair question."""
    if task.fair is not None and not task.fair(*case.arguments):
        return None
    try:
        # as it is, like the right answers to the first cases: a rule may read more than numbers in it
        return Returned(task.reference(*copied(case.arguments), *copied(case.hidden)), ())
    except Exception:  # noqa: BLE001 - what the reference refuses is no question
        return None


def _fails_alike(report: Report, first: CaseResult, candidate: CaseResult) -> bool:
    """Return whether the candidate has the first one's problem, and shows the diagnosed mistake again."""
    if candidate.problem is None or first.problem is None or candidate.problem.kind != first.problem.kind:
        return False
    if not report.misconceptions or not isinstance(candidate.outcome, Returned):
        return True
    task, mistakes = report.task, report.misconceptions
    mine = judged(task, wrong_answer(task, mistakes), candidate.case)
    shown = isinstance(mine, Returned) and task.rule.same(mine.value, candidate.outcome.value)
    return shown and needs_every_mistake(task, mistakes, candidate.case, candidate.outcome)


def _cannot_shrink(case: Case) -> bool:
    return any(isinstance(argument, Implementation) for argument in case.arguments)


def smaller_arguments(arguments: Arguments) -> Iterator[Arguments]:
    """Yield arguments that are smaller in one respect, the boldest steps first; some may be no question."""
    size = size_of_arguments(arguments)
    for changed in (*_shorter(arguments), *_simpler(arguments)):
        if size_of_arguments(changed) < size:
            yield changed


def _shorter(arguments: Arguments) -> Iterator[Arguments]:
    """Take one place of an axis away, in one array or in two whose axes are equally long; or one item."""
    axes = [
        (index, axis)
        for index, argument in enumerate(arguments)
        for axis in range(argument.ndim if isinstance(argument, np.ndarray) else 0)
        if np.shape(argument)[axis] > 1
    ]
    for index, axis in axes:
        for part in (slice(-1), slice(1, None)):
            yield _with(arguments, {index: _cut(arguments[index], axis, part)})
    for (index, axis), (other, along) in combinations(axes, 2):
        one, two = arguments[index], arguments[other]
        if index != other and np.shape(one)[axis] == np.shape(two)[along]:
            pieces = {index: _cut(one, axis, slice(-1)), other: _cut(two, along, slice(-1))}
            yield _with(arguments, pieces)
    for index, argument in enumerate(arguments):
        if isinstance(argument, list):
            for place in range(len(argument)):
                yield _with(arguments, {index: argument[:place] + argument[place + 1 :]})


def _simpler(arguments: Arguments) -> Iterator[Arguments]:
    """Put simpler numbers in: 1, 2, 3 ..., whole ones, or one less. Equal ones would hide what is wrong."""
    for index, argument in enumerate(arguments):
        if isinstance(argument, np.ndarray):
            for simple in _simpler_array(argument):
                yield _with(arguments, {index: simple})
        elif isinstance(argument, tuple):
            for place, number in enumerate(argument):
                if _is_whole(number) and number > 0:
                    yield _with(arguments, {index: (*argument[:place], number - 1, *argument[place + 1 :])})
        elif _is_whole(argument) and argument != 0:
            yield _with(arguments, {index: argument - (1 if argument > 0 else -1)})


def _simpler_array(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    yield (np.arange(array.size) % 9 + 1).reshape(array.shape)
    if array.dtype.kind == "f":
        rounded = np.rint(array)
        yield np.where(rounded == 0, 1, rounded).astype(np.int64)


def _cut(argument: Any, axis: int, part: slice) -> NDArray[Any]:
    piece: NDArray[Any] = argument[(slice(None),) * axis + (part,)]
    return piece.copy()


def _with(arguments: Arguments, changed: Mapping[int, object]) -> Arguments:
    return tuple(changed.get(index, argument) for index, argument in enumerate(arguments))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
