"""TRUSTED: what arrived of each student, and whether its feedback was given: so a killed watch goes on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.course import Course
from autograder.files import write_whole


@dataclass
class Entry:
    """The last work of a student on an assignment. `marks` by place; `digest` of what was graded."""

    marks: dict[str, str] = field(default_factory=dict)
    place: str = ""
    arrived: float = 0.0  # of time.time
    digest: str = ""
    given: bool = False  # its feedback is where its student finds it


class Journal:
    """One small file for each student and assignment, beside the results."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def _path(self, stem: str, student: str) -> Path:
        return self._course.reports(stem) / "arrivals" / f"{student}.json"

    def read(self, stem: str, student: str) -> Entry:
        """What is known; nothing, where a file is missing or damaged: then it is graded and given again."""
        try:
            said = json.loads(self._path(stem, student).read_text(encoding="utf-8"))
            marks = {str(place): str(mark) for place, mark in said["marks"].items()}
            return Entry(
                marks,
                str(said["place"]),
                float(said["arrived"]),
                str(said["digest"]),
                said["given"] is True,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Entry()

    def write(self, stem: str, student: str, entry: Entry) -> None:
        """Keep it. StorageError if the disk does not take it."""
        write_whole(self._path(stem, student), json.dumps(asdict(entry)))
