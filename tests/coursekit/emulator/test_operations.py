"""The course's own kernels, asked for by their name: right numbers, and counts that tell their story."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coursekit import ParameterError, correlate, emulator

IMAGE = np.random.default_rng(0).normal(size=(2, 4, 18, 21))
KERNELS = np.random.default_rng(1).normal(size=(6, 4, 3, 3))
BIAS = np.arange(6.0)


@pytest.mark.parametrize("algorithm", ["naive", "shared_tile", "implicit_gemm", "im2col", "winograd"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_each_algorithm_gives_what_correlate_gives(algorithm: str, dtype: str) -> None:
    image, kernels, bias = (array.astype(dtype) for array in (IMAGE, KERNELS, BIAS))
    done = emulator.correlate(image, kernels, bias, algorithm=algorithm, padding=1)
    expected = correlate(IMAGE, KERNELS, BIAS, padding=1)
    assert done.output.dtype == dtype
    assert np.allclose(done.output, expected, atol=1e-4 if dtype == "float32" else 1e-12)
    assert done.launched[0].source == algorithm


@pytest.mark.parametrize(
    ("image", "kernel", "options"),
    [
        (np.arange(30.0), [1.0, 2.0, -1.0], {"mode": "full"}),
        (IMAGE[0, 0], KERNELS[0, 0], {"stride": 2, "padding": ((1, 0), (0, 2))}),
        (IMAGE[0], KERNELS[:, :2], {"groups": 2, "dilation": 2}),
    ],
)
def test_shapes_and_options_are_those_of_correlate(image: Any, kernel: Any, options: dict[str, Any]) -> None:
    done = emulator.correlate(np.asarray(image), np.asarray(kernel), algorithm="naive", **options)
    expected = correlate(image, kernel, **options)
    assert done.output.shape == expected.shape
    assert np.allclose(done.output, expected)


def test_the_story_is_in_the_counts() -> None:
    """A tile reads a pixel about once where the naive kernel reads it for every window that sees it."""
    image, kernel = IMAGE[0, 0, :18, :18].astype("float32"), KERNELS[:1, :1].astype("float32")
    naive, tile = (
        emulator.correlate(image[None], kernel, algorithm=name).counts for name in ("naive", "shared_tile")
    )
    assert naive.arrays["image"].times_read[0, 0, 2:-2, 2:-2].tolist() == np.full((14, 14), 9).tolist()
    assert naive.arrays["image"].reads == 16 * 16 * 9
    assert tile.arrays["image"].reads_per_number == 1
    assert naive.operations == 16 * 16 * 9 * 2
    assert tile.intensity > 5 * naive.intensity


def test_the_counts_are_those_of_the_kernel_that_computes_most() -> None:
    done = emulator.correlate(IMAGE, KERNELS, algorithm="implicit_gemm")
    assert [one.kernel for one in done.launched] == ["arrange", "implicit_gemm"]
    assert done.counts is done.launched[1].counts
    assert "arrange of implicit_gemm.cu" in repr(done)


def test_a_tile_of_the_plan_can_be_chosen() -> None:
    done = emulator.correlate(IMAGE, KERNELS, algorithm="shared_tile", tile=(4, 8, 2))
    assert np.allclose(done.output, correlate(IMAGE, KERNELS))
    assert done.counts.blocks == 2 * 3 * 4 * 3, "images, kernels in pairs, tiles down, tiles across"


def test_sources_are_there_to_be_read() -> None:
    assert "__global__ void naive(" in emulator.source("naive")
    with pytest.raises(ParameterError, match=r"name must be one of \[.*'naive'.*\]; got 'fast'"):
        emulator.source("fast")


@pytest.mark.parametrize(
    ("image", "algorithm", "message"),
    [
        (IMAGE, "fft", "algorithm must be one of .*'naive', .*: these are the course's kernels; got 'fft'"),
        (IMAGE.astype(int), "naive", "image must be float32 or float64 for the emulator.*got int64"),
    ],
)
def test_what_no_kernel_computes_is_refused(image: Any, algorithm: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        emulator.correlate(image, KERNELS.astype(image.dtype), algorithm=algorithm)


def test_winograd_is_refused_where_it_does_not_suit() -> None:
    with pytest.raises(ParameterError, match="winograd"):
        emulator.correlate(IMAGE, KERNELS, algorithm="winograd", stride=2)
