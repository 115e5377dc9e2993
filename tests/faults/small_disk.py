"""File systems of the test's own, full or read-only, in a mount namespace that nobody else sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

REPOSITORY = Path(__file__).resolve().parents[2]


class Mounts:
    """A process that holds a mount namespace; `shell` is what it mounts there first."""

    def __init__(self, shell: str) -> None:
        self._user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        command = ["unshare", "--mount", "--propagation", "private", *self._user]
        self._holder = subprocess.Popen(
            [*command, "sh", "-c", f"{shell} && echo ready && exec sleep infinity"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == "ready\n", "mounting failed"

    def see(self, path: Path) -> Path:
        """The path as this process reaches it."""
        return Path(f"/proc/{self._holder.pid}/root{path}")

    def enter(self) -> list[str]:
        """What stands before a command that is to run in the namespace."""
        enter = ["nsenter", "--target", str(self._holder.pid), "--mount", f"--wd={REPOSITORY}"]
        return enter + (["--user", "--preserve-credentials"] if self._user else [])

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        """Run a command in the namespace."""
        return subprocess.run(
            [*self.enter(), *map(str, command)], capture_output=True, text=True, timeout=300, check=False
        )

    def grade(self, course: Path, stem: str, *options: object) -> subprocess.CompletedProcess[str]:
        """`autograder grade` in the namespace."""
        command = (sys.executable, "-m", "autograder", "grade", stem, "--course-dir", course)
        return self.run(*command, "--workers", 1, *options)

    def __enter__(self) -> Mounts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder.kill()
        self._holder.wait()
        assert self._holder.stdout is not None
        self._holder.stdout.close()
