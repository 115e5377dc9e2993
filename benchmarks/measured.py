"""Run a command and tell what it took, all its processes counted: wall clock, processor time, memory.

    python -m benchmarks.measured RESULT.json [--memory] COMMAND ...

A process of its own stands between benchmark and command: it adopts what the command leaves behind, and waits
for it. A worker's fork server ends by itself when its worker is gone.

Processor time is that of the whole machine meanwhile, which must have nothing else to do: what ends together
with its PID namespace, as a jail does, the kernel adds to nobody's account.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.1  # between looks at the parent's peak, which the kernel keeps
MEMORY_SECONDS = 0.5  # between looks at every process: a look takes some milliseconds
REAP_SECONDS = 0.01  # between looks for processes that have ended
PATIENCE_SECONDS = 20.0  # for what the command has left behind
MEBIBYTE = 2**20
FOREMAN = "multiprocessing.forkserver"
# Which process is which, by a word of its command line; the first process is the parent.
ROLES = {"autograder.sandbox.jailed.server": "fork server", FOREMAN: "foreman"}
HELPERS = ("multiprocessing.resource_tracker",)


@dataclass(frozen=True)
class Took:
    """What a command took.

    wall, cpu : seconds; `cpu` of the machine's processors while it ran
    peak : MiB of resident memory of its first process at its highest
    roles : where memory was looked at: by role, the highest MiB of a process (`resident`; `own`: not shared
        with any other; `share`: shared pages divided by their users), and of all together (`all`)
    status : its exit status, 0 where it must not fail
    output : its standard output
    """

    wall: float
    cpu: float
    peak: float
    roles: dict[str, dict[str, float]] = field(default_factory=dict)
    status: int = 0
    output: str = ""


class CommandFailed(RuntimeError):
    """A measured command ended with another exit status than 0."""


def run(
    root: Path,
    command: Sequence[str],
    *,
    memory: bool = False,
    may_fail: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Took:
    """Run `command` in the folder `root`; CommandFailed, with the end of its messages, if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        result, messages, printed = (Path(folder) / name for name in ("took.json", "stderr", "stdout"))
        program = [sys.executable, "-m", "benchmarks.measured", str(result)]
        program += ["--memory"] * memory + list(command)
        with messages.open("wb") as stderr, printed.open("wb") as stdout:
            code = subprocess.run(
                program,
                cwd=root,
                env=_environment(root) | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                check=False,
            ).returncode
        if code and not may_fail:
            told = messages.read_text(errors="replace")[-3000:]
            raise CommandFailed(f"{' '.join(command)} ended with {code}:\n{told}")
        took = json.loads(result.read_text())
        return Took(**took, status=code, output=printed.read_text(errors="replace"))


def _environment(root: Path) -> dict[str, str]:
    """That of a user: this Python's programs are on the path, and no configuration but the course's."""
    scripts, repository = Path(sys.executable).parent, Path(__file__).resolve().parents[1]
    return dict(os.environ) | {
        "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "JUPYTER_CONFIG_DIR": str(root / "no-configuration"),
        "PYTHONPATH": str(repository),
    }


class Memory:
    """The highest memory of each role among the processes of a command."""

    def __init__(self, first: psutil.Process) -> None:
        self.first = first
        self.roles: dict[str, dict[str, float]] = {}

    def look(self) -> None:
        """Look at every process once; one that ends meanwhile, or may not be looked at, is left out."""
        together = 0.0
        with contextlib.suppress(psutil.Error):
            for process in (self.first, *self.first.children(recursive=True)):
                with contextlib.suppress(psutil.Error, OSError):
                    role = self._role(process)
                    if role is None:
                        continue
                    found = process.memory_full_info()
                    together += found.pss
                    self._keep(role, resident=found.rss, own=found.uss, share=found.pss)
        self._keep("all", share=together)

    def _role(self, process: psutil.Process) -> str | None:
        """The parent, foreman, worker, fork server, submission (a fork of it); None for what only waits."""
        if process.pid == self.first.pid:
            return "parent"
        words = process.cmdline()
        if any(helper in word for word in words for helper in HELPERS):
            return None
        role = next((role for mark, role in ROLES.items() if any(mark in word for word in words)), None)
        if role == "foreman":  # a worker is a fork of it
            return role if process.ppid() == self.first.pid else "worker"
        if role != "fork server":
            return role
        if "bwrap" in process.name() or process.name() == "sh":
            return None
        above = process.parent()
        return "fork server" if above is None or "bwrap" in above.name() else "submission"

    def _keep(self, role: str, **measured: float) -> None:
        highest = self.roles.setdefault(role, {})
        for name, value in measured.items():
            highest[name] = max(highest.get(name, 0.0), value / MEBIBYTE)


def _peak(process: int) -> float:
    """MiB of resident memory at its highest, as the kernel keeps it; 0 for a process that is gone."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
    return 0.0


def main(arguments: list[str]) -> int:
    """Run the command, write what it took, and return its exit status."""
    result, *command = arguments
    look = command[0] == "--memory"
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started, busy = time.perf_counter(), _busy()
    first = subprocess.Popen(command[look:]).pid
    peak, next_look, memory = 0.0, 0.0, Memory(psutil.Process(first))
    next_sample = 0.0
    while (status := _reaped(first)) is None:
        now = time.perf_counter()
        if now >= next_sample:
            peak = max(peak, _peak(first))
            next_sample = now + (SAMPLE_SECONDS if now - started > 1 else 0)  # a short command is over soon
        if look and now >= next_look:
            memory.look()
            next_look = time.perf_counter() + MEMORY_SECONDS
        time.sleep(REAP_SECONDS)
    wall = time.perf_counter() - started
    _adopt()
    took: dict[str, Any] = {"wall": wall, "cpu": _busy() - busy, "peak": peak}
    Path(result).write_text(json.dumps(took | {"roles": memory.roles}))
    return os.waitstatus_to_exitcode(status)


def _busy() -> float:
    """Seconds that this machine's processors have worked since it started, all together."""
    times = psutil.cpu_times()._asdict()
    return float(sum(times.get(kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq")))


def _reaped(first: int) -> int | None:
    """Bury what has ended, as the system's first process would at once; the status of `first` if it has."""
    while True:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process in (0, first):
            return status if process else None


def _adopt() -> None:
    """Wait for what the command left behind: only then it has taken all that it takes."""
    patience = time.monotonic() + PATIENCE_SECONDS
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < patience:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(REAP_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
