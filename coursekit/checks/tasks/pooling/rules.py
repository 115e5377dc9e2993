"""How the two parts of a pooling are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coursekit.checks.rules import Problem, SameArray
from coursekit.checks.values import NotNumbers, as_floats, as_numbers


@dataclass(frozen=True)
class SameArrayOrInfinite(SameArray):
    """As SameArray; but two wrong answers with the same infinities are the same answer.

    So a mistake that lets the padding's -inf into a mean can be recognised.
    """

    def same(self, one: object, other: object) -> bool:
        try:
            mine, theirs = as_floats(as_numbers(one)), as_floats(as_numbers(other))
        except NotNumbers:
            return False
        if np.array_equal(mine, theirs):
            return True
        if mine.shape != theirs.shape:
            return False
        scale = np.max(np.abs(mine), initial=1.0, where=np.isfinite(mine))
        with np.errstate(all="ignore"):
            close = (mine == theirs) | (np.abs(mine - theirs) <= self.tolerance * scale)
        return bool(close.all())


@dataclass(frozen=True)
class SamePositions(SameArray):
    """An array of positions, or None where nothing is chosen and so nothing has a position."""

    of: str = "positions"

    def problem(self, expected: object, value: object) -> Problem | None:
        if expected is None and value is None:
            return None
        if expected is None:
            return Problem("type", "Your positions should be None here: an average chooses no pixel.")
        if value is None:
            return Problem("type", "Your positions are None; for 'max' say where each maximum stands.")
        return super().problem(expected, value)

    def same(self, one: object, other: object) -> bool:
        if one is None or other is None:
            return one is other
        try:
            return np.array_equal(as_numbers(one), as_numbers(other))
        except NotNumbers:
            return False
