"""TRUSTED: grades one notebook of one student, in a worker process. Never raises: a fault is a status."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import compute_checksum

from autograder.assignment import AssignmentNotebook, basis, load_assignment
from autograder.course import Course, require_student_id
from autograder.jails import lent_jail
from autograder.judge import unanswered
from autograder.limits import Limits
from autograder.notices import add_notes, not_graded
from autograder.result import Result, Status, TaskResult, task_result
from autograder.run import Run, run_notebook
from autograder.sandbox.trusted.jail import Jail
from autograder.submission import (
    InvalidSubmission,
    NothingHandedIn,
    Repaired,
    choose,
    digest_of_folder,
    extra_files,
    look_into,
    make_code_short,
    nothing_there,
    repair,
)
from coursekit.checks.examine import NO_ANSWER
from coursekit.checks.report import Verdict
from coursekit.errors import CourseError

READINGS = 64  # of an assignment, that a worker keeps: a watch may have that many assignments


def new_run() -> str:
    """A name for what a worker reads once: of a class run, or of a watch's reading of an assignment."""
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Job:
    """One notebook to grade: plain data, so that it travels to a worker. `seed` gives its questions.

    A worker reads the course and the assignment once for all jobs of a `run`: whoever makes several gives
    them one, by `new_run`. A job without one is a run by itself.
    """

    root: Path
    student: str
    stem: str
    notebook: str
    seed: int
    limits: Limits = field(default_factory=Limits)
    basis: str = ""  # what the result will rest on, as `assignment.basis` says
    sandboxed: bool = True  # False only where the instructor has accepted what that means
    figures: bool = True  # False: a line of text stands where a figure would
    run: str = field(default_factory=new_run)


class OtherVersion(Exception):
    """What this worker would grade by is not what the grader that sent the job has."""


@lru_cache(maxsize=READINGS)
def course_of(root: Path, run: str) -> Course:
    """The course, read once per worker and run."""
    return Course(root)


@lru_cache(maxsize=READINGS)
def assignment_of(root: Path, stem: str, run: str) -> dict[str, AssignmentNotebook]:
    """The assignment, read once per worker and run: a cluster's worker serves many runs."""
    return load_assignment(course_of(root, run), stem)


@lru_cache(maxsize=READINGS)
def _own_basis(root: Path, stem: str, notebook: str, run: str, limits: Limits) -> str:
    """What a result of this worker rests on; "" if it does not have the notebook at all."""
    found = assignment_of(root, stem, run).get(notebook)
    return basis(found, limits) if found else ""


def require_same_version(job: Job) -> None:
    """OtherVersion unless this worker's assignment and code are those of the grader that made `job`."""
    own = _own_basis(job.root, job.stem, job.notebook, job.run, job.limits)
    if job.basis and own != job.basis:
        raise OtherVersion(
            f"this worker has another version of {job.stem} or of the grader's code, so it graded nothing: "
            "it was changed meanwhile, or the worker's machine has an old copy. Run the same command again; "
            "on a cluster first give all machines the same, and start the workers again"
        )


def grade_one(job: Job) -> Result:
    """Grade `job`. Whatever goes wrong on our side becomes the status grader-error, with the reason."""
    started = time.monotonic()
    try:
        result = _grade(job)
    except Exception as error:  # noqa: BLE001 - a class run never stops for one submission
        result = grader_error(job, error)
    seconds = round(time.monotonic() - started, 3)
    result = replace(result, basis=job.basis, sandboxed=job.sandboxed, figures=job.figures)
    return replace(result, seconds=seconds)


def _grade(job: Job) -> Result:
    require_student_id(job.student)
    with lent_jail(job.root, job.limits, job.sandboxed) as jail:
        jail.begin()  # the first time: a fork server loads what it needs while the assignment is read
        return _graded(job, jail)


