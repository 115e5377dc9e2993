"""The foreman: workers are forks of a process that has loaded what they need, and end with the grader."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading

import pytest

from autograder import foreman
from autograder.workers import LocalPool
from tests.faults.audit import family, kind_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has a foreman")


def about_a_worker() -> tuple[int, int, int]:
    """Its number, its parent's, and how many objects it had from the start that no collection looks at."""
    return os.getpid(), os.getppid(), gc.get_freeze_count()


def asked(pool: LocalPool) -> tuple[int, int, int]:
    with pool:
        return pool.submit(about_a_worker).result()


def test_workers_of_all_pools_are_forks_of_one_process_that_has_loaded_everything() -> None:
    (first, foreman, loaded), (second, again, _) = asked(LocalPool(1, 1)), asked(LocalPool(2, 5))
    kin = {process.pid: process for process in family(os.getpid())[1]}
    assert first != second
    assert foreman == again
    assert kind_of(kin[foreman]) == "a foreman"
    assert loaded > 100_000, "what NumPy, nbgrader and the course hold"


def test_a_foreman_that_ends_while_it_is_asked_for_a_worker_is_replaced() -> None:
    _, ending, _ = asked(LocalPool(1, 1))
    os.kill(ending, signal.SIGSTOP)  # it seems to run, but answers nobody: as one that the kernel takes down
    end = threading.Timer(0.5, os.kill, (ending, signal.SIGKILL))
    end.start()
    _, replaced, loaded = asked(LocalPool(1, 1))
    end.join()
    assert replaced != ending
    assert loaded > 100_000


def test_where_no_foreman_lives_an_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _, running, _ = asked(LocalPool(1, 1))
    os.kill(running, signal.SIGKILL)
    monkeypatch.setattr(foreman, "PATIENCE_SECONDS", 0.5)
    multiprocessing.set_executable("/bin/false")
    try:
        with pytest.raises(OSError, match=r"^the process that workers are forked from ended$"):
            asked(LocalPool(1, 1))
    finally:
        multiprocessing.set_executable(sys.executable)
    assert asked(LocalPool(1, 1))[2] > 100_000, "and it is well again"


def test_a_thread_has_workers_of_its_own_that_load_for_themselves() -> None:
    found: list[tuple[int, int, int]] = []
    thread = threading.Thread(target=lambda: found.append(asked(LocalPool(1, 1))))
    thread.start()
    thread.join()
    assert found[0][1:] == (os.getpid(), 0), "the kernel would end a foreman with the thread that started it"
