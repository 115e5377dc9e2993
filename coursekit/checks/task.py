"""A task: what a student is asked to write, and all that is needed to judge it.

Task
  groups          how the points are split; a group's points are earned when all its cases pass
  generate        random cases of these groups
  reference       the right answer
  rule            when two answers count as equal
  misconceptions  wrong answers worth recognising, alone and two at a time
  hints           what a student may ask for, one after the other
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.checks.outcome import Outcome
from coursekit.checks.rules import Rule
from coursekit.errors import ParameterError
from coursekit.shapes import Derivation


@dataclass(frozen=True, eq=False)
class Case:
    """One question: the arguments to call the function with, and the group whose points hang on it.

    The reference and the misconceptions get the `hidden` values after the arguments; the student's function
    does not.
    """

    arguments: tuple[object, ...]
    group: str
    hidden: tuple[object, ...] = ()


@dataclass(frozen=True)
class Group:
    """Cases that test one idea. `sentence` names the idea to the student.

    Where a case of a group that counts `for_all` fails, no group earns its points.
    """

    name: str
    points: float
    sentence: str
    for_all: bool = False


@dataclass(frozen=True)
class Misconception:
    """A mistake that students make, and what to say to one who did.

    `sentence` says what the answer looks like, `next_step` what to do about it; `concept` is the id of
    the idea it belongs to. The mistake is one of three kinds, or the first two together:

    before   takes the arguments and returns those that the mistake makes of them: the kernel flipped
    after    takes the right answer and the arguments, and returns what the mistake makes of it: its mean
    answer   takes the arguments and returns the wrong answer: where neither of the two can say it

    All take the task's arguments, hidden ones included, change none of them, and may raise where such code
    would. Two mistakes of different parts of the work go together: `before` and `after` combine with all.
    """

    name: str
    sentence: str
    next_step: str
    concept: str
    answer: Callable[..., Any] | None = None
    before: Callable[..., tuple[Any, ...]] | None = None
    after: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        parts = self.before is not None or self.after is not None
        if parts == (self.answer is not None):
            raise ParameterError(f"misconception {self.name} must have an answer, or else before or after")


@dataclass(frozen=True, eq=False)
class Task:
    """One function of an exercise.

    `stem` names the exercise, `signature` is the line that a student sees, `parameters` the names in it.
    `generate` takes a random generator and returns cases; `fresh_cases` puts the smallest first. Where the
    task is `personal` it takes the student's id as well.
    `explain_shape` takes the arguments and returns, for each axis of the answer, what it counts and the
    steps to its size.
    `explain_entry` takes the arguments and an index of the answer, and returns the sum that stands there;
    where the answer has parts, `explained_part` is the one that it speaks of.
    `hints` lead on step by step; the last one still leaves the code to write.
    `forbids` names library routines that do the task themselves, as "numpy.convolve", or whole packages,
    as "scipy": a right answer that calls one earns nothing.
    `fair` tells whether arguments are a question that may be asked; without it, all that the reference takes
    are. A failing case is made smaller within these bounds.
    `next_step` says what to do about a wrong value, where to work the case out by hand is no advice.
    `each_by_itself` says that the cases are different questions, of which one can be mistaken alone.
    `hidden_parameters` names those hidden values of a case that a report may show afterwards.
    An `optional` task may be checked and earns nothing: its points only say how much of it is right.
    `read` turns what came back for a case into the outcome to judge, where that is not the returned value.
    """

    name: str
    stem: str
    signature: str
    groups: tuple[Group, ...]
    reference: Callable[..., Any]
    rule: Rule
    generate: Callable[..., Sequence[Case]]
    misconceptions: tuple[Misconception, ...]
    parameters: tuple[str, ...]
    explain_shape: Callable[..., tuple[tuple[str, Derivation], ...]] | None = None
    explain_entry: Callable[..., str] | None = None
    hints: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    fair: Callable[..., bool] | None = None
    read: Callable[[Case, Outcome], Outcome] | None = None
    personal: bool = False
    hidden_parameters: tuple[str, ...] = ()
    explained_part: int = 0
    next_step: str = ""
    each_by_itself: bool = False
    optional: bool = False

    def outcome_to_judge(self, case: Case, outcome: Outcome) -> Outcome:
        """Return the outcome of a case as the task reads it."""
        return outcome if self.read is None else self.read(case, outcome)

    @property
    def points(self) -> float:
        """The points of a right answer: the sum over the groups."""
        return sum(group.points for group in self.groups)
