"""The words of a report that are the same in text and in HTML."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from coursekit.checks.calling import copied
from coursekit.checks.implementation import Implementation
from coursekit.checks.mistakes import misread
from coursekit.checks.outcome import Raised, Returned
from coursekit.checks.picture import number
from coursekit.checks.report import CaseResult, GroupResult, Report, Verdict
from coursekit.checks.rules import Rule, SameArray, SameParts
from coursekit.checks.task import Task
from coursekit.checks.values import as_floats, as_numbers

TITLES = {
    Verdict.CORRECT: ("✓", "correct"),
    Verdict.PARTLY_CORRECT: ("◐", "partly correct"),
    Verdict.WRONG: ("✗", "not right yet"),
    Verdict.RAISED: ("✗", "stopped with an error"),
    Verdict.NOT_ATTEMPTED: ("○", "not written yet"),
    Verdict.NOT_DEFINED: ("○", "not defined"),
    Verdict.TIMEOUT: ("✗", "took too long"),
    Verdict.MEMORY: ("✗", "used too much memory"),
    Verdict.CRASHED: ("✗", "gave no answer"),
}

NEXT_STEPS = {
    "type": "Look at what stands after `return`.",
    "shape": "Work out by hand, along each axis, how large the answer is in this case.",
    "not-finite": "Look for a division by zero, or for an array from `np.empty` that is not filled.",
    "value": "Work this case out by hand, and compare.",
    "library": "Write the work itself, with loops or with NumPy's arithmetic and indexing.",
    "modified": "Write to a new array, and leave the inputs as they are.",
    "raised": "Run your function on this case in a cell of its own, and look at the line above.",
    "timeout": "Look for a loop that never ends, and try your function on the smallest case first.",
    "memory": "Look for an array that grows in a loop.",
    "crashed": "Run your function on this case in a cell of its own.",
    "not-defined": "Write a function of this name: `def NAME(...)`.",
}
LONGEST_CALL = 300


def title(report: Report) -> str:
    """Return the verdict line."""
    symbol, words = TITLES[report.verdict]
    worth = "Optional: no points" if report.task.optional else points(report.score, report.max_score)
    return f"{symbol} {report.task.name}: {words}. {worth}"


def points(earned: float, of: float) -> str:
    """Return "2 of 4 points"."""
    return f"{earned:g} of {of:g} point{'' if of == 1 else 's'}"


def group_points(report: Report, group: GroupResult) -> str:
    """Return what a group earned of its points, that the others hang on it, or that there are none."""
    if report.task.optional:
        return "none"
    return "needed for all points" if group.group.for_all else points(group.earned, group.group.points)


def shows_its_case(result: CaseResult) -> bool:
    """Return whether the numbers of a failing case say anything: not where a library made them right."""
    return result.problem is None or result.problem.kind != "library"


def no_match(report: Report, result: CaseResult) -> str:
    """Return the sentence that no diagnosis was found, where one was looked for, or ""."""
    if report.misconceptions or not isinstance(result.outcome, Returned):
        return ""
    kind = result.problem.kind if result.problem else ""
    return "No known mistake matches all that came back." if kind in ("shape", "value") else ""


def next_step(report: Report, result: CaseResult) -> str:
    """Return what to do now."""
    if report.verdict is Verdict.NOT_ATTEMPTED:
        return "Replace `raise NotImplementedError()` by your code, run the cell, and check again."
    if report.misconceptions:
        return " ".join(mistake.next_step for mistake in report.misconceptions)
    kind = result.problem.kind if result.problem else ""
    if kind == "value" and report.task.next_step:
        return report.task.next_step
    if kind == "shape" and not isinstance(report.task.rule, SameArray | SameParts):
        return "Read in the docstring what your function is to return."
    if kind == "shape" and report.task.explain_shape is None:
        return "Compare the two shapes, axis by axis, and read in the docstring what each axis is."
    return NEXT_STEPS.get(kind, NEXT_STEPS["crashed"]).replace("NAME", report.task.name)


def more_hints(report: Report) -> str:
    """Return how to ask for the next hint, or "" if there is none, or nothing to ask it for."""
    there, shown = len(report.task.hints), len(report.hints)
    if shown == there or report.verdict is Verdict.CORRECT:
        return ""
    option = f", student=STUDENT, hint={shown + 1}" if report.task.personal else f", hint={shown + 1}"
    return f"For {'the next' if shown else 'a'} hint: `check({report.task.name}{option})`."


def trace(result: CaseResult) -> str:
    """Return the student's own lines of the error, or ""."""
    return result.outcome.trace if isinstance(result.outcome, Raised) else ""