def _graded(job: Job, jail: Jail) -> Result:
    require_same_version(job)
    names = assignment_of(job.root, job.stem, job.run)
    assignment, course = names[job.notebook], course_of(job.root, job.run)
    folder = course.folder("submitted", job.stem, job.student)
    digest = submission_digest(course, job)
    try:
        handed_in = look_into(folder)
        path, submitted = choose(handed_in, assignment, int(job.limits.notebook_bytes), names)
        repaired = repair(submitted.cells, assignment, submitted.notes)
    except NothingHandedIn as error:
        return _nothing(job, assignment, Status.MISSING, str(error), digest)
    except InvalidSubmission as error:
        return _nothing(job, assignment, Status.INVALID, str(error), digest)
    release = course.folder("release", job.stem)
    files, left_out = extra_files(handed_in, path, release, job.limits)
    run = run_notebook(repaired.notebook, assignment, jail, job.seed, job.student, files, job.figures)
    repaired.notes += [*left_out, *run.notes]
    return _result(job, assignment, repaired, run, digest)


def submission_digest(course: Course, job: Job) -> str:
    """SHA-256 of all that the student handed in; "" if there is nothing that could be read."""
    return digest_of_folder(course.folder("submitted", job.stem, job.student), int(job.limits.notebook_bytes))


def missing(course: Course, job: Job, notebooks: Mapping[str, AssignmentNotebook]) -> Result | None:
    """The result of who handed nothing in, told by the names of files alone; None if a worker has to look."""
    try:
        require_student_id(job.student)
        handed_in = look_into(course.folder("submitted", job.stem, job.student))
        why = nothing_there(handed_in, notebooks[job.notebook], notebooks)
        digest = submission_digest(course, job) if why else ""
    except (CourseError, InvalidSubmission, OSError):  # the worker says what is wrong
        return None
    if not why:
        return None
    result = _nothing(job, notebooks[job.notebook], Status.MISSING, why, digest)
    return replace(result, basis=job.basis, sandboxed=job.sandboxed, figures=job.figures)


def _result(job: Job, assignment: AssignmentNotebook, repaired: Repaired, run: Run, digest: str) -> Result:
    tasks = tuple(task_result(grade_id, run.reports[grade_id]) for grade_id in assignment.tasks)
    make_code_short(repaired.notebook, assignment.release)
    add_notes(repaired.notebook, repaired.notes)
    return Result(
        student=job.student,
        assignment=job.stem,
        notebook=job.notebook,
        status=run.status,
        score=sum(task.score for task in tasks),
        max_score=assignment.max_score,
        seconds=0.0,
        tasks=tasks,
        message=_message(run, tasks),
        notes=tuple(repaired.notes),
        no_response=_left_as_released(repaired.notebook),
        submitted_digest=digest,
        graded_notebook=_as_file(repaired.notebook),
    )


def _message(run: Run, tasks: tuple[TaskResult, ...]) -> str:
    """One line for the instructor: how the run ended, else the tasks that lost points, and why."""
    lost = [f"{task.id}: {_reason(task)}" for task in tasks if task.verdict != Verdict.CORRECT]
    return run.message or "; ".join(lost)


def _reason(task: TaskResult) -> str:
    """The misconception, what kept the function from being defined, or the headline."""
    if task.misconception:
        return task.misconception.replace("_", " ")
    if task.verdict == Verdict.NOT_DEFINED:
        why = task.headline.removeprefix(NO_ANSWER["not-defined"]).strip()
        return f"not defined. {why}".rstrip()
    return "not attempted" if task.verdict == Verdict.NOT_ATTEMPTED else task.headline


def _left_as_released(notebook: Any) -> tuple[str, ...]:
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    unchanged = [cell for cell in cells if cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)]
    return tuple(cell.metadata.nbgrader["grade_id"] for cell in unchanged)


def _nothing(job: Job, assignment: AssignmentNotebook, status: Status, why: str, digest: str) -> Result:
    """No points, and a notebook that tells the student why if there is a student's to answer."""
    notebook = None if status is Status.MISSING else _as_file(not_graded(assignment, why))
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
        graded_notebook=notebook,
    )


def _as_file(notebook: Any) -> bytes:
    """The notebook as it is written to disk: encoded here, so that the one process that writes need not."""
    return str(nbformat.writes(notebook)).encode("utf-8", "backslashreplace")


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
