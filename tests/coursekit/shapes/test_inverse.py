"""The inverse question against every window there is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.errors import ParameterError
from coursekit.shapes import FoundWindow, FoundWindows, Rounding, find_windows, output_size
from tests.coursekit.shapes.written import assert_true_as_written

Choices = dict[str, list[int]]
choices = st.fixed_dictionaries(
    {
        "kernel_sizes": st.lists(st.integers(1, 6), min_size=1, max_size=4),
        "strides": st.lists(st.integers(1, 5), min_size=1, max_size=3),
        "paddings": st.lists(st.integers(0, 4), min_size=1, max_size=3),
        "dilations": st.lists(st.integers(1, 3), min_size=1, max_size=2),
    }
)
roundings = st.sampled_from(["floor", "ceil"])


def windows(size: int, taps: int, stride: int, padding: int, dilation: int, rounding: str) -> list[set[int]]:
    """List the pixels that each window reads, by sliding it: padding has negative or too large indices."""
    starts = range(-padding, size + padding)[::stride]
    reach = dilation * (taps - 1)
    taken = [start for start in starts if start + reach < size + padding]
    if rounding == "ceil" and taken and taken[-1] + reach < size + padding - 1:
        taken += [start for start in [taken[-1] + stride] if start < size]
    return [{start + tap * dilation for tap in range(taps)} for start in taken]


@settings(deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), choices, roundings)
def test_all_windows_are_found_and_no_others(
    size: int, output: int, choose: Choices, rounding: Rounding
) -> None:
    every = {
        (k, s, p, d)
        for k in choose["kernel_sizes"]
        for s in choose["strides"]
        for p in choose["paddings"]
        for d in choose["dilations"]
        if p < d * (k - 1) + 1 and (k > 1 or d == 1) and len(windows(size, k, s, p, d, rounding)) == output
    }
    found = find_windows(size, output, **choose, rounding=rounding)
    settings_found = [(w.kernel_size, w.stride, w.padding, w.dilation) for w in found]
    assert set(settings_found) == every
    assert len(settings_found) == len(every)
    assert [w.unread for w in found] == sorted(w.unread for w in found)
    for window, (k, s, p, d) in zip(found, settings_found, strict=True):
        read = set().union(*windows(size, k, s, p, d, rounding))
        assert window.unread == len(set(range(size)) - read)
        assert window.output == output
        assert_true_as_written(window.derivation)
    assert bool(found) != bool(found.reason)


@settings(deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), choices, roundings)
def test_the_reason_names_the_stride_that_would_do(
    size: int, output: int, choose: Choices, rounding: Rounding
) -> None:
    found = find_windows(size, output, **choose, rounding=rounding)
    wider = find_windows(size, output, **{**choose, "strides": range(1, 30)}, rounding=rounding)
    assert ("the stride would have to be" in found.reason) == bool(wider and not found)
    if wider and not found:
        stride = int(found.reason.split("have to be ")[1].split(",")[0])
        assert find_windows(size, output, **{**choose, "strides": [stride]}, rounding=rounding)


def test_from_224_to_112_the_usual_answers_come_first() -> None:
    found = find_windows(224, 112)
    assert [(w.kernel_size, w.stride, w.padding) for w in found] == [
        *[(2, 2, 0), (3, 2, 1), (5, 2, 2), (7, 2, 3), (9, 2, 4), (11, 2, 5)],
        *[(4, 2, 1), (6, 2, 2), (8, 2, 3), (10, 2, 4), (1, 2, 0)],
    ]
    assert found[3].sentence == "Kernel 7, stride 2, padding 3 takes 224 to 112; every pixel is read."
    assert found[-1].sentence == "Kernel 1, stride 2, padding 0 takes 224 to 112; 112 pixels are never read."
    assert found[3].derivation == output_size(224, 7, stride=2, padding=3).derivation


def test_a_sentence_tells_one_pixel_and_a_dilation() -> None:
    (window,) = find_windows(8, 2, kernel_sizes=[3], strides=[2], paddings=[0], dilations=[2])
    assert str(window) == "Kernel 3, stride 2, padding 0, dilation 2 takes 8 to 2; 4 pixels are never read."
    (window,) = find_windows(8, 3, kernel_sizes=[3], strides=[2], paddings=[0])
    assert window == FoundWindow(3, 2, 0, 1, 8, output_size(8, 3, stride=2), 1)
    assert window.sentence == "Kernel 3, stride 2, padding 0 takes 8 to 3; 1 pixel is never read."
    assert window._repr_html_().startswith(f"<p>{window.sentence}</p><table>")
    assert window._repr_latex_() == window.derivation._repr_latex_()


def test_the_answers_are_a_table() -> None:
    found = find_windows(8, 4, kernel_sizes=[1, 2, 3])
    assert isinstance(found, FoundWindows)
    assert str(found).splitlines() == [
        "kernel  stride  padding  dilation  never read",
        "     2       2        0         1           0",
        "     3       2        1         1           0",
        "     3       3        2         1           0",
        "     1       2        0         1           4",
    ]
    assert found._repr_html_().count("<tr>") == 5


WHATEVER = "with these kernels and paddings, whatever the stride; the nearest with the strides given is"
NO_KERNEL = "no kernel fits inside the padded input with a padding smaller than the kernel"


@pytest.mark.parametrize(
    ("size", "output", "choose", "reason"),
    [
        (224, 7, {}, "224 to 7: the stride would have to be 31, for instance with kernel 8, padding 0."),
        (224, 113, {"kernel_sizes": [3], "paddings": [0]}, f"224 to 113 {WHATEVER} 111 and 222."),
        (5, 40, {}, f"5 to 40 {WHATEVER} 10."),
        (5, 3, {"kernel_sizes": [9], "paddings": [0]}, f"5 to 3: {NO_KERNEL}."),
        (
            *(20, 3, {"kernel_sizes": [3], "strides": [1], "paddings": [0], "dilations": [2]}),
            "20 to 3: the stride would have to be 6, for instance with kernel 3, padding 0, dilation 2.",
        ),
    ],
)
def test_no_answer_has_a_reason(size: int, output: int, choose: dict[str, Any], reason: str) -> None:
    found = find_windows(size, output, **choose)
    assert found == []
    assert found.reason == str(found) == f"No window takes {reason}"
    assert found._repr_html_() == f"<p>{found}</p>"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "size must be an integer >= 1; got 0"),
        ({"output": 1.5}, "output must be an integer >= 1; got 1.5"),
        ({"strides": 2}, "strides must be a sequence of integers >= 1; got 2"),
        ({"strides": [1, 0]}, r"strides\[1\] must be an integer >= 1; got 0"),
        ({"paddings": [-1]}, r"paddings\[0\] must be an integer >= 0; got -1"),
        ({"dilations": []}, "dilations must have at least one integer >= 1; got none"),
        ({"rounding": "up"}, "rounding must be 'floor' or 'ceil'; got 'up'"),
    ],
)
def test_find_windows_says_what_is_wrong(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        find_windows(**{"size": 8, "output": 4, **arguments})
