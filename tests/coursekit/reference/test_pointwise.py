"""The same matrix at every pixel: against a loop over the pixels, and against correlation with one tap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import correlate
from coursekit.reference.pointwise import conv1x1
from tests.coursekit.libraries import as_numpy, whole_numbers


@pytest.mark.parametrize("spatial", [(7,), (3, 5), (2, 3, 4)])
def test_every_pixel_is_multiplied_by_the_matrix(xp: Any, spatial: tuple[int, ...]) -> None:
    images, weight, bias = whole_numbers((2, 3, *spatial)), whole_numbers((4, 3), 1), whole_numbers((4,), 2)
    expected = np.zeros((2, 4, *spatial), np.int64)
    for n, *pixel in np.ndindex(2, *spatial):
        expected[(n, slice(None), *pixel)] = weight @ images[(n, slice(None), *pixel)] + bias
    arrays = [xp.asarray(weight), xp.asarray(bias)]
    out = conv1x1(xp.asarray(images), *arrays, axes=len(spatial))
    assert_array_equal(as_numpy(out), expected)
    assert_array_equal(as_numpy(conv1x1(xp.asarray(images[0]), *arrays, axes=len(spatial))), expected[0])


@pytest.mark.parametrize("spatial", [(7,), (3, 5), (2, 3, 4)])
def test_it_is_correlation_with_a_kernel_of_one_tap(spatial: tuple[int, ...]) -> None:
    axes = len(spatial)
    image, kernel, bias = (
        whole_numbers((3, *spatial)),
        whole_numbers((4, 3, *[1] * axes), 1),
        whole_numbers((4,), 2),
    )
    expected = correlate(image, kernel, bias)
    assert_array_equal(conv1x1(image, kernel, bias, axes=axes), expected)
    assert_array_equal(conv1x1(image, kernel.reshape(4, 3), bias, axes=axes), expected)
    assert_array_equal(conv1x1(image, kernel, axes=axes), correlate(image, kernel))


def test_two_spatial_axes_are_the_default() -> None:
    image = whole_numbers((3, 4, 5))
    assert_array_equal(conv1x1(image, np.eye(3, dtype=int)), image)
    assert conv1x1(image[None], np.ones((6, 3), int)).shape == (1, 6, 4, 5)


def test_an_empty_batch_works_and_eight_bits_do_not_overflow(xp: Any) -> None:
    assert conv1x1(xp.zeros((0, 3, 4, 5)), xp.ones((2, 3))).shape == (0, 2, 4, 5)
    white = xp.full((3, 1, 1), 255, dtype=xp.uint8)
    out = conv1x1(white, xp.full((1, 3), 255, dtype=xp.uint8))
    assert out.dtype == xp.int64
    assert as_numpy(out).tolist() == [[[3 * 255**2]]]


@pytest.mark.parametrize(
    ("image_dtype", "bias_dtype", "dtype"),
    [
        (np.float16, np.float16, np.float16),
        (np.float32, np.float32, np.float32),
        (np.int8, np.float64, np.float64),
    ],
)
def test_the_dtype_of_the_result_is_that_of_correlation(
    image_dtype: Any, bias_dtype: Any, dtype: Any
) -> None:
    out = conv1x1(np.ones((2, 3, 3), image_dtype), np.ones((4, 2), image_dtype), np.full(4, 0.5, bias_dtype))
    assert out.dtype == dtype
    assert_array_equal(out, np.full((4, 3, 3), 2.5))


def test_the_inputs_are_never_modified_nor_returned() -> None:
    image, weight = whole_numbers((1, 3, 4)), np.ones((1, 1), np.int64)
    before = image.copy()
    image.flags.writeable = weight.flags.writeable = False
    assert not np.shares_memory(conv1x1(image, weight, [0]), image)
    assert_array_equal(image, before)


@pytest.mark.parametrize(
    ("image", "weight", "parameters", "error", "message"),
    [
        (
            np.ones((3, 4, 4)),
            np.ones((2, 4)),
            {},
            ShapeError,
            r"weight must have one column per channel of image \(3\); got shape \(2, 4\)",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((2, 3, 3, 3)),
            {},
            ShapeError,
            r"weight must be \(F, C\) or \(F, C, 1, 1\) for 2 spatial axes; got shape \(2, 3, 3, 3\)",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((2, 3, 1)),
            {},
            ShapeError,
            r"\(F, C, 1, 1\) for 2 .* got shape \(2, 3, 1\)",
        ),
        (np.ones((3, 4, 4)), np.ones(3), {}, ShapeError, r"weight must be \(F, C\) .* got shape \(3,\)"),
        (
            np.ones((3, 4)),
            np.ones((2, 3)),
            {},
            ShapeError,
            r"image must be .* with 2 spatial axes; got shape \(3, 4\); for another number give axes",
        ),
        (
            np.ones((3, 0, 4)),
            np.ones((2, 3)),
            {},
            ShapeError,
            r"image must not be empty; got shape \(3, 0, 4\)",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((0, 3)),
            {},
            ShapeError,
            r"weight must not be empty; got shape \(0, 3\)",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((2, 3)),
            {"axes": 2.0},
            ParameterError,
            "axes must be an integer >= 1; got 2.0",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((2, 3)),
            {"axes": 4},
            ParameterError,
            "axes must be 1, 2 or 3, .* got 4",
        ),
        (
            np.ones((3, 4, 4)),
            np.ones((2, 3)),
            {"bias": [1]},
            ShapeError,
            r"bias must have one number per kernel",
        ),
        (np.ones((3, 4, 4)), [["a"]], {}, ParameterError, "weight must hold real numbers"),
    ],
)
def test_wrong_arguments_are_refused(
    image: Any, weight: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        conv1x1(image, weight, **parameters)
