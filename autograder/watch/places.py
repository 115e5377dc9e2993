"""TRUSTED: what all places have in common in which work arrives."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.submission import InvalidSubmission, look_into

MOST_PARSED = 4 * 1024 * 1024  # bytes; of a larger notebook only the end is looked at


@dataclass(frozen=True)
class Spot:
    """Where a student's work on an assignment arrives."""

    place: str
    student: str
    stem: str
    path: Path


@dataclass(frozen=True)
class Look:
    """What is in a spot now.

    `mark` is another one as soon as anything changes; `changed` is the moment of the last change, of
    time.time; `written` that of the last write, which is older where a whole file was moved here.
    """

    mark: str
    path: Path  # what is to be graded: a folder, a notebook or a zip
    changed: float
    written: float
    finished: bool = False  # for certain: who put it there said so


class Place(Protocol):
    """A place to watch. What is not of this course is no spot of it."""

    name: str
    recursive: bool

    def folder(self) -> Path:
        """The folder to watch, with all in it if `recursive`."""

    def spot_of(self, path: Path) -> Spot | None:
        """The spot that a changed file or folder belongs to."""

    def spots(self) -> Iterator[Spot]:
        """All there are."""

    def look(self, spot: Spot) -> Look | None:
        """What is in the spot; None if nothing is."""


def look_at(path: Path, apart_from: tuple[str, ...] = ()) -> Look | None:
    """Look at a file, or at all files of a folder; None if there is none."""
    try:
        files = look_into(path).files if path.is_dir() and not path.is_symlink() else (path,)
        stats = [(file, file.lstat()) for file in files if file.name not in apart_from]
    except (OSError, InvalidSubmission):  # gone while we looked, or closed to us: the grader says what it is
        return None
    if not stats:
        return None
    digest = hashlib.sha256()
    for file, status in stats:
        facts = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        digest.update(f"{file.relative_to(path.parent)}\0{facts}\0".encode("utf-8", "surrogateescape"))
    changed = max(status.st_ctime for _, status in stats)
    return Look(digest.hexdigest(), path, changed, max(status.st_mtime for _, status in stats))


def is_whole(path: Path) -> bool:
    """False if a notebook or zip in `path` is cut off, as it is while it is still being written."""
    with contextlib.suppress(OSError, InvalidSubmission):
        files = look_into(path).files if path.is_dir() and not path.is_symlink() else (path,)
        return all(_file_is_whole(file) for file in files)
    return True  # the grader will say what is wrong with it


def _file_is_whole(path: Path) -> bool:
    kind = path.suffix.lower()
    if kind not in (".ipynb", ".zip"):
        return True
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if kind == ".zip":
            return zipfile.is_zipfile(file)
        size = os.fstat(handle).st_size
        if size > MOST_PARSED:
            file.seek(-64, os.SEEK_END)
            return file.read().rstrip().endswith(b"}")
        try:
            json.loads(file.read(MOST_PARSED + 1))
        except ValueError:
            return False
        except RecursionError:  # whole enough to be refused
            return True
    return True


def moment(look: Look) -> float:
    """When it arrived, of time.time; never in the future, whatever a server's clock says."""
    return min(look.changed, time.time())
