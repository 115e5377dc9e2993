"""The benchmark on a GPU, without one: who is compared, how it reads, and what it says where there is no GPU.

Everything but the card's own clock runs here, with NumPy in CuPy's place and PyTorch on the CPU.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks.correlate.cases import Case
from benchmarks.gpu import contestants, measure, report, taps
from benchmarks.gpu.cases import CASES, POOLINGS, Pooling, least_bytes
from benchmarks.gpu.clock import WAIT
from benchmarks.gpu.contestants import OURS, PEER, PEER_TF32, SLICES
from benchmarks.gpu.place import STORY, Place, this_gpu
from benchmarks.results import CannotMeasureError, Results
from coursekit.gpu import why_no_gpu
from coursekit.reference import (
    correlate,
    correlate_input_gradient,
    correlate_kernel_gradient,
    max_pool,
    max_pool_gradient,
)
from coursekit.reference.correlate import Algorithm

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = (
    Case((2, 3, 9, 8), (4, 3, 3, 3), stride=2, padding=1),
    Case((1, 1, 12, 11), (1, 1, 3, 2)),
    Case((2, 4, 9, 8), (6, 2, 3, 2), padding=2, groups=2),
    Case((2, 4, 7, 9), (4, 1, 3, 3), stride=2, padding=1, groups=4),
)
SMALL_POOLINGS = (Pooling((2, 3, 9, 8), 3, 2, padding=1), Pooling((2, 3, 8, 8), 2, 2))


class HostClock:
    """Times calls that are over when they return."""

    def turn(self, call: Callable[[], object], calls: int) -> tuple[float, float]:
        started = time.perf_counter()
        for _ in range(calls):
            call()
        whole = 1000 * (time.perf_counter() - started) / calls
        return whole, whole


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    """The CPU, with two of its algorithms, and short turns."""
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(measure, "TURN", 0.1)
    monkeypatch.setattr(measure, "ROUNDS", 3)
    return Place(np, torch, "cpu", HostClock(), ("im2col", "winograd"), {"card": "a processor"})


def random(*shape: int) -> Any:
    return np.random.default_rng(3).standard_normal(shape)


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_array_slices_compute_what_the_reference_does(case: Case) -> None:
    image, kernel = random(*case.image), random(*case.kernel)
    sent = random(case.image[0], case.kernel[0], *case.positions)
    given = case.parameters
    assert_allclose(taps.forward(np, image, kernel, **given), correlate(image, kernel, **given), atol=1e-12)
    assert_allclose(
        taps.input_gradient(np, sent, kernel, case.spatial, **given),
        correlate_input_gradient(sent, kernel, case.spatial, **given),
        atol=1e-12,
    )
    assert_allclose(
        taps.kernel_gradient(np, sent, image, case.taps, **given),
        correlate_kernel_gradient(sent, image, case.taps, **given),
        atol=1e-12,
    )


@pytest.mark.parametrize("case", SMALL_POOLINGS, ids=lambda case: case.name)
def test_array_slices_pool_as_the_reference_does(case: Pooling) -> None:
    image, given = random(*case.image), case.parameters
    sent = random(*case.image[:2], *case.positions)
    assert_array_equal(taps.max_pool(np, image, case.size, **given), max_pool(image, case.size, **given))
    assert_allclose(
        taps.max_pool_gradient(np, sent, image, case.size, **given),
        max_pool_gradient(sent, image, case.size, **given),
        atol=1e-12,
    )


def test_the_shapes_are_those_of_the_cpu_and_of_three_layers() -> None:
    assert [case.name for case in CASES[-3:]] == [
        "32x64x56x56 -> 64, 3x3 pad 1",
        "32x256x14x14 -> 256, 3x3 pad 1",
        "32x3x224x224 -> 64, 7x7 stride 2 pad 3",
    ]
    assert len(CASES) == 11
    assert all(len(case.taps) == 2 for case in CASES)


def test_every_kernel_that_correlate_knows_is_measured_on_its_own() -> None:
    known = set(typing.get_args(Algorithm))
    assert set(STORY) == known - {"auto", "direct"}
    assert set(report.STEPS) <= {SLICES, *STORY}


def test_numbers_of_a_pooling_are_all_different_in_float32() -> None:
    for case in POOLINGS:
        assert np.prod(case.image) <= 2**24
    assert np.float32(2**24 - 1) != np.float32(2**24 - 2)


def test_the_least_bytes_are_four_for_each_number() -> None:
    assert least_bytes((2, 3), (5,)) == 44


@pytest.mark.torch
def test_a_whole_run_measures_each_computation_by_all_who_suit(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    done = measure.measurements(place, SMALL[:2], SMALL_POOLINGS[:1], seed=5)
    assert [m["what"] for m in done] == [
        *["forward", "input gradient", "kernel gradient"] * 2,
        "max pooling",
        "max pooling gradient",
    ]
    strided = done[0]
    assert set(strided["milliseconds"]) == {OURS, SLICES, "im2col", PEER, PEER_TF32}
    assert "it needs stride 1 and dilation 1" in strided["left_out"]["winograd"]
    assert strided["operations"] == SMALL[0].operations
    assert strided["least_bytes"] == least_bytes((2, 3, 9, 8), (4, 3, 3, 3), (2, 4, 5, 4))
    for m in done:
        assert m["wrong"] == []
        assert {OURS, SLICES, PEER} <= set(m["milliseconds"]) == set(m["whole"])
        assert all(0 < time < 1000 for time in m["milliseconds"].values())
        assert all(far <= measure.TOLERANCE for far in m["apart"].values())
    json.dumps(done)
    assert "forward: 2x3x9x8 -> 4, 3x3 stride 2 pad 1" in capsys.readouterr().err


@pytest.mark.torch
def test_other_numbers_are_measured_each_time(place: Place) -> None:
    first, second = (
        contestants.convolutions(place, SMALL[0], np.random.default_rng(seed))[0].expected()
        for seed in (1, 2)
    )
    assert np.abs(first - second).max() > 0.1


@pytest.mark.torch
@pytest.mark.parametrize("off", [lambda array: array * 1.001, lambda array: array * np.nan])
def test_who_computes_something_else_is_not_timed(place: Place, off: Callable[[Any], Any]) -> None:
    comparison = contestants.convolutions(place, SMALL[1], np.random.default_rng(0))[0]
    calls = dict(comparison.contestants)
    right = calls[OURS]
    calls |= {OURS: lambda: off(right()), SLICES: lambda: right()[:, :, 1:]}
    m = measure.measured(place, contestants.Comparison(**vars(comparison) | {"contestants": calls}))
    assert set(m["wrong"]) == {OURS, SLICES}
    assert set(m["milliseconds"]) == {"im2col", PEER, PEER_TF32}
    written = report._targets([m])
    assert "wrong results, which are not timed: coursekit, forward of 1x1x12x11 -> 1, 3x2;" in written
    assert "not compared: forward of 1x1x12x11 -> 1, 3x2: MISSED" in written


@pytest.mark.torch
def test_one_that_fails_does_not_take_the_others_results_along(place: Place) -> None:
    comparison = contestants.convolutions(place, SMALL[1], np.random.default_rng(0))[0]

    def fails() -> None:
        raise RuntimeError("the card fell out")

    calls = dict(comparison.contestants) | {"im2col": fails}
    m = measure.measured(place, contestants.Comparison(**vars(comparison) | {"contestants": calls}))
    assert m["left_out"] == {
        "im2col": "RuntimeError: the card fell out",
        "winograd": m["left_out"]["winograd"],
    }
    impossible = Case((1, 1, 2, 2), (1, 1, 3, 3))
    done = measure.measurements(place, [impossible, SMALL[1]], [], seed=0)
    assert "ShapeError" in done[0]["left_out"][OURS]
    assert len(done) == 1 + 3
    assert f"all that is left of {impossible.name}: MISSED" in report._targets(done)


@pytest.mark.torch
def test_ceilings_are_those_of_products_and_copies(place: Place) -> None:
    reached = measure.ceilings(place, rows=64, numbers=4096)
    assert set(reached) == {"float32 FLOP/s", "TF32 FLOP/s", "bytes/s"}
    assert all(1e6 < value < 1e14 for value in reached.values())


@pytest.mark.torch
def test_rounding_to_ten_bits_is_on_for_its_contestant_alone(place: Place) -> None:
    seen: dict[str, set[bool]] = {name: set() for name in (OURS, PEER, PEER_TF32)}

    def looks(name: str) -> Callable[[], None]:
        return lambda: seen[name].add(place.torch.backends.cudnn.allow_tf32)

    measure.alternate(place, {name: looks(name) for name in seen})
    assert seen == {OURS: {False}, PEER: {False}, PEER_TF32: {True}}


def made_up(
    what: str, case: str, ours: float, peer: float, whole: float = 0.0, **others: float
) -> dict[str, Any]:
    times = {OURS: ours, PEER: peer, PEER_TF32: peer / 2, **others}
    return {
        "what": what,
        "case": case,
        "algorithm": "winograd" if what == "forward" else "",
        "operations": 4_000_000_000,
        "least_bytes": 50_000_000,
        "milliseconds": times,
        "whole": times | {OURS: whole or ours},
        "apart": dict.fromkeys(times, 1e-6),
        "left_out": {"winograd": "a 3x3 kernel is needed"} if what == "forward" and case == "large" else {},
        "wrong": [],
    }


MEASURED = [
    {
        "what": "card",
        "card": "Some Card",
        "driver": "580.1, CUDA 13.0",
        "seed": "7",
        "ceilings": {"float32 FLOP/s": 20e12, "TF32 FLOP/s": 80e12, "bytes/s": 1e12},
    },
    made_up(
        "forward", "small", 1.0, 1.0, whole=5.0, slices=8.0, naive=4.0, shared_tile=2.0, implicit_gemm=1.5
    ),
    made_up("forward", "large", 4.0, 2.0, slices=9.0, naive=4.5, shared_tile=5.0, implicit_gemm=4.0),
    made_up("input gradient", "large", 7.0, 2.0),
]


def test_the_targets_name_the_worst_on_the_card_and_for_whole_calls() -> None:
    written = report.text(MEASURED)
    assert "forward, on the card: geometric mean of the ratios 1.41; budget 1.5: met" in written
    assert "forward, on the card: worst ratio (large) 2.00; budget 3: met" in written
    assert "forward, whole calls: geometric mean of the ratios 3.16; budget 1.5: MISSED" in written
    assert "forward, whole calls: worst ratio (small) 5.00; budget 3: MISSED" in written
    assert "input gradient, on the card: worst ratio (large) 3.50; budget 3: MISSED" in written
    assert "wrong results, which are not timed: none; met" in written
    assert "not compared: none; met" in written


def test_each_step_of_the_story_must_be_faster_than_the_one_before_everywhere() -> None:
    written = report.text(MEASURED)
    assert "naive / slices: geometric mean 0.50; below 1 in all: met" in written
    assert (
        "shared_tile / naive: geometric mean 0.75, slower in 1 of 2: large; below 1 in all: MISSED" in written
    )
    assert "implicit_gemm / shared_tile: geometric mean 0.77; below 1 in all: met" in written


def test_a_row_has_times_ratios_and_parts_of_the_ceilings() -> None:
    rows = [line for line in report.text(MEASURED).splitlines() if line.startswith("| forward ")]
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert cells[:8] == ["forward", "small", "winograd", "1.000", "1.000", "1.00", "0.500", "2.00"]
    assert cells[8:] == ["5.000", "1.000", "5.00", "4.00", "20%", "50", "5%"]


def test_the_report_names_card_ceilings_and_who_did_not_take_part() -> None:
    written = report.text(MEASURED)
    assert written.startswith("card Some Card; driver 580.1, CUDA 13.0; seed 7.")
    assert "20.0 TFLOP/s in float32 and 80.0 in TF32, a copy 1000 GB/s" in written
    assert "- winograd: a 3x3 kernel is needed (large)" in written


def test_the_plot_has_both_bars_of_each_computation_and_a_mark_for_each_algorithm() -> None:
    above, below = report.draw(MEASURED).axes
    assert len(above.patches) == 2 * 3
    marks = {line.get_label(): len(line.get_xdata()) for line in below.lines if line.get_marker() != "None"}
    assert marks == {SLICES: 2, "naive": 2, "shared_tile": 2, "implicit_gemm": 2}


def test_results_are_kept_as_those_of_other_benchmarks(tmp_path: Path) -> None:
    results = Results("gpu", MEASURED, report.text(MEASURED), lambda: report.draw(MEASURED))
    paths = results.write(tmp_path)
    assert [path.name for path in paths] == ["gpu.json", "gpu.md", "gpu.png"]
    assert json.loads(paths[0].read_text())["measurements"][0]["card"] == "Some Card"


@pytest.mark.skipif(why_no_gpu() == "", reason="there is a GPU")
def test_without_a_gpu_the_command_says_what_is_missing_and_writes_nothing() -> None:
    kept = REPOSITORY / "benchmarks" / "results"
    before = {path: path.stat().st_mtime_ns for path in kept.iterdir()}
    command = [sys.executable, "-m", "benchmarks", "gpu", "--write"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr
    assert "gpu cannot be measured here: it compares CuPy with cuDNN on a GPU:\n- " in done.stderr
    assert why_no_gpu() in done.stderr
    assert {path: path.stat().st_mtime_ns for path in kept.iterdir()} == before


def test_the_command_needs_nothing_but_numpy_cupy_pytorch_and_matplotlib() -> None:
    """A machine with a GPU may have no more than that: no other package of the development is imported."""
    refused = ("scipy", "psutil", "nbgrader", "IPython", "pytest", "jupyterlab", "skimage", "threadpoolctl")
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({refused!r}))\n"  # None there: an import fails
        "import benchmarks.__main__\n"
        "from benchmarks.gpu import cases, clock, contestants, measure, place, report, taps\n"
        "import coursekit; import numpy as np\n"
        "coursekit.correlate(np.ones((4, 4)), np.ones((2, 2)))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.gpu
def test_the_cards_clock_times_the_card_alone_and_the_whole_call() -> None:
    try:
        here = this_gpu()
    except CannotMeasureError as error:
        pytest.skip(str(error))
    cupy = here.xp
    here.clock.turn(lambda: clock_waits(cupy, 2_000_000), 3)
    on_device, whole = here.clock.turn(lambda: clock_waits(cupy, 2_000_000), 3)
    assert 1.9 < on_device < 4  # milliseconds
    assert on_device <= whole * 1.1

    def slow_to_start() -> None:
        time.sleep(0.005)
        clock_waits(cupy, 100_000)

    on_device, whole = here.clock.turn(slow_to_start, 3)
    assert on_device < 2 < 5 <= whole  # Python's five milliseconds are not the card's
    done = measure.measurements(here, SMALL[:1], SMALL_POOLINGS[:1], seed=1)
    assert all(m["wrong"] == [] and {OURS, PEER} <= set(m["milliseconds"]) for m in done), done


def clock_waits(cupy: Any, nanoseconds: int) -> None:
    cupy.RawKernel(WAIT, "wait")((1,), (1,), (cupy.int64(nanoseconds),))
