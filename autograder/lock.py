"""TRUSTED: one grader at a time for each assignment of a course.

The lock is the kernel's, on a file beside the results: it ends with the process that holds it, however that
ends. It holds between machines where the file system's locks do (NFS 4). Graders in two copies of a course
that share a database do not see each other; each score is then still written whole, and the last one stays.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from autograder.course import Course
from autograder.files import StorageError, cannot_write
from coursekit.errors import CourseError

NAME, WATCHING = ".grading", ".watching"
SECONDS_TO_SAY_WHO = 1.0  # between taking the lock and writing one's name


class AlreadyGrading(CourseError, RuntimeError):
    """Another process grades this assignment."""


@contextlib.contextmanager
def only_grader(
    course: Course, stem: str, *, wait: bool = False, say: Callable[[str], None] = lambda text: None
) -> Iterator[None]:
    """Hold the lock of `stem`; with `wait`, tell through `say` who has it, and wait.

    Raises AlreadyGrading, with the process and since when, or StorageError if the folder is read-only.
    """
    path = course.reports(stem) / NAME
    with _held(
        path, f"{stem} is being graded", "Wait until it is done, or add --wait.", say if wait else None
    ):
        yield


@contextlib.contextmanager
def only_watcher(course: Course) -> Iterator[None]:
    """Be the only one that watches the course. Raises what `only_grader` does."""
    path = course.root / "reports" / WATCHING
    with _held(path, "The course is being watched", "One watch is enough: name all assignments to it.", None):
        yield


@contextlib.contextmanager
def _held(path: Path, done: str, advice: str, wait: Callable[[str], None] | None) -> Iterator[None]:
    """Hold the lock on `path`, or tell `wait` who does so, and wait; without it: AlreadyGrading."""
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = f"{done} by {_holder(path)}"
            if wait is None:
                raise AlreadyGrading(f"{who}. {advice}") from None
            wait(f"{who}; waiting")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            raise StorageError(f"{path} cannot be locked: {error.strerror}") from error
        try:
            _say_who(file, path)
            yield
        finally:
            with contextlib.suppress(OSError):  # a name that stays is overwritten by the next
                file.truncate(0)


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from error


def _say_who(file: IO[str], path: Path) -> None:
    since = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    try:
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since}))
        file.flush()
    except OSError as error:
        raise cannot_write(path, error) from error


def _holder(path: Path) -> str:
    """The process that holds the lock, as a sentence's end."""
    patience = time.monotonic() + SECONDS_TO_SAY_WHO
    while time.monotonic() < patience:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            holder = json.loads(path.read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
        time.sleep(0.02)
    return "another process"
