"""Tensors as sheets: as many sheets as channels, and as many directions as the kernel moves in."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from coursekit import figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import BLUE, INK, ORANGE
from coursekit.figures.blocks import moved_shape, times


def sheets_of(axis: Any, color: str) -> list[tuple[float, float]]:
    """Return (height, width) of every sheet with an outline of this colour."""
    boxes = [patch for patch in axis.patches if isinstance(patch, Rectangle)]
    return [(box.get_height(), box.get_width()) for box in boxes if to_hex(box.get_edgecolor()) == color]


def arrows_of(axis: Any) -> int:
    return sum(text.arrow_patch is not None for text in axis.texts if hasattr(text, "arrow_patch"))


def test_a_layer_is_drawn_with_a_sheet_for_each_channel_kernel_and_map() -> None:
    axis = figures.layer_shapes((3, 32, 32), (6, 3, 5, 5)).axes[0]
    assert sheets_of(axis, INK)[:3] == [(32, 32)] * 3
    assert sheets_of(axis, ORANGE) == [(5, 5)] * (3 + 6 * 3)  # the window on the image, and six kernels
    assert sheets_of(axis, BLUE) == [(28, 28)] * 6


def test_the_words_of_a_layer_give_its_shapes() -> None:
    figure = figures.layer_shapes((3, 32, 32), (6, 3, 5, 5))
    for words in ("3×32×32", "6 kernels of 3×5×5", "6×28×28"):
        assert words in figure.alt
    assert "6 biases" in " ".join(text.get_text() for text in figure.axes[0].texts)
    alone = figures.layer_shapes((3, 32, 32), (1, 3, 5, 5), bias=False)
    assert "1 kernel of" in alone.alt and "bias" not in alone.alt


@pytest.mark.parametrize(
    ("shape", "kernel", "output"),
    [
        ((12,), (3,), (10,)),
        ((8, 12), (8, 3), (10,)),
        ((8, 12), (3, 3), (6, 10)),
        ((4, 8, 12), (4, 3, 3), (6, 10)),
        ((4, 8, 12), (2, 3, 3), (3, 6, 10)),
        ((4, 8, 12), (4, 8, 12), ()),
    ],
)
def test_the_output_has_an_axis_for_each_direction(
    shape: tuple[int, ...], kernel: tuple[int, ...], output: tuple[int, ...]
) -> None:
    assert moved_shape(shape, kernel) == output
    figure = figures.directions({"a case": (shape, kernel)})
    assert arrows_of(figure.axes[0]) == len(output)
    assert f"moves in {len(output)} direction" in figure.alt
    assert figure.alt.endswith(f"output {times(output)}.")


def test_cases_are_drawn_to_one_scale() -> None:
    figure = figures.directions({"small": ((4,), (3,)), "large": ((4, 8, 12), (2, 3, 3))})
    small, large = figure.axes
    assert small.get_xlim() == large.get_xlim()
    assert small.get_ylim() == large.get_ylim()


@pytest.mark.parametrize(
    ("image", "kernel", "error"),
    [
        ((3, 32, 32), (6, 2, 5, 5), ShapeError),
        ((32, 32), (6, 3, 5, 5), ShapeError),
        ((3, 4, 4), (6, 3, 5, 5), ShapeError),
        ((3, 32, 32), (64, 3, 5, 5), ParameterError),
    ],
)
def test_a_layer_that_cannot_be_is_refused(
    image: tuple[int, ...], kernel: tuple[int, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        figures.layer_shapes(image, kernel)


def test_cases_that_cannot_be_are_refused() -> None:
    with pytest.raises(ParameterError, match="cases must be 1 to 3; got 0"):
        figures.directions({})
    with pytest.raises(ShapeError, match="same 1 to 3 axes"):
        figures.directions({"mixed": ((8, 12), (3,))})
    with pytest.raises(ShapeError, match="must fit"):
        figures.directions({"too large": ((8,), (9,))})
