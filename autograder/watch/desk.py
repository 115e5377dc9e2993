"""TRUSTED: one assignment under the watch: its lock while it is graded, its gradebook, its results.

The lock is that of `autograder grade`. It is held for a burst of arrivals and then let go, also in the middle
of an endless one, so that another grader gets its turn.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from autograder.assignment import AssignmentNotebook, basis, load_assignment
from autograder.course import Course
from autograder.database import explain, require_gradebook
from autograder.files import require_writable
from autograder.grade import release_if_needed
from autograder.grade_one import Job, new_run
from autograder.gradebook import GradebookWriter
from autograder.limits import Limits
from autograder.lock import AlreadyGrading, only_grader
from autograder.result import Result
from autograder.store import Store, kept_result
from coursekit.errors import CourseError

BURST_SECONDS = 10.0  # after which the lock is let go, whatever still waits
TURN_SECONDS = 0.5  # for another grader to take it
PATIENCE_SECONDS = 5.0  # with a gradebook that is away, for each result; then it is graded again later
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0  # between two tries to begin


class Session:
    """The one session with the gradebook. A gradebook in a file that was replaced is opened again."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._writer: GradebookWriter | None = None
        self._file: tuple[int, int] | None = None

    def writer(self) -> GradebookWriter:
        """The writer of the gradebook that is there now."""
        if self._writer is None or self._file != self._which():
            self.close()
            self._writer = GradebookWriter(self._course)
            self._file = self._which()
        return self._writer

    def _which(self) -> tuple[int, int] | None:
        url = make_url(self._course.gradebook_url)
        if not url.drivername.startswith("sqlite") or not url.database:
            return None
        with contextlib.suppress(OSError):
            status = Path(url.database).stat()
            return status.st_dev, status.st_ino
        return (0, 0)

    def close(self) -> None:
        """End the session."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Desk:
    """The assignment `stem`; `say` is told what is waited for."""

    def __init__(
        self, course: Course, stem: str, limits: Limits, session: Session, say: Callable[[str], None]
    ) -> None:
        self.course, self.stem, self.limits = course, stem, limits
        self._session, self._say, self._said = session, say, ""
        self._lock = contextlib.ExitStack()
        self._store: Store | None = None
        self._since = self._not_before = self._pause = 0.0
        self.run = ""  # the latest reading, as in `Job`
        self._signature: list[tuple[str, int, int]] | None = None
        self.notebooks: dict[str, AssignmentNotebook] = {}
        self.bases: dict[str, str] = {}
        self.read()

    def read(self) -> bool:
        """Read the assignment if it has changed; whether it has. UsageError if it cannot be used."""
        paths = sorted(self.course.folder("source", self.stem).glob("*.ipynb"))
        stats = [(path.name, path.stat()) for path in paths]
        signature = [(name, status.st_mtime_ns, status.st_size) for name, status in stats]
        if signature == self._signature:
            return False
        self.notebooks = load_assignment(self.course, self.stem)
        self.bases = {name: basis(notebook, self.limits) for name, notebook in self.notebooks.items()}
        self._signature = signature
        self.run = new_run()
        return True

    @property
    def is_open(self) -> bool:
        """Whether this watch is the grader of the assignment at present."""
        return self._store is not None

    @property
    def is_due_to_close(self) -> bool:
        """Whether the burst has lasted so long that no more of it is begun."""
        return self.is_open and time.monotonic() - self._since > BURST_SECONDS

    def open(self) -> bool:
        """Become the grader of the assignment; False if that is not possible yet; the reason is said once."""
        if self.is_open:
            return not self.is_due_to_close
        if time.monotonic() < self._not_before:
            return False
        try:
            self._lock.enter_context(only_grader(self.course, self.stem))
            self._store = self._prepared()
        except SQLAlchemyError as error:
            return self._cannot(explain(self.course, error))
        except (CourseError, OSError) as error:
            reason = str(error).split(". Wait until")[0] if isinstance(error, AlreadyGrading) else str(error)
            return self._cannot(reason)
        self._since, self._pause, self._said = time.monotonic(), 0.0, ""
        return True

    def _prepared(self) -> Store:
        for step in ("autograded", "release", "feedback"):
            require_writable(self.course.folder(step, self.stem, "any-student"))
        require_gradebook(self.course, patience=0.0)
        self.read()
        writer = self._session.writer()
        release_if_needed(self.course, self.stem, self.notebooks, writer)
        return Store(self.course, self.notebooks, writer, PATIENCE_SECONDS)

    def _cannot(self, reason: str) -> bool:
        self._lock.close()
        if reason != self._said:
            self._say(f"{reason}; {self.stem} waits")
            self._said = reason
        self._pause = min(2 * self._pause or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._not_before = time.monotonic() + self._pause
        return False

    def put(self, result: Result, kept: bool) -> Result:
        """Write a result, and return it as it came out: written, or a grader-error."""
        if self._store is None:
            raise RuntimeError(f"{self.stem} is written only while its lock is held")
        written = [*(self._store.keep(result) if kept else self._store.put(result)), *self._store.finish()]
        return written[-1]

    def close(self) -> None:
        """Let another grader have the lock."""
        if self.is_due_to_close:
            self._not_before = time.monotonic() + TURN_SECONDS
        self._store = None
        self._lock.close()

    def is_graded(self, student: str) -> bool:
        """Whether an earlier run has graded what lies under submitted/ now."""
        jobs = [
            Job(self.course.root, student, self.stem, name, 0, self.limits, basis)
            for name, basis in self.bases.items()
        ]
        return all(kept_result(self.course, job) is not None for job in jobs)
