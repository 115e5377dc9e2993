"""The table of mutants that no case can catch, with the reasons: equivalent.toml beside this file."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")

Change = tuple[str, str]  # the lines before and after


@dataclass(frozen=True)
class Equivalent:
    """Changes to the solution of a task that alter nothing a student is asked for, and why."""

    task: str
    reason: str
    changes: tuple[Change, ...]


@cache
def equivalents() -> tuple[Equivalent, ...]:
    """Return the rows of the table."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8")).get("equivalent", [])
    return tuple(
        Equivalent(row["task"], row["reason"], tuple((before, after) for before, after in row["changes"]))
        for row in rows
    )


def listed_changes(task_name: str) -> Counter[Change]:
    """Return the changes listed for one task; of two equal lines in a solution, each has its own."""
    return Counter(change for row in equivalents() if row.task == task_name for change in row.changes)
