"""TRUSTED: grades a class. Workers run submissions; this process alone writes files and the gradebook."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import secrets
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from autograder.assignment import AssignmentNotebook, load_assignment
from autograder.course import Course, UsageError
from autograder.grade_one import Job, file_digest, grade_one, grader_error
from autograder.gradebook import GradebookWriter, submission_time
from autograder.limits import Limits
from autograder.release import save_source_cells
from autograder.result import Result, Status, from_record

PR_SET_PDEATHSIG = 1


def grade_all(jobs: Iterable[Job], pool: Executor) -> Iterator[Result]:
    """Yield one Result per job, whichever finishes first.

    A failed job gives GRADER_ERROR, never an exception or a zero.
    """
    pending: dict[Future[Result], Job] = {}
    for job in jobs:
        try:
            pending[pool.submit(grade_one, job)] = job
        except BrokenExecutor as error:
            yield grader_error(job, error)
    for future in as_completed(list(pending)):
        job = pending.pop(future)  # a result holds a notebook: a class of them must not pile up
        failure = future.exception()
        yield future.result() if failure is None else grader_error(job, failure)


def local_pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes on this machine; each has its own fork server and jail."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_belong_to_the_grader)


def _belong_to_the_grader() -> None:
    """In a worker: end when the grader is killed, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def grade_class(
    course: Course,
    stem: str,
    *,
    students: Iterable[str] | None = None,
    workers: int = 0,
    force: bool = False,
    limits: Limits | None = None,
    on_result: Callable[[Result, int, int], None] = lambda result, done, total: None,
) -> list[Result]:
    """Grade `stem` for `students` (all, if None) and write gradebook, notebooks and results.

    What was graded before and has not changed since is not run again, unless `force`.
    `workers` is the number of processes, 0 for one per core. `on_result` is told of every result.
    Returns the results by student. Raises UsageError for a stem or student that does not exist.
    """
    assignment = load_assignment(course, stem)
    with GradebookWriter(course) as writer:
        if not writer.knows(stem, assignment):
            save_source_cells(course, stem)
        chosen = _students(course, stem, writer, students)
        seed, bounds = secrets.randbits(64), limits or Limits()
        jobs = [Job(course.root, s, stem, name, seed, bounds) for s in chosen for name in assignment]
        kept = {job: result for job in jobs if not force and (result := kept_result(course, job))}
        results = list(kept.values())
        for result in results:
            on_result(result, len(results), len(jobs))
        todo = [job for job in jobs if job not in kept]
        for result in _with_retries(todo, workers or os.cpu_count() or 1):
            written = _store(course, result, assignment[result.notebook], writer)
            results.append(written)
            on_result(written, len(results), len(jobs))
    return sorted(results, key=lambda result: (result.student, result.notebook))


def _students(course: Course, stem: str, writer: GradebookWriter, wanted: Iterable[str] | None) -> list[str]:
    known = sorted({*course.students_with_a_submission(stem), *writer.students()})
    if wanted is None:
        return known
    chosen = list(wanted)
    for student in chosen:
        if student not in known:
            raise UsageError(f"--student must have a submission or be in the gradebook; got {student!r}")
    return chosen


def _with_retries(jobs: list[Job], workers: int) -> Iterator[Result]:
    """Grade in a pool; what a dead worker took with it is graded again, each by itself in a fresh pool."""
    lost: list[Job] = []
    by_name = {(job.student, job.notebook): job for job in jobs}
    if jobs:
        with local_pool(min(workers, len(jobs))) as pool:
            try:
                for result in grade_all(jobs, pool):
                    if result.status is Status.GRADER_ERROR:
                        lost.append(by_name[result.student, result.notebook])
                    else:
                        yield result
            except BaseException:  # Ctrl-C, or a fault: what waits is left for the next run
                pool.shutdown(cancel_futures=True)
                raise
    for job in lost:
        with local_pool(1) as pool:
            yield from grade_all([job], pool)


def _store(course: Course, result: Result, assignment: AssignmentNotebook, writer: GradebookWriter) -> Result:
    """Write one result: notebook, gradebook, record, in this order, so that a record means all is there."""
    folder = course.folder("submitted", result.assignment, result.student)
    try:
        if result.graded_notebook is not None:
            target = (
                course.folder("autograded", result.assignment, result.student) / f"{result.notebook}.ipynb"
            )
            write_whole(target, result.graded_notebook)
            writer.write(result, assignment, submission_time(folder))
        write_whole(
            _record_path(course, result.assignment, result.student, result.notebook), result.to_record()
        )
    except Exception as error:  # noqa: BLE001 - one student's files must not stop the class
        return replace(result, status=Status.GRADER_ERROR, message=f"{type(error).__name__}: {error}")
    return replace(result, graded_notebook=None)  # it is on disk now


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _record_path(course: Course, stem: str, student: str, notebook: str) -> Path:
    return course.reports(stem) / "results" / student / f"{notebook}.json"


def kept_result(course: Course, job: Job) -> Result | None:
    """The result of an earlier run, if it still holds: same file, and not our own fault."""
    path = _record_path(course, job.stem, job.student, job.notebook)
    try:
        result = from_record(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none, or an unreadable one: grade again
    submitted = course.folder("submitted", job.stem, job.student) / f"{job.notebook}.ipynb"
    if result.status in (Status.GRADER_ERROR, Status.MISSING):
        return None
    try:
        return result if result.submitted_digest == file_digest(submitted, job.limits) else None
    except OSError:
        return None  # the worker will say what is wrong with the file


def stored_results(course: Course, stem: str) -> list[Result]:
    """Every result of `stem` that is on record, by student."""
    paths = sorted((course.reports(stem) / "results").glob("*/*.json"))
    return [from_record(path.read_text(encoding="utf-8")) for path in paths]
