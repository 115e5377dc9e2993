"""Kernels that take turns: against the definition, and between shared and unshared convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import correlate
from coursekit.reference.tiled import tiled
from coursekit.reference.unshared import unshared
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

GEOMETRIES: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((9,), (3,), {}),
    ((8,), (2,), {"stride": 2, "padding": 1, "dilation": 2}),
    ((5, 6), (2, 3), {}),
    ((7, 6), (3, 2), {"stride": (2, 3), "padding": ((1, 0), (0, 2))}),
    ((5, 4), (2, 2), {"mode": "same"}),
    ((4, 3), (3, 2), {"mode": "full", "stride": 2}),
    ((4, 3, 5), (2, 1, 3), {}),
]


def by_definition(image: Array, kernels: Array, bias: Array, axes: int, **parameters: Any) -> Array:
    """Correlate with every kernel everywhere, and pick at each position the one whose turn it is."""
    tile = kernels.shape[:axes]
    everywhere = {cell: correlate(image, kernels[cell], **parameters) for cell in np.ndindex(*tile)}
    out = np.zeros_like(everywhere[(0,) * axes])
    for position in np.ndindex(*out.shape[-axes:]):
        turn = tuple(i % t for i, t in zip(position, tile, strict=True))
        out[(..., *position)] = everywhere[turn][(..., *position)] + bias[turn]
    return out


@pytest.mark.parametrize("turns", [(1, 1, 1), (2, 2, 2), (3, 2, 1), (2, 9, 2)], ids=str)
@pytest.mark.parametrize(("spatial", "taps", "parameters"), GEOMETRIES)
def test_at_each_position_the_kernel_whose_turn_it_is_is_used(
    xp: Any,
    spatial: tuple[int, ...],
    taps: tuple[int, ...],
    parameters: dict[str, Any],
    turns: tuple[int, ...],
) -> None:
    axes = len(spatial)
    tile = turns[:axes]
    images, kernels = whole_numbers((2, 3, *spatial)), whole_numbers((*tile, 4, 3, *taps), 1)
    bias = whole_numbers((*tile, 4), 2)
    expected = by_definition(images, kernels, bias, axes, **parameters)
    out = tiled(xp.asarray(images), xp.asarray(kernels), xp.asarray(bias), **parameters)
    assert_array_equal(as_numpy(out), expected)


@pytest.mark.parametrize(("spatial", "taps", "parameters"), GEOMETRIES)
def test_a_tile_of_one_kernel_is_correlation(
    spatial: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any]
) -> None:
    images, kernel, bias = (
        whole_numbers((2, 3, *spatial)),
        whole_numbers((4, 3, *taps), 1),
        whole_numbers((4,), 2),
    )
    kernels = kernel[(None,) * len(spatial)]
    assert_array_equal(
        tiled(images, kernels, bias, **parameters), correlate(images, kernel, bias, **parameters)
    )


@pytest.mark.parametrize(("spatial", "taps", "parameters"), GEOMETRIES)
def test_a_tile_as_large_as_the_output_is_unshared_convolution(
    spatial: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any]
) -> None:
    images = whole_numbers((2, 3, *spatial))
    positions = correlate(images, np.ones((1, 3, *taps), int), **parameters).shape[2:]
    kernels, bias = whole_numbers((*positions, 4, 3, *taps), 1), whole_numbers((*positions, 4), 2)
    assert_array_equal(
        tiled(images, kernels, bias, **parameters), unshared(images, kernels, bias, **parameters)
    )


@given(st.data())
def test_plain_images_are_tiled_too(data: st.DataObject) -> None:
    axes = data.draw(st.sampled_from([1, 2]))
    sizes = st.tuples(*[st.integers(1, 3)] * axes)
    tile, taps, stride = data.draw(sizes), data.draw(sizes), data.draw(sizes)
    image, kernels = whole_numbers((7, 6)[:axes]), whole_numbers((*tile, *taps), 1)
    expected = by_definition(image, kernels, whole_numbers(tile, 2), axes, stride=stride)
    assert_array_equal(tiled(image, kernels, whole_numbers(tile, 2), stride=stride), expected)


@given(st.integers(1, 4), st.integers(1, 3))
def test_a_shift_by_a_whole_tile_shifts_the_result(turns: int, stride: int) -> None:
    signal, kernels = whole_numbers((40,)), whole_numbers((turns, 3), 1)
    out = tiled(signal, kernels, stride=stride)
    assert_array_equal(tiled(signal[turns * stride :], kernels, stride=stride), out[turns:])


def test_a_shift_by_less_than_a_tile_does_not() -> None:
    signal, kernels = np.arange(1, 9), np.array([[1, 0], [0, 10]])
    assert tiled(signal, kernels).tolist() == [1, 30, 3, 50, 5, 70, 7]
    assert tiled(signal[1:], kernels).tolist() == [2, 40, 4, 60, 6, 80]


def test_one_bias_may_serve_all_positions_of_a_plain_image() -> None:
    assert tiled([1, 2, 3], [[1], [10]], 100).tolist() == [101, 120, 103]
    assert tiled([1, 2, 3], [[1], [10]], [100, 200]).tolist() == [101, 220, 103]


def test_a_single_image_loses_no_axis_and_an_empty_batch_works(xp: Any) -> None:
    kernels = xp.ones((2, 3, 4, 2, 2, 2))
    assert tiled(xp.ones((2, 5, 6)), kernels).shape == (4, 4, 5)
    assert tiled(xp.zeros((0, 2, 5, 6)), kernels).shape == (0, 4, 4, 5)


@pytest.mark.parametrize(
    ("dtype", "result_dtype"),
    [(np.uint8, np.int64), (np.float16, np.float16), (np.float32, np.float32)],
)
def test_the_dtype_of_the_result_is_that_of_correlation(dtype: Any, result_dtype: Any) -> None:
    out = tiled(np.full((3, 3), 200, dtype), np.full((2, 2, 2, 2), 2, dtype))
    assert out.dtype == result_dtype
    assert_array_equal(out, np.full((2, 2), 1600))


@pytest.mark.parametrize("real", [0, 1, 2], ids=["image", "kernels", "bias"])
def test_one_array_of_floats_makes_the_result_float(real: int) -> None:
    shapes = [(2, 3, 4), (2, 3, 2, 2, 2, 2), (2, 3, 2)]
    numbers = [whole_numbers(shape, seed) for seed, shape in enumerate(shapes)]
    arrays = [each.astype(np.float32 if i == real else np.int8) for i, each in enumerate(numbers)]
    out = tiled(*arrays)
    assert out.dtype == np.float32
    assert_array_equal(out, tiled(*numbers))


def test_the_inputs_are_never_modified_nor_returned() -> None:
    image, kernels = whole_numbers((3, 4)), np.ones((1, 1, 1, 1), np.int64)
    before = image.copy()
    image.flags.writeable = kernels.flags.writeable = False
    assert not np.shares_memory(tiled(image, kernels), image)
    assert_array_equal(image, before)


IMAGE, KERNELS = np.ones((3, 4, 5)), np.ones((2, 2, 6, 3, 2, 2))


@pytest.mark.parametrize(
    ("image", "kernels", "parameters", "error", "message"),
    [
        (IMAGE[:2], KERNELS, {}, ShapeError, r"kernels must have as many channels as image \(2\) on axis 3"),
        (IMAGE[0, 0], KERNELS, {}, ShapeError, r"image must be .* with 2 spatial axes .* got shape \(5,\)"),
        (IMAGE, KERNELS[0], {}, ShapeError, r"kernels must be \(\*cells, F, C, \*taps\)"),
        (IMAGE, KERNELS[:0], {}, ShapeError, r"kernels must not be empty; got shape \(0, 2, 6, 3, 2, 2\)"),
        (IMAGE[:, :1], KERNELS, {}, ShapeError, "axis 0: the kernel must fit inside the padded input"),
        (IMAGE, KERNELS, {"bias": np.ones(2)}, ShapeError, r"bias must have shape \(6,\), .* \(2, 2, 6\)"),
        (IMAGE, KERNELS, {"dilation": 0}, ParameterError, "dilation must be an integer >= 1; got 0"),
        (
            IMAGE,
            KERNELS,
            {"mode": "wrap"},
            ParameterError,
            "mode must be 'valid', 'same' or 'full'; got 'wrap'",
        ),
        ([["a"]], KERNELS, {}, ParameterError, "image must hold real numbers"),
    ],
)
def test_wrong_arguments_are_refused(
    image: Any, kernels: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        tiled(image, kernels, **parameters)
