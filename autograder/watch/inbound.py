"""TRUSTED: nbgrader's exchange, where each submission is a new folder `STUDENT+STEM+TIME+RANDOM`.

`nbgrader submit` copies the files, then writes timestamp.txt and submission_secret.txt, then opens the folder
to the instructor: that last step says that it is whole. What is not a student's own is never looked at.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from autograder.course import Course, UsageError, require_student_id
from autograder.exchange import CollectOwn
from autograder.watch.places import Look, Spot, look_at

SECRET = "submission_secret.txt"
UNFINISHED = "~unfinished"


def collector(course: Course, stem: str = "") -> CollectOwn:
    """nbgrader's collector with our checks, for single submissions."""
    directory = CourseDirectory(config=course.config, root=str(course.root), assignment_id=stem)
    collect = CollectOwn(coursedir=directory, config=course.config)
    collect.open_inbound()
    return collect


class Inbound:
    """The inbound folder of the course. Of each student the newest submission of their own counts.

    With `c.ExchangeCollect.before_duedate` it is the newest before `due` (of the stem), where there is one.
    """

    name = "exchange"
    recursive = False  # a submission is finished by a change of its own folder: no file in it need be watched

    def __init__(self, course: Course, stems: Collection[str], due: Callable[[str], datetime | None]) -> None:
        self._collect = collector(course)
        self._stems, self._due = frozenset(stems), due
        self._newest: dict[tuple[str, str], dict[str, Any]] = {}

    def folder(self) -> Path:
        """The inbound folder."""
        return Path(self._collect.inbound_path)

    def spot_of(self, path: Path) -> Spot | None:
        """The spot of a submission's folder, if it is the newest of its student."""
        record = self._collect.record_of(path.name)
        student, stem = str(record["username"]), str(record.get("stem"))
        if path.parent != self.folder() or stem not in self._stems:
            return None
        try:
            require_student_id(student)
            if not self._collect.is_own(record, tell=True):
                return None
            before = self._newest.get((student, stem))
            if before is not None and self._counts(before, stem) > self._counts(record, stem):
                return None
            self._newest[student, stem] = record
        except (OSError, UsageError):  # taken away meanwhile; a name that nobody has
            return None
        return Spot(self.name, student, stem, path)

    def _counts(self, record: dict[str, Any], stem: str) -> tuple[bool, datetime]:
        """Of two submissions the one for which this is larger counts."""
        handed_in: datetime = record["timestamp"]
        due = self._due(stem) if self._collect.before_duedate else None
        return due is None or handed_in <= due, handed_in

    def spots(self) -> Iterator[Spot]:
        """The newest submission of each student."""
        try:
            names = sorted(path.name for path in self.folder().iterdir())
        except OSError:
            return
        found = {}
        for name in names:
            spot = self.spot_of(self.folder() / name)
            if spot is not None:
                found[spot.student, spot.stem] = spot
        yield from found.values()

    def look(self, spot: Spot) -> Look | None:
        """What nbgrader's submit has done so far."""
        try:
            status = spot.path.lstat()
            if not stat.S_ISDIR(status.st_mode):
                return None
            if status.st_mode & stat.S_IWOTH and (spot.path / SECRET).is_file():
                mark = spot.path.name
                return Look(mark, spot.path, status.st_ctime, status.st_mtime, finished=True)
        except OSError:
            return None
        inside = look_at(spot.path)
        if inside is None:
            return None
        return Look(spot.path.name + UNFINISHED + inside.mark, spot.path, inside.changed, inside.written)
