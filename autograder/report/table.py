"""TRUSTED: the class as a table of plain text, and as JSON lines."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence

from autograder.result import Result, Status

LEFT, RIGHT = "<", ">"
NOT_SANDBOXED = (
    "NOT SANDBOXED: student code could read and change everything that this user can, these results too."
)


def points(result: Result) -> str:
    """Score as "6 / 8", or a dash where none was given."""
    return f"{result.score:g} / {result.max_score:g}" if counts(result) else "-"


def counts(result: Result) -> bool:
    """False where there is no score: our own fault, or nothing at all was handed in.

    A notebook that is missing beside another one of the same assignment costs its points.
    """
    return result.status is not Status.GRADER_ERROR and (
        result.status is not Status.MISSING or result.in_gradebook
    )


def penalty(result: Result) -> str:
    """What coming late costs, as "-2.5"; "" where it costs nothing."""
    return f"-{result.late_penalty:g}" if result.late_penalty else ""


def total(result: Result) -> str:
    """What the gradebook counts: points given by hand too, less the penalty."""
    return f"{result.total:g}" if counts(result) else "-"


def table(results: Sequence[Result], width: int = 110) -> str:
    """The results as aligned columns; the last one is cut to the width of the terminal."""
    columns = _columns(results)
    widths = [max(len(text) for text in (name, *map(show, results))) for name, show, _ in columns]
    room = max(20, width - sum(widths) - 2 * len(widths))
    lines = []
    for row in (None, *results):
        cells = [name if row is None else show(row) for name, show, _ in columns]
        wrong = "what went wrong" if row is None else explanation(row)
        cut = wrong if len(wrong) <= room else wrong[: room - 1] + "…"
        sides = [side for *_, side in columns]
        padded = [f"{cell:{side}{size}}" for cell, side, size in zip(cells, sides, widths, strict=True)]
        lines.append("  ".join([*padded, cut]).rstrip())
    lines.insert(1, "-" * min(width, max(len(line) for line in lines)))
    if any(not result.sandboxed for result in results):
        lines.append(f"\n{NOT_SANDBOXED}")
    return "\n".join(lines)


def _columns(results: Sequence[Result]) -> list[tuple[str, Callable[[Result], str], str]]:
    """Heading, text and side of each column; one that says the same of everybody is left out."""
    late = any(result.late_penalty for result in results)
    several = len({result.notebook for result in results}) > 1
    columns = [
        (True, "student", lambda result: one_line(result.student), LEFT),
        (several, "notebook", lambda result: one_line(result.notebook), LEFT),
        (True, "status", lambda result: str(result.status), LEFT),
        (True, "score", points, RIGHT),
        (late, "late", penalty, RIGHT),
        (late, "total", total, RIGHT),
    ]
    return [(name, text, side) for wanted, name, text, side in columns if wanted]


def explanation(result: Result) -> str:
    """What went wrong in one line; what was put right in the file counts too."""
    mark = "" if result.sandboxed else "(not sandboxed)"
    return one_line(
        " ".join([part for part in (mark, result.message, *result.notes, result.late_note) if part])
    )


def one_line(text: str) -> str:
    """Text for a terminal: a student's exception or id must not move the cursor or forge a row."""
    return "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)


def json_lines(results: Sequence[Result]) -> str:
    """One object per line and notebook, as `--json` promises."""
    return "".join(json.dumps(result.to_json()) + "\n" for result in results)
