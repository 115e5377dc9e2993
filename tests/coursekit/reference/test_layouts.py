"""Arrays as they come: views of any memory layout, read-only ones; none modified, none handed back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.reference import convolve, correlate
from tests.coursekit.libraries import Array, whole_numbers

ALGORITHMS = ["auto", "direct", "im2col", "fft", "winograd"]


def with_gaps(array: Array) -> Array:
    spread = np.full([2 * size + 1 for size in array.shape], 77, array.dtype)
    view = spread[tuple(slice(0, 2 * size, 2) for size in array.shape)]
    view[...] = array
    return view


def backwards(array: Array) -> Array:
    turn = (slice(None, None, -1),) * array.ndim
    return np.ascontiguousarray(array[turn])[turn]


def unaligned(array: Array) -> Array:
    room = np.zeros(array.nbytes + 1, np.uint8)[1:]
    view = room.view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def read_only(array: Array) -> Array:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def axes_moved(array: Array) -> Array:
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1)  # channels last in memory


def other_byte_order(array: Array) -> Array:
    return array.astype(array.dtype.newbyteorder())


LAYOUTS: list[Callable[[Array], Array]] = [
    with_gaps,
    backwards,
    unaligned,
    read_only,
    axes_moved,
    other_byte_order,
    np.asfortranarray,
]


@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_in_memory_changes_nothing(layout: Any, algorithm: Any, dtype: Any) -> None:
    # Whole numbers that are small enough are exact in float32 too, in whatever order they are summed.
    image = whole_numbers((2, 4, 9, 8)).astype(dtype)
    for taps in [(3, 3)] if algorithm == "winograd" else [(3, 3), (1, 1), (2, 4)]:
        kernel = whole_numbers((6, 2, *taps), 1).astype(dtype)
        expected = correlate(image, kernel, padding=1, groups=2, algorithm="direct")
        for pixels, weights in [(layout(image), kernel), (image, layout(kernel))]:
            got = correlate(pixels, weights, padding=1, groups=2, algorithm=algorithm)
            assert got.dtype == dtype
            assert_array_equal(np.round(got, 3), expected)
            assert_array_equal(pixels, image)
            assert_array_equal(weights, kernel)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_broadcast_arrays_are_read_as_what_they_show(algorithm: Any) -> None:
    row, tap = whole_numbers((1, 2, 1, 9)), whole_numbers((1, 2, 3, 1), 1)
    image, kernel = np.broadcast_to(row, (3, 2, 7, 9)), np.broadcast_to(tap, (4, 2, 3, 3))
    assert 0 in image.strides
    assert 0 in kernel.strides
    expected = correlate(image.copy(), kernel.copy(), algorithm="direct")
    assert_array_equal(correlate(image, kernel, algorithm=algorithm), expected)
    assert_array_equal(image, np.repeat(np.repeat(row, 3, axis=0), 7, axis=2))


@pytest.mark.parametrize("operation", [correlate, convolve])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float16])
def test_no_input_is_modified_nor_handed_back(operation: Any, dtype: Any, algorithm: Any) -> None:
    taps = [(3, 3)] if algorithm == "winograd" else [(3, 3), (1, 1)]
    for size in taps:
        given = [whole_numbers((1, 1, 5, 6)), whole_numbers((1, 1, *size), 1), whole_numbers((1,), 2)]
        arrays = [array.astype(dtype) for array in given]
        for array in arrays:
            array.flags.writeable = False
        out = operation(*arrays, algorithm=algorithm)
        assert out.flags.writeable
        for array, before in zip(arrays, given, strict=True):
            assert not np.shares_memory(out, array)
            assert_array_equal(array, before)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_image_may_be_its_own_kernel(algorithm: Any) -> None:
    image = whole_numbers((3, 3))
    assert correlate(image, image, algorithm=algorithm).tolist() == [[int((image * image).sum())]]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_call_gives_the_same_numbers_in_an_array_of_its_own(algorithm: Any) -> None:
    image, kernel = whole_numbers((1, 2, 8, 8)).astype(float), whole_numbers((2, 2, 3, 3), 1).astype(float)
    first = correlate(image, kernel, algorithm=algorithm)
    kept = first.copy()
    second = correlate(image + 1, kernel, algorithm=algorithm)
    assert not np.shares_memory(first, second)
    assert_array_equal(first, kept)
    assert_array_equal(correlate(image, kernel, algorithm=algorithm), kept)
