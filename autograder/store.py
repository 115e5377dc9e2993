"""TRUSTED: writes results so that whatever ends the grader, a result is there whole or graded again.

For each notebook, in this order: its old record goes; the graded notebook is written; the gradebook takes all
scores in one transaction; the new record is written. So a record means that all of it is there.
A database that is away is tried again while grading goes on; what waits for it has its notebook on disk.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.assignment import AssignmentNotebook
from autograder.course import Course
from autograder.database import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, explain, passes_by_itself
from autograder.files import StorageError, remove_file, write_whole
from autograder.grade_one import Job, submission_digest
from autograder.gradebook import GradebookWriter
from autograder.late import submission_time
from autograder.receipt import keep_receipts
from autograder.result import Result, Status, from_record
from autograder.submission import InvalidSubmission, look_into, nothing_there

PATIENCE_SECONDS = 120.0  # how long a result waits for the gradebook


@dataclass
class Waiting:
    """A result whose notebook is on disk and whose scores are not in the gradebook yet."""

    result: Result
    since: float  # of time.monotonic
    kept: bool  # from an earlier run: it is on record


@dataclass
class Store:
    """The one place that writes results of an assignment. Each result that goes in comes out once.

    It comes out as it went in when it is written, or as a grader-error if that failed.
    """

    course: Course
    assignment: Mapping[str, AssignmentNotebook]
    writer: GradebookWriter
    patience: float = PATIENCE_SECONDS
    _waiting: deque[Waiting] = field(default_factory=deque)
    _pause: float = 0.0
    _next_try: float = 0.0

    def put(self, result: Result) -> Iterator[Result]:
        """Write a new result; yield what is written now, of this and of earlier ones."""
        for_gradebook = result.graded_notebook is not None or self._costs_points(result)
        if not for_gradebook and result == _on_record(self.course, result):
            yield result  # nothing was handed in, and nothing was the last time
            return
        try:
            remove_file(record_path(self.course, result))
            if result.graded_notebook is not None:
                path = notebook_path(self.course, result)
                write_whole(path, result.graded_notebook)
                submitted = self.course.folder("submitted", result.assignment, result.student)
                keep_receipts(submitted, path.parent)
            elif for_gradebook:  # it was handed in before, and taken away: its page would show it still
                remove_file(notebook_path(self.course, result))
        except StorageError as error:
            yield self._failed(result, str(error))
            return
        result = result.slim()  # its notebook is on disk: a class must not pile up here
        if for_gradebook:
            yield from self._queue(result, kept=False)
        else:
            yield self._recorded(result)

    def keep(self, result: Result) -> Iterator[Result]:
        """Bring the gradebook to what an earlier run found; yield as `put` does."""
        yield from self._queue(result, kept=True)

    def _costs_points(self, result: Result) -> bool:
        """True for a notebook that is missing where another one of the assignment was handed in."""
        if result.status is not Status.MISSING:
            return False
        folder = self.course.folder("submitted", result.assignment, result.student)
        others = [book for name, book in self.assignment.items() if name != result.notebook]
        return any(self._is_there(folder, book) for book in others)

    def _is_there(self, folder: Path, notebook: AssignmentNotebook) -> bool:
        """True if something is there, though perhaps it cannot be graded; told by names alone."""
        try:
            return not nothing_there(look_into(folder), notebook, self.assignment)
        except (InvalidSubmission, OSError):
            return True

    def finish(self) -> Iterator[Result]:
        """Wait for the gradebook until each result that is left was written or has waited too long."""
        while self._waiting:
            time.sleep(max(0.0, self._next_try - time.monotonic()))
            yield from self._try_gradebook()

    def _queue(self, result: Result, kept: bool) -> Iterator[Result]:
        self._waiting.append(Waiting(result, time.monotonic(), kept))
        yield from self._try_gradebook()

    def _try_gradebook(self) -> Iterator[Result]:
        while self._waiting and time.monotonic() >= self._next_try:
            first = self._waiting[0]
            try:
                written = self._in_gradebook(first)
            except Exception as error:  # noqa: BLE001 - one student's result must not stop the class
                if passes_by_itself(error):
                    yield from self._pause_after(error)
                    return
                self._waiting.popleft()
                yield self._failed(first.result, explain(self.course, error), kept=first.kept)
            else:
                self._pause = 0.0
                self._waiting.popleft()
                yield written if first.kept and written == first.result else self._recorded(written)

    def _in_gradebook(self, waiting: Waiting) -> Result:
        result = waiting.result
        handed_in = submission_time(self.course.folder("submitted", result.assignment, result.student))
        return self.writer.write(result, self.assignment[result.notebook], handed_in, kept=waiting.kept)

    def _pause_after(self, error: Exception) -> Iterator[Result]:
        """Put the next try off; what has waited too long is a grader-error."""
        now = time.monotonic()
        while self._waiting and now - self._waiting[0].since >= self.patience:
            why = f"{explain(self.course, error)} (tried for {self.patience:g} s)"
            waiting = self._waiting.popleft()
            yield self._failed(waiting.result, why, kept=waiting.kept)
        self._pause = min(2 * self._pause or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        patience_left = self._waiting[0].since + self.patience - now if self._waiting else 0.0
        self._next_try = now + min(self._pause, max(patience_left, 0.0))

    def _recorded(self, result: Result) -> Result:
        try:
            write_whole(record_path(self.course, result), result.to_record())
        except StorageError as error:
            return self._failed(result, str(error))
        return result

    def _failed(self, result: Result, why: str, kept: bool = False) -> Result:
        """Our own fault: on record if that can be written, and graded again by the next run in any case.

        What was `kept` stays on record as it is: the next run brings it to the gradebook, and grades nothing.
        """
        failed = replace(result, status=Status.GRADER_ERROR, message=why, graded_notebook=None)
        if not kept:
            with contextlib.suppress(StorageError):  # the same disk: without a record it is graded again too
                write_whole(record_path(self.course, failed), failed.to_record())
        return failed


def notebook_path(course: Course, result: Result) -> Path:
    """Where the graded notebook is."""
    return course.folder("autograded", result.assignment, result.student) / f"{result.notebook}.ipynb"


def record_path(course: Course, result: Result) -> Path:
    """Where the result is on record."""
    folder = course.reports(result.assignment) / "results"
    return folder / result.student / f"{result.notebook}.json"


def kept_result(course: Course, job: Job) -> Result | None:
    """The result of an earlier run, if it still holds: same file, same basis, all there, not our fault."""
    none_yet = Result(job.student, job.stem, job.notebook, Status.GRADER_ERROR, 0.0, 0.0, 0.0)
    result = _on_record(course, none_yet)
    try:
        digest = submission_digest(course, job) if result else ""
    except OSError:  # the worker will say what is wrong with the file
        return None
    if result is None or result.status in (Status.GRADER_ERROR, Status.MISSING) or result.basis != job.basis:
        return None
    if job.sandboxed and not result.sandboxed:  # it rests on nothing that a sandbox has kept apart
        return None
    if job.figures and not result.figures:  # somebody wants to see them now
        return None
    return (
        result if result.submitted_digest == digest and _is_notebook(notebook_path(course, result)) else None
    )


def _on_record(course: Course, which: Result) -> Result | None:
    """What is on record for the notebook of `which`; None if nothing is, or nothing that can be read."""
    try:
        return from_record(record_path(course, which).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_notebook(path: Path) -> bool:
    """True if the file is there and whole: someone may have removed it, or lost a disk."""
    try:
        notebook = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)


def stored_results(course: Course, stem: str) -> Iterator[Result]:
    """Each result of `stem` that is on record, by student; a damaged record is a grader-error."""
    paths = sorted((course.reports(stem) / "results").glob("*/*.json"))
    yield from (_read_record(stem, path) for path in paths if not path.name.startswith("."))


def _read_record(stem: str, path: Path) -> Result:
    empty = Result(path.parent.name, stem, path.stem, Status.GRADER_ERROR, 0.0, 0.0, 0.0)
    try:
        return from_record(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return replace(empty, message=f"The record is damaged ({error}); run: autograder grade {stem}")
