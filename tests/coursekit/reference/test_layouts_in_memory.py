"""Every operation on arrays that do not lie in memory row by row or are empty, in every library and dtype.

It needs nothing but NumPy and pytest, so that a bare machine with a GPU runs all of it on CuPy: for floats
the kernels of `coursekit.reference.cuda`, for integers and volumes the operations of CuPy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit import reference
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

Shape = tuple[int, ...]
IMAGE, KERNEL, SENT = (2, 4, 7, 6), (6, 2, 3, 2), (2, 6, 4, 7)
STEPS: dict[str, Any] = {"stride": (2, 1), "padding": 1, "groups": 2}
POOL: dict[str, Any] = {"stride": (2, 1), "padding": 1}
POOLED = (2, 4, 4, 6)

# name of the operation, shapes of the arrays that it is given, its other arguments
CASES: list[tuple[str, tuple[Shape, ...], tuple[Any, ...], dict[str, Any]]] = [
    ("average_pool", (IMAGE,), (3,), POOL),
    ("average_pool_gradient", (POOLED,), ((7, 6), 3), POOL),
    ("circulant", ((3,),), (7,), {}),
    ("col2im", ((2, 24, 30),), ((2, 4, 7, 6), (3, 2)), {"dilation": (1, 1), "padding": ((0, 0), (0, 1))}),
    ("conv1x1", (IMAGE, (5, 4), (5,)), (), {}),
    ("conv_transpose", ((2, 6, 4, 7), KERNEL, (4,)), (), STEPS),
    ("conv_transpose", ((2, 6, 4, 5), KERNEL), (), {"groups": 2}),
    ("convolve", (IMAGE, KERNEL, (6,)), (), STEPS),
    ("convolve_circular", (IMAGE, (3, 4, 2, 3)), (), {}),
    ("correlate", (IMAGE, KERNEL, (6,)), (), STEPS),
    ("correlate", ((11,), (3,)), (), {"dilation": 2}),
    ("correlate", ((2, 3, 4, 5, 4), (2, 3, 2, 3, 2)), (), {"padding": 1}),
    ("correlate", ((1, 2, 40, 40), (1, 2, 21, 21)), (), {}),
    ("correlate_bias_gradient", (SENT,), (2,), {}),
    ("correlate_gradients", (SENT, IMAGE, KERNEL), (), STEPS),
    ("correlate_input_gradient", (SENT, KERNEL), ((7, 6),), STEPS),
    ("correlate_kernel_gradient", (SENT, IMAGE), ((3, 2),), STEPS),
    ("depthwise", (IMAGE, (4, 3, 2), (4,)), (), POOL),
    ("doubly_block_circulant", ((2, 3),), ((4, 5),), {}),
    ("doubly_block_toeplitz", ((2, 3),), ((4, 5),), {}),
    ("global_average_pool", (IMAGE,), (), {}),
    ("global_average_pool_gradient", ((2, 4),), ((7, 6),), {}),
    ("global_max_pool", (IMAGE,), (), {}),
    ("global_max_pool_gradient", ((2, 4), IMAGE), (), {}),
    ("im2col", (IMAGE,), ((3, 2),), POOL),
    ("max_pool", (IMAGE,), (3,), POOL),
    ("max_pool_gradient", (POOLED, IMAGE), (3,), POOL),
    ("max_pool_gradient", (POOLED, IMAGE), (3,), {**POOL, "ties": "all"}),
    ("max_pool_with_positions", (IMAGE,), (3,), POOL),
    ("maxout", (IMAGE,), (2,), {}),
    ("maxout_gradient", ((2, 2, 7, 6), IMAGE), (2,), {}),
    ("relu", (IMAGE,), (), {}),
    ("relu_gradient", (IMAGE, IMAGE), (), {}),
    ("tiled", ((2, 3, 5, 6), (2, 3, 4, 3, 2, 2), (4,)), (), {}),
    ("toeplitz", ((3,),), (7,), {}),
    ("unshared", ((2, 3, 4, 3), (3, 2, 4, 3, 2, 2), (4,)), (), {}),
]
COMPUTE_NO_ARRAYS = {"algorithm_for", "gabor", "grating"}
DTYPES = ("float16", "float32", "float64", "int8", "uint8", "int64", "uint64")
TOLERANCE = {"float16": 4e-3, "float32": 2e-5, "float64": 1e-12}


def reversed_(xp: Any, numbers: Array) -> Any:
    backwards = (slice(None, None, -1),) * numbers.ndim
    return xp.asarray(np.ascontiguousarray(numbers[backwards]))[backwards]


def every_other(xp: Any, numbers: Array) -> Any:
    between = np.full((*numbers.shape, 2), 99, numbers.dtype)
    between[..., 0] = numbers
    return xp.asarray(between.reshape(*numbers.shape[:-1], -1))[..., ::2]


def columns_first(xp: Any, numbers: Array) -> Any:
    return xp.permute_dims(xp.asarray(np.ascontiguousarray(numbers.T)), tuple(range(numbers.ndim))[::-1])


def all_at_one_place(xp: Any, numbers: Array) -> Any:
    return xp.broadcast_to(xp.asarray(numbers.ravel()[0]), numbers.shape)


LAYOUTS = [reversed_, every_other, columns_first, all_at_one_place]


def pairs_of(found: Any, expected: Any) -> list[tuple[Any, Any]]:
    """Return each array found with the one expected: an operation may return several."""
    return list(zip(found, expected, strict=True)) if isinstance(found, tuple) else [(found, expected)]


def test_there_is_a_case_for_every_operation() -> None:
    assert {name for name, *_ in CASES} == set(reference.__all__) - COMPUTE_NO_ARRAYS


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize(("name", "shapes", "others", "parameters"), CASES, ids=str)
def test_an_operation_reads_numbers_where_they_are(
    xp: Any,
    name: str,
    shapes: tuple[Shape, ...],
    others: tuple[Any, ...],
    parameters: dict[str, Any],
    layout: Callable[[Any, Array], Any],
) -> None:
    operation = getattr(reference, name)
    for dtype in (dtype for dtype in DTYPES if hasattr(xp, dtype)):
        numbers = [whole_numbers(shape, seed, largest=5) for seed, shape in enumerate(shapes)]
        numbers = [(np.abs(array) if dtype[0] == "u" else array).astype(dtype) for array in numbers]
        given = [layout(xp, array) for array in numbers]
        numbers = [as_numpy(array).copy() for array in given]
        expected = operation(*numbers, *others, **parameters)
        found = operation(*given, *others, **parameters)
        for got, wanted in pairs_of(found, expected):
            assert isinstance(got, type(xp.asarray(numbers[0])))
            there = as_numpy(got)
            assert there.dtype == wanted.dtype, dtype
            rounds = TOLERANCE.get(dtype, 1e-12) * (1 + np.abs(wanted).max())
            assert_allclose(there, wanted, rtol=0, atol=rounds, strict=True, err_msg=dtype)
        for array, before in zip(given, numbers, strict=True):
            assert_array_equal(as_numpy(array), before)


BATCHES = {
    IMAGE,
    SENT,
    POOLED,
    (2, 6, 4, 5),
    (2, 3, 5, 6),
    (2, 3, 4, 3),
    (2, 3, 4, 5, 4),
    (2, 4),
    (2, 2, 7, 6),
}


@pytest.mark.parametrize(
    ("name", "shapes", "others", "parameters"), [case for case in CASES if case[1][0] in BATCHES], ids=str
)
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_an_empty_batch_gives_what_numpy_gives(
    xp: Any,
    name: str,
    shapes: tuple[Shape, ...],
    others: tuple[Any, ...],
    parameters: dict[str, Any],
    dtype: str,
) -> None:
    numbers = [np.ones((0, *shape[1:]) if shape in BATCHES else shape, dtype) for shape in shapes]
    operation = getattr(reference, name)
    expected = operation(*numbers, *others, **parameters)
    found = operation(*map(xp.asarray, numbers), *others, **parameters)
    for got, wanted in pairs_of(found, expected):
        assert isinstance(got, type(xp.asarray(numbers[0])))
        assert_array_equal(as_numpy(got), wanted, strict=True)
