"""TRUSTED: asks the questions, compares the answers, gives the points. No student code runs here."""

from __future__ import annotations

from functools import lru_cache

from autograder.sandbox.trusted.session import Question, Session, SubmissionEnded
from coursekit.checks import examine, fresh_cases, visible_cases
from coursekit.checks.outcome import NoAnswer, Outcome, Raised
from coursekit.checks.report import Report
from coursekit.checks.smaller import with_smaller_failure
from coursekit.checks.task import Case, Task


@lru_cache(maxsize=1024)
def _question(task: Task, case: Case) -> Question:
    """The question of a case as it travels: the same for a whole class."""
    return Question.of(task.name, case.arguments, task.forbids)


def judge(task: Task, session: Session, seed: int, student: str) -> tuple[Report, SubmissionEnded | None]:
    """Ask every question of `task`; the report, and how the submission ended if it did not survive.

    The inputs are drawn from `seed`, which the trusted side made after the work was handed in: nothing that
    a student wrote can know them. A class is asked from one seed, so that all are asked the same, but for
    a personal task: its numbers belong to `student`, the id under which the work was handed in.
    Each question goes out only after the one before was answered. Where an answer was wrong, a few smaller
    questions follow, for the report alone: the points stand already.
    """

    def ask_another(case: Case) -> Outcome:
        return session.ask(task.name, case.arguments, task.forbids)

    cases = fresh_cases(task, seed, student)
    outcomes: list[Outcome] = []
    ended: SubmissionEnded | None = None
    for case in cases:
        try:
            outcomes.append(session.put(_question(task, case)))
        except SubmissionEnded as error:
            ended = error
            outcomes.append(NoAnswer(error.reason, error.detail))
        last = outcomes[-1]
        if isinstance(last, NoAnswer):  # it will not answer the others either
            outcomes += [last] * (len(cases) - len(outcomes))
            break
    report = examine(task, cases, outcomes)
    if ended is None:
        try:
            report = with_smaller_failure(report, ask_another)
        except SubmissionEnded as error:  # it answered every question that counts, and ends only now
            ended = error
    return report, ended


def is_there(task: Task, session: Session, student: str) -> bool:
    """Whether there is more of the task's function than its stub. SubmissionEnded if no answer comes.

    It is asked the visible cases, which are no secret: no questions have to be drawn for who has no answer.
    """
    for case in visible_cases(task, student):
        outcome = session.put(_question(task, case))
        if outcome == NoAnswer("not-defined"):
            return False
        if not (isinstance(outcome, Raised) and outcome.kind == "NotImplementedError"):
            return True
    return False


def unanswered(task: Task, seed: int, student: str, reason: str, detail: str) -> Report:
    """The report on a task that could not be asked at all."""
    cases = fresh_cases(task, seed, student)
    return examine(task, cases, [NoAnswer(reason, detail)] * len(cases))
