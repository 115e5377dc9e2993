"""The sliding window's state in Python: what it takes, keeps, computes and refuses."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference import convolve, correlate
from coursekit.shapes import output_shape
from coursekit.widgets import Conventions, SlidingWindow
from coursekit.widgets.shared.traits import LARGEST_ARRAY

IMAGE = np.arange(9).reshape(3, 3)
KERNEL = [[0, 1], [2, 3]]


def test_the_output_is_the_lecture_documents_worked_example():
    widget = SlidingWindow(IMAGE, KERNEL)
    assert_array_equal(widget.output, [[19, 25], [37, 43]])
    assert widget.output.dtype == np.int64


@pytest.mark.parametrize(
    "parameters", [{"stride": 2}, {"padding": (2, 1)}, {"dilation": 2, "stride": (1, 3)}]
)
def test_the_output_is_the_references(parameters):
    rng = np.random.default_rng(1)
    image, kernel = rng.normal(size=(7, 8)), rng.normal(size=(3, 2))
    assert_array_equal(
        SlidingWindow(image, kernel, **parameters).output, correlate(image, kernel, **parameters)
    )


@pytest.mark.parametrize("operation", [correlate, convolve])
def test_the_output_follows_the_convention_of_the_operation(operation):
    rng = np.random.default_rng(2)
    image, kernel = rng.integers(-9, 10, (6, 5)), rng.integers(-9, 10, (3, 2))
    conventions = Conventions()
    widget = SlidingWindow(image, kernel, stride=2, padding=1, conventions=conventions)
    if operation is convolve:
        conventions.operation = "convolution"
    assert_array_equal(widget.output, operation(image, kernel, stride=2, padding=1))


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
def test_the_sum_runs_over_all_channels(operation):
    rng = np.random.default_rng(3)
    image, kernel = rng.integers(-9, 10, (3, 6, 5)), rng.integers(-9, 10, (3, 2, 3))
    widget = SlidingWindow(image, kernel, padding=1, conventions=Conventions(operation=operation))
    by_channel = [
        (convolve if operation == "convolution" else correlate)(pixels, weights, padding=1)
        for pixels, weights in zip(image, kernel, strict=True)
    ]
    assert_array_equal(widget.output, np.sum(by_channel, axis=0))
    assert widget.output.dtype == np.int64


@pytest.mark.parametrize(
    "parameters",
    [{"stride": 2}, {"stride": 3, "padding": 1}, {"stride": (2, 3), "dilation": 2}, {"stride": 5}, {}],
)
def test_rounded_up_the_last_window_reads_zeros_beyond_the_edge(parameters):
    rng = np.random.default_rng(4)
    image, kernel = rng.integers(-9, 10, (8, 9)), rng.integers(-9, 10, (3, 2))
    widget = SlidingWindow(image, kernel, conventions=Conventions(rounding="ceil"), **parameters)
    assert widget.output.shape == output_shape(image.shape, kernel.shape, **parameters, rounding="ceil")
    wide = np.pad(image, [(0, beyond) for beyond in widget.overhang])
    padding = parameters.get("padding", 0)
    wide = np.pad(wide, padding)  # the zeros beyond the far padding stand behind it, all are zeros
    expected = correlate(wide, kernel, **{**parameters, "padding": 0})
    assert_array_equal(widget.output, expected)


def test_a_change_of_the_rounding_moves_the_position_back_inside():
    conventions = Conventions(rounding="ceil")
    widget = SlidingWindow(np.ones((4, 4)), KERNEL, stride=3, position=(1, 1), conventions=conventions)
    assert widget.position == (1, 1)
    conventions.rounding = "floor"
    assert widget.position == (0, 0)


def test_the_demos_share_one_switch_unless_they_are_given_their_own():
    from coursekit.widgets import conventions

    assert SlidingWindow(IMAGE, KERNEL).conventions is conventions
    own = Conventions(operation="convolution")
    assert_array_equal(SlidingWindow(IMAGE, KERNEL, conventions=own).output, convolve(IMAGE, KERNEL))
    assert_array_equal(SlidingWindow(IMAGE, KERNEL).output, correlate(IMAGE, KERNEL))


def test_a_kernel_that_loses_its_channels_is_kept_and_the_output_says_why():
    widget = SlidingWindow(np.ones((2, 3, 3)), np.ones((2, 2, 2)), channel=1)
    assert widget.channel == 1
    widget.kernel = np.ones((3, 2, 2))
    with pytest.raises(ShapeError, match=r"kernel must have shape \(2, KH, KW\)"):
        _ = widget.output
    widget.image = np.ones((3, 3))  # the channel in front is gone
    assert widget.channel == 0


def test_numbers_typed_in_the_browser_are_counted_and_forgotten_with_their_question():
    widget = SlidingWindow(IMAGE, KERNEL, predict=True)
    widget.set_state({"predicted": [0, 1, 3], "missed": [1, 2]})
    assert (widget.predicted, widget.right_at_first_try) == ([0, 1, 3], 2)
    widget.stride = 2
    assert (widget.predicted, widget.missed, widget.right_at_first_try) == ([], [], 0)


@pytest.mark.parametrize(("whole", "dtype"), [(True, np.int64), (False, np.float64)])
def test_an_edited_array_arrives_with_its_kind_of_numbers(whole, dtype):
    widget = SlidingWindow(IMAGE, KERNEL)
    numbers = np.array([[0.0, 1.0], [7.0, -3.0]])
    message = {"shape": [2, 2], "whole": whole, "data": memoryview(numbers.astype("<f8").tobytes())}
    widget.set_state({"kernel": message})
    assert_array_equal(widget.kernel, numbers)
    assert widget.kernel.dtype == dtype
    assert_array_equal(widget.output, correlate(IMAGE, numbers))


@pytest.mark.parametrize(
    ("image", "dtype"),
    [
        ([[1, 2], [3, 4]], np.int64),
        ([[True, False], [False, True]], np.int64),
        (np.ones((2, 3), np.uint8), np.int64),
        (np.ones((2, 3), np.float32), np.float64),
        (np.arange(12.0).reshape(3, 4)[:, ::-2], np.float64),
        ([[1, 2.5]], np.float64),
    ],
)
def test_any_real_matrix_is_taken(image, dtype):
    widget = SlidingWindow(image, [[1]])
    assert_array_equal(widget.image, np.asarray(image))
    assert widget.image.dtype == dtype


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"image": [1, 2, 3]}, ShapeError, r"image must have 2 axes .*; got shape \(3,\)"),
        (
            {"kernel": np.ones((1, 2, 2))},
            ShapeError,
            r"kernel must have shape \(KH, KW\) for an image of shape \(3, 3\); got shape \(1, 2, 2\)",
        ),
        (
            {"image": np.ones((2, 3, 3))},
            ShapeError,
            r"kernel must have shape \(2, KH, KW\) for an image of shape \(2, 3, 3\); got shape \(2, 2\)",
        ),
        (
            {"image": np.ones((5, 4, 3)), "kernel": np.ones((3, 2, 2))},
            ShapeError,
            r"got shape \(3, 2, 2\); an image \(H, W, C\) becomes \(C, H, W\) by np.moveaxis\(image, -1, 0\)",
        ),
        ({"image": np.ones((1, 2, 3, 3))}, ShapeError, r"or 3 axes .*; got shape \(1, 2, 3, 3\)"),
        ({"conventions": "ceil"}, ParameterError, "conventions must be a Conventions; got 'ceil'"),
        ({"colour": "red"}, ParameterError, "SlidingWindow has no parameter 'colour'"),
        ({"image": np.ones((0, 3))}, ShapeError, r"image must have 2 axes .* at least one value; got shape"),
        (
            {"image": [[1, 2], [3]]},
            ShapeError,
            r"image must have rows of one length; got \[\[1, 2\], \[3\]\]",
        ),
        ({"image": [["a"]]}, ParameterError, "image must hold real numbers; got dtype <U1"),
        ({"kernel": [[1j]]}, ParameterError, "kernel must hold real numbers; got dtype complex128"),
        (
            {"image": [[0, 0], [0, np.nan]]},
            ParameterError,
            r"image must hold .* finite; got image\[1, 1\] = nan",
        ),
        ({"kernel": [[np.inf]]}, ParameterError, r"kernel must hold .* finite; got kernel\[0, 0\] = inf"),
        (
            {"image": [[2**60]]},
            ParameterError,
            r"at most 2\*\*53 in size; got image\[0, 0\] = 1152921504606846976",
        ),
        ({"image": np.ones((1, LARGEST_ARRAY + 1))}, ShapeError, "image must have at most 1048576 values"),
        ({"kernel": np.ones((4, 2))}, ShapeError, "kernel must fit inside the padded input"),
        ({"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        ({"stride": 1.5}, ParameterError, "stride must be an integer >= 1; got 1.5"),
        ({"padding": -1}, ParameterError, "padding must be an integer >= 0; got -1"),
        ({"dilation": (1, 2, 3)}, ParameterError, r"dilation must be .* per axis \(2\); got \(1, 2, 3\)"),
        ({"dilation": 3}, ShapeError, "kernel must fit inside the padded input"),
        ({"position": 4}, ParameterError, r"position must be \(row, column\); got 4"),
        ({"position": (0, -1)}, ParameterError, r"position\[1\] must be an integer >= 0; got -1"),
    ],
)
def test_a_wrong_value_is_refused_by_name_rule_and_value(changes, error, message):
    with pytest.raises(error, match=message):
        SlidingWindow(**{"image": IMAGE, "kernel": KERNEL, **changes})


def test_an_array_on_another_device_is_refused_with_the_way_out():
    class OnDevice:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            raise TypeError("implicit conversion is not allowed")

    with pytest.raises(
        ParameterError, match=r"image must be lists or a NumPy array; got .*OnDevice; CuPy: \.get"
    ):
        SlidingWindow(OnDevice(), KERNEL)


def test_a_refused_change_leaves_the_state_as_it_was():
    widget = SlidingWindow(IMAGE, KERNEL)
    for name, bad in [("stride", 0), ("image", [[np.nan]]), ("position", "here")]:
        with pytest.raises((ParameterError, ShapeError)):
            setattr(widget, name, bad)
    assert (widget.stride, widget.position) == (1, (0, 0))
    assert_array_equal(widget.image, IMAGE)


def test_a_position_beyond_the_output_becomes_the_last():
    assert SlidingWindow(IMAGE, KERNEL, position=(9, 1)).position == (1, 1)
    widget = SlidingWindow(IMAGE, KERNEL)
    widget.position = (1, 99)
    assert widget.position == (1, 1)


@pytest.mark.parametrize(
    "changes", [{"stride": 2}, {"dilation": 2}, {"kernel": np.ones((3, 3))}, {"image": np.ones((2, 2))}]
)
def test_a_change_of_shape_moves_the_position_back_inside(changes):
    widget = SlidingWindow(IMAGE, KERNEL, position=(1, 1))
    for name, value in changes.items():
        setattr(widget, name, value)
    assert widget.position == (0, 0)


def test_a_change_that_leaves_no_window_is_kept_and_the_output_says_why():
    widget = SlidingWindow(IMAGE, KERNEL, position=(1, 1))
    widget.dilation = 9  # no error: browser and Python must hold the same state
    assert (widget.dilation, widget.position) == (9, (0, 0))
    with pytest.raises(ShapeError, match="the kernel must fit"):
        _ = widget.output
    widget.dilation = 2
    assert widget.output.shape == (1, 1)


def test_what_the_browser_sends_is_taken_as_a_whole():
    widget = SlidingWindow(IMAGE, KERNEL)
    widget.set_state({"stride": [2, 1], "position": [0, 1], "playing": True, "filled": 3, "speed": 8})
    assert (widget.stride, widget.position) == ((2, 1), (0, 1))
    assert (widget.playing, widget.filled, widget.speed) == (True, 3, 8)


def test_equal_parameters_of_both_axes_become_one_number():
    assert SlidingWindow(IMAGE, KERNEL, padding=(1, 1)).padding == 1


def test_changing_the_original_array_changes_nothing_shown():
    image = IMAGE.copy()
    widget = SlidingWindow(image, KERNEL)
    image[0, 0] = 100
    assert widget.image[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        widget.image[0, 0] = 100


def test_arrays_travel_as_float64_bytes():
    message = SlidingWindow(IMAGE[:, ::-1], KERNEL).get_state("image")["image"]
    assert message["shape"] == [3, 3]
    assert isinstance(message["data"], memoryview)
    assert_array_equal(np.frombuffer(message["data"], "<f8").reshape(3, 3), IMAGE[:, ::-1])


@pytest.mark.parametrize(("side", "speed"), [(3, 2), (20, 32), (128, 1024)])
def test_a_first_play_lasts_about_twenty_seconds_at_most(side, speed):
    assert SlidingWindow(np.ones((side, side)), KERNEL).speed == speed
    assert SlidingWindow(np.ones((side, side)), KERNEL, speed=7.0).speed == 7


def test_import_coursekit_does_not_import_the_widgets():
    probe = (
        "import sys, coursekit; print(*[n for n in ('coursekit.widgets', 'anywidget') if n in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert found.strip() == ""
