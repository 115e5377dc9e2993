"""TRUSTED: the worker processes of a watch: each with one thing to do at a time, and warm for the next."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from types import TracebackType
from typing import Any

from autograder.workers import LocalPool

BREATH_SECONDS = 1.0  # between two tries to start a process on a machine that starts none


class Worker:
    """One process, and what it does: `work` is the errand, or None while it warms up or draws questions."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._hold = contextlib.ExitStack()
        self._pool: Executor = self._hold.enter_context(LocalPool(1, 1))
        self.work: Any = None
        self._future: Future[Any] | None = None
        self.cold: deque[str] = deque()  # assignments that it has not loaded yet
        self.drawn: dict[str, str] = {}  # by assignment, the run whose next questions are drawn

    @property
    def is_idle(self) -> bool:
        """Whether nothing at all is with it."""
        return self._future is None

    def undrawn(self, runs: Mapping[str, str]) -> str | None:
        """An assignment, of those with their `runs`, whose next questions are not drawn here."""
        return next((stem for stem, run in runs.items() if self.drawn.get(stem) != run), None)

    def begin(self, work: Any, function: Callable[..., Any], *arguments: Any) -> None:
        """Start; what it draws or loads just now is finished first.

        Where no process can be started it is done at once, and the exception says why.
        """
        try:
            try:
                self._future = self._pool.submit(function, *arguments)
            except BrokenExecutor:  # its process died while it had nothing to do
                self.begin_again()
                self._future = self._pool.submit(function, *arguments)
        except OSError as error:
            time.sleep(BREATH_SECONDS)
            self._future = Future()
            self._future.set_exception(error)
        self.work = work
        self._future.add_done_callback(lambda future: self._wake())

    def done(self) -> Future[Any] | None:
        """What is done, once; None while it runs."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        return future

    def begin_again(self) -> None:
        """A new process in place of one that died. What it had drawn is lost."""
        with contextlib.suppress(Exception):  # it is broken: there is nothing to end in good order
            self._hold.close()
        self._pool = self._hold.enter_context(LocalPool(1, 1))
        self._future = None
        self.drawn.clear()

    def end(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process: at once if an exception ended the watch, else after what it does."""
        if error is None:
            self._hold.close()
            return
        with contextlib.suppress(BaseException):  # the same one comes back: it is on its way already
            self._hold.__exit__(kind, error, trace)


class Crew:
    """`number` workers. `wake` is called, in any thread, when one of them is done."""

    def __init__(self, number: int, wake: Callable[[], None]) -> None:
        self.workers = [Worker(wake) for _ in range(number)]

    def has_free(self) -> bool:
        """Whether some worker has no errand."""
        return any(worker.work is None for worker in self.workers)

    def free(self, stem: str) -> Worker:
        """A worker with no errand; rather one that waits with questions drawn for `stem`."""
        free = [worker for worker in self.workers if worker.work is None]
        return min(free, key=lambda one: (not one.is_idle, stem not in one.drawn))

    def at_work(self) -> list[Any]:
        """The errands under way."""
        return [worker.work for worker in self.workers if worker.work is not None]

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.end(kind, error, trace)
