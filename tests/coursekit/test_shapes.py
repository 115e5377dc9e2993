"""Shape arithmetic: counted, not computed, by the oracle."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.shapes import OutputSize, non_negative_int, output_shape, output_size, per_axis, positive_int


def starts(size: int, taps: int, stride: int, padding: int, dilation: int) -> list[int]:
    """List the first pixels of all windows: every `stride`-th start whose last tap is still inside."""
    padded = range(size + 2 * padding)
    return [start for start in padded[::stride] if start + dilation * (taps - 1) in padded]


settings = st.tuples(*[st.integers(1, 12)] * 2, *[st.integers(1, 4), st.integers(0, 4), st.integers(1, 4)])


@given(settings)
def test_output_size_counts_the_windows_that_fit(numbers: tuple[int, int, int, int, int]) -> None:
    size, taps, stride, padding, dilation = numbers
    windows = starts(*numbers)
    if not windows:
        with pytest.raises(ShapeError, match="must fit inside the padded input"):
            output_size(size, taps, stride=stride, padding=padding, dilation=dilation)
        return
    result = output_size(size, taps, stride=stride, padding=padding, dilation=dilation)
    assert result == len(windows)
    steps = {step.name: step.value for step in result.derivation}
    last_pixel_read = windows[-1] + dilation * (taps - 1)
    assert steps["lost at the far end"] == size + 2 * padding - 1 - last_pixel_read
    assert steps["positions"] == result


@given(settings)
def test_every_step_of_a_derivation_is_true_as_it_is_written(numbers: tuple[int, int, int, int, int]) -> None:
    size, taps, stride, padding, dilation = numbers
    if not starts(*numbers):
        return
    derivation = output_size(size, taps, stride=stride, padding=padding, dilation=dilation).derivation
    for step in derivation:
        written = step.text.replace("mod", "%").replace("floor", "int")
        assert eval(written, {"int": int}) == step.value
    assert [step.name for step in derivation] == [
        "effective kernel",
        "padded size",
        "last start",
        "positions",
        "lost at the far end",
    ]


def test_an_output_size_is_an_int_that_shows_its_derivation() -> None:
    size = output_size(7, 3, stride=2, padding=1, dilation=2)
    assert isinstance(size, int)
    assert (size, size + 1, list(range(size)), repr(size)) == (3, 4, [0, 1, 2], "3")
    assert str(size.derivation).splitlines() == [
        "effective kernel     2 * (3 - 1) + 1 = 5",
        "padded size          7 + 2 * 1 = 9",
        "last start           9 - 5 = 4",
        "positions            floor(4 / 2) + 1 = 3",
        "lost at the far end  4 mod 2 = 0",
    ]
    assert "<b>3</b>" in size._repr_html_()
    assert size._repr_html_().count("<tr>") == 5
    assert size._repr_latex_().startswith(r"$\displaystyle \begin{aligned}")
    assert r"\lfloor (9 - 5) / 2 \rfloor + 1 = 3" in size._repr_latex_()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda size: pickle.loads(pickle.dumps(size))]
)
def test_an_output_size_keeps_its_derivation_when_copied(duplicate: Any) -> None:
    size = output_size(7, 3)
    assert isinstance(duplicate(size), OutputSize)
    assert duplicate(size).derivation == size.derivation


def test_a_kernel_that_does_not_fit_is_told_with_the_numbers() -> None:
    with pytest.raises(ShapeError) as caught:
        output_size(3, 3, padding=0, dilation=2)
    assert str(caught.value) == (
        "the kernel must fit inside the padded input; "
        "the kernel spans dilation * (kernel_size - 1) + 1 = 2 * (3 - 1) + 1 = 5, "
        "the input has size + 2 * padding = 3 + 2 * 0 = 3"
    )


def test_output_shape_goes_axis_by_axis() -> None:
    shape = output_shape((10, 7, 5), (3, 2, 5), stride=(2, 1, 1), padding=(0, 1, 0), dilation=(1, 3, 1))
    assert shape == (4, 6, 1)
    assert shape[0].derivation == output_size(10, 3, stride=2).derivation


def test_output_shape_names_the_axis_that_does_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"^axis 1: the kernel must fit"):
        output_shape((5, 2), (3, 3))


def test_output_shape_wants_as_many_axes_in_both_shapes() -> None:
    with pytest.raises(ShapeError, match=r"one size per axis of shape; got \(3, 3\) for \(5,\)"):
        output_shape((5,), (3, 3))


@pytest.mark.parametrize("value", [1.5, 0, -1, True, False, np.True_, "2", None, 2.0, [2], np.float64(2)])
def test_a_positive_int_is_an_integer_and_nothing_else(value: object) -> None:
    with pytest.raises(ParameterError) as caught:
        positive_int("stride", value)
    assert str(caught.value) == f"stride must be an integer >= 1; got {value!r}"


def test_integers_of_any_kind_are_accepted() -> None:
    assert [positive_int("stride", value) for value in (3, np.int8(3), np.uint64(3), np.array(3))] == [
        3,
        3,
        3,
        3,
    ]
    assert non_negative_int("padding", 0) == 0
    with pytest.raises(ParameterError, match="padding must be an integer >= 0; got -1"):
        non_negative_int("padding", -1)


@pytest.mark.parametrize("value", [2, np.int64(2), np.array(2), (2, 2), [2, 2], np.array([2, 2])])
def test_per_axis_takes_one_number_for_all_axes_or_one_for_each(value: object) -> None:
    assert per_axis("stride", value, 2, least=1) == (2, 2)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ((1, 2, 3), r"stride must be an integer or one integer per axis \(2\); got \(1, 2, 3\)"),
        ((), r"one integer per axis \(2\); got \(\)"),
        ((1, 0), r"stride\[1\] must be an integer >= 1; got 0"),
        ("12", r"stride must be an integer >= 1; got '12'"),
        (1.5, r"stride must be an integer >= 1; got 1.5"),
    ],
)
def test_per_axis_says_what_is_wrong(value: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        per_axis("stride", value, 2, least=1)


@pytest.mark.parametrize("name", ["size", "kernel_size", "stride", "dilation"])
def test_output_size_names_the_argument_that_is_wrong(name: str) -> None:
    arguments: dict[str, Any] = {"size": 5, "kernel_size": 2, name: 0}
    with pytest.raises(CourseError, match=f"^{name} must be an integer >= 1; got 0$"):
        output_size(**arguments)
