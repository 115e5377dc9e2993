"""The kernels of pooling and its gradients, run by the emulator, give what the reference gives on NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.emulator import EmulatedDevice
from coursekit.reference import (
    average_pool,
    average_pool_gradient,
    max_pool,
    max_pool_gradient,
    max_pool_with_positions,
)
from coursekit.reference.cuda import planes, pool
from coursekit.reference.pool_windows import pool_windows
from tests.coursekit.libraries import Array
from tests.coursekit.reference.cuda.wrong import Emulate, assert_each_mutant_fails

DTYPES = ["float16", "float32", "float64"]
TOLERANCE = {"float16": 2e-3, "float32": 1e-6, "float64": 1e-14}

# shape of the image, size, the other parameters
AVERAGES: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((6, 8), 2, {}),
    ((2, 3, 7, 9), 2, {"rounding": "ceil"}),
    ((2, 7, 10), 3, {"stride": 2, "padding": 1, "rounding": "ceil"}),
    ((5, 9), (3, 2), {"stride": (1, 4)}),
    ((5, 9), (2, 4), {"stride": (3, 2), "padding": [(1, 0), (1, 2)]}),
    ((2, 3, 11), (3,), {"stride": 2, "padding": 1}),
    ((9,), 2, {"stride": 3}),
    ((0, 5, 4), 2, {}),
]
MAXIMA = [
    *AVERAGES,
    ((2, 7, 10), 3, {"stride": 2, "dilation": 2, "padding": 1}),
    ((8, 9), (2, 3), {"stride": 1, "dilation": (3, 2), "padding": [(2, 0), (1, 2)], "rounding": "ceil"}),
    ((6, 13), (2, 3), {"stride": (5, 4), "dilation": (2, 3)}),
]


def picture(shape: tuple[int, ...], dtype: str = "float64", *, nan: bool = False) -> Array:
    """Return small whole numbers, so that windows have equal maxima; some are NaN or -inf with `nan`."""
    rng = np.random.default_rng(7)
    pixels = rng.integers(-3, 4, shape).astype(dtype)
    if nan:
        pixels[rng.random(shape) < 0.2] = np.nan
        pixels[rng.random(shape) < 0.2] = -np.inf
    return pixels


@pytest.mark.parametrize("nan", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "size", "parameters"), MAXIMA)
def test_maxima_and_their_positions_are_those_of_numpy(
    emulate: Emulate, shape: tuple[int, ...], size: Any, parameters: dict[str, Any], dtype: str, nan: bool
) -> None:
    image = picture(shape, dtype, nan=nan)
    maxima, positions = max_pool_with_positions(image, size, **parameters)
    device = emulate()
    found, where = max_pool_with_positions(image, size, **parameters)
    assert_array_equal(found, maxima)
    assert_array_equal(where, positions)
    assert_array_equal(max_pool(image, size, **parameters), maxima)
    assert (found.dtype, where.dtype) == (image.dtype, np.int64)
    assert len(device.launched) == (2 if image.size else 0)


@pytest.mark.parametrize("count_padding", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "size", "parameters"), AVERAGES)
def test_means_are_those_of_numpy(
    emulate: Emulate,
    shape: tuple[int, ...],
    size: Any,
    parameters: dict[str, Any],
    dtype: str,
    count_padding: bool,
) -> None:
    image = np.random.default_rng(8).normal(size=shape).astype(dtype)
    parameters = {**parameters, "count_padding": count_padding}
    means = average_pool(image.astype("float64"), size, **parameters)
    device = emulate()
    found = average_pool(image, size, **parameters)
    assert_allclose(found, means, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    assert found.dtype == image.dtype
    assert len(device.launched) == (1 if image.size else 0)


@pytest.mark.parametrize("nan", [False, True])
@pytest.mark.parametrize("ties", ["first", "all"])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "size", "parameters"), MAXIMA)
def test_the_gradient_of_maxima_is_that_of_numpy(
    emulate: Emulate,
    shape: tuple[int, ...],
    size: Any,
    parameters: dict[str, Any],
    dtype: str,
    ties: Any,
    nan: bool,
) -> None:
    image = picture(shape, dtype, nan=nan)
    gradient = np.random.default_rng(9).normal(size=max_pool(image, size, **parameters).shape).astype(dtype)
    expected = max_pool_gradient(gradient.astype("float64"), image, size, ties=ties, **parameters)
    device = emulate()
    found = max_pool_gradient(gradient, image, size, ties=ties, **parameters)
    assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    assert found.dtype == gradient.dtype
    assert len(device.launched) == (2 if image.size else 0)


@pytest.mark.parametrize("count_padding", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("shape", "size", "parameters"), AVERAGES)
def test_the_gradient_of_means_is_that_of_numpy(
    emulate: Emulate,
    shape: tuple[int, ...],
    size: Any,
    parameters: dict[str, Any],
    dtype: str,
    count_padding: bool,
) -> None:
    axes = 1 if size == (3,) or len(shape) == 1 else 2
    sizes = (size,) * axes if isinstance(size, int) else size
    parameters = {**parameters, "count_padding": count_padding}
    gradient = np.random.default_rng(9).normal(size=average_pool(np.zeros(shape), size, **parameters).shape)
    gradient = gradient.astype(dtype)
    expected = average_pool_gradient(gradient.astype("float64"), shape[-axes:], sizes, **parameters)
    device = emulate()
    found = average_pool_gradient(gradient, shape[-axes:], sizes, **parameters)
    assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    assert found.dtype == gradient.dtype
    assert len(device.launched) == (1 if gradient.size else 0)


def test_an_infinite_gradient_stays_with_its_pixel(emulate: Emulate) -> None:
    image, gradient = picture((4, 6)), np.full((2, 3), np.inf)
    expected = max_pool_gradient(gradient, image, 2)
    emulate()
    assert_array_equal(max_pool_gradient(gradient, image, 2), expected)


def test_more_than_two_axes_and_integers_are_left_to_the_library(emulate: Emulate) -> None:
    device = emulate()
    max_pool(picture((4, 4, 4)), (2, 2, 2))
    max_pool(np.arange(16).reshape(4, 4), 2)
    average_pool(np.arange(16).reshape(4, 4), 2)
    max_pool_gradient(np.ones((2, 2), "float32"), np.ones((4, 4)), 2)  # two dtypes
    assert device.launched == []


def test_a_view_with_steps_is_pooled_as_its_copy(emulate: Emulate) -> None:
    image = picture((9, 12)).T[::2, 1:]
    expected = max_pool(image, 2)
    emulate()
    assert_array_equal(max_pool(image, 2), expected)


def test_outputs_beyond_32_bits_are_numbered_in_64(emulate: Emulate, monkeypatch: pytest.MonkeyPatch) -> None:
    image = picture((2, 7, 9))
    expected = max_pool_with_positions(image, 2)
    emulate()
    monkeypatch.setattr(planes, "INT_MAX", 256)  # as if 32 bits were so few: 24 outputs take the other way
    for found, wanted in zip(max_pool_with_positions(image, 2), expected, strict=True):
        assert_array_equal(found, wanted)


@pytest.mark.parametrize("source", ["max_pool", "average_pool", "max_pool_gradient", "average_pool_gradient"])
def test_no_guard_is_superfluous(emulate: Emulate, source: str) -> None:
    def results() -> list[Array]:
        return _results(source, {"stride": 2, "padding": 1, "rounding": "ceil"}) + _results(
            source, {"stride": 1}
        )

    assert_each_mutant_fails(source, results, emulate)


def _results(source: str, parameters: dict[str, Any]) -> list[Array]:
    shape, size = (2, 7, 10), 3
    image = picture(shape) - 9  # all below 0, so that no missing number can pass for a maximum by chance
    sent = np.random.default_rng(9).normal(size=max_pool(image, size, **parameters).shape)
    if source == "average_pool":
        return [average_pool(image, size, **parameters)]
    if source == "average_pool_gradient":
        return [average_pool_gradient(sent, shape[-2:], size, **parameters)]
    if source == "max_pool_gradient":
        ties: list[Any] = ["first", "all"]
        return [max_pool_gradient(sent, image, size, ties=one, **parameters) for one in ties]
    return list(max_pool_with_positions(image, size, **parameters))


def test_a_kernel_reads_each_pixel_once_where_windows_do_not_overlap() -> None:
    device = EmulatedDevice(details=True)
    windows = pool_windows((4, 6), (2, 2), stride=None, padding=0, rounding="floor")
    pool.max_pool(device, picture((3, 4, 6)), windows)
    assert (device.launched[0].counts.arrays["image"].times_read == 1).all()
