"""The benchmark of growth: slopes, crossings and the choices of the default."""

from __future__ import annotations

import pytest

from benchmarks.correlate.cases import Case
from benchmarks.growth import measure, report
from benchmarks.growth.sweeps import FORMULAS, SWEEPS, Sweep, crossings, slope, square

SIZES = [1, 2, 4, 8, 16, 32]


@pytest.mark.parametrize("power", [0, 1, 2, 2.5])
def test_the_slope_of_a_power_is_its_exponent(power: float) -> None:
    assert slope(SIZES, [3 * size**power for size in SIZES]) == pytest.approx(power)


def test_the_slope_is_that_of_the_larger_sizes() -> None:
    assert slope(SIZES, [64 + size**2 * (size > 4) * 1e6 for size in SIZES]) == pytest.approx(2, abs=1e-4)


def test_curves_cross_where_they_are_equal() -> None:
    squares, lines = [float(size**2) for size in SIZES], [5.0 * size for size in SIZES]
    assert crossings(SIZES, squares, lines) == pytest.approx([5])
    assert crossings(SIZES, lines, squares) == pytest.approx([5])
    assert crossings(SIZES, [2 * line for line in lines], lines) == []


@pytest.mark.parametrize(
    ("algorithm", "sweep", "exponent"),
    [
        ("direct", "image size", 2),
        ("im2col", "kernel size", 2),
        ("direct", "channels", 2),
        ("winograd", "image size", 2),
        ("fft", "image size", 2.1),
        ("fft", "kernel size", 0.2),
    ],
)
def test_the_formulas_grow_as_the_textbook_says(algorithm: str, sweep: str, exponent: float) -> None:
    (found,) = [each for each in SWEEPS if each.name == sweep]
    operations = [FORMULAS[algorithm](found.case(size)) for size in found.sizes]
    assert slope(list(found.sizes), operations) == pytest.approx(exponent, abs=0.1)


def test_winograd_saves_more_than_half_of_the_operations_with_many_channels() -> None:
    case = square(32, 3, 256)
    assert 2 < FORMULAS["direct"](case) / FORMULAS["winograd"](case) < 36 / 16


def test_all_convolutions_of_a_sweep_have_as_many_outputs_as_pixels() -> None:
    for sweep in SWEEPS:
        for size in sweep.sizes:
            assert sweep.case(size).positions == sweep.case(size).spatial


def tiny(size: int) -> Case:
    return square(size, 3, 2)


def test_a_sweep_gives_a_time_for_each_size_and_algorithm() -> None:
    sweep = Sweep("image size", "2 channels", (4, 6), tiny, ("direct", "winograd"))
    measured = measure.measured(sweep, seconds=0)
    assert {name: len(times) for name, times in measured["milliseconds"].items()} == {
        "direct": 2,
        "winograd": 2,
    }
    assert all(time > 0 for times in measured["milliseconds"].values() for time in times)
    assert measured["default"] == [measure.default(sweep, 4), measure.default(sweep, 6)]


def test_the_switches_of_the_default_are_found_between_the_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = Sweep("image size", "", (4, 16), tiny, ("direct", "fft"))
    monkeypatch.setattr(measure, "default", lambda sweep, size: "direct" if size < 11 else "fft")
    assert measure.switches(sweep) == [(11, "direct", "fft")]


def test_kernels_of_even_size_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(measure, "default", lambda sweep, size: str(asked.append(size)))
    measure.switches(Sweep("kernel size", "", (3, 7), tiny, ()))
    assert asked == [3, 5, 7]


MEASURED = {
    "sweep": "kernel size",
    "fixed": "one image",
    "sizes": SIZES,
    "milliseconds": {"im2col": [float(size**2) for size in SIZES], "fft": [5.0 * size for size in SIZES]},
    "operations": {"im2col": [float(size**2) for size in SIZES], "fft": [float(size) for size in SIZES]},
    "default": ["im2col"] * 4 + ["fft"] * 2,
    "switches": [(10, "im2col", "fft")],
}


def test_the_report_compares_the_switch_with_the_crossing_and_prices_the_default() -> None:
    written = report.text([MEASURED])
    assert "the default switches from im2col to fft at 10; measured, the curves cross at 5" in written
    assert "the default takes at most 1.60 times as long as the fastest (at 8)" in written
    assert report.dearest_choice(MEASURED) == (8, pytest.approx(1.6))


def test_a_default_that_never_switches_is_said_to() -> None:
    assert "the default is im2col at every size" in report.text([MEASURED | {"switches": []}])


def test_the_plot_marks_the_switch_and_gives_both_slopes() -> None:
    (ax,) = report.draw([MEASURED]).axes
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["im2col: slope 2.0 (formula 2.0)", "fft: slope 1.0 (formula 1.0)"]
    assert [text.get_text() for text in ax.texts] == ["im2col → fft"]
