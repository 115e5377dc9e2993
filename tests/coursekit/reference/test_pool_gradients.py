"""The gradients of max and average pooling: by definition, as exact adjoints, and as PyTorch's autograd."""

from __future__ import annotations

import itertools
from math import lcm
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.reference.average_pool import average_pool
from coursekit.reference.max_pool import max_pool
from coursekit.reference.pool_gradients import average_pool_gradient, max_pool_gradient
from tests.coursekit.libraries import Array, as_numpy, whole_numbers
from tests.coursekit.reference.pooled_by_definition import each_window
from tests.coursekit.reference.test_pool import CASES, DILATED


def gradient_by_definition(gradient: Array, image: Array, size: Any, ties: str, **parameters: Any) -> Array:
    out = np.zeros(image.shape, np.int64)
    for place, window in each_window(image.shape, size, **parameters).pixels():
        largest = max(image[pixel] for pixel, _ in window)
        winners = [pixel for pixel, _ in window if image[pixel] == largest]
        for pixel in winners if ties == "all" else winners[:1]:
            out[pixel] += gradient[place]
    return out


@pytest.mark.parametrize("ties", ["first", "all"])
@pytest.mark.parametrize("largest", [1, 1000], ids=["many ties", "few ties"])
@pytest.mark.parametrize(("shape", "size", "parameters"), CASES + DILATED)
def test_the_gradient_of_max_pooling_matches_its_definition(
    xp: Any, shape: tuple[int, ...], size: Any, parameters: dict[str, Any], largest: int, ties: Any
) -> None:
    image = whole_numbers(shape, largest=largest)
    gradient = whole_numbers(max_pool(image, size, **parameters).shape, 1)
    got = max_pool_gradient(xp.asarray(gradient), xp.asarray(image), size, ties=ties, **parameters)
    expected = gradient_by_definition(gradient, image, size, ties, **parameters)
    assert_array_equal(as_numpy(got), expected, strict=True)


def test_overlapping_windows_add_up_and_ties_follow_the_rule() -> None:
    image = np.array([[0, 0, 0], [0, 5, 5], [0, 0, 0]])
    gradient = np.array([[1, 10], [100, 1000]])
    first = max_pool_gradient(gradient, image, 2, stride=1)
    every = max_pool_gradient(gradient, image, 2, stride=1, ties="all")
    assert first.tolist() == [[0, 0, 0], [0, 1111, 0], [0, 0, 0]]
    assert every.tolist() == [[0, 0, 0], [0, 1111, 1010], [0, 0, 0]]


@pytest.mark.parametrize("count_padding", [True, False])
@pytest.mark.parametrize(("shape", "size", "parameters"), CASES)
def test_the_gradient_of_average_pooling_is_the_exact_adjoint(
    xp: Any, shape: tuple[int, ...], size: Any, parameters: dict[str, Any], count_padding: bool
) -> None:
    windows = each_window(shape, size, **parameters)
    divisible = lcm(*range(1, int(np.prod(windows.taps)) + 1))  # so that every mean is a whole number
    image = divisible * whole_numbers(shape)
    gradient = divisible * whole_numbers(windows.shape, 1)
    chosen = {**parameters, "count_padding": count_padding}
    forward = as_numpy(average_pool(xp.asarray(image), size, **chosen))
    taps = windows.taps if len(shape) > 1 else size
    back = as_numpy(average_pool_gradient(xp.asarray(gradient), windows.spatial, taps, **chosen))
    assert back.shape == shape
    assert_array_equal(back, np.rint(back))
    left = sum(int(a) * int(b) for a, b in zip(forward.flat, gradient.flat, strict=True))
    right = sum(int(a) * int(b) for a, b in zip(image.flat, back.flat, strict=True))
    assert left == right
    assert left != 0 or image.size == 0


def test_average_pooling_shares_the_gradient_among_the_pixels_counted() -> None:
    shared = average_pool_gradient([[12, 4]], (2, 3), 2, rounding="ceil")
    assert shared.tolist() == [[3, 3, 2], [3, 3, 2]]
    assert average_pool_gradient([3, 6, 9], (5,), 3, stride=1).tolist() == [1, 3, 6, 5, 3]


@given(st.integers(0, 1000), st.integers(1, 3), st.sampled_from(["first", "all"]))
def test_moving_the_largest_pixels_changes_the_output_as_the_gradient_says(
    seed: int, stride: int, ties: Any
) -> None:
    image = np.random.default_rng(seed).permutation(42).reshape(6, 7)  # no ties: the derivative exists
    weights = whole_numbers(max_pool(image, 3, stride=stride).shape, seed)
    gradient = max_pool_gradient(weights, image, 3, stride=stride, ties=ties)
    step = np.random.default_rng(seed).integers(0, 2, image.shape)  # doubled numbers keep their order
    change = max_pool(2 * image + step, 3, stride=stride) - max_pool(2 * image, 3, stride=stride)
    assert np.sum(weights * change) == np.sum(gradient * step)


def test_nan_counts_as_the_largest_number(xp: Any) -> None:
    image = xp.asarray(np.array([[1, np.nan, 3, 9], [np.nan, np.inf, 9, 2]]))
    gradient = xp.asarray(np.array([[5, 7]]))
    first = max_pool_gradient(gradient, image, 2)
    every = max_pool_gradient(gradient, image, 2, ties="all")
    assert as_numpy(first).tolist() == [[0, 5, 0, 7], [0, 0, 0, 0]]
    assert as_numpy(every).tolist() == [[0, 5, 0, 7], [5, 0, 7, 0]]


