"""Receptive fields against sets of pixels, carried back through the layers one by one."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import CourseError, ParameterError
from coursekit.reference import correlate
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    GlobalPooling,
    Pooling,
    ReceptiveField,
    ReLU,
    receptive_field,
    vgg16,
)
from tests.coursekit.shapes.written import assert_true_as_written

Window = tuple[int, int, int | tuple[int, int], int]
paddings = st.one_of(st.integers(0, 3), st.tuples(*[st.integers(0, 3)] * 2))
stacks = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), paddings, st.integers(1, 3)), max_size=4)


def seen(index: int, stack: list[Any]) -> set[int]:
    """Carry one output back: each layer replaces an index by those of all its taps."""
    indices = {index}
    for taps, stride, padding, dilation in reversed(stack):
        before = padding if isinstance(padding, int) else padding[0]
        indices = {i * stride - before + tap * dilation for i in indices for tap in range(taps)}
    return indices


@given(stacks, st.integers(0, 5))
def test_an_output_sees_from_the_first_to_the_last_of_its_pixels(stack: list[Window], index: int) -> None:
    field = receptive_field(stack)
    pixels = seen(index, stack)
    assert field.seen_by(index) == (min(pixels), max(pixels))
    assert field.size == max(pixels) - min(pixels) + 1
    assert field.jump == min(seen(index + 1, stack)) - min(pixels)
    assert field.start == min(seen(0, stack))
    assert field.centre == Fraction(min(seen(0, stack)) + max(seen(0, stack)), 2)


@given(stacks)
def test_every_step_of_a_derivation_is_true_as_it_is_written(stack: list[Window]) -> None:
    field = receptive_field(stack)
    assert_true_as_written(field.derivation)
    assert [step.value for step in field.derivation][-3:] == (list(field) if stack else [])


def test_a_change_of_a_pixel_is_felt_by_the_outputs_that_see_it_and_no_others() -> None:
    stack = [(3, 2, 0, 1), (3, 1, 0, 2), (2, 2, 0, 1)]
    field = receptive_field(stack)
    for pixel in range(40):
        signal = np.zeros(40, dtype=int)
        signal[pixel] = 1
        for taps, stride, _, dilation in stack:
            signal = correlate(signal, np.ones(taps, dtype=int), stride=stride, dilation=dilation)
        for index, felt in enumerate(signal):
            first, last = field.seen_by(index)
            assert first <= pixel <= last or not felt
            assert felt or pixel not in (first, last)


def test_layers_tuples_and_dicts_say_the_same() -> None:
    expected = receptive_field([(3, 2, 1, 1), (2, 2, 0, 1), (3, 1, (2, 1), 2)])
    assert expected == receptive_field(
        [
            {"kernel_size": 3, "stride": 2, "padding": 1},
            (2, 2),
            {"kernel_size": 3, "padding": (2, 1), "dilation": 2},
        ]
    )
    layers = [
        Convolution(8, 3, stride=2, padding=1),
        ReLU(),
        Pooling(2),
        Convolution(8, (3, 3), padding=((2, 1), (2, 1)), dilation=2),
    ]
    assert expected == receptive_field(layers) == receptive_field(layers, axis=1)


def test_the_axis_is_chosen_where_it_matters() -> None:
    layers = [Convolution(8, (3, 5), stride=(1, 2), padding=(1, 0)), Pooling((2, 1))]
    assert receptive_field(layers, axis=0) == (4, 2, -1)
    assert receptive_field(layers, axis=1) == (5, 2, 0)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        # README of google-research/receptive_field, by the authors of the article; alexnet_v2: 195, 32, 64
        ([(11, 4), (3, 2), (5, 1, 2), (3, 2), *[(3, 1, 1)] * 3, (3, 2)], (195, 32, -64)),
        # the same, vgg_16: 212, 32, 90
        (vgg16()[0][:31], (212, 32, -90)),
        ([(3, 1)] * 5, (1 + 5 * (3 - 1), 1, 0)),  # 1 + L (K - 1)
        ([], (1, 1, 0)),
    ],
)
def test_published_receptive_fields(layers: list[Any], expected: tuple[int, int, int]) -> None:
    assert receptive_field(layers) == expected


def test_a_receptive_field_is_a_triple_that_shows_its_growth() -> None:
    field = receptive_field([(7, 2, 3), ReLU(), (3, 1, (0, 1), 2)])
    assert isinstance(field, ReceptiveField)
    size, jump, start = field
    assert (size, jump, start) == (15, 2, -3)
    assert str(field.derivation).splitlines() == [
        "layer                                          size                jump       start",
        "one pixel of the input                         1                   1          0",
        "layers[0]: 7 taps, stride 2, padding 3         1 + 6 * 1 = 7       1 * 2 = 2  0 - 3 * 1 = -3",
        "layers[2]: 3 taps, padding (0, 1), dilation 2  7 + 2 * 2 * 2 = 15  2 * 1 = 2  -3 - 0 * 2 = -3",
    ]
    assert field._repr_html_().count("<tr>") == 4
    assert field._repr_html_().startswith("<b>size 15, jump 2, start -3</b>")
    assert "r' = r + d(k-1)j = 7 + 2 \\cdot 2 \\cdot 2 = 15" in field._repr_latex_()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda field: pickle.loads(pickle.dumps(field))])
def test_a_receptive_field_keeps_its_growth_when_copied(duplicate: Any) -> None:
    field = receptive_field([(7, 2, 3)])
    assert duplicate(field) == field
    assert str(duplicate(field).derivation) == str(field.derivation)


ENDS = "must be an integer or a pair (before, after); got "
RULE = (
    "must be a layer, or kernel_size, stride, padding and dilation as a tuple or a dict, "
    "of which only kernel_size must be given; got "
)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([(3,), (3, 1), (3, 0)], "layers[2].stride must be an integer >= 1; got 0"),
        ([{"kernel_size": 1.5}], "layers[0].kernel_size must be an integer >= 1; got 1.5"),
        ([(3, 1, -1)], "layers[0].padding must be an integer >= 0; got -1"),
        (
            [(3, 1, (1, 2, 3))],
            "layers[0].padding " + ENDS + "(1, 2, 3)",
        ),
        ([(3, 1, 0, 0)], "layers[0].dilation must be an integer >= 1; got 0"),
        ([{"kernel": 3}], "layers[0] " + RULE + "{'kernel': 3}"),
        ([{"kernel_size": 3, "size": 3}], "layers[0] " + RULE + "{'kernel_size': 3, 'size': 3}"),
        ([()], "layers[0] " + RULE + "()"),
        ([(3, 1, 0, 1, 1)], "layers[0] " + RULE + "(3, 1, 0, 1, 1)"),
        ([3], "layers[0] " + RULE + "3"),
        (["3"], "layers[0] " + RULE + "'3'"),
        ([ReLU(), Flatten()], "layers[1] must see a window, not the whole input; got Flatten()"),
        ([Dense(3)], "layers[0] must see a window, not the whole input; got Dense(units=3, bias=True)"),
        (
            [GlobalPooling()],
            "layers[0] must see a window, not the whole input; got GlobalPooling(kind='average')",
        ),
        (ReLU(), "layers must be a sequence of layers; got ReLU()"),
        (3, "layers must be a sequence of layers; got 3"),
        (
            [(3,), Pooling((2, 3))],
            "axis must be given: layers[1] differs from axis to axis; got Max pooling 2×3, stride (2, 3)",
        ),
    ],
)
def test_receptive_field_says_what_is_wrong(layers: Any, message: str) -> None:
    with pytest.raises(CourseError) as caught:
        receptive_field(layers)
    assert str(caught.value) == message


def test_receptive_field_wants_an_axis_and_an_index_that_exist() -> None:
    layers = [Pooling((2, 3))]
    with pytest.raises(ParameterError, match=r"axis must be less than 2, the axes of layers\[0\]; got 2"):
        receptive_field(layers, axis=2)
    with pytest.raises(ParameterError, match=r"axis must be an integer >= 0; got -1"):
        receptive_field(layers, axis=-1)
    with pytest.raises(ParameterError, match=r"index must be an integer >= 0; got -1"):
        receptive_field([(3,)]).seen_by(-1)
