"""TRUSTED: the one loop that grades a class, and this machine's worker processes (a cluster's: cluster.py).

What a dead worker had is graded again, and no worker outlives the grader.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from multiprocessing.util import Finalize
from types import TracebackType
from typing import Any, Protocol

from autograder.foreman import deaf_to_ctrl_c, end_with_parent, worker_context
from autograder.grade_one import Job, grade_one, grader_error
from autograder.jails import close_jails
from autograder.result import Result, Status

AHEAD = 3  # jobs per worker that are with the pool: enough to keep it busy, few enough to lose
GLANCE_SECONDS = 0.2  # at the latest after which a wish to stop, or another number of workers, is seen


class Pool(Protocol):
    """Workers that grade jobs."""

    def begin(self, job: Job) -> Future[Result]:
        """Have it graded. BrokenExecutor where the pool takes no more, OSError where it cannot take this."""

    def threads(self) -> int:
        """How many jobs run at once, now."""

    def ahead(self) -> int:
        """How many jobs the pool may have, now. Raises where the pool will never take one any more."""

    def recall(self, futures: Collection[Future[Result]]) -> list[Future[Result]]:
        """Begin nothing more; those of `futures` that had not begun are cancelled, and returned."""


class Crew(Protocol):
    """Where pools come from."""

    def pool(self, sample: Job, most: int) -> AbstractContextManager[Pool]:
        """A pool for jobs like `sample`, at most `most` of them at a time."""


class NotBegun(Exception):
    """The pool had this job in its queue when somebody wished to stop."""


def never() -> bool:
    """Nobody wishes to stop."""
    return False


def unwatched(jobs: Sequence[Job]) -> None:
    """Nobody wishes to know what runs."""


def graded(
    jobs: Iterable[Job],
    crew: Crew,
    stopping: Callable[[], bool] = never,
    at_work: Callable[[Sequence[Job]], None] = unwatched,
) -> Generator[Result]:
    """Yield one Result per job, whichever finishes first.

    Once `stopping` is true no job is begun: those that run are finished and yielded, the others are left out.
    `at_work` is told several times a second which jobs run.
    What ended in an error of the grader, or was with the pool when a worker died, is graded again by itself:
    the job that kills its worker then takes nobody else's with it. A job that fails twice is GRADER_ERROR.
    """
    todo, doubtful = deque(jobs), deque[Job]()
    while todo and not stopping():
        with crew.pool(todo[0], len(todo)) as pool:
            for job, result in grade_until_broken(todo, pool, stopping, at_work):
                if result.status is Status.GRADER_ERROR:
                    doubtful.append(job)
                else:
                    yield result
    while doubtful and not stopping():
        with crew.pool(doubtful[0], 1) as pool:
            for _, result in grade_until_broken(doubtful, pool, stopping, at_work):
                yield result


def grade_until_broken(
    todo: deque[Job],
    pool: Pool,
    stopping: Callable[[], bool] = never,
    at_work: Callable[[Sequence[Job]], None] = unwatched,
) -> Iterator[tuple[Job, Result]]:
    """Take jobs from `todo` and yield each with its result, never an exception, until none is left.

    Once `stopping` is true, what has not begun is left. `at_work` is told what runs.
    At most `pool.ahead()` are with the pool at a time: results hold notebooks, and must not pile up while the
    gradebook is slow. If the pool breaks, what was with it is GRADER_ERROR and the rest stays in `todo`.
    """
    running: dict[Future[Result], Job] = {}
    works = True
    while running or (works and todo and not stopping()):
        if stopping():
            todo.extend(running.pop(future) for future in pool.recall(running.keys()))
        ahead = pool.ahead()  # asked also when nothing is left to begin: it raises if nothing will come back
        while works and todo and not stopping() and len(running) < ahead:
            try:
                future = pool.begin(todo[0])
            except BrokenExecutor:
                works = False
            except OSError as error:  # no process could be started
                job = todo.popleft()
                yield job, grader_error(job, error)
            else:
                running[future] = todo.popleft()
        at_work(list(running.values())[: pool.threads()])  # a pool begins them in the order they came in
        for future in _done(running.keys()):
            job = running.pop(future)
            if future.cancelled() or isinstance(future.exception(), NotBegun):  # the pool gives it back
                todo.append(job)
                continue
            failure = future.exception()
            works = works and not isinstance(failure, BrokenExecutor)
            yield job, future.result() if failure is None else grader_error(job, failure)


def _done(futures: Collection[Future[Result]]) -> Collection[Future[Result]]:
    """Those that are done, after a glance at the most."""
    if not futures:
        time.sleep(GLANCE_SECONDS)
    return wait(futures, GLANCE_SECONDS, return_when=FIRST_COMPLETED).done


class LocalCrew:
    """At most `workers` processes of this machine."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def pool(self, sample: Job, most: int) -> LocalPool:
        """Worker processes."""
        return LocalPool(min(self.workers, most), most)


class LocalPool(ProcessPoolExecutor):
    """Worker processes, each with its own fork server and jail, that can be told to begin nothing more.

    They end with the `with` block: where an exception leaves it, in the middle of what they do.
    """

    def __init__(self, workers: int, most: int) -> None:
        context = worker_context()
        self._stopped = context.RawValue("b", 0)  # no lock, which a worker that is killed could hold for ever
        self._workers, self._most = workers, most
        super().__init__(
            workers, mp_context=context, initializer=_belong_to_the_grader, initargs=(self._stopped,)
        )

    def begin(self, job: Job) -> Future[Result]:
        """Have it graded."""
        with deaf_to_ctrl_c():  # it may start a worker
            return self.submit(_begin, job)

    def threads(self) -> int:
        """How many jobs run at once."""
        return self._workers

    def ahead(self) -> int:
        """How many jobs the pool may have."""
        return min(AHEAD * self._workers, self._most)

    def recall(self, futures: Collection[Future[Result]]) -> list[Future[Result]]:
        """Begin nothing more: what has not begun is NotBegun soon.

        Nothing is cancelled: a pool that breaks then would leave the other futures waiting for ever.
        """
        self._stopped.value = 1
        return []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers: at once after Ctrl-C, or where nobody takes the results. Each ends its jail."""
        if kind is not None:  # the next run grades again what they have in hand
            for process in list((self._processes or {}).values()):  # Python 3.14 has terminate_workers for it
                process.terminate()
        self.shutdown(cancel_futures=kind is not None)


_stopped: Any = None  # in a worker: shared with the grader, not 0 once somebody wishes to stop


def _begin(job: Job) -> Result:
    """Grade `job`, unless somebody wished to stop: a pool gives its workers more than they are at."""
    if _stopped is not None and _stopped.value:
        raise NotBegun
    return grade_one(job)


def _belong_to_the_grader(stopped: Any) -> None:
    """In a worker: end when the grader is killed, leave Ctrl-C to it, and leave no jail when it says so."""
    global _stopped
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # its jail is not to inherit the block
    signal.signal(signal.SIGTERM, _leave)
    Finalize(None, close_jails, exitpriority=0)  # a fork of the foreman ends without its atexit
    end_with_parent()
    threading.Thread(target=_end_with_the_grader, daemon=True).start()


def _end_with_the_grader() -> None:
    """Wait for its end, of which the kernel tells its children alone: a worker is one of the foreman."""
    grader = multiprocessing.parent_process()
    if grader is not None:
        grader.join()
        os.kill(os.getpid(), signal.SIGKILL)


def _leave(number: int, frame: object) -> None:
    close_jails()
    os._exit(128 + number)
