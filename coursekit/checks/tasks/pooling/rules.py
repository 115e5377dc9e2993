"""How the two parts of a pooling are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coursekit.checks.rules import Problem, SameArray
from coursekit.checks.values import NotNumbers, as_numbers


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
