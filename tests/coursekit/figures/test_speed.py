"""Times, growth, the roofline and the reads of a tile."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.errors import ParameterError
from coursekit.figures import speed

RESULTS = Path(__file__).parents[3] / "benchmarks" / "results"


@pytest.mark.parametrize("name", ["correlate", "growth"])
def test_the_figures_that_ship_are_those_of_the_last_benchmark(name: str) -> None:
    copy = (speed.MEASURED / f"{name}.json").read_bytes()
    assert copy == (RESULTS / f"{name}.json").read_bytes(), (
        f"lecture 12 shows an older run: cp benchmarks/results/{name}.json coursekit/figures/results/"
    )


def test_a_benchmark_that_was_not_measured_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"name must be one of \['correlate', 'growth'\]; got 'gpu'"):
        speed.measured("gpu")


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0.00045, "0.4 µs"), (0.45, "450 µs"), (3.04, "3.0 ms"), (38_000, "38 s"), (372_000, "6.2 min")],
)
def test_a_time_is_told_in_the_unit_that_suits_it(milliseconds: float, words: str) -> None:
    assert speed.duration(milliseconds) == words


def test_times_says_which_bar_was_not_measured() -> None:
    figure = speed.times({"loops": 120_000, "fast": 4}, title="one layer", guessed=("loops",))
    assert figure.alt == "one layer. loops: about 2.0 min; fast: 4.0 ms."
    assert [bar.get_width() for bar in figure.axes[0].patches] == [120_000, 4]
    assert [bar.get_hatch() for bar in figure.axes[0].patches] == ["//", ""]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"milliseconds": {}}, "milliseconds must hold times > 0; got {}"),
        ({"milliseconds": {"a": 0.0}}, "milliseconds must hold times > 0"),
        ({"milliseconds": {"a": 1.0}, "guessed": ("b",)}, "guessed must be names of milliseconds; got 'b'"),
    ],
)
def test_times_refuses_what_it_cannot_show(arguments, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        speed.times(title="nothing", **arguments)


def test_growth_draws_every_measured_point_and_says_where_the_default_changes() -> None:
    entry = next(e for e in speed.measured("growth")["measurements"] if e["sweep"] == "kernel size")
    figure = speed.growth("kernel size")
    drawn = {line.get_label(): line.get_ydata().tolist() for line in figure.axes[0].lines[:3]}
    assert drawn == entry["milliseconds"]
    size, old, new = entry["switches"][0]
    assert f"The default changes from {old} to {new} at {size}." in figure.alt
    with pytest.raises(ParameterError, match=r"sweep must be one of .*; got 'batch'"):
        speed.growth("batch")


def test_the_roof_is_the_lower_of_bandwidth_and_arithmetic() -> None:
    figure = speed.roofline(peak=100, bandwidth=20, points={"thin": (0.5, None), "fat": (50, 60.0)})
    roof = figure.axes[0].lines[0]
    assert roof.get_ydata().tolist()[1:] == [100, 100]
    assert roof.get_xdata()[1] == 5
    assert "thin at 0.5 FLOP per byte, at most 10 GFLOP/s; fat at 50 FLOP per byte, 60 GFLOP/s" in figure.alt
    with pytest.raises(ParameterError, match="bandwidth must be a number > 0; got 0"):
        speed.roofline(peak=1, bandwidth=0, points={})


def test_a_tile_counts_each_use_of_each_pixel() -> None:
    figure = speed.tile_reads(16, 3)
    uses = figure.axes[0].images[0].get_array()
    assert uses.shape == (18, 18)
    assert uses.sum() == 16**2 * 9
    assert "Alone they read 2304 pixels, together 324: 7.1 times fewer" in figure.alt
    with pytest.raises(ParameterError, match=r"taps must be an integer >= 1; got 1\.5"):
        speed.tile_reads(4, 1.5)  # type: ignore[arg-type]
