"""The shape explorer's state in Python: what it takes, keeps, computes and refuses."""

from __future__ import annotations

import base64
import itertools

import pytest

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import (
    find_windows,
    output_shape,
    output_size,
    same_padding,
    transposed_shape,
    transposed_size,
)
from coursekit.widgets import Conventions
from coursekit.widgets.shape_explorer.fallback import Cells
from coursekit.widgets.shape_explorer.shape_explorer import ShapeExplorer
from coursekit.widgets.shared.esm import esm


def test_a_new_explorer_shows_seven_pixels_and_a_kernel_of_three():
    explorer = ShapeExplorer()
    assert explorer.output == (5,)
    assert str(explorer.derivation[0]) == str(output_size(7, 3).derivation)
    assert (explorer.axes, explorer.position, explorer.wanted, explorer.guess) == (1, (0, 0), None, None)


@pytest.mark.parametrize("rounding", ["floor", "ceil"])
def test_the_output_is_that_of_coursekit_shapes_by_the_convention_of_rounding(rounding):
    conventions = Conventions(rounding=rounding)
    for size, kernel, padding, stride, dilation in itertools.product(
        (7, 8, 9), (2, 3), (0, 1), (1, 2, 3), (1, 2)
    ):
        explorer = ShapeExplorer(size, kernel, padding, stride, dilation, conventions=conventions)
        options = {"stride": stride, "padding": padding, "dilation": dilation, "rounding": rounding}
        expected = output_size(size, kernel, **options)
        assert explorer.output == (expected,)
        assert explorer.derivation == (expected.derivation,)


def test_the_output_follows_the_convention_when_it_changes():
    conventions = Conventions()
    explorer = ShapeExplorer(8, 3, stride=2, conventions=conventions)
    assert explorer.output == (3,)
    conventions.rounding = "ceil"
    assert explorer.output == (4,)


def test_rows_and_columns_have_their_own_parameters():
    explorer = ShapeExplorer((9, 7), (3, 4), (1, 0), (2, 1), (1, 2), axes=2)
    expected = output_shape((9, 7), (3, 4), padding=(1, 0), stride=(2, 1), dilation=(1, 2))
    assert explorer.output == expected
    assert explorer.pads == ((1, 1), (0, 0))
    assert explorer.derivation == tuple(size.derivation for size in expected)


def test_a_transposed_window_goes_the_other_way():
    explorer = ShapeExplorer(4, 3, 1, 2, transposed=True, output_padding=1)
    expected = transposed_size(4, 3, padding=1, stride=2, output_padding=1)
    assert explorer.output == (expected,) == (8,)
    assert explorer.derivation == (expected.derivation,)
    both = ShapeExplorer((4, 3), 3, (1, 0), 2, transposed=True, axes=2, output_padding=(1, 0))
    assert both.output == transposed_shape((4, 3), (3, 3), padding=(1, 0), stride=2, output_padding=(1, 0))


@pytest.mark.parametrize(
    ("padding", "axes", "kept", "pads"),
    [
        (2, 1, 2, ((2, 2),)),
        ((1, 2), 1, ((1, 2), (1, 2)), ((1, 2),)),
        ((1, 1), 1, 1, ((1, 1),)),
        ((1, 2), 2, ((1, 1), (2, 2)), ((1, 1), (2, 2))),
        ((3, 3), 2, 3, ((3, 3), (3, 3))),
        (((0, 1), (2, 2)), 2, ((0, 1), (2, 2)), ((0, 1), (2, 2))),
        ((1, (0, 2)), 2, ((1, 1), (0, 2)), ((1, 1), (0, 2))),
        ("same", 1, "same", ((1, 1),)),
        (("same", "same"), 2, "same", ((1, 1), (1, 1))),
        (("same", 0), 2, ("same", (0, 0)), ((1, 1), (0, 0))),
    ],
)
def test_padding_is_an_int_a_pair_or_same_for_each_axis(padding, axes, kept, pads):
    explorer = ShapeExplorer(9, padding=padding, axes=axes)
    assert explorer.padding == kept
    assert explorer.pads == pads
    explorer.axes = 3 - axes  # what is kept means the same whatever the number of axes
    assert explorer.padding == kept


