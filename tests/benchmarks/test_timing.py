"""How benchmarks measure, on a clock that the tests turn."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks import timing


class Clock:
    """A clock that stands still unless it is told otherwise."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(timing, "time", stopped)
    return stopped


def taking(clock: Clock, seconds: float) -> Callable[[], None]:
    return lambda: clock.sleep(seconds)


def test_each_contestant_gets_the_time_of_its_own_call_in_milliseconds(clock: Clock) -> None:
    medians = timing.alternate({"a": taking(clock, 0.001), "b": taking(clock, 0.25)}, seconds=1)
    assert medians == pytest.approx({"a": 1, "b": 250})


def test_a_busy_moment_of_the_machine_does_not_move_the_median(clock: Clock) -> None:
    def call() -> None:
        clock.sleep(0.1 if 0.2 < clock.now < 0.4 else 0.001)

    assert timing.alternate({"a": call, "b": call}, seconds=2) == pytest.approx({"a": 1, "b": 1})


def test_contestants_take_turns_and_swap_who_begins(clock: Clock) -> None:
    seen: list[str] = []

    def call(name: str) -> Callable[[], None]:
        def noted() -> None:
            clock.sleep(1)
            seen.append(name)

        return noted

    timing.alternate({"a": call("a"), "b": call("b")}, seconds=0)
    turns = "".join(seen[::2])  # one call to warm up and one that is timed in each turn
    assert turns == ("abba" * timing.LEAST_ROUNDS)[: 2 * timing.LEAST_ROUNDS]


def test_extra_memory_is_the_peak_without_the_result() -> None:
    def call() -> np.ndarray:
        buffer = np.zeros(3_000_000, dtype=np.uint8)
        return buffer[:1_000_000].copy()

    assert timing.extra_memory(call) == pytest.approx(3_000_000, rel=0.01)


def test_a_call_that_makes_nothing_but_its_result_needs_no_extra_memory() -> None:
    assert timing.extra_memory(lambda: np.zeros(1_000_000, dtype=np.uint8)) < 10_000


def test_a_fresh_process_has_the_threads_that_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ['OPENBLAS_NUM_THREADS']]))"
    (tmp_path / "says_its_threads.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    assert timing.in_fresh_process("says_its_threads", "x", threads=2) == [["x"], "2"]


@pytest.mark.parametrize(("cores", "counts"), [(1, (1,)), (2, (1, 2)), (64, (1, 2))])
def test_two_threads_are_measured_where_there_are_two_cores(
    monkeypatch: pytest.MonkeyPatch, cores: int, counts: tuple[int, ...]
) -> None:
    monkeypatch.setattr(timing, "usable_cores", lambda: cores)
    assert timing.thread_counts() == counts
