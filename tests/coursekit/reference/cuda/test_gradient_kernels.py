"""The kernels of correlate's gradients, run by the emulator, give what the reference gives on NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.emulator import EmulatedDevice
from coursekit.errors import ParameterError
from coursekit.reference import (
    conv_transpose,
    correlate,
    correlate_gradients,
    correlate_input_gradient,
    correlate_kernel_gradient,
)
from coursekit.reference.conv_transpose import transposed_operands
from coursekit.reference.cuda import gradients, planes
from coursekit.reference.windows import Windows
from tests.coursekit.libraries import Array
from tests.coursekit.reference.cuda.wrong import Emulate, assert_each_mutant_fails

DTYPES = ["float16", "float32", "float64"]
TOLERANCE = {"float16": 5e-3, "float32": 1e-5, "float64": 1e-13}
WAYS = [0, 1, 2, 4, 8]  # EACH: a thread or block for each output, or products in tiles of 16 to 128


@dataclass(frozen=True)
class Case:
    """A correlation: images, channels and kernels of all groups, and its windows."""

    batch: int
    channels: int
    kernels: int
    spatial: tuple[int, ...]
    taps: tuple[int, ...]
    groups: int = 1
    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """What `correlate` takes beside the arrays."""
        names = ("groups", "stride", "padding", "dilation")
        return {name: getattr(self, name) for name in names}

    @property
    def windows(self) -> Windows:
        """Where the taps fall."""
        return Windows.of(
            self.spatial, self.taps, stride=self.stride, padding=self.padding, dilation=self.dilation
        )

    def arrays(self, dtype: str = "float64") -> tuple[Array, Array, Array]:
        """Return gradient (N, F, *positions), image and kernel: small whole numbers, exact in all dtypes."""
        rng = np.random.default_rng(3)
        shapes = (
            (self.batch, self.kernels, *self.windows.positions),
            (self.batch, self.channels, *self.spatial),
            (self.kernels, self.channels // self.groups, *self.taps),
        )
        gradient, image, kernel = (rng.integers(-2, 3, shape).astype(dtype) for shape in shapes)
        return gradient, image, kernel


CASES = [
    Case(2, 3, 2, (5, 7), (3, 2)),
    Case(1, 17, 18, (4, 5), (2, 2), padding=1),
    Case(2, 4, 6, (7, 6), (3, 3), groups=2, stride=(2, 3), padding=[(1, 0), (2, 1)]),
    Case(1, 2, 3, (9, 8), (2, 3), stride=2, dilation=(3, 2)),
    Case(1, 3, 3, (6, 5), (3, 3), groups=3, padding=1, stride=2),
    Case(3, 2, 5, (11,), (4,), stride=3, padding=[(2, 1)]),
    Case(2, 1, 1, (3, 3), (1, 1), stride=2),
    Case(1, 2, 2, (7, 9), (2, 2), stride=(4, 3)),  # pixels that no window sees
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_kernels_gradient_is_that_of_numpy_however_it_is_made(case: Case, way: int) -> None:
    gradient, image, _ = case.arrays()
    expected = correlate_kernel_gradient(gradient, image, case.taps, **case.parameters)
    for parts in (1, 3):
        found = gradients.kernel_gradient(
            EmulatedDevice(), gradient, image, case.windows, case.groups, each=way, parts=parts
        )
        assert_array_equal(found, expected)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_inputs_gradient_is_that_of_numpy_however_it_is_made(case: Case, way: int) -> None:
    gradient, _, kernel = case.arrays()
    expected = correlate_input_gradient(gradient, kernel, case.spatial, **case.parameters)
    given = transposed_operands("gradient", gradient, kernel, None, case.groups)
    found = gradients.input_gradient(EmulatedDevice(), given, case.windows, each=way)
    assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_gradients_are_those_of_numpy(emulate: Emulate, case: Case, dtype: str) -> None:
    rng = np.random.default_rng(4)
    gradient, image, kernel = (rng.normal(size=array.shape).astype(dtype) for array in case.arrays())
    exact = [array.astype("float64") for array in (gradient, image, kernel)]
    expected = correlate_gradients(*exact, **case.parameters)
    device = emulate()
    found = correlate_gradients(gradient, image, kernel, **case.parameters)
    for name in ("image", "kernel"):
        ours, wanted = getattr(found, name), getattr(expected, name)
        assert ours.dtype == dtype
        size = np.max(np.abs(wanted))
        assert_allclose(ours, wanted, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * size, err_msg=name)
    ran = [one.source for one in device.launched]
    assert {"kernel_gradient", "add_parts"} <= set(ran)
    assert ("input_gradient" in ran) == (case.stride != 1)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_transposed_convolution_is_that_of_numpy(emulate: Emulate, dtype: str) -> None:
    rng = np.random.default_rng(5)
    image, kernel, bias = (rng.integers(-3, 4, shape) for shape in ((2, 4, 3, 5), (4, 3, 4, 3), (6,)))
    parameters: dict[str, Any] = {
        "stride": (3, 2),
        "padding": [(1, 2), (0, 1)],
        "output_padding": (2, 1),
        "groups": 2,
    }
    expected = conv_transpose(image, kernel, bias, **parameters)
    device = emulate()
    found = conv_transpose(*(array.astype(dtype) for array in (image, kernel, bias)), **parameters)
    assert_array_equal(found, expected)
    assert found.dtype == dtype
    assert [one.source for one in device.launched] == ["input_gradient"]


def test_plain_images_have_plain_gradients(emulate: Emulate) -> None:
    rng = np.random.default_rng(6)
    image, kernel = rng.normal(size=(9, 8)), rng.normal(size=(3, 2))
    gradient = rng.normal(size=correlate(image, kernel, stride=2).shape)
    expected = correlate_gradients(gradient, image, kernel, stride=2)
    emulate()
    found = correlate_gradients(gradient, image, kernel, stride=2)
    assert_allclose(found.image, expected.image, rtol=1e-13, atol=1e-13)
    assert_allclose(found.kernel, expected.kernel, rtol=1e-13, atol=1e-13)


def test_no_images_give_a_kernel_of_zeros_and_no_pixels(emulate: Emulate) -> None:
    device = emulate()
    found = correlate_gradients(np.ones((0, 2, 2, 2)), np.ones((0, 3, 5, 5)), np.ones((2, 3, 2, 2)), stride=3)
    assert found.image.shape == (0, 3, 5, 5)
    assert_array_equal(found.kernel, np.zeros((2, 3, 2, 2)))
    assert device.launched == []


def test_volumes_and_integers_are_left_to_the_library(emulate: Emulate) -> None:
    device = emulate()
    volume = np.ones((1, 2, 3, 3, 3))
    correlate_gradients(np.ones((1, 1, 1, 1, 1)), volume, np.ones((1, 2, 2, 2, 2)), stride=2)
    correlate_gradients(np.ones((2, 2), int), np.ones((4, 4), int), np.ones((2, 2), int), stride=2)
    assert device.launched == []


def test_the_kernels_refuse_volumes_by_themselves() -> None:
    with pytest.raises(ParameterError, match="1 or 2 spatial axes; got 3"):
        planes.as_image(Windows.of((3, 3, 3), (2, 2, 2)))
    with pytest.raises(ParameterError, match="float16, float32, float64; got int64"):
        planes.number_of(np.arange(3))


def test_many_places_are_split_into_parts_and_give_the_same_again(emulate: Emulate) -> None:
    rng = np.random.default_rng(7)
    gradient, image = rng.normal(size=(65, 65)).astype("float32"), rng.normal(size=(66, 66)).astype("float32")
    expected = correlate_kernel_gradient(gradient.astype("float64"), image.astype("float64"), (2, 2))
    device = emulate()
    first = correlate_kernel_gradient(gradient, image, (2, 2))
    assert_allclose(first, expected, rtol=1e-4)
    assert_array_equal(correlate_kernel_gradient(gradient, image, (2, 2)), first)
    assert device.launched[0].counts.blocks == 4 * 4  # taps, and parts of at least 1024 of 4225 places


def test_a_small_problem_has_small_tiles_and_a_large_one_large_tiles() -> None:
    numbers, doubles = np.ones(1, "float32"), np.ones(1)
    assert gradients._each_of_input(512, 100_000, 4, numbers) == 8
    assert gradients._each_of_input(512, 100_000, 4, doubles) == 4
    assert gradients._each_of_input(9, 100, 1, numbers) == 1
    assert gradients._each_of_kernel(1, 9, numbers) == 0
    assert gradients._each_of_kernel(512, 4608, numbers) == 8
    assert gradients._each_of_kernel(16, 160, numbers) in (1, 2)


def test_few_outputs_are_split_into_more_parts_than_many() -> None:
    places = 16 * 56 * 56
    assert gradients._parts(places, blocks=1, outputs=64 * 64, in_tiles=True) == 196
    assert gradients._parts(places, blocks=1, outputs=64 * 64, in_tiles=False) == 49
    assert gradients._parts(32 * 14 * 14, blocks=36, outputs=256 * 2304, in_tiles=True) == 6
    assert gradients._parts(100, blocks=1, outputs=9, in_tiles=True) == 1


def test_no_guard_and_no_barrier_of_the_inputs_gradient_is_superfluous(emulate: Emulate) -> None:
    odd = Case(1, 2, 2, (3, 5), (2, 2), stride=2)  # the last phase has fewer rows and columns
    cases = [CASES[1], CASES[2], odd, Case(1, 3, 20, (4, 5), (3, 3), padding=1)]

    def results() -> list[Array]:
        found = []
        for case in cases:
            gradient, _, kernel = case.arrays()
            given = transposed_operands("gradient", gradient, kernel, None, case.groups)
            device = planes.device_of(np)
            assert device is not None
            found += [gradients.input_gradient(device, given, case.windows, each=way) for way in (0, 1)]
        return found

    assert_each_mutant_fails("input_gradient", results, emulate)


@pytest.mark.parametrize("source", ["kernel_gradient", "add_parts"])
def test_no_guard_and_no_barrier_of_the_kernels_gradient_is_superfluous(
    emulate: Emulate, source: str
) -> None:
    def results() -> list[Array]:
        found = []
        for case, parts in ((CASES[1], 1), (CASES[2], 2)):  # the one part has two slices of places
            gradient, image, _ = case.arrays()
            device = planes.device_of(np)
            assert device is not None
            found += [
                gradients.kernel_gradient(
                    device, gradient, image, case.windows, case.groups, each=way, parts=parts
                )
                for way in (0, 1)
            ]
        return found

    assert_each_mutant_fails(source, results, emulate)


@pytest.mark.parametrize("way", [0, 1])
def test_a_nan_reaches_only_the_pixels_of_its_window(way: int) -> None:
    case = CASES[3]
    gradient, _, kernel = case.arrays()
    gradient[0, 1, 1, 0] = np.nan
    expected = correlate_input_gradient(gradient, kernel, case.spatial, **case.parameters)
    given = transposed_operands("gradient", gradient, kernel, None, case.groups)
    found = gradients.input_gradient(EmulatedDevice(), given, case.windows, each=way)
    assert_array_equal(found, expected)
    assert 0 < np.isnan(found).sum() <= 2 * 6  # channels times taps


@pytest.mark.parametrize("way", [2, 8])
def test_larger_tiles_read_less_and_keep_the_banks_of_shared_memory_free(way: int) -> None:
    case = Case(1, 32, 32, (8, 8), (2, 2), stride=2)
    gradient, image, kernel = (array.astype("float32") for array in case.arrays())
    given = transposed_operands("gradient", gradient, kernel, None, 1)
    device = EmulatedDevice(details=True)
    gradients.kernel_gradient(device, gradient, image, case.windows, 1, each=way, parts=1)
    gradients.input_gradient(device, given, case.windows, each=way)
    counts = [one.counts for one in device.launched if one.kernel == "by_product"]
    assert all(one.shared.rounds < 1.1 * one.shared.accesses for one in counts)
    tiles = -(-32 * 4 // (16 * way))  # side by side: each reads all gradients again
    assert counts[0].arrays["gradient"].reads_per_number == tiles
