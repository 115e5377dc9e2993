"""The pooling explorer's state in Python: what it takes, keeps, computes, refuses, and its picture."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from numpy.testing import assert_allclose, assert_array_equal

from coursekit import reference
from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets import Conventions
from coursekit.widgets.pooling_explorer.pooling_explorer import DEFAULT_IMAGE, MODES, PoolingExplorer

PIXELS = np.asarray(DEFAULT_IMAGE)
SMALL = [[1, 3, 0, 2], [2, 3, 1, 4]]


def explorer(
    *arguments: object, rounding: str = "floor", ties: str = "first", **state: object
) -> PoolingExplorer:
    """An explorer with conventions of its own: the shared ones stay as they are."""
    return PoolingExplorer(*arguments, conventions=Conventions(rounding=rounding, ties=ties), **state)


def test_without_arguments_it_shows_two_channels_with_ties_and_a_column_that_is_never_read():
    demo = explorer()
    assert demo.image.shape == (2, 6, 7) and demo.output.shape == (2, 3, 3)
    assert not demo.input_gradient[..., 6].any()
    firsts, everyone = (explorer(ties=ties).input_gradient.sum() for ties in ("first", "all"))
    assert firsts == 18 < everyone


@pytest.mark.parametrize("rounding", ["floor", "ceil"])
@pytest.mark.parametrize("ties", ["first", "all"])
@pytest.mark.parametrize(
    "window", [{}, {"size": 3, "stride": 2, "padding": 1}, {"size": (2, 3), "stride": 1}]
)
def test_max_pooling_and_its_gradient_are_the_references(rounding, ties, window):
    demo = explorer(rounding=rounding, ties=ties, **window)
    parameters = {"size": 2, **window, "rounding": rounding}
    assert_array_equal(demo.output, reference.max_pool(PIXELS, **parameters))
    sent = np.arange(demo.output.size).reshape(demo.output.shape) / 4
    demo.gradient = sent
    assert_array_equal(
        demo.input_gradient, reference.max_pool_gradient(sent, PIXELS, **parameters, ties=ties)
    )


@pytest.mark.parametrize("counts", [True, False])
def test_average_pooling_and_its_gradient_are_the_references(counts):
    demo = explorer(SMALL, 2, 1, 1, "average", count_padding=counts)
    parameters = {"size": 2, "stride": 1, "padding": 1, "count_padding": counts}
    assert_allclose(demo.output, reference.average_pool(SMALL, **parameters))
    back = reference.average_pool_gradient(np.ones((3, 5)), (2, 4), **parameters)
    assert_allclose(demo.input_gradient, back)


@pytest.mark.parametrize("ties", ["first", "all"])
@pytest.mark.parametrize("image", [SMALL, PIXELS])
def test_global_pooling_and_its_gradient_are_the_references(image, ties):
    largest, mean = (explorer(image, mode=mode, ties=ties) for mode in ("global max", "global average"))
    assert_array_equal(largest.output, reference.global_max_pool(image))
    assert_allclose(mean.output, reference.global_average_pool(image))
    assert largest.output_maps.shape == mean.arriving.shape == (*np.shape(image)[:-2], 1, 1)
    ones = np.ones(np.shape(image)[:-2])
    assert_array_equal(largest.input_gradient, reference.global_max_pool_gradient(ones, image, ties=ties))
    assert_allclose(mean.input_gradient, reference.global_average_pool_gradient(ones, np.shape(image)[-2:]))


@pytest.mark.parametrize("ties", ["first", "all"])
@pytest.mark.parametrize("groups", [1, 2, 3])
def test_maxout_and_its_gradient_are_the_references(groups, ties):
    image = np.random.default_rng(3).integers(0, 3, (6, 2, 3))
    demo = explorer(image, mode="maxout", groups=groups, ties=ties)
    assert_array_equal(demo.output, reference.maxout(image, groups))
    ones = np.ones(demo.output.shape, int)
    assert_array_equal(demo.input_gradient, reference.maxout_gradient(ones, image, groups, ties=ties))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"image": [1, 2]}, ShapeError, r"image must have 2 axes .* or 3 axes .*; got shape \(2,\)"),
        ({"image": [[np.nan]]}, ParameterError, r"image must hold .* finite; got image\[0, 0\] = nan"),
        ({"size": 0}, ParameterError, "size must be an integer >= 1; got 0"),
        ({"size": 5}, ShapeError, "axis 0: the kernel must fit inside the padded input"),
        ({"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        ({"padding": -1}, ParameterError, "padding must be an integer >= 0; got -1"),
        ({"padding": 2}, ParameterError, r"at most half the window, 2 // 2 = 1 on axis 0; got 2"),
        ({"mode": "min"}, ParameterError, "mode must be 'max' or 'average' or .*; got 'min'"),
        ({"mode": "maxout"}, ShapeError, r"maxout needs channels, an image \(C, H, W\); got shape \(2, 4\)"),
        (
            {"image": PIXELS, "mode": "maxout", "groups": 3},
            ParameterError,
            "groups must divide .* got 3 for 2",
        ),
        ({"gradient": [[1, 2, 3]]}, ShapeError, r"shape of the output, \(1, 2\); got shape \(1, 3\)"),
        ({"position": (0, -1)}, ParameterError, r"position\[1\] must be an integer >= 0; got -1"),
        ({"pixel": 3}, ParameterError, r"pixel must be \(row, column\); got 3"),
        ({"predict": "all"}, ParameterError, "predict must be 'off' or 'output' or 'gradient'; got 'all'"),
        ({"colour": 1}, ParameterError, "PoolingExplorer has no parameter 'colour'"),
    ],
)
def test_a_wrong_value_is_refused_by_name_rule_and_value(changes, error, message):
    with pytest.raises(error, match=message):
        explorer(**{"image": SMALL, **changes})


def test_a_stride_of_none_is_the_size_also_when_that_changes():
    demo = explorer()
    assert demo.stride is None and demo.output.shape == (2, 3, 3)
    demo.size = 3
    assert demo.output.shape == (2, 2, 2)


def test_a_gradient_that_does_not_fit_the_output_any_more_waits_while_ones_are_used():
    demo = explorer(SMALL, gradient=[[5, 7]])
    demo.stride = 1
    assert_array_equal(demo.arriving, np.ones((1, 3)))
    demo.stride = None
    assert_array_equal(demo.arriving, [[5, 7]])
    assert_array_equal(demo.input_gradient, [[0, 5, 0, 0], [0, 0, 0, 7]])


def test_overlapping_windows_add_their_gradients_in_the_pixel_that_wins_in_both():
    demo = explorer([[0, 9, 1]], size=(1, 2), stride=1, gradient=[[0.5, 1]])
    assert_array_equal(demo.input_gradient, [[0, 1.5, 0]])


def test_what_lies_outside_becomes_the_last_there_is():
    demo = explorer(position=(9, 1), channel=7, pixel=(99, 2))
    assert (demo.position, demo.channel, demo.pixel) == ((2, 1), 1, (5, 2))
    demo.mode = "global max"
    assert demo.position == (0, 0)
    demo.mode = "maxout"
    assert demo.channel == 0
    demo.pixel = None
    assert demo.pixel is None


def test_a_change_that_leaves_no_window_is_kept_and_the_output_says_why():
    demo = explorer(SMALL, position=(0, 1))
    demo.size = 5  # no error: browser and Python must hold the same state
    assert (demo.size, demo.position) == (5, (0, 0))
    for result in ("output", "output_maps", "arriving", "input_gradient"):
        with pytest.raises(ShapeError, match="must fit inside"):
            getattr(demo, result)
    assert "no output (axis 0:" in demo.describe()
    demo.size = 2
    assert demo.output.shape == (1, 2)


@pytest.mark.parametrize(
    "change", [{"size": 3}, {"mode": "average"}, {"predict": "gradient"}, {"channel": 1}]
)
def test_a_change_of_the_question_forgets_the_answers(change):
    demo = explorer(predict="output")
    demo.answered = [0, 3]
    assert demo.answered == [0, 3]
    for name, value in change.items():
        setattr(demo, name, value)
    assert demo.answered == []


def test_what_the_browser_edits_arrives_as_an_array():
    demo = explorer(SMALL)
    values = np.array([[9.0, 3, 0, 2], [2, 3, 1, 4]])
    demo.set_state({"image": {"shape": [2, 4], "whole": True, "data": memoryview(values.tobytes())}})
    assert demo.image.dtype == np.int64
    assert_array_equal(demo.output, [[9, 4]])


def test_a_change_of_the_conventions_is_followed():
    demo = explorer()
    demo.conventions.rounding = "ceil"
    assert demo.output.shape == (2, 3, 4)
    demo.conventions.ties = "all"
    assert demo.input_gradient[0, 0, 1] == demo.input_gradient[0, 1, 1] == 1


def test_the_description_says_mode_sizes_value_and_gradient():
    words = explorer(position=(1, 1)).describe()
    assert words == (
        "Pooling explorer, max of a 2 × 6 × 7 input, window 2 × 2, stride 2 × 2: the output is 2 × 3 × 3. "
        "At channel 0, row 1, column 1 it is 9. A gradient reaches 18 of 84 pixels."
    )


@pytest.mark.parametrize(
    ("predict", "panel", "kept"), [("output", 1, "it is ?."), ("gradient", 3, "is to be predicted")]
)
def test_what_is_to_be_predicted_is_neither_told_nor_drawn(predict, panel, kept):
    hidden, shown = (explorer(SMALL, predict=state) for state in (predict, "off"))
    assert kept in hidden.describe() and kept not in shown.describe()
    covered, open_to_all = (panels_of(demo)[panel] for demo in (hidden, shown))
    assert {text.get_text() for text in covered.texts} == {"?"}
    assert not covered.images[0].get_array().any() and open_to_all.images[0].get_array().any()
    assert {text.get_text() for text in open_to_all.texts} == ({"3", "4"} if panel == 1 else {"0", "1"})


def test_a_hidden_output_hides_the_gradient_too_because_that_names_the_winner():
    assert {text.get_text() for text in panels_of(explorer(SMALL, predict="output"))[3].texts} == {"?"}


def panels_of(demo: PoolingExplorer) -> list[Axes]:
    """The panels of the picture where no widget runs."""
    figure = Figure(figsize=demo.picture_size)
    demo.draw_picture(figure)
    return figure.axes


def test_the_picture_stands_beside_the_live_demo_with_its_description():
    demo = explorer()
    data, _ = demo._repr_mimebundle_()
    assert html.escape(demo.describe()) in data["text/html"]
    assert imread(io.BytesIO(base64.b64decode(data["image/png"]))).shape == (300, 1000, 4)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_a_picture_of_four_maps_with_their_sizes(mode):
    demo = explorer(mode=mode)
    rows, columns = demo.output_maps.shape[-2:]
    titles = [axes.get_title() for axes in panels_of(demo)]
    sizes = ["6 × 7", f"{rows} × {columns}", f"{rows} × {columns}", "6 × 7"]
    assert [title.splitlines()[1] for title in titles] == sizes


def test_the_picture_of_a_photograph_prints_no_numbers_and_that_of_no_output_says_so():
    large = explorer(np.random.default_rng(0).random((40, 50)), 3, 2)
    assert not any(axes.texts for axes in panels_of(large))
    large.size = 99
    assert [axes.get_title() for axes in panels_of(large)] == ["Input\n40 × 50", "Output\nnone"]
