"""TRUSTED: what Ctrl-C and SIGTERM do to a class that is being graded.

Ctrl-C: what runs is finished and written, nothing more is begun; a second one ends at once. Before anything
runs, the first one ends at once.

SIGTERM, from a batch system or a shutdown: the same, for `GRACE_SECONDS` at most. A submission may take as
long as a notebook's limit, and who sends SIGTERM sends SIGKILL soon: after 10 s (Docker), 30 s (Slurm,
Kubernetes) or 90 s (systemd). Most submissions take less than a second; what is not done in time is graded by
the next run.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, Self

GRACE_SECONDS = 7.0
FINISHING = "stopping: what runs is finished and written. Ctrl-C again ends at once."
FINISHING_SOON = f"asked to end (SIGTERM): what runs has {GRACE_SECONDS:g} s to finish."


class Terminated(KeyboardInterrupt):
    """Ended by SIGTERM: a shutdown, a batch system, `kill`."""


class Stopping:
    """Whether somebody wishes a class run to stop. Without `with` it hears no signal, and nobody does."""

    def __init__(self, tell: Callable[[str], None] = lambda text: None) -> None:
        """`tell` is called by a signal handler, so it may take no lock."""
        self.asked: signal.Signals | None = None
        self._tell = tell
        self._runs = False
        self._before: dict[signal.Signals, Any] = {}

    def __call__(self) -> bool:
        """True once somebody does."""
        return self.asked is not None

    @contextlib.contextmanager
    def something_runs(self) -> Iterator[None]:
        """Within the block a first signal is a wish; outside of it there is nothing to finish."""
        self._runs = True
        try:
            yield
        finally:
            self._runs = False
            if self._before:
                signal.setitimer(signal.ITIMER_REAL, 0)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.asked is not None or not self._runs:
            raise KeyboardInterrupt if number == signal.SIGINT else Terminated
        self.asked = signal.Signals(number)
        if number == signal.SIGTERM:
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)
        self._tell(FINISHING if number == signal.SIGINT else FINISHING_SOON)

    def __enter__(self) -> Self:
        """Hear the signals, in the main thread; one that is ignored (a job in the background) stays so."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
