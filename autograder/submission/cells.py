"""TRUSTED: the parts of a submitted notebook that count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.errors import CourseError

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069`]")
LONGEST_NAME = 80


class InvalidSubmission(CourseError):
    """The file is not a notebook, or not of this assignment. The text is for the student."""


@dataclass
class StudentCell:
    """The parts of a submitted cell that count."""

    kind: str  # "code" or "markdown"
    source: str
    grade_id: str | None


@dataclass
class Submitted:
    """The cells of a submitted file, and what had to be put right to read them."""

    cells: Sequence[StudentCell]
    notes: list[str] = field(default_factory=list)


def shown(name: str) -> str:
    """A file's name as it may stand in a sentence: a student chose it."""
    plain = CONTROL.sub("?", name.encode("utf-8", "replace").decode())
    return plain if len(plain) <= LONGEST_NAME else plain[:LONGEST_NAME] + "…"
