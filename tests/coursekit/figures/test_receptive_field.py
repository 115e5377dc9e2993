"""The pictures of receptive fields: the units that one unit is joined to, and the frames on an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from coursekit import correlate
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure
from coursekit.figures.base import ORANGE
from coursekit.figures.receptive_field import dilated_taps, fields_on_image, unit_sees


def lit_units(figure: LectureFigure, depth: int) -> list[float]:
    """Return where the filled units of a row stand, from left to right."""
    lines = figure.axes[0].lines
    rows = [line for line in lines if len(line.get_ydata()) and line.get_ydata()[0] == depth]
    return [float(place) for line in rows if line.get_color() != "white" for place in line.get_xdata()]


def seen_by_trial(layers: list[tuple[int, int, int, int]], size: int, unit: int) -> list[int]:
    """Return the inputs that change the unit: each is asked, with kernels of ones."""
    maps = np.eye(size)[:, None]
    for kernel, stride, padding, dilation in layers:
        maps = correlate(maps, np.ones((1, 1, kernel)), stride=stride, padding=padding, dilation=dilation)
    return [int(pixel) for pixel in np.flatnonzero(maps[:, 0, unit])]


STACKS = [
    [(3, 1, 0, 1)] * 3,
    [(3, 2, 0, 1), (3, 1, 0, 1)],
    [(3, 1, 0, 1), (3, 1, 0, 2), (2, 1, 0, 4)],
    [(3, 2, 1, 1), (3, 2, 1, 1)],
    [(2, 2, 0, 1), (3, 1, 1, 2)],
]


@pytest.mark.parametrize("unit", [0, 1, 2])
@pytest.mark.parametrize("layers", STACKS)
def test_the_lit_inputs_are_those_that_change_the_unit(layers: Any, unit: int) -> None:
    figure = unit_sees(layers, 17, unit=unit)
    seen = seen_by_trial(layers, 17, unit)
    assert lit_units(figure, 0) == seen
    assert f"is joined to {len(seen)} inputs, from {seen[0]} to {seen[-1]}:" in figure.alt


def test_the_middle_unit_is_shown_unless_another_is_asked_for() -> None:
    figure = unit_sees([(3,), (3,), (3,)], 11)
    assert figure.alt.startswith("3 layers over 11 inputs, with 9, 7, 5 units. Unit 2 of the top layer")
    assert figure.alt.endswith("a receptive field of size 7.")
    assert lit_units(figure, 3) == [5.0]
    assert [text.get_text() for text in figure.axes[0].texts] == [
        "input",
        "layer 1: sees 3",
        "layer 2: sees 5",
        "layer 3: sees 7",
    ]


def test_units_stand_over_the_middle_of_what_they_see() -> None:
    figure = unit_sees([(3, 2), (3,)], 11, unit=1)
    assert lit_units(figure, 2) == [5.0]
    assert lit_units(figure, 1) == [3.0, 5.0, 7.0]


def test_as_many_lines_are_drawn_as_there_are_taps_on_units() -> None:
    figure = unit_sees([(3, 1, 1)], 5, unit=0)
    quiet, lit = figure.axes[0].collections
    assert len(lit.get_paths()) == 2
    assert len(quiet.get_paths()) == 13 - 2


def test_frames_lie_around_one_pixel_with_the_size_of_their_fields() -> None:
    fields = {"small": [(3,)] * 2, "large": [(3, 2)] * 3}
    figure = fields_on_image(np.zeros((40, 50)), fields, centre=(20, 25))
    frames = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert [(f.get_y() + 0.5, f.get_x() + 0.5, f.get_height(), f.get_width()) for f in frames] == [
        (18, 23, 5, 5),
        (13, 18, 15, 15),
    ]
    assert [f.get_label() for f in frames] == ["small: 5×5", "large: 15×15"]
    assert len({str(f.get_linestyle()) for f in frames}) == 2
    assert "small: 5×5 pixels; large: 15×15 pixels." in figure.alt


def test_dilated_taps_stand_apart_and_span_what_the_title_says() -> None:
    figure = dilated_taps(3, (1, 2, 4))
    assert [axis.get_title() for axis in figure.axes] == [
        "dilation 1: 3×3",
        "dilation 2: 5×5",
        "dilation 4: 9×9",
    ]
    for axis, dilation in zip(figure.axes, (1, 2, 4), strict=True):
        cells = [p for p in axis.patches if isinstance(p, Rectangle) and p.get_facecolor() == to_rgba(ORANGE)]
        columns = sorted({cell.get_x() for cell in cells})
        assert len(cells) == 9
        assert np.diff(columns).tolist() == [dilation, dilation]


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: unit_sees([(3,)], 41), ParameterError, "size must be at most 40; got 41"),
        (lambda: unit_sees([(3,)], 5, unit=3), ParameterError, "unit must be one of the 3 of the top layer"),
        (lambda: unit_sees([(3,)], 2), ShapeError, "the kernel must fit"),
        (lambda: fields_on_image(np.zeros((9, 9)), {}, centre=(4, 4)), ParameterError, "one to 4 stacks"),
        (lambda: dilated_taps(3, ()), ParameterError, "one to four integers"),
        (lambda: dilated_taps(3, (8,)), ParameterError, "at 15 pixels or less; got 17"),
        (lambda: dilated_taps(0, (1,)), ParameterError, "kernel_size must be an integer >= 1; got 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        wrong()
