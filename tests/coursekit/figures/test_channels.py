"""Figures of channels: their numbers add up, their maps keep their signs, their table keeps its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit import correlate, data, figures
from coursekit.errors import ParameterError, ShapeError
from coursekit.figures import LectureFigure
from tests.coursekit.figures.test_shared import frames_in, numbers_in

IMAGE = np.arange(24).reshape(2, 3, 4) % 7
KERNEL = np.array([[[1, -1], [2, 1]], [[2, 1], [3, -1]]])


def test_the_sums_of_the_channels_and_the_bias_make_the_output() -> None:
    figure = figures.channel_step(IMAGE, KERNEL, 4, (1, 2))
    output = correlate(IMAGE, KERNEL[None], np.array([4]))[0]
    sums = [int((IMAGE[c, 1:3, 2:4] * KERNEL[c]).sum()) for c in range(2)]
    assert [numbers_in(figure, panel) for panel in (3, 7)] == [[str(s)] for s in sums]
    assert figure.alt.endswith(f"{sums[0]} + {sums[1]} + bias 4 = {output[1, 2]}.".replace("+ -", "− "))
    assert figure._supxlabel.get_text().endswith(f"= {output[1, 2]}")  # type: ignore[attr-defined]


def test_each_channel_shows_its_window_its_kernel_and_its_products() -> None:
    figure = figures.channel_step(IMAGE, KERNEL, 4, (1, 2))
    for channel in range(2):
        assert frames_in(figure, 4 * channel) == [(1, 2, 2, 2)]
        products = IMAGE[channel, 1:3, 2:4] * KERNEL[channel]
        assert numbers_in(figure, 4 * channel + 2) == [f"{n:g}".replace("-", "−") for n in products.ravel()]


@pytest.mark.parametrize(
    ("image", "kernel", "position", "error"),
    [
        (IMAGE, KERNEL[:1], (0, 0), ShapeError),
        (IMAGE[0], KERNEL[0], (0, 0), ShapeError),
        (IMAGE, KERNEL, (2, 0), ParameterError),
        (IMAGE, KERNEL, (0, -1), ParameterError),
        (np.ones((4, 3, 3)), np.ones((4, 2, 2)), (0, 0), ParameterError),
        (np.ones((1, 9, 9)), np.ones((1, 2, 2)), (0, 0), ParameterError),
    ],
)
def test_a_step_that_cannot_be_shown_is_refused(
    image: Any, kernel: Any, position: tuple[int, int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        figures.channel_step(image, kernel, 0, position)


def test_maps_keep_zero_white_and_their_far_numbers_do_not_decide_the_scale() -> None:
    ordinary = np.linspace(-1, 3, 10_000).reshape(100, 100)
    one_spike = ordinary.copy()
    one_spike[0, 0] = -900
    figure = figures.response_maps({"a": ordinary, "b": one_spike})
    for axis in figure.axes[:2]:
        low, high = axis.images[0].get_clim()
        assert low == -high
        assert high == pytest.approx(3, abs=0.1)
    assert "'b' from -900 to 3" in figure.alt


def test_peaks_are_marked_on_every_map_and_named() -> None:
    figure = figures.response_maps({"a": np.eye(9), "b": -np.eye(9)}, peaks=[(2, 3), (5, 1)])
    for panel in range(2):
        marks = {text.get_text(): text.get_position() for text in figure.axes[panel].texts}
        assert marks == {"1": (3, 2), "2": (1, 5)}  # x is the column
    assert "1 at row 2, column 3, 2 at row 5, column 1" in figure.alt


def test_no_map_is_refused() -> None:
    with pytest.raises(ParameterError, match="at least one map"):
        figures.response_maps({})


def table(**changes: Any) -> dict[str, Any]:
    cells = {
        "sound": np.sin(np.arange(50.0))[None],
        "sensors": np.cumsum(np.ones((4, 50)), axis=1),
        "pictures": [data.mri()[None], np.eye(20)[None]],
        "colour": np.full((3, 8, 9), 0.5),
        "volume": np.arange(10.0 * 6 * 7).reshape(1, 10, 6, 7),
        "video": np.full((3, 10, 6, 7), 0.5),
    }
    return cells | changes


def panels(figure: LectureFigure, cell: int) -> list[Any]:
    return figure.subfigs[cell].axes


def test_the_table_shows_every_kind_of_data() -> None:
    figure = figures.data_types(table())
    assert [len(panels(figure, cell)) for cell in range(6)] == [1, 1, 2, 1, 3, 3]
    lines = [line for line in panels(figure, 1)[0].lines if len(line.get_xdata()) == 50]
    assert len(lines) == 4
    assert panels(figure, 3)[0].images[0].get_array().shape == (8, 9, 3)  # matplotlib has channels last
    assert "3-D, several channels: video, 3×10×6×7" in figure.alt


def test_a_volume_is_shown_by_three_of_its_slices() -> None:
    volume = table()["volume"]
    shown = [axis.images[0].get_array() for axis in panels(figures.data_types(table()), 4)]
    for picture, index in zip(shown, (3, 5, 7), strict=True):
        np.testing.assert_array_equal(picture, volume[0, index])


def test_a_cell_of_another_kind_is_refused() -> None:
    with pytest.raises(ParameterError, match="6 entries; got 1"):
        figures.data_types({"sound": np.ones((1, 9))})
    with pytest.raises(ShapeError, match="'colour' must have shape"):
        figures.data_types(table(colour=np.ones((1, 8, 9))))
    with pytest.raises(ShapeError, match="'video' must have shape"):
        figures.data_types(table(video=np.ones((3, 8, 9))))
