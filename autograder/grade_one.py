"""TRUSTED: grades one notebook of one student, in a worker process. Never raises: a fault is a status."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import compute_checksum

from autograder.assignment import AssignmentNotebook, load_assignment
from autograder.course import Course
from autograder.execute import shared_jail
from autograder.judge import unanswered
from autograder.limits import Limits
from autograder.result import Result, Status, TaskResult, task_result
from autograder.run import Run, run_notebook
from autograder.submission import InvalidSubmission, Repaired, read_submission, repair
from coursekit.checks.report import Verdict


@dataclass(frozen=True)
class Job:
    """One notebook to grade: plain data, so that it travels to a worker. `seed` gives its questions."""

    root: Path
    student: str
    stem: str
    notebook: str
    seed: int
    limits: Limits = field(default_factory=Limits)


@lru_cache(maxsize=8)
def _course(root: Path) -> Course:
    """Read once per worker: the configuration does not change while a class is graded."""
    return Course(root)


@lru_cache(maxsize=8)
def _assignment(root: Path, stem: str) -> dict[str, AssignmentNotebook]:
    """Read once per worker, as the configuration."""
    return load_assignment(_course(root), stem)


def grade_one(job: Job) -> Result:
    """Grade `job`. Whatever goes wrong on our side becomes the status grader-error, with the reason."""
    started = time.monotonic()
    try:
        result = _grade(job)
    except Exception as error:  # noqa: BLE001 - a class run never stops for one submission
        result = grader_error(job, error)
    return replace(result, seconds=round(time.monotonic() - started, 3))


def _grade(job: Job) -> Result:
    assignment = _assignment(job.root, job.stem)[job.notebook]
    path = _course(job.root).folder("submitted", job.stem, job.student) / f"{job.notebook}.ipynb"
    if not path.exists() and not path.is_symlink():
        return _nothing(job, assignment, Status.MISSING, _what_is_there(path), "")
    digest = ""
    try:
        digest = file_digest(path, job.limits)
        repaired = repair(read_submission(path, job.limits.notebook_bytes), assignment)
    except InvalidSubmission as error:
        return _nothing(job, assignment, Status.INVALID, str(error), digest)
    except OSError as error:
        return _nothing(job, assignment, Status.INVALID, f"The file cannot be read: {error.strerror}.", "")
    jail = shared_jail(job.root, job.limits)
    run = run_notebook(repaired.notebook, assignment, jail, job.seed, job.student)
    return _result(job, assignment, repaired, run, digest)


def _what_is_there(path: Path) -> str:
    """Why nothing can be graded: no notebook at all, or one of another name."""
    others = sorted(other.name for other in path.parent.glob("*.ipynb"))
    if not others:
        return "Nothing was handed in."
    return f"There is no {path.name}; the folder holds {', '.join(others[:3])}. Rename it to grade it."


def file_digest(path: Path, limits: Limits) -> str:
    """SHA-256 of a submitted file; "" if it is not a regular file or too large to read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > limits.notebook_bytes:
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _result(job: Job, assignment: AssignmentNotebook, repaired: Repaired, run: Run, digest: str) -> Result:
    tasks = tuple(task_result(grade_id, run.reports[grade_id]) for grade_id in assignment.tasks)
    if repaired.notes:
        repaired.notebook.cells.insert(0, _notice("Put right before grading", repaired.notes))
    return Result(
        student=job.student,
        assignment=job.stem,
        notebook=job.notebook,
        status=run.status,
        score=sum(task.score for task in tasks),
        max_score=assignment.max_score,
        seconds=0.0,
        tasks=tasks,
        message=_message(run, tasks, repaired.notebook),
        notes=tuple(repaired.notes),
        no_response=_left_as_released(repaired.notebook),
        submitted_digest=digest,
        graded_notebook=nbformat.writes(repaired.notebook),
    )


def _message(run: Run, tasks: tuple[TaskResult, ...], notebook: Any) -> str:
    """One line for the instructor: how the run ended, else the tasks that lost points, and why."""
    lost = [f"{task.id}: {_reason(task, notebook)}" for task in tasks if task.verdict != Verdict.CORRECT]
    return run.message or "; ".join(lost)


def _reason(task: TaskResult, notebook: Any) -> str:
    """The misconception, the exception that kept the function from being defined, or the headline."""
    if task.misconception:
        return task.misconception.replace("_", " ")
    if task.verdict == Verdict.NOT_DEFINED:
        answers = [cell for cell in notebook.cells if task.id in cell.source and cell.cell_type == "code"]
        errors = [out.ename for cell in answers for out in cell.outputs if out.output_type == "error"]
        return f"not defined ({errors[0]})" if errors else "not defined"
    return "not attempted" if task.verdict == Verdict.NOT_ATTEMPTED else task.headline


def _left_as_released(notebook: Any) -> tuple[str, ...]:
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    unchanged = [cell for cell in cells if cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)]
    return tuple(cell.metadata.nbgrader["grade_id"] for cell in unchanged)


def _notice(title: str, lines: list[str] | tuple[str, ...]) -> Any:
    text = f"**{title}**\n\n" + "\n".join(f"- {line}" for line in lines)
    return nbformat.v4.new_markdown_cell(text, id="grader-notice")


def _nothing(job: Job, assignment: AssignmentNotebook, status: Status, why: str, digest: str) -> Result:
    """No points, and a notebook that tells the student why."""
    notebook = nbformat.from_dict(assignment.release)
    notebook.cells.insert(0, _notice("This submission could not be graded", [why]))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in assignment.tasks:
            cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "0"})]
    return Result(
        student=job.student,
        assignment=job.stem,
        notebook=job.notebook,
        status=status,
        score=0.0,
        max_score=assignment.max_score,
        seconds=0.0,
        tasks=tuple(_no_points(assignment, job)),
        message=why,
        submitted_digest=digest,
        graded_notebook=None if status is Status.MISSING else nbformat.writes(notebook),
    )


def _no_points(assignment: AssignmentNotebook, job: Job) -> list[TaskResult]:
    tasks = assignment.tasks.items()
    return [
        task_result(grade_id, unanswered(task, job.seed, job.student, "not-defined", ""))
        for grade_id, task in tasks
    ]


def grader_error(job: Job, error: BaseException) -> Result:
    """Our own fault. It is no zero: nothing is written to the gradebook, and the next run grades it again."""
    why = f"{type(error).__name__}: {error}"
    return Result(job.student, job.stem, job.notebook, Status.GRADER_ERROR, 0.0, 0.0, 0.0, message=why)
