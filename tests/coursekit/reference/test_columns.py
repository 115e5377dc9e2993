"""Windows as columns: against the definition, correlation, PyTorch, and the way back as the exact adjoint."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import correlate
from coursekit.reference.columns import col2im, im2col
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

SPATIAL = [((7,), (3,)), ((5, 6), (2, 3)), ((4, 3, 5), (2, 1, 3))]
PARAMETERS: list[dict[str, Any]] = [
    {},
    {"stride": 2},
    {"padding": 2, "dilation": 2},
    {"mode": "same"},
    {"mode": "full", "stride": 3},
]


def by_definition(image: Array, taps: tuple[int, ...], stride: Any, padding: Any, dilation: Any) -> Array:
    """Cut the windows of (C, *spatial) out one after another."""
    image = np.pad(image, [(0, 0), *zip(padding, padding, strict=True)])
    spans = [d * (k - 1) + 1 for k, d in zip(taps, dilation, strict=True)]
    starts = [
        range(0, size - span + 1, s) for size, span, s in zip(image.shape[1:], spans, stride, strict=True)
    ]
    windows = []
    for start in product(*starts):
        cut = [slice(a, a + span, d) for a, span, d in zip(start, spans, dilation, strict=True)]
        windows.append(image[(slice(None), *cut)].ravel())
    return np.array(windows).T


def test_each_column_is_a_window_read_row_by_row() -> None:
    image = np.arange(12).reshape(3, 4)
    assert im2col(image, 2).tolist() == [
        [0, 1, 2, 4, 5, 6],
        [1, 2, 3, 5, 6, 7],
        [4, 5, 6, 8, 9, 10],
        [5, 6, 7, 9, 10, 11],
    ]
    assert im2col([1, 2, 3, 4], [2]).tolist() == [[1, 2, 3], [2, 3, 4]]


@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("spatial", "taps"), SPATIAL)
def test_the_columns_are_the_windows(
    xp: Any, spatial: tuple[int, ...], taps: tuple[int, ...], stride: int, padding: int, dilation: int
) -> None:
    images = whole_numbers((2, 3, *spatial))
    if any(size + 2 * padding < dilation * (k - 1) + 1 for size, k in zip(spatial, taps, strict=True)):
        padding += 2
    axes = len(spatial)
    expected = [
        by_definition(one, taps, [stride] * axes, [padding] * axes, [dilation] * axes) for one in images
    ]
    parameters = {"stride": stride, "padding": padding, "dilation": dilation}
    batch = im2col(xp.asarray(images), taps, **parameters)
    assert_array_equal(as_numpy(batch), np.array(expected))
    assert_array_equal(as_numpy(im2col(xp.asarray(images[0]), taps, **parameters)), expected[0])
    plain = im2col(xp.asarray(images[0, 0]), taps, **parameters)
    assert_array_equal(as_numpy(plain), expected[0][: np.prod(taps)])


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize(("spatial", "taps"), SPATIAL)
def test_a_matrix_product_with_the_columns_is_correlation(
    xp: Any, spatial: tuple[int, ...], taps: tuple[int, ...], parameters: dict[str, Any]
) -> None:
    images = xp.asarray(whole_numbers((2, 3, *spatial)))
    kernel = xp.asarray(whole_numbers((4, 3, *taps), 1))
    expected = correlate(images, kernel, **parameters)
    product = xp.matmul(xp.reshape(kernel, (4, -1)), im2col(images, taps, **parameters))
    assert_array_equal(as_numpy(xp.reshape(product, expected.shape)), as_numpy(expected))


@pytest.mark.parametrize("leading", [(), (3,), (2, 3)], ids=["plain", "single", "batch"])
@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize(("spatial", "taps"), SPATIAL)
def test_the_way_back_is_the_adjoint(
    xp: Any,
    spatial: tuple[int, ...],
    taps: tuple[int, ...],
    parameters: dict[str, Any],
    leading: tuple[int, ...],
) -> None:
    image = whole_numbers((*leading, *spatial))
    columns = as_numpy(im2col(xp.asarray(image), taps, **parameters))
    other = whole_numbers(columns.shape, 1)
    back = as_numpy(col2im(xp.asarray(other), image.shape, taps, **parameters))
    assert back.shape == image.shape
    assert np.sum(columns * other) == np.sum(image * back)


@given(st.data())
def test_the_way_back_is_the_adjoint_for_any_geometry(data: st.DataObject) -> None:
    def pair(least: int, most: int) -> tuple[int, int]:
        return data.draw(st.tuples(st.integers(least, most), st.integers(least, most)))

    image, taps = whole_numbers(pair(1, 5)), pair(1, 3)
    parameters: dict[str, Any] = {
        "stride": pair(1, 3),
        "dilation": pair(1, 2),
        "padding": (pair(2, 4), pair(2, 4)),
    }
    columns = im2col(image, taps, **parameters)
    other = whole_numbers(columns.shape, 1)
    assert np.sum(columns * other) == np.sum(image * col2im(other, image.shape, taps, **parameters))


def test_there_and_back_counts_the_windows_that_each_pixel_lies_in() -> None:
    ones = np.ones((4, 5), int)
    assert col2im(im2col(ones, (2, 3)), (4, 5), (2, 3)).tolist() == [
        [1, 2, 3, 2, 1],
        [2, 4, 6, 4, 2],
        [2, 4, 6, 4, 2],
        [1, 2, 3, 2, 1],
    ]
    skipped = col2im(im2col(ones, 2, stride=2), (4, 5), 2, stride=2)
    assert skipped.tolist() == [[1, 1, 1, 1, 0]] * 4


def test_windows_side_by_side_come_back_as_they_were() -> None:
    images = whole_numbers((2, 3, 4, 6))
    assert_array_equal(
        col2im(im2col(images, (2, 3), stride=(2, 3)), images.shape, (2, 3), stride=(2, 3)), images
    )


@pytest.mark.torch
@pytest.mark.parametrize(
    "parameters",
    [{}, {"stride": 2, "padding": 1}, {"dilation": (2, 1), "padding": (2, 0), "stride": (1, 3)}],
    ids=str,
)
def test_pytorch_unfolds_and_folds_in_the_same_order(parameters: dict[str, Any]) -> None:
    functional = pytest.importorskip("torch").nn.functional
    torch = pytest.importorskip("torch")
    images = whole_numbers((2, 3, 6, 7)).astype(np.float64)
    columns = functional.unfold(torch.from_numpy(images), (3, 2), **parameters)
    assert_array_equal(im2col(images, (3, 2), **parameters), columns.numpy())
    other = whole_numbers(tuple(columns.shape), 1).astype(np.float64)
    expected = functional.fold(torch.from_numpy(other), (6, 7), (3, 2), **parameters)
    assert_array_equal(col2im(other, images.shape, (3, 2), **parameters), expected.numpy())


def test_an_empty_batch_gives_empty_columns_and_comes_back(xp: Any) -> None:
    columns = im2col(xp.zeros((0, 3, 4, 5)), (2, 2))
    assert columns.shape == (0, 12, 12)
    assert col2im(columns, (0, 3, 4, 5), (2, 2)).shape == (0, 3, 4, 5)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32])
def test_columns_have_the_dtype_of_the_image_and_the_way_back_sums_wide(dtype: Any) -> None:
    image = np.full((3, 3), 200, dtype)
    columns = im2col(image, 2)
    assert columns.dtype == dtype
    back = col2im(columns, (3, 3), 2)
    assert back.dtype == (np.int64 if np.issubdtype(dtype, np.integer) else dtype)
    assert back[1, 1] == 800


def test_inputs_are_neither_modified_nor_returned() -> None:
    image = whole_numbers((3, 4))
    before = image.copy()
    image.flags.writeable = False
    columns = im2col(image, 1)
    assert not np.shares_memory(columns, image)
    columns.flags.writeable = False
    back = col2im(columns, (3, 4), 1)
    assert not np.shares_memory(back, columns)
    assert_array_equal(image, before)
    assert_array_equal(back, before)


@pytest.mark.parametrize(
    ("image", "kernel_size", "parameters", "error", "message"),
    [
        (
            np.ones(5),
            2,
            {},
            ShapeError,
            (
                r"image must be \(\*spatial\), .* with 2 spatial axes for kernel_size \(2, 2\); "
                r"got shape \(5,\); for a signal give kernel_size \(K,\)"
            ),
        ),
        (np.ones((1, 1, 1, 5)), [2], {}, ShapeError, r"with 1 spatial axes for .* got shape \(1, 1, 1, 5\)$"),
        (np.ones((0, 4, 4)), 2, {}, ShapeError, r"image must not be empty; got shape \(0, 4, 4\)"),
        (np.ones((3, 3)), (), {}, ShapeError, r"kernel_size must be an integer or 1 to 3 integers; got \(\)"),
        (np.ones((3, 3)), 0, {}, ParameterError, "kernel_size must be an integer >= 1; got 0"),
        (np.ones((3, 3)), (2, 1.0), {}, ParameterError, r"kernel_size\[1\] must be an integer >= 1; got 1.0"),
        (np.ones((3, 3)), (2, 4), {}, ShapeError, "axis 1: the kernel must fit inside the padded input"),
        (np.ones((3, 3)), 2, {"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        (np.ones((3, 3), bool), 2, {}, ParameterError, "image must hold real numbers"),
    ],
)
def test_wrong_arguments_of_im2col_are_refused(
    image: Any, kernel_size: Any, parameters: dict[str, Any], error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        im2col(image, kernel_size, **parameters)


@pytest.mark.parametrize(
    ("columns", "shape", "error", "message"),
    [
        (
            np.ones((4, 5)),
            (3, 3),
            ShapeError,
            r"columns must have shape \(4, 4\) for an image of shape \(3, 3\); got shape \(4, 5\)",
        ),
        (np.ones((4, 4)), (1, 1, 3, 3), ShapeError, r"columns must have shape \(1, 4, 4\) for an image"),
        (np.ones((4, 4)), 3, ShapeError, "shape must be the shape of an image; got 3"),
        (np.ones((4, 4)), (3,), ShapeError, r"shape must be \(\*spatial\), .* got shape \(3,\)"),
        (np.ones((4, 4)), (3, 0), ParameterError, r"shape\[1\] must be an integer >= 1; got 0"),
        (np.ones((4, 4)), (0, 3, 3), ParameterError, r"shape\[0\] must be an integer >= 1; got 0"),
        (np.ones((4, 4)), (-1, 1, 3, 3), ParameterError, r"shape\[0\] must be an integer >= 0; got -1"),
        ([["a"]], (3, 3), ParameterError, "columns must hold real numbers"),
    ],
)
def test_wrong_arguments_of_col2im_are_refused(
    columns: Any, shape: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        col2im(columns, shape, 2)
