"""The pictures of gradients: products, stamps and steps are the right numbers, drawn and in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit import correlate_input_gradient
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import (
    LectureFigure,
    forward_and_backward,
    loss_along_gradient,
    sent_back,
    tap_meets,
)

IMAGE = np.array([[2, -1, 3, 5], [4, 7, -2, 1], [6, -3, 8, 9]])
KERNEL = np.array([[1, -2], [3, 4]])
UPSTREAM = np.array([[1, -2, 3], [2, 1, -1]])


def texts(figure: LectureFigure, panel: int) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts]


def outlines(figure: LectureFigure, panel: int) -> list[tuple[float, float, float, float]]:
    """Return (row, column, height, width) of each outlined window."""
    boxes = [patch for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]
    return [(box.get_y() + 0.5, box.get_x() + 0.5, box.get_height(), box.get_width()) for box in boxes]


def test_a_tap_meets_one_pixel_of_each_window() -> None:
    figure = tap_meets(IMAGE, UPSTREAM, (0, 1))
    assert outlines(figure, 0) == [(0, 1, 2, 3)]
    assert texts(figure, 2) == ["30", "19", "", ""]
    assert "(−1)×1 + 3×(−2) + 5×3 + 7×2 + (−2)×1 + 1×(−1) = 19" in figure.alt


def test_an_output_stamps_the_kernel_where_its_window_was() -> None:
    figure = sent_back(UPSTREAM, KERNEL, (0, 1))
    assert outlines(figure, 2) == [(0, 1, 2, 2)]
    assert figure.alt.startswith("−2 × kernel is added at row 0, column 1.")
    assert "[[1, -4, 4, 0], [3, -2, -8, 0], [0, 0, 0, 0]]" in figure.alt


def test_all_stamps_together_are_the_gradient_of_the_image() -> None:
    figure = sent_back(UPSTREAM, KERNEL, (1, 2))
    assert str(correlate_input_gradient(UPSTREAM, KERNEL, (3, 4)).tolist()) in figure.alt


def test_the_way_back_names_every_gradient_of_the_way_there() -> None:
    written = texts(forward_and_backward(), 0)
    for name in ("correlate", "ReLU", "max\npooling", "loss", "∂L/∂Y", "∂L/∂R", "∂L/∂S", "∂L/∂I"):
        assert name in written


def test_the_loss_along_the_gradient_marks_the_step_that_was_taken() -> None:
    figure = loss_along_gradient([0, 1, 2, 3], [4, 1, 0, 1], taken=1)
    curve, _, dot = figure.axes[0].lines
    assert np.ravel(curve.get_ydata()).tolist() == [4, 1, 0, 1]
    assert (np.ravel(dot.get_xdata())[0], np.ravel(dot.get_ydata())[0]) == (1, 1)
    assert "is 4 without a step and 1 after one of size 1; it is smallest, 0, at 2" in figure.alt


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tap_meets(IMAGE, UPSTREAM, (2, 0)), ParameterError, "tap must lie in the kernel of shape"),
        (lambda: tap_meets(IMAGE[0], UPSTREAM, (0, 0)), ShapeError, r"image must have shape \(H, W\)"),
        (lambda: sent_back(UPSTREAM, KERNEL, (0, 3)), ParameterError, "position must lie in the gradient"),
        (
            lambda: sent_back(np.zeros((11, 10)), KERNEL, (0, 0)),
            ParameterError,
            "gradient must have at most 100",
        ),
        (lambda: loss_along_gradient([0, 1], [1], taken=0), ShapeError, r"got \(2,\) and \(1,\)"),
        (lambda: loss_along_gradient([0, 1], [1, 2], taken=3), ParameterError, "taken must be one of"),
    ],
)
def test_what_cannot_be_drawn_is_named(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()
