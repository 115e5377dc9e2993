"""Batches, channels, kernels, groups and bias: every algorithm against the definition, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.reference import convolve, correlate
from tests.coursekit.libraries import as_numpy, whole_numbers
from tests.coursekit.reference.definition import Case, random_cases

CASES = {axes: random_cases(60, axes) for axes in (1, 2, 3)}
FOR_WINOGRAD = random_cases(60, 2, suits_winograd=True)


def check(case: Case, xp: Any, algorithm: str, *, flip: bool = False) -> None:
    image, kernel, bias, expected = case.arrays(flip=flip)
    got = (convolve if flip else correlate)(
        xp.asarray(image),
        xp.asarray(kernel),
        None if bias is None else xp.asarray(bias),
        algorithm=algorithm,
        **case.parameters,
    )
    assert got.dtype == xp.int64
    assert_array_equal(as_numpy(got), expected, strict=True, err_msg=str(case))


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_every_algorithm_matches_the_definition(xp: Any, axes: int, algorithm: str) -> None:
    for case in CASES[axes]:
        check(case, xp, algorithm)


@pytest.mark.parametrize("algorithm", ["auto", "winograd"])
def test_winograd_matches_the_definition_where_it_suits(xp: Any, algorithm: str) -> None:
    for case in FOR_WINOGRAD:
        check(case, xp, algorithm)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_convolve_flips_the_taps_and_neither_channels_nor_kernels(xp: Any, axes: int) -> None:
    for case in CASES[axes][:20]:
        check(case, xp, "auto", flip=True)


def test_the_cases_reach_what_they_are_meant_to_reach() -> None:
    for axes, cases in CASES.items():
        assert {case.image[0] for case in cases} == {0, 1, 3}
        assert {case.parameters["mode"] for case in cases} == {"valid", "same", "full"}
        assert {case.parameters["groups"] for case in cases} == {1, 2, 3}
        assert {case.with_bias for case in cases} == {False, True}
        for name in ("stride", "dilation"):
            assert {step for case in cases for step in case.parameters[name]} == {1, 2, 3}
        assert any(before > after > 0 for case in cases for before, after in case.parameters["padding"])
        assert any(len({*case.kernel[2:]}) == min(axes, 2) for case in cases)


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft", "winograd"])
def test_a_single_image_is_a_batch_of_one_without_its_axis(xp: Any, algorithm: Any) -> None:
    image, kernel = xp.asarray(whole_numbers((2, 6, 7))), xp.asarray(whole_numbers((4, 2, 3, 3), 1))
    one = correlate(image, kernel, algorithm=algorithm)
    batch = correlate(image[None, ...], kernel, algorithm=algorithm)
    assert one.shape == (4, 4, 5)
    assert_array_equal(as_numpy(one), as_numpy(batch)[0])


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft", "winograd"])
def test_a_plain_image_has_one_channel_and_one_kernel(xp: Any, algorithm: Any) -> None:
    image, kernel = xp.asarray(whole_numbers((6, 7))), xp.asarray(whole_numbers((3, 3), 1))
    plain = correlate(image, kernel, algorithm=algorithm)
    batch = correlate(image[None, None, ...], kernel[None, None, ...], algorithm=algorithm)
    assert plain.shape == (4, 5)
    assert_array_equal(as_numpy(plain), as_numpy(batch)[0, 0])


@pytest.mark.parametrize("bias", [5, [5], np.int64(5), np.array([5])], ids=repr)
def test_the_bias_of_a_plain_image_is_one_number(bias: Any) -> None:
    assert correlate([1, 2, 3], [1, 1], bias).tolist() == [8, 10]
    assert convolve([[1, 2, 3]], [[1, 0]], bias).tolist() == [[7, 8]]


def test_the_bias_is_added_once_per_output_not_per_channel() -> None:
    out = correlate(np.ones((2, 3, 4, 4)), np.zeros((2, 3, 2, 2)), [1.5, -2.5])
    assert_array_equal(out, np.broadcast_to([[[1.5]], [[-2.5]]], (2, 2, 3, 3)))


def test_groups_do_not_mix() -> None:
    image = whole_numbers((1, 4, 5, 5))
    kernel = whole_numbers((6, 2, 3, 3), 1)
    together = correlate(image, kernel, groups=2)
    first, second = (
        correlate(image[:, c], kernel[f]) for c, f in [([0, 1], range(3)), ([2, 3], range(3, 6))]
    )
    assert_array_equal(together, np.concatenate([first, second], axis=1))


@pytest.mark.parametrize("algorithm", ["auto", "direct", "im2col", "fft", "winograd"])
@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_an_empty_batch_gives_an_empty_result(xp: Any, dtype: str, algorithm: Any) -> None:
    image = xp.zeros((0, 4, 6, 7), dtype=getattr(xp, dtype))
    kernel = xp.zeros((2, 2, 3, 3), dtype=getattr(xp, dtype))
    out = correlate(image, kernel, padding=1, groups=2, algorithm=algorithm)
    assert out.shape == (0, 2, 6, 7)
    assert out.dtype == getattr(xp, dtype)
