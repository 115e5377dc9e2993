"""TRUSTED: who is next. Of a student only the newest work waits, and one thing at a time is done.

Who was served a moment ago lets the others go first, and waits as long as their last work took: somebody who
hands in without end has at most half of one worker, and a class that hands in at once is served in order.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.limits import Limits

REMEMBERED_SECONDS = 60.0  # for which it counts that somebody was served
LONGEST_REST_SECONDS = 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0  # after a fault of ours; each is twice the one before


@dataclass(frozen=True)
class Errand:
    """Work to take, grade and give back: plain data, so that it travels to a worker."""

    root: Path
    student: str
    stem: str
    place: str
    path: Path
    mark: str
    arrived: float  # of time.time
    limits: Limits
    drop: Path | None = None  # the student's folder, where the feedback goes too
    tries: int = 0
    bases: dict[str, str] = field(default_factory=dict)  # of each notebook, as `assignment.basis` says
    run: str = ""  # the watch's reading of the assignment, as in `Job`

    @property
    def who(self) -> tuple[str, str]:
        """The student and the assignment."""
        return self.student, self.stem


class Waiting:
    """The errands that wait, and who was served within the last minute."""

    def __init__(self) -> None:
        self._errands: dict[tuple[str, str], tuple[int, Errand]] = {}
        self._not_before: dict[tuple[str, str], float] = {}
        self._served: dict[str, tuple[float, float]] = {}  # student: when, and from when on again
        self._number = itertools.count()

    def __len__(self) -> int:
        return len(self._errands)

    def __contains__(self, who: tuple[str, str]) -> bool:
        return who in self._errands

    def due(self) -> list[Errand]:
        """Those that do not wait for a pause to pass."""
        now = time.monotonic()
        errands = [errand for _, errand in self._errands.values()]
        return [errand for errand in errands if self._not_before.get(errand.who, 0.0) <= now]

    def add(self, errand: Errand) -> None:
        """Wait; in the place of what the same student handed in before, if that still waits."""
        number = self._errands[errand.who][0] if errand.who in self._errands else next(self._number)
        self._errands[errand.who] = (number, errand)
        self._not_before.pop(errand.who, None)

    def again(self, errand: Errand) -> float:
        """Wait after a fault of ours, unless something newer came; for how many seconds."""
        pause: float = min(FIRST_PAUSE_SECONDS * 2**errand.tries, LONGEST_PAUSE_SECONDS)
        if errand.who not in self._errands:
            self.add(replace(errand, tries=min(errand.tries + 1, 10)))
            self._not_before[errand.who] = time.monotonic() + pause
        return pause

    def served(self, student: str, seconds: float) -> None:
        """Something of this student was done; it took `seconds`."""
        now = time.monotonic()
        self._served[student] = (now, now + min(seconds, LONGEST_REST_SECONDS))
        old = [name for name, (when, _) in self._served.items() if now - when > REMEMBERED_SECONDS]
        for name in old:
            del self._served[name]

    def next(self, busy: frozenset[str], able: Callable[[Errand], bool]) -> Errand | None:
        """Take out the next errand of a student who is not `busy`, of those that are `able` to be done."""
        now = time.monotonic()
        ready = [
            (self._served.get(student, (0.0, 0.0))[0], number, errand)
            for (student, stem), (number, errand) in self._errands.items()
            if student not in busy
            and self._not_before.get((student, stem), 0.0) <= now
            and self._served.get(student, (0.0, 0.0))[1] <= now
        ]
        for _, _, errand in sorted(ready, key=lambda one: one[:2]):
            if able(errand):
                del self._errands[errand.who]
                self._not_before.pop(errand.who, None)
                return errand
        return None
