"""The pictures of pooling: the right windows, numbers and winners, in the drawing and in its words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure, global_pooling, pool_row, pool_step

IMAGE = np.array([[3, 1, 0, 2], [4, 6, 5, 1], [2, 7, 8, 3], [0, 1, 4, 9]])
ROW = [4, 1, 7, 3, 2, 6, 5, 9]


def texts(figure: LectureFigure, panel: int) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts]


def outlines(figure: LectureFigure, panel: int) -> list[tuple[float, float, float, float]]:
    """Return (row, column, height, width) of each outlined window."""
    boxes = [patch for patch in figure.axes[panel].patches if isinstance(patch, Rectangle)]
    return [(box.get_y() + 0.5, box.get_x() + 0.5, box.get_height(), box.get_width()) for box in boxes]


def cells(figure: LectureFigure) -> list[str]:
    """Return what stands in the row of cells, from left to right."""
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()[:1] in "−0123456789"]


def test_a_step_fills_in_the_outputs_up_to_its_position() -> None:
    figure = pool_step(IMAGE, 2, position=(0, 1))
    assert texts(figure, 1) == ["6", "5", "", ""]
    assert outlines(figure, 0) == [(0, 2, 2, 2)]
    assert outlines(figure, 1) == [(0, 1, 1, 1)]
    assert figure.alt.endswith("max(0, 2, 5, 1) = 5.")


def test_an_average_writes_out_its_sum() -> None:
    figure = pool_step(IMAGE, 2, position=(1, 1), mode="average")
    assert texts(figure, 1) == ["3.5", "2", "2.5", "6"]
    assert "(8 + 3 + 4 + 9) / 4 = 6" in figure.alt


def test_a_stride_for_each_axis_moves_the_window_by_both() -> None:
    figure = pool_step(IMAGE, (2, 3), stride=(2, 1), position=(1, 1))
    assert outlines(figure, 0) == [(2, 1, 2, 3)]
    assert texts(figure, 1) == ["6", "6", "8", "9"]


def test_all_windows_are_framed_where_they_do_not_overlap() -> None:
    figure = pool_step(IMAGE, 2)
    assert outlines(figure, 0) == [(0, 0, 2, 2), (0, 2, 2, 2), (2, 0, 2, 2), (2, 2, 2, 2)]
    assert "[[6, 5], [7, 9]]" in figure.alt


def test_a_row_tells_which_number_no_window_sees() -> None:
    figure = pool_row(ROW, 3, stride=2)
    assert "maxima are 7, 7, 6. No window sees 9." in figure.alt
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert [round(patch.get_x() + 0.5) for patch in hatched if isinstance(patch, Rectangle)] == [7]
    ceil = pool_row(ROW, 3, stride=2, rounding="ceil")
    assert "maxima are 7, 7, 6, 9." in ceil.alt
    assert "No window" not in ceil.alt


def test_a_row_is_padded_with_what_its_operation_ignores_or_counts() -> None:
    assert cells(pool_row([-3, -5], 2, padding=1)) == ["−∞", "−3", "−5", "−∞"]
    assert cells(pool_row([-3, -5], 2, padding=1, mode="average")) == ["0", "−3", "−5", "0"]


def test_a_row_marks_the_winner_of_each_window() -> None:
    dots = [line for line in pool_row(ROW, 3, stride=2).axes[0].lines if line.get_marker() == "o"]
    assert [np.ravel(line.get_xdata())[0] for line in dots] == [2, 2, 5]
    assert not any(line.get_marker() == "o" for line in pool_row(ROW, 3, mode="average").axes[0].lines)


def test_a_row_adds_the_gradients_of_windows_with_the_same_winner() -> None:
    figure = pool_row(ROW, 3, stride=2, gradient=[10, 3, 1])
    assert figure.alt.endswith("Gradients [10, 3, 1] arrive; the row gets [0, 0, 13, 0, 0, 1, 0, 0].")
    assert cells(figure)[-8:] == ["0", "0", "13", "0", "0", "1", "0", "0"]


@pytest.mark.parametrize(("mode", "vector"), [("max", "[5.0, -1.0]"), ("average", "[2.0, -3.0]")])
def test_global_pooling_gives_one_number_a_map(mode: Any, vector: str) -> None:
    figure = global_pooling([[[0, 2, 1], [3, 5, 1]], [[-4, -2, -7], [-1, -3, -1]]], mode)
    assert vector in figure.alt
    assert len(figure.axes) == 3
    assert outlines(figure, 0) == ([(1, 1, 1, 1)] if mode == "max" else [(0, 0, 2, 3)])


def test_what_cannot_be_drawn_is_named() -> None:
    with pytest.raises(ParameterError, match="image must have at most 100 numbers; got 110"):
        pool_step(np.zeros((10, 11)), 2)
    with pytest.raises(ParameterError, match="position must lie in the output"):
        pool_step(IMAGE, 2, position=(2, 0))
    with pytest.raises(ParameterError, match="position must be given where windows overlap"):
        pool_step(IMAGE, 2, stride=1)
    with pytest.raises(ParameterError, match="mode must be 'max' or 'average'; got 'min'"):
        pool_step(IMAGE, 2, mode="min")  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match=r"row must have shape \(N,\)"):
        pool_row(IMAGE, 2)
    with pytest.raises(ParameterError, match="at most 6 windows; got 8"):
        pool_row(ROW, 1)
    with pytest.raises(ParameterError, match="gradient must be left out for mode 'average'"):
        pool_row(ROW, 4, mode="average", gradient=[1, 1])
    with pytest.raises(ShapeError, match=r"maps must be \(C, H, W\)"):
        global_pooling(IMAGE)
