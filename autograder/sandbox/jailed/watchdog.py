"""JAILED SIDE, in the server's process, which student code cannot reach: what one submission uses in all.

The kernel's limits hold for each process; a submission may start many. The server sees them all in
its /proc and ends the submission when their sum passes a limit.
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def others(own: set[int]) -> list[Path]:
    """The /proc folders of every process that is not in `own`."""
    names = (folder for folder in Path("/proc").iterdir() if folder.name.isdecimal())
    return [folder for folder in names if int(folder.name) not in own]


def excess(own: set[int], limits: dict[str, float]) -> str | None:
    """Return "memory" or "processes" if the submission is over that limit, else None."""
    processes = others(own)
    threads = sum(map(_threads, processes))
    if threads > limits["processes"]:
        return "processes"
    most = limits["memory_bytes"] + limits["disk_bytes"]
    if sum(map(_resident, processes)) <= most:  # counts the server's shared pages too: cheap, and enough
        return None
    return "memory" if sum(map(_proportional, processes)) > most else None


def _threads(process: Path) -> int:
    try:
        return sum(1 for _ in (process / "task").iterdir())
    except OSError:
        return 0  # it ended between the listing and the reading


def _resident(process: Path) -> int:
    """Bytes resident in a process, pages shared with others included."""
    try:
        return int((process / "statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def _proportional(process: Path) -> int:
    """Bytes resident in a process, each shared page divided by its users: exact, and slower to read."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return _resident(process)  # it hides its pages: then all of them count
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss:", "SwapPss:")))
