"""TRUSTED: tells whoever waits how far a class is: nothing, plain lines, or a live bar (`live.py`).

All of it goes to stderr: stdout belongs to the table and to `--json -`.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Self, TextIO

from autograder.report.table import one_line, points
from autograder.result import Result, Status

RECENT_SECONDS = 60.0  # what the rate is taken from
LEAST_RESULTS = 10  # or at least so many, however long ago: a rate of two results says little
FIRST_RESULTS = 3  # before these there is no rate: the first ones pay for the workers' start
STEPS = ((10, 1), (60, 5), (600, 30), (3600, 60), (36000, 300))  # seconds left, and what they are rounded to
Key = tuple[str, str]  # student and notebook


class Tally:
    """What is known of a run. The main thread tells it; a thread that draws may ask at any time.

    Times are seconds of `clock`. What was kept from an earlier run, and who handed nothing in, is done, and
    is in no rate.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.started = clock()
        self.total = self.kept = self.new = self.aside = 0
        self.counts: Counter[Status] = Counter()
        self.slowest: tuple[str, float] | None = None  # of the new ones: student, seconds
        self.begun = False  # every submission was looked at; the workers have theirs
        self.stopping = ""  # what the bar says once somebody wishes to stop
        self._moments: deque[float] = deque()
        self._from = 0.0  # the recent results came after this moment
        self._at_work: dict[Key, tuple[str, float]] = {}
        self._lock = Lock()

    @property
    def done(self) -> int:
        """How many are finished."""
        return self.kept + self.new + self.aside

    def add(self, result: Result, kept: bool) -> None:
        """Count a result that is written."""
        with self._lock:
            self._at_work.pop((result.student, result.notebook), None)
            self.counts[result.status] += 1
            if kept:
                self.kept += 1
                return
            if not self.begun or result.status is Status.MISSING:  # it cost no worker anything
                self.aside += 1
                return
            now = self.clock()
            if not self._moments:
                self._from = max(self.started, now - result.seconds)  # not the start of the worker process
            self.new += 1
            self._moments.append(now)
            if self.slowest is None or result.seconds > self.slowest[1]:
                self.slowest = (result.student, result.seconds)

    def at_work(self, running: Mapping[Key, str]) -> None:
        """Take note of what runs now: by student and notebook the student."""
        with self._lock:
            now = self.clock()
            before = self._at_work
            self._at_work = {key: before.get(key, (student, now)) for key, student in running.items()}

    def rate(self) -> float | None:
        """New results a second over the recent past; None while too little is known."""
        with self._lock:
            now = self.clock()
            while len(self._moments) > LEAST_RESULTS and self._moments[0] < now - RECENT_SECONDS:
                self._from = self._moments.popleft()
            if self.new < FIRST_RESULTS or now <= self._from:
                return None
            return len(self._moments) / (now - self._from)

    def seconds_left(self) -> float | None:
        """For what is not done yet, at the recent rate; None while that is not known."""
        rate = self.rate()
        return None if rate is None else (self.total - self.done) / rate

    def running(self) -> list[tuple[str, float]]:
        """Who is graded now and for how many seconds, the longest first."""
        with self._lock:
            now = self.clock()
            found = [(student, now - since) for student, since in self._at_work.values()]
        return sorted(found, key=lambda pair: -pair[1])

    def by_status(self) -> list[tuple[Status, int]]:
        """How many ended in each status, of those that occur."""
        return [(status, self.counts[status]) for status in Status if self.counts[status]]


