"""Measure the prices in coursekit/reference/algorithms/costs.py, and what the default choice loses.

`python -m benchmarks prices` takes about four minutes. It times every algorithm on random shapes, with as
many threads as BLAS would use, fits the prices, and prints them beside those in use. The regret of a choice
is its time divided by that of the fastest algorithm.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import nnls

from benchmarks.results import table
from coursekit.reference.algorithms import costs
from coursekit.reference.algorithms.choose import ALGORITHMS, choose
from coursekit.reference.algorithms.costs import Sizes
from coursekit.reference.layout import Operands, operands
from coursekit.reference.windows import Windows

SECONDS = {False: 150.0, True: 45.0}  # of measuring floats, and integers
SLOWEST = 300.0  # milliseconds: what is estimated to take longer is not measured
TAPS = {1: (2, 3, 5, 9, 16, 33, 64, 129, 400, 1025), 2: (1, 2, 3, 3, 3, 5, 7, 11, 21), 3: (1, 2, 3, 3, 5, 7)}
LARGEST = {1: 5.3, 2: 2.7, 3: 1.8}  # powers of ten of the size of an axis


def random_problem(rng: np.random.Generator, *, whole: bool) -> tuple[Operands, Windows]:
    """Return the arrays and windows of a random layer: 1 to 3 axes, few or many channels, any size."""
    axes = int(rng.choice([1, 2, 2, 2, 3]))
    batch, channels, kernels = (
        int(rng.choice(c)) for c in ([1, 1, 4, 16], [1, 1, 3, 16, 64, 128], [1, 1, 8, 32, 128])
    )
    groups = 1
    if rng.random() < 0.15:
        groups = kernels = channels
    size = int(10 ** rng.uniform(0.6, LARGEST[axes]))
    taps = (int(rng.choice(TAPS[axes])),) * axes
    image = rng.integers(-9, 10, (batch, channels, *(size + axis for axis in range(axes))))
    kernel = rng.integers(-9, 10, (kernels, channels // groups, *taps))
    dtype = np.int64 if whole else np.float32
    given = operands(image.astype(dtype), kernel.astype(dtype), None, groups)
    padding = taps[0] // 2
    return given, Windows.of(given.spatial, taps, stride=int(rng.choice([1, 1, 2])), padding=padding)


def measured(call: Callable[[], Any]) -> float:
    """Return the median milliseconds of `call`, after one call for the caches."""
    call()
    times: list[float] = []
    while len(times) < 3 or (len(times) < 15 and sum(times) < 60):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times))


def observe(*, whole: bool) -> list[tuple[Sizes, Windows, dict[str, float], str]]:
    """Time the algorithms on random problems: sizes, windows, milliseconds by algorithm, and the choice."""
    rng, rows = np.random.default_rng(0), []
    deadline = time.monotonic() + SECONDS[whole]
    while time.monotonic() < deadline:
        given, windows = random_problem(rng, whole=whole)
        if max(given.image.size, given.image.shape[0] * given.kernel.shape[0] * windows.position_count) > 2e7:
            continue
        choice = choose(given, windows)
        cheap = [name for name, estimate in choice.milliseconds.items() if estimate < SLOWEST]
        if choice.name not in cheap or len(cheap) < 2:
            continue
        (batch, channels), (kernels, in_group) = given.image.shape[:2], given.kernel.shape[:2]
        sizes = Sizes(batch, channels, kernels, in_group, given.groups, given.image.dtype.itemsize)
        times = {name: measured(partial(ALGORITHMS[name], given, windows)) for name in cheap}
        rows.append((sizes, windows, times, choice.name))
    return rows


def fitted(name: str, rows: list[tuple[Sizes, Windows, dict[str, float], str]]) -> list[float]:
    """Return the prices, in nanoseconds and not negative, with the least relative error."""
    timed = [
        (costs.counts(name, sizes, windows), times[name])
        for sizes, windows, times, _ in rows
        if name in times
    ]
    counts, milliseconds = np.array([c for c, _ in timed], float), np.array([ms for _, ms in timed])
    prices, _ = nnls(counts / (1e6 * milliseconds[:, None]), np.ones(len(timed)))
    return [float(f"{price:.2g}") for price in prices]


def main() -> None:
    """Print the prices in use, the fitted ones, and the regret of the default choice."""
    for whole, used in ((False, costs.FLOAT_PRICES), (True, costs.INTEGER_PRICES)):
        rows = observe(whole=whole)
        lines = [
            [
                name,
                ", ".join(f"{p:,g}" for p in used[name]),
                ", ".join(f"{p:,g}" for p in fitted(name, rows)),
            ]
            for name in used
        ]
        print(f"\n{'int64' if whole else 'float32'}: {len(rows)} shapes")
        print(table(["algorithm", "prices in use", "fitted now"], lines))
        regrets = sorted(times[chosen] / min(times.values()) for _, _, times, chosen in rows)
        mean = math.exp(sum(map(math.log, regrets)) / len(regrets))
        print(f"regret: geometric mean {mean:.3f}, 95th percentile {regrets[int(0.95 * len(regrets))]:.2f}")
        for sizes, windows, times, chosen in rows:
            if times[chosen] > 1.5 * min(times.values()):
                rounded = {name: round(ms, 2) for name, ms in times.items()}
                print(f"  {chosen}: {rounded} {sizes} {windows.spatial} {windows.taps} {windows.stride}")
