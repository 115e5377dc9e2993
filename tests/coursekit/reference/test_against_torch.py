"""Floats against PyTorch's conv1d, conv2d and conv3d, which do not flip either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coursekit.reference import correlate
from tests.coursekit.libraries import Array
from tests.coursekit.reference.definition import Case, ends_of, random_cases

pytestmark = pytest.mark.torch
# Of the largest sum that there could be: PyTorch sums in another order.
TOLERANCE = {"float32": 2e-6, "float64": 4e-15}


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


def floats(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def by_torch(torch: Any, case: Case, image: Array, kernel: Array, bias: Array | None) -> Array:
    """Return what PyTorch makes of `case`; its own padding is the same at both ends, so we pad before."""
    given, axes = case.parameters, kernel.ndim - 2
    ends = ends_of(given["mode"], kernel.shape[2:], given["dilation"], given["padding"])
    padded = np.pad(image, [(0, 0), (0, 0), *ends])
    function = getattr(torch.nn.functional, f"conv{axes}d")
    out = function(
        torch.from_numpy(padded),
        torch.from_numpy(kernel),
        None if bias is None else torch.from_numpy(bias),
        stride=given["stride"],
        dilation=given["dilation"],
        groups=given["groups"],
    )
    return np.asarray(out.numpy())


def compare(torch: Any, case: Case, dtype: str, algorithm: Any) -> None:
    image, kernel = floats(case.image, dtype, 0), floats(case.kernel, dtype, 1)
    bias = floats(case.kernel[:1], dtype, 2) if case.with_bias else None
    got = correlate(image, kernel, bias, algorithm=algorithm, **case.parameters)
    expected = by_torch(torch, case, image, kernel, bias)
    assert (got.dtype, got.shape) == (expected.dtype, expected.shape), case
    terms = kernel[0].size
    largest = 1 + float(np.abs(image).max(initial=0)) * float(np.abs(kernel).max()) * terms
    assert_allclose(got, expected, rtol=0, atol=TOLERANCE[dtype] * largest, err_msg=str(case))


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_a_grid_of_shapes_and_parameters_agrees_with_pytorch(
    torch: Any, axes: int, algorithm: str, dtype: str
) -> None:
    for case in random_cases(60, axes, seed=3):
        if case.image[0]:  # an empty batch is tested elsewhere
            compare(torch, case, dtype, algorithm)


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_winograd_agrees_with_pytorch(torch: Any, dtype: str) -> None:
    for case in random_cases(40, 2, seed=3, suits_winograd=True):
        if case.image[0]:
            compare(torch, case, dtype, "winograd")


@pytest.mark.parametrize(
    ("image", "kernel", "step", "zeros", "groups"),
    [
        ((1, 3, 90, 80), (16, 3, 5, 5), 1, 2, 1),
        ((2, 16, 32, 32), (32, 16, 3, 3), 1, 1, 1),
        ((2, 3, 64, 64), (64, 3, 7, 7), 2, 3, 1),
        ((2, 64, 14, 14), (64, 64, 1, 1), 1, 0, 1),
        ((1, 128, 14, 14), (128, 128, 3, 3), 1, 1, 1),
        ((2, 32, 28, 28), (32, 1, 3, 3), 1, 1, 32),
        ((1, 1, 20_000), (1, 1, 513), 1, 0, 1),
        ((1, 1, 24, 24, 24), (1, 1, 5, 5, 5), 1, 0, 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_layers_of_real_networks_agree_with_pytorch(
    torch: Any, dtype: str, image: Any, kernel: Any, step: int, zeros: int, groups: int
) -> None:
    axes = len(kernel) - 2
    parameters = {
        "mode": "valid",
        "stride": (step,) * axes,
        "padding": ((zeros, zeros),) * axes,
        "dilation": (1,) * axes,
        "groups": groups,
    }
    compare(torch, Case(image, kernel, True, parameters), dtype, "auto")


@pytest.mark.parametrize("taps", [(3, 3), (5, 1)])
def test_same_mode_is_pytorchs_for_odd_kernels(torch: Any, taps: tuple[int, int]) -> None:
    image, kernel = floats((2, 3, 9, 8), "float64", 0), floats((4, 3, *taps), "float64", 1)
    expected = torch.nn.functional.conv2d(torch.from_numpy(image), torch.from_numpy(kernel), padding="same")
    assert_allclose(correlate(image, kernel, mode="same"), expected.numpy(), rtol=0, atol=1e-12)
