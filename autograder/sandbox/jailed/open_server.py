"""JAILED SIDE without a jail: the fork server of `autograder grade --no-sandbox`.

There are no namespaces and no filter. What can be kept is kept: a process of its own for each submission,
the kernel's limits for each process, a home folder of its own that is deleted afterwards, and on Linux
a watchdog over the submission's processes: all of them are descendants of one that outlives them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

from autograder.sandbox import wire
from autograder.sandbox.jailed import isolation, runner, watchdog
from autograder.sandbox.jailed.server import GONE_SECONDS, LEFT_SECONDS, Submission, keep_shared, serve

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
KEPT_BY_THE_KERNEL = ("RLIMIT_AS", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_CORE")


def descendants(of: int) -> list[Path]:
    """The /proc folders of all that a process started, wherever in its tree; none where there is no /proc."""
    if not LINUX:
        return []
    parents = {p.number: p.parent for folder in watchdog.others(set()) if (p := watchdog.read(folder))}
    found = {of}
    while more := {number for number, parent in parents.items() if parent in found} - found:
        found |= more
    return [watchdog.PROCESSES / str(number) for number in found - {of}]


class OpenSubmission(Submission):
    """One running submission: `outer`, our child, adopts all that it starts; `inner` runs the notebook."""

    def __init__(self, outer: int, home: Path, limits: dict[str, float]) -> None:
        self.outer, self.home = outer, home
        self.watch = watchdog.Watch(limits)
        self.cpu_seconds = self.waited_seconds = 0.0
        self.excess: str | None = None
        self.status: int | None = None

    def processes(self) -> list[Path]:
        """The /proc folders of all that it runs."""
        return descendants(self.outer)

    def poll(self) -> None:
        """Look whether it has ended or uses too much; end it if so."""
        if self.status is None:
            done, status, usage = os.wait4(self.outer, os.WNOHANG)
            if done:
                self.status, self.cpu_seconds = status, usage.ru_utime + usage.ru_stime
        if self.status is None and self.excess is None:
            self.excess = self.watch.excess(self.processes())
            if self.excess:
                self.kill()

    def kill(self) -> None:
        """Kill every process of the submission; one that forks meanwhile is found in the next round."""
        patience = time.monotonic() + LEFT_SECONDS
        while (processes := descendants(self.outer)) and time.monotonic() < patience:
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(process.name), signal.SIGKILL)
            time.sleep(0.002)

    def stop(self, gone: bool) -> str:
        """End it for good and say how it ended, in the words of `Submission.stop`."""
        patience = time.monotonic() + (GONE_SECONDS if gone else 0.0)
        self.poll()
        while self.status is None and time.monotonic() < patience:
            time.sleep(0.002)
            self.poll()
        own_end = self.status
        if own_end is None:
            self.waited_seconds = watchdog.waited_seconds(self.processes())
            self.kill()  # `outer` then ends by itself, with the last of what it has adopted
            patience = time.monotonic() + LEFT_SECONDS
            while not os.waitpid(self.outer, os.WNOHANG)[0]:
                if time.monotonic() > patience or not LINUX:
                    os.killpg(self.outer, signal.SIGKILL)
                time.sleep(0.002)
        self.cpu_seconds = max(self.cpu_seconds, self.watch.cpu_seconds)
        shutil.rmtree(self.home, ignore_errors=True)
        if self.excess or own_end is None:
            return self.excess or "stopped"
        code = os.waitstatus_to_exitcode(own_end)
        return f"signal {code - 128}" if code > 128 else f"exit {code}"

    def nothing_is_left(self) -> bool:
        """True: what escaped the search above cannot be told from other programs of this user."""
        return True


def start(control: socket.socket, channel: int, limits: dict[str, float]) -> Submission:
    """Fork a submission with a home folder of its own."""
    home = Path(tempfile.mkdtemp(prefix="home-"))
    outer = os.fork()
    if outer == 0:
        try:
            control.close()
            _be_the_submission(channel, home, limits)
        finally:
            os._exit(70)
    os.close(channel)
    return OpenSubmission(outer, home, limits)


def _be_the_submission(channel: int, home: Path, limits: dict[str, float]) -> None:
    os.setsid()
    if LINUX:  # what loses its parent comes to this process, and can be found
        isolation.libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        isolation.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    inner = os.fork()
    if inner == 0:
        if LINUX:
            isolation.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        isolation.close_files(channel)
        _limit_resources(limits)
        isolation.HOME = os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = str(home)
        runner.serve(socket.socket(fileno=channel), limits)
        os._exit(0)
    os.close(channel)
    status = _status_of(inner)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _status_of(inner: int) -> int:
    """Wait for the notebook's process, and on the way for what was left to this one; then end the rest."""
    while True:
        ended, status = os.wait()
        if ended == inner:
            break
    while processes := descendants(os.getpid()):
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.wait()
    return status


def _limit_resources(limits: dict[str, float]) -> None:
    """Set what this system keeps for a process; the number of processes counts for the user, so it is not."""
    values = isolation.resource_limits(limits)
    for name in KEPT_BY_THE_KERNEL:
        with contextlib.suppress(OSError, ValueError):  # macOS keeps no address space
            resource.setrlimit(getattr(resource, name), (values[name], values[name]))


def main() -> None:
    """Load what notebooks import, say that all is ready, serve."""
    control = socket.socket(fileno=int(sys.argv[1]))
    folder = Path(os.environ.pop("AUTOGRADER_OPEN_FOLDER"))
    Path(os.environ["HOME"]).mkdir(exist_ok=True)
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        isolation.ADDRESS_SPACE_AT_FORK = 0
    runner.warm_up(folder / "course")
    if LINUX:
        isolation.ADDRESS_SPACE_AT_FORK = isolation.measure_address_space()
    keep_shared()
    wire.send(control, {"ready": True, "memory": watchdog.own_memory()})
    serve(control, start)


if __name__ == "__main__":
    main()
