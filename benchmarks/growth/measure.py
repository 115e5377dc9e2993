"""Measure every algorithm on every size of the sweeps, on one thread, and print the times as JSON."""

from __future__ import annotations

import functools
import json
import sys
from typing import Any

import numpy as np

from benchmarks.growth.sweeps import FORMULAS, SWEEPS, Sweep
from benchmarks.timing import Call, alternate
from coursekit.reference.correlate import algorithm_for, correlate

SECONDS = 0.8  # for each size, all algorithms together


def measured(sweep: Sweep, *, seconds: float = SECONDS) -> dict[str, Any]:
    """Return, for each size of `sweep`, the milliseconds and the formula's operations of each algorithm.

    `switches` are the sizes at which the default takes another algorithm than one below: [size, before,
    after]; `start` is what it takes at the smallest.
    """
    milliseconds: dict[str, list[float]] = {name: [] for name in sweep.algorithms}
    for size in sweep.sizes:
        case = sweep.case(size)
        image, kernel, _ = case.arrays
        calls: dict[str, Call] = {
            name: functools.partial(correlate, image, kernel, **(case.parameters | {"algorithm": name}))
            for name in sweep.algorithms
        }
        for name, time in alternate(calls, seconds=seconds).items():
            milliseconds[name].append(time)
        print(".", end="", file=sys.stderr, flush=True)
    cases = [sweep.case(size) for size in sweep.sizes]
    return {
        "sweep": sweep.name,
        "fixed": sweep.fixed,
        "sizes": list(sweep.sizes),
        "milliseconds": milliseconds,
        "operations": {name: [FORMULAS[name](case) for case in cases] for name in sweep.algorithms},
        "default": [default(sweep, size) for size in sweep.sizes],
        "switches": switches(sweep),
    }


def default(sweep: Sweep, size: int) -> str:
    """Return the algorithm that `correlate` takes at `size`."""
    case = sweep.case(size)
    number = np.float32(0)  # the choice depends on shapes and dtype alone
    image, kernel = np.broadcast_to(number, case.image), np.broadcast_to(number, case.kernel)
    return algorithm_for(image, kernel, **case.parameters).name


def switches(sweep: Sweep) -> list[tuple[int, str, str]]:
    """Return (size, algorithm before, algorithm from there on) wherever the default changes."""
    found = []
    step = 2 if all(size % 2 for size in sweep.sizes) else 1  # kernels of even size are not centred
    sizes = list(range(sweep.sizes[0], sweep.sizes[-1] + 1, step))
    before = default(sweep, sizes[0])
    for size in sizes[1:]:
        now = default(sweep, size)
        if now != before:
            found.append((size, before, now))
        before = now
    return found


def main() -> None:
    """Measure all sweeps and print them."""
    json.dump([measured(sweep) for sweep in SWEEPS], sys.stdout)


if __name__ == "__main__":
    main()
