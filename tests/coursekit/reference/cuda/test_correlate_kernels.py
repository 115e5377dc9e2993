"""The kernels of the cross-correlation, run by the emulator, give what the definition gives on NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import ParameterError
from coursekit.reference import correlate
from coursekit.reference.algorithms.choice import Choice
from coursekit.reference.correlate import algorithm_for
from coursekit.reference.cuda import planes
from coursekit.reference.cuda.choose import KERNELS
from coursekit.reference.cuda.correlate import correlate_naive, correlate_shared_tile
from coursekit.reference.cuda.implicit_gemm import Tile, correlate_implicit_gemm, schedule, too_large
from coursekit.reference.cuda.layer import LayerShape
from coursekit.reference.cuda.products import correlate_im2col, correlate_winograd
from coursekit.reference.layout import operands
from coursekit.reference.windows import Windows
from tests.coursekit.libraries import Array
from tests.coursekit.reference.cuda.wrong import Emulate, assert_each_mutant_fails

NAMES = ["naive", "shared_tile", "implicit_gemm", "im2col"]
TOLERANCE = {"float16": 4e-3, "float32": 2e-5, "float64": 1e-12}
SMALL = Tile(16, 16, 4, 4, slice=2)

# shapes of image and kernel, parameters
Case = tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]
CASES: list[Case] = [
    ((5, 7), (3, 2), {}),
    ((4, 6), (4, 6), {}),
    ((5, 6), (2, 3), {"mode": "full"}),
    ((9,), (4,), {"stride": 2, "padding": ((2, 1),)}),
    ((2, 3, 11), (5, 3, 3), {"dilation": 3, "padding": 2}),
    ((2, 3, 6, 5), (4, 3, 3, 2), {"stride": (1, 2), "padding": ((1, 0), (0, 2))}),
    ((2, 4, 7, 6), (6, 2, 2, 3), {"groups": 2, "dilation": (2, 1), "padding": ((0, 2), (1, 0))}),
    ((1, 3, 8, 9), (3, 1, 3, 3), {"groups": 3, "stride": (2, 3), "mode": "same"}),
    ((3, 5, 4, 3), (2, 5, 1, 1), {}),
    ((2, 9, 3, 4), (3, 9, 2, 2), {}),
    ((0, 3, 5, 5), (2, 3, 3, 3), {}),
]
SQUARES: list[Case] = [  # what Winograd's transform suits
    ((5, 6), (3, 3), {}),
    ((2, 3, 6, 5), (4, 3, 3, 3), {"padding": ((1, 0), (0, 2))}),
    ((2, 4, 4, 7), (6, 2, 3, 3), {"groups": 2, "mode": "full"}),
    ((0, 4, 4, 7), (6, 4, 3, 3), {}),
]


def arrays_of(case: Case, dtype: str = "float64") -> tuple[Array, Array]:
    """Return an image and kernels of a case."""
    rng = np.random.default_rng(3)
    image, kernel, _ = case
    return rng.standard_normal(image).astype(dtype), rng.standard_normal(kernel).astype(dtype)


def expected(case: Case, dtype: str = "float64", bias: Array | None = None) -> Array:
    """Return the correlation on NumPy in float64, tap by tap."""
    wide = (array.astype("float64") for array in arrays_of(case, dtype))
    return correlate(*wide, bias, **case[2], algorithm="direct")


def run(plan: Any, case: Case, dtype: str = "float64", *, nan: bool = False, **how: Any) -> Array:
    """Run a plan on the emulated device, with arrays as they are, or with NaN as first and last pixel."""
    parameters = dict(case[2])
    image, kernel = arrays_of(case, dtype)
    if nan:
        image.flat[[0, -1]] = np.nan
    given = operands(image, kernel, None, parameters.pop("groups", 1), for_kernels=True)
    windows = Windows.of(given.spatial, given.taps, **parameters)
    return given.restored(plan(planes.device_of(np), given, windows, **how))


def watched_products(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Array, ...]]:
    """Return a list that gets the factors of each matrix product."""
    multiply, seen = np.matmul, []

    def watched(*factors: Array) -> Any:
        seen.append(factors)
        return multiply(*factors)

    monkeypatch.setattr(np, "matmul", watched)
    return seen


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_kernel_gives_what_the_definition_gives(
    emulate: Emulate, name: Any, case: Case, dtype: str
) -> None:
    wanted = expected(case, dtype)
    emulate()
    found = correlate(*arrays_of(case, dtype), **case[2], algorithm=name)
    assert found.dtype == dtype
    assert found.shape == wanted.shape
    assert_allclose(found, wanted, rtol=TOLERANCE[dtype], atol=4 * TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", SQUARES, ids=str)
def test_winograd_gives_what_the_definition_gives(emulate: Emulate, case: Case, dtype: str) -> None:
    wanted = expected(case, dtype)
    emulate()
    found = correlate(*arrays_of(case, dtype), **case[2], algorithm="winograd")
    assert found.dtype == dtype
    assert_allclose(found, wanted, rtol=TOLERANCE[dtype], atol=8 * TOLERANCE[dtype])


@pytest.mark.parametrize("name", [*NAMES, "winograd", "depthwise", "fft", "direct", "auto"])
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_a_bias_is_added_to_each_channel(emulate: Emulate, name: Any, dtype: str) -> None:
    case: Case = (2, 3, 5, 6), (6, 1, 3, 3), {"groups": 3, "padding": 1}
    bias = np.array([0, 1, -2, 3, 0.5, 7], dtype)
    wanted = expected(case, dtype, bias)
    emulate()
    found = correlate(*arrays_of(case, dtype), bias, **case[2], algorithm=name)
    assert found.dtype == dtype
    assert_allclose(found, wanted, rtol=TOLERANCE[dtype], atol=8 * TOLERANCE[dtype])


@pytest.mark.parametrize("case", CASES[:-1], ids=str)
@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("depth", [1, 2, 8])
def test_an_implicit_gemm_in_small_tiles_and_parts_is_the_same(
    emulate: Emulate, case: Case, parts: int, depth: int
) -> None:
    wanted = expected(case)
    emulate()
    found = run(correlate_implicit_gemm, case, tile=Tile(16, 16, 4, 4, slice=depth), parts=parts)
    assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("tile", [(1, 4, 1), (2, 3, 2), (4, 2, 3)])
@pytest.mark.parametrize("case", CASES[:-1], ids=str)
def test_a_shared_tile_of_any_size_is_the_same(
    emulate: Emulate, case: Case, tile: tuple[int, int, int]
) -> None:
    wanted = expected(case)
    emulate()
    assert_allclose(run(correlate_shared_tile, case, tile=tile), wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("plan", "case", "launched"),
    [
        (correlate_im2col, CASES[6], {1: 2 * 7, 2000: 2 * 4, 1 << 20: 1}),
        (correlate_winograd, SQUARES[1], {1: 1 + 2 * 2 * 3, 6000: 1 + 2 * 2 * 2, 1 << 20: 1 + 2}),
    ],
)
def test_matrices_are_made_in_parts_that_fit_the_buffer(
    emulate: Emulate, plan: Any, case: Case, launched: dict[int, int]
) -> None:
    wanted = expected(case)
    for size, count in launched.items():
        device = emulate()
        assert_allclose(run(plan, case, buffer=size), wanted, rtol=1e-12, atol=1e-12)
        assert len(device.launched) == count


def test_a_batch_too_large_to_count_is_computed_in_several_runs(emulate: Emulate) -> None:
    wanted = expected(CASES[5])
    device = emulate()
    found = run(correlate_implicit_gemm, CASES[5], tile=SMALL, parts=1, most=100)
    assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    assert [one.kernel for one in device.launched] == ["arrange", "implicit_gemm", "implicit_gemm"]
    with pytest.raises(ParameterError, match=r"it counts up to 80, and an array has \d+ numbers"):
        run(correlate_implicit_gemm, CASES[5], tile=SMALL, parts=1, most=80)


def test_parts_of_the_depth_multiply_the_outputs_to_count_and_not_the_pixels(emulate: Emulate) -> None:
    case: Case = (2, 3, 6, 5), (1, 3, 5, 4), {}  # 90 pixels, 60 taps, 4 outputs of an image
    wanted = expected(case)
    device = emulate()
    found = run(correlate_implicit_gemm, case, tile=SMALL, parts=3, most=90)
    assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    assert len(device.launched) == 1 + 2 * 2
    with pytest.raises(ParameterError, match="it counts up to 90, and an array has 92 numbers"):
        run(correlate_implicit_gemm, case, tile=SMALL, parts=23, most=90)


@pytest.mark.parametrize(
    ("image", "kernel", "stride"),
    [((1, 4, 8192, 8192), (8, 4, 64, 64), 32), ((1, 4096, 7, 7), (4096, 4096, 3, 3), 1)],
)
def test_the_parts_of_the_default_can_be_counted(image: Any, kernel: Any, stride: int) -> None:
    windows = Windows.of(image[2:], kernel[2:], stride=stride)
    shape = LayerShape(image[0], 1, image[1], kernel[0], windows, np.dtype("float32"))
    assert schedule(shape).parts > 1
    assert too_large(shape, parts=schedule(shape).parts) is None


def test_a_batch_of_matrices_gets_weights_of_its_own_in_memory(
    emulate: Emulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CuPy would make lists of pointers where it must broadcast."""
    case: Case = (3, 4, 2, 3), (6, 2, 1, 1), {"groups": 2}
    wanted, seen = expected(case), watched_products(monkeypatch)
    emulate()
    assert_allclose(run(correlate_im2col, case), wanted, rtol=1e-12, atol=1e-12)
    assert [factor.shape[:-2] for factor in seen[0]] == [(3, 2), (3, 2)]
    assert all(factor.flags.c_contiguous for factor in seen[0])


