"""Check every contestant against float64, then let them take turns under the clock."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks.correlate.cases import Case
from benchmarks.gpu.cases import Pooling
from benchmarks.gpu.contestants import OURS, PEER, PEER_TF32, Comparison, convolutions, poolings
from benchmarks.gpu.place import Place
from coursekit.errors import CourseError

ROUNDS, WARM_UP = 9, 3
TURN = 8.0  # milliseconds of timed calls in a turn, at least one call
MOST_CALLS = 20
# How far from float64 a result may be, in units of the largest number. A factor in TF32 is up to 2**-11
# off; sums of 100,000 products in float32, as those of the kernel's gradient, up to some 1e-5.
TOLERANCE, TOLERANCE_TF32 = 5e-5, 5e-3
MATRIX, COPIED = 8192, 2**28  # rows of the matrices, numbers of the array, for the card's ceilings
Call = Callable[[], Any]
Measurement = dict[str, Any]


def measurements(
    place: Place, cases: Iterable[Case], pools: Iterable[Pooling], seed: int
) -> list[Measurement]:
    """Return one measurement for each computation of each case, on random numbers from `seed`."""
    rng = np.random.default_rng(seed)
    done: list[Measurement] = []
    for case in cases:
        _measure(place, case.name, partial(convolutions, place, case, rng), done)
    for pool in pools:
        _measure(place, pool.name, partial(poolings, place, pool, rng), done)
    return done


def _measure(
    place: Place, name: str, comparisons: Callable[[], list[Comparison]], done: list[Measurement]
) -> None:
    """Add the measurements of one case to `done`. One that fails as a whole is told, and the others go on."""
    try:
        for comparison in comparisons():
            done.append(measured(place, comparison))
    except Exception as error:  # noqa: BLE001 - the report tells it, and counts the case as missed
        print(f"  {name} failed: {error}", file=sys.stderr, flush=True)
        done.append(_nothing("all that is left", name, f"{type(error).__name__}: {error}"))


def _nothing(what: str, case: str, why: str) -> Measurement:
    """Return the measurement of a computation that could not be timed."""
    nothing: Measurement = {"what": what, "case": case, "algorithm": "", "operations": 0, "least_bytes": 0}
    return nothing | {
        "milliseconds": {},
        "whole": {},
        "apart": {},
        "left_out": {OURS: why},
        "wrong": [],
    }


def measured(place: Place, comparison: Comparison) -> Measurement:
    """Return the times of all contestants whose result is right; why the others were left out.

    milliseconds : on the device; whole : with the Python that starts it
    apart : from float64, in units of the largest number; wrong : who is too far off
    left_out : why a contestant does not take part
    """
    print(f"  {comparison.what}: {comparison.case}", file=sys.stderr, flush=True)
    apart, left_out = _differences(place, comparison)
    limits = {name: TOLERANCE_TF32 if name == PEER_TF32 else TOLERANCE for name in apart}
    wrong = [name for name, far in apart.items() if not far <= limits[name]]  # NaN is wrong too
    taking_part = {name: call for name, call in comparison.contestants.items() if name in apart}
    times = alternate(place, {name: call for name, call in taking_part.items() if name not in wrong})
    return {
        "what": comparison.what,
        "case": comparison.case,
        "algorithm": comparison.algorithm,
        "operations": comparison.operations,
        "least_bytes": comparison.least_bytes,
        "milliseconds": {name: on_device for name, (on_device, _) in times.items()},
        "whole": {name: whole for name, (_, whole) in times.items()},
        "apart": apart,
        "left_out": left_out,
        "wrong": wrong,
    }


def _differences(place: Place, comparison: Comparison) -> tuple[dict[str, float], dict[str, str]]:
    """Return how far each result is from float64, and why contestants refuse the case."""
    expected = comparison.expected()
    largest = float(np.abs(expected).max())
    apart, left_out = {}, {}
    for name, call in comparison.contestants.items():
        place.set_tf32(name == PEER_TF32)
        try:
            result = _as_numpy(call())
        except CourseError as error:  # an algorithm that does not suit, or no memory
            left_out[name] = str(error)
            continue
        except Exception as error:  # noqa: BLE001 - whatever fails on this card is a finding; the others go on
            left_out[name] = f"{type(error).__name__}: {error}"
            continue
        same_shape = result.shape == expected.shape
        apart[name] = float(np.abs(result - expected).max()) / largest if same_shape else float("inf")
    return apart, left_out


def _as_numpy(array: Any) -> Any:
    """Return an array of CuPy, a tensor of PyTorch or an array of NumPy as the last."""
    if hasattr(array, "cpu"):
        return array.detach().cpu().numpy()
    return array.get() if hasattr(array, "get") else np.asarray(array)


def alternate(place: Place, contestants: Mapping[str, Call]) -> dict[str, tuple[float, float]]:
    """Return the median milliseconds of a call of each contestant, (on the device, as a whole).

    All are warmed up; then they take turns, every other round in the reverse order.
    """
    calls = {name: _calls(place, name, call) for name, call in contestants.items()}
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    order = list(contestants)
    for _ in range(ROUNDS):
        for name in order:
            place.set_tf32(name == PEER_TF32)
            turns[name].append(place.clock.turn(contestants[name], calls[name]))
        order.reverse()
    return {
        name: (statistics.median(t[0] for t in times), statistics.median(t[1] for t in times))
        for name, times in turns.items()
    }


def _calls(place: Place, name: str, call: Call) -> int:
    """Warm up, and return how many calls make a turn."""
    place.set_tf32(name == PEER_TF32)
    for _ in range(WARM_UP):
        call()
    whole = place.clock.turn(call, 1)[1]
    return max(1, min(MOST_CALLS, int(TURN / max(whole, 1e-6))))


def ceilings(place: Place, rows: int = MATRIX, numbers: int = COPIED) -> dict[str, float]:
    """Return what the card does at most: FLOP/s of a matrix product, bytes/s of a copy."""
    xp, torch = place.xp, place.torch
    random = np.random.default_rng(0).standard_normal((rows, rows), dtype=np.float32)
    matrix, tensor = xp.asarray(random), place.tensor(random)
    product, product_there = xp.empty_like(matrix), torch.empty_like(tensor)
    source, target = xp.ones(numbers, dtype=xp.float32), xp.empty(numbers, dtype=xp.float32)

    def copy() -> None:
        target[...] = source

    times = alternate(
        place,
        {
            "matmul": lambda: xp.matmul(matrix, matrix, out=product),
            PEER: lambda: torch.matmul(tensor, tensor, out=product_there),
            PEER_TF32: lambda: torch.matmul(tensor, tensor, out=product_there),
            "copy": copy,
        },
    )
    operations, seconds = 2 * rows**3, {name: on_device / 1000 for name, (on_device, _) in times.items()}
    return {
        "float32 FLOP/s": operations / min(seconds["matmul"], seconds[PEER]),
        "TF32 FLOP/s": operations / seconds[PEER_TF32],
        "bytes/s": 2 * 4 * numbers / seconds["copy"],
    }
