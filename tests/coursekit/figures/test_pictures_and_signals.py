"""Several pictures side by side, and signals one below the other."""

from __future__ import annotations

import numpy as np
import pytest

from coursekit import data, figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import MOST_HEIGHT, MOST_WIDTH, fitting

GREY = data.coins()[:30, :50]
COLOUR = np.stack([GREY, GREY / 2, 1 - GREY])


def test_a_colour_picture_is_shown_with_its_three_channels_last() -> None:
    figure = figures.picture(COLOUR, box=(1, 2, 3, 4))
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), np.moveaxis(COLOUR, 0, -1))
    assert figure.alt == "A colour image, 30×50 pixels. The orange box is at row 1, column 2."


def test_pictures_stand_in_rows_under_their_names() -> None:
    figure = figures.pictures({"a": GREY, "b": COLOUR, "c": GREY.T}, alt="three pictures", columns=2)
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["a", "b", "c", ""]
    assert figure.axes[0].images[0].get_clim() == (0, 1)
    assert not figure.axes[3].axison


def test_signed_pictures_share_one_scale_and_each_has_its_own() -> None:
    maps = {"small": GREY - 0.5, "large": -7 * GREY}
    limit = 7 * GREY.max()
    signed = figures.pictures(maps, alt="two maps", scale="signed")
    assert [axis.images[0].get_clim() for axis in signed.axes] == [(-limit, limit)] * 2
    each = figures.pictures(maps, alt="two maps", scale="each")
    assert each.axes[1].images[0].get_clim() == (-limit, -7 * GREY.min())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"images": {}}, ParameterError, "images must hold at least one picture; got none"),
        ({"images": {"a": GREY[0]}}, ShapeError, r"'a' must have shape \(H, W\) or, in colour, \(3, H, W\)"),
        ({"images": {"a": GREY[None]}}, ShapeError, r"got \(1, 30, 50\)"),
        ({"images": {"a": GREY}, "columns": 0}, ParameterError, "columns must be an integer >= 1; got 0"),
        ({"images": {"a": GREY}, "scale": "hot"}, ParameterError, "'signed' or 'each'; got 'hot'"),
    ],
)
def test_pictures_refuses_what_it_cannot_show(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        figures.pictures(alt="nothing", **arguments)


@pytest.mark.parametrize(("width", "height"), [(20.0, 2.0), (3.0, 9.0), (8.0, 5.0)])
def test_a_figure_too_large_for_a_projector_is_made_smaller_in_proportion(width, height) -> None:
    fitted = fitting(width, height)
    assert fitted[0] <= MOST_WIDTH and fitted[1] <= MOST_HEIGHT
    assert fitted[0] / fitted[1] == pytest.approx(width / height)


def test_signals_share_their_time_and_the_kernel_is_orange() -> None:
    figure = figures.signals({"input": [0, 1, 4], "kernel": [2, -1]}, alt="two", rate=2, kernel="kernel")
    lines = [axis.lines[1] for axis in figure.axes]
    assert [line.get_xdata().tolist() for line in lines] == [[0, 0.5, 1], [0, 0.5]]
    assert [line.get_ydata().tolist() for line in lines] == [[0, 1, 4], [2, -1]]
    assert [line.get_color() for line in lines] == [figures.BLUE, figures.ORANGE]
    assert figure.axes[1].get_xlabel() == "time in seconds"
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()


def test_stems_stand_at_every_sample() -> None:
    figure = figures.signals({"input": [3, 0, -2]}, alt="three stems", stems=True)
    stems = figure.axes[0].collections[0].get_segments()
    assert [segment[1].tolist() for segment in stems] == [[0, 3], [1, 0], [2, -2]]
    assert figure.axes[0].get_xlabel() == "sample"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"curves": {}}, ParameterError, "curves must hold at least one signal; got none"),
        ({"curves": {"a": GREY}}, ShapeError, r"'a' must have shape \(N,\) and a sample; got \(30, 50\)"),
        ({"curves": {"a": []}}, ShapeError, r"got \(0,\)"),
        ({"curves": {"a": [1]}, "rate": 0}, ParameterError, "rate must be a number > 0, in samples a second"),
        ({"curves": {"a": [1]}, "kernel": "b"}, ParameterError, r"kernel must be one of \['a'\]; got 'b'"),
    ],
)
def test_signals_refuses_what_it_cannot_show(arguments, error, message) -> None:
    with pytest.raises(error, match=message):
        figures.signals(alt="nothing", **arguments)
