"""The reference operations against their definitions, SciPy, and what must hold for any input."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from coursekit.reference import convolve, correlate
from tests.coursekit.libraries import Array, whole_numbers

SHAPES = [
    ((7,), (3,)),
    ((6,), (1,)),
    ((5,), (5,)),
    ((8,), (4,)),
    ((5, 7), (3, 2)),
    ((4, 4), (4, 4)),
    ((1, 9), (1, 3)),
    ((6, 5), (2, 4)),
]


def by_definition(
    image: Array, kernel: Array, before: Any, after: Any, stride: Any, dilation: Any, *, flip: bool
) -> Array:
    """Sum the products one at a time in plain Python; outside the image everything is 0."""
    starts = [
        range(-b, size + a - d * (taps - 1), s)
        for size, taps, b, a, s, d in zip(
            image.shape, kernel.shape, before, after, stride, dilation, strict=True
        )
    ]
    out = np.zeros([len(axis) for axis in starts], dtype=object)
    for position, start in zip(np.ndindex(*out.shape), itertools.product(*starts), strict=True):
        for tap in np.ndindex(*kernel.shape):
            pixel = tuple(first + d * u for first, u, d in zip(start, tap, dilation, strict=True))
            inside = all(0 <= p < size for p, size in zip(pixel, image.shape, strict=True))
            used = tuple(k - 1 - u for u, k in zip(tap, kernel.shape, strict=True)) if flip else tap
            out[position] += int(image[pixel]) * int(kernel[used]) if inside else 0
    return out.astype(np.int64)


@pytest.mark.parametrize("flip", [False, True], ids=["correlate", "convolve"])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 1, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_valid_mode_matches_the_definition(
    shape: tuple[int, ...], taps: tuple[int, ...], stride: int, padding: int, dilation: int, flip: bool
) -> None:
    if any(size + 2 * padding < dilation * (k - 1) + 1 for size, k in zip(shape, taps, strict=True)):
        padding += 2 * max(taps)
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    axes = len(shape)
    expected = by_definition(
        image, kernel, [padding] * axes, [padding] * axes, [stride] * axes, [dilation] * axes, flip=flip
    )
    operation = convolve if flip else correlate
    got = operation(image, kernel, stride=stride, padding=padding, dilation=dilation)
    assert got.dtype == np.int64
    assert_array_equal(got, expected)


@pytest.mark.parametrize("flip", [False, True], ids=["correlate", "convolve"])
@pytest.mark.parametrize("mode", ["same", "full"])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("shape", "taps"), [*SHAPES, ((2, 3), (4, 5)), ((2,), (3,))])
def test_same_and_full_mode_match_the_definition(
    shape: tuple[int, ...], taps: tuple[int, ...], stride: int, dilation: int, mode: Any, flip: bool
) -> None:
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    spans = [dilation * (k - 1) + 1 for k in taps]
    before = [span // 2 if mode == "same" else span - 1 for span in spans]
    after = [(span - 1) // 2 if mode == "same" else span - 1 for span in spans]
    axes = len(shape)
    expected = by_definition(image, kernel, before, after, [stride] * axes, [dilation] * axes, flip=flip)
    operation = convolve if flip else correlate
    assert_array_equal(operation(image, kernel, mode=mode, stride=stride, dilation=dilation), expected)


def test_stride_padding_and_dilation_can_differ_by_axis() -> None:
    image, kernel = whole_numbers((9, 8)), whole_numbers((3, 2), 1)
    expected = by_definition(image, kernel, (0, 2), (0, 2), (2, 3), (2, 1), flip=False)
    got = correlate(image, kernel, stride=(2, 3), padding=(0, 2), dilation=(2, 1))
    assert_array_equal(got, expected)


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_all_modes_agree_with_scipy_for_odd_and_even_kernels(
    shape: tuple[int, ...], taps: tuple[int, ...], mode: Any
) -> None:
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    assert_array_equal(
        correlate(image, kernel, mode=mode), scipy.signal.correlate(image, kernel, mode, method="direct")
    )
    assert_array_equal(
        convolve(image, kernel, mode=mode), scipy.signal.convolve(image, kernel, mode, method="direct")
    )


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("taps", [1, 2, 3, 4])
def test_all_modes_agree_with_numpy(taps: int, mode: Any) -> None:
    signal, kernel = whole_numbers((9,)), whole_numbers((taps,), 1)
    assert_array_equal(correlate(signal, kernel, mode=mode), np.correlate(signal, kernel, mode))
    assert_array_equal(convolve(signal, kernel, mode=mode), np.convolve(signal, kernel, mode))


def test_the_worked_example_of_the_lecture() -> None:
    image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
    assert correlate(image, kernel).tolist() == [[19, 25], [37, 43]]
    assert convolve(image, kernel).tolist() == [[5, 11], [23, 29]]


numbers = st.integers(-9, 9)
images = arrays(np.int64, (5, 6), elements=numbers)
kernels = st.tuples(st.integers(1, 3), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=numbers)
)


@given(images, images, kernels, numbers)
def test_correlate_is_linear_in_the_image(a: Array, b: Array, kernel: Array, scale: int) -> None:
    assert_array_equal(correlate(a + scale * b, kernel), correlate(a, kernel) + scale * correlate(b, kernel))


@given(images, st.data(), numbers)
def test_correlate_is_linear_in_the_kernel(image: Array, data: st.DataObject, scale: int) -> None:
    a = data.draw(kernels)
    b = data.draw(arrays(np.int64, a.shape, elements=numbers))
    assert_array_equal(correlate(image, a + scale * b), correlate(image, a) + scale * correlate(image, b))


@given(images, kernels, st.sampled_from(["valid", "same", "full"]), st.integers(1, 3))
def test_convolve_is_correlate_with_the_kernel_flipped(
    image: Array, kernel: Array, mode: Any, stride: int
) -> None:
    flipped = kernel[::-1, ::-1]
    assert_array_equal(
        convolve(image, kernel, mode=mode, stride=stride), correlate(image, flipped, mode=mode, stride=stride)
    )


@given(images, kernels, st.integers(0, 3), st.integers(0, 3))
def test_full_mode_moves_with_the_image(image: Array, kernel: Array, down: int, right: int) -> None:
    moved = np.zeros((8, 9), dtype=np.int64)
    moved[down : down + 5, right : right + 6] = image
    out = correlate(image, kernel, mode="full")
    expected = np.zeros((8 + kernel.shape[0] - 1, 9 + kernel.shape[1] - 1), dtype=np.int64)
    expected[down : down + out.shape[0], right : right + out.shape[1]] = out
    assert_array_equal(correlate(moved, kernel, mode="full"), expected)


@given(images, kernels)
def test_swapping_the_inputs_reverses_full_correlation_and_leaves_full_convolution(
    image: Array, kernel: Array
) -> None:
    there, back = correlate(image, kernel, mode="full"), correlate(kernel, image, mode="full")
    assert_array_equal(there, back[::-1, ::-1])
    assert_array_equal(convolve(image, kernel, mode="full"), convolve(kernel, image, mode="full"))


@given(images, kernels, st.integers(1, 4))
def test_a_stride_skips_outputs_and_changes_none(image: Array, kernel: Array, stride: int) -> None:
    dense = correlate(image, kernel)
    assert_array_equal(correlate(image, kernel, stride=stride), dense[::stride, ::stride])
