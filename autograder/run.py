"""TRUSTED: runs a repaired notebook in the jail, cell by cell, and judges its tasks where they stand.

A cell that has to be stopped, or that takes its process down, does not end the grading: the notebook starts
afresh without it. Tasks that were judged already keep their judgement, so one endless loop costs one task.
Who was too slow because the machine was busy with others is asked once more, with more time for all that is
left; so is who was killed from outside, as the kernel does where the machine's memory runs out.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder import nodes
from autograder.advice import add_hints, why_not_defined
from autograder.assignment import AssignmentNotebook
from autograder.judge import is_there, judge, unanswered
from autograder.limits import LEAST_SECONDS, Limits
from autograder.result import Status
from autograder.sandbox.trusted.jail import Jail, SandboxError
from autograder.sandbox.trusted.session import MAX_OUTPUTS, NOTEBOOK_TOO_LONG, Session, SubmissionEnded
from autograder.submission import ExtraFile
from autograder.submission.cells import shown
from coursekit.checks.outcome import Raised
from coursekit.checks.report import Report, Verdict

OUTPUT_CELLS = 8  # a graded notebook holds the outputs of so many full cells
NO_ROOM = {
    "output_type": "stream",
    "name": "stdout",
    "text": "[Left out: the notebook's outputs are over the limit.]\n",
}
ENDED_BY_THE_WATCHDOG = {"memory": "memory", "processes": "crashed", "cpu": "timeout"}  # and the reason
MOST_CHARACTERS, MOST_LINES = 50_000, 1_000  # of a print, in the graded notebook
LEFT_OUT = "\n[The rest of what was printed is left out here.]\n"
# a submission that waited for a processor for this share of a limit gets so many times that limit, once
BUSY_SHARE, BUSY_PATIENCE = 0.5, 4.0
# how one ends that SIGKILL met: its first process is PID 1 of a namespace, which nothing inside can kill
KILLED_FROM_OUTSIDE = ("signal 9", "exit -9")
STATUS_OF = {"timeout": Status.TIMEOUT, "memory": Status.MEMORY, "crashed": Status.CRASHED}


@dataclass
class Run:
    """What running gave: a report for every graded cell, how it ended, and what went wrong first."""

    status: Status = Status.GRADED
    message: str = ""
    reports: dict[str, Report] = field(default_factory=dict)  # by grade_id
    notes: list[str] = field(default_factory=list)  # for the student: what was done to make it run

    def note(self, sentence: str) -> None:
        """Keep a note once, however many attempts come to it."""
        if sentence not in self.notes:
            self.notes.append(sentence)

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
    files: Sequence[ExtraFile] = ()  # to put beside the notebook
    figures: bool = True  # whether they are drawn
    deadline: float = 0.0
    cpu_seconds: float = 0.0  # of processor time, that are left
    skipped: dict[int, SubmissionEnded] = field(default_factory=dict)  # by index of the cell
    patience: float = 1.0  # what the limits of wall clock are multiplied with
    killed: bool = False  # from outside, once: it was run again
    output_bytes: int = 0  # of all cells of this attempt
    outputs: int = 0  # their number: a page takes a millisecond for each, however empty it is


def run_notebook(
    notebook: Any,
    assignment: AssignmentNotebook,
    jail: Jail,
    seed: int,
    student: str,
    files: Sequence[ExtraFile] = (),
    figures: bool = True,
) -> Run:
    """Run `notebook` (its code cells get their outputs) and judge every task of `assignment`.

    `seed` gives the questions; it must come from `secrets`, after the work was handed in. `student` is the
    id under which it was handed in: personal tasks ask about its numbers. `files` lie beside the notebook.
    Without `figures` a line of text stands where a figure would.

    Raises SandboxError only for a fault of the grader itself.
    """
    deadline = time.monotonic() + jail.limits.notebook_seconds
    attempts = _Attempts(Run(), seed, student, files, figures, deadline, jail.limits.cpu_seconds)
    while (left := attempts.deadline - time.monotonic()) > 0 and attempts.cpu_seconds >= LEAST_SECONDS:
        if _attempt(notebook, assignment, jail, attempts, left):
            break
    for grade_id, task in assignment.tasks.items():
        if grade_id not in attempts.run.reports:
            attempts.run.trouble(Status.TIMEOUT, NOTEBOOK_TOO_LONG)
            attempts.run.reports[grade_id] = unanswered(task, seed, student, "timeout", NOTEBOOK_TOO_LONG)
    for index, ended in attempts.skipped.items():
        notebook.cells[index].outputs = [_stopped(ended)]
    _say_why_not_defined(notebook, assignment, attempts)
    add_hints(notebook.cells)
    _show_reports(notebook, attempts.run)
    return attempts.run


def _attempt(
    notebook: Any, assignment: AssignmentNotebook, jail: Jail, attempts: _Attempts, seconds: float
) -> bool:
    """Run from the first cell on; True if every task is judged, False if another attempt is worth making."""
    attempts.output_bytes = attempts.outputs = 0
    waiting: dict[str, Report] = {}  # tasks without an answer yet: asked again after the last cell
    culprit: int | str = ""
    ended: SubmissionEnded | None = None
    limits = _limits_of(jail.limits, attempts)
    started = time.monotonic()
    with jail.session(seconds, limits) as session:
        _put_files(session, attempts)
        try:
            for index, cell in enumerate(notebook.cells):
                culprit = index
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
                if grade_id in assignment.tasks:
                    culprit = grade_id
                    _judge(grade_id, assignment, session, attempts, waiting)
                elif cell.cell_type == "code" and index not in attempts.skipped:
                    _run_cell(cell, session, attempts)
            for index in _to_run_again(notebook, attempts) if waiting else ():
                culprit = index
                _run_again(notebook.cells[index], session, attempts)
            for grade_id, nothing in waiting.items():
                culprit = grade_id
                _judge_again(nothing, grade_id, session, attempts)
        except SubmissionEnded as error:
            ended = error
    if ended is None:
        return True
    if _is_not_its_fault(ended, session, jail.limits, attempts):
        attempts.deadline += time.monotonic() - started  # nor does its processor time count
        attempts.run.reports.pop(str(culprit), None)  # that answer may be right: it is asked for again
        return False
    attempts.cpu_seconds -= session.cpu_seconds
    _note(culprit, ended, session.ended or "", jail.limits, attempts)
    return all(grade_id in attempts.run.reports for grade_id in assignment.tasks)


def _is_not_its_fault(ended: SubmissionEnded, session: Session, limits: Limits, attempts: _Attempts) -> bool:
    """Whether the machine ended this attempt, not the student's code; each way is excused once."""
    if session.ended in KILLED_FROM_OUTSIDE and not attempts.killed:
        attempts.killed = True
        return True
    if ended.seconds and attempts.patience == 1.0 and session.waited_seconds >= BUSY_SHARE * ended.seconds:
        attempts.patience = BUSY_PATIENCE
        attempts.deadline += (BUSY_PATIENCE - 1) * limits.notebook_seconds
        # Code that computes without end now computes for so many times as long, before others are asked.
        attempts.cpu_seconds += (BUSY_PATIENCE - 1) * limits.cpu_seconds
        return True
    return False


