"""Padding 'same': it keeps the size, and the extra zero is where each library puts it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import ParameterError
from coursekit.reference.borders import borders
from coursekit.shapes import Extra, SamePadding, output_size, same_padding, same_padding_strided
from tests.coursekit.shapes.written import assert_true_as_written

extras = st.sampled_from(["before", "after"])


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 5), extras)
def test_same_padding_keeps_every_size(size: int, taps: int, dilation: int, extra: Extra) -> None:
    padding = same_padding(taps, dilation, extra=extra)
    assert output_size(size, taps, padding=padding, dilation=dilation) == size
    before, after = padding
    assert before - after == {"before": 1, "after": -1}[extra] * ((before + after) % 2)
    assert_true_as_written(padding.derivation)


@pytest.mark.parametrize("taps", range(1, 8))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_extra_zero_is_where_mode_same_of_the_course_puts_it(taps: int, dilation: int) -> None:
    assert (same_padding(taps, dilation),) == borders("same", (taps,), 0, (dilation,))


@pytest.mark.parametrize("taps", range(1, 8))
def test_the_extra_zero_before_is_that_of_numpy(taps: int) -> None:
    rng = np.random.default_rng(0)
    signal, kernel = rng.integers(-9, 9, 11), rng.integers(1, 9, taps)
    same = np.correlate(np.pad(signal, same_padding(taps)), kernel, mode="valid")
    np.testing.assert_array_equal(same, np.correlate(signal, kernel, mode="same"))


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")  # the case in question
@pytest.mark.parametrize("taps", range(1, 8))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_extra_zero_after_is_that_of_pytorch(torch: Any, taps: int, dilation: int) -> None:
    signal, kernel = torch.arange(1.0, 20.0)[None, None], torch.arange(1.0, taps + 1.0)[None, None]
    padded = torch.nn.functional.pad(signal, tuple(same_padding(taps, dilation, extra="after")))
    by_hand = torch.nn.functional.conv1d(padded, kernel, dilation=dilation)
    expected = torch.nn.functional.conv1d(signal, kernel, padding="same", dilation=dilation)
    assert torch.equal(by_hand, expected)


@given(st.integers(1, 20), st.integers(1, 9), st.integers(1, 6), st.integers(1, 4), extras)
def test_strided_same_padding_is_the_least_that_keeps_every_stride(
    size: int, taps: int, stride: int, dilation: int, extra: Extra
) -> None:
    padding = same_padding_strided(size, taps, stride, dilation, extra=extra)
    wanted = len(range(0, size, stride))

    def positions(zeros: int) -> int:
        fits = size + zeros > dilation * (taps - 1)
        return output_size(size, taps, stride=stride, padding=(0, zeros), dilation=dilation) if fits else 0

    least = next(zeros for zeros in range(100) if positions(zeros) >= wanted)
    assert sum(padding) == least
    assert output_size(size, taps, stride=stride, padding=padding, dilation=dilation) == wanted
    assert_true_as_written(padding.derivation)


def test_strided_same_padding_depends_on_the_size() -> None:
    # the values of tf.nn.max_pool2d and tf.nn.conv2d with padding="SAME", by their documentation
    assert same_padding_strided(224, 7, 2) == (2, 3)
    assert same_padding_strided(225, 7, 2) == (3, 3)
    assert same_padding_strided(7, 1, 3) == (0, 0)


@given(st.integers(1, 20), st.integers(1, 9), st.integers(1, 4), extras)
def test_with_stride_one_both_are_the_same(size: int, taps: int, dilation: int, extra: Extra) -> None:
    assert same_padding_strided(size, taps, 1, dilation, extra=extra) == same_padding(
        taps, dilation, extra=extra
    )


def test_same_padding_is_a_pair_that_shows_its_derivation() -> None:
    padding = same_padding(4)
    assert isinstance(padding, SamePadding)
    assert (padding, repr(padding)) == ((2, 1), "SamePadding(before=2, after=1)")
    assert str(padding.derivation).splitlines() == [
        "effective kernel  1 * (4 - 1) + 1 = 4",
        "zeros in all      4 - 1 = 3",
        "before            ceil(3 / 2) = 2",
        "after             floor(3 / 2) = 1",
    ]
    assert padding._repr_html_().startswith("<b>(2, 1)</b><table>")
    assert r"\lceil 3 / 2 \rceil = 2" in padding._repr_latex_()
    assert [step.name for step in padding.before.derivation][-1] == "before"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel_size": 0}, "kernel_size must be an integer >= 1; got 0"),
        ({"dilation": 1.5}, "dilation must be an integer >= 1; got 1.5"),
        ({"extra": "left"}, "extra must be 'before' or 'after'; got 'left'"),
        ({"size": 0}, "size must be an integer >= 1; got 0"),
        ({"stride": True}, "stride must be an integer >= 1; got True"),
    ],
)
def test_same_padding_says_what_is_wrong(arguments: dict[str, Any], message: str) -> None:
    if not {"size", "stride"} & arguments.keys():
        with pytest.raises(ParameterError, match=message):
            same_padding(**{"kernel_size": 3, **arguments})
    with pytest.raises(ParameterError, match=message):
        same_padding_strided(**{"size": 5, "kernel_size": 3, "stride": 2, **arguments})
