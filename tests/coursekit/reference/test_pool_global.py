"""Global pooling and its gradients."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.average_pool import average_pool
from coursekit.reference.global_pool import (
    global_average_pool,
    global_average_pool_gradient,
    global_max_pool,
    global_max_pool_gradient,
)
from coursekit.reference.max_pool import max_pool
from coursekit.reference.pool_gradients import average_pool_gradient, max_pool_gradient
from tests.coursekit.libraries import as_numpy, whole_numbers

SHAPES = pytest.mark.parametrize(
    ("shape", "axes"),
    [((5, 7), 2), ((3, 5, 7), 2), ((2, 3, 5, 7), 2), ((2, 3, 9), 1), ((2, 3, 4, 5), 3), ((0, 3, 2, 2), 2)],
)


@SHAPES
def test_global_pooling_is_pooling_with_a_window_of_the_whole_map(
    xp: Any, shape: tuple[int, ...], axes: int
) -> None:
    image = whole_numbers(shape)
    leading, whole = shape[:-axes], shape[-axes:]
    largest = as_numpy(global_max_pool(xp.asarray(image), axes=axes))
    mean = as_numpy(global_average_pool(xp.asarray(image), axes=axes))
    assert_array_equal(largest, max_pool(image, whole).reshape(leading), strict=True)
    assert_array_equal(mean, average_pool(image, whole).reshape(leading), strict=True)


@SHAPES
@pytest.mark.parametrize("ties", ["first", "all"])
def test_global_gradients_are_those_of_a_window_of_the_whole_map(
    xp: Any, shape: tuple[int, ...], axes: int, ties: Any
) -> None:
    image, whole = whole_numbers(shape, largest=2), shape[-axes:]
    gradient = whole_numbers(shape[:-axes], 1)
    windows = gradient.reshape(*shape[:-axes], *[1] * axes)
    got = global_max_pool_gradient(xp.asarray(gradient), xp.asarray(image), axes=axes, ties=ties)
    assert_array_equal(as_numpy(got), max_pool_gradient(windows, image, whole, ties=ties), strict=True)
    got = global_average_pool_gradient(xp.asarray(gradient), whole)
    assert_array_equal(as_numpy(got), average_pool_gradient(windows, whole, whole), strict=True)


def test_nan_wins(xp: Any) -> None:
    maps = xp.asarray(np.array([[[1, np.nan], [np.nan, 3]], [[4.0, 5.0], [6.0, 6.0]]]))
    gradient = xp.asarray(np.array([2.0, np.inf]))
    assert_array_equal(as_numpy(global_max_pool(maps)), [np.nan, 6])
    assert_array_equal(as_numpy(global_average_pool(maps)), [np.nan, 5.25])
    first = as_numpy(global_max_pool_gradient(gradient, maps))
    every = as_numpy(global_max_pool_gradient(gradient, maps, ties="all"))
    assert_array_equal(first, [[[0, 2], [0, 0]], [[0, 0], [np.inf, 0]]])
    assert_array_equal(every, [[[0, 2], [2, 0]], [[0, 0], [np.inf, np.inf]]])


@pytest.mark.parametrize(
    ("dtype", "of_mean"),
    [(np.uint8, np.float64), (np.int64, np.float64), (np.float32, np.float32), (np.float64, np.float64)],
)
def test_maxima_keep_the_dtype_and_means_make_floats_of_integers(xp: Any, dtype: Any, of_mean: Any) -> None:
    maps = xp.asarray(np.array([[[200, 100], [0, 100]]], dtype))
    assert_array_equal(as_numpy(global_max_pool(maps)), np.array([200], dtype), strict=True)
    assert_array_equal(as_numpy(global_average_pool(maps)), np.array([100], of_mean), strict=True)
    gradient = xp.asarray(np.array([8], dtype))
    assert global_max_pool_gradient(gradient, maps).dtype == gradient.dtype
    got = global_average_pool_gradient(gradient, (2, 2))
    assert_array_equal(as_numpy(got), np.full((1, 2, 2), 2, of_mean), strict=True)


def test_half_precision_is_summed_in_single() -> None:
    maps = np.full((64, 64), 60000, np.float16)
    assert_array_equal(global_average_pool(maps), np.array(60000, np.float16), strict=True)
    assert global_average_pool_gradient(np.float16(4), (2, 2)).dtype == np.float16


def test_one_map_gives_an_array_without_axes() -> None:
    image = whole_numbers((5, 7))
    for pooled in (global_max_pool(image), global_average_pool(image)):
        assert isinstance(pooled, np.ndarray)
        assert pooled.shape == ()
    assert global_max_pool_gradient(3, image).sum() == 3
    assert_array_equal(global_average_pool_gradient(6, (2, 3)), np.ones((2, 3)), strict=True)


def test_the_inputs_are_never_modified_nor_returned() -> None:
    maps, gradient = whole_numbers((3, 1, 1)).astype(float), whole_numbers((3,)).astype(float)
    before = maps.copy(), gradient.copy()
    maps.flags.writeable = gradient.flags.writeable = False
    for output in (
        global_max_pool(maps),
        global_average_pool(maps),
        global_max_pool_gradient(gradient, maps),
        global_average_pool_gradient(gradient, (1, 1)),
    ):
        assert output.flags.writeable
        assert not np.shares_memory(output, maps)
        assert not np.shares_memory(output, gradient)
    assert_array_equal(maps, before[0])
    assert_array_equal(gradient, before[1])
    repeated = np.broadcast_to(maps, (2, 3, 4, 5))
    assert_array_equal(global_max_pool(repeated), np.broadcast_to(maps[:, 0, 0], (2, 3)))


@pytest.mark.parametrize(
    ("maps", "axes", "error", "message"),
    [
        (np.ones(()), 1, ShapeError, "maps must have at least 1 axis; got shape ()"),
        (np.ones(3), 2, ShapeError, "maps must have at least 2 axes; got shape (3,)"),
        (
            np.ones((2, 0, 3)),
            2,
            ShapeError,
            "maps must have at least one pixel along each spatial axis; got shape (2, 0, 3)",
        ),
        (np.ones((2, 2)), 0, ParameterError, "axes must be an integer >= 1; got 0"),
        (np.ones((2, 2)), 1.5, ParameterError, "axes must be an integer >= 1; got 1.5"),
        (np.ones((2, 2), bool), 2, ParameterError, "maps must hold real numbers"),
    ],
)
def test_wrong_maps_are_refused(maps: Any, axes: Any, error: type[CourseError], message: str) -> None:
    for pool in (global_max_pool, global_average_pool):
        with pytest.raises(error, match=re.escape(message)):
            pool(maps, axes=axes)
    with pytest.raises(error, match=re.escape(message)):
        global_max_pool_gradient(np.ones(()), maps, axes=axes)


def test_wrong_gradients_are_refused() -> None:
    with pytest.raises(ShapeError, match=re.escape("gradient must have the shape of the result, (2,); got")):
        global_max_pool_gradient(np.ones(1), np.ones((2, 3, 3)))
    with pytest.raises(ParameterError, match="ties must be 'first' or 'all'; got 'last'"):
        global_max_pool_gradient(np.ones(2), np.ones((2, 3, 3)), ties="last")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="spatial_shape must have one integer per spatial axis"):
        global_average_pool_gradient(np.ones(2), 3)  # type: ignore[arg-type]


@pytest.mark.torch
def test_global_pooling_is_the_same_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    maps = whole_numbers((2, 3, 6, 5), largest=99).astype(np.float32)
    leaf, gradient = torch.from_numpy(maps).requires_grad_(), whole_numbers((2, 3)).astype(np.float32)
    output = torch.nn.functional.adaptive_max_pool2d(leaf, 1)[..., 0, 0]
    (expected,) = torch.autograd.grad(output, leaf, torch.from_numpy(gradient))
    assert_array_equal(global_max_pool(maps), output.detach().numpy(), strict=True)
    assert_array_equal(global_max_pool_gradient(gradient, maps), expected.numpy(), strict=True)
    output = torch.nn.functional.adaptive_avg_pool2d(leaf, 1)[..., 0, 0]
    (expected,) = torch.autograd.grad(output, leaf, torch.from_numpy(gradient))
    np.testing.assert_allclose(global_average_pool(maps), output.detach().numpy(), rtol=1e-6)
    np.testing.assert_allclose(global_average_pool_gradient(gradient, (6, 5)), expected.numpy(), rtol=1e-6)
