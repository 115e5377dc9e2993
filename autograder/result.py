"""TRUSTED: what grading one notebook gives, as data that travels between processes and into JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from sys import intern
from typing import Any

from coursekit.checks.report import Report

TOGETHER = " + "  # between the names of two misconceptions that were made together


class Status(StrEnum):
    """How the run of a submission ended. Exactly one holds.

    Points come from answers only. A submission that had to be stopped in one place keeps
    the points of the tasks that could still be asked.
    """

    GRADED = "graded"  # every cell ran to its end; points may still be 0
    TIMEOUT = "timeout"  # a cell or an answer took too long and was stopped
    MEMORY = "memory"  # it wanted more memory than it may have
    CRASHED = "crashed"  # it took its own process down
    INVALID = "invalid"  # not a notebook, or not this assignment
    MISSING = "missing"  # nothing was handed in
    GRADER_ERROR = "grader-error"  # our fault: never a zero, always graded again


@dataclass(frozen=True, slots=True)  # a class's results are all held until the table is printed
class TaskResult:
    """One graded cell: `id` is the task's name."""

    id: str
    grade_id: str
    score: float
    max_score: float
    verdict: str
    misconception: str | None
    headline: str


@dataclass(frozen=True, slots=True)
class Result:
    """One student's notebook, graded. `graded_notebook` is the file for `autograded/`."""

    student: str
    assignment: str
    notebook: str
    status: Status
    score: float
    max_score: float
    seconds: float
    tasks: tuple[TaskResult, ...] = ()
    message: str = ""  # for the instructor's table: what went wrong, in one line
    notes: tuple[str, ...] = ()  # what was put right in the file
    no_response: tuple[str, ...] = ()  # grade_ids of answer cells that were left as released
    submitted_digest: str = ""  # SHA-256 of the submitted file
    in_gradebook: bool = False  # False for a grader's error, and where nothing at all was handed in
    late_penalty: float = 0.0  # points taken off for coming late
    total: float = 0.0  # of the gradebook, so with what was given by hand, after the penalty
    late_note: str = ""  # why a timestamp costs nothing
    sandboxed: bool = True  # False: its code could do all that the grader's user can
    figures: bool = True  # False: a line of text stands where a figure would
    basis: str = ""  # SHA-256 of what it was graded by: assignment, limits, code
    graded_notebook: bytes | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The object that `autograder grade --json` writes for this notebook."""
        keys = (
            *("student", "assignment", "notebook", "status", "score", "max_score", "seconds", "message"),
            *("late_penalty", "total", "late_note", "sandboxed"),
        )
        tasks = [
            {k: v for k, v in asdict(task).items() if k not in ("grade_id", "headline")}
            for task in self.tasks
        ]
        return {key: getattr(self, key) for key in keys} | {"tasks": tasks}

    def to_record(self) -> str:
        """Everything but the notebook, to keep beside the class report."""
        record = asdict(replace(self, graded_notebook=None))
        del record["graded_notebook"]
        return json.dumps(record, indent=1)

    def slim(self) -> Result:
        """The same without the notebook, and with the words that many results have held once for all.

        What comes from another process or from a file brings its own copy of each word.
        """
        tasks = tuple(
            TaskResult(
                intern(task.id),
                intern(task.grade_id),
                task.score,
                task.max_score,
                intern(task.verdict),
                task.misconception and intern(task.misconception),
                intern(task.headline),
            )
            for task in self.tasks
        )
        return replace(
            self,
            assignment=intern(self.assignment),
            notebook=intern(self.notebook),
            basis=intern(self.basis),
            tasks=tasks,
            graded_notebook=None,
        )


def from_record(text: str) -> Result:
    """Read what `to_record` wrote, also by an earlier version, which knew fewer fields, or a later one.

    Raises ValueError, KeyError or TypeError if it is no record.
    """
    record = _known(Result, json.loads(text))
    record["tasks"] = tuple(TaskResult(**_known(TaskResult, task)) for task in record["tasks"])
    for name in ("notes", "no_response"):
        record[name] = tuple(record.get(name, ()))
    record["status"] = Status(record["status"])
    return Result(**record).slim()


def _known(kind: type, record: object) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(f"a record must be an object; got {type(record).__name__}")
    names = {field.name for field in fields(kind)}
    return {key: value for key, value in record.items() if key in names}


def task_result(grade_id: str, report: Report) -> TaskResult:
    """Keep of a report what the gradebook, the table and the class report need."""
    misconception = TOGETHER.join(mistake.name for mistake in report.misconceptions) or None
    score = clamp(report.score, report.max_score)
    name = report.task.name
    return TaskResult(
        name, grade_id, score, report.max_score, str(report.verdict), misconception, report.headline
    )


def clamp(score: float, max_score: float) -> float:
    """A finite score in [0, max_score]; what is not a number is 0."""
    return float(min(max(score, 0.0), max_score)) if math.isfinite(score) else 0.0
