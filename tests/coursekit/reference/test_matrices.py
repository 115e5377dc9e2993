"""The Toeplitz matrices against the operations that they write out, and the structure that names them."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import convolve, correlate
from coursekit.reference.matrices import doubly_block_toeplitz, toeplitz
from coursekit.reference.matrices.checks import ENTRIES_LIMIT, check_entries
from tests.coursekit.libraries import as_numpy, whole_numbers

MODES = ["full", "same", "valid"]


def test_the_worked_example_of_the_lecture() -> None:
    x, y, z = 2, 3, 5
    banded = [
        [y, z, 0, 0, 0, 0],
        [x, y, z, 0, 0, 0],
        [0, x, y, z, 0, 0],
        [0, 0, x, y, z, 0],
        [0, 0, 0, x, y, z],
        [0, 0, 0, 0, x, y],
    ]
    assert toeplitz([z, y, x], 6, mode="same").tolist() == banded
    assert toeplitz([x, y, z], 6, mode="same", flip=False).tolist() == banded


@pytest.mark.parametrize("flip", [True, False], ids=["convolve", "correlate"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2, 5])
@pytest.mark.parametrize(("size", "taps"), [(8, 3), (9, 4), (7, 1), (7, 4)])
def test_the_matrix_times_a_signal_is_the_operation(
    xp: Any, size: int, taps: int, stride: int, dilation: int, mode: Any, flip: bool
) -> None:
    signal, kernel = xp.asarray(whole_numbers((size,))), xp.asarray(whole_numbers((taps,), 1))
    parameters: dict[str, Any] = {"mode": mode, "stride": stride, "dilation": dilation}
    matrix = toeplitz(kernel, size, flip=flip, **parameters)
    expected = (convolve if flip else correlate)(signal, kernel, **parameters)
    assert matrix.shape == (expected.shape[0], size)
    assert_array_equal(as_numpy(xp.matmul(matrix, signal)), as_numpy(expected))


@pytest.mark.parametrize("padding", [0, 2, ((0, 3),), ((9, 1),)])
@pytest.mark.parametrize("stride", [1, 3])
def test_mode_valid_takes_any_padding(stride: int, padding: Any) -> None:
    signal, kernel = whole_numbers((6,)), whole_numbers((3,), 1)
    matrix = toeplitz(kernel, 6, mode="valid", padding=padding, stride=stride)
    expected = convolve(signal, kernel, padding=padding, stride=stride)
    assert_array_equal(matrix @ signal, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("taps", [1, 2, 3, 6])
def test_the_matrix_is_the_one_of_scipy(taps: int, mode: Any) -> None:
    kernel = whole_numbers((taps,))
    assert_array_equal(toeplitz(kernel, 6, mode=mode), scipy.linalg.convolution_matrix(kernel, 6, mode))


@pytest.mark.parametrize("mode", MODES)
def test_every_diagonal_is_constant(mode: Any) -> None:
    matrix = toeplitz([4, -1, 7, 2], 6, mode=mode)
    assert_array_equal(matrix[1:, 1:], matrix[:-1, :-1])


def test_a_stride_keeps_some_rows_and_changes_none() -> None:
    matrix = toeplitz([4, -1, 7], 9)
    assert_array_equal(toeplitz([4, -1, 7], 9, stride=3), matrix[::3])


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.integers(1, 6),
)
def test_one_convolution_after_another_is_the_product_of_their_matrices(
    first: list[int], second: list[int], size: int
) -> None:
    both = (
        convolve(first, second, mode="full")
        if len(first) >= len(second)
        else convolve(second, first, mode="full")
    )
    product = toeplitz(second, size + len(first) - 1) @ toeplitz(first, size)
    assert_array_equal(product, toeplitz(both, size))


SHAPES = [((4, 5), (3, 2)), ((3, 3), (1, 3)), ((5, 3), (2, 2)), ((3, 4), (3, 4))]


@pytest.mark.parametrize("flip", [True, False], ids=["convolve", "correlate"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stride", [1, (2, 3)])
@pytest.mark.parametrize(("shape", "taps"), SHAPES)
def test_the_matrix_times_a_flattened_image_is_the_operation(
    xp: Any, shape: tuple[int, int], taps: tuple[int, int], stride: Any, mode: Any, flip: bool
) -> None:
    image, kernel = xp.asarray(whole_numbers(shape)), xp.asarray(whole_numbers(taps, 1))
    matrix = doubly_block_toeplitz(kernel, shape, mode=mode, stride=stride, flip=flip)
    expected = (convolve if flip else correlate)(image, kernel, mode=mode, stride=stride)
    out = xp.matmul(matrix, xp.reshape(image, (-1,)))
    assert_array_equal(as_numpy(out), as_numpy(expected).ravel())


@given(st.data())
def test_any_geometry_of_a_2d_convolution_has_its_matrix(data: st.DataObject) -> None:
    def pair(least: int, most: int) -> tuple[int, int]:
        return data.draw(st.tuples(st.integers(least, most), st.integers(least, most)))

    parameters: dict[str, Any] = {
        "mode": "valid",
        "stride": pair(1, 3),
        "dilation": pair(1, 2),
        "padding": (pair(3, 5), pair(3, 5)),
    }
    shape = pair(1, 5)
    image, kernel = whole_numbers(shape), whole_numbers(pair(1, 4), 1)
    matrix = doubly_block_toeplitz(kernel, shape, **parameters)
    assert_array_equal(matrix @ image.ravel(), convolve(image, kernel, **parameters).ravel())


@pytest.mark.parametrize("mode", MODES)
def test_the_blocks_are_toeplitz_and_equal_along_their_diagonals(mode: Any) -> None:
    kernel, (height, width) = whole_numbers((3, 2)), (4, 5)
    matrix = doubly_block_toeplitz(kernel, (height, width), mode=mode)
    rows = {"full": 6, "same": 4, "valid": 2}[mode]
    blocks = matrix.reshape(rows, -1, height, width).swapaxes(1, 2)
    shift = {"full": 0, "same": 1, "valid": 2}[mode]
    for row, column in np.ndindex(rows, height):
        tap = row + shift - column
        inner = toeplitz(kernel[tap], width, mode=mode) if 0 <= tap < 3 else np.zeros_like(blocks[0, 0])
        assert_array_equal(blocks[row, column], inner)


def test_an_image_of_one_row_gives_the_toeplitz_matrix_itself() -> None:
    assert_array_equal(doubly_block_toeplitz([[3, 1, 4]], (1, 7)), toeplitz([3, 1, 4], 7))


@pytest.mark.parametrize(
    ("dtype", "matrix_dtype"),
    [
        (np.int8, np.int64),
        (np.uint64, np.uint64),
        (np.float16, np.float16),
        (np.float32, np.float32),
        (np.float64, np.float64),
    ],
)
def test_the_dtype_is_that_of_the_kernel_with_wide_integers(dtype: Any, matrix_dtype: Any) -> None:
    assert toeplitz(np.ones(2, dtype), 3).dtype == matrix_dtype
    assert doubly_block_toeplitz(np.ones((2, 2), dtype), (3, 3)).dtype == matrix_dtype


def test_a_kernel_that_must_not_be_written_to_stays_as_it_is() -> None:
    kernel = whole_numbers((2, 3))
    before = kernel.copy()
    kernel.flags.writeable = False
    doubly_block_toeplitz(kernel, (4, 4))
    toeplitz(kernel[0], 4)
    assert_array_equal(kernel, before)


@pytest.mark.parametrize(
    ("kernel", "size", "parameters", "error", "message"),
    [
        ([[1]], 3, {}, ShapeError, r"kernel must have shape \(K,\); got shape \(1, 1\)"),
        ([], 3, {}, ShapeError, r"kernel must not be empty; got shape \(0,\)"),
        ([1j], 3, {}, ParameterError, "kernel must hold real numbers"),
        ([1], 0, {}, ParameterError, "size must be an integer >= 1; got 0"),
        ([1], (3,), {}, ParameterError, r"size must be an integer >= 1; got \(3,\)"),
        (
            [1],
            3,
            {"mode": "circular"},
            ParameterError,
            "mode must be 'valid', 'same' or 'full'; got 'circular'",
        ),
        ([1], 3, {"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        ([1, 2], 3, {"padding": 1}, ParameterError, "padding must be 0 with mode='full'"),
        ([1, 2, 3, 4], 3, {"mode": "valid"}, ShapeError, "the kernel must fit inside the padded input"),
        (
            [1, 2, 3],
            20_000,
            {},
            ShapeError,
            (
                r"size must give a matrix of at most 134217728 entries; "
                r"got 20000, which gives 20002 \* 20000 = 400040000; the operation itself needs no matrix"
            ),
        ),
    ],
)
def test_wrong_arguments_of_toeplitz_are_refused(
    kernel: Any, size: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        toeplitz(kernel, size, **parameters)


@pytest.mark.parametrize(
    ("kernel", "shape", "error", "message"),
    [
        ([1], (3, 3), ShapeError, r"kernel must have shape \(KH, KW\); got shape \(1,\)"),
        ([[1]], 3, ShapeError, r"shape must be \(H, W\), rows before columns; got 3"),
        ([[1]], (3, 3, 3), ShapeError, r"shape must be \(H, W\), rows before columns; got \(3, 3, 3\)"),
        ([[1]], (3, 0), ParameterError, r"shape\[1\] must be an integer >= 1; got 0"),
        (
            [[1]],
            (224, 224),
            ShapeError,
            (
                r"shape must give a matrix of at most 134217728 entries; got \(224, 224\), "
                r"which gives 50176 \* 50176 = 2517630976"
            ),
        ),
    ],
)
def test_wrong_arguments_of_doubly_block_toeplitz_are_refused(
    kernel: Any, shape: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        doubly_block_toeplitz(kernel, shape)


def test_the_limit_itself_is_allowed_and_one_row_more_is_not() -> None:
    rows, columns = 2**13, 2**14
    assert rows * columns == ENTRIES_LIMIT
    check_entries("size", columns, rows, columns)
    with pytest.raises(ShapeError, match="size must give a matrix"):
        check_entries("size", columns, rows + 1, columns)


@pytest.mark.parametrize("name", ["toeplitz", "circulant"])
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"coursekit.reference.matrices.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
