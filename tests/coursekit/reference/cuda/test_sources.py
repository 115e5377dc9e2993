"""Every kernel compiles for the GPUs of four generations, with the constants that the plans give it."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from coursekit.reference.cuda import gradients, planes, pool
from coursekit.reference.cuda.correlate import correlate_naive, correlate_shared_tile
from coursekit.reference.cuda.depthwise import MOST_OUTPUTS, correlate_depthwise
from coursekit.reference.cuda.device import FOLDER, NUMBERS, source_text
from coursekit.reference.cuda.implicit_gemm import TILES, TILES_OF_64_BITS, correlate_implicit_gemm
from coursekit.reference.cuda.products import correlate_im2col, correlate_winograd
from coursekit.reference.layout import operands
from coursekit.reference.windows import Windows
from tests.coursekit.reference.cuda.compiled import Recorder, compiled

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="NVIDIA publishes no NVRTC for macOS")

ARCHITECTURES = (75, 80, 90, 100)  # T4; A100; H100 and H200; B200
SOURCES = sorted(path.stem for path in FOLDER.glob("*.cu"))


@cache
@np.errstate(all="ignore")  # what no kernel has written are any numbers
def launches(dtype: str) -> list[tuple[str, str, dict[str, int]]]:
    """Return what every plan launches for a small layer with 3x3 windows."""
    device = Recorder()
    image, kernel = np.ones((2, 16, 9, 8), dtype), np.ones((8, 16, 3, 3), dtype)
    given = operands(image, kernel)
    given = replace(given, image=image, kernel=kernel)
    windows = Windows.of((9, 8), (3, 3), padding=1)
    for plan in (correlate_naive, correlate_shared_tile, correlate_im2col, correlate_winograd):
        plan(device, given, windows)
    correlate_implicit_gemm(device, given, windows, parts=2)
    for outputs in (1, MOST_OUTPUTS):
        one_each = replace(given, kernel=np.ones((16, 1, 3, 3), dtype), groups=16)
        correlate_depthwise(device, one_each, windows, outputs=outputs)
    for each in (0, *gradients.choices(image)):
        gradients.input_gradient(
            device, replace(given, kernel=np.ones((8, 16, 3, 3), dtype)), windows, each=each
        )
        gradients.kernel_gradient(device, np.ones((2, 8, 9, 8), dtype), image, windows, 1, each=each)
    pooled = Windows.of((9, 8), (2, 2), stride=2)
    gradient = np.ones((2, 16, 4, 4), dtype)
    pool.max_pool(device, image, pooled, positions=True)
    pool.average_pool(device, image, pooled, count_padding=True)
    pool.max_pool_gradient(device, gradient, image, pooled, "first")
    pool.max_pool_gradient(device, gradient, image, pooled, "all")
    pool.average_pool_gradient(device, gradient, pooled, count_padding=True)
    return device.launches


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_compiles_without_a_warning(source: str, dtype: str, architecture: int) -> None:
    """On an H200 with all constants that plans give; elsewhere, for time, with the last of each kernel."""
    found = [(kernel, defines) for name, kernel, defines in launches(dtype) if name == source]
    assert found, f"no plan launches {source}.cu"
    variants = found if architecture == 90 else list(dict(found).items())
    for defines in {tuple(sorted(defines.items())): defines for _, defines in variants}.values():
        code = compiled(source_text(source), f"{source}.cu", defines, architecture)
        for kernel in {kernel for kernel, needed in variants if needed == defines}:
            assert code.registers(kernel) <= 255


@pytest.mark.parametrize("channels", [3, 32])
@pytest.mark.parametrize(
    ("dtype", "tile"),
    [*(("float32", tile) for tile in TILES), *(("float64", tile) for tile in TILES_OF_64_BITS)],
    ids=lambda value: f"{value.kernels}x{value.places}" if hasattr(value, "places") else value,
)
def test_a_tile_of_the_implicit_gemm_stays_in_registers(dtype: str, tile: Any, channels: int) -> None:
    device = Recorder()
    given = operands(np.ones((1, channels, 8, 8), dtype), np.ones((4, channels, 3, 3), dtype))
    correlate_implicit_gemm(device, given, Windows.of((8, 8), (3, 3)), tile=tile, parts=1)
    _, kernel, defines = device.launches[-1]
    code = compiled(source_text("implicit_gemm"), "implicit_gemm.cu", defines, 90)
    assert code.spilled(kernel) == 0
    assert code.registers(kernel) * tile.threads * tile.together <= 65_536  # of a multiprocessor
    # All numbers that the products need come from shared memory 16 bytes at a time.
    wide = code.ptx.count("ld.shared.v4.f32" if dtype == "float32" else "ld.shared.v2.f64")
    per_read = 4 if dtype == "float32" else 2
    assert wide * per_read >= tile.slice * (tile.thread_kernels + tile.thread_places)


@pytest.mark.parametrize("dtype", NUMBERS)
def test_what_is_numbered_in_64_bits_compiles_too(dtype: str) -> None:
    for source, _, defines in launches(dtype):
        if "LARGE" in defines:
            compiled(source_text(source), f"{source}.cu", {**defines, "LARGE": 1}, 90)


@pytest.mark.parametrize("dtype", NUMBERS)
def test_the_tiles_of_the_gradients_stay_in_registers_and_two_on_a_multiprocessor(dtype: str) -> None:
    tiles = [one for one in launches(dtype) if one[1] == "by_product"]
    assert {source for source, _, _ in tiles} == {"input_gradient", "kernel_gradient"}
    for source, kernel, defines in tiles:
        code = compiled(source_text(source), f"{source}.cu", defines, 90)
        assert code.spilled(kernel) == 0
        assert code.registers(kernel) * planes.THREADS * 2 <= 65_536


def test_an_error_in_a_source_is_told_with_its_file_and_the_compilers_log() -> None:
    text = source_text("naive").replace("total = 0;", "total = nothing;")
    _, _, defines = launches("float32")[0]
    with pytest.raises(AssertionError, match=r'naive\.cu, sm_90(.|\n)*"nothing" is undefined'):
        compiled(text, "naive.cu", defines, 90)


def test_a_warning_counts_as_an_error() -> None:
    text = source_text("naive").replace("sum total = 0;", "int unused = 0; sum total = 0;")
    _, _, defines = launches("float32")[0]
    with pytest.raises(AssertionError, match=r'naive\.cu, sm_75(.|\n)*"unused" was declared but never'):
        compiled(text, "naive.cu", defines, 75)
