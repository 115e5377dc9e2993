"""The rectified linear unit and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.relu import relu, relu_gradient
from tests.coursekit.libraries import as_numpy, whole_numbers

SHAPES = pytest.mark.parametrize("shape", [(), (7,), (4, 5), (2, 3, 4, 5), (0, 3)])


@SHAPES
def test_relu_keeps_what_is_positive(xp: Any, shape: tuple[int, ...]) -> None:
    maps = whole_numbers(shape)
    expected = [max(0, int(number)) for number in maps.flat]
    got = as_numpy(relu(xp.asarray(maps)))
    assert_array_equal(got, np.array(expected, np.int64).reshape(shape), strict=True)


@SHAPES
def test_the_gradient_passes_where_a_number_is_above_zero(xp: Any, shape: tuple[int, ...]) -> None:
    maps, sent = whole_numbers(shape, largest=1), whole_numbers(shape, 1)
    expected = [int(b) if a > 0 else 0 for a, b in zip(maps.flat, sent.flat, strict=True)]
    got = as_numpy(relu_gradient(xp.asarray(sent), xp.asarray(maps)))
    assert_array_equal(got, np.array(expected, np.int64).reshape(shape), strict=True)


def test_the_gradient_at_zero_is_zero_and_nan_passes(xp: Any) -> None:
    maps = xp.asarray(np.array([-1.0, -0.0, 0.0, 2.0, np.nan, np.inf]))
    sent = xp.asarray(np.array([np.inf, 5.0, np.nan, 7.0, 8.0, 9.0]))
    assert_array_equal(as_numpy(relu(maps)), [0, 0, 0, 2, np.nan, np.inf])
    assert_array_equal(as_numpy(relu_gradient(sent, maps)), [0, 0, 0, 7, 8, 9])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.uint64, np.int64, np.float32, np.float64])
def test_the_dtype_stays(xp: Any, dtype: Any) -> None:
    maps = xp.asarray(np.array([0, 3], dtype))
    assert_array_equal(as_numpy(relu(maps)), np.array([0, 3], dtype), strict=True)
    sent = xp.asarray(np.array([5, 6], dtype))
    got = relu_gradient(sent, xp.asarray(np.array([0.0, 3.0])))
    assert_array_equal(as_numpy(got), np.array([0, 6], dtype), strict=True)


def test_half_precision_stays_too() -> None:
    assert_array_equal(relu(np.array([-1, 2], np.float16)), np.array([0, 2], np.float16), strict=True)


def test_the_inputs_are_never_modified_nor_returned() -> None:
    maps, sent = np.abs(whole_numbers((4, 5))) + 1, whole_numbers((4, 5), 1)
    before = maps.copy(), sent.copy()
    maps.flags.writeable = sent.flags.writeable = False
    for output in (relu(maps), relu_gradient(sent, maps)):
        assert output.flags.writeable
        assert not np.shares_memory(output, maps)
        assert not np.shares_memory(output, sent)
    assert_array_equal(maps, before[0])
    assert_array_equal(sent, before[1])


def test_views_and_lists_are_arrays_too() -> None:
    assert relu([[1, -2], [-3, 4]]).tolist() == [[1, 0], [0, 4]]
    maps = whole_numbers((6, 8))[::2, ::-3]
    assert_array_equal(relu(maps), relu(maps.copy()))
    assert_array_equal(relu(np.broadcast_to(np.int64(3), (2, 2))), np.full((2, 2), 3))


def test_wrong_arrays_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"maps must hold real numbers .* got dtype complex128"):
        relu(np.ones(3) * 1j)
    with pytest.raises(ShapeError, match="maps must be an array: rows of one length"):
        relu([[1], [2, 3]])
    with pytest.raises(ParameterError, match=r"gradient must hold real numbers .* got dtype bool"):
        relu_gradient(np.ones(3, bool), np.ones(3))
    with pytest.raises(
        ShapeError, match=r"gradient must have the shape of the result, \(2, 3\); got .* \(3,\)"
    ):
        relu_gradient(np.ones(3), np.ones((2, 3)))


@pytest.mark.torch
def test_relu_and_its_gradient_are_the_same_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    maps, sent = whole_numbers((4, 5), largest=2).astype(float), whole_numbers((4, 5), 1).astype(float)
    maps[0, 0] = np.nan
    leaf = torch.from_numpy(maps).requires_grad_()
    output = torch.relu(leaf)
    (expected,) = torch.autograd.grad(output, leaf, torch.from_numpy(sent))
    assert_array_equal(relu(maps), output.detach().numpy(), strict=True)
    assert_array_equal(relu_gradient(sent, maps), expected.numpy(), strict=True)
