"""Max and average pooling against their definitions, one window at a time, exactly on integers."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.reference.average_pool import average_pool
from coursekit.reference.max_pool import max_pool, max_pool_with_positions
from tests.coursekit.libraries import Array, as_numpy, whole_numbers
from tests.coursekit.reference.pooled_by_definition import each_window

# shape of the image, size, the other parameters
CASES: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((7,), 3, {}),
    ((9,), 2, {"stride": 3}),
    ((6, 8), 2, {}),
    ((7, 9), 2, {"rounding": "ceil"}),
    ((7, 10), 3, {"stride": 2, "padding": 1}),
    ((7, 10), 3, {"stride": 2, "padding": 1, "rounding": "ceil"}),
    ((5, 6), 3, {"stride": 1}),
    ((5, 9), (3, 2), {"stride": (1, 4)}),
    ((5, 9), (2, 4), {"stride": (3, 2), "padding": (1, 2)}),
    ((8, 6), (3, 4), {"padding": ((0, 1), (2, 0)), "stride": 3, "rounding": "ceil"}),
    ((4, 4), 4, {}),
    ((4, 5), 1, {"stride": 2}),
    ((2, 5, 6), 2, {"stride": 1}),
    ((2, 3, 6, 5), 3, {"stride": 2, "padding": 1}),
    ((2, 3, 11), (4,), {"stride": 3, "padding": 2, "rounding": "ceil"}),
    ((2, 5, 4, 6), (2, 2, 3), {"stride": (2, 1, 2), "padding": (1, 0, 1)}),
    ((0, 3, 6, 5), 2, {}),
    ((3, 0, 6), (2,), {}),
]
DILATED: list[tuple[tuple[int, ...], Any, dict[str, Any]]] = [
    ((9,), 3, {"dilation": 2, "padding": 2}),
    ((9, 8), 3, {"stride": 2, "padding": 1, "dilation": (2, 3)}),
    ((9, 8), (2, 3), {"stride": 2, "padding": (2, 1), "dilation": (4, 1), "rounding": "ceil"}),
]


def largest_by_definition(image: Array, size: Any, **parameters: Any) -> tuple[Array, Array]:
    windows = each_window(image.shape, size, **parameters)
    largest, positions = np.zeros(windows.shape, image.dtype), np.zeros(windows.shape, np.int64)
    for place, window in windows.pixels():
        largest[place] = max(image[pixel] for pixel, _ in window)
        positions[place] = next(flat for pixel, flat in window if image[pixel] == largest[place])
    return largest, positions


@pytest.mark.parametrize(("shape", "size", "parameters"), CASES + DILATED)
@pytest.mark.parametrize("largest", [1, 1000], ids=["many ties", "few ties"])
def test_max_pooling_matches_its_definition(
    xp: Any, shape: tuple[int, ...], size: Any, parameters: dict[str, Any], largest: int
) -> None:
    image = whole_numbers(shape, largest=largest)
    expected, expected_positions = largest_by_definition(image, size, **parameters)
    output, positions = max_pool_with_positions(xp.asarray(image), size, **parameters)
    assert output.dtype == positions.dtype == xp.int64
    assert_array_equal(as_numpy(output), expected, strict=True)
    assert_array_equal(as_numpy(positions), expected_positions, strict=True)
    assert_array_equal(as_numpy(max_pool(xp.asarray(image), size, **parameters)), expected, strict=True)


@pytest.mark.parametrize(("shape", "size", "parameters"), CASES)
@pytest.mark.parametrize("count_padding", [True, False])
def test_average_pooling_matches_its_definition(
    xp: Any, shape: tuple[int, ...], size: Any, parameters: dict[str, Any], count_padding: bool
) -> None:
    image = whole_numbers(shape)
    windows = each_window(shape, size, **parameters)
    expected = np.zeros(windows.shape)
    for place, window in windows.pixels():
        counted = windows.inside_padded(place) if count_padding else len(window)
        expected[place] = float(Fraction(sum(int(image[pixel]) for pixel, _ in window), counted))
    output = average_pool(xp.asarray(image), size, count_padding=count_padding, **parameters)
    assert output.dtype == xp.float64
    assert_array_equal(as_numpy(output), expected, strict=True)


def test_a_worked_example() -> None:
    image = np.array([[1, 3, 2, 0, 5], [4, 2, 2, 7, 1], [0, 6, 1, 1, 9]])
    output, positions = max_pool_with_positions(image, 2)
    assert output.tolist() == [[4, 7]]
    assert positions.tolist() == [[5, 8]]
    assert max_pool(image, 2, rounding="ceil").tolist() == [[4, 7, 5], [6, 1, 9]]
    assert max_pool(image, 2, stride=1).tolist() == [[4, 3, 7, 7], [6, 6, 7, 9]]
    assert average_pool(image, 2).tolist() == [[2.5, 2.75]]
    # A window that hangs over the edge has fewer pixels; with padding the zeros count, unless told not to.
    assert average_pool(image, 2, rounding="ceil").tolist() == [[2.5, 2.75, 3], [3, 1, 9]]
    assert average_pool([[8, 4]], (1, 2), padding=(0, 1)).tolist() == [[4, 2]]
    assert average_pool([[8, 4]], (1, 2), padding=(0, 1), count_padding=False).tolist() == [[8, 4]]


def test_the_default_stride_is_the_size() -> None:
    image = whole_numbers((7, 11))
    assert_array_equal(max_pool(image, (2, 3)), max_pool(image, (2, 3), stride=(2, 3)))
    assert_array_equal(average_pool(image, (2, 3)), average_pool(image, (2, 3), stride=(2, 3)))
    assert max_pool(image, (2, 3)).shape == (3, 3)


def test_a_sequence_as_size_says_how_many_axes_are_pooled() -> None:
    signals = whole_numbers((2, 3, 8))
    assert max_pool(signals, (2,)).shape == average_pool(signals, [2]).shape == (2, 3, 4)
    assert max_pool(signals, 2).shape == average_pool(signals, 2).shape == (2, 1, 4)
    assert max_pool(signals, (2, 1, 2)).shape == (1, 3, 4)


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, np.float64])
def test_padding_never_wins_a_maximum_nor_a_position(xp: Any, dtype: Any) -> None:
    lowest = np.iinfo(dtype).min if np.issubdtype(dtype, np.integer) else -np.inf
    image = np.full((3, 4), lowest, dtype)
    output, positions = max_pool_with_positions(xp.asarray(image), 3, stride=1, padding=1)
    assert_array_equal(as_numpy(output), image, strict=True)
    assert as_numpy(positions).tolist() == [[0, 0, 1, 2], [0, 0, 1, 2], [4, 4, 5, 6]]


def test_a_window_with_nan_gives_nan_and_the_position_of_the_first_one(xp: Any) -> None:
    image = np.array([[1, np.nan, 3, 9], [np.nan, np.inf, 5, 2]])
    output, positions = max_pool_with_positions(xp.asarray(image), 2)
    assert_array_equal(as_numpy(output), [[np.nan, 9]])
    assert as_numpy(positions).tolist() == [[1, 3]]
    assert_array_equal(as_numpy(max_pool(xp.asarray(image), 2)), [[np.nan, 9]])
    assert_array_equal(as_numpy(average_pool(xp.asarray(image), 2)), [[np.nan, 4.75]])


def test_windows_of_many_pixels_still_find_the_first_maximum() -> None:
    image = np.zeros((20, 20), np.int64)
    image[3, 4] = image[3, 5] = image[19, 19] = 1
    output, positions = max_pool_with_positions(image, 20)
    assert output.tolist() == [[1]]
    assert positions.tolist() == [[3 * 20 + 4]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float32, np.float64])
def test_max_pooling_keeps_the_dtype(xp: Any, dtype: Any) -> None:
    image = np.array([[0, 1], [127, 3]], dtype)
    output, positions = max_pool_with_positions(xp.asarray(image), 2)
    assert_array_equal(as_numpy(output), np.array([[127]], dtype), strict=True)
    assert positions.dtype == xp.int64


def test_max_pooling_is_exact_on_the_largest_integers() -> None:
    assert max_pool(np.array([2**64 - 1, 2**64 - 2], np.uint64), 2).tolist() == [2**64 - 1]
    assert max_pool(np.array([2**63 - 2, 2**63 - 1]), 2).tolist() == [2**63 - 1]


@pytest.mark.parametrize(
    ("dtype", "result"),
    [(np.uint8, np.float64), (np.int64, np.float64), (np.float32, np.float32), (np.float64, np.float64)],
)
def test_average_pooling_keeps_floats_and_makes_floats_of_integers(xp: Any, dtype: Any, result: Any) -> None:
    output = average_pool(xp.asarray(np.array([[255, 255], [255, 254]], dtype) // 2), 2)
    assert_array_equal(as_numpy(output), np.array([[127]], result), strict=True)


def test_half_precision_is_summed_in_single() -> None:
    image = np.full(4096, 60000, np.float16)
    assert_array_equal(average_pool(image, 4096), np.array([60000], np.float16), strict=True)
    assert_array_equal(max_pool(image, 4096), np.array([60000], np.float16), strict=True)


@pytest.mark.parametrize("pool", [max_pool, average_pool])
@pytest.mark.parametrize("size", [1, 2])
def test_the_input_is_never_modified_nor_returned(pool: Any, size: int) -> None:
    image = np.arange(24.0).reshape(2, 3, 4)
    before = image.copy()
    image.flags.writeable = False
    output = pool(image, size)
    assert not np.shares_memory(output, image)
    assert output.flags.writeable
    assert_array_equal(image, before)


@pytest.mark.parametrize("pool", [max_pool, average_pool, max_pool_with_positions])
def test_views_of_any_memory_layout_give_the_same_result(pool: Any) -> None:
    image = whole_numbers((2, 6, 7)).astype(float)
    spread = np.zeros((4, 12, 21))[::2, ::2, ::3]
    spread[...] = image
    backwards = np.ascontiguousarray(image[::-1, ::-1, ::-1])[::-1, ::-1, ::-1]
    for view in (spread, np.asfortranarray(image), backwards):
        assert_array_equal(pool(view, 3, stride=2, padding=1), pool(image, 3, stride=2, padding=1))
    repeated = np.broadcast_to(image[0, 0], (2, 6, 7))
    assert_array_equal(pool(repeated, 3, stride=2), pool(repeated.copy(), 3, stride=2))


@given(st.data())
def test_a_maximum_of_maxima_is_the_maximum_of_the_larger_window(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(4, 9)), data.draw(st.integers(4, 9))
    image = whole_numbers((height, width), data.draw(st.integers(0, 100)))
    twice = max_pool(max_pool(image, 2, stride=1), 3, stride=1)
    assert_array_equal(twice, max_pool(image, 4, stride=1))


@given(st.integers(0, 100), st.integers(1, 4), st.integers(1, 3))
def test_positions_lead_back_to_the_maxima(seed: int, size: int, stride: int) -> None:
    image = whole_numbers((3, 6, 7), seed, largest=3)
    output, positions = max_pool_with_positions(image, size, stride=stride, padding=size // 2)
    for plane, largest, where in zip(image, output, positions, strict=True):
        assert_array_equal(np.take(plane, where), largest)


TORCH_CASES = [
    (axes, size, stride, padding, dilation, rounding)
    for axes, size, stride, rounding in itertools.product((1, 2, 3), (2, 3), (1, 2, 3), ("floor", "ceil"))
    for padding in range(size // 2 + 1)
    for dilation in (1, 2)
]


@pytest.mark.torch
@pytest.mark.parametrize(("axes", "size", "stride", "padding", "dilation", "rounding"), TORCH_CASES)
def test_pooling_is_the_same_as_in_pytorch(
    axes: int, size: int, stride: int, padding: int, dilation: int, rounding: Any
) -> None:
    torch = pytest.importorskip("torch")
    functions = torch.nn.functional
    image = whole_numbers((2, 3, 7, 8, 6)[: 2 + axes], largest=4).astype(np.float32)
    given = {"stride": stride, "padding": padding, "ceil_mode": rounding == "ceil"}
    output, positions = getattr(functions, f"max_pool{axes}d")(
        torch.from_numpy(image), size, dilation=dilation, return_indices=True, **given
    )
    ours = {"stride": stride, "padding": padding, "rounding": rounding}
    got, where = max_pool_with_positions(image, (size,) * axes, dilation=dilation, **ours)
    assert_array_equal(got, output.numpy(), strict=True)
    assert_array_equal(where, positions.numpy(), strict=True)
    if dilation == 1:
        for counted in (True, False):
            average = getattr(functions, f"avg_pool{axes}d")(
                torch.from_numpy(image), size, count_include_pad=counted, **given
            )
            got = average_pool(image, (size,) * axes, count_padding=counted, **ours)
            assert got.dtype == np.float32
            np.testing.assert_allclose(got, average.numpy(), rtol=1e-6, atol=1e-6)


@pytest.mark.gpu
def test_cupy_arrays_stay_on_the_device() -> None:
    cupy = pytest.importorskip("cupy")
    image = cupy.asarray(whole_numbers((2, 6, 7)))
    for output in (*max_pool_with_positions(image, 2), average_pool(image, 2)):
        assert isinstance(output, cupy.ndarray)
