"""The figures of lecture 2 show the right products, sums and areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit import convolve, correlate, figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import BLUE, ORANGE, LectureFigure
from coursekit.figures.convolution import area_at

SIGNAL, KERNEL = np.array([2, 1, 3]), np.array([4, 2, -1])


def cells(figure: LectureFigure, colour: str) -> dict[tuple[int, int], str]:
    """Return what stands in the cells of one colour: (row, column) to text."""
    texts = [
        text for text in figure.axes[0].texts if text.get_color() == colour and text.get_ha() == "center"
    ]
    return {(round(text.get_position()[1]), round(text.get_position()[0])): text.get_text() for text in texts}


def box(t: Any) -> Any:
    return np.where((t >= 0) & (t < 1), 1.0, 0.0)


def ramp(t: Any) -> Any:
    return np.where((t >= 0) & (t < 2), t, 0.0)


def test_stamps_put_the_kernel_unflipped_at_each_sample_and_sum_the_columns() -> None:
    figure = figures.stamps(SIGNAL, KERNEL)
    stamped = cells(figure, ORANGE)
    assert [stamped[1, column] for column in (1, 2, 3)] == ["4", "2", "−1"]
    assert [stamped[2, column] for column in (2, 3, 4)] == ["12", "6", "−3"]
    sums = [cells(figure, BLUE)[3, column].replace("−", "-") for column in range(5)]
    assert [int(number) for number in sums] == convolve(SIGNAL, KERNEL, mode="full").tolist()


def test_stamps_refuse_what_would_not_fit() -> None:
    with pytest.raises(ShapeError, match="signal must have at most 7 samples"):
        figures.stamps(np.ones(8), KERNEL)
    with pytest.raises(ShapeError, match="at most 17 together; got 3 and 15"):
        figures.stamps(SIGNAL, np.ones(15))
    with pytest.raises(ShapeError, match=r"kernel must have shape \(N,\) and a number; got \(0,\)"):
        figures.stamps(SIGNAL, [])


def test_the_kernel_lies_flipped_with_its_first_number_at_the_time() -> None:
    figure = figures.flip_and_slide(SIGNAL, KERNEL)
    laid = cells(figure, ORANGE)
    assert [laid[3, column] for column in (0, 1, 2)] == ["−1", "2", "4"]  # time 2
    for time, number in enumerate(convolve(SIGNAL, KERNEL, mode="full")):
        words = figure.alt.split(f"time {time}: ")[1].split(";")[0].rstrip(".")
        assert words.endswith(f"= {number}".replace("-", "−"))


def test_letters_are_written_out_and_what_hangs_over_the_end_is_left_out() -> None:
    figure = figures.flip_and_slide(list("abcdef"), list("zyx"), times=range(1, 7))
    assert "time 1: y·a + z·b; time 2: x·a + y·b + z·c;" in figure.alt
    assert figure.alt.endswith("time 6: x·e + y·f.")


def test_the_sums_can_be_left_for_the_class() -> None:
    figure = figures.flip_and_slide(SIGNAL, KERNEL, sums=False)
    assert "=" not in figure.alt
    assert [text.get_text() for text in figure.axes[0].texts].count("?") == 5


@pytest.mark.parametrize("times", [[], [-1], [5]])
def test_times_outside_the_output_are_refused(times: list[int]) -> None:
    with pytest.raises(ParameterError, match="times must be integers from 0 to 4"):
        figures.flip_and_slide(SIGNAL, KERNEL, times=times)


def test_more_times_than_fit_are_refused() -> None:
    with pytest.raises(ShapeError, match="times at most 7; got 6, 3 and 8"):
        figures.flip_and_slide(np.ones(6), KERNEL)


@pytest.mark.parametrize("time", [-0.5, 0.25, 1.0, 1.7, 2.5])
def test_areas_are_those_of_convolution_and_of_cross_correlation(time: float) -> None:
    step = 0.001
    places = np.arange(-4, 4, step) + step / 2
    f, g = box(places), ramp(places)
    for operation, reference in (("convolution", convolve), ("cross-correlation", correlate)):
        all_areas = reference(f, g, mode="full") * step
        # Of the full output the number at t: places begin at -4, twice for a sum, once each for a difference.
        start = -8 if operation == "convolution" else -8 + step / 2
        number = round((time - start) / step) - 1
        found = area_at(box, ramp, (-4, 4), time, operation)  # type: ignore[arg-type]  # a Literal
        assert found == pytest.approx(all_areas[number], abs=0.01)


def test_an_overlap_names_the_area_at_each_time() -> None:
    figure = figures.overlap(box, box, span=(-1, 3), times=[0.5, 1, 1.5])
    titles = [axis.get_title() for axis in figure.axes]
    assert titles[:3] == ["t = 0.5: area 0.50", "t = 1: area 1.00", "t = 1.5: area 0.50"]
    assert "0.50 at t = 0.5, 1.00 at t = 1, 0.50 at t = 1.5" in figure.alt
    curve = figure.axes[3].lines[0]
    assert max(curve.get_ydata()) == pytest.approx(1, abs=0.02)
    assert curve.get_xdata()[np.argmax(curve.get_ydata())] == pytest.approx(1, abs=0.02)


def test_the_two_operations_stand_side_by_side_with_different_areas() -> None:
    figure = figures.operations_compared(box, ramp, span=(-3, 4), times=[-1, 2])
    left, right = figure.axes[0], figure.axes[1]
    assert left.get_title().startswith("convolution: g is flipped\nt = −1: area 0.00")
    # The ramp from -1 to 1 lies unflipped on the box: the area under its second half, from 1 to 2, is 1.5.
    assert right.get_title().startswith("cross-correlation: g is not flipped\nt = −1: area 1.50")
    assert (
        "convolution: area 0.00 at t = -1, 1.50 at t = 2; cross-correlation: area 1.50 at t = -1"
        in figure.alt
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"span": (1, 1), "times": [1]}, "span must be"),
        ({"span": (0, 1), "times": []}, "times must be 1 to 4 numbers; got 0"),
        ({"span": (0, 1), "times": [2]}, "times must lie in the span"),
    ],
)
def test_an_overlap_that_cannot_be_drawn_is_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        figures.overlap(box, box, **settings)