def _limits_of(limits: Limits, attempts: _Attempts) -> Limits:
    """The limits of this attempt."""
    return replace(
        limits,
        cpu_seconds=attempts.cpu_seconds,
        cell_seconds=attempts.patience * limits.cell_seconds,
        question_seconds=attempts.patience * limits.question_seconds,
    )


def _judge(
    grade_id: str,
    assignment: AssignmentNotebook,
    session: Session,
    attempts: _Attempts,
    waiting: dict[str, Report],
) -> None:
    if grade_id in attempts.run.reports:
        return
    report, ended = judge(assignment.tasks[grade_id], session, attempts.seed, attempts.student)
    if ended is None and _no_answer_yet(report):
        waiting[grade_id] = report
    else:
        _keep(report, grade_id, ended, attempts)


def _judge_again(nothing: Report, grade_id: str, session: Session, attempts: _Attempts) -> None:
    """Ask a task once more after the last cell, if there is an answer now; else `nothing` stays its report.

    Who pretended to have no answer yet has seen the first questions: these are others.
    """
    task, student, seed = nothing.task, attempts.student, attempts.seed
    try:
        if nothing.verdict is not Verdict.RAISED and not is_there(task, session, student):
            _keep(nothing, grade_id, None, attempts)
            return
    except SubmissionEnded as error:
        _keep(unanswered(task, seed, student, error.reason, error.detail), grade_id, error, attempts)
    report, ended = judge(task, session, seed + 1, student)
    _keep(report, grade_id, ended, attempts)


def _keep(report: Report, grade_id: str, ended: SubmissionEnded | None, attempts: _Attempts) -> None:
    """Keep a judgement; SubmissionEnded if the submission `ended` over it."""
    attempts.run.reports[grade_id] = report
    if report.verdict is Verdict.MEMORY:
        attempts.run.trouble(Status.MEMORY, f"{report.task.name} wants more memory than it may have")
    if ended:
        raise ended


def _no_answer_yet(report: Report) -> bool:
    """Whether what the answer needs may stand further down: its function, or a name that it uses."""
    if report.verdict is Verdict.RAISED and report.first_failure is not None:
        outcome = report.first_failure.outcome
        return isinstance(outcome, Raised) and outcome.kind == "NameError"
    return report.verdict in (Verdict.NOT_DEFINED, Verdict.NOT_ATTEMPTED)


