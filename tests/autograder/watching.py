"""A real `autograder watch` of a small course in a process of its own, and what it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120.0  # a busy machine is no fault


def until(what: str, true: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until `true` gives something; an AssertionError that says what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds:g} s")


class Watcher:
    """`autograder watch` for the course at `root` with a drop folder beside it, begun at once.

    `through` is a command that runs it, as `nsenter`.
    """

    def __init__(self, root: Path, *options: str, through: Sequence[str] = ()) -> None:
        self.root, self.drop = root, root.parent / "drop"
        self.lines, self.log = root.parent / "lines.jsonl", root.parent / "watch.log"
        self.drop.mkdir(exist_ok=True)
        self.options, self.through = options, through
        self.begin()

    def begin(self) -> None:
        """Start it, and wait until it watches."""
        already = self.said()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(*self.through, sys.executable, "-m", "autograder", "watch", "--course-dir", self.root),
                    *("--drop", self.drop, "--json", self.lines, "--workers", "1", *self.options),
                ],
                stdout=log,
                stderr=log,
            )
        until("the beginning", lambda: "watching for" in self.said()[len(already) :])

    def said(self) -> str:
        """All that it has said."""
        return self.log.read_text() if self.log.exists() else ""

    def results(self, student: str) -> list[dict[str, Any]]:
        """The objects about one student so far."""
        lines = self.lines.read_text().splitlines() if self.lines.exists() else []
        return [told for line in lines if (told := json.loads(line))["student"] == student]

    def result(self, student: str, number: int = 1) -> dict[str, Any]:
        """Wait for the result of this number, from 1, and return it."""
        until(f"result {number} of {student}", lambda: len(self.results(student)) >= number or self._ended())
        return self.results(student)[number - 1]

    def _ended(self) -> bool:
        assert self.process.poll() is None, self.said()
        return False

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def page(self, student: str, stem: str) -> str:
        """The feedback in the drop folder."""
        return (self.drop / student / "feedback" / stem / f"{stem}.html").read_text(encoding="utf-8")