def test_more_groups_than_a_grid_has_blocks_are_refused_by_the_implicit_gemm(emulate: Emulate) -> None:
    one = np.zeros((), "float32")
    image, kernel = np.broadcast_to(one, (70_000, 4)), np.broadcast_to(one, (70_000, 1, 2))
    emulate()
    refused = algorithm_for(image, kernel, groups=70_000).refused
    assert refused["implicit_gemm"] == "it makes up to 65535 groups; there are 70000"


def test_float16_is_summed_in_float32(emulate: Emulate) -> None:
    image = np.full((1, 3000), 1, np.float16)
    emulate()
    for name in NAMES[:3]:
        found = correlate(image, np.ones((1, 1, 3000), np.float16), algorithm=name)
        assert found == 3000, name  # 2048 + 1 is 2048 in float16


@pytest.mark.parametrize(
    ("case", "axes"),
    [
        # One row meets one column: CuPy's product of two axes would round to halves.
        (((1, 4), (1, 1, 4), {}), 3),
        (((1, 5), (1, 1, 4), {}), 2),
        (((1, 4), (2, 1, 4), {}), 2),
        (((3, 1), (1, 3, 1), {}), 3),
        (((3, 2), (1, 3, 1), {}), 2),
    ],
)
def test_halves_are_multiplied_where_cupy_sums_them_in_float32(
    emulate: Emulate, monkeypatch: pytest.MonkeyPatch, case: Case, axes: int
) -> None:
    wanted, seen = expected(case, "float16"), watched_products(monkeypatch)
    emulate()
    assert_allclose(run(correlate_im2col, case, "float16"), wanted, rtol=4e-3, atol=4e-3)
    assert min(seen[0][1].ndim, 3) == axes


