"""TRUSTED: makes errands of what changes in the watched places: each arrival is written down first."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.course import Course
from autograder.files import StorageError
from autograder.limits import Limits
from autograder.submission import digest_of_folder
from autograder.watch.errands import Errand
from autograder.watch.inbound import collector
from autograder.watch.journal import Entry, Journal
from autograder.watch.places import Look, Place, Spot, moment
from autograder.watch.settling import Arrival, Settling

MOST_IN_A_FOLDER = 1_000  # names of a student's new folder that are looked at
LOOK_THROUGH_SECONDS = 60.0  # in case word of a change was lost, everything is looked through so often
LOOKED_AT_ONCE = 50  # spots, before arrivals come first again
RETRY_SECONDS = 5.0  # where an arrival could not be written down

Who = tuple[str, str]  # student, stem


@dataclass(frozen=True)
class Asked:
    """What the intake has to ask the rest of the watch."""

    is_graded: Callable[[str, str], bool]  # stem, student: by an earlier run, as submitted/ is now
    is_under_way: Callable[[Who], bool]
    say: Callable[[str], None]


class Intake:
    """All that has not become an errand yet."""

    def __init__(self, course: Course, limits: Limits, places: Mapping[str, Place], asked: Asked) -> None:
        self._course, self._limits, self._places, self._asked = course, limits, places, asked
        self._journal = Journal(course)
        self._collect = collector(course)
        self._settling = Settling(places)
        self._to_look: deque[tuple[Place, Iterator[Spot]]] = deque()
        self._seen: dict[Who | tuple[str, str, str], tuple[Spot, str]] = {}
        self._later: dict[Who, Spot] = {}  # in submitted/, while something of its student is under way
        self._unwritten: dict[Spot, float] = {}  # and when to try again, of time.monotonic
        self._next_look = time.monotonic() + LOOK_THROUGH_SECONDS

    @property
    def is_busy(self) -> bool:
        """Whether something is to be looked at soon."""
        return bool(self._settling or self._to_look)

    def touched(self, place: Place, paths: list[Path]) -> None:
        """Something changed at these paths."""
        for path in dict.fromkeys(paths):
            for spot in spots_at(place, path):
                self._settling.touched(spot)

    def look_through(self, place: Place) -> None:
        """Word of changes there may be missing: look at everything, a little at a time."""
        if all(other is not place for other, _ in self._to_look):
            self._to_look.append((place, place.spots()))

    def arrivals(self) -> Iterator[Errand]:
        """What is there whole by now, and new."""
        self._look()
        for spot, moment_to_try in list(self._unwritten.items()):
            if time.monotonic() > moment_to_try:
                del self._unwritten[spot]
                self._settling.touched(spot)
        for arrival in self._settling.settled():
            errand = self._noted(arrival)
            if errand is not None:
                yield errand

    def _look(self) -> None:
        if time.monotonic() > self._next_look:
            self._next_look = time.monotonic() + LOOK_THROUGH_SECONDS
            for place in self._places.values():
                self.look_through(place)
        for _ in range(LOOKED_AT_ONCE if self._to_look else 0):
            place, spots = self._to_look[0]
            spot = next(spots, None)
            if spot is None:
                self._to_look.popleft()
                return
            look = place.look(spot)
            if look is not None and self._seen.get(_key(spot)) != (spot, look.mark):
                self._settling.touched(spot)

    def _noted(self, arrival: Arrival) -> Errand | None:
        """Write down what arrived; None if it is not new, or cannot be written down yet."""
        spot, look = arrival.spot, arrival.look
        who = spot.student, spot.stem
        if spot.place == "submitted" and self._asked.is_under_way(who):
            self._later[who] = spot  # it may be what the watch itself has just put there
            return None
        entry = self._journal.read(spot.stem, spot.student)
        mark = self._new_mark(spot, look, entry)
        if mark is not None:
            entry.marks[spot.place] = mark
            entry.place, entry.arrived, entry.given, entry.digest = spot.place, moment(look), False, ""
            try:
                self._journal.write(spot.stem, spot.student, entry)
            except StorageError as error:
                if not self._unwritten:
                    self._asked.say(f"{error.what}; what arrives waits")
                self._unwritten[spot] = time.monotonic() + RETRY_SECONDS
                return None
        self._seen[_key(spot)] = spot, look.mark
        return None if mark is None else self._errand(spot, look, mark, entry)

    def _errand(self, spot: Spot, look: Look, mark: str, entry: Entry) -> Errand:
        drop = self._places.get("drop")
        home = drop.folder() / spot.student if drop is not None and "drop" in entry.marks else None
        return Errand(
            root=self._course.root,
            student=spot.student,
            stem=spot.stem,
            place=spot.place,
            path=look.path,
            mark=mark,
            arrived=entry.arrived,
            limits=self._limits,
            drop=home,
        )

    def _new_mark(self, spot: Spot, look: Look, entry: Entry) -> str | None:
        """What tells this arrival from others; None if its feedback was given, or something newer came."""
        if spot.place == "submitted":
            digest = digest_of_folder(spot.path, int(self._limits.notebook_bytes))
            if not digest or (entry.given and entry.digest == digest):
                return None
            return digest if entry.marks or not self._asked.is_graded(spot.stem, spot.student) else None
        if entry.given and entry.marks.get(spot.place) == look.mark:
            return None
        if spot.place == "exchange" and self._is_old(spot, look, entry):
            return None
        return look.mark

    def _is_old(self, spot: Spot, look: Look, entry: Entry) -> bool:
        """Whether a newer one was taken already, by a watch or, before it, by `nbgrader collect`."""
        moment_of = self._moment_in_exchange
        taken = entry.marks.get("exchange")
        if taken is not None:
            return moment_of(look.mark) < moment_of(taken)
        collected = self._course.folder("submitted", spot.stem, spot.student) / "timestamp.txt"
        with contextlib.suppress(OSError, UnicodeDecodeError):
            said = collected.read_text(encoding="utf-8").strip()
            return moment_of(look.mark) <= moment_of(f"{spot.student}+{spot.stem}+{said}")
        return False

    def _moment_in_exchange(self, mark: str) -> float:
        moment_there = self._collect.record_of(mark.split("~")[0])["timestamp"]
        return float((moment_there - type(moment_there).min).total_seconds())

    def given(self, errand: Errand, digest: str) -> None:
        """Write down that the feedback of an errand was given, unless something newer came meanwhile.

        StorageError if that cannot be written: then it is given once more some day.
        """
        entry = self._journal.read(errand.stem, errand.student)
        if entry.marks.get(errand.place) == errand.mark and entry.place == errand.place:
            entry.given, entry.digest = True, digest
            self._journal.write(errand.stem, errand.student, entry)

    def over(self, errand: Errand) -> None:
        """Nothing of this student is under way any more: now what changed in submitted/ is looked at."""
        spot = self._later.pop((errand.student, errand.stem), None)
        if spot is not None:
            self._settling.touched(spot)


def _key(spot: Spot) -> tuple[str, str, str]:
    return spot.place, spot.student, spot.stem


def spots_at(place: Place, path: Path) -> Iterator[Spot]:
    """The spot of what changed; of a new folder, those in it: what came before it was watched has no word."""
    spot = place.spot_of(path)
    if spot is not None:
        yield spot
    elif place.recursive and path != place.folder():
        for found in _in_folder(path):
            spot = place.spot_of(found)
            if spot is not None:
                yield spot


def _in_folder(folder: Path) -> list[Path]:
    """What is in a folder, if it is one that can be looked into."""
    with contextlib.suppress(OSError):
        if not folder.is_symlink():
            return list(islice(folder.iterdir(), MOST_IN_A_FOLDER))
    return []