def _put_files(session: Session, attempts: _Attempts) -> None:
    """Send what was handed in beside the notebook, before its first cell."""
    for file in attempts.files:
        try:
            # a link that took the file's place since it was listed is not followed
            with open(
                file.path, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW)
            ) as content:
                refused = session.put_file(file.parts, content)
        except SubmissionEnded as error:  # none of the student's code has run: the fault is ours
            raise SandboxError(f"the files beside the notebook could not be handed over: {error}") from error
        if refused:
            attempts.run.note(f"`{shown('/'.join(file.parts))}` was left out: {refused}.")


def _to_run_again(notebook: Any, attempts: _Attempts) -> list[int]:
    """Cells that missed a name, which a cell further down may define: students run cells in any order."""
    return [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and index not in attempts.skipped and _misses_a_name(cell)
    ]


def _misses_a_name(cell: Any) -> bool:
    return any(
        out["output_type"] == "error" and out["ename"] == "NameError" for out in cell.get("outputs", [])
    )


def _run_again(cell: Any, session: Session, attempts: _Attempts) -> None:
    _run_cell(cell, session, attempts)
    if not _misses_a_name(cell):
        first_line = shown(cell.source.strip().split("\n", 1)[0])
        attempts.run.note(
            f"The cell that begins with `{first_line}` needs a name that is defined further down: it was run "
            "once more after the last cell. Restart the kernel and run all cells before you hand in."
        )


def _say_why_not_defined(notebook: Any, assignment: AssignmentNotebook, attempts: _Attempts) -> None:
    """Where a function is not there, tell the student what stands in its place, as far as it can be seen."""
    names = [task.name for task in assignment.tasks.values()]
    for grade_id, task in assignment.tasks.items():
        if attempts.run.reports[grade_id].verdict is Verdict.NOT_DEFINED:
            why = why_not_defined(task.name, notebook.cells, names)
            attempts.run.reports[grade_id] = unanswered(
                task, attempts.seed, attempts.student, "not-defined", why
            )


def _run_cell(cell: Any, session: Session, attempts: _Attempts) -> None:
    room = OUTPUT_CELLS * session.limits.output_bytes - attempts.output_bytes
    # where no room is left, whatever the cell shows is left out
    done = session.run_cell(cell.source, attempts.figures and room > 0)
    done.outputs = [_shortened(output) for output in done.outputs]
    size = len(json.dumps(done.outputs))
    attempts.output_bytes += size
    attempts.outputs += len(done.outputs)
    fits = size <= room and attempts.outputs <= OUTPUT_CELLS * MAX_OUTPUTS
    cell.outputs = [nodes.output(output) for output in (done.outputs if fits else [NO_ROOM])]
    if done.memory_ran_out:
        attempts.run.trouble(Status.MEMORY, "a cell wants more memory than it may have")


def _shortened(output: dict[str, Any]) -> dict[str, Any]:
    """A print as long as a reader can want it; nobody reads ten million characters of feedback."""
    text = output.get("text")
    if not isinstance(text, str):
        return output
    kept = "".join(text[:MOST_CHARACTERS].splitlines(keepends=True)[:MOST_LINES])
    return output if kept == text else output | {"text": kept.rstrip("\n") + LEFT_OUT}


def _note(culprit: int | str, ended: SubmissionEnded, how: str, limits: Limits, attempts: _Attempts) -> None:
    """Remember which cell ended the submission, in words for the instructor and the student."""
    if how in ENDED_BY_THE_WATCHDOG:  # the closed wire is only the consequence
        detail = {
            "memory": "used too much memory",
            "processes": f"used more than {limits.processes} processes",
            "cpu": f"used more than {limits.cpu_seconds:g} s of processor time",
        }[how]
        ended = SubmissionEnded(ENDED_BY_THE_WATCHDOG[how], detail)
    elif ended.reason == "crashed" and how.startswith(("exit", "signal")):
        ended = SubmissionEnded("crashed", f"{ended.detail} ({how})")
    where = f"cell {culprit + 1}" if isinstance(culprit, int) else culprit.removesuffix("-check")
    attempts.run.trouble(STATUS_OF[ended.reason], f"{where}: {ended.detail}")
    if isinstance(culprit, int):
        attempts.skipped[culprit] = ended


def _stopped(ended: SubmissionEnded) -> Any:
    rest = (
        "No cell after it was run."
        if ended.detail == NOTEBOOK_TOO_LONG
        else "The other cells were run without it."
    )
    text = f"This cell was stopped ({ended.reason}): {ended.detail}. {rest}"
    return nodes.failure("Stopped", text)


def _show_reports(notebook: Any, run: Run) -> None:
    """Put each judgement under its graded cell, in the form that nbgrader reads points from."""
    for cell in notebook.cells:
        report = run.reports.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if report is not None:
            data = {"text/plain": f"{report.score:g}", "text/html": report.to_html()}
            cell.outputs = [nodes.shown_value(data)]
