"""What the reference operations accept, refuse, and leave alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import array_api_strict
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference import convolve, correlate
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.network import Dense

BOTH = pytest.mark.parametrize("operation", [correlate, convolve])
Operation = Callable[..., Any]


@BOTH
@pytest.mark.parametrize(
    ("image_dtype", "kernel_dtype", "result_dtype"),
    [
        (np.int8, np.int8, np.int64),
        (np.uint8, np.uint8, np.int64),
        (np.uint8, np.int64, np.int64),
        (np.uint64, np.uint8, np.uint64),
        (np.float32, np.float32, np.float32),
        (np.float32, np.int8, np.float32),
        (np.uint8, np.float64, np.float64),
        (np.float32, np.float64, np.float64),
        (np.float16, np.float16, np.float16),
    ],
)
def test_the_dtype_of_the_result_is_as_promised(
    operation: Operation, image_dtype: Any, kernel_dtype: Any, result_dtype: Any
) -> None:
    out = operation(np.ones((4, 5), image_dtype), np.ones((2, 2), kernel_dtype))
    assert out.dtype == result_dtype
    assert_array_equal(out, np.full((3, 4), 4))


@BOTH
def test_eight_bit_photographs_do_not_overflow(operation: Operation) -> None:
    white = np.full((3, 3), 255, np.uint8)
    assert operation(white, white).tolist() == [[9 * 255 * 255]]


@BOTH
@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_the_inputs_are_never_modified_nor_returned(operation: Operation, mode: str) -> None:
    image, kernel = np.arange(20.0).reshape(4, 5), np.ones((1, 1))
    image_before, kernel_before = image.copy(), kernel.copy()
    image.flags.writeable = kernel.flags.writeable = False
    out = operation(image, kernel, mode=mode)
    assert not np.shares_memory(out, image)
    assert_array_equal(image, image_before)
    assert_array_equal(kernel, kernel_before)


@BOTH
def test_nested_lists_are_arrays_too(operation: Operation) -> None:
    assert operation([[1, 2, 3], [4, 5, 6]], [[1, 1]]).tolist() == [[3, 5], [9, 11]]
    assert operation([1, 2, 3], (1, 1)).tolist() == [3, 5]


@BOTH
@pytest.mark.parametrize(
    ("image", "kernel", "error", "message"),
    [
        (
            np.ones((2, 3, 4)),
            np.ones((2, 2, 2)),
            ShapeError,
            r"kernel must have as many channels as image \(3\); got shape \(2, 2, 2\)",
        ),
        (np.float64(3), np.float64(3), ShapeError, r"kernel must be plain, .* got shape \(\)"),
        (np.ones((3, 3)), np.ones(3), ShapeError, r"kernel must have as many axes as image; got \(3,\) for"),
        (
            np.ones(3),
            np.ones((1, 1)),
            ShapeError,
            r"kernel must have as many axes as image; got \(1, 1\) for",
        ),
        (np.ones((0, 3)), np.ones((1, 1)), ShapeError, r"image must not be empty; got shape \(0, 3\)"),
        (np.ones(3), [], ShapeError, r"kernel must not be empty; got shape \(0,\)"),
        ([[1, 2], [3]], [[1]], ShapeError, r"image must be an array: rows of one length"),
        (np.ones(3), ["a"], ParameterError, "kernel must hold real numbers .* got dtype <U1"),
        (np.ones(3) * 1j, np.ones(2), ParameterError, "image must hold real numbers .* got dtype complex128"),
        (np.ones(3), np.array([True]), ParameterError, "kernel must hold real numbers .* got dtype bool"),
        (np.ones(3), [None], ParameterError, "kernel must hold real numbers .* got dtype object"),
        (np.ones((3, 2)), np.ones((2, 3)), ShapeError, "axis 1: the kernel must fit inside the padded input"),
        (
            np.ones((1, 3, 4)),
            np.ones((2, 2)),
            ShapeError,
            (
                r"image must have 1 axis \(N,\) or 2 axes \(H, W\) with a plain kernel \(2, 2\); "
                r"got shape \(1, 3, 4\); for channels give a kernel \(F, C, KH, KW\)"
            ),
        ),
        (
            np.ones((2, 3, 4)),
            np.ones((1, 3, 2, 2, 2)),
            ShapeError,
            (
                r"image must be \(C, \*spatial\) or \(N, C, \*spatial\) with 3 spatial axes "
                r"for a kernel of shape \(1, 3, 2, 2, 2\); got shape \(2, 3, 4\)"
            ),
        ),
        (
            np.ones((3, 4)),
            np.ones((1, 1, 2, 2)),
            ShapeError,
            r"with 2 spatial axes for a kernel of shape \(1, 1, 2, 2\); got shape \(3, 4\)",
        ),
        (
            np.ones((1,) * 6),
            np.ones((1,) * 6),
            ShapeError,
            r"kernel must be plain, \(K,\) or \(KH, KW\), or \(F, C, \*taps\) with 1 to 3 axes of taps; got",
        ),
        (
            np.ones((2, 0, 5)),
            np.ones((1, 1, 2)),
            ShapeError,
            r"image must not be empty; got shape \(2, 0, 5\)",
        ),
        (
            np.ones((0, 1, 0)),
            np.ones((1, 1, 2)),
            ShapeError,
            r"image must not be empty; got shape \(0, 1, 0\)",
        ),
        (np.ones((1, 5)), np.ones((0, 1, 2)), ShapeError, r"kernel must not be empty; got shape \(0, 1, 2\)"),
        (np.ma.ones(4), np.ones(2), ParameterError, r"image must not be masked; fill it first"),
        (np.ones(4), np.ma.ones(2), ParameterError, r"kernel must not be masked; fill it first"),
    ],
)
def test_wrong_arrays_are_refused_with_their_name_and_shape(
    operation: Operation, image: Any, kernel: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        operation(image, kernel)


@BOTH
@pytest.mark.parametrize(
    ("image", "kernel", "groups", "error", "message"),
    [
        ((4, 5, 5), (6, 4, 2, 2), 0, ParameterError, "groups must be an integer >= 1; got 0"),
        ((4, 5, 5), (6, 4, 2, 2), 2.0, ParameterError, "groups must be an integer >= 1; got 2.0"),
        ((4, 5, 5), (6, 4, 2, 2), True, ParameterError, "groups must be an integer >= 1; got True"),
        (
            (4, 5, 5),
            (6, 2, 2, 2),
            3,
            ParameterError,
            (
                "groups must divide the channels of image and the number of kernels; "
                "got 3 for 4 channels and 6 kernels"
            ),
        ),
        ((6, 5, 5), (4, 2, 2, 2), 3, ParameterError, "got 3 for 6 channels and 4 kernels"),
        (
            (4, 5, 5),
            (6, 4, 2, 2),
            2,
            ShapeError,
            (
                r"kernel must have as many channels as image has in a group \(4 / 2 = 2\); "
                r"got shape \(6, 4, 2, 2\)"
            ),
        ),
        ((5, 5), (2, 2), 2, ParameterError, "got 2 for 1 channels and 1 kernels"),
    ],
)
def test_groups_must_deal_out_channels_and_kernels(
    operation: Operation, image: Any, kernel: Any, groups: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        operation(np.ones(image), np.ones(kernel), groups=groups)


@BOTH
@pytest.mark.parametrize(
    ("bias", "error", "message"),
    [
        (1.0, ShapeError, r"bias must have one number per kernel, shape \(2,\); got shape \(\)"),
        ([1.0], ShapeError, r"bias must have one number per kernel, shape \(2,\); got shape \(1,\)"),
        ([[1.0, 2.0]], ShapeError, r"shape \(2,\); got shape \(1, 2\)"),
        ([1j, 2], ParameterError, "bias must hold real numbers .* got dtype complex128"),
        ([[1], [2, 3]], ShapeError, "bias must be an array: rows of one length"),
    ],
)
def test_a_wrong_bias_is_refused(
    operation: Operation, bias: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=message):
        operation(np.ones((3, 5, 5)), np.ones((2, 3, 2, 2)), bias)


@BOTH
def test_arrays_of_two_libraries_are_refused(operation: Operation) -> None:
    ours, theirs = np.ones(4), array_api_strict.ones(4)
    for name, arrays in {"kernel": (theirs, ours), "image": (ours, theirs)}.items():
        with pytest.raises(
            ParameterError,
            match=f"{name} must be a array_api_strict array like the other; "
            "move it with array_api_strict.asarray",
        ):
            operation(*arrays)
    with pytest.raises(ParameterError, match="bias must be a array_api_strict array"):
        operation(theirs, theirs, np.ones(1))


@BOTH
@pytest.mark.parametrize("dtype", ["bool", "complex64", "complex128"])
def test_other_libraries_hold_real_numbers_too(operation: Operation, dtype: str) -> None:
    wrong = array_api_strict.ones(4, dtype=getattr(array_api_strict, dtype))
    with pytest.raises(ParameterError, match=f"image must hold real numbers .* got dtype .*{dtype}"):
        operation(wrong, array_api_strict.ones(2))


@BOTH
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"stride": 1.5}, "stride must be an integer >= 1; got 1.5"),
        ({"stride": (1, 0)}, r"stride\[1\] must be an integer >= 1; got 0"),
        ({"dilation": 0}, "dilation must be an integer >= 1; got 0"),
        ({"padding": -1}, "padding must be an integer >= 0; got -1"),
        ({"padding": "same"}, "padding must be an integer >= 0; got 'same'"),
        (
            {"padding": (1, 1, 1)},
            r"padding must be an integer, or one integer or pair .* per axis \(2\); got",
        ),
        ({"padding": ((1, 2), (1, -1))}, r"padding\[1\]\[1\] must be an integer >= 0; got -1"),
        ({"padding": ((1, 2, 3), 1)}, r"padding\[0\] must be an integer or a pair \(before, after\); got"),
        ({"padding": 0.0}, "padding must be an integer >= 0; got 0.0"),
        ({"stride": (1, 1, 1)}, r"stride must be an integer or one integer per axis \(2\); got \(1, 1, 1\)"),
        ({"stride": True}, "stride must be an integer >= 1; got True"),
        ({"dilation": (1, "2")}, r"dilation\[1\] must be an integer >= 1; got '2'"),
        ({"mode": None}, "mode must be 'valid', 'same' or 'full'; got None"),
        ({"mode": "same", "padding": ((0, 0), (1, 0))}, "padding must be 0 with mode='same'"),
        ({"mode": "SAME"}, "mode must be 'valid', 'same' or 'full'; got 'SAME'"),
        ({"mode": "full", "padding": 1}, "padding must be 0 with mode='full', which sets it itself; got 1"),
    ],
)
def test_wrong_parameters_are_refused_with_rule_and_value(
    operation: Operation, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        operation(np.ones((4, 4)), np.ones((2, 2)), **parameters)


def test_the_array_module_of_numpy_arrays_and_lists_is_numpy() -> None:
    assert array_module(np.ones(1), [1]) is np


def test_a_folder_that_an_uninstalled_cupy_left_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python imports it as a package without anything in it."""
    monkeypatch.setitem(sys.modules, "cupy", ModuleType("cupy"))
    assert array_module(np.ones(1)) is np
    assert correlate([1, 2, 3], [1, 1]).tolist() == [3, 5]


