"""TRUSTED: the jails of this process, each lent to one submission at a time and used again for the next."""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox.trusted.jail import Jail
from autograder.sandbox.trusted.open_jail import OpenJail

Key = tuple[Path, Limits, bool]


class Jails:
    """As many jails as submissions run at once: one where a process grades one by one, more where threads do.

    They are kept for the next submission while somebody holds them: this process itself, or, on a cluster's
    worker, the class runs that it works for.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal may ask to close while its own thread is in here
        self._idle: dict[Key, list[tuple[Jail, float]]] = defaultdict(list)  # each with when it came back
        self._lent: set[Jail] = set()
        self._holders: set[str] = {"this process"}

    @contextlib.contextmanager
    def lent(self, root: Path, limits: Limits, sandboxed: bool = True) -> Iterator[Jail]:
        """A jail for the course at `root`, for one submission; its fork server starts when it is needed.

        Without `sandboxed` it is no jail: only `autograder grade --no-sandbox` asks for that.
        """
        key = (root, limits, sandboxed)
        with self._lock:
            jail = self._idle[key].pop()[0] if self._idle[key] else self._new(key)
            self._lent.add(jail)
        try:
            yield jail
        finally:
            with self._lock:
                self._lent.discard(jail)
                kept = bool(self._holders)
                if kept:
                    self._idle[key].append((jail, time.monotonic()))
            if not kept:
                jail.close()

    def _new(self, key: Key) -> Jail:
        root, limits, sandboxed = key
        return Jail(limits, hidden=[root]) if sandboxed else OpenJail(limits)

    def held_by(self, name: str) -> None:
        """Keep jails for `name` until it lets them go, and for nobody who has not said so."""
        with self._lock:
            self._holders = {*self._holders, name} - {"this process"}

    def let_go(self, name: str) -> None:
        """`name` needs no jail any more: without another holder they end, those lent once they come back."""
        with self._lock:
            self._holders.discard(name)
            unused = not self._holders
        if unused:
            self.close_idle()

    def close_idle(self, seconds: float = 0.0) -> None:
        """End the jails that nobody has used for so long."""
        since = time.monotonic() - seconds
        with self._lock:
            ended = [pair for pairs in self._idle.values() for pair in pairs if pair[1] <= since]
            for key, pairs in self._idle.items():
                self._idle[key] = [pair for pair in pairs if pair not in ended]
        for jail, _ in ended:
            jail.close()

    def close(self) -> None:
        """End every jail, also one in use."""
        with self._lock:
            lent = list(self._lent)
        for jail in lent:
            jail.close()
        self.close_idle()


_jails = Jails()
lent_jail, close_jails = _jails.lent, _jails.close
hold_jails, let_jails_go, close_idle_jails = _jails.held_by, _jails.let_go, _jails.close_idle
atexit.register(close_jails)