def test_padding_same_follows_the_kernel_and_has_the_extra_zero_in_front():
    explorer = ShapeExplorer(9, 3, "same")
    for kernel, dilation in [(3, 1), (4, 1), (3, 2), (2, 3)]:
        explorer.kernel, explorer.dilation = kernel, dilation
        assert explorer.pads == (tuple(same_padding(kernel, dilation)),)
        assert explorer.output == (9,)
    names = [step.name for step in explorer.derivation[0]]
    assert names[:5] == ["effective kernel", "zeros in all", "before", "after", "padded size"]
    assert len(names) == len(set(names))


def test_found_are_the_windows_that_give_what_is_wanted():
    explorer = ShapeExplorer(28, conventions=Conventions(rounding="ceil"), wanted=14)
    assert explorer.found == find_windows(28, 14, dilations=(1, 2, 3), rounding="ceil")
    explorer.wanted = 300
    assert explorer.found == [] and explorer.found.reason
    explorer.wanted = None
    with pytest.raises(ParameterError, match="wanted must be an integer >= 1"):
        _ = explorer.found


def test_found_of_a_transposed_window_are_those_that_it_undoes():
    explorer = ShapeExplorer(4, transposed=True, wanted=8)
    best = explorer.found[0]
    assert best == find_windows(8, 4, dilations=(1, 2, 3))[0]
    assert best.output == 4


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"size": 0}, ParameterError, "size must be an integer >= 1; got 0"),
        ({"size": (5, 7)}, ParameterError, r"size must be an integer where axes is 1; got \(5, 7\)"),
        ({"kernel": 2.5}, ParameterError, "kernel must be an integer >= 1; got 2.5"),
        ({"kernel": 9}, ShapeError, "the kernel must fit inside the padded input; .* = 9, .* = 7"),
        ({"stride": (1, 2, 3), "axes": 2}, ParameterError, r"stride must be .* per axis \(2\)"),
        ({"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        ({"dilation": 4}, ShapeError, "the kernel must fit"),
        ({"padding": -1}, ParameterError, "padding must be an integer >= 0; got -1"),
        ({"padding": "valid"}, ParameterError, "padding must be integers >= 0 or 'same'; got 'valid'"),
        ({"padding": (1, 2, 3)}, ParameterError, r"padding must be .* per axis; got \(1, 2, 3\)"),
        (
            {"padding": ((1, 2, 3), 1)},
            ParameterError,
            r"padding must be an integer or a pair \(before, after\)",
        ),
        ({"axes": 3}, ParameterError, "axes must be an integer from 1 to 2; got 3"),
        ({"transposed": "yes"}, ParameterError, "transposed must be True or False; got 'yes'"),
        ({"transposed": True, "output_padding": 1}, ParameterError, "output_padding must be smaller than"),
        ({"transposed": True, "size": 1, "padding": 2}, ShapeError, "padding must leave at least one pixel"),
        ({"wanted": 0}, ParameterError, "wanted must be an integer >= 1 or None; got 0"),
        ({"sizes": 3}, ParameterError, "ShapeExplorer has no parameter 'sizes'"),
    ],
)
def test_a_wrong_value_is_refused_by_name_rule_and_value(changes, error, message):
    with pytest.raises(error, match=message):
        ShapeExplorer(**changes)


def test_a_refused_change_leaves_the_state_as_it_was():
    explorer = ShapeExplorer()
    for name, bad in [("size", 0), ("padding", "full"), ("axes", 3), ("wanted", 0), ("position", 2)]:
        with pytest.raises(ParameterError):
            setattr(explorer, name, bad)
    assert (explorer.size, explorer.padding, explorer.axes, explorer.wanted) == (7, 0, 1, None)


