"""How the benchmarks measure: contestants take turns in one process, each on the same number of threads."""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

Call = Callable[[], object]

PAUSE = 0.02  # seconds before a turn: threads of the contestant before, which wait for more work, go to sleep
TURN = 0.02  # seconds of timed calls in a turn, at least one
LEAST_ROUNDS = 5
# Read once, when the libraries are loaded; PyTorch is told again in the process.
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def alternate(contestants: Mapping[str, Call], *, seconds: float) -> dict[str, float]:
    """Return the median time of a call of each contestant, in milliseconds.

    They take turns, so that a busy moment of the machine hits all of them, and every other round in
    the reverse order. A turn is a pause, calls for warming up that are not timed, and timed calls. There are
    as many rounds as fit into `seconds`, and at least LEAST_ROUNDS.
    """
    turns: dict[str, list[float]] = {name: [] for name in contestants}
    order = list(contestants)
    started, rounds = time.perf_counter(), 0
    while rounds < LEAST_ROUNDS or time.perf_counter() - started < seconds:
        for name in order:
            turns[name].append(_turn(contestants[name]))
        order.reverse()
        rounds += 1
    return {name: 1000 * statistics.median(times) for name, times in turns.items()}


def _turn(call: Call) -> float:
    """Return the median seconds of a call within one turn."""
    time.sleep(PAUSE)
    _calls(call, TURN / 2)
    return statistics.median(_calls(call, TURN))


def _calls(call: Call, seconds: float) -> list[float]:
    """Return the seconds of each of as many calls as begin within `seconds`."""
    times: list[float] = []
    while not times or sum(times) < seconds:
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return times


def extra_memory(call: Callable[[], Any]) -> int:
    """Return the bytes that a call holds at its peak beyond its result, in buffers of NumPy and of Python."""
    call()  # what is made once and kept is not counted
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        result = call()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return max(0, peak - before - int(result.nbytes))


def in_fresh_process(module: str, *arguments: str, threads: int) -> Any:
    """Run `python -m module arguments` on `threads` threads and return what it prints, read as JSON."""
    environment = os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads))
    program = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(program, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def thread_counts() -> tuple[int, ...]:
    """Return the numbers of threads to measure with: 1, and 2 where there are two cores."""
    return (1, 2) if usable_cores() > 1 else (1,)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
