"""Floats against SciPy. Each test states how close, relative to the largest sum that there could be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from numpy.testing import assert_allclose

from coursekit.reference import convolve, correlate
from tests.coursekit.libraries import Array

ALGORITHMS = ["auto", "direct", "im2col", "fft", "winograd"]
MODES = ["valid", "same", "full"]
# Rounding in units of the last place of the largest possible sum; the bound leaves room for FFT.
TOLERANCE = {"float32": 2e-6, "float64": 4e-15}
SHAPES = [((40,), (5,)), ((41,), (8,)), ((12, 15), (3, 3)), ((13, 9), (4, 2)), ((7, 30), (7, 1))]


def signal(shape: tuple[int, ...], dtype: str, seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def assert_close(got: Array, expected: Array, image: Array, kernel: Array) -> None:
    assert got.dtype == image.dtype
    assert got.shape == expected.shape
    largest = float(np.abs(image).max()) * float(np.abs(kernel).sum())
    assert_allclose(got, expected, rtol=0, atol=TOLERANCE[image.dtype.name] * largest)


def suits(algorithm: str, taps: tuple[int, ...]) -> bool:
    return algorithm != "winograd" or taps == (3, 3)


CASES = [
    (shape, taps, algorithm) for shape, taps in SHAPES for algorithm in ALGORITHMS if suits(algorithm, taps)
]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("shape", "taps", "algorithm"), CASES)
def test_every_algorithm_agrees_with_scipy_signal(
    shape: tuple[int, ...], taps: tuple[int, ...], algorithm: Any, mode: Any, dtype: str
) -> None:
    image, kernel = signal(shape, dtype, 0), signal(taps, dtype, 1)
    wide = image.astype(float), kernel.astype(float)
    for ours, theirs in [(correlate, scipy.signal.correlate), (convolve, scipy.signal.convolve)]:
        got = ours(image, kernel, mode=mode, algorithm=algorithm)
        assert_close(got, theirs(*wide, mode, method="direct"), image, kernel)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("taps", [(3, 3), (5, 1), (1, 4), (2, 2)])
def test_images_agree_with_scipy_signal_in_two_dimensions(taps: tuple[int, int], mode: Any) -> None:
    image, kernel = signal((11, 12), "float64", 0), signal(taps, "float64", 1)
    assert_close(
        convolve(image, kernel, mode=mode), scipy.signal.convolve2d(image, kernel, mode), image, kernel
    )
    if mode != "same" or all(count % 2 for count in taps):  # correlate2d centres even kernels otherwise
        assert_close(
            correlate(image, kernel, mode=mode), scipy.signal.correlate2d(image, kernel, mode), image, kernel
        )


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(
    ("shape", "taps"), [*SHAPES, ((5, 6, 7), (3, 3, 3)), ((5, 6, 7), (2, 1, 4))], ids=str
)
def test_same_mode_agrees_with_scipy_ndimage_with_zeros_around(
    shape: tuple[int, ...], taps: tuple[int, ...], dtype: str
) -> None:
    image, kernel = signal(shape, dtype, 0), signal(taps, dtype, 1)
    expected = scipy.ndimage.correlate(image.astype(float), kernel.astype(float), mode="constant", cval=0.0)
    got = correlate(image[None, None], kernel[None, None], mode="same")[0, 0]
    assert_close(got, expected, image, kernel)


def test_long_audio_agrees_with_scipys_fft() -> None:
    audio, kernel = signal((200_000,), "float32", 0), signal((1025,), "float32", 1)
    expected = scipy.signal.oaconvolve(audio.astype(float), kernel.astype(float), "valid")
    assert_close(convolve(audio, kernel), expected, audio, kernel)
