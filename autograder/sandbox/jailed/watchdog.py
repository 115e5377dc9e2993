"""JAILED SIDE, in the server's process, which student code cannot reach: what one submission uses in all.

The kernel's limits hold for each process; a submission may start many. The server sees them all in
its /proc and ends the submission when their sum passes a limit.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
PROCESSES = Path("/proc")
# positions in /proc/PID/stat after the name, see proc(5)
PARENT, TIMES, CHILDREN_TIMES, THREADS, BEGUN = 1, slice(11, 13), slice(13, 15), 17, 19


def others(own: set[int]) -> list[Path]:
    """The /proc folders of every process that is not in `own`."""
    names = (folder for folder in PROCESSES.iterdir() if folder.name.isdecimal())
    return [folder for folder in names if int(folder.name) not in own]


@dataclass(frozen=True)
class Process:
    """What the kernel says of one process; times in seconds."""

    number: int
    parent: int
    begun: int  # with the number: a name that no two processes share
    threads: int
    seconds: float  # of processor time, its own
    with_ended: float  # and of those of its children that have ended and were waited for


def read(folder: Path) -> Process | None:
    """Look at one process; None if it is gone."""
    try:
        words = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None  # it ended between the listing and the reading
    own = sum(map(int, words[TIMES])) / TICKS
    ended = sum(map(int, words[CHILDREN_TIMES])) / TICKS
    parent, begun, threads = int(words[PARENT]), int(words[BEGUN]), int(words[THREADS])
    return Process(int(folder.name), parent, begun, threads, own, own + ended)


class Watch:
    """Adds up what the processes of one submission use."""

    def __init__(self, limits: dict[str, float]) -> None:
        self._limits = limits
        self._alive: dict[tuple[int, int], float] = {}  # seconds of each, when last seen
        self._ended = 0.0  # seconds of those that are gone, when last seen
        self.cpu_seconds = 0.0

    def excess(self, folders: Sequence[Path]) -> str | None:
        """Return the limit that these processes are over: "processes", "cpu" or "memory"; else None."""
        processes = [process for folder in folders if (process := read(folder))]
        self._add_up(processes)
        if sum(process.threads for process in processes) > self._limits["processes"]:
            return "processes"
        if self.cpu_seconds > self._limits["cpu_seconds"]:
            return "cpu"
        most = self._limits["memory_bytes"] + self._limits["disk_bytes"]
        if sum(map(_resident, folders)) <= most:  # counts the server's shared pages too: cheap, and enough
            return None
        return "memory" if sum(map(_proportional, folders)) > most else None

    def _add_up(self, processes: Sequence[Process]) -> None:
        """Processor time so far, from two sums that are never too large: the larger of them.

        One is of all that were seen, alive or gone, when last seen; the other of those alive, with what
        the kernel adds to a parent that waits for its children. Only children that live for less than
        the time between two looks, and that nobody waits for, are in neither.
        """
        alive = {(process.number, process.begun): process.seconds for process in processes}
        self._ended += sum(seconds for name, seconds in self._alive.items() if name not in alive)
        self._alive = alive
        seen = self._ended + sum(alive.values())
        waited_for = sum(process.with_ended for process in processes)
        self.cpu_seconds = max(self.cpu_seconds, seen, waited_for)


def waited_seconds(folders: Sequence[Path]) -> float:
    """Seconds for which a process was ready and no processor was free: of the one that waited longest."""
    return max(map(_waited, folders), default=0.0)


def _waited(process: Path) -> float:
    try:
        return int((process / "schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0  # it is gone, or the kernel was built without these figures


def _resident(process: Path) -> int:
    """Bytes resident in a process, pages shared with others included."""
    try:
        return int((process / "statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def own_memory() -> int:
    """Bytes resident in this process; 0 where there is no /proc."""
    return _resident(PROCESSES / "self")


def sharing(folders: Sequence[Path]) -> dict[str, int]:
    """Bytes of all these processes: resident, and of those, their own and shared with nobody.

    A fork begins with every page shared. What it writes to becomes its own: "own" is what it costs.
    """
    amounts = {"resident": 0, "own": 0}
    for folder in folders:
        with contextlib.suppress(OSError):  # it ended meanwhile
            for line in (folder / "smaps_rollup").read_text().splitlines():
                kind, _, amount = line.partition(":")
                if kind == "Rss":
                    amounts["resident"] += int(amount.split()[0]) * 1024
                elif kind in ("Private_Clean", "Private_Dirty"):
                    amounts["own"] += int(amount.split()[0]) * 1024
    return amounts


def _proportional(process: Path) -> int:
    """Bytes resident in a process, each shared page divided by its users: exact, and slower to read."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return _resident(process)  # it hides its pages: then all of them count
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss:", "SwapPss:")))
