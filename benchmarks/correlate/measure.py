"""Measure all cases on the threads that this process was started with, and print the times as JSON.

    OPENBLAS_NUM_THREADS=2 python -m benchmarks.correlate.measure 2

`benchmarks.timing.in_fresh_process` starts it, once for each number of threads.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import torch

from benchmarks.correlate import contestants
from benchmarks.correlate.cases import CASES, Case
from benchmarks.timing import alternate, extra_memory
from coursekit.reference.algorithms.threads import thread_count
from coursekit.reference.correlate import algorithm_for

SECONDS = 3.0  # for each case, all its contestants together


def measurements(
    cases: tuple[Case, ...], *, threads: int, seconds: float = SECONDS
) -> Iterator[dict[str, Any]]:
    """Yield one measurement per case forward, then, for those with several channels, two backward."""
    for case in cases:
        image, kernel, _ = case.arrays
        choice = algorithm_for(image, kernel, **case.parameters)
        taking_part = contestants.forward(case)
        yield {"algorithm": choice.name, **measured("forward", case, taking_part, threads, seconds)}
    for case in cases:
        if not case.is_plain:
            yield measured("input gradient", case, contestants.input_gradient(case), threads, seconds)
            yield measured("kernel gradient", case, contestants.kernel_gradient(case), threads, seconds)


def measured(
    what: str, case: Case, taking_part: contestants.Contestants, threads: int, seconds: float
) -> dict[str, Any]:
    """Return times in milliseconds, the ratio to PyTorch, GFLOP/s and the extra memory in bytes."""
    contestants.require_equal_results(f"{what} of {case.name}", taking_part)
    milliseconds = alternate(taking_part, seconds=seconds)
    return {
        "what": what,
        "case": case.name,
        "axes": len(case.taps),
        "threads": threads,
        "milliseconds": milliseconds,
        "ratio": milliseconds["coursekit"] / milliseconds["torch"],
        "gflops": case.operations / milliseconds["coursekit"] / 1e6,
        "extra_memory": extra_memory(taking_part["coursekit"]),
    }


def main() -> None:
    """Check that every library has the number of threads that is asked for, measure, print."""
    threads = int(sys.argv[1])
    torch.set_num_threads(threads)
    if (thread_count(), torch.get_num_threads()) != (threads, threads):
        raise RuntimeError(
            f"the numbers of threads must be {threads}; "
            f"got {thread_count()} in coursekit, {torch.get_num_threads()} in torch"
        )
    done = []
    for measurement in measurements(CASES, threads=threads):
        print(".", end="", file=sys.stderr, flush=True)
        done.append(measurement)
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    main()
