"""Figures of the border: counts are those of all windows, sizes and zeros those of the shapes' arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit import correlate, figures, output_size
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, ORANGE
from coursekit.figures.padding import use_counts
from tests.coursekit.figures.test_shared import frames_in, numbers_in

IMAGE = np.linspace(0, 1, 12 * 15).reshape(12, 15)


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (12, 4)])
@pytest.mark.parametrize("taps", [(1, 1), (3, 2), (5, 4)])
def test_use_counts_are_those_of_all_windows(shape: tuple[int, int], taps: tuple[int, int]) -> None:
    if taps[0] > shape[0] or taps[1] > shape[1]:
        with pytest.raises(ShapeError):
            use_counts(shape, taps)
        return
    expected = np.zeros(shape, dtype=int)
    for row in range(shape[0] - taps[0] + 1):
        for column in range(shape[1] - taps[1] + 1):
            expected[row : row + taps[0], column : column + taps[1]] += 1
    np.testing.assert_array_equal(use_counts(shape, taps), expected)


def test_the_corner_of_the_picture_is_printed() -> None:
    figure = figures.pixel_uses(IMAGE, (3, 3), corner=4)
    assert numbers_in(figure, 2) == [str(n) for n in (1, 2, 3, 3, 2, 4, 6, 6, 3, 6, 9, 9, 3, 6, 9, 9)]
    assert frames_in(figure, 0) == [(0, 0, 4, 4)]
    assert "1 at the corner, 9 in the middle" in figure.alt


def test_pictures_to_scale_keep_their_pixels_of_one_size() -> None:
    small = correlate(IMAGE, np.full((5, 5), 1 / 25))
    figure = figures.to_scale({"input": IMAGE, "output": small}, alt="An image and a smaller one.")
    first, second = figure.axes
    assert first.get_xlim() == second.get_xlim()
    assert tuple(first.images[0].get_extent()) == (-0.5, 14.5, 11.5, -0.5)
    assert tuple(second.images[0].get_extent()) == (1.5, 12.5, 9.5, 1.5)  # two pixels lost at each side


def test_an_image_larger_than_the_first_is_refused() -> None:
    with pytest.raises(ParameterError, match="'large' of 12×15"):
        figures.to_scale({"small": IMAGE[:4], "large": IMAGE}, alt="Two images.")
    with pytest.raises(ParameterError, match="at least one"):
        figures.to_scale({}, alt="Nothing.")


def boxes_of(axis: Any, color: str) -> list[Rectangle]:
    boxes = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    return [box for box in boxes if to_hex(box.get_edgecolor()) == color]


@pytest.mark.parametrize(("n", "k", "padding"), [(5, 3, 0), (5, 3, 1), (5, 3, 2), (5, 4, 2), (4, 2, (1, 0))])
def test_a_case_shows_its_zeros_its_windows_and_its_output(n: int, k: int, padding: Any) -> None:
    axis = figures.border_cases({"case": (n, k, padding)}).axes[0]
    out = int(output_size(n, k, padding=padding))
    total = n + (2 * padding if isinstance(padding, int) else sum(padding))
    assert sum(text.get_text() == "0" for text in axis.texts) == total**2 - n**2
    assert len(boxes_of(axis, BLUE)) == out**2
    windows = [(box.get_y(), box.get_height()) for box in boxes_of(axis, ORANGE)]
    assert windows == [(0, k), (total - k, k)]
    zeros = f"2·{padding}" if isinstance(padding, int) else f"{padding[0]} + {padding[1]}"
    assert axis.texts[-1].get_text() == f"{n} − {k} + 1 + {zeros} = {out}\noutput {out}×{out}"


def test_the_words_of_the_cases_give_their_sizes() -> None:
    alt = figures.border_cases({"same\np = 1": (5, 3, 1), "front": (4, 2, (1, 0))}).alt
    assert alt == (
        "same p = 1: input 5×5, kernel 3×3, 1 zero at each end, output 5×5. "
        "front: input 4×4, kernel 2×2, 1 zero in front and 0 behind, output 4×4."
    )


@pytest.mark.parametrize(
    ("cases", "error"),
    [
        ({}, ParameterError),
        ({str(i): (5, 3, 0) for i in range(5)}, ParameterError),
        ({"wide": (15, 3, 1)}, ParameterError),
        ({"too large": (2, 3, 0)}, ShapeError),
    ],
)
def test_cases_that_cannot_be_drawn_are_refused(cases: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        figures.border_cases(cases)


@pytest.mark.parametrize("image", [IMAGE, np.stack([IMAGE] * 3)])
def test_borders_are_those_of_numpy_with_the_image_inside(image: Any) -> None:
    figure = figures.padding_modes(image, 4)
    around = [(0, 0)] * (image.ndim - 2) + [(4, 4)] * 2
    for axis, mode in zip(figure.axes, ("constant", "reflect", "edge", "wrap"), strict=True):
        expected = np.pad(image, around, mode=mode)  # type: ignore[call-overload]
        shown: Any = axis.images[0].get_array()
        np.testing.assert_allclose(shown, np.moveaxis(expected, 0, -1) if image.ndim == 3 else expected)
    assert frames_in(figure, 0) == [(4, 4, 12, 15)]


def test_borders_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(ParameterError, match="padding must be from 1 to 11; got 12"):
        figures.padding_modes(IMAGE, 12)
    with pytest.raises(ParameterError, match="modes must be some of"):
        figures.padding_modes(IMAGE, 2, modes=["mirror"])
    with pytest.raises(ShapeError, match="got shape"):
        figures.padding_modes(IMAGE[0], 2)
    with pytest.raises(ParameterError, match="corner must be"):
        figures.pixel_uses(IMAGE, (3, 3), corner=11)
    with pytest.raises(ShapeError, match="image must be"):
        figures.pixel_uses(IMAGE[0], (3, 3))
