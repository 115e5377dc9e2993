"""TRUSTED SIDE: the limit on processes where the grader runs as root.

The kernel holds RLIMIT_NPROC for everyone but root, and the jail's user is the grader's own. So for root
a control group of the jail holds it. Where that cannot be made, the watchdog alone remains.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
OWN_PROCESSES = 8  # bubblewrap, the server and what they start, beside the submission's
SECONDS_TO_EMPTY = 2.0


def make(processes: int) -> Path | None:
    """A new control group for at most so many processes of a submission; None if not root or not allowed."""
    if os.geteuid() != 0:
        return None
    unified = (CONTROL_GROUPS / "cgroup.controllers").exists()
    folder = CONTROL_GROUPS if unified else CONTROL_GROUPS / "pids"
    remove_left_behind(folder)
    group = folder / f"autograder-{os.getpid()}-{secrets.token_hex(8)}"
    try:
        group.mkdir()
        (group / "pids.max").write_text(str(processes + OWN_PROCESSES))
    except OSError:
        remove(group)
        return None
    return group


def remove_left_behind(folder: Path) -> None:
    """Remove the groups of workers that were killed: the kernel refuses where a process is still in one."""
    for group in folder.glob("autograder-*-*"):
        owner = group.name.split("-")[1]
        if owner.isdecimal() and not Path("/proc", owner).exists():
            with contextlib.suppress(OSError):
                group.rmdir()


def inside(group: Path | None, command: list[str]) -> list[str]:
    """The command, started in the group."""
    if group is None:
        return command
    return ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(group / "cgroup.procs"), *command]


def remove(group: Path | None) -> None:
    """Remove the group, once the processes that were killed are gone."""
    patience = time.monotonic() + SECONDS_TO_EMPTY
    while group is not None and group.is_dir():
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        if time.monotonic() > patience:
            return  # an empty group that stays costs nothing
        time.sleep(0.01)
