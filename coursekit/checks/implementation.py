"""An implementation that a student's own test is asked to judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Implementation:
    """An argument of a case that the student's test may call, and cannot look into while it is graded.

    `function` does the work, on the trusted side; `sentence` says afterwards what is wrong with it, and is ""
    for a right one.
    """

    function: Callable[..., Any]
    sentence: str = ""

    @property
    def is_right(self) -> bool:
        """Whether a good test must accept it."""
        return not self.sentence
