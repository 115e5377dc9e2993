"""A NaN, an infinity or an overflow changes the outputs whose windows hold it, and no other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.reference import correlate
from coursekit.reference.correlate import algorithm_for
from tests.coursekit.libraries import Array, as_numpy, whole_numbers

NOT_FINITE = [np.nan, np.inf, -np.inf]
# The shapes of image and kernel, and what `algorithm_for` names for them in float32.
CASES = {
    "bands of one kernel": ((1, 1, 30, 31), (1, 1, 5, 3), {"padding": 1}, "im2col"),
    "bands with a stride": (
        (2, 2, 30, 31),
        (2, 2, 3, 3),
        {"stride": 2, "padding": ((0, 2), (1, 0))},
        "im2col",
    ),
    "bands in groups": ((2, 3, 30, 31), (3, 1, 3, 3), {"groups": 3}, "im2col"),
    "no bands": ((1, 2, 30, 31), (9, 2, 3, 3), {}, "im2col"),
    "pointwise": ((2, 3, 20, 21), (4, 3, 1, 1), {}, "im2col"),
    "few taps": ((1, 1, 4), (1, 1, 2), {}, "direct"),
    "many taps": ((1, 1, 1500), (1, 1, 201), {}, "fft"),
    "many channels": ((1, 256, 20, 21), (256, 256, 3, 3), {"padding": 1}, "winograd"),
}


def non_zero(shape: tuple[int, ...], seed: int) -> Array:
    numbers = whole_numbers(shape, seed)
    return np.where(numbers == 0, 1, numbers).astype(np.float32)


@pytest.mark.parametrize("name", CASES)
def test_the_cases_are_taken_by_the_algorithm_that_they_are_meant_for(name: str) -> None:
    image, kernel, parameters, algorithm = CASES[name]
    chosen = algorithm_for(np.zeros(image, np.float32), np.zeros(kernel, np.float32), **parameters)
    assert chosen.name == algorithm


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
@pytest.mark.parametrize("bad", NOT_FINITE, ids=str)
@pytest.mark.parametrize("name", CASES)
def test_other_windows_keep_their_numbers(xp: Any, name: str, bad: float, algorithm: Any) -> None:
    image_shape, kernel_shape, parameters, _ = CASES[name]
    image, kernel = non_zero(image_shape, 0), non_zero(kernel_shape, 1)
    place = tuple(size // 2 for size in image_shape)
    here = np.zeros(image_shape)
    here[place] = 1
    sees_it = correlate(here, np.ones(kernel_shape), algorithm="direct", **parameters) != 0
    assert sees_it.any()
    expected = correlate(image, kernel, algorithm="direct", **parameters)
    image[place] = bad
    # Warnings are errors: the attempt that is thrown away gives none either.
    got = as_numpy(correlate(xp.asarray(image), xp.asarray(kernel), algorithm=algorithm, **parameters))
    assert_array_equal(got[~sees_it], expected[~sees_it])
    assert not np.isfinite(got[sees_it]).any()
    assert np.isnan(got[sees_it]).all() == np.isnan(bad)


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
@pytest.mark.parametrize("bad", NOT_FINITE, ids=str)
def test_a_bad_tap_spoils_its_own_kernel_only(bad: float, algorithm: Any) -> None:
    image, kernel = non_zero((1, 64, 20, 21), 0), non_zero((64, 64, 3, 3), 1)
    expected = correlate(image, kernel, algorithm="direct")
    kernel[7, 3, 1, 1] = bad
    got = correlate(image, kernel, algorithm=algorithm)
    assert_array_equal(np.delete(got, 7, axis=1), np.delete(expected, 7, axis=1))
    assert not np.isfinite(got[:, 7]).any()


def test_by_default_numbers_that_only_a_shortcut_would_overflow_do_not() -> None:
    image, kernel = np.full((1, 256, 20, 20), 2e38, np.float32), np.zeros((256, 256, 3, 3), np.float32)
    kernel[:, 0, 1, 1] = 1
    assert algorithm_for(image, kernel).name == "winograd"
    assert_array_equal(correlate(image, kernel), np.full((1, 256, 18, 18), 2e38, np.float32))
    with np.errstate(all="ignore"):
        assert not np.isfinite(correlate(image, kernel, algorithm="winograd")).all()


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col"])
def test_a_sum_that_overflows_is_infinite(algorithm: Any) -> None:
    image, kernel = np.full((1, 64, 20, 20), 2e38, np.float32), np.ones((64, 64, 3, 3), np.float32)
    with np.errstate(over="ignore"):
        out = correlate(image, kernel, algorithm=algorithm)
    assert np.isinf(out).all()
