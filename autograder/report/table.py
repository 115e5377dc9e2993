"""TRUSTED: the class as a table of plain text, and as JSON lines."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence

from autograder.result import Result, Status

HEADINGS = ("student", "status", "score", "what went wrong")


def points(result: Result) -> str:
    """Score as "6 / 8", or a dash where none was given."""
    if result.status in (Status.GRADER_ERROR, Status.MISSING):
        return "-"
    return f"{result.score:g} / {result.max_score:g}"


def table(results: Sequence[Result], width: int = 110) -> str:
    """The results as aligned columns; the last one is cut to the width of the terminal."""
    rows = [HEADINGS, *((one_line(r.student), str(r.status), points(r), explanation(r)) for r in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    room = max(20, width - sum(widths) - 6)
    lines = []
    for student, status, score, wrong in rows:
        cut = wrong if len(wrong) <= room else wrong[: room - 1] + "…"
        lines.append(f"{student:<{widths[0]}}  {status:<{widths[1]}}  {score:>{widths[2]}}  {cut}".rstrip())
    lines.insert(1, "-" * min(width, max(len(line) for line in lines)))
    return "\n".join(lines)


def explanation(result: Result) -> str:
    """What went wrong in one line; what was put right in the file counts too."""
    return one_line(" ".join([part for part in (result.message, *result.notes) if part]))


def one_line(text: str) -> str:
    """Text for a terminal: a student's exception or id must not move the cursor or forge a row."""
    return "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)


def json_lines(results: Sequence[Result]) -> str:
    """One object per line and notebook, as `--json` promises."""
    return "".join(json.dumps(result.to_json()) + "\n" for result in results)
