"""TRUSTED: the command `autograder watch`: its places, its lines, its end."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy.exc import SQLAlchemyError

from autograder.course import Course, UsageError
from autograder.database import explain, require_gradebook
from autograder.files import StorageError, cannot_write
from autograder.limits import Limits
from autograder.lock import only_watcher
from autograder.report.table import one_line, points
from autograder.result import Status
from autograder.sandbox.trusted.jail import require_sandbox
from autograder.stopping import Stopping
from autograder.watch.drop import Drop
from autograder.watch.handed_in import Submitted
from autograder.watch.inbound import Inbound
from autograder.watch.loop import Delivered, Ears, Watch
from autograder.watch.places import Place


@dataclass(frozen=True)
class _Lines:
    """Tells of results: a line on stderr, an object in a file."""

    json: Path | None
    quiet: bool

    def say(self, text: str) -> None:
        """Something that an instructor should know."""
        _write_to(sys.stderr, f"autograder: {one_line(text)}\n")

    def delivered(self, told: Delivered) -> None:
        """One result."""
        if not self.quiet or told.fault:
            _write_to(sys.stderr, as_line(told) + "\n")
        if self.json is not None:
            self._append(json.dumps(as_object(told)) + "\n")

    def _append(self, line: str) -> None:
        """In one write, so that a reader never sees half a line; a full disk costs lines, not results."""
        if str(self.json) == "-":
            _write_to(sys.stdout, line)
            return
        try:
            self._write(line)
        except StorageError as error:
            self.say(str(error))

    def _write(self, line: str) -> None:
        path = Path(str(self.json))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                os.write(handle, line.encode("utf-8", "backslashreplace"))
            finally:
                os.close(handle)
        except OSError as error:
            raise cannot_write(path, error) from error

    def require_file(self) -> None:
        """StorageError if nothing can be added to the file."""
        if self.json is not None and str(self.json) != "-":
            self._write("")


def _write_to(stream: TextIO, text: str) -> None:
    """Write at once. A reader that went away (`| head`) stops no watch."""
    with contextlib.suppress(BrokenPipeError):
        stream.write(text)
        stream.flush()


def as_line(told: Delivered) -> str:
    """Time, student, assignment, status, points, seconds since it arrived; what failed."""
    result = told.result
    what = result.assignment + (f"/{result.notebook}" if result.notebook != result.assignment else "")
    line = f"{time.strftime('%H:%M:%S')}  {one_line(result.student)}  {what}  "
    if told.fault:
        again = f"tried again in {told.pause:g} s"
        return f"{line}{Status.GRADER_ERROR}, {again}\n  {one_line(told.fault)}"
    return f"{line}{result.status}, {points(result)}  ({told.seconds:.1f} s)"


def as_object(told: Delivered) -> dict[str, Any]:
    """What `autograder grade --json` has for it, and how it came and went."""
    status = Status.GRADER_ERROR if told.fault else told.result.status
    return told.result.to_json() | {
        "status": str(status),
        "place": told.place,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "seconds_since_arrival": round(told.seconds, 3),
        "feedback": list(told.places),
        "fault": told.fault,
    }


def watch(course: Course, options: argparse.Namespace, limits: Limits) -> None:
    """Watch until Ctrl-C or SIGTERM; return once what was under way is finished.

    Raises UsageError, StorageError, AlreadyGrading or SandboxError where it cannot begin.
    """
    lines = _Lines(options.json, options.quiet)
    stems = list(dict.fromkeys(options.stems)) or course.stems()
    if not stems:
        raise UsageError(f"nothing to watch: {course.folder('source', 'STEM')} is not there")
    lines.require_file()
    require_sandbox([course.root])
    with only_watcher(course):
        require_gradebook(course, say=lines.say)
        watching = Watch(course, stems, limits, Ears(lines.delivered, lines.say))

        def heard(text: str) -> None:
            os.write(2, f"autograder: {text}\n".encode())  # a signal handler takes no lock
            watching.wake()

        with Stopping(heard) as stopping, stopping.something_runs():
            places = _places(course, stems, options.drop, lines)
            lines.say(f"watching for {', '.join(stems)}; Ctrl-C ends")
            watching.run(places, options.workers or os.cpu_count() or 1, stopping, options.poll)
    lines.say("no longer watching; what arrives now is graded when you start it again")


def _places(course: Course, stems: list[str], drop: Path | None, lines: _Lines) -> dict[str, Place]:
    places: list[Place] = [Inbound(course, stems, _DueDates(course)), Submitted(course, stems)]
    if drop is not None:
        place = Drop(drop, stems, lines.say)
        if place.root.is_relative_to(course.root):
            raise UsageError(f"--drop must be outside of the course, which students do not see; got {drop}")
        places.insert(1, place)
    for one in places:
        missing = "" if one.folder().is_dir() else " (not there yet)"
        lines.say(f"{one.name}: {one.folder()}{missing}")
    return {one.name: one for one in places}


class _DueDates:
    """When an assignment is due, as the gradebook says: asked only where `before_duedate` is set."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def __call__(self, stem: str) -> datetime | None:
        from nbgrader import api

        try:
            with api.Gradebook(self._course.gradebook_url, self._course.course_id) as gradebook:
                due: datetime | None = gradebook.find_assignment(stem).duedate
        except api.MissingEntry:
            return None
        except SQLAlchemyError as error:
            raise StorageError(explain(self._course, error, "read")) from error
        return due
