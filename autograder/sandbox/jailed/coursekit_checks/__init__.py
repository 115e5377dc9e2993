"""JAILED SIDE: stands where `coursekit.checks` stands at home.

The real one holds the reference and the expected answers, so it is not in the jail.
A student's own calls of `check` must still work; the graded ones are asked from outside.
"""

from __future__ import annotations

from typing import Any


class AskedOutside:
    """What `check(...)` returns while the work is graded."""

    score = 0.0

    def __repr__(self) -> str:
        return "While your work is graded, the questions come from outside: see the graded cells."


def check(function: Any = None, **options: Any) -> AskedOutside:
    """Accept what `coursekit.check` accepts; the answer is given by the judge, elsewhere."""
    return AskedOutside()
