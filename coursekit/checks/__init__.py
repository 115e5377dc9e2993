"""Checks: what `check(...)` does in a notebook, and what the grader judges answers by.

    from coursekit import check
    check(correlate2d)          # in the notebook where correlate2d is written

A task's cases are asked, the outcomes are data, and `examine` turns them into a report.
"""

from coursekit.checks.cases import fresh_cases, visible_cases
from coursekit.checks.examine import examine
from coursekit.checks.local import check
from coursekit.checks.outcome import Foreign, NoAnswer, Outcome, Raised, Returned
from coursekit.checks.registry import find_task, tasks_of
from coursekit.checks.report import Report, Verdict
from coursekit.checks.task import Case, Group, Misconception, Task

__all__ = [
    "Case",
    "Foreign",
    "Group",
    "Misconception",
    "NoAnswer",
    "Outcome",
    "Raised",
    "Report",
    "Returned",
    "Task",
    "Verdict",
    "check",
    "examine",
    "find_task",
    "fresh_cases",
    "tasks_of",
    "visible_cases",
]
