"""The equivariance meter's state in Python: what it takes, computes, compares, refuses, and its picture."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from numpy.testing import assert_allclose, assert_array_equal

from coursekit import reference
from coursekit.errors import ParameterError, ShapeError
from coursekit.widgets import Conventions
from coursekit.widgets.equivariance_meter.equivariance_meter import EquivarianceMeter
from coursekit.widgets.equivariance_meter.examples import KERNELS, LETTER
from coursekit.widgets.equivariance_meter.mapping import bordered, output_shift, shifted

RNG = np.random.default_rng(11)
IMAGE = RNG.integers(-9, 10, (8, 8))
KERNEL = RNG.integers(-4, 5, (3, 3))
SHIFTS = [(0, 1), (2, 0), (-3, 5), (8, -8)]


def meter(
    image: Any = IMAGE, kernel: Any = KERNEL, *, operation: str = "correlation", **state: Any
) -> EquivarianceMeter:
    """A meter with conventions of its own: the shared ones stay as they are."""
    rounding = state.pop("rounding", "floor")
    return EquivarianceMeter(
        image, kernel, conventions=Conventions(operation=operation, rounding=rounding), **state
    )


def test_without_arguments_zero_padding_breaks_equivariance_at_the_border_of_a_letter():
    demo = EquivarianceMeter(conventions=Conventions())
    assert_array_equal(demo.image, LETTER)
    assert_array_equal(demo.kernel, KERNELS["corner"])
    assert (demo.shift, demo.padding, demo.differing) == ((0, 1), "zeros", (18, 64))
    assert demo.largest_difference == 3
    assert not demo.difference[1:-1, 2:-1].any()


@pytest.mark.parametrize("operation", ["correlation", "convolution"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_output_is_the_references_with_zero_padding_and_with_none(operation, stride):
    slide = reference.convolve if operation == "convolution" else reference.correlate
    for padding, mode in (("zeros", "same"), ("valid", "valid")):
        demo = meter(operation=operation, stride=stride, padding=padding)
        assert_array_equal(demo.output, slide(IMAGE, KERNEL, mode=mode)[::stride, ::stride])


def test_circular_borders_give_the_circular_convolution():
    demo = meter(operation="convolution", padding="wrap")
    wanted = np.roll(reference.convolve_circular(IMAGE, KERNEL), (-1, -1), (0, 1))
    assert_array_equal(demo.output, wanted)


def test_reflected_borders_read_the_image_as_in_a_mirror():
    assert_array_equal(bordered(np.array([[1, 2, 3]]), (1, 4), "reflect"), [[3, 2, 1, 2, 3, 2]])


@pytest.mark.parametrize("rounding", ["floor", "ceil"])
def test_pooling_and_the_global_average_are_the_references(rounding):
    image = IMAGE[:7]
    sums = reference.correlate(image, KERNEL, mode="same")
    largest = meter(image, pooling="max", rounding=rounding).output
    assert_array_equal(largest, reference.max_pool(sums, 2, rounding=rounding))
    means = meter(image, pooling="average", pool_size=3, pool_stride=2, rounding=rounding)
    assert_allclose(means.output, reference.average_pool(sums, 3, stride=2, rounding=rounding))
    assert_allclose(meter(image, global_average=True).output, reference.global_average_pool(sums))


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_circular_shift_is_numpys_roll_and_an_empty_one_brings_zeros(shift):
    assert_array_equal(meter(shift=shift).shifted_image, np.roll(IMAGE, shift, (0, 1)))
    framed = np.zeros((24, 24), int)
    framed[8 + shift[0] : 16 + shift[0], 8 + shift[1] : 16 + shift[1]] = IMAGE
    assert_array_equal(meter(shift=shift, entering="zeros").shifted_image, framed[8:16, 8:16])


@pytest.mark.parametrize("shift", SHIFTS)
def test_circular_borders_are_equivariant_for_every_shift(shift):
    demo = meter(padding="wrap", shift=shift)
    assert_array_equal(demo.shifted_output, np.roll(demo.output, shift, (0, 1)))
    assert_array_equal(demo.output_of_shifted, demo.shifted_output)
    assert demo.differing == (0, 64)


@pytest.mark.parametrize("changes", [{"stride": 2}, {"pooling": "max"}, {"pooling": "average"}])
def test_a_step_of_two_is_equivariant_for_even_shifts_only(changes):
    demo = meter(padding="wrap", **changes)
    for right in range(-8, 9):
        demo.shift = (4, right)
        assert (demo.differing[0] == 0) == (right % 2 == 0)


@pytest.mark.parametrize("entering", ["wrap", "zeros"])
def test_without_padding_only_what_both_define_is_compared_and_equal(entering):
    demo = meter(padding="valid", shift=(1, -2), entering=entering)
    known = ~np.isnan(demo.shifted_output)
    assert_array_equal(known.nonzero(), np.ones((6, 6), bool)[1:, :-2].nonzero() + np.array([[1], [0]]))
    assert demo.differing == (0, 20) and demo.largest_difference == 0
    assert_array_equal(np.isnan(demo.difference), ~known)


def test_a_global_average_after_circular_borders_is_invariant_and_zeros_break_it():
    demo = meter(padding="wrap", global_average=True, shift=(3, 5))
    assert demo.output.shape == () and demo.differing == (0, 1)
    demo.padding = "zeros"
    assert demo.differing == (1, 1)
    demo.padding, demo.entering = "wrap", "zeros"
    assert demo.largest_difference == abs(float(demo.output_of_shifted - demo.output)) > 0


def test_a_shift_that_leaves_nothing_to_compare_has_no_largest_difference():
    demo = meter(IMAGE[:, :3], padding="valid", shift=(0, 8))
    assert demo.differing == (0, 0) and np.isnan(demo.largest_difference)
    assert demo.describe().endswith("The shift leaves no output to compare.")


@pytest.mark.parametrize(
    ("pixels", "step", "outputs"),
    [(1, 2, 0), (3, 2, 1), (-3, 2, -1), (5, 3, 2), (4, 3, 1), (8, 1, 8), (0, 4, 0)],
)
def test_a_shift_of_the_output_is_the_nearest_whole_one(pixels, step, outputs):
    assert output_shift(pixels, step) == outputs


def test_shifts_leave_the_image_itself_alone():
    image = IMAGE.copy()
    shifted(image, (1, 1), "zeros")
    assert_array_equal(image, IMAGE)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"image": [1, 2]}, ShapeError, r"image must have 2 axes .*; got shape \(2,\)"),
        ({"image": np.zeros((129, 4))}, ShapeError, r"image must have at most 128 .*; got shape \(129, 4\)"),
        ({"kernel": np.ones((8, 1))}, ShapeError, r"kernel must have at most 7 .*; got shape \(8, 1\)"),
        ({"kernel": "sobel"}, ParameterError, "kernel must be an array or one of 'edge', .*; got 'sobel'"),
        ({"shift": 3}, ParameterError, r"shift must be \(pixels down, pixels right\); got 3"),
        ({"shift": (0, 9)}, ParameterError, r"shift\[1\] must be an integer from -8 to 8; got 9"),
        ({"shift": (0.5, 0)}, ParameterError, r"shift\[0\] must be an integer from -8 to 8; got 0.5"),
        ({"padding": "edge"}, ParameterError, "padding must be 'zeros' or 'wrap' or .*; got 'edge'"),
        ({"stride": 5}, ParameterError, "stride must be an integer from 1 to 4; got 5"),
        ({"pool_size": None}, ParameterError, "pool_size must be an integer from 1 to 4; got None"),
        ({"pooling": "min"}, ParameterError, "pooling must be 'none' or 'max' or 'average'; got 'min'"),
        ({"image": [[1, 2]], "padding": "valid"}, ShapeError, "axis 0: the kernel must fit inside"),
        ({"image": [[1, 2]], "pooling": "max"}, ShapeError, "axis 0: the kernel must fit inside"),
        ({"layers": 3}, ParameterError, "EquivarianceMeter has no parameter 'layers'"),
    ],
)
def test_a_wrong_value_is_refused_by_name_rule_and_value(changes, error, message):
    with pytest.raises(error, match=message):
        meter(**changes)


def test_a_window_that_no_longer_fits_is_kept_and_the_results_say_why():
    demo = meter(IMAGE[:2])
    demo.padding = "valid"  # no error: browser and Python must hold the same state
    for result in ("output", "shifted_output", "difference", "largest_difference", "differing"):
        with pytest.raises(ShapeError, match="must fit inside"):
            getattr(demo, result)
    assert "There is no output: axis 0" in demo.describe()
    demo.padding = "zeros"
    assert demo.output.shape == (2, 8)


@pytest.mark.parametrize("change", [{"shift": (1, 1)}, {"stride": 2}, {"kernel": [[2]]}, {"predict": False}])
def test_another_question_forgets_the_answer(change):
    demo = meter(predict=True)
    demo.answer = "no"
    for name, value in change.items():
        setattr(demo, name, value)
    assert demo.answer == ""


def test_what_the_browser_edits_arrives_as_an_array():
    demo = meter()
    kernel = memoryview(np.array([[0.0, 2.0]]).tobytes())
    demo.set_state({"kernel": {"shape": [1, 2], "whole": True, "data": kernel}, "shift": [0, -2]})
    assert demo.kernel.dtype == np.int64 and demo.shift == (0, -2)
    assert_array_equal(demo.output, 2 * IMAGE)


def test_a_change_of_the_conventions_is_followed():
    demo = meter()
    before = demo.output
    demo.conventions.operation = "convolution"
    assert_array_equal(demo.output, meter(kernel=KERNEL[::-1, ::-1]).output)
    assert not np.array_equal(demo.output, before)


def test_the_offered_images_are_sent_raw_and_the_lecturers_own_comes_first():
    demo = meter()
    sent = demo.get_state(["_examples"])["_examples"]
    assert next(iter(sent)) == "yours" and {"letter", "coin", "camera"} <= set(sent)
    for name, message in sent.items():
        values = np.frombuffer(message["data"], "<f8").reshape(message["shape"])
        assert_array_equal(values, demo._examples[name])
        assert max(values.shape) <= 64


def test_the_description_says_f_shift_and_result():
    words = meter(padding="wrap", stride=2, pooling="max", shift=(-4, 8)).describe()
    assert words == (
        "Equivariance meter: f is a 3 × 3 cross-correlation with circular borders, stride 2, "
        "then max pooling 2 with stride 2. "
        "The 8 × 8 image is shifted 4 up, 8 right; what leaves comes round. "
        "f(shift x) and shift f(x) differ in 0 of 4 outputs."
    )


def panels_of(demo: EquivarianceMeter) -> list[Axes]:
    """The panels of the picture where no widget runs."""
    figure = Figure(figsize=demo.picture_size)
    demo.draw_picture(figure)
    return figure.axes


def test_what_is_to_be_predicted_is_neither_told_nor_drawn_until_it_is_answered():
    demo = meter(predict=True)
    assert "is to be predicted" in demo.describe() and "differ in" not in demo.describe()
    hidden = [bool(axes.images) for axes in panels_of(demo)]
    assert hidden == [True, True, True, False, False]
    demo.answer = "yes"
    assert "differ in" in demo.describe()
    assert all(axes.images for axes in panels_of(demo))


@pytest.mark.parametrize(
    "changes", [{"padding": "valid"}, {"global_average": True}, {"pooling": "average", "stride": 2}]
)
def test_every_kind_of_f_has_a_picture_of_five_maps(changes):
    titles = [axes.get_title() for axes in panels_of(meter(**changes))]
    assert titles == ["x", "shift x", "shift f(x)", "f(shift x)", "difference"]


def test_a_picture_without_output_shows_the_images_alone():
    demo = meter(IMAGE[:2])
    demo.padding = "valid"
    assert [axes.get_title() for axes in panels_of(demo)] == ["x", "shift x"]


def test_the_picture_stands_beside_the_live_demo_with_its_description():
    demo = meter()
    data, _ = demo._repr_mimebundle_()
    assert html.escape(demo.describe()) in data["text/html"]
    assert imread(io.BytesIO(base64.b64decode(data["image/png"]))).shape == (280, 1000, 4)
