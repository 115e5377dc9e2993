"""Whole numbers: exact sums, what wraps, and where FFT and Winograd say that they could not be exact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import ParameterError
from coursekit.reference import correlate
from coursekit.reference.algorithms.fft import EXACT
from tests.coursekit.libraries import Array, as_numpy

FFT_REFUSES = (
    r"algorithm='fft' rounds to whole numbers, so they must be small enough for float64; a sum may be .* "
    r"with an error of .*; use algorithm='direct' or 'im2col'"
)
WINOGRAD_REFUSES = (
    r"algorithm='winograd' divides four times each sum by 4, so integers must give sums below 2\^61; "
    r"a sum may be .*; use algorithm='direct' or 'im2col'"
)


def draw(kind: str, shape: tuple[int, ...], largest: int, seed: int) -> Array:
    """Return int64 numbers up to `largest`, which is among them, of one sign, of both, or all alike."""
    rng = np.random.default_rng(seed)
    numbers = {
        "all alike": np.full(shape, largest),
        "random": rng.integers(-largest, largest + 1, shape),
        "positive": rng.integers(largest // 2, largest + 1, shape),
        "extremes": rng.choice([-largest, largest], shape),
    }[kind]
    numbers.flat[0] = largest
    return numbers


def accepted(image: Array, kernel: Array, **parameters: Any) -> bool:
    try:
        correlate(image, kernel, algorithm="fft", **parameters)
    except ParameterError:
        return False
    return True


@pytest.mark.parametrize("kind", ["all alike", "random", "positive", "extremes"])
@pytest.mark.parametrize(
    ("image", "kernel"),
    [
        ((2000,), (3,)),
        ((5000,), (700,)),
        ((90, 100), (9, 11)),
        ((1, 4, 30, 30), (2, 4, 5, 5)),
        ((1, 1, 12, 13, 14), (1, 1, 3, 3, 3)),
    ],
    ids=str,
)
def test_the_largest_numbers_that_fft_accepts_are_summed_exactly(
    image: tuple[int, ...], kernel: tuple[int, ...], kind: str
) -> None:
    tap = 1000
    # Halve the interval between what is accepted and what is refused.
    low, high = 1, 2**53
    while high - low > 1:
        middle = (low + high) // 2
        ones = np.ones(kernel, np.int64) * tap
        few = np.zeros(image, np.int64)
        few.flat[0] = middle
        low, high = (middle, high) if accepted(few, ones) else (low, middle)
    assert low > 2**20  # photographs, and far more
    pixels, taps = draw(kind, image, low, 0), draw(kind, kernel, tap, 1)
    got = correlate(pixels, taps, algorithm="fft")
    assert_array_equal(got, correlate(pixels, taps, algorithm="direct"))
    with pytest.raises(ParameterError, match=FFT_REFUSES):
        correlate(draw(kind, image, high, 0), taps, algorithm="fft")


def test_fft_refuses_sums_that_float64_cannot_hold(xp: Any) -> None:
    image, kernel = xp.asarray([2**52, 1]), xp.asarray([2])
    with pytest.raises(ParameterError, match=FFT_REFUSES):
        correlate(image, kernel, algorithm="fft")
    assert EXACT == 2**53


def test_fft_of_the_smallest_integer_is_refused_not_wrapped() -> None:
    with pytest.raises(ParameterError, match=FFT_REFUSES):
        correlate([np.iinfo(np.int64).min, 0], [1], algorithm="fft")


@pytest.mark.parametrize("kind", ["all alike", "random", "positive", "extremes"])
def test_the_largest_numbers_that_winograd_accepts_are_summed_exactly(xp: Any, kind: str) -> None:
    terms = 2 * 9
    tap = 2**20
    largest = (2**61 - 1) // (terms * tap)
    shape = (2, 2, 9, 10)
    kernel = draw(kind, (3, 2, 3, 3), tap, 1)
    image = draw(kind, shape, largest, 0)
    got = correlate(xp.asarray(image), xp.asarray(kernel), padding=1, algorithm="winograd")
    assert_array_equal(as_numpy(got), correlate(image, kernel, padding=1, algorithm="direct"))
    beyond = xp.asarray(draw(kind, shape, largest + 1, 0))
    with pytest.raises(ParameterError, match=WINOGRAD_REFUSES):
        correlate(beyond, xp.asarray(kernel), padding=1, algorithm="winograd")


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
@pytest.mark.parametrize("kernels", [1, 9])
def test_sums_up_to_the_largest_integer_are_exact_and_wrap_beyond(
    xp: Any, kernels: int, algorithm: Any
) -> None:
    largest = np.iinfo(np.int64).max
    image = np.full((1, 1, 5, 5), largest // 9)
    kernel = np.ones((kernels, 1, 3, 3), np.int64)
    got = correlate(xp.asarray(image), xp.asarray(kernel), algorithm=algorithm)
    assert_array_equal(as_numpy(got), np.full((1, kernels, 3, 3), largest // 9 * 9))
    over = correlate(xp.asarray(image), xp.asarray(2 * kernel), algorithm=algorithm)
    assert set(as_numpy(over).ravel().tolist()) == {(largest // 9 * 18 + 2**63) % 2**64 - 2**63}


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft", "winograd"])
def test_unsigned_integers_of_64_bits_stay_unsigned(xp: Any, algorithm: Any) -> None:
    image = np.random.default_rng(0).integers(0, 1000, (7, 8)).astype(np.uint64)
    kernel = np.arange(9, dtype=np.uint64).reshape(3, 3)
    got = correlate(xp.asarray(image), xp.asarray(kernel), algorithm=algorithm)
    assert got.dtype == xp.uint64
    expected = correlate(image.astype(np.int64), kernel.astype(np.int64), algorithm="direct")
    assert_array_equal(as_numpy(got), expected.astype(np.uint64))


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
def test_unsigned_sums_beyond_63_bits_are_exact(algorithm: Any) -> None:
    image, kernel = np.full((4, 4), 2**60, np.uint64), np.ones((3, 3), np.uint64)
    assert correlate(image, kernel, algorithm=algorithm).tolist() == [[9 * 2**60] * 2] * 2


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft", "winograd"])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32"])
def test_small_integers_are_summed_in_64_bits(xp: Any, dtype: str, algorithm: Any) -> None:
    largest = np.iinfo(dtype).max
    ones = np.full((4, 5), largest, dtype)
    kernel = np.full((3, 3), min(largest, 100), dtype)
    got = correlate(xp.asarray(ones), xp.asarray(kernel), algorithm=algorithm)
    assert got.dtype == xp.int64
    assert_array_equal(as_numpy(got), np.full((2, 3), 9 * int(largest) * min(int(largest), 100)))


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft"])
def test_half_precision_is_summed_in_single(algorithm: Any) -> None:
    ones = np.ones(5000, np.float16)
    # Added up one by one in float16 the sum stays at 2048, where 2048 + 1 rounds to 2048.
    assert np.cumsum(ones, dtype=np.float16)[-1] == 2048
    got = correlate(ones, ones, algorithm=algorithm)
    assert got.dtype == np.float16
    assert got.tolist() == [5000.0]
