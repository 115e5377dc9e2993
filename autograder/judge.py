"""TRUSTED: asks the questions, compares the answers, gives the points. No student code runs here."""

from __future__ import annotations

from autograder.sandbox.trusted.session import Session, SubmissionEnded
from coursekit.checks import examine, fresh_cases
from coursekit.checks.outcome import NoAnswer, Outcome
from coursekit.checks.report import Report
from coursekit.checks.task import Task


def judge(task: Task, session: Session, seed: int) -> tuple[Report, SubmissionEnded | None]:
    """Ask every question of `task`; the report, and how the submission ended if it did not survive.

    The inputs are drawn from `seed`, which the trusted side made after the work was handed in: nothing that
    a student wrote can know them. A class is asked from one seed, so that all are asked the same.
    Each question goes out only after the one before was answered.
    """
    cases = fresh_cases(task, seed)
    outcomes: list[Outcome] = []
    ended: SubmissionEnded | None = None
    for case in cases:
        try:
            outcomes.append(session.ask(task.name, case.arguments))
        except SubmissionEnded as error:
            ended = error
            outcomes.append(NoAnswer(error.reason, error.detail))
        last = outcomes[-1]
        if isinstance(last, NoAnswer):  # it will not answer the others either
            outcomes += [last] * (len(cases) - len(outcomes))
            break
    return examine(task, cases, outcomes), ended


def unanswered(task: Task, seed: int, reason: str, detail: str) -> Report:
    """The report on a task that could not be asked at all."""
    cases = fresh_cases(task, seed)
    return examine(task, cases, [NoAnswer(reason, detail)] * len(cases))
