"""The kernel playground's state in Python: what it takes, keeps, computes and refuses."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from skimage.feature import match_template

from coursekit import data
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference import convolve, correlate
from coursekit.widgets.conventions_switch.conventions_switch import Conventions
from coursekit.widgets.kernel_playground.kernel_playground import KernelPlayground
from coursekit.widgets.kernel_playground.pictures import LONGEST_SIDE
from coursekit.widgets.kernel_playground.presets import NAMES, preset
from coursekit.widgets.kernel_playground.responses import NORMALISE, PADDINGS
from coursekit.widgets.shared.traits import LARGEST_ARRAY

IMAGE = np.array([[2, -1, 3, 5, 8], [4, 7, -2, 1, -6], [6, -3, 8, 9, 2], [-5, 1, 4, -7, 3]])
KERNEL = np.array([[5, -2], [3, 1], [-4, 7]])


def notes(demo: KernelPlayground) -> dict[str, str]:
    """What was done to each picture, by name."""
    return {one.name: one.note for one in demo._pictures}


def test_without_arguments_it_shows_a_photograph_of_the_course_and_the_lectures_relief():
    demo = KernelPlayground()
    assert_array_equal(demo.image, data.coins())
    assert_array_equal(demo.kernel, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
    assert list(notes(demo)) == ["coins", "photograph", "page"]
    assert_array_equal(demo.response, correlate(data.coins(), demo.kernel, mode="same"))


def test_both_responses_are_the_references():
    demo = KernelPlayground(IMAGE, KERNEL, padding="valid")
    assert_array_equal(demo.response, correlate(IMAGE, KERNEL))
    assert_array_equal(demo.flipped_response, convolve(IMAGE, KERNEL))
    assert demo.response.dtype == np.int64
    demo.padding = "zeros"
    assert_array_equal(demo.response, correlate(IMAGE, KERNEL, mode="same"))


@pytest.mark.parametrize("padding", [name for name in PADDINGS if name != "valid"])
@pytest.mark.parametrize("taps", [(1, 1), (3, 2), (2, 5), (4, 4), (9, 7)])
def test_every_padding_gives_each_pixel_a_window(padding, taps):
    kernel = np.arange(1, taps[0] * taps[1] + 1).reshape(taps)
    demo = KernelPlayground(IMAGE, kernel, padding=padding)
    around = [(size // 2, (size - 1) // 2) for size in taps]
    widened = np.pad(IMAGE, around, {"zeros": "constant"}.get(padding, padding))
    assert demo.response.shape == IMAGE.shape
    assert_array_equal(demo.response, correlate(widened, kernel))
    assert_array_equal(demo.flipped_response, convolve(widened, kernel))


@pytest.mark.parametrize("padding", ["valid", "zeros", "reflect", "edge"])
def test_the_normalised_response_is_scikit_images_template_match(padding):
    rng = np.random.default_rng(4)
    image, kernel = rng.random((21, 17)), rng.random((5, 3))
    demo = KernelPlayground(image, kernel, padding=padding, normalise="normalised")
    if padding == "valid":
        expected = match_template(image, kernel)
    else:
        mode = {"zeros": "constant"}.get(padding, padding)
        expected = match_template(image, kernel, pad_input=True, mode=mode)
    assert_allclose(demo.response, expected, atol=1e-9)
    assert np.abs(demo.response).max() <= 1 + 1e-9


def test_zero_mean_takes_the_mean_off_the_kernel():
    demo = KernelPlayground(IMAGE, KERNEL, padding="valid", normalise="zero mean")
    assert_allclose(demo.response, correlate(IMAGE, KERNEL - KERNEL.mean()), atol=1e-12)
    brighter = KernelPlayground(IMAGE + 50, KERNEL, padding="valid", normalise="zero mean")
    assert_allclose(brighter.response, demo.response, atol=1e-12)


@pytest.mark.parametrize(("image", "kernel"), [(np.full((4, 5), 0.7), KERNEL), (IMAGE, np.full((3, 3), 0.1))])
def test_what_has_one_grey_value_scores_zero(image, kernel):
    demo = KernelPlayground(image, kernel, padding="edge", normalise="normalised")
    assert not demo.response.any()
    assert demo.found == []


def test_the_word_cut_out_of_the_page_is_found_where_it_stands_as_in_the_lecture():
    demo = KernelPlayground(picture="page", padding="valid", peaks=3)
    demo.cut(68, 133, 12, 55)
    assert demo.cut_from == [68, 133]
    assert_array_equal(demo.kernel, data.page()[68:80, 133:188])
    raw = correlate(data.page(), demo.kernel)
    assert demo.found[0] == np.unravel_index(raw.argmax(), raw.shape) != (68, 133)
    demo.normalise = "normalised"
    assert demo.found[0] == (68, 133)
    assert demo.response.max() == pytest.approx(1)
    assert len(demo.found) == 3


def test_peaks_lie_a_kernel_apart_and_come_highest_first():
    rng = np.random.default_rng(7)
    demo = KernelPlayground(rng.random((60, 70)), np.ones((5, 3)), peaks=9)
    found = demo.found
    heights = [demo.response[place] for place in found]
    assert len(found) == 9
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == demo.response.max()
    for rank, (row, column) in enumerate(found):
        assert demo.response[row, column] == demo.response[row - 1 : row + 2, column - 1 : column + 2].max()
        assert all(abs(row - y) >= 5 or abs(column - x) >= 3 for y, x in found[:rank])


def test_the_conventions_say_whose_peaks_are_marked():
    conventions = Conventions()
    demo = KernelPlayground(IMAGE, KERNEL, padding="valid", peaks=1, conventions=conventions)
    response, flipped = demo.response, demo.flipped_response
    assert demo.found == [np.unravel_index(response.argmax(), response.shape)]
    conventions.operation = "convolution"
    assert demo.found == [np.unravel_index(flipped.argmax(), flipped.shape)]
    assert_array_equal(demo.response, response)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_can_be_named(name):
    assert_array_equal(KernelPlayground(IMAGE, name).kernel, preset(name))


@pytest.mark.parametrize("name", ["box blur", "Gaussian blur"])
def test_blurs_have_any_size_and_keep_the_brightness(name):
    kernel = preset(name, (3, 6))
    assert kernel.shape == (3, 6)
    assert kernel.sum() == pytest.approx(1)
    demo = KernelPlayground(np.full((5, 6), 0.4), kernel, padding="edge")
    assert_allclose(demo.response, 0.4)


def test_colour_becomes_grey_with_either_order_of_channels_and_a_note():
    rng = np.random.default_rng(2)
    colour = rng.integers(0, 256, (6, 9, 3), dtype=np.uint8)
    grey = colour / 255 @ [0.2126, 0.7152, 0.0722]
    for image in (colour, np.moveaxis(colour, 2, 0), np.dstack([colour, np.full((6, 9), 255, np.uint8)])):
        demo = KernelPlayground(image)
        assert demo.image.shape == (6, 9)
        assert_allclose(demo.image, grey, atol=0.5 / 255 + 1e-9)  # sent as bytes again
        assert notes(demo)["your image"] == "colour turned into grey"


def test_a_large_photograph_is_averaged_down_with_a_note():
    demo = KernelPlayground(np.arange(1000.0)[:, None] + np.zeros((1000, 800)))
    assert demo.image.shape == (333, 266)
    assert max(demo.image.shape) <= LONGEST_SIDE
    assert_allclose(demo.image[:, 0], np.arange(333) * 3 + 1)
    assert notes(demo)["your image"] == "averaged from 1000 × 800 down to 333 × 266 pixels"


def test_a_photograph_larger_than_any_array_that_is_sent_is_taken_too():
    assert KernelPlayground(np.zeros((2000, LARGEST_ARRAY // 1000))).image.size < LARGEST_ARRAY


def test_the_browser_is_sent_bytes_where_they_lose_nothing_and_numbers_elsewhere():
    fractions = np.array([[0.1234567, 3.0]])
    demo = KernelPlayground(fractions, images={"my cat": np.array([[0, 128], [255, 7]], np.uint8)})
    sent = {one["name"]: one for one in demo.get_state()["_pictures"]}
    assert sent["my cat"]["bytes"]
    assert bytes(sent["my cat"]["data"]) == bytes([0, 128, 255, 7])
    assert not sent["your image"]["bytes"]
    assert_array_equal(np.frombuffer(sent["your image"]["data"]), fractions.ravel())
    assert sent["coins"]["bytes"]


def test_the_lecturers_own_pictures_come_first_and_can_be_chosen_by_name():
    demo = KernelPlayground(images={"my cat": np.eye(3), "page": np.ones((2, 2))})
    assert list(notes(demo)) == ["my cat", "page", "coins", "photograph"]
    assert demo.picture == "my cat"
    demo.picture = "page"
    assert_array_equal(demo.image, np.ones((2, 2)))
    with pytest.raises(ParameterError, match=r"picture must be one of 'my cat', .*; got 'dog'"):
        demo.picture = "dog"


def test_an_image_can_be_set_while_the_demo_is_shown():
    demo = KernelPlayground(IMAGE, KERNEL, padding="valid")
    demo.cut(0, 0, 2, 2)
    demo.image = IMAGE.T
    assert_array_equal(demo.image, IMAGE.T)
    assert demo.cut_from == []
    assert demo.picture == "your image"
    assert_array_equal(demo.response, correlate(IMAGE.T, IMAGE[:2, :2]))


def test_a_kernel_that_was_changed_is_no_longer_the_part_that_was_cut_out():
    demo = KernelPlayground(IMAGE)
    demo.cut(1, 2, 2, 3)
    demo.padding = "wrap"
    assert demo.cut_from == [1, 2]
    demo.kernel = KERNEL
    assert demo.cut_from == []


def test_the_browsers_changes_arrive_together():
    demo = KernelPlayground(IMAGE)
    part = IMAGE[1:3, 1:4]
    message = {"shape": [2, 3], "whole": True, "data": memoryview(part.astype("<f8").tobytes())}
    demo.set_state({"kernel": message, "cut_from": [1, 1]})
    assert_array_equal(demo.kernel, part)
    assert demo.kernel.dtype == np.int64
    assert demo.cut_from == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"image": [1, 2, 3]}, ShapeError, r"your image must have 2 axes .*; got shape \(3,\)"),
        (
            {"image": np.ones((2, 5, 5))},
            ShapeError,
            r"must have shape \(H, W\), or in colour .*; got .*2, 5, 5",
        ),
        ({"image": [[1, np.nan]]}, ParameterError, "your image must hold numbers that are finite"),
        ({"image": [["a"]]}, ParameterError, "your image must hold real numbers; got dtype <U1"),
        ({"image": [[1, 2], [3]]}, ShapeError, "your image must have rows of one length"),
        ({"images": [np.eye(2)]}, ParameterError, "images must be a dict of names to arrays; got list"),
        ({"images": {"": np.eye(2)}}, ParameterError, "images must have names that are text; got ''"),
        ({"images": {"my cat": [[]]}}, ShapeError, "my cat must have 2 axes .* at least one value"),
        (
            {"kernel": "blurr"},
            ParameterError,
            "kernel must be an array or one of 'identity', .*; got 'blurr'",
        ),
        (
            {"kernel": np.ones((65, 1))},
            ShapeError,
            r"kernel must have at most 64 × 64 .*; got shape \(65, 1\)",
        ),
        ({"kernel": [1, 2]}, ShapeError, "kernel must have 2 axes"),
        ({"padding": "same"}, ParameterError, "padding must be 'zeros' or 'valid' or .*; got 'same'"),
        ({"normalise": True}, ParameterError, "normalise must be 'none' or .*; got True"),
        ({"peaks": 10}, ParameterError, "peaks must be an integer from 0 to 9; got 10"),
        ({"peaks": 2.5}, ParameterError, "peaks must be an integer from 0 to 9; got 2.5"),
        ({"stride": 2}, ParameterError, "KernelPlayground has no parameter 'stride'"),
    ],
)
def test_a_wrong_argument_is_named_with_its_rule_and_value(arguments, error, message):
    with pytest.raises(error, match=message):
        KernelPlayground(**arguments)


@pytest.mark.parametrize("part", [(-1, 0, 2, 2), (3, 0, 2, 2), (0, 0, 0, 2), (0, 4, 1, 2)])
def test_a_part_outside_the_picture_cannot_be_cut_out(part):
    with pytest.raises(ShapeError, match="the part must lie inside the picture, 4 × 5"):
        KernelPlayground(IMAGE).cut(*part)


def test_a_kernel_that_does_not_fit_is_shown_and_only_the_response_raises():
    demo = KernelPlayground(IMAGE, np.ones((5, 2)), padding="valid")
    with pytest.raises(ShapeError, match="kernel must fit inside the image"):
        _ = demo.response
    assert "image/png" in demo._repr_mimebundle_()[0]
    demo.padding = "zeros"
    assert demo.response.shape == (4, 5)


def test_the_place_stays_inside_the_picture_and_starts_in_its_middle():
    demo = KernelPlayground(IMAGE)
    assert demo.position == (2, 2)
    demo.position = (100, 1)
    assert demo.position == (3, 1)


@pytest.mark.parametrize("normalise", NORMALISE)
def test_where_no_widget_runs_there_is_a_picture_that_says_what_it_shows(normalise):
    demo = KernelPlayground(IMAGE, KERNEL, padding="valid", normalise=normalise, peaks=1)
    bundle = demo._repr_mimebundle_()[0]
    row, column = demo.found[0]
    assert f"Highest peaks of the cross-correlation: row {row} column {column}." in bundle["text/html"]
    assert "4 × 5 pixels" in bundle["text/html"]
    assert "kernel, as it is (cross-correlation) and flipped (convolution)" in bundle["text/html"]
