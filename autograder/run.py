"""TRUSTED: runs a repaired notebook in the jail, cell by cell, and judges its tasks where they stand.

A cell that has to be stopped, or that takes its process down, does not end the grading: the notebook starts
afresh without it. Tasks that were judged already keep their judgement, so one endless loop costs one task.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from nbformat.v4 import new_output

from autograder.assignment import AssignmentNotebook
from autograder.judge import judge, unanswered
from autograder.limits import Limits
from autograder.result import Status
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.session import Session, SubmissionEnded
from coursekit.checks.report import Report, Verdict

OUTPUT_CELLS = 8  # a graded notebook holds the outputs of so many full cells
NO_ROOM = {
    "output_type": "stream",
    "name": "stdout",
    "text": "[Left out: the notebook's outputs are over the limit.]\n",
}
STATUS_OF = {"timeout": Status.TIMEOUT, "memory": Status.MEMORY, "crashed": Status.CRASHED}


@dataclass
class Run:
    """What running gave: a report for every graded cell, how it ended, and what went wrong first."""

    status: Status = Status.GRADED
    message: str = ""
    reports: dict[str, Report] = field(default_factory=dict)  # by grade_id

    def trouble(self, status: Status, message: str) -> None:
        """Note a trouble; the first one names the status."""
        if self.status is Status.GRADED:
            self.status, self.message = status, message


@dataclass
class _Attempts:
    """The state that outlives one attempt: cells not to run again, and the time that is left."""

    run: Run
    seed: int
    student: str
    skipped: dict[int, SubmissionEnded] = field(default_factory=dict)  # by index of the cell
    deadline: float = 0.0
    output_bytes: int = 0  # of all cells of this attempt


def run_notebook(notebook: Any, assignment: AssignmentNotebook, jail: Jail, seed: int, student: str) -> Run:
    """Run `notebook` (its code cells get their outputs) and judge every task of `assignment`.

    `seed` gives the questions; it must come from `secrets`, after the work was handed in. `student` is the
    id under which it was handed in: personal tasks ask about its numbers.

    Raises SandboxError only for a fault of the grader itself.
    """
    attempts = _Attempts(Run(), seed, student, deadline=time.monotonic() + jail.limits.notebook_seconds)
    while (left := attempts.deadline - time.monotonic()) > 0:
        if _attempt(notebook, assignment, jail, attempts, left):
            break
    for grade_id, task in assignment.tasks.items():
        if grade_id not in attempts.run.reports:
            attempts.run.trouble(Status.TIMEOUT, "the notebook as a whole took too long")
            attempts.run.reports[grade_id] = unanswered(
                task, seed, student, "timeout", "the notebook as a whole took too long"
            )
    for index, ended in attempts.skipped.items():
        notebook.cells[index].outputs = [_stopped(ended)]
    _show_reports(notebook, attempts.run)
    return attempts.run


def _attempt(
    notebook: Any, assignment: AssignmentNotebook, jail: Jail, attempts: _Attempts, seconds: float
) -> bool:
    """Run from the first cell on; True if every task is judged, False if another attempt is worth making."""
    attempts.output_bytes = 0
    waiting: list[str] = []  # tasks without an answer yet: asked again after the last cell
    culprit: int | str = ""
    ended: SubmissionEnded | None = None
    with jail.session(seconds) as session:
        try:
            for index, cell in enumerate(notebook.cells):
                culprit = index
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                if grade_id in assignment.tasks:
                    culprit = grade_id
                    _judge(grade_id, assignment, session, attempts, waiting)
                elif cell.cell_type == "code" and index not in attempts.skipped:
                    _run_cell(cell, session, attempts)
            for grade_id in list(waiting):
                culprit = grade_id
                _judge(grade_id, assignment, session, attempts, None)
        except SubmissionEnded as error:
            ended = error
    if ended is None:
        return True
    _note(culprit, ended, session.ended or "", jail.limits, attempts)
    return all(grade_id in attempts.run.reports for grade_id in assignment.tasks)


def _judge(
    grade_id: str,
    assignment: AssignmentNotebook,
    session: Session,
    attempts: _Attempts,
    waiting: list[str] | None,
) -> None:
    run = attempts.run
    if grade_id in run.reports:
        return
    # Who pretends to have no answer yet has seen these questions: the second time there are others.
    seed = attempts.seed if waiting is not None else attempts.seed + 1
    report, ended = judge(assignment.tasks[grade_id], session, seed, attempts.student)
    no_answer_yet = report.verdict in (Verdict.NOT_DEFINED, Verdict.NOT_ATTEMPTED) and ended is None
    if no_answer_yet and waiting is not None:
        waiting.append(grade_id)
        return
    run.reports[grade_id] = report
    if report.verdict is Verdict.MEMORY:
        run.trouble(Status.MEMORY, f"{report.task.name} wants more memory than it may have")
    if ended:
        raise ended


def _run_cell(cell: Any, session: Session, attempts: _Attempts) -> None:
    done = session.run_cell(cell.source)
    room = OUTPUT_CELLS * session.limits.output_bytes - attempts.output_bytes
    size = len(json.dumps(done.outputs))
    attempts.output_bytes += size
    cell.outputs = [new_output(**output) for output in (done.outputs if size <= room else [NO_ROOM])]
    if done.memory_ran_out:
        attempts.run.trouble(Status.MEMORY, "a cell wants more memory than it may have")


def _note(culprit: int | str, ended: SubmissionEnded, how: str, limits: Limits, attempts: _Attempts) -> None:
    """Remember which cell ended the submission, in words for the instructor and the student."""
    if how in ("memory", "processes"):  # the watchdog ended it: the closed wire is only the consequence
        detail = (
            f"used more than {limits.processes} processes" if how == "processes" else "used too much memory"
        )
        ended = SubmissionEnded("memory" if how == "memory" else "crashed", detail)
    elif ended.reason == "crashed" and how.startswith(("exit", "signal")):
        ended = SubmissionEnded("crashed", f"{ended.detail} ({how})")
    where = f"cell {culprit + 1}" if isinstance(culprit, int) else culprit.removesuffix("-check")
    attempts.run.trouble(STATUS_OF[ended.reason], f"{where}: {ended.detail}")
    if isinstance(culprit, int):
        attempts.skipped[culprit] = ended


def _stopped(ended: SubmissionEnded) -> Any:
    text = f"This cell was stopped ({ended.reason}): {ended.detail}. The other cells were run without it."
    return new_output("error", ename="Stopped", evalue=text, traceback=[text])


def _show_reports(notebook: Any, run: Run) -> None:
    """Put each judgement under its graded cell, in the form that nbgrader reads points from."""
    for cell in notebook.cells:
        report = run.reports.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if report is not None:
            data = {"text/plain": f"{report.score:g}", "text/html": report.to_html()}
            cell.outputs = [new_output("execute_result", data=data, execution_count=None)]
