"""Descriptions of layers: what they accept, how they read, and the networks made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from coursekit.errors import ParameterError
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    GlobalPooling,
    Pooling,
    ReLU,
    Softmax,
    Tanh,
    alexnet,
    lenet5,
    vgg16,
)


def test_a_layer_is_a_value() -> None:
    layer = Convolution(np.int64(8), [3, 5], padding=[1, (0, 2)])  # type: ignore[arg-type]
    assert layer == Convolution(8, (3, 5), padding=((1, 1), (0, 2)))
    assert len({layer, Convolution(8, (3, 5), padding=[1, [0, 2]])}) == 1
    assert Pooling(3) == Pooling(3, 3) != Pooling(3, 2)
    with pytest.raises(FrozenInstanceError):
        layer.kernels = 9  # type: ignore[misc]


@pytest.mark.parametrize(
    ("layer", "shape", "behind"),
    [
        (Convolution(8, (3, 5), stride=2, padding=(1, 0)), (3, 8, 9), (8, 4, 3)),
        (Convolution(8, 3, dilation=2), (3, 9), (8, 5)),
        (Pooling(2), (3, 5, 5), (3, 2, 2)),
        (Pooling(2, rounding="ceil"), (3, 5, 5), (3, 3, 3)),
        (GlobalPooling("max"), (3, 5, 5), (3,)),
        (Flatten(), (3, 5, 5), (75,)),
        (Dense(4), (75,), (4,)),
        *[(layer, (3, 5, 5), (3, 5, 5)) for layer in (ReLU(), Tanh(), Softmax())],
    ],
)
def test_a_layer_knows_the_shape_behind_it(layer: Any, shape: Any, behind: Any) -> None:
    assert layer.output_shape(shape) == behind


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Convolution(64, 3, padding=1), "Convolution 64 @ 3, padding 1"),
        (
            Convolution(64, (3, 5), 2, groups=4, bias=False),
            "Convolution 64 @ 3×5, stride 2, groups 4, no bias",
        ),
        (Convolution(64, 1, dilation=(1, 2)), "Convolution 64 @ 1×1, dilation (1, 2)"),
        (
            Pooling((2, 2), kind="average", rounding="ceil"),
            "Average pooling 2×2, stride (2, 2), ceil",
        ),
        (GlobalPooling(), "Global average pooling"),
        (Dense(10, bias=False), "Dense 10, no bias"),
        (ReLU(), "ReLU"),
    ],
)
def test_a_layer_says_what_it_is(layer: Any, words: str) -> None:
    assert str(layer) == words
    assert layer.in_words(2) == words.replace("@ 3,", "@ 3×3,")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Convolution(0, 3), "kernels must be an integer >= 1; got 0"),
        (lambda: Convolution(4, 3.0), "kernel_size must be an integer >= 1; got 3.0"),
        (lambda: Convolution(4, (3, 0)), "kernel_size[1] must be an integer >= 1; got 0"),
        (lambda: Convolution(4, 3, stride=None), "stride must be an integer >= 1; got None"),
        (
            lambda: Convolution(4, (3, 3), stride=(1, 1, 1)),
            "stride must be an integer or one integer per axis (2); got (1, 1, 1)",
        ),
        (lambda: Convolution(4, 3, padding=-1), "padding must be an integer >= 0; got -1"),
        (lambda: Convolution(4, 3, groups=3), "groups must divide kernels; got 3 for 4 kernels"),
        (lambda: Convolution(4, 3, bias=1), "bias must be True or False; got 1"),
        (lambda: Pooling(0), "size must be an integer >= 1; got 0"),
        (lambda: Pooling(2, 0), "stride must be an integer >= 1; got 0"),
        (lambda: Pooling(2, rounding="up"), "rounding must be 'floor' or 'ceil'; got 'up'"),
        (lambda: Pooling(2, kind="mean"), "kind must be 'max' or 'average'; got 'mean'"),
        (lambda: GlobalPooling("mean"), "kind must be 'max' or 'average'; got 'mean'"),
        (lambda: Dense(True), "units must be an integer >= 1; got True"),
        (lambda: Dense(3, bias=None), "bias must be True or False; got None"),
        (lambda: alexnet("new"), "variant must be 'original' or 'torchvision'; got 'new'"),
        (lambda: vgg16(0), "classes must be an integer >= 1; got 0"),
        (lambda: lenet5(1.5), "classes must be an integer >= 1; got 1.5"),
    ],
)
def test_a_layer_says_what_is_wrong(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        make()
    assert str(caught.value) == message
