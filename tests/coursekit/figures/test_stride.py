"""The pictures of strides: where windows stand, what they lose, and the way back by inserted zeros."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit import conv_transpose, output_size
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure
from coursekit.figures.aliasing import every_nth, waves
from coursekit.figures.base import BLUE, ORANGE
from coursekit.figures.stride import places, strided_units, zero_insertion


def texts(figure: LectureFigure, panel: int = 0) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts if text.get_text()]


def boxes(figure: LectureFigure, keep: Callable[[Rectangle], Any]) -> list[tuple[int, float]]:
    """Return (column, row) of the cells that are drawn as asked, in the order in which they were drawn."""
    cells = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and keep(patch)]
    return [(round(cell.get_x() + 0.46), round(cell.get_y() + 0.42, 1)) for cell in cells]


def filled(cell: Rectangle) -> bool:
    return np.allclose(cell.get_facecolor()[:3], [0.851, 0.373, 0.008], atol=0.01)  # ORANGE


def test_every_place_of_a_window_has_its_own_row() -> None:
    figure = places(7, 3, stride=2)
    assert boxes(figure, filled) == [(c, r) for r, s in ((1, 0), (2, 2), (3, 4)) for c in (s, s + 1, s + 2)]
    assert "3 places, which begin at pixel 0, 2, 4." in figure.alt
    assert "seen by no window" not in figure.alt
    assert "does not fit" not in texts(figure)


def test_lost_pixels_are_hatched_and_the_next_window_hangs_over() -> None:
    figure = places(10, 4, stride=4)
    assert boxes(figure, Rectangle.get_hatch) == [(8, 0), (9, 0)]
    assert boxes(figure, lambda cell: cell.get_linestyle() == "--") == [(c, 3) for c in (8, 9, 10, 11)]
    assert "lost: 2" in texts(figure)
    assert "does not fit" in texts(figure)
    assert "The 2 last are seen by no window" in figure.alt


def test_the_window_that_does_not_fit_can_be_left_out() -> None:
    figure = places(8, 3, stride=2, show_next=False)
    assert "does not fit" not in texts(figure)
    assert boxes(figure, Rectangle.get_hatch) == [(7, 0)]


def test_padding_is_dashed_and_has_no_number() -> None:
    figure = places(3, 3, padding=1)
    assert boxes(figure, lambda cell: cell.get_linestyle() == "--") == [(-1, 0), (3, 0)]
    assert [text for text in texts(figure) if text.isdigit()] == ["0", "1", "2"]
    assert "1 zero at each end" in figure.alt
    assert "begin at pixel -1, 0, 1." in figure.alt


def test_dilated_taps_leave_holes() -> None:
    figure = places(6, 2, stride=2, dilation=3)
    assert boxes(figure, filled) == [(0, 1), (3, 1), (2, 2), (5, 2)]


@pytest.mark.parametrize("size", range(5, 12))
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_as_many_places_are_drawn_as_there_are(size: int, stride: int) -> None:
    figure = places(size, 3, stride=stride)
    rows = {row for _, row in boxes(figure, filled)}
    assert len(rows) == output_size(size, 3, stride=stride)


def test_a_stride_is_drawn_beside_the_outputs_that_are_dropped() -> None:
    figure = strided_units(7, 3, 2)
    left, right = figure.axes
    assert left.get_title() == "stride 2: 9 products"
    assert right.get_title() == "stride 1, then drop: 15 products"
    assert sum(line.get_color() == ORANGE for line in left.lines) == 9
    assert sum(line.get_color() == ORANGE for line in right.lines) == 9
    assert sum(line.get_linestyle() == ":" for line in right.lines) == 6
    assert sum(line.get_color() == BLUE for line in right.lines) == 3
    assert "3 outputs, with 9 products" in figure.alt
    assert "5 outputs first, with 15 products; 2 are thrown away" in figure.alt


@pytest.mark.parametrize(
    ("signal", "kernel", "stride"), [([3, -1, 2], [1, 2, -1], 2), ([1, 4], [5], 3), ([2, 7, 1, 8], [1, 3], 1)]
)
def test_copies_of_the_kernel_add_up_to_the_transposed_convolution(
    signal: list[int], kernel: list[int], stride: int
) -> None:
    figure = zero_insertion(signal, kernel, stride=stride)
    output = conv_transpose(np.array(signal), np.array(kernel), stride=stride)
    summed = " ".join(map(str, output.tolist())).replace("-", "−")
    assert f"add up to {summed}." in figure.alt
    drawn = [float(text.replace("−", "-")) for text in texts(figure) if re.fullmatch(r"−?\d+", text)]
    copies = len(signal) * len(kernel)
    assert drawn[copies : copies + len(output)] == output.tolist()


def test_zeros_are_put_between_and_around_and_the_kernel_is_turned() -> None:
    alt = zero_insertion([3, 1], [1, 2, -1], stride=3).alt
    assert "the signal with zeros between and around, 0 0 3 0 0 1 0 0, under the turned kernel −1 2 1." in alt


def test_every_third_of_a_wave_shows_fewer_waves_than_there_are() -> None:
    wave = np.cos(2 * np.pi * 23 / 90 * np.arange(90))
    figure = every_nth(wave, 3)
    assert waves(wave) == 23
    assert "90 samples with about 23 waves, and a ring on each of the 30" in figure.alt
    assert figure.alt.endswith("joined: about 7 waves.")
    upper, lower = figure.axes
    assert lower.lines[-1].get_xdata()[1] == 3
    assert np.array_equal(lower.lines[-1].get_ydata(), wave[::3])
    assert np.array_equal(upper.lines[0].get_ydata(), wave)


def test_waves_that_are_wide_enough_keep_their_number() -> None:
    assert every_nth(np.sin(2 * np.pi * 8 / 90 * np.arange(90)), 3).alt.endswith("joined: about 8 waves.")


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: places(40, 3), ParameterError, "at most 30 cells to draw; got 40"),
        (lambda: places(3, 5), ShapeError, "the kernel must fit"),
        (lambda: places(8, 3, stride=0), ParameterError, "stride must be an integer >= 1; got 0"),
        (lambda: strided_units(13), ParameterError, "size must be at most 12; got 13"),
        (lambda: strided_units(2, 3), ShapeError, "the kernel must fit"),
        (lambda: zero_insertion([[1]], [1]), ShapeError, r"signal must have shape \(N,\)"),
        (lambda: zero_insertion([1], []), ShapeError, r"kernel must have shape \(N,\)"),
        (lambda: zero_insertion(np.ones(20), [1], stride=2), ParameterError, "at most 30 numbers to draw"),
        (lambda: every_nth([[1.0]], 2), ShapeError, r"signal must have shape \(N,\)"),
        (lambda: every_nth(np.ones(7), 2), ParameterError, r"at least 4 \* stride = 8 samples; got 7"),
        (lambda: every_nth(np.ones(7), 0), ParameterError, "stride must be an integer >= 1; got 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()
