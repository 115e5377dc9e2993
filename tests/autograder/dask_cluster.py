"""A Dask cluster for tests: a real scheduler and real workers, as processes on the loopback."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.audit import Process, family

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180.0  # on a busy machine: nothing depends on it
SETTINGS = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
    "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
}


def wait_until(holds: Callable[[], object], what: str) -> None:
    """AssertionError, naming `what`, if it does not come true."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < patience, f"waited in vain for {what}"
        time.sleep(0.05)


def is_jail(process: Process) -> bool:
    """A bubblewrap, or anything that runs inside one."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        return b"bwrap" in words or b"autograder.sandbox.jailed" in words
    return False


class DaskCluster:
    """A scheduler on a port that the system chose, and workers that are added and killed by a test."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self._all: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", **environment)
        wait_until(lambda: self.file.exists() and self.file.read_text().endswith("}"), "a scheduler")
        self.address: str = json.loads(self.file.read_text())["address"]

    def worker(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """One more worker."""
        place = f"{self.folder}/{len(self._all)}"
        common = ("--host", "127.0.0.1", "--local-directory", place, "--memory-limit", "0")
        return self._start("worker", *common, *options, **environment)

    def _start(self, kind: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        number = len(self._all)
        log = (self.folder / f"{number}-{kind}.log").open("wb")
        common = (kind, "--scheduler-file", str(self.file), "--no-dashboard")
        with log:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", *common, *options], cwd=self.folder, stderr=log, stdout=log,
                env=os.environ | SETTINGS | {"PYTHONPATH": str(REPOSITORY)} | environment,
            )  # fmt: skip
        self._all.append(started)
        return started

    def close(self) -> None:
        """End all that is left of it."""
        for process in reversed(self._all):
            process.terminate()
        for process in reversed(self._all):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
                continue
            process.kill()
            process.wait()


@contextlib.contextmanager
def dask_cluster(folder: Path, **environment: str) -> Iterator[DaskCluster]:
    """A scheduler without workers, ended with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder, **environment)
    try:
        yield cluster
    finally:
        cluster.close()


def jails_of(worker: subprocess.Popen[bytes]) -> list[Process]:
    """The jails that a worker has now, and what runs in them."""
    return [process for kin in family(worker.pid).values() for process in kin if is_jail(process)]