def test_a_change_that_leaves_no_output_is_kept_and_the_output_says_why():
    explorer = ShapeExplorer(position=(0, 3))
    explorer.kernel = 9  # no error: browser and Python must hold the same state
    assert (explorer.kernel, explorer.position) == (9, (0, 0))
    with pytest.raises(ShapeError, match="the kernel must fit"):
        _ = explorer.output
    assert "There is no output" in explorer.describe()
    explorer.kernel = 7
    assert explorer.output == (1,)


def test_a_position_beyond_the_output_becomes_the_last():
    assert ShapeExplorer(position=(4, 9)).position == (0, 4)
    explorer = ShapeExplorer((7, 5), axes=2, position=(9, 1))
    assert explorer.position == (4, 1)
    explorer.stride = 2
    assert explorer.position == (2, 1)
    explorer.axes = 1
    assert explorer.position == (0, 1)


def test_what_the_browser_sends_is_taken_as_a_whole():
    explorer = ShapeExplorer()
    explorer.set_state(
        {"axes": 2, "size": [9, 8], "padding": [[0, 1], "same"], "stride": [2, 1], "guess": 3, "wanted": 5}
    )
    assert (explorer.size, explorer.stride) == ((9, 8), (2, 1))
    assert explorer.padding == ((0, 1), "same")
    assert explorer.output == output_shape((9, 8), (3, 3), stride=(2, 1), padding=((0, 1), (1, 1)))
    assert (explorer.guess, explorer.wanted) == (3, 5)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"stride": 2}, "Sliding window: input 7, kernel 3, stride 2, dilation 1, zeros 0 + 0. Output 3."),
        ({"kernel": 4, "padding": "same"}, "zeros 2 + 1. Output 7."),
        (
            {"size": (7, 5), "padding": (1, 0), "axes": 2},
            "input 7 × 5, kernel 3 × 3, stride 1 × 1, dilation 1 × 1, zeros 1 + 1 and 0 + 0. Output 7 × 3.",
        ),
        ({"transposed": True, "stride": 2}, "Transposed window: input 7, kernel 3, stride 2"),
        ({"predicting": True}, "How large is the output?"),
    ],
)
def test_where_no_widget_runs_there_is_a_picture_that_says_the_sizes(parameters, said):
    explorer = ShapeExplorer(**parameters)
    data, _ = explorer._repr_mimebundle_()
    assert said in explorer.describe()
    assert said in data["text/html"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")


def test_the_picture_tells_nothing_while_the_reader_predicts():
    explorer = ShapeExplorer(predicting=True)
    assert "Output" not in explorer.describe()
    answered = ShapeExplorer()
    assert explorer._repr_mimebundle_()[0]["image/png"] != answered._repr_mimebundle_()[0]["image/png"]


def test_an_input_too_long_to_draw_and_an_impossible_state_still_have_a_picture():
    long = ShapeExplorer(100_000, 3)
    assert long._repr_mimebundle_()[0]["image/png"]
    long.kernel = 200_000
    assert "There is no output" in long._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2, 4])
@pytest.mark.parametrize(("kernel", "padding"), [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
def test_the_picture_hatches_as_many_pixels_as_no_window_reads(kernel, padding, stride, dilation):
    explorer = ShapeExplorer(8, kernel, padding, stride, dilation)
    count = int(explorer.output[0])
    choices = {"kernel_sizes": [kernel], "strides": [stride], "paddings": [padding], "dilations": [dilation]}
    (window,) = find_windows(8, count, **choices)
    cells = Cells.of(explorer, 0, count)
    assert sum(cells.is_pixel(cell) for cell in cells.unread) == window.unread


def test_the_demo_says_in_one_sentence_what_it_shows():
    assert ShapeExplorer().shows.count(".") == 1
    assert ShapeExplorer()._shows == ShapeExplorer.shows


def test_the_browser_is_sent_one_module_in_which_no_name_is_declared_twice():
    text = esm("shape_explorer")
    assert text.count("export default") == 1
    assert "\nimport " not in text
