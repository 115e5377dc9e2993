"""Transposed sizes: the way back through the forward window, and PyTorch."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import TransposedSize, output_size, transposed_shape, transposed_size
from tests.coursekit.shapes.written import assert_true_as_written

ends = st.tuples(st.integers(0, 4), st.integers(0, 4))
small = st.integers(1, 6)
SUM = "(size - 1) * stride + kernel - padding + output_padding"


@given(small, small, small, ends, small, st.data())
def test_a_forward_window_takes_the_transposed_size_back(
    size: int, taps: int, stride: int, padding: tuple[int, int], dilation: int, data: st.DataObject
) -> None:
    output_padding = data.draw(st.integers(0, stride - 1))
    window: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        result = transposed_size(size, taps, **window, output_padding=output_padding)
    except ShapeError:
        assume(False)
    assert output_size(result, taps, **window) == size
    assert result in result.forward_sizes


@given(small, small, small, ends, small)
def test_the_forward_sizes_are_all_that_lead_to_the_size_and_no_more(
    size: int, taps: int, stride: int, padding: tuple[int, int], dilation: int
) -> None:
    window: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    try:
        result = transposed_size(size, taps, **window)
    except ShapeError:
        assume(False)
    candidates = [
        n for n in range(1, 80) if n + sum(padding) > dilation * (taps - 1)
    ]  # the largest possible is 5 * 6 + 31
    assert list(result.forward_sizes) == [n for n in candidates if output_size(n, taps, **window) == size]
    named = {step.name: step.value for step in result.derivation}
    if stride > 1:
        assert named[f"smallest forward size for {size}"] == result.forward_sizes[0]
        assert named[f"largest forward size for {size}"] == result.forward_sizes[-1]
    else:
        assert len(result.forward_sizes) == 1


@given(small, small, small, ends, small, st.data())
def test_every_step_of_a_derivation_is_true_as_it_is_written(
    size: int, taps: int, stride: int, padding: tuple[int, int], dilation: int, data: st.DataObject
) -> None:
    extra = data.draw(st.integers(0, max(stride, dilation) - 1))
    try:
        result = transposed_size(
            size, taps, stride=stride, padding=padding, dilation=dilation, output_padding=extra
        )
    except ShapeError:
        assume(False)
    assert_true_as_written(result.derivation)
    assert result in [step.value for step in result.derivation]


@pytest.mark.torch
@settings(deadline=None)
@given(small, small, small, st.integers(0, 4), small, st.integers(0, 6))
def test_transposed_size_agrees_with_pytorch(
    torch: Any, size: int, taps: int, stride: int, padding: int, dilation: int, extra: int
) -> None:
    signal, kernel = torch.zeros(1, 1, size), torch.zeros(1, 1, taps)
    window: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "output_padding": extra,
    }
    try:
        expected = torch.nn.functional.conv_transpose1d(signal, kernel, **window).shape[-1]
    except RuntimeError:
        with pytest.raises((ParameterError, ShapeError)):
            transposed_size(size, taps, **window)
        return
    assert transposed_size(size, taps, **window) == expected


def test_a_transposed_size_tells_the_sizes_that_the_stride_confuses() -> None:
    size = transposed_size(3, 3, stride=2, padding=1, output_padding=1)
    assert str(size.derivation).splitlines() == [
        "effective kernel             1 * (3 - 1) + 1 = 3",
        "last start                   (3 - 1) * 2 = 4",
        "from end to end              4 + 3 = 7",
        "without the padding          7 - 2 * 1 = 5",
        "with the output padding      5 + 1 = 6",
        "smallest forward size for 3  5",
        "largest forward size for 3   5 + 2 - 1 = 6",
    ]
    assert pickle.loads(pickle.dumps(size)).forward_sizes == range(5, 7)


def test_transposed_shape_goes_axis_by_axis() -> None:
    shape = transposed_shape((4, 5), (3, 2), stride=(2, 3), padding=((0, 1), 0), output_padding=(1, 0))
    assert shape == (9, 14)
    assert isinstance(shape[0], TransposedSize)
    assert shape[0].derivation == transposed_size(4, 3, stride=2, padding=(0, 1), output_padding=1).derivation


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"output_padding": 2, "stride": 2},
            ParameterError,
            "output_padding must be smaller than stride or dilation; got 2 with stride 2 and dilation 1",
        ),
        ({"output_padding": -1}, ParameterError, "output_padding must be an integer >= 0; got -1"),
        ({"stride": 0}, ParameterError, "stride must be an integer >= 1; got 0"),
        (
            {"padding": 3},
            ShapeError,
            f"padding must leave at least one pixel; got {SUM} = 2 + 3 - 2 * 3 + 0 = -1",
        ),
    ],
)
def test_transposed_size_says_what_is_wrong(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        transposed_size(3, 3, **arguments)
    assert str(caught.value) == message
    with pytest.raises(error):
        transposed_shape((3, 3), (3, 3), **arguments)


def test_transposed_shape_names_the_axis() -> None:
    with pytest.raises(ParameterError, match=r"^axis 1: output_padding must be smaller"):
        transposed_shape((3, 3), (3, 3), stride=(2, 1), output_padding=1)
    with pytest.raises(ShapeError, match=r"^axis 1: padding must leave"):
        transposed_shape((3, 1), (3, 3), padding=2)
    with pytest.raises(ShapeError, match=r"one size per axis of shape; got \(3, 3\) for \(5,\)"):
        transposed_shape((5,), (3, 3))