def test_a_dense_layer_names_weights_that_stayed_in_another_library() -> None:
    layer = Dense(3, 2, rng=np.random.default_rng(0))
    with pytest.raises(ParameterError, match="weight must be a array_api_strict array like the other; move"):
        layer.forward(array_api_strict.ones((4, 3)))


class OnGpu(np.ndarray[Any, Any]):
    """Stands for a CuPy array on GPU 1."""

    device: Any = SimpleNamespace(id=1)


def test_arrays_of_another_gpu_than_the_current_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Integers and volumes too, which no kernel of ours computes: CuPy would answer on the current GPU."""
    current = [1]
    cuda = SimpleNamespace(runtime=SimpleNamespace(getDevice=lambda: current[0]))
    cupy: Any = ModuleType("cupy")
    vars(cupy).update(ndarray=OnGpu, cuda=cuda, asarray=lambda value: value)
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    array = np.ones((2, 2), int).view(OnGpu)
    assert real_array("image", array, cupy) is array
    current[0] = 0
    with pytest.raises(
        ParameterError,
        match=r"image must be on CuPy's current GPU, 0; it is on 1: .*`with cupy\.cuda\.Device\(1\):`",
    ):
        real_array("image", array, cupy)


@pytest.mark.gpu
@BOTH
def test_cupy_arrays_stay_on_the_device(operation: Operation) -> None:
    cupy = pytest.importorskip("cupy")
    image, kernel = np.arange(30).reshape(5, 6), np.array([[1, -2, 3], [5, 4, -1]])
    for mode in ("valid", "same", "full"):
        out = operation(cupy.asarray(image), cupy.asarray(kernel), mode=mode)
        assert isinstance(out, cupy.ndarray)
        assert_array_equal(out.get(), operation(image, kernel, mode=mode))
    with pytest.raises(ParameterError, match="kernel must be a cupy array"):
        operation(cupy.asarray(image), kernel)
