"""What a student is told: the verdict, the points, the diagnosis and the smallest case that fails."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from coursekit.checks.diagnosis import needs_every_mistake
from coursekit.checks.outcome import Outcome, Returned
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Group, Misconception, Task


class Verdict(StrEnum):
    """How an answer was judged. Exactly one holds."""

    CORRECT = "correct"
    PARTLY_CORRECT = "partly-correct"  # some group's points are earned, not all
    WRONG = "wrong"  # no points; the smallest failing case returned a wrong value
    RAISED = "raised"  # no points; the smallest failing case raised
    NOT_ATTEMPTED = "not-attempted"  # no points; the stub's NotImplementedError is still there
    NOT_DEFINED = "not-defined"  # there is no function of this name
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"  # the process ended before it answered


@dataclass(frozen=True, eq=False)
class CaseResult:
    """One case, the right answer, what came back, and what is wrong with it (None: nothing)."""

    case: Case
    expected: object
    outcome: Outcome
    problem: Problem | None


@dataclass(frozen=True)
class GroupResult:
    """How many cases of a group passed, and the points they earned: all of the group's, or none."""

    group: Group
    passed: int
    cases: int
    earned: float


@dataclass(frozen=True, eq=False)
class Report:
    """The judgement of one task. JupyterLab shows `to_html()`, a terminal `to_text()`."""

    task: Task
    results: tuple[CaseResult, ...]
    groups: tuple[GroupResult, ...]
    verdict: Verdict
    misconceptions: tuple[Misconception, ...]  # one, or two that were made together; () if none matches
    headline: str
    made_smaller: CaseResult | None = None  # a case that fails in the same way as the first one, but smaller
    hints: tuple[str, ...] = ()  # those that the student asked for

    @property
    def score(self) -> float:
        """The points earned: finite, from 0 to `max_score`."""
        return min(max(float(sum(group.earned for group in self.groups)), 0.0), self.max_score)

    @property
    def max_score(self) -> float:
        """The points of a right answer."""
        return float(self.task.points)

    @property
    def smallest_failure(self) -> CaseResult | None:
        """The smallest case known to fail; beside a diagnosis one that shows numbers."""
        return self.made_smaller or self.first_failure

    @property
    def first_failure(self) -> CaseResult | None:
        """The first case that fails, so the smallest of those asked; beside a diagnosis one with numbers."""
        failing = [result for result in self.results if result.problem is not None]
        wrong = [result for result in failing if result.problem and result.problem.kind != "library"]
        failing = wrong or failing  # a right answer by a library's routine shows least
        if self.misconceptions:
            returned = [result for result in failing if isinstance(result.outcome, Returned)]
            failing = returned or failing
        telling = (
            result
            for result in failing
            if needs_every_mistake(self.task, self.misconceptions, result.case, result.outcome)
        )
        return next(telling, failing[0] if failing else None)

    @property
    def passed(self) -> int:
        """How many cases passed."""
        return sum(result.problem is None for result in self.results)

    def to_text(self) -> str:
        """Return the report for a terminal."""
        from coursekit.checks.text import report_text

        return report_text(self)

    def to_html(self) -> str:
        """Return the report as one HTML element with inline styles, for light and dark pages."""
        from coursekit.checks.html import report_html

        return report_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        # nbgrader reads partial credit from a graded cell's plain text, where it must be a number alone.
        if os.environ.get("NBGRADER_EXECUTION") in ("autograde", "validate"):
            return repr(self.score)
        return self.to_text()
