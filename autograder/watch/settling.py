"""TRUSTED: waits until what arrives is there whole: half of a file would be graded as a broken one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.watch.places import Look, Place, Spot, is_whole

QUIET_SECONDS = 0.2  # without a change: it is taken
BROKEN_SECONDS = 10.0  # without a change, and cut off: whoever writes it is slow, or it stays so
GLANCE_SECONDS = 0.025  # between two looks


@dataclass(frozen=True)
class Arrival:
    """Work that is there whole."""

    spot: Spot
    look: Look


@dataclass
class _Pending:
    spot: Spot
    look: Look | None
    since: float  # of time.monotonic, without a change
    whole: bool | None = None  # not looked yet


class Settling:
    """What has begun to arrive. Of each student, assignment and place the newest alone is looked at."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._pending: dict[tuple[str, str, str], _Pending] = {}
        self._next_glance = 0.0

    def __bool__(self) -> bool:
        return bool(self._pending)

    def touched(self, spot: Spot) -> None:
        """Something changed there."""
        key = (spot.place, spot.student, spot.stem)
        if key not in self._pending or self._pending[key].spot != spot:
            self._pending[key] = _Pending(spot, None, time.monotonic())
            self._next_glance = 0.0

    def settled(self) -> Iterator[Arrival]:
        """What is whole by now."""
        now = time.monotonic()
        if now < self._next_glance:
            return
        self._next_glance = now + GLANCE_SECONDS
        for key, pending in list(self._pending.items()):
            look = self._places[pending.spot.place].look(pending.spot)
            if look is None:  # taken away, or not there yet: then there will be word of it
                del self._pending[key]
            elif self._is_settled(pending, look):
                del self._pending[key]
                yield Arrival(pending.spot, look)

    def _is_settled(self, pending: _Pending, look: Look) -> bool:
        now = time.monotonic()
        if pending.look is None or pending.look.mark != look.mark:
            first = pending.look is None
            pending.look, pending.since, pending.whole = look, now, None
            moved_here_whole = first and time.time() - look.written > QUIET_SECONDS
            if not (look.finished or moved_here_whole):
                return False
            pending.since = now - 2 * QUIET_SECONDS
        if look.finished:
            return True
        quiet = now - pending.since
        if quiet < QUIET_SECONDS:
            return False
        if pending.whole is None:
            pending.whole = is_whole(look.path)
        return pending.whole or quiet >= BROKEN_SECONDS