def test_arrays_that_are_not_contiguous_are_read_as_they_look(emulate: Emulate) -> None:
    image, kernel = arrays_of(CASES[6])
    wanted = expected(CASES[6])
    turned = np.asfortranarray(image), np.flip(np.ascontiguousarray(np.flip(kernel, 2)), 2)
    emulate()
    for name in NAMES:
        assert_allclose(correlate(*turned, **CASES[6][2], algorithm=name), wanted, rtol=1e-12, atol=1e-12)


def test_a_tile_that_threads_cannot_copy_in_whole_rows_is_refused() -> None:
    with pytest.raises(ParameterError, match="copied by its threads in whole rows"):
        Tile(16, 16, 8, 4)


def test_windows_too_wide_for_shared_memory_are_refused_with_the_way_out(emulate: Emulate) -> None:
    image, kernel = np.ones((200, 200), np.float32), np.ones((2, 2), np.float32)
    emulate()
    with pytest.raises(
        ParameterError, match=r"take \d+ bytes, .* 49152 bytes of shared memory; implicit_gemm"
    ):
        correlate(image, kernel, dilation=150, algorithm="shared_tile")
    assert "shared_tile" in algorithm_for(image, kernel, dilation=150).refused


def guarded(source: str) -> list[Array]:
    """Compute what gives each guard and each barrier of a file work."""
    padded: Case = (2, 3, 6, 5), (3, 3, 3, 2), {"stride": (1, 2), "padding": ((1, 2), (2, 1))}
    grouped: Case = (1, 4, 5, 7), (6, 2, 2, 2), {"groups": 2, "padding": 1}
    if source == "naive":
        return [run(correlate_naive, case) for case in (padded, grouped)]
    if source == "shared_tile":
        return [run(correlate_shared_tile, case, tile=(4, 3, 2)) for case in (padded, grouped)]
    if source == "im2col":
        return [run(correlate_im2col, case) for case in (padded, grouped)]
    if source == "winograd":
        square: Case = (2, 3, 6, 5), (3, 3, 3, 3), {"padding": ((2, 2), (1, 1))}
        return [
            run(correlate_winograd, case, nan=nan) for case in (square, SQUARES[1]) for nan in (False, True)
        ]
    deep: Case = (2, 9, 4, 5), (3, 9, 2, 2), {"padding": 1}
    long: Case = (1, 3, 5, 4), (35, 3, 4, 3), {"padding": 1}
    return [
        *(run(correlate_implicit_gemm, case, tile=SMALL, parts=1) for case in (padded, grouped, deep)),
        *(
            run(correlate_implicit_gemm, case, tile=Tile(16, 16, 4, 4, slice=8), parts=2)
            for case in (deep, long)
        ),
    ]


