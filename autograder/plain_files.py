"""TRUSTED: nbgrader's own autograder, but that it reads and copies only a submission's plain files.

nbgrader by itself copies to `autograded/` whatever lies beside a notebook, through links and of any size,
and reads `timestamp.txt` whatever it is: a link to /dev/zero fills the disk, a pipe is waited for, and a word
that is no time ends the whole class. It has no option for that, so a converter that is told to use
`SubmissionExporter` becomes one of this class.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter

from autograder.course import Course
from autograder.exchange import copy_own
from autograder.late import submission_time
from autograder.receipt import VALID, keep_receipts
from autograder.submission import InvalidSubmission, look_into
from autograder.submission.cells import shown
from autograder.submission.extra_files import MOST_EXTRA_FILES

NO_FOLDER = re.compile(r"[\n*?\[]")


class PlainFiles(BaseConverter):  # type: ignore[misc]
    """How files are copied; it stands between nbgrader's `Autograde` and the class that would copy all."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the submission's plain files, bounded as those that a notebook finds beside it."""
        submitted = Path(self._format_source(assignment_id, student_id))
        copied = Path(self._format_dest(assignment_id, student_id))
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id))
        try:
            files = look_into(submitted).files
        except InvalidSubmission:  # a link; converting its notebook will say so
            return
        chosen = [path for path in files if self._is_wanted(path.relative_to(submitted), source)]
        left = int(Course(Path.cwd()).limits.disk_bytes) // 2
        for path in chosen[:MOST_EXTRA_FILES]:
            target = copied / path.relative_to(submitted)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                left -= copy_own(path, target, None, left, 0o644)
            except OSError as error:
                self.log.warning("Not copied: %s: %s", shown(str(path)), error.strerror or error)
        keep_receipts(submitted, copied)

    def _is_wanted(self, place: Path, source: Path) -> bool:
        """False for notebooks, what nbgrader ignores, receipts, and what stands where a file of ours goes."""
        ours, ignored = source / place, [*self.coursedir.ignore, "*.ipynb"]
        return (
            not any(fnmatch(part, glob) for part in place.parts for glob in ignored)
            and str(place) not in VALID
            and not ours.is_dir()
            and not any(parent.is_file() for parent in ours.parents)
        )


class PlainAutograde(Autograde, PlainFiles):  # type: ignore[misc]
    """nbgrader's autograder over plain files. Its `super().init_assignment` is that of `PlainFiles`."""

    def convert_notebooks(self) -> None:
        """Convert all but a folder whose name nbgrader takes for a pattern, or ends the class at."""
        for folder in [folder for folder in self.assignments if NO_FOLDER.search(folder)]:
            self.log.error("An id must hold no line break, *, ? and [; rename the folder %s", shown(folder))
            del self.assignments[folder]
        super().convert_notebooks()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether the submission is to be graded now."""
        with _times_as_we_read_them(self.coursedir):
            return bool(super().init_destination(assignment_id, student_id))

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Make the student's rows and copy the files."""
        with _times_as_we_read_them(self.coursedir):
            super().init_assignment(assignment_id, student_id)


@contextlib.contextmanager
def _times_as_we_read_them(directory: Any) -> Iterator[None]:
    """nbgrader asks its CourseDirectory for the time of a submission; formgrader keeps that object."""
    directory.get_existing_timestamp = _time
    try:
        yield
    finally:
        del directory.get_existing_timestamp


def _time(folder: str) -> datetime | None:
    """When it was handed in; None where nobody knows, and where it cannot be true: that costs nothing."""
    handed_in = submission_time(Path(folder))
    return handed_in.moment if handed_in.trusted else None


def take_plain_files(converter: Any) -> None:
    """Make nbgrader's autograder one that reads and copies plain files alone."""
    if type(converter) is Autograde:
        converter.__class__ = PlainAutograde
