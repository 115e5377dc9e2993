"""The foreman: workers are forks of a process that has loaded what they need, and end with the grader."""

from __future__ import annotations

import gc
import os
import sys
import threading

import pytest

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


def test_a_thread_has_workers_of_its_own_that_load_for_themselves() -> None:
    found: list[tuple[int, int, int]] = []
    thread = threading.Thread(target=lambda: found.append(asked(LocalPool(1, 1))))
    thread.start()
    thread.join()
    assert found[0][1:] == (os.getpid(), 0), "the kernel would end a foreman with the thread that started it"
