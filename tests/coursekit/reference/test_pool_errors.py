"""What pooling refuses, and in which words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.average_pool import average_pool
from coursekit.reference.max_pool import max_pool, max_pool_with_positions
from coursekit.reference.pool_gradients import average_pool_gradient, max_pool_gradient

PARAMETERS: list[tuple[dict[str, Any], type[CourseError], str]] = [
    ({"size": 0}, ParameterError, "size must be an integer >= 1; got 0"),
    ({"size": 1.5}, ParameterError, "size must be an integer >= 1; got 1.5"),
    ({"size": True}, ParameterError, "size must be an integer >= 1; got True"),
    ({"size": (2, 0)}, ParameterError, "size[1] must be an integer >= 1; got 0"),
    ({"size": ()}, ParameterError, "size must be an integer, or one integer per spatial axis; got ()"),
    ({"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
    (
        {"stride": (1, 2, 3)},
        ParameterError,
        "stride must be an integer or one integer per axis (2); got (1, 2, 3)",
    ),
    ({"padding": -1}, ParameterError, "padding must be an integer >= 0; got -1"),
    (
        {"padding": 2},
        ParameterError,
        "padding must be at most half the window, 3 // 2 = 1 on axis 0; got 2",
    ),
    (
        {"padding": (1, (0, 2))},
        ParameterError,
        "padding must be at most half the window, 3 // 2 = 1 on axis 1; got (1, (0, 2))",
    ),
    ({"rounding": "up"}, ParameterError, "rounding must be 'floor' or 'ceil'; got 'up'"),
    (
        {"size": (3, 8)},
        ShapeError,
        (
            "size must fit inside the padded image; on axis 1 the window spans 1 * (8 - 1) + 1 = 8, "
            "the image has 5 + 0 + 0 = 5"
        ),
    ),
]
IMAGES: list[tuple[Any, Any, type[CourseError], str]] = [
    (np.float64(1), 2, ShapeError, "image must have at least 1 axis for size 2; got shape ()"),
    (np.ones(4), (2, 2), ShapeError, "image must have at least 2 axes for size (2, 2); got shape (4,)"),
    (
        np.ones((2, 0, 3)),
        2,
        ShapeError,
        "image must have at least one pixel along each spatial axis; got shape (2, 0, 3)",
    ),
    ([[1], [2, 3]], 1, ShapeError, "image must be an array: rows of one length, numbers only"),
    (np.ones((3, 3), bool), 2, ParameterError, "image must hold real numbers (integers or floats)"),
    (np.ones((3, 3)) * 1j, 2, ParameterError, "got dtype complex128"),
    (np.ma.masked_less(np.ones((3, 3)), 0), 2, ParameterError, "image must not be masked"),
]
POOLS = pytest.mark.parametrize("pool", [max_pool, max_pool_with_positions, average_pool])


@POOLS
@pytest.mark.parametrize(("parameters", "error", "message"), PARAMETERS)
def test_wrong_parameters_are_refused_with_rule_and_value(
    pool: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        pool(np.ones((2, 6, 5)), **{"size": 3, **parameters})


@pytest.mark.parametrize(("parameters", "error", "message"), PARAMETERS)
def test_the_gradients_refuse_the_same_parameters(
    parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    given = {"size": 3, **parameters}
    with pytest.raises(error, match=re.escape(message)):
        max_pool_gradient(np.ones((2, 2, 1)), np.ones((2, 6, 5)), **given)
    with pytest.raises(error, match=re.escape(message)):
        average_pool_gradient(np.ones((2, 2, 1)), (6, 5), **given)


@POOLS
@pytest.mark.parametrize(("image", "size", "error", "message"), IMAGES)
def test_wrong_images_are_refused_with_their_shape(
    pool: Any, image: Any, size: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        pool(image, size)
    if pool is max_pool:
        with pytest.raises(error, match=re.escape(message)):
            max_pool_gradient(np.ones(1), image, size)


def test_max_pooling_refuses_a_wrong_dilation() -> None:
    with pytest.raises(ParameterError, match=re.escape("dilation must be an integer >= 1; got 0")):
        max_pool(np.ones((6, 5)), 3, dilation=0)


def test_a_dilated_window_may_start_in_the_padding_where_it_sees_a_pixel() -> None:
    # Taps 4 apart and a padding of 2: the first window sees the last pixel alone, the second the first.
    assert max_pool([7, 8, 9], 2, padding=2, dilation=4).tolist() == [9, 7]


def test_a_window_that_steps_over_the_whole_image_is_refused() -> None:
    message = (
        "every window must see a pixel; on axis 1 the taps of a window with dilation 4 and padding (2, 2) "
        "step over all 1 pixels"
    )
    with pytest.raises(ShapeError, match=re.escape(message)):
        max_pool(np.ones((6, 1)), (1, 2), padding=(0, 2), dilation=(1, 4))


@pytest.mark.parametrize("ties", ["last", None, "FIRST"])
def test_unknown_tie_rules_are_refused(ties: Any) -> None:
    with pytest.raises(ParameterError, match=f"ties must be 'first' or 'all'; got {ties!r}"):
        max_pool_gradient(np.ones(2), np.ones(4), 2, ties=ties)


@pytest.mark.parametrize("shape", [(2,), (2, 3, 2), (3, 3, 2), (2, 1, 2), ()])
def test_a_gradient_of_another_shape_than_the_output_is_refused(shape: tuple[int, ...]) -> None:
    message = f"gradient must have the shape of the result, (2, 3, 3); got shape {shape}"
    with pytest.raises(ShapeError, match=re.escape(message)):
        max_pool_gradient(np.ones(shape), np.ones((2, 6, 6)), 2)


@pytest.mark.parametrize(
    ("shape", "wanted"), [((2, 3), (3, 3)), ((4, 3, 2), (4, 3, 3)), ((3,), (3, 3)), ((), (3, 3))]
)
def test_a_gradient_without_one_number_per_window_is_refused(
    shape: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    message = f"gradient must have the shape of the result, {wanted}; got shape {shape}"
    with pytest.raises(ShapeError, match=re.escape(message)):
        average_pool_gradient(np.ones(shape), (6, 6), 2)


@pytest.mark.parametrize(
    ("spatial_shape", "size", "message"),
    [
        (6, 2, "spatial_shape must have one integer per spatial axis, (H, W); got 6"),
        ((), 2, "spatial_shape must have one integer per spatial axis, (H, W); got ()"),
        ((6, 0), 2, "spatial_shape[1] must be an integer >= 1; got 0"),
        ((6, 6), (2,), "size must be an integer or one integer per axis (2); got (2,)"),
    ],
)
def test_a_wrong_spatial_shape_is_refused(spatial_shape: Any, size: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        average_pool_gradient(np.ones((3, 3)), spatial_shape, size)


@pytest.mark.parametrize("gradient", [np.ones((3, 3), bool), np.ones((3, 3)) * 1j])
def test_gradients_that_are_not_real_are_refused(gradient: Any) -> None:
    message = "gradient must hold real numbers"
    with pytest.raises(ParameterError, match=message):
        max_pool_gradient(gradient, np.ones((6, 6)), 2)
    with pytest.raises(ParameterError, match=message):
        average_pool_gradient(gradient, (6, 6), 2)
