"""JAILED SIDE, in the server's process, which student code cannot reach: what one submission uses in all.

The kernel's limits hold for each process; a submission may start many. The server sees them all in
its /proc and ends the submission when their sum passes a limit.
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def usage(own: set[int], shared_pages: int) -> tuple[int, int]:
    """Return (threads, resident bytes) of every process that is not in `own`.

    `shared_pages` of each process are the server's own, shared since the fork, and are not counted.
    """
    threads = pages = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or int(process.name) in own:
            continue
        try:
            resident = int((process / "statm").read_text().split()[1])
            threads += sum(1 for _ in (process / "task").iterdir())
        except (OSError, IndexError):
            continue  # it ended between the listing and the reading
        pages += max(0, resident - shared_pages)
    return threads, pages * PAGE


def resident_pages() -> int:
    """Pages resident in this process."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def excess(own: set[int], shared_pages: int, limits: dict[str, float]) -> str | None:
    """Return "memory" or "processes" if the submission is over that limit, else None."""
    threads, resident = usage(own, shared_pages)
    if resident > limits["memory_bytes"] + limits["disk_bytes"]:
        return "memory"
    return "processes" if threads > limits["processes"] + 2 else None  # its two namespace parents