def call_line(report: Report, result: CaseResult) -> str:
    """Return Python that asks this case again, or "" if it is long."""
    if not result.case.arguments or any(isinstance(item, Implementation) for item in result.case.arguments):
        return ""
    arguments = ", ".join(_literal(argument) for argument in result.case.arguments)
    line = f"{report.task.name}({arguments})"
    return line if len(line) <= LONGEST_CALL else ""


def _literal(argument: Any) -> str:
    if isinstance(argument, np.ndarray):
        dtype = ", np.float32" if argument.dtype == np.float32 else ""  # a kernel for a GPU asks for it
        return f"np.array({argument.tolist()}{dtype})"
    return repr(argument)


def worked_entry(report: Report, result: CaseResult) -> str:
    """Return, where numbers are wrong, how the first of them comes about, and how yours does, or ""."""
    explain = report.task.explain_entry
    if result.problem is None or result.problem.kind not in ("value", "not-finite") or explain is None:
        return ""
    if not isinstance(result.outcome, Returned):
        return ""
    rule, expected, value = _explained(report.task, result.expected, result.outcome.value)
    if not isinstance(rule, SameArray) or value is None:
        return ""
    right, came = as_floats(as_numbers(expected)), as_floats(as_numbers(value))
    if came.shape != right.shape or not rule.wrong_entries(right, came).any():
        return ""
    index = tuple(int(place) for place in np.argwhere(rule.wrong_entries(right, came))[0])
    work = explain(*result.case.arguments, *result.case.hidden, index)
    place = f"The right number at {list(index)}" if index else "The right number"
    mine = _mistaken_sum(report, result, index, float(came[index]))
    yours = f"{mine} = {number(came[index])}" if mine else number(came[index])
    if re.fullmatch(r"\([^()]*\)", work):  # no sum, but a reason in words
        return f"{place} is {number(right[index])} {work}; yours is {yours}."
    return f"{place} is {work} = {number(right[index])}; yours is {yours}."


def _explained(task: Task, expected: Any, value: object) -> tuple[Rule, Any, Any]:
    """Return the rule, the right numbers and those that came, of the part whose sums can be written out."""
    if not isinstance(task.rule, SameParts):
        return task.rule, expected, value
    parts, place = task.rule.parts(value), task.explained_part
    return task.rule.rules[place], expected[place], None if parts is None else parts[place]


def _mistaken_sum(report: Report, result: CaseResult, index: tuple[int, ...], came: float) -> str:
    """Return the sum that the diagnosed mistakes give, where they only change what goes into it."""
    explain = report.task.explain_entry
    if explain is None or not report.misconceptions or any(m.before is None for m in report.misconceptions):
        return ""
    if any(mistake.after is not None for mistake in report.misconceptions):
        return ""
    try:
        used = misread(report.misconceptions, copied((*result.case.arguments, *result.case.hidden)))
        _, right, _ = _explained(report.task, report.task.reference(*used), None)
        answer = as_floats(as_numbers(right))
        return explain(*used, index) if np.isclose(answer[index], came) else ""
    except Exception:  # noqa: BLE001 - a mistake may fail on a case: then there is no sum to write out
        return ""


def shape_steps(report: Report, result: CaseResult) -> list[tuple[str, list[str]]]:
    """Return, where the shape is wrong, for each axis the steps that lead to its size."""
    if result.problem is None or result.problem.kind != "shape" or report.task.explain_shape is None:
        return []
    return [
        (axis, [f"{step.name}: {step.text} = {step.value}" for step in steps])
        for axis, steps in report.task.explain_shape(*result.case.arguments, *result.case.hidden)
    ]
