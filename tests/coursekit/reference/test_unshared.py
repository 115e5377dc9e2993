"""A kernel for each position: against the definition, summed one product at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import correlate
from coursekit.reference.unshared import unshared
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

GEOMETRIES: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any], tuple[int, ...]]] = [
    ((7,), (3,), {}, (5,)),
    ((7,), (2,), {"stride": 2, "padding": 1, "dilation": 2}, (4,)),
    ((4, 5), (2, 3), {}, (3, 3)),
    ((5, 6), (3, 2), {"stride": (2, 3), "padding": (1, 0)}, (3, 2)),
    ((3, 4), (2, 2), {"mode": "same"}, (3, 4)),
    ((2, 3), (2, 2), {"mode": "full"}, (3, 4)),
    ((3, 2, 4), (2, 1, 3), {}, (2, 2, 2)),
]


def by_definition(
    image: Array, kernels: Array, bias: Array, positions: tuple[int, ...], **parameters: Any
) -> Array:
    """At each position correlate with its kernel everywhere, and keep that position alone."""
    out = np.zeros((kernels.shape[len(positions)], *positions), np.int64)
    for position in np.ndindex(*positions):
        everywhere = correlate(image, kernels[position], **parameters)
        out[(slice(None), *position)] = everywhere[(slice(None), *position)] + bias[position]
    return out


@pytest.mark.parametrize(("spatial", "taps", "parameters", "positions"), GEOMETRIES)
def test_each_position_meets_its_own_kernel(
    xp: Any,
    spatial: tuple[int, ...],
    taps: tuple[int, ...],
    parameters: dict[str, Any],
    positions: tuple[int, ...],
) -> None:
    images, kernels = whole_numbers((2, 3, *spatial)), whole_numbers((*positions, 4, 3, *taps), 1)
    bias = whole_numbers((*positions, 4), 2)
    expected = np.array([by_definition(image, kernels, bias, positions, **parameters) for image in images])
    out = unshared(xp.asarray(images), xp.asarray(kernels), xp.asarray(bias), **parameters)
    assert_array_equal(as_numpy(out), expected)


@pytest.mark.parametrize(("spatial", "taps", "parameters", "positions"), GEOMETRIES)
def test_where_all_kernels_are_equal_it_is_correlation(
    spatial: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any], positions: tuple[int, ...]
) -> None:
    images, kernel, bias = (
        whole_numbers((2, 3, *spatial)),
        whole_numbers((4, 3, *taps), 1),
        whole_numbers((4,), 2),
    )
    kernels = np.broadcast_to(kernel, (*positions, *kernel.shape))
    assert_array_equal(
        unshared(images, kernels, bias, **parameters), correlate(images, kernel, bias, **parameters)
    )
    if len(positions) > 1:
        assert_array_equal(
            unshared(images[1], kernels, **parameters), correlate(images[1], kernel, **parameters)
        )


@given(st.data())
def test_plain_images_are_summed_one_product_at_a_time(data: st.DataObject) -> None:
    axes = data.draw(st.sampled_from([1, 2]))
    sizes = st.tuples(*[st.integers(1, 4)] * axes)
    positions, taps, stride = data.draw(sizes), data.draw(sizes), data.draw(sizes)
    shape = tuple((o - 1) * s + k for o, s, k in zip(positions, stride, taps, strict=True))
    image, kernels = whole_numbers(shape), whole_numbers((*positions, *taps), 1)
    bias = whole_numbers(positions, 2)
    out = unshared(image, kernels, bias, stride=stride)
    assert out.shape == positions
    for position in np.ndindex(*positions):
        total = bias[position]
        for tap in np.ndindex(*taps):
            pixel = tuple(i * s + u for i, s, u in zip(position, stride, tap, strict=True))
            total += image[pixel] * kernels[(*position, *tap)]
        assert out[position] == total


def test_a_plain_image_may_have_one_bias_for_all_positions() -> None:
    assert unshared([1, 2, 3], [[1, 10], [2, 20]], 5).tolist() == [26, 69]
    assert unshared([1, 2, 3], [[1, 10], [2, 20]], [5, 6]).tolist() == [26, 70]


def test_an_empty_batch_works_and_eight_bits_do_not_overflow(xp: Any) -> None:
    assert unshared(xp.zeros((0, 2, 3, 3)), xp.ones((2, 2, 4, 2, 2, 2))).shape == (0, 4, 2, 2)
    white = xp.full((2, 2), 255, dtype=xp.uint8)
    out = unshared(white, xp.full((1, 1, 2, 2), 255, dtype=xp.uint8))
    assert out.dtype == xp.int64
    assert as_numpy(out).tolist() == [[4 * 255**2]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_dtype(dtype: Any) -> None:
    out = unshared(np.ones((2, 3), dtype), np.ones((1, 2, 2, 2), dtype), np.full((1, 2), 0.5, dtype))
    assert out.dtype == dtype
    assert out.tolist() == [[4.5, 4.5]]


@pytest.mark.parametrize("real", [0, 1, 2], ids=["image", "kernels", "bias"])
def test_one_array_of_floats_makes_the_result_float(real: int) -> None:
    shapes = [(2, 3, 4), (2, 3, 2, 2, 2, 2), (2, 3, 2)]
    numbers = [whole_numbers(shape, seed) for seed, shape in enumerate(shapes)]
    arrays = [each.astype(np.float32 if i == real else np.int8) for i, each in enumerate(numbers)]
    out = unshared(*arrays)
    assert out.dtype == np.float32
    assert_array_equal(out, unshared(*numbers))


def test_the_inputs_are_never_modified_nor_returned() -> None:
    image, kernels = whole_numbers((3, 4)), np.ones((3, 4, 1, 1), np.int64)
    before = image.copy()
    image.flags.writeable = kernels.flags.writeable = False
    assert not np.shares_memory(unshared(image, kernels), image)
    assert_array_equal(image, before)
    assert_array_equal(kernels, np.ones((3, 4, 1, 1)))


IMAGE, KERNELS = np.ones((3, 4, 5)), np.ones((3, 4, 6, 3, 2, 2))


@pytest.mark.parametrize(
    ("image", "kernels", "parameters", "error", "message"),
    [
        (
            IMAGE,
            KERNELS[:2],
            {},
            ShapeError,
            r"kernels must have one kernel per output position, \(3, 4\) on its first axes; got \(2, 4\)",
        ),
        (
            IMAGE,
            KERNELS[:, :, :, :2],
            {},
            ShapeError,
            r"kernels must have as many channels as image \(3\) on axis 3; got shape \(3, 4, 6, 2, 2, 2\)",
        ),
        (
            IMAGE[0],
            KERNELS,
            {},
            ShapeError,
            r"image must be .* with 2 spatial axes for kernels of shape .*; got shape \(4, 5\)",
        ),
        (
            IMAGE,
            np.ones((2, 2, 3)),
            {},
            ShapeError,
            r"kernels must be \(\*cells, F, C, \*taps\), .* got shape",
        ),
        (IMAGE[0, 0], np.ones((2, 2, 1)), {}, ShapeError, r"for an image of shape \(5,\)"),
        (IMAGE, KERNELS[:, :, :0], {}, ShapeError, r"kernels must not be empty"),
        (IMAGE[:, :0], KERNELS, {}, ShapeError, r"image must not be empty; got shape \(3, 0, 5\)"),
        (
            IMAGE,
            KERNELS,
            {"bias": np.ones((3, 4))},
            ShapeError,
            r"bias must have shape \(6,\), .* or \(3, 4, 6\), one for each kernel; got shape \(3, 4\)",
        ),
        (
            IMAGE[0],
            np.ones((3, 4, 2, 2)),
            {"bias": [1]},
            ShapeError,
            r"bias must have shape \(\), .* \(3, 4\)",
        ),
        (IMAGE, KERNELS, {"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        (IMAGE, KERNELS > 0, {}, ParameterError, "kernels must hold real numbers"),
        (IMAGE, KERNELS, {"bias": "a"}, ParameterError, "bias must hold real numbers"),
    ],
)
def test_wrong_arguments_are_refused(
    image: Any, kernels: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        unshared(image, kernels, **parameters)
