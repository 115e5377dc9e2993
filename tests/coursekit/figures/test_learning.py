"""Losses, kernels on their way, and what a network got right and wrong."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import learning

KERNEL = np.array([[1, -2], [3, 0]])


def test_descent_shows_every_loss_and_the_kernels_it_is_given() -> None:
    figure = learning.descent([4, 1, 0.5], {0: 0 * KERNEL, 2: KERNEL / 2}, wanted=KERNEL)
    curve, *grids = figure.axes
    assert curve.lines[0].get_ydata().tolist() == [4, 1, 0.5]
    assert [axis.get_title() for axis in grids] == ["step 0", "step 2", "wanted"]
    assert [text.get_text() for text in grids[2].texts] == ["1", "−2", "3", "0"]
    assert figure.alt.startswith("The loss falls from 4 to 0.5 in 3 steps.")
    with pytest.raises(ParameterError, match="losses must hold numbers > 0"):
        learning.descent([1, 0], {0: KERNEL})


def test_a_trench_is_told_from_a_bowl() -> None:
    first, second = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 5))
    surfaces = {"bowl": first**2 + second**2, "trench": (first + second) ** 2}
    figure = learning.loss_valley(surfaces, (-1, 1), axes=("a", "b"))
    assert "bowl: lowest at 1 of the 25 points; trench: lowest at 5 of the 25 points." in figure.alt
    assert figure.axes[0].lines[0].get_xdata().tolist() == [0]
    with pytest.raises(ShapeError, match=r"'flat' must have shape \(N, N\); got \(3,\)"):
        learning.loss_valley({"flat": np.zeros(3)}, (-1, 1), axes=("a", "b"))


def test_each_kernel_of_a_bank_has_its_own_scale_unless_told_otherwise() -> None:
    bank = np.stack([KERNEL, 10 * KERNEL])
    own = learning.learnt_kernels({"bank": bank}, alt="two kernels").axes[0].images[0].get_array()
    left, right = np.hsplit(own, 2)
    np.testing.assert_array_equal(left, right)
    assert own.max() == 1
    shared = learning.learnt_kernels({"bank": bank}, alt="two kernels", own_scale=False)
    left, right = np.hsplit(shared.axes[0].images[0].get_array(), 2)
    assert left.max() == pytest.approx(0.1) and right.max() == 1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"banks": {"a": KERNEL}},
            ShapeError,
            r"'a' must have shape \(F, KH, KW\), with F >= 1; got \(2, 2\)",
        ),
        (
            {"banks": {"a": KERNEL[None]}, "columns": 0},
            ParameterError,
            "columns must be an integer >= 1; got 0",
        ),
    ],
)
def test_a_bank_that_is_none_is_refused(arguments, error, message: str) -> None:
    with pytest.raises(error, match=message):
        learning.learnt_kernels(alt="nothing", **arguments)


def test_curves_begin_with_epoch_one_and_differ_by_their_dashes() -> None:
    figure = learning.curves({"training": [0.5, 0.9], "test": [0.4, 0.8]}, title="right")
    lines = figure.axes[0].lines
    assert lines[0].get_xdata().tolist() == [1, 2]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert figure.alt == "right, epoch by epoch. training from 0.5 to 0.9; test from 0.4 to 0.8."
    with pytest.raises(ParameterError, match="lines must hold 1 to 4 curves; got 0"):
        learning.curves({}, title="nothing")


def test_confusion_counts_rows_as_truth_and_columns_as_guesses() -> None:
    figure = learning.confusion([0, 0, 1, 2, 2], [0, 1, 1, 1, 1], classes=3)
    assert figure.axes[0].images[0].get_array().tolist() == [[0, 1, 0], [0, 0, 0], [0, 2, 0]]
    assert figure.alt == (
        "2 of 5 right, on the diagonal. "
        "Most often wrong: 2 taken for 1 (2 of them); 0 taken for 1 (1 of them)."
    )
    with pytest.raises(ShapeError, match=r"must both have shape \(N,\); got \(2,\) and \(1,\)"):
        learning.confusion([0, 1], [0], classes=2)


def test_thumbnails_stand_in_rows_under_their_names() -> None:
    images = np.arange(3 * 4 * 5).reshape(3, 1, 4, 5)
    figure = learning.thumbnails(images, ["a", "b", "c"], alt="three", columns=2)
    panels = figure.axes[0].images
    np.testing.assert_array_equal(panels[2].get_array(), images[2, 0])
    assert panels[0].get_extent()[0] == panels[2].get_extent()[0] == 0
    assert panels[2].get_extent()[2] > panels[0].get_extent()[2]
    assert [text.get_text() for text in figure.axes[0].texts] == ["a", "b", "c"]
    with pytest.raises(ShapeError, match=r"one for each of 2 names; got \(3, 1, 4, 5\)"):
        learning.thumbnails(images, ["a", "b"], alt="three")
