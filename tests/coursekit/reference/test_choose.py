"""The algorithm that is taken by default, and the reasons that are given for it."""

from __future__ import annotations

from typing import Any

import array_api_strict
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference import convolve, correlate
from coursekit.reference.algorithms import choose
from coursekit.reference.correlate import algorithm_for
from tests.coursekit.libraries import whole_numbers

FLOATS = ["float32", "float64"]
WHOLE = ["uint8", "int64", "uint64"]


def named_for(image: tuple[int, ...], kernel: tuple[int, ...], dtype: Any, **parameters: Any) -> str:
    """Return the choice for arrays of these shapes, which take no memory."""
    one = np.zeros((), dtype)
    return algorithm_for(np.broadcast_to(one, image), np.broadcast_to(one, kernel), **parameters).name


@pytest.mark.parametrize(
    ("image", "kernel", "parameters", "name"),
    [
        ((1_000_000,), (1025,), {}, "fft"),
        ((512, 512), (101, 101), {}, "fft"),
        ((1, 256, 28, 28), (256, 256, 3, 3), {"padding": 1}, "winograd"),
        ((16, 16, 112, 112), (64, 16, 7, 7), {"stride": 2, "padding": 3}, "im2col"),
        ((16, 64, 56, 56), (64, 64, 1, 1), {}, "im2col"),
        ((1, 256, 28, 28), (256, 256, 3, 3), {"stride": 2}, "im2col"),
        ((1, 256, 28, 28), (256, 256, 3, 3), {"dilation": 2}, "im2col"),
        ((7,), (2,), {}, "direct"),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_take_the_algorithm_that_is_known_to_suit(
    dtype: str, image: Any, kernel: Any, parameters: Any, name: str
) -> None:
    assert named_for(image, kernel, dtype, **parameters) == name


@pytest.mark.parametrize("dtype", WHOLE)
@pytest.mark.parametrize(
    ("image", "kernel"),
    [((1_000_000,), (1025,)), ((1, 256, 28, 28), (256, 256, 3, 3)), ((512, 512), (101, 101)), ((7,), (2,))],
)
def test_integers_take_an_algorithm_that_sums_them_as_they_are(dtype: str, image: Any, kernel: Any) -> None:
    assert named_for(image, kernel, dtype) in {"direct", "im2col"}


def test_other_libraries_take_im2col() -> None:
    image = array_api_strict.zeros((1000,))
    choice = algorithm_for(image, image[:900])
    assert choice.name == "im2col"
    assert "array_api_strict" in choice.reason


@pytest.mark.parametrize("operation", [correlate, convolve])
@pytest.mark.parametrize(
    ("image", "kernel", "parameters"),
    [
        ((3000,), (301,), {}),
        ((1, 64, 20, 20), (64, 64, 3, 3), {"mode": "same"}),
        ((2, 3, 40, 40), (4, 3, 5, 5), {"stride": 2, "padding": 1, "dilation": 2}),
        ((6,), (2,), {"mode": "full"}),
        ((1, 4, 9, 9), (4, 2, 3, 3), {"groups": 2, "padding": ((1, 0), (2, 1))}),
    ],
)
def test_the_default_is_what_algorithm_for_names(
    operation: Any, image: Any, kernel: Any, parameters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    for name, algorithm in choose.ALGORITHMS.items():

        def recorded(given: Any, windows: Any, name: str = name, algorithm: Any = algorithm) -> Any:
            taken.append(name)
            return algorithm(given, windows)

        monkeypatch.setitem(choose.ALGORITHMS, name, recorded)
    arrays = np.ones(image, np.float32), np.ones(kernel, np.float32)
    operation(*arrays, **parameters)
    assert taken == [algorithm_for(*arrays, **parameters).name]
    for name in ("direct", "im2col", "fft"):
        operation(*arrays, **parameters, algorithm=name)
    assert taken[1:] == ["direct", "im2col", "fft"]


def test_a_choice_prints_every_algorithm_with_its_estimate_or_the_reason_against_it() -> None:
    choice = algorithm_for(np.ones(1_000_000, np.float32), np.ones(1025, np.float32))
    lines = str(choice).splitlines()
    assert lines[0].startswith("fft: it is estimated to take ")
    assert "; the next, " in lines[0]
    assert [line.split()[0] for line in lines[1:]] == [*choice.milliseconds, *choice.refused]
    assert {*choice.milliseconds, *choice.refused} == set(choose.ALGORITHMS)
    assert lines[1].endswith(" ms (estimate)")
    assert lines[-1].endswith("not taken: it needs a 3x3 kernel; the taps are (1025,)")
    assert list(choice.milliseconds) == sorted(choice.milliseconds, key=choice.milliseconds.__getitem__)
    assert next(iter(choice.milliseconds)) == choice.name


def test_a_refused_algorithm_has_its_reason() -> None:
    whole = algorithm_for(np.ones((9, 9), int), np.ones((3, 3), int)).refused
    assert whole == {
        "fft": "it rounds; integers are summed exactly",
        "winograd": "it divides by 4; integers are summed exactly",
    }
    strided = algorithm_for(np.ones((9, 9)), np.ones((3, 3)), stride=(2, 1)).refused
    assert strided == {"winograd": "it needs stride 1 and dilation 1; got (2, 1) and (1, 1)"}
    assert algorithm_for(np.ones((9, 9)), np.ones((3, 3))).refused == {}


@pytest.mark.parametrize(
    "dtypes", [("uint8", "uint8"), ("float32", "float64"), ("float16", "float16")], ids=str
)
def test_nothing_is_computed_nor_copied(dtypes: tuple[str, str]) -> None:
    # A terabyte of pixels: a look at each would take minutes, a copy more memory than there is.
    image, kernel = (np.broadcast_to(np.ones((), dtype), (1_000_000, 1_000_000)) for dtype in dtypes)
    assert algorithm_for(image, kernel[:3, :3]).name in choose.ALGORITHMS


def test_the_choice_refuses_what_correlate_refuses() -> None:
    with pytest.raises(ShapeError, match="the kernel must fit"):
        algorithm_for(np.ones(3), np.ones(4))
    with pytest.raises(ParameterError, match="stride must be an integer >= 1; got 0"):
        algorithm_for(np.ones(3), np.ones(2), stride=0)
    with pytest.raises(ShapeError, match="bias must have one number per kernel"):
        algorithm_for(np.ones(3), np.ones(2), np.ones(2))


@pytest.mark.parametrize("operation", [correlate, convolve])
@pytest.mark.parametrize("algorithm", ["FFT", "", None, 1, ["direct"], np.array(["direct", "fft"])], ids=repr)
def test_an_unknown_algorithm_is_refused(operation: Any, algorithm: Any) -> None:
    with pytest.raises(
        ParameterError,
        match=r"algorithm must be 'auto' or one of 'direct', 'im2col', 'fft', 'winograd'; got ",
    ) as raised:
        operation(np.ones(5), np.ones(2), algorithm=algorithm)
    assert str(raised.value).endswith(f"got {algorithm!r}")


@pytest.mark.parametrize(
    ("taps", "parameters", "reason"),
    [
        ((5, 5), {}, r"it needs a 3x3 kernel; the taps are \(5, 5\)"),
        ((3, 2), {}, r"it needs a 3x3 kernel; the taps are \(3, 2\)"),
        ((3, 3), {"stride": 2}, r"it needs stride 1 and dilation 1; got \(2, 2\) and \(1, 1\)"),
        ((3, 3), {"dilation": (1, 2)}, r"it needs stride 1 and dilation 1; got \(1, 1\) and \(1, 2\)"),
    ],
)
def test_winograd_says_what_it_cannot_compute(taps: Any, parameters: Any, reason: str) -> None:
    with pytest.raises(ParameterError, match=f"algorithm='winograd' cannot compute this: {reason}"):
        correlate(np.ones((9, 9)), np.ones(taps), algorithm="winograd", **parameters)


def test_winograd_is_for_images_only() -> None:
    with pytest.raises(ParameterError, match=r"it needs a 3x3 kernel; the taps are \(3,\)"):
        correlate(np.ones(9), np.ones(3), algorithm="winograd")
    with pytest.raises(ParameterError, match=r"it needs a 3x3 kernel; the taps are \(3, 3, 3\)"):
        correlate(np.ones((1, 5, 5, 5)), np.ones((1, 1, 3, 3, 3)), algorithm="winograd")


def test_a_wrong_estimate_costs_time_and_never_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    image, kernel = whole_numbers((1, 2, 9, 9)).astype(float), whole_numbers((2, 2, 3, 3), 1).astype(float)
    expected = correlate(image, kernel, algorithm="direct")
    for name in choose.ALGORITHMS:
        monkeypatch.setattr(
            choose, "milliseconds", lambda other, *_, name=name, **__: 0.0 if other == name else 1.0
        )
        assert algorithm_for(image, kernel).name == name
        assert_array_equal(np.round(correlate(image, kernel), 9), expected)
