"""The output size of a sliding window: counted, not computed, by the oracle."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.shapes import (
    OutputSize,
    Rounding,
    non_negative_int,
    output_shape,
    output_size,
    per_axis,
    positive_int,
)
from tests.coursekit.shapes.written import assert_true_as_written


def starts(size: int, taps: int, stride: int, ends: tuple[int, int], dilation: int) -> list[int]:
    """List the first pixels of all windows: every `stride`-th start whose last tap is still inside."""
    padded = range(ends[0] + size + ends[1])
    return [start for start in padded[::stride] if start + dilation * (taps - 1) in padded]


Numbers = tuple[int, int, int, tuple[int, int], int]
windows_of_any_kind = st.tuples(
    *[st.integers(1, 12)] * 2,
    st.integers(1, 4),
    st.one_of(st.integers(0, 4).map(lambda zeros: (zeros, zeros)), st.tuples(*[st.integers(0, 4)] * 2)),
    st.integers(1, 4),
)


@given(windows_of_any_kind)
def test_output_size_counts_the_windows_that_fit(numbers: Numbers) -> None:
    size, taps, stride, ends, dilation = numbers
    windows = starts(*numbers)
    if not windows:
        for rounding in ("floor", "ceil"):
            with pytest.raises(ShapeError, match="must fit inside the padded input"):
                output_size(size, taps, stride=stride, padding=ends, dilation=dilation, rounding=rounding)
        return
    result = output_size(size, taps, stride=stride, padding=ends, dilation=dilation)
    assert result == len(windows)
    steps = {step.name: step.value for step in result.derivation}
    last_pixel_read = windows[-1] + dilation * (taps - 1)
    assert steps["lost at the far end"] == size + sum(ends) - 1 - last_pixel_read
    assert steps["positions"] == result


@given(windows_of_any_kind)
def test_ceil_takes_one_more_where_pixels_are_lost_and_it_starts_on_the_input(numbers: Numbers) -> None:
    size, taps, stride, ends, dilation = numbers
    windows = starts(*numbers)
    if not windows:
        return
    reach = dilation * (taps - 1)
    lost = windows[-1] + reach < size + sum(ends) - 1
    if lost and windows[-1] + stride < ends[0] + size:
        windows.append(windows[-1] + stride)
    result = output_size(size, taps, stride=stride, padding=ends, dilation=dilation, rounding="ceil")
    assert result == len(windows)
    beyond = result.derivation[-1]
    assert (beyond.name, beyond.value) == (
        "beyond the far end",
        max(0, windows[-1] + reach + 1 - size - sum(ends)),
    )


@pytest.mark.torch
@settings(deadline=None)
@given(st.integers(1, 14), st.integers(1, 6), st.integers(1, 5), st.integers(1, 3), st.data())
def test_ceil_counts_as_the_ceil_mode_of_pytorch(
    torch: Any, size: int, taps: int, stride: int, dilation: int, data: st.DataObject
) -> None:
    padding = data.draw(st.integers(0, taps // 2))
    if size + 2 * padding < dilation * (taps - 1) + 1:
        return
    signal = torch.zeros(1, 1, size)
    for rounding in ("floor", "ceil"):
        pooled = torch.nn.functional.max_pool1d(
            signal, taps, stride, padding, dilation, ceil_mode=rounding == "ceil"
        )
        assert pooled.shape[-1] == output_size(
            size, taps, stride=stride, padding=padding, dilation=dilation, rounding=rounding
        )


@given(windows_of_any_kind, st.sampled_from(["floor", "ceil"]))
def test_every_step_of_a_derivation_is_true_as_it_is_written(numbers: Numbers, rounding: Rounding) -> None:
    size, taps, stride, ends, dilation = numbers
    if not starts(*numbers):
        return
    result = output_size(size, taps, stride=stride, padding=ends, dilation=dilation, rounding=rounding)
    assert_true_as_written(result.derivation)
    names = [step.name for step in result.derivation]
    assert names[:4] == ["effective kernel", "padded size", "last start", "positions"]
    assert result in [step.value for step in result.derivation]


def test_ceil_shows_how_far_the_last_window_hangs_over() -> None:
    assert str(output_size(8, 3, stride=2, rounding="ceil").derivation).splitlines() == [
        "effective kernel    1 * (3 - 1) + 1 = 3",
        "padded size         8 + 2 * 0 = 8",
        "last start          8 - 3 = 5",
        "positions           ceil(5 / 2) + 1 = 4",
        "beyond the far end  max(0, (4 - 1) * 2 + 3 - 8) = 1",
    ]


def test_ceil_shows_why_a_window_in_the_far_padding_is_not_taken() -> None:
    size = output_size(3, 2, stride=2, padding=1, rounding="ceil")
    assert size == 2
    assert str(size.derivation).splitlines()[3:] == [
        "positions                 ceil(3 / 2) + 1 = 3",
        "start of the last one     (3 - 1) * 2 = 4",
        "start of the far padding  3 + 1 = 4",
        "without the last one      3 - 1 = 2",
        "beyond the far end        max(0, (2 - 1) * 2 + 2 - 5) = 0",
    ]


def test_ceil_never_takes_fewer_windows_than_floor() -> None:
    assert output_size(3, 1, padding=3, rounding="ceil") == output_size(3, 1, padding=3) == 9


def test_a_padding_of_two_ends_is_told_with_both() -> None:
    size = output_size(5, 4, padding=(2, 1))
    assert size == 5
    assert str(size.derivation).splitlines()[1] == "padded size          5 + 2 + 1 = 8"
    assert "n' = n+p_0+p_1 = 5 + 2 + 1 = 8" in size._repr_latex_()
    with pytest.raises(ShapeError, match=r"the input has size \+ before \+ after = 2 \+ 0 \+ 1 = 3"):
        output_size(2, 9, padding=(0, 1))


@pytest.mark.parametrize(
    ("padding", "message"),
    [
        ((1, 2, 3), r"padding must be an integer or a pair \(before, after\); got \(1, 2, 3\)"),
        ((1, -1), r"padding\[1\] must be an integer >= 0; got -1"),
        (1.5, r"padding must be an integer >= 0; got 1.5"),
    ],
)
def test_output_size_says_what_is_wrong_with_the_padding(padding: Any, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        output_size(5, 3, padding=padding)


def test_output_size_knows_two_roundings() -> None:
    with pytest.raises(ParameterError, match="rounding must be 'floor' or 'ceil'; got 'round'"):
        output_size(5, 3, rounding="round")  # type: ignore[arg-type]


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
