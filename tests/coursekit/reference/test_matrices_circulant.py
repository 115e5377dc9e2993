"""Circular convolution against its definition, its matrix, and the Fourier transform."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import convolve
from coursekit.reference.matrices import (
    circulant,
    convolve_circular,
    doubly_block_circulant,
    doubly_block_toeplitz,
    toeplitz,
)
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

SHAPES = [
    ((6,), (3,)),
    ((5,), (1,)),
    ((4,), (4,)),
    ((1,), (1,)),
    ((4, 5), (3, 2)),
    ((3, 4), (3, 4)),
    ((5, 3), (1, 2)),
]


def by_definition(image: Array, kernel: Array) -> Array:
    """Sum the products one at a time; pixels are counted modulo the size of the image."""
    out = np.zeros(image.shape, np.int64)
    for position in np.ndindex(*image.shape):
        for tap in np.ndindex(*kernel.shape):
            pixel = tuple((i - u) % size for i, u, size in zip(position, tap, image.shape, strict=True))
            out[position] += image[pixel] * kernel[tap]
    return out


def matrix_of(kernel: Any, shape: tuple[int, ...]) -> Any:
    return circulant(kernel, shape[0]) if len(shape) == 1 else doubly_block_circulant(kernel, shape)


@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_circular_convolution_is_its_definition(
    xp: Any, shape: tuple[int, ...], taps: tuple[int, ...]
) -> None:
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    out = convolve_circular(xp.asarray(image), xp.asarray(kernel))
    assert_array_equal(as_numpy(out), by_definition(image, kernel))


@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_the_matrix_times_an_image_is_circular_convolution(
    xp: Any, shape: tuple[int, ...], taps: tuple[int, ...]
) -> None:
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    out = xp.matmul(matrix_of(xp.asarray(kernel), shape), xp.asarray(image.ravel()))
    assert_array_equal(as_numpy(out), by_definition(image, kernel).ravel())


def test_scipy_wraps_and_turns_in_the_same_way() -> None:
    kernel = whole_numbers((4,))
    assert_array_equal(circulant(kernel, 6), scipy.linalg.circulant(np.append(kernel, [0, 0])))
    image, taps = whole_numbers((6, 5)), whole_numbers((3, 2), 1)
    # SciPy's window starts at the middle of the kernel; ours starts at its first tap.
    expected = scipy.ndimage.convolve(image, taps, mode="wrap", origin=(-1, -1))
    assert_array_equal(convolve_circular(image, taps), expected)


def test_channels_are_summed_and_batches_kept_apart(xp: Any) -> None:
    images, kernels = whole_numbers((2, 3, 4, 5)), whole_numbers((6, 3, 2, 3), 1)
    expected = np.array(
        [
            [sum(map(by_definition, image, kernel), np.zeros((4, 5), np.int64)) for kernel in kernels]
            for image in images
        ]
    )
    assert_array_equal(as_numpy(convolve_circular(xp.asarray(images), xp.asarray(kernels))), expected)


@pytest.mark.parametrize(("shape", "taps"), [case for case in SHAPES if len(case[0]) == 1])
def test_each_row_of_a_circulant_matrix_is_the_one_above_turned(
    shape: tuple[int, ...], taps: tuple[int, ...]
) -> None:
    matrix = matrix_of(whole_numbers(taps), shape)
    assert_array_equal(np.roll(matrix, (1, 1), axis=(0, 1)), matrix)


def test_the_blocks_are_circulant_and_turn_too() -> None:
    kernel, (height, width) = whole_numbers((3, 2)), (4, 5)
    blocks = doubly_block_circulant(kernel, (height, width)).reshape(height, width, height, width)
    for row, column in np.ndindex(height, height):
        tap = (row - column) % height
        expected = circulant(kernel[tap], width) if tap < 3 else np.zeros((width, width))
        assert_array_equal(blocks[row, :, column, :], expected)


@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_the_fourier_transform_diagonalises_the_matrix(shape: tuple[int, ...], taps: tuple[int, ...]) -> None:
    kernel = whole_numbers(taps)
    size = int(np.prod(shape))
    waves = (
        np.fft.ifftn(np.eye(size).reshape(size, *shape), axes=range(1, len(shape) + 1)).reshape(size, size).T
    )
    eigenvalues = np.fft.fftn(kernel, shape, axes=range(len(shape))).ravel()
    assert_allclose(matrix_of(kernel, shape) @ waves, waves * eigenvalues, atol=1e-12)


@given(st.data(), st.integers(1, 6))
def test_circulant_matrices_commute_and_their_products_are_circulant(data: st.DataObject, size: int) -> None:
    one, other = (
        circulant(data.draw(arrays(np.int64, st.integers(1, size), elements=st.integers(-9, 9))), size)
        for _ in range(2)
    )
    product = one @ other
    assert_array_equal(product, other @ one)
    assert_array_equal(product, circulant(product[:, 0], size))


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 3))
def test_with_enough_zeros_behind_the_signal_the_result_is_that_of_mode_full(
    size: int, taps: int, more: int
) -> None:
    signal, kernel = whole_numbers((size,)), whole_numbers((taps,), 1)
    longer = np.pad(signal, (0, taps - 1 + more))
    expected = np.pad(convolve(signal, kernel, mode="full"), (0, more))
    assert_array_equal(convolve_circular(longer, kernel), expected)
    assert_array_equal(circulant(kernel, len(longer))[:, :size][: size + taps - 1], toeplitz(kernel, size))


def test_with_enough_zeros_around_an_image_the_result_is_that_of_mode_full() -> None:
    image, kernel = whole_numbers((4, 5)), whole_numbers((3, 2), 1)
    longer = np.pad(image, ((0, 2), (0, 1)))
    assert_array_equal(convolve_circular(longer, kernel), convolve(image, kernel, mode="full"))


def test_one_zero_too_few_mixes_the_edges() -> None:
    signal, kernel = np.array([1, 2, 3, 4]), np.array([1, 10, 100])
    assert convolve(signal, kernel, mode="full").tolist() == [1, 12, 123, 234, 340, 400]
    assert convolve_circular(np.append(signal, 0), kernel).tolist() == [1 + 400, 12, 123, 234, 340]


@pytest.mark.parametrize(("shape", "taps"), [((7,), (3,)), ((5, 6), (2, 4))])
def test_away_from_the_near_edges_the_result_is_that_of_mode_valid(
    shape: tuple[int, ...], taps: tuple[int, ...]
) -> None:
    image, kernel = whole_numbers(shape), whole_numbers(taps, 1)
    inside = tuple(slice(count - 1, None) for count in taps)
    assert_array_equal(convolve_circular(image, kernel)[inside], convolve(image, kernel))


def test_the_matrix_with_zeros_around_the_image_is_not_circulant() -> None:
    kernel, shape = np.arange(1, 10).reshape(3, 3), (4, 4)
    with_zeros = doubly_block_toeplitz(kernel, shape, mode="same")
    # The same centre: circular convolution, turned back by one pixel along both axes.
    turned = np.roll(doubly_block_circulant(kernel, shape).reshape(4, 4, 16), (-1, -1), axis=(0, 1)).reshape(
        16, 16
    )
    assert not np.array_equal(with_zeros, turned)
    assert_array_equal(with_zeros[with_zeros != 0], turned[with_zeros != 0])
    inner = [5, 6, 9, 10]
    assert_array_equal(with_zeros[inner], turned[inner])


def test_the_transpose_is_the_matrix_of_circular_cross_correlation() -> None:
    signal, kernel = whole_numbers((6,)), whole_numbers((3,), 1)
    expected = [sum(signal[(i + u) % 6] * kernel[u] for u in range(3)) for i in range(6)]
    assert_array_equal(circulant(kernel, 6).T @ signal, expected)


def test_integers_have_64_bits_and_floats_stay() -> None:
    assert circulant(np.ones(2, np.uint8), 3).dtype == np.int64
    assert doubly_block_circulant(np.ones((2, 2), np.float32), (3, 3)).dtype == np.float32
    assert (
        convolve_circular(np.full(3, 255, np.uint8), np.full(3, 255, np.uint8)).tolist() == [3 * 255**2] * 3
    )


def test_inputs_are_neither_modified_nor_returned() -> None:
    image, kernel = whole_numbers((3, 4)), np.ones((1, 1), np.int64)
    before = image.copy()
    image.flags.writeable = kernel.flags.writeable = False
    assert not np.shares_memory(convolve_circular(image, kernel), image)
    doubly_block_circulant(kernel, (3, 4))
    assert_array_equal(image, before)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: circulant([1, 2, 3], 2),
            ShapeError,
            r"kernel must not be larger than size, .* around the edge; got \(3,\) for \(2,\)",
        ),
        (
            lambda: doubly_block_circulant(np.ones((1, 4)), (3, 3)),
            ShapeError,
            r"kernel must not be larger than shape, .* got \(1, 4\) for \(3, 3\)",
        ),
        (
            lambda: convolve_circular(np.ones((3, 3)), np.ones((4, 1))),
            ShapeError,
            r"kernel must not be larger than image, .* got \(4, 1\) for \(3, 3\)",
        ),
        (lambda: circulant([[1]], 2), ShapeError, r"kernel must have shape \(K,\); got shape \(1, 1\)"),
        (lambda: circulant([1], 1.5), ParameterError, "size must be an integer >= 1; got 1.5"),
        (lambda: circulant([True], 2), ParameterError, "kernel must hold real numbers"),
        (
            lambda: circulant([1], 2**14),
            ShapeError,
            r"size must give a matrix of at most 134217728 entries; got 16384, which gives 16384 \* 16384",
        ),
        (
            lambda: doubly_block_circulant([[1]], (108, 108)),
            ShapeError,
            r"shape must give a matrix .* got \(108, 108\), which gives 11664 \* 11664 = 136048896",
        ),
        (lambda: doubly_block_circulant([[1]], [3]), ShapeError, r"shape must be \(H, W\)"),
        (
            lambda: convolve_circular(np.ones((3, 3)), [1]),
            ShapeError,
            "kernel must have as many axes as image",
        ),
    ],
)
def test_wrong_arguments_are_refused(call: Any, error: type[CourseError], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
