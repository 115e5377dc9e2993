"""TRUSTED: the course's own folder submitted/, into which an instructor or another program puts work."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from autograder.course import Course, UsageError, require_student_id
from autograder.watch.places import Look, Spot, look_at

ANY_STUDENT, ANY_STEM = "the-student", "the-stem"  # stand for both while the folders' pattern is read


class Submitted:
    """`submitted/STUDENT/STEM`, or as the course's configuration has it."""

    name = "submitted"
    recursive = True

    def __init__(self, course: Course, stems: Collection[str]) -> None:
        self._course, self._stems = course, tuple(stems)
        pattern = course.folder("submitted", ANY_STEM, ANY_STUDENT)
        self._parts = pattern.parts
        fixed = min(self._parts.index(ANY_STUDENT), self._parts.index(ANY_STEM))
        self._folder = Path(*self._parts[:fixed])
        self._folder.mkdir(parents=True, exist_ok=True)

    def folder(self) -> Path:
        """The part of the path that is the same for all."""
        return self._folder

    def spot_of(self, path: Path) -> Spot | None:
        """The submission that a file belongs to."""
        parts = path.parts[: len(self._parts)]
        if len(parts) < len(self._parts):
            return None
        student, stem = parts[self._parts.index(ANY_STUDENT)], parts[self._parts.index(ANY_STEM)]
        if stem not in self._stems or student.startswith("."):
            return None
        try:
            require_student_id(student)
            folder = self._course.folder("submitted", stem, student)
        except (UsageError, ValueError):
            return None
        return Spot(self.name, student, stem, folder) if folder == Path(*parts) else None

    def spots(self) -> Iterator[Spot]:
        """All submissions of the watched assignments."""
        for stem in self._stems:
            for student in self._course.students_with_a_submission(stem):
                spot = self.spot_of(self._course.folder("submitted", stem, student))
                if spot is not None:
                    yield spot

    def look(self, spot: Spot) -> Look | None:
        """What is in the folder."""
        return look_at(spot.path)