class Progress:
    """Says nothing, as `--quiet` wants it; what it is told is the same for all kinds of it."""

    def __init__(self) -> None:
        self.tally = Tally()

    def say(self, text: str) -> None:
        """Something that an instructor should know: what is waited for, what could not be done."""

    def begin(self, total: int) -> None:
        """There are `total` notebooks to look at."""
        self.tally.total = total

    def grading(self, jobs: int) -> None:
        """Every notebook was looked at: `jobs` are left for the workers."""
        self.tally.begun = jobs > 0

    def at_work(self, running: Mapping[Key, str]) -> None:
        """These are being graded now: by student and notebook the student."""
        self.tally.at_work(running)

    def result(self, result: Result, *, kept: bool = False) -> None:
        """A result is written; `kept` from an earlier run, or new."""
        self.tally.add(result, kept)

    def stopping(self, text: str) -> None:
        """Somebody wishes to stop, and is told what comes, even with `--quiet`: it may take a while.

        Called by a signal handler, which may have interrupted a print: it takes no lock and no buffer.
        """
        with suppress(OSError, ValueError):
            os.write(sys.stderr.fileno(), f"\nautograder: {text}\n".encode())

    def close(self) -> None:
        """No more is told."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PlainProgress(Progress):
    """A line for each new result and each thing that is said, for a file, a pipe or a log: no control codes.

    A class of any size gets a line for each: a log is searched for a student. What was kept is one line.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self.stream = sys.stderr if stream is None else stream

    def print(self, text: str) -> None:
        """Write whole lines. Who reads may go away (`| head`): that is no reason not to grade a class."""
        with suppress(OSError, ValueError):
            print(text, file=self.stream, flush=True)

    def say(self, text: str) -> None:
        self.print(f"autograder: {one_line(text)}")

    def grading(self, jobs: int) -> None:
        super().grading(jobs)
        if self.tally.kept:
            self.say(f"{self.tally.kept} of {self.tally.total} kept from an earlier run")

    def result(self, result: Result, *, kept: bool = False) -> None:
        super().result(result, kept=kept)
        if not kept or result.status is Status.GRADER_ERROR:
            self.print(result_lines(result, self.tally.done, self.tally.total))

    def close(self) -> None:
        if self.tally.done and self.tally.done == self.tally.total:
            self.say(closing(self.tally))


def result_lines(result: Result, done: int, total: int) -> str:
    """One line for a result; a second one with the reason where the fault is ours."""
    count = f"[{done:>{len(str(total))}}/{total}]"
    line = f"{count} {one_line(result.student)}: {result.status}, {points(result)}  ({result.seconds:.1f} s)"
    return f"{line}\n  {one_line(result.message)}" if result.status is Status.GRADER_ERROR else line


def closing(tally: Tally) -> str:
    """How the run went, in one line."""
    counts = ", ".join(f"{count} {status}" for status, count in tally.by_status())
    kept = f"; {tally.kept} kept from an earlier run" if tally.kept else ""
    return f"{tally.done} in {duration(tally.clock() - tally.started)}: {counts}{kept}"


def duration(seconds: float) -> str:
    """As "8 s", "3 min 20 s" or "2 h 5 min": as exact as a person wants it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def about(seconds: float) -> str:
    """Time left, rounded as a guess deserves: it would change with every result else."""
    if seconds < 1:
        return "1 s"
    step = next((step for limit, step in STEPS if seconds < limit), STEPS[-1][1])
    return duration(step * -(-seconds // step))


def speed(rate: float) -> str:
    """Submissions a second, or a minute where that is the better number."""
    number, unit = (rate, "a second") if rate >= 1 else (60 * rate, "a minute")
    return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"


def is_live(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """True if a person looks at `stream`, on a terminal that can move its cursor."""
    try:
        if not stream.isatty():
            return False
    except ValueError:  # it is closed
        return False
    can_move = environment.get("TERM", "dumb") not in ("", "dumb", "unknown")
    return can_move and environment.get("CI", "").lower() in ("", "0", "false")


def make_progress(title: str, *, quiet: bool = False) -> Progress:
    """What fits who looks at stderr: nothing for `quiet`, a live bar on a terminal, else lines."""
    if quiet:
        return Progress()
    if is_live(sys.stderr, os.environ):
        from autograder.live import LiveProgress  # a tenth of a second, for a terminal alone

        return LiveProgress(title)
    return PlainProgress()
