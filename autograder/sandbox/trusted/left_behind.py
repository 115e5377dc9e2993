"""TRUSTED SIDE: ends a jail that was killed while bubblewrap made it, before it could die with its parent.

bubblewrap starts a child and waits until the child's namespace is set up; the child asks to be killed with
its parent only after that. Who is killed between the two, as by `kill -9` of the grader at that moment,
leaves a child that waits for ever. It runs nothing and has read nothing, but nobody else would end it.
"""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

PROCESSES = Path("/proc")
JAILED = b"autograder.sandbox.jailed."  # begins the module that a jail runs


def end_unfinished_jails() -> list[int]:
    """Kill every unfinished jail of this user whose bubblewrap is gone; the numbers of those processes.

    What others own is left alone: the kernel refuses.
    """
    ended = []
    for number in unfinished_jails():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)
            ended.append(number)
    return ended


def unfinished_jails() -> list[int]:
    """The first process of each jail of ours that waits for a bubblewrap which is gone."""
    own = len(_status(os.getpid()).get("NSpid", "").split())
    found = []
    for number in (int(folder.name) for folder in PROCESSES.iterdir() if folder.name.isdecimal()):
        if not _is_bubblewrap(number):
            continue
        status = _status(number)
        inside = status.get("NSpid", "").split()[own:]
        if inside == ["1"] and not _is_bubblewrap(int(status.get("PPid", "0"))):
            found.append(number)
    return found


def _is_bubblewrap(number: int) -> bool:
    """Whether that process is the program bubblewrap with a jail of ours; not what it runs."""
    try:
        words = (PROCESSES / str(number) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False  # it has ended, or is another user's
    return words[0].rpartition(b"/")[2] == b"bwrap" and any(word.startswith(JAILED) for word in words)


def _status(number: int) -> dict[str, str]:
    """What the kernel tells of a process, by name; nothing if it has ended."""
    try:
        lines = (PROCESSES / str(number) / "status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
