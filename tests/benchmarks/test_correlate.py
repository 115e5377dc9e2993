"""The benchmark against PyTorch: what is compared is the same, and what is printed says who is faster."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.correlate import main, report
from benchmarks.correlate.cases import CASES, Case
from coursekit.reference.correlate import correlate

SMALL = (
    Case((1, 1, 9, 8), (1, 1, 3, 3)),
    Case((1, 1, 40), (1, 1, 7)),
    Case((1, 1, 6, 7, 8), (1, 1, 3, 3, 3)),
    Case((2, 4, 9, 8), (6, 2, 3, 3), stride=2, padding=1, groups=2),
)


@pytest.mark.parametrize("case", [SMALL[0], SMALL[1], Case((2, 4, 9, 8), (6, 2, 3, 2), stride=2, groups=2)])
def test_operations_are_two_for_each_product_of_the_definition(case: Case) -> None:
    ones = np.ones(case.image, dtype=int), np.ones(case.kernel, dtype=int)
    products = int(correlate(*ones, stride=case.stride, groups=case.groups).sum())
    assert case.operations == 2 * products


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_a_case_has_a_gradient_for_every_output(case: Case) -> None:
    image, kernel, gradient = case.arrays
    assert gradient.shape == correlate(image, kernel, **case.parameters).shape


def test_a_case_is_named_by_what_is_unusual_about_it() -> None:
    assert SMALL[0].name == "1x1x9x8 -> 1, 3x3"
    assert SMALL[3].name == "2x4x9x8 -> 6, 3x3 stride 2 pad 1 groups 2"
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.torch
@pytest.mark.parametrize("of", ["forward", "input_gradient", "kernel_gradient"])
@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_all_contestants_compute_the_same(case: Case, of: str) -> None:
    pytest.importorskip("torch")
    from benchmarks.correlate import contestants

    taking_part = getattr(contestants, of)(case)
    contestants.require_equal_results(case.name, taking_part)
    expected = {"coursekit", "torch"}
    if of == "forward" and case.is_plain:
        expected |= {"scipy correlate", "scipy oaconvolve"}
        expected |= {"scipy correlate2d"} if len(case.taps) == 2 else set()
    assert set(taking_part) == expected


@pytest.mark.torch
@pytest.mark.parametrize("wrong", [1.001, np.nan])
def test_a_contestant_that_computes_something_else_is_refused(wrong: float) -> None:
    pytest.importorskip("torch")
    from benchmarks.correlate import contestants

    right = np.linspace(-3, 3, 7)
    taking_part = {"coursekit": lambda: right, "torch": lambda: right * wrong}
    with pytest.raises(contestants.DifferentResultsError, match="some case: torch and coursekit differ by"):
        contestants.require_equal_results("some case", taking_part)


def measurement(
    what: str, case: str, threads: int, ours: float, peer: float, axes: int = 2
) -> dict[str, Any]:
    times = {"coursekit": ours, "torch": peer}
    measured = {"what": what, "case": case, "axes": axes, "threads": threads, "milliseconds": times}
    measured |= {"ratio": ours / peer, "gflops": 12.0, "extra_memory": 3 << 19}
    return measured | ({"algorithm": "im2col"} if what == "forward" else {})


MEASURED = [
    measurement("forward", "small", 1, 1.0, 2.0),
    measurement("forward", "large", 1, 8.0, 4.0),
    measurement("forward", "sound", 1, 90.0, 1.0, axes=1),
    measurement("forward", "small", 2, 1.0, 4.0),
    measurement("forward", "large", 2, 4.0, 4.0),
    measurement("forward", "sound", 2, 90.0, 1.0, axes=1),
    measurement("input gradient", "large", 1, 3.0, 2.0),
    measurement("kernel gradient", "large", 1, 5.0, 2.0),
]
MEASURED[0]["milliseconds"] |= {"scipy correlate": 5.0, "scipy oaconvolve": 4.0}


def test_the_verdicts_speak_of_two_dimensions_and_name_the_worst() -> None:
    written = report.text(MEASURED)
    assert "1 thread, 2-D: geometric mean of the ratios 1.00; budget 1: met" in written
    assert "1 thread, 2-D: worst ratio (large) 2.00; budget 1.6: MISSED" in written
    assert "2 threads, 2-D: geometric mean of the ratios 0.50; budget 1: met" in written
    assert "2 threads, 2-D: worst ratio (large) 1.00; budget 1.6: met" in written
    assert "1 thread: worst ratio (kernel gradient: large) 2.50; budget 2: MISSED" in written


def test_the_table_has_the_columns_of_both_numbers_of_threads_in_one_row() -> None:
    (row,) = [
        line for line in report.text(MEASURED).splitlines() if line.startswith("| small") and "im2col" in line
    ]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == ["small", "im2col", "1.00", "2.00", "0.50", "1.00", "4.00", "0.25", "12.0", "1.5 MiB"]


def test_scipy_is_compared_by_its_fastest_function() -> None:
    (row,) = [
        line for line in report.text(MEASURED).splitlines() if line.startswith("| small") and "5.00" in line
    ]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "small",
        "1",
        "1.00",
        "5.00",
        "4.00",
        "",
        "0.25",
    ]


def test_the_plot_has_a_bar_for_each_measurement() -> None:
    figure = report.draw(MEASURED)
    assert sum(len(ax.patches) for ax in figure.axes) == len(MEASURED)
    assert [len(ax.get_yticks()) for ax in figure.axes] == [3, 1, 1]


def test_without_pytorch_the_benchmark_says_so_and_measures_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main() is None
    assert "PyTorch, which is not installed" in capsys.readouterr().out