@pytest.mark.parametrize("source", ["naive", "shared_tile", "implicit_gemm", "im2col", "winograd"])
def test_no_guard_and_no_barrier_is_superfluous(emulate: Emulate, source: str) -> None:
    assert_each_mutant_fails(source, lambda: guarded(source), emulate)


@pytest.mark.parametrize("name", [*NAMES[:3], "depthwise"])
def test_a_kernel_needs_arrays_of_a_gpu(name: Any) -> None:
    with pytest.raises(
        ParameterError, match=rf"algorithm='{name}' .* needs CuPy arrays; .*coursekit.emulator"
    ):
        correlate(np.ones((4, 4)), np.ones((2, 2)), algorithm=name)


@pytest.mark.parametrize(
    ("image", "kernel", "reason"),
    [
        (np.ones((4, 4), int), np.ones((2, 2), int), "the numbers are int64"),
        (np.ones((1, 4, 4, 4)), np.ones((1, 1, 2, 2, 2)), "windows of 1 or 2 axes; there are 3"),
    ],
)
def test_integers_and_volumes_are_left_to_the_library(
    emulate: Emulate, image: Array, kernel: Array, reason: str
) -> None:
    wanted = correlate(image, kernel, algorithm="direct")
    device = emulate()
    for name in ("auto", "im2col", "direct", "fft"):
        assert_allclose(correlate(image, kernel, algorithm=name), wanted)  # type: ignore[arg-type]
    assert device.launched == []
    assert reason in algorithm_for(image, kernel).reason
    for name in ("naive", "shared_tile", "implicit_gemm", "depthwise"):
        with pytest.raises(ParameterError, match=f"algorithm='{name}' cannot compute this: .*{reason}"):
            correlate(image, kernel, algorithm=name)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["gemm", 3, None])
def test_an_unknown_algorithm_is_named_with_those_of_a_gpu(emulate: Emulate, name: Any) -> None:
    emulate()
    with pytest.raises(ParameterError, match=r"one of 'direct', .*'implicit_gemm'.*; got " + repr(name)):
        correlate(np.ones((4, 4)), np.ones((2, 2)), algorithm=name)


@pytest.mark.parametrize(
    ("image", "kernel", "parameters", "name"),
    [
        ((32, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}, "implicit_gemm"),
        ((32, 3, 224, 224), (64, 3, 7, 7), {"stride": 2, "padding": 3}, "implicit_gemm"),
        ((32, 256, 28, 28), (256, 256, 3, 3), {"padding": 1}, "winograd"),
        ((32, 32, 112, 112), (32, 1, 3, 3), {"padding": 1, "groups": 32}, "depthwise"),
        ((2048, 2048), (301, 301), {}, "fft"),
    ],
)
def test_the_default_on_a_gpu_follows_from_bytes_and_products_and_says_so(
    emulate: Emulate, image: Any, kernel: Any, parameters: Any, name: str
) -> None:
    one = np.zeros((), "float32")
    emulate()
    choice = algorithm_for(np.broadcast_to(one, image), np.broadcast_to(one, kernel), **parameters)
    assert choice.name == name
    assert "nothing is measured yet" in choice.reason
    assert {*choice.milliseconds, *choice.refused} == {*KERNELS, "direct", "fft"}


