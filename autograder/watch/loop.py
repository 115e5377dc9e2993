"""TRUSTED: the watch itself: one thread that hears of arrivals, has them graded, and sees them given back.

An arrival is written into the journal before anything is done with it, and again when its feedback was given:
a watch that was killed in between does the rest when it is started again, and nothing twice.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.files import StorageError
from autograder.grade_one import Job, grader_error
from autograder.limits import Limits
from autograder.result import Result, Status
from autograder.watch import worker as work
from autograder.watch.crew import Crew, Worker
from autograder.watch.desk import Desk, Session
from autograder.watch.errands import Errand, Waiting
from autograder.watch.intake import Asked, Intake
from autograder.watch.notices import Notices
from autograder.watch.places import Place
from autograder.watch.settling import GLANCE_SECONDS

IDLE_SECONDS = 0.5  # the longest time in which nothing is looked at


@dataclass(frozen=True)
class Delivered:
    """One result: its feedback is where its student finds it, or `fault` says why it is tried again."""

    result: Result
    place: str
    seconds: float  # since it arrived
    places: tuple[str, ...] = ()  # where the feedback is, beside the course's own folder
    fault: str = ""
    pause: float = 0.0  # seconds until it is tried again


@dataclass(frozen=True)
class Ears:
    """Who is told: of results, and of what an instructor should know."""

    delivered: Callable[[Delivered], None]
    say: Callable[[str], None]


@dataclass
class Begun:
    """An errand at a worker, and what came of its first step."""

    errand: Errand
    started: float = field(default_factory=time.monotonic)
    results: list[Result] = field(default_factory=list)
    digest: str = ""  # of what was graded
    deaths: int = 0  # of workers that had it


class Watch:
    """Watches for the assignments `stems` of a course. UsageError if one of them cannot be used."""

    def __init__(self, course: Course, stems: list[str], limits: Limits, ears: Ears) -> None:
        self._course, self._limits, self._ears = course, limits, ears
        self._session = Session(course)
        self._desks = {stem: Desk(course, stem, limits, self._session, ears.say) for stem in stems}
        self._waiting = Waiting()
        self._events: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._crew: Crew | None = None
        self._said_ready = False

    def wake(self) -> None:
        """Look at once whether there is something to do. Any thread and any signal handler may call it."""
        self._events.put(None)

    def run(
        self,
        places: Mapping[str, Place],
        workers: int,
        stopping: Callable[[], bool],
        poll_seconds: float = 0.0,
    ) -> None:
        """Watch `places` until `stopping`, then finish what is under way."""
        asked = Asked(lambda stem, who: self._desks[stem].is_graded(who), self._is_under_way, self._ears.say)
        self._intake = Intake(self._course, self._limits, places, asked)
        notices = Notices(self._heard, self._asked, self._ears.say, poll_seconds)
        try:
            with Crew(workers, self.wake) as self._crew:
                for one in self._crew.workers:
                    one.cold.extend(self._desks)
                for place in places.values():
                    notices.begin(place)
                while not (stopping() and not self._crew.at_work()):
                    self._step(self._crew, ending=stopping())
        finally:
            notices.end()
            for desk in self._desks.values():
                desk.close()
            self._session.close()

    def _heard(self, place: Place, paths: list[Path]) -> None:
        self._events.put(lambda: self._intake.touched(place, paths))

    def _asked(self, place: Place) -> None:
        self._events.put(lambda: self._intake.look_through(place))

    def _is_under_way(self, who: tuple[str, str]) -> bool:
        at_work = self._crew.at_work() if self._crew is not None else []
        return who in self._waiting or any(begun.errand.who == who for begun in at_work)

    def _step(self, crew: Crew, *, ending: bool) -> None:
        self._hear()
        for one in crew.workers:
            done = one.done()
            if done is not None:
                self._after(one, done)
        if not ending:
            for errand in self._intake.arrivals():
                self._waiting.add(errand)
            self._send_out(crew)
            self._use_idle(crew)
        busy = {begun.errand.stem for begun in crew.at_work()}
        wanted = {errand.stem for errand in self._waiting.due()} - {
            stem for stem, desk in self._desks.items() if desk.is_due_to_close
        }
        for stem, desk in self._desks.items():
            if desk.is_open and stem not in busy | wanted:
                desk.close()

    def _hear(self) -> None:
        """Wait for word of anything, but no longer than until something is due."""
        soon = self._intake.is_busy or len(self._waiting) > 0
        with contextlib.suppress(queue.Empty):
            event = self._events.get(timeout=GLANCE_SECONDS if soon else IDLE_SECONDS)
            while True:
                if event is not None:
                    event()
                event = self._events.get_nowait()

    def _send_out(self, crew: Crew) -> None:
        """Give each free worker the next errand."""
        while crew.has_free():
            busy = frozenset(begun.errand.student for begun in crew.at_work())
            errand = self._waiting.next(busy, lambda errand: self._desks[errand.stem].open())
            if errand is None:
                return
            desk = self._desks[errand.stem]
            errand = replace(errand, bases=desk.bases, run=desk.run)
            self._begin(crew.free(errand.stem), Begun(errand))

    def _begin(self, one: Worker, begun: Begun) -> None:
        one.drawn.pop(begun.errand.stem, None)
        one.begin(begun, work.take_and_grade, begun.errand)

    def _use_idle(self, crew: Crew) -> None:
        """While nothing waits: load what the first submission needs, draw the next one's questions."""
        if not self._said_ready and all(one.is_idle and not one.cold for one in crew.workers):
            self._ears.say("ready: everything is loaded")
            self._said_ready = True
        for one in crew.workers:
            if not one.is_idle or (self._waiting and not one.cold):
                continue
            runs = {stem: desk.run for stem, desk in self._desks.items()}
            stem = one.cold.popleft() if one.cold else one.undrawn(runs)
            if stem is not None:
                one.drawn[stem] = runs[stem]
                one.begin(None, work.prepare, self._course.root, stem, runs[stem], self._limits)

    def _after(self, one: Worker, done: Future[Any]) -> None:
        """A worker is done with a step, or dead, or could not be started."""
        begun, failure = one.work, done.exception()
        one.work = None
        if failure is not None:
            one.begin_again()
            if begun is None:
                self._ears.say(f"a worker ended while it drew questions: {failure}")
            elif begun.deaths or begun.results:
                self._fault(begun, grader_errors(begun.errand, failure))
            else:  # it may have been somebody else's doing: once more
                begun.deaths = 1
                self._begin(one, begun)
            return
        if begun is None:
            if done.result():
                self._ears.say(done.result())
            return
        came = done.result()
        if isinstance(came, work.Graded):
            self._graded(one, begun, came)
        else:
            self._given(begun, came)

    def _graded(self, one: Worker, begun: Begun, came: work.Graded) -> None:
        errand = begun.errand
        if came.gone:
            self._ears.say(f"{came.gone}: nothing is graded")
            self._over(begun)
            return
        if came.fault:
            self._fault(begun, grader_errors(errand, RuntimeError(came.fault)))
            return
        desk = self._desks[errand.stem]
        begun.digest = came.digest
        begun.results = [desk.put(result, kept) for result, kept in came.results]
        if any(result.status is Status.GRADER_ERROR for result in begun.results):
            self._over(begun)
            self._try_again(begun, "")
            return
        note = "\n".join(result.message for result in begun.results if result.status is Status.MISSING)
        one.begin(begun, work.give_back, errand, note)

    def _given(self, begun: Begun, came: work.Given) -> None:
        errand = begun.errand
        self._over(begun)
        if came.fault:
            self._try_again(begun, f"the feedback could not be given: {came.fault}")
            return
        if came.refused:
            self._ears.say(came.refused)
        try:
            self._intake.given(errand, begun.digest)
        except StorageError as error:
            self._ears.say(str(error))
        for result in begun.results:
            seconds = max(0.0, time.time() - errand.arrived)
            self._ears.delivered(Delivered(result, errand.place, seconds, came.places))

    def _fault(self, begun: Begun, errors: list[Result]) -> None:
        """Ours, before there was a result: on record where that can be written, and tried again."""
        begun.results = [self._desks[begun.errand.stem].put(error, kept=False) for error in errors]
        self._over(begun)
        self._try_again(begun, "")

    def _over(self, begun: Begun) -> None:
        self._waiting.served(begun.errand.student, time.monotonic() - begun.started)
        self._intake.over(begun.errand)

    def _try_again(self, begun: Begun, fault: str) -> None:
        errand = begun.errand
        pause = self._waiting.again(errand)
        for result in begun.results:
            why = fault or result.message
            if fault or result.status is Status.GRADER_ERROR:
                seconds = max(0.0, time.time() - errand.arrived)
                self._ears.delivered(Delivered(result, errand.place, seconds, (), why, pause))


def grader_errors(errand: Errand, error: BaseException) -> list[Result]:
    """The result of each notebook where none came."""
    jobs = [
        Job(errand.root, errand.student, errand.stem, name, 0, errand.limits, basis)
        for name, basis in errand.bases.items()
    ]
    return [grader_error(job, error) for job in jobs]