@pytest.mark.parametrize("ties", ["first", "all"])
def test_an_infinite_gradient_reaches_its_own_pixel_alone(xp: Any, ties: Any) -> None:
    image = xp.asarray(np.array([1.0, 2.0, 4.0, 3.0, 5.0, 6.0]))
    gradient = xp.asarray(np.array([np.inf, np.nan, 2.0]))
    got = max_pool_gradient(gradient, image, 2, ties=ties)
    assert_array_equal(as_numpy(got), [0, np.inf, np.nan, 0, 0, 2])


@pytest.mark.parametrize(
    ("dtype", "of_max", "of_average"),
    [
        (np.int8, np.int64, np.float64),
        (np.uint8, np.int64, np.float64),
        (np.uint64, np.uint64, np.float64),
        (np.float32, np.float32, np.float32),
        (np.float64, np.float64, np.float64),
    ],
)
def test_the_dtype_of_a_gradient_is_as_promised(xp: Any, dtype: Any, of_max: Any, of_average: Any) -> None:
    gradient = xp.asarray(np.full((2, 2), 120, dtype))
    image = xp.asarray(np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.uint8))
    got = max_pool_gradient(gradient, image, 2, stride=1)
    assert_array_equal(as_numpy(got), np.array([[0, 0, 0], [0, 480, 0], [0, 0, 0]], of_max), strict=True)
    got = average_pool_gradient(gradient, (3, 3), 2, stride=1)
    expected = np.array([[30, 60, 30], [60, 120, 60], [30, 60, 30]], of_average)
    assert_array_equal(as_numpy(got), expected, strict=True)


def test_half_precision_is_summed_in_single() -> None:
    gradient = np.ones((1, 4096), np.float16)
    image = np.zeros((1, 4096 * 2 - 1), np.float16)
    image[0, 4095] = 1
    got = max_pool_gradient(gradient, image, (1, 4096), stride=1)
    assert got.dtype == np.float16
    assert got[0, 4095] == 4096  # in float16 the sum would stand still at 2048
    got = average_pool_gradient(gradient, (1, 4096 * 2 - 1), (1, 4096), stride=1)
    assert got.dtype == np.float16
    assert got[0, 4095] == 1


@pytest.mark.parametrize("size", [1, 2])
def test_the_inputs_are_never_modified_nor_returned(size: int) -> None:
    image, gradient = whole_numbers((2, 4, 6)), whole_numbers((2, 4 // size, 6 // size), 1)
    for array in (image, gradient):
        array.flags.writeable = False
    before = image.copy(), gradient.copy()
    outputs = [max_pool_gradient(gradient, image, size), average_pool_gradient(gradient, (4, 6), size)]
    for output in outputs:
        assert not np.shares_memory(output, gradient)
        assert not np.shares_memory(output, image)
        assert output.flags.writeable
    assert_array_equal(image, before[0])
    assert_array_equal(gradient, before[1])


def test_views_of_any_memory_layout_give_the_same_gradient() -> None:
    image, gradient = whole_numbers((2, 6, 7)).astype(float), whole_numbers((2, 3, 4), 1).astype(float)
    chosen: dict[str, Any] = {"stride": 2, "padding": 1}
    by_max = max_pool_gradient(gradient, image, 3, **chosen)
    by_average = average_pool_gradient(gradient, (6, 7), 3, **chosen)
    spread = np.zeros((4, 9, 8))[::2, ::3, ::2]
    spread[...] = gradient
    for view in (spread, np.asfortranarray(gradient), np.ascontiguousarray(gradient[:, ::-1])[:, ::-1]):
        assert_array_equal(max_pool_gradient(view, np.asfortranarray(image), 3, **chosen), by_max)
        assert_array_equal(average_pool_gradient(view, (6, 7), 3, **chosen), by_average)
    ones = np.broadcast_to(np.float64(1), (2, 3, 4))
    assert_array_equal(
        max_pool_gradient(ones, image, 3, **chosen), max_pool_gradient(ones.copy(), image, 3, **chosen)
    )


TORCH_CASES = [
    (axes, size, stride, padding, rounding)
    for axes, size, stride, rounding in itertools.product((1, 2, 3), (2, 3), (1, 2, 3), ("floor", "ceil"))
    for padding in range(size // 2 + 1)
]


@pytest.mark.torch
@pytest.mark.parametrize(("axes", "size", "stride", "padding", "rounding"), TORCH_CASES)
def test_gradients_are_those_of_autograd(
    axes: int, size: int, stride: int, padding: int, rounding: Any
) -> None:
    torch = pytest.importorskip("torch")
    functions = torch.nn.functional
    image = whole_numbers((2, 3, 7, 8, 6)[: 2 + axes], largest=4).astype(np.float64)
    leaf = torch.from_numpy(image).requires_grad_()
    given = {"stride": stride, "padding": padding, "ceil_mode": rounding == "ceil"}
    ours = {"stride": stride, "padding": padding, "rounding": rounding}
    taps = (size,) * axes
    output = getattr(functions, f"max_pool{axes}d")(leaf, size, **given)
    gradient = whole_numbers(tuple(output.shape), 1).astype(np.float64)
    (expected,) = torch.autograd.grad(output, leaf, torch.from_numpy(gradient))
    assert_array_equal(max_pool_gradient(gradient, image, taps, **ours), expected.numpy(), strict=True)
    for counted in (True, False):
        output = getattr(functions, f"avg_pool{axes}d")(leaf, size, count_include_pad=counted, **given)
        (expected,) = torch.autograd.grad(output, leaf, torch.from_numpy(gradient))
        got = average_pool_gradient(gradient, image.shape[2:], taps, count_padding=counted, **ours)
        np.testing.assert_allclose(got, expected.numpy(), rtol=1e-12, atol=1e-12)
