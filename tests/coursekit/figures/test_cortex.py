"""Pictures of kernels: each in its place, on its scale, in its size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit import figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import MOST_HEIGHT, MOST_WIDTH, ORANGE

BANK = np.random.default_rng(0).normal(size=(7, 4, 5))


def test_a_bank_shows_each_kernel_from_minus_its_largest_to_its_largest() -> None:
    figure = figures.filter_bank(BANK, alt="seven kernels", columns=3)
    shown = [axis for axis in figure.axes if axis.images]
    assert len(shown) == 7
    for axis, kernel in zip(shown, BANK, strict=True):
        assert_array_equal(axis.images[0].get_array(), kernel)
        assert axis.images[0].get_clim() == (-np.abs(kernel).max(), np.abs(kernel).max())


def test_a_bank_frames_what_is_marked_and_fits_the_projector() -> None:
    figure = figures.filter_bank(np.ones((60, 12, 12)), alt="sixty kernels", columns=12, marked=[5])
    assert figure.axes[5].spines["left"].get_linewidth() > figure.axes[4].spines["left"].get_linewidth()
    assert figure.axes[5].spines["left"].get_edgecolor()[:3] == pytest.approx(
        tuple(int(ORANGE[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    width, height = figure.get_size_inches()
    assert width <= MOST_WIDTH
    assert height <= MOST_HEIGHT


def test_a_bank_refuses_one_kernel_alone_and_wrong_marks() -> None:
    with pytest.raises(ShapeError, match=r"\(F, KH, KW\) and hold one at least; got \(4, 5\)"):
        figures.filter_bank(BANK[0], alt="")
    with pytest.raises(ParameterError, match="indices from 0 to 6; got 7"):
        figures.filter_bank(BANK, alt="", marked=[7])


def test_compared_kernels_share_the_scale_of_their_column() -> None:
    figure = figures.kernels_compared(
        {"learnt": BANK, "fitted": 2 * BANK}, alt="two rows", below=[f"{n}" for n in range(7)]
    )
    above, below = figure.axes[2], figure.axes[9]
    assert_array_equal(below.images[0].get_array(), 2 * BANK[2])
    assert above.images[0].get_clim() == below.images[0].get_clim()
    assert below.get_xlabel() == "2"
    assert [figure.axes[0].get_ylabel(), figure.axes[7].get_ylabel()] == ["learnt", "fitted"]


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(
        ShapeError, match=r"with one F, and below F texts; got 'a' \(7, 4, 5\), 'b' \(6, 4, 5\)"
    ):
        figures.kernels_compared({"a": BANK, "b": BANK[:6]}, alt="")


def test_a_product_says_what_it_is_made_of() -> None:
    figure = figures.made_of({"bell": BANK[0], "stripes": BANK[1], "filter": BANK[0] * BANK[1]})
    assert figure.alt == "bell × stripes = filter, arrays of 4×5 numbers."
    assert [axis.get_ylabel() for axis in figure.axes] == ["", "×", "="]
    with pytest.raises(ParameterError, match="two arrays at least; got 1"):
        figures.made_of({"bell": BANK[0]})
