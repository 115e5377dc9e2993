"""The kernel of depthwise correlation, run by the emulator, gives what the reference gives on NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.emulator import EmulatedDevice
from coursekit.reference import correlate
from coursekit.reference.cuda import depthwise, planes
from coursekit.reference.layout import Operands, operands
from coursekit.reference.windows import Windows
from tests.coursekit.libraries import Array
from tests.coursekit.reference.cuda.wrong import Emulate, assert_each_mutant_fails

TOLERANCE = {"float16": 5e-3, "float32": 1e-5, "float64": 1e-13}

# images, channels, kernels per channel, spatial, taps, the other parameters
CASES: list[tuple[int, int, int, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    (2, 3, 1, (7, 6), (3, 3), {"padding": 1}),
    (1, 2, 3, (9, 5), (2, 3), {"stride": (2, 1), "padding": [(0, 1), (2, 0)]}),
    (2, 2, 1, (11, 8), (3, 2), {"dilation": (3, 2), "stride": (1, 3)}),
    (1, 1, 1, (6, 7), (5, 1), {"padding": [(4, 3), (0, 0)]}),
    (2, 3, 2, (13,), (4,), {"stride": 2, "padding": 2}),
    (1, 2, 1, (9, 4), (2, 2), {"stride": (3, 2), "dilation": (2, 1)}),
]
Case = Any


def arrays(case: Case, dtype: str = "float64") -> tuple[Array, Array, dict[str, Any]]:
    """Return image, kernel and parameters of `correlate`; whole numbers, exact in all dtypes."""
    batch, channels, per_channel, spatial, taps, parameters = case
    rng = np.random.default_rng(11)
    image = rng.integers(-3, 4, (batch, channels, *spatial)).astype(dtype)
    kernel = rng.integers(-3, 4, (channels * per_channel, 1, *taps)).astype(dtype)
    return image, kernel, {**parameters, "groups": channels}


def planned(image: Array, kernel: Array, parameters: dict[str, Any]) -> tuple[Operands, Windows]:
    """Return what the plan takes."""
    given = operands(image, kernel, None, parameters["groups"], for_kernels=True)
    geometry = {name: value for name, value in parameters.items() if name != "groups"}
    return given, Windows.of(given.spatial, given.taps, **geometry)


@pytest.mark.parametrize("outputs", [None, 1, 2, 4])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_however_many_outputs_a_thread_makes_they_are_those_of_numpy(case: Case, outputs: int | None) -> None:
    image, kernel, parameters = arrays(case)
    expected = correlate(image, kernel, **parameters)
    given, windows = planned(image, kernel, parameters)
    found = depthwise.correlate_depthwise(EmulatedDevice(), given, windows, outputs=outputs)
    assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", list(TOLERANCE))
@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_dtype_is_added_up_as_in_numpy(emulate: Emulate, case: Case, dtype: str) -> None:
    image, kernel, parameters = arrays(case)
    rng = np.random.default_rng(12)
    image, kernel = (rng.normal(size=array.shape).astype(dtype) for array in (image, kernel))
    expected = correlate(image.astype("float64"), kernel.astype("float64"), **parameters)
    device = emulate()
    given, windows = planned(image, kernel, parameters)
    found = depthwise.correlate_depthwise(device, given, windows)
    assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * np.abs(expected).max())
    assert found.dtype == dtype


def test_correlate_takes_it_by_its_name(emulate: Emulate) -> None:
    image, kernel, parameters = arrays(CASES[1])
    expected = correlate(image, kernel, **parameters)
    device = emulate()
    assert_array_equal(correlate(image, kernel, algorithm="depthwise", **parameters), expected)
    assert [one.source for one in device.launched] == ["depthwise"]


def test_no_images_need_no_launch() -> None:
    image, kernel, parameters = arrays((0, 2, 1, (4, 4), (3, 3), {}))
    given, windows = planned(image, kernel, parameters)
    device = EmulatedDevice()
    assert depthwise.correlate_depthwise(device, given, windows).shape == (0, 2, 2, 2)
    assert device.launched == []


def test_a_thread_makes_more_outputs_where_there_are_enough_for_all_threads() -> None:
    assert depthwise._outputs(across=10_000, rows=20) == 1
    assert depthwise._outputs(across=50_000, rows=20) == 2
    assert depthwise._outputs(across=100_000, rows=100) == 4
    assert depthwise._outputs(across=10_000_000, rows=1) == 1


def test_four_outputs_below_each_other_load_half_the_pixels() -> None:
    image, kernel, parameters = arrays((1, 1, 1, (10, 8), (3, 3), {}))
    given, windows = planned(image, kernel, parameters)
    loads = []
    for outputs in (1, 4):
        device = EmulatedDevice()
        depthwise.correlate_depthwise(device, given, windows, outputs=outputs)
        loads.append(device.launched[0].counts.arrays["image"].reads)
    assert loads == [48 * 9, 48 * 9 // 2]


def test_no_guard_is_superfluous(emulate: Emulate) -> None:
    def results() -> list[Array]:
        device = planes.device_of(np)
        assert device is not None
        found = []
        for case in CASES[:2]:
            given, windows = planned(*arrays(case))
            found.append(depthwise.correlate_depthwise(device, given, windows, outputs=4))
        return found

    assert_each_mutant_fails("depthwise", results, emulate)
