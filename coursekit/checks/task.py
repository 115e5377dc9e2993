"""A task: what a student is asked to write, and all that is needed to judge it.

Task
  groups          how the points are split; a group's points are earned when all its cases pass
  generate        random cases of these groups, smallest first
  reference       the right answer
  rule            when two answers count as equal
  misconceptions  wrong answers worth recognising
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.checks.rules import Rule
from coursekit.shapes import Derivation


@dataclass(frozen=True, eq=False)
class Case:
    """One question: the arguments to call the function with, and the group whose points hang on it."""

    arguments: tuple[object, ...]
    group: str


@dataclass(frozen=True)
class Group:
    """Cases that test one idea. `sentence` names the idea to the student."""

    name: str
    points: float
    sentence: str


@dataclass(frozen=True)
class Misconception:
    """A wrong implementation that students write, and what to say to one who did.

    `sentence` says what the answer looks like, `next_step` what to do about it; `concept` is the id of
    the idea it belongs to. `answer` takes the task's arguments; it may raise where such code would.
    """

    name: str
    sentence: str
    next_step: str
    concept: str
    answer: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Task:
    """One function of an exercise.

    `stem` names the exercise, `signature` is the line that a student sees, `parameters` the names in it.
    `explain_shape` takes the arguments and returns, for each axis of the answer, what it counts and the
    steps to its size. `explain_entry` takes the arguments and an index of the answer, and returns the sum
    that stands there.
    """

    name: str
    stem: str
    signature: str
    groups: tuple[Group, ...]
    reference: Callable[..., Any]
    rule: Rule
    generate: Callable[[np.random.Generator], Sequence[Case]]
    misconceptions: tuple[Misconception, ...]
    parameters: tuple[str, ...]
    explain_shape: Callable[..., tuple[tuple[str, Derivation], ...]] | None = None
    explain_entry: Callable[..., str] | None = None

    @property
    def points(self) -> float:
        """The points of a right answer: the sum over the groups."""
        return sum(group.points for group in self.groups)