@pytest.mark.parametrize("case", [CASES[-1], SQUARES[-1], ((0, 3, 4), (3, 1, 2), {"groups": 3})], ids=str)
def test_an_empty_batch_has_a_default_too(emulate: Emulate, case: Case) -> None:
    wanted = expected(case)
    device = emulate()
    assert correlate(*arrays_of(case), **case[2]).shape == wanted.shape
    assert device.launched == []
    assert algorithm_for(*arrays_of(case), **case[2]).milliseconds


def test_float16_takes_cublas_which_has_tensor_cores_for_it(emulate: Emulate) -> None:
    one = np.zeros((), "float16")
    emulate()
    shapes = (32, 256, 28, 28), (256, 256, 3, 3)
    assert algorithm_for(*(np.broadcast_to(one, shape) for shape in shapes)).name == "im2col"


@pytest.mark.parametrize(("name", "launched"), [("fft", {"naive"}), ("winograd", {"winograd"})])
def test_a_nan_stays_in_its_windows_by_default(
    emulate: Emulate, monkeypatch: pytest.MonkeyPatch, name: str, launched: set[str]
) -> None:
    from coursekit.reference.cuda import choose

    image, kernel = np.ones((1, 2, 8, 8)), np.ones((2, 2, 3, 3))
    image[0, 0, 0, 0] = np.nan
    wanted = correlate(image, kernel, algorithm="direct")
    monkeypatch.setattr(choose, "_chosen", lambda shape: Choice(name, "", {name: 1, "naive": 2}))
    device = emulate()
    with np.errstate(invalid="ignore"):
        found = correlate(image, kernel)
    assert_allclose(found, wanted)
    assert {one.source for one in device.launched} == launched


def test_taps_that_are_no_finite_number_meet_the_zeros_of_the_padding_too(emulate: Emulate) -> None:
    image, kernel = arrays_of(((1, 2, 6, 5), (3, 2, 3, 3), {}))
    kernel[0, 0, 0, 0], kernel[1, 1, 2, 1] = np.nan, np.inf
    with np.errstate(invalid="ignore"):
        wanted = correlate(image, kernel, padding=1, algorithm="direct")
        emulate()
        for name in ("shared_tile", "implicit_gemm", "winograd"):
            found = correlate(image, kernel, padding=1, algorithm=name)  # type: ignore[arg-type]
            assert_allclose(found, wanted, rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", SQUARES[:-1], ids=str)
def test_winograd_keeps_what_is_no_finite_number_in_its_windows(
    emulate: Emulate, case: Case, dtype: str
) -> None:
    image, kernel = arrays_of(case, dtype)
    image.flat[0], image.flat[-1] = np.nan, np.inf
    image.flat[image.size // 2] = np.finfo(dtype).max  # a difference of two such overflows
    image.flat[image.size // 2 + 2] = -np.finfo(dtype).max
    with np.errstate(all="ignore"):
        wanted = correlate(image.astype("float64"), kernel.astype("float64"), **case[2], algorithm="direct")
        emulate()
        found = correlate(image, kernel, **case[2], algorithm="winograd")
        expected = wanted.astype(dtype)
    assert_array_equal(np.isnan(found), np.isnan(wanted))
    assert_allclose(found[np.isfinite(found)], wanted[np.isfinite(found)], rtol=0.02, atol=0.02)
    assert_array_equal(np.isposinf(found), np.isposinf(expected))


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("case", [*CASES, *SQUARES], ids=str)
def test_a_real_gpu_gives_what_the_definition_gives(case: Case, dtype: str) -> None:
    import cupy

    wanted = expected(case, dtype)
    arrays = [cupy.asarray(array) for array in arrays_of(case, dtype)]
    for name in ("auto", *algorithm_for(*arrays, **case[2]).milliseconds):
        found = correlate(*arrays, **case[2], algorithm=name)  # type: ignore[arg-type]
        assert isinstance(found, cupy.ndarray)
        assert found.dtype == dtype
        assert_allclose(found.get(), wanted, rtol=TOLERANCE[dtype], atol=8 * TOLERANCE[dtype], err_msg=name)
