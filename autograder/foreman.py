"""TRUSTED: the foreman, a process that has loaded once what every worker needs: each worker is a fork of it.

It is the "fork server" of Python's multiprocessing, by another name: ours are in the jails. It starts nothing
and grades nothing. The kernel ends it with the grader, and each worker with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext, ForkServerContext, ForkServerProcess

PR_SET_PDEATHSIG = 1
LOADS = ["autograder.foreman_loads"]
PATIENCE_SECONDS = 5.0  # with foremen that end one after the other
GLANCE_SECONDS = 0.01


class Fork(ForkServerProcess):
    """A process that the foreman forks: of a new foreman, if that one ended."""

    def start(self) -> None:
        """OSError where it cannot be started.

        A foreman that is killed seems to run until the kernel has taken it down: whoever asks it meanwhile
        is not heard, and asks again.
        """
        patience = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                begin_foreman()
                super().start()
                return
            except (EOFError, ConnectionError) as error:
                if time.monotonic() > patience:
                    raise OSError("the process that workers are forked from ended") from error
                time.sleep(GLANCE_SECONDS)


class ForksOfTheForeman(ForkServerContext):
    """What a pool needs to have such processes."""

    Process = Fork


def worker_context() -> BaseContext:
    """How workers start: as forks of the foreman; else each loads all.

    Linux alone has a foreman. Nor has a thread: the kernel would end it with the thread that started it.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return multiprocessing.get_context("spawn")
    return ForksOfTheForeman()


def begin_foreman() -> None:
    """Start it, if there is none. It loads while the caller goes on."""
    if sys.platform != "linux":
        return
    forkserver.set_forkserver_preload(LOADS)
    with deaf_to_ctrl_c():
        forkserver.ensure_running()


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """A process that starts within the block is deaf to Ctrl-C from its first moment.

    A terminal sends Ctrl-C to every process of the grader: one that still imports would end with a traceback.
    """
    resource_tracker.ensure_running()  # with its start it would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Be killed as soon as the thread that started this process is gone."""
    if sys.platform == "linux":  # elsewhere --no-sandbox alone gets here
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
