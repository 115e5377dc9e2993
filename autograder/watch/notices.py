"""TRUSTED: hears of changes in the watched folders, by the library watchfiles, in threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from autograder.watch.places import Place

GATHER_MILLISECONDS, PAUSE_MILLISECONDS = 50, 10  # changes at one moment come together
CHECK_MILLISECONDS = 500  # how often the wish to end is looked for
RETRY_SECONDS = 2.0  # after which a folder that cannot be watched is looked through, and tried again


class Notices:
    """Calls `changed(place, paths)` for changes and `look_through(place)` where some may have been missed."""

    def __init__(
        self,
        changed: Callable[[Place, list[Path]], None],
        look_through: Callable[[Place], None],
        say: Callable[[str], None],
        poll_seconds: float = 0.0,
    ) -> None:
        self._changed, self._look_through, self._say = changed, look_through, say
        self._poll = poll_seconds
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self, place: Place) -> None:
        """Watch a place until the end."""
        thread = threading.Thread(target=self._follow, args=(place,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def end(self) -> None:
        """Watch no more."""
        self._ended.set()
        for thread in self._threads:
            thread.join(2 * CHECK_MILLISECONDS / 1000)

    def _follow(self, place: Place) -> None:
        said = ""
        while not self._ended.is_set():
            try:
                self._watch(place)
            except Exception as error:  # noqa: BLE001 - watchfiles raises what the system says, in many kinds
                reason = str(error).splitlines()[0] if str(error) else type(error).__name__
                if reason != said and place.folder().is_dir():
                    self._say(f"{place.folder()} is looked through every {RETRY_SECONDS:g} s: {reason}")
                    said = reason
            else:
                said = ""
            self._ended.wait(RETRY_SECONDS)
            self._look_through(place)

    def _watch(self, place: Place) -> None:
        changes = watch(
            place.folder(),
            watch_filter=None,
            debounce=GATHER_MILLISECONDS,
            step=PAUSE_MILLISECONDS,
            rust_timeout=CHECK_MILLISECONDS,
            yield_on_timeout=True,
            stop_event=self._ended,
            raise_interrupt=False,
            recursive=place.recursive,
            force_polling=self._poll > 0 or None,
            poll_delay_ms=round(1000 * self._poll) or 300,
            ignore_permission_denied=True,
        )
        first = True
        for found in changes:
            if first:  # what came before the watch began
                self._look_through(place)
                first = False
            if found:
                self._changed(place, [Path(path) for _, path in found])
            elif not place.folder().is_dir():
                return
