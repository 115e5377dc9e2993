"""Pictures of matrices: their entries, their blocks, their zeros."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from numpy.testing import assert_array_equal

from coursekit import figures, toeplitz
from coursekit.errors import ParameterError, ShapeError

LETTERS = [["y", "z", ""], ["x", "y", "z"], ["", "x", "y"]]


def test_a_matrix_is_written_out_with_its_column_and_its_outputs() -> None:
    figure = figures.written_out(LETTERS, list("abc"), ["ya + zb", "xa + yb + zc", "xb + yc"], marked=1)
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written == [
        *["y", "z", "x", "y", "z", "x", "y"],
        "·",
        *["a", "b", "c"],
        "=",
        *["ya + zb", "xa + yb + zc", "xb + yc"],
    ]
    assert figure.alt == (
        "The matrix y z 0; x y z; 0 x y, times the column a, b, c gives ya + zb, xa + yb + zc, xb + yc."
    )
    thick = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_lw() > 2]
    assert [(patch.get_y() + 0.5, patch.get_width()) for patch in thick] == [(1, 3)]


def test_numbers_are_written_with_a_minus_sign_and_zeros_are_left_out() -> None:
    figure = figures.written_out(toeplitz([2, -1], 2), [3, 4])
    assert [text.get_text() for text in figure.axes[0].texts] == ["2", "−1", "2", "−1", "·", "3", "4"]


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "message"),
    [
        ((LETTERS, ["a"]), {}, ShapeError, r"got \(3, 3\) and \(1,\)"),
        ((LETTERS, list("abc"), ["one"]), {}, ShapeError, r"output must have shape \(3,\); got \(1,\)"),
        ((LETTERS, list("abc")), {"marked": 3}, ParameterError, "a row from 0 to 2; got 3"),
        ((np.ones((20, 11)), np.ones(11)), {}, ParameterError, "at most 200 entries; got 220"),
    ],
)
def test_what_cannot_be_written_out_is_refused(
    arguments: tuple[object, ...], settings: dict[str, int], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        figures.written_out(*arguments, **settings)


def test_pictures_of_matrices_share_one_scale_and_show_their_blocks() -> None:
    first, second = np.eye(6), -3 * np.ones((4, 6))
    figure = figures.matrix_pictures({"a": first, "b": second}, alt="two", blocks=[(2, 3), None])
    left, right = figure.axes
    assert_array_equal(right.images[0].get_array(), second)
    assert left.images[0].get_clim() == right.images[0].get_clim() == (-3, 3)
    assert left.get_yticks().tolist() == [-0.5, 1.5, 3.5, 5.5]
    assert left.get_xticks().tolist() == [-0.5, 2.5, 5.5]
    assert right.get_xticks().tolist() == []


def test_pictures_of_matrices_refuse_signals_and_missing_blocks() -> None:
    with pytest.raises(ShapeError, match=r"'a' must have shape \(rows, columns\); got \(3,\)"):
        figures.matrix_pictures({"a": np.ones(3)}, alt="")
    with pytest.raises(ParameterError, match="one entry for each of 1 matrices; got 2"):
        figures.matrix_pictures({"a": np.eye(3)}, alt="", blocks=[None, None])


def test_non_zeros_are_counted_and_shown() -> None:
    matrix = toeplitz([1, -2], 9)
    figure = figures.non_zeros(matrix)
    assert "10×9 entries, of which 18 are not 0: 20.0%" in figure.alt
    assert_array_equal(figure.axes[0].images[0].get_array(), matrix != 0)
    with pytest.raises(ShapeError, match=r"got \(0, 3\)"):
        figures.non_zeros(np.ones((0, 3)))
