"""The recorded events, in order, and which line of the function each belongs to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

KINDS = ("read", "take", "multiply", "add", "call", "write", "raise")
MOST_EVENTS = 200_000
"""Events, and cells in them, that are recorded of one call."""


class RecordingEnded(BaseException):
    """Ends a call that has recorded too much. No `except Exception` of the function catches it."""


@dataclass(slots=True)
class Event:
    """One thing that the function did.

    kind : one of KINDS. "read": one number of image or kernel, or of the output; "take": a part of one;
        "multiply": pixels with taps; "add": a sum; "call": all at once; "write": into an array; "raise"
    line : of the function, as its file counts; 0 where unknown
    cells : flat indices. "read" and "take": of the array `name`; "multiply": pixel, tap, pixel, tap ...,
        -1 for a number that is no pixel; "write": of the array that was written to
    values : what was read, the products, the sum, what was written
    """

    kind: str
    line: int
    name: str = ""
    cells: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    base: Any = None
    negative: bool = False
    """An index was negative: it counts from the other end."""
    cut: bool = False
    """What was written is not what was to be written: the array holds whole numbers."""


class Events:
    """The events of one call. Its length is the number of the next one."""

    def __init__(self, code: CodeType | None, lines: range, columns: dict[str, int]) -> None:
        self.code, self.lines = code, lines
        self.columns = columns
        """Columns of "image" and of "kernel"."""
        self.all: list[Event] = []
        self.cost = 0
        self.failed_read = ""
        """The last read of image or kernel that failed, in words."""
        self.lost: dict[str, int] = {}
        """What could not be followed, by name, and the line where it happened first."""

    def __len__(self) -> int:
        return len(self.all)

    def flat(self, name: str, cell: tuple[int, int] | None) -> int:
        """Return the flat index of a cell of image or kernel; -1 for none."""
        return -1 if cell is None else cell[0] * self.columns[name] + cell[1]

    def add(self, kind: str, name: str = "", cells: Iterable[int] = (), values: Iterable[Any] = ()) -> Event:
        """Record one event and return it.

        Raises
        ------
        RecordingEnded
            Beyond MOST_EVENTS.
        """
        event = Event(kind, self.line(), name, [int(cell) for cell in cells], [float(v) for v in values])
        self.spend(1 + len(event.cells))
        self.all.append(event)
        return event

    def spend(self, cost: int) -> None:
        """Count what is recorded or about to be made."""
        self.cost += cost
        if self.cost > 2 * MOST_EVENTS or len(self.all) >= MOST_EVENTS:
            raise RecordingEnded

    def lose(self, name: str) -> None:
        """Note what could not be followed."""
        self.lost.setdefault(name, self.line())

    def line(self) -> int:
        """Return the line of the function that runs now; a helper's counts for the line that calls it."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and self.code is not None:
            if frame.f_code.co_filename == self.code.co_filename and frame.f_lineno in self.lines:
                return frame.f_lineno
            frame = frame.f_back
        return 0
