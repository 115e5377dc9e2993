"""Pictures of shifts: both ways round, over shifts, and which numbers change."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from numpy.testing import assert_array_equal

from coursekit import correlate, figures
from coursekit.errors import ParameterError, ShapeError

IMAGE = np.arange(30).reshape(5, 6) * 7 % 11 / 10
EDGE = np.array([[-1, 0, 1]] * 3)


def texts(figure: figures.LectureFigure, panel: int) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts]


def test_two_questions_says_how_far_the_mask_moves() -> None:
    masks = [np.zeros((5, 6)), np.zeros((5, 6))]
    masks[0][:, 1], masks[1][:, 4] = 1, 1
    figure = figures.two_questions([IMAGE, np.roll(IMAGE, 3, 1)], ["cat", "cat"], masks)
    assert "'cat' and 'cat': the same" in figure.alt
    assert "is 1, then 4" in figure.alt
    assert texts(figure, 1) == ["cat"]
    assert_array_equal(figure.axes[2].images[0].get_array(), 1 - masks[0])


def test_two_questions_wants_two_of_everything() -> None:
    with pytest.raises(ParameterError, match=r"two each.*got 2, 1 and 2"):
        figures.two_questions([IMAGE, IMAGE], ["cat"], [IMAGE, IMAGE])


def test_both_ways_agree_for_a_periodic_border() -> None:
    figure = figures.both_ways(IMAGE, lambda x: correlate(np.pad(x, 1, mode="wrap"), EDGE), shift=(2, 3))
    assert "differ at 0 of 30 places, by at most 0" in figure.alt
    assert_array_equal(figure.axes[0].images[0].get_array(), np.roll(IMAGE, (2, 3), (0, 1)))
    assert_array_equal(figure.axes[1].images[0].get_array(), figure.axes[2].images[0].get_array())
    assert figure.axes[3].get_title() == "difference: 0 of 30"


def test_both_ways_count_where_zeros_outside_make_a_difference() -> None:
    def layer(image: np.ndarray) -> np.ndarray:
        return np.asarray(correlate(image, EDGE, mode="same"))

    figure = figures.both_ways(IMAGE, layer, shift=(0, 1), name="conv")
    difference = layer(np.roll(IMAGE, 1, 1)) - np.roll(layer(IMAGE), 1, 1)
    count = int((np.abs(difference) > 1e-9).sum())
    assert count > 0
    assert f"differ at {count} of 30 places" in figure.alt
    assert figure.axes[1].get_title() == "conv(shift x)"
    assert_array_equal(figure.axes[3].images[0].get_array(), difference)


def test_both_ways_shifts_the_output_of_a_strided_layer_by_fewer() -> None:
    figure = figures.both_ways(IMAGE, lambda x: x[:, ::2], shift=(0, 2), step=2)
    assert "differ at 0 of 15 places" in figure.alt


def test_lines_are_told_apart_by_more_than_colour() -> None:
    figure = figures.lines([0, 1, 2], {"a": [1, 2, 3], "b": [3, 2, 1]}, alt="two", xlabel="x", ylabel="y")
    first, second = figure.axes[0].lines
    assert_array_equal(second.get_ydata(), [3, 2, 1])
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["a", "b"]
    assert figure.axes[0].get_ylim()[0] <= 0


def test_lines_refuse_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"'a' must have the shape of places, \(3,\); got \(2,\)"):
        figures.lines([0, 1, 2], {"a": [1, 2]}, alt="", xlabel="", ylabel="")
    with pytest.raises(ParameterError, match="one to 4 curves; got 5"):
        figures.lines([0], {name: [0] for name in "abcde"}, alt="", xlabel="", ylabel="")


def test_what_changed_frames_the_numbers_that_differ() -> None:
    figure = figures.what_changed({"before": ([1, 2, 3], [3, 2, 1]), "after": ([5, 5, 5], [5, 5, 5])})
    assert "before: 2 of 3 change; after: 0 of 3 change" in figure.alt
    assert texts(figure, 0) == ["x", "1", "2", "3", "shift x", "3", "2", "1"]
    dashed = [
        [patch.get_x() + 0.5 for patch in axis.patches if isinstance(patch, Rectangle) and patch.get_lw() > 2]
        for axis in figure.axes
    ]
    assert dashed == [[0, 2], []]


def test_what_changed_refuses_pairs_that_do_not_match() -> None:
    with pytest.raises(ShapeError, match=r"'x' must hold two arrays of one shape"):
        figures.what_changed({"x": ([1, 2], [1, 2, 3])})


def test_a_chain_says_where_each_map_is_largest() -> None:
    response = np.zeros((5, 6))
    response[2, 4] = 3
    rows = {"x": (IMAGE, response, "3"), "moved": (IMAGE, np.roll(response, (1, 1), (0, 1)), "3")}
    figure = figures.chain(rows, titles=("input", "map", "maximum"))
    assert "x: the map of 5×6 is largest at row 2, column 4, the answer is 3" in figure.alt
    assert "moved: the map of 5×6 is largest at row 3, column 5, the answer is 3" in figure.alt
    assert texts(figure, 2) == ["→ 3"]
