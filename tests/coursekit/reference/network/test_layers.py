"""Every layer: its derivatives against central differences, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.network import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Layer,
    MaxPooling,
    Network,
    Parameter,
    ReLU,
    he_normal,
)
from tests.coursekit.reference.network.examples import central_differences, generator


def convolution(*arguments: Any, **settings: Any) -> Convolution:
    return Convolution(*arguments, rng=generator(), dtype="float64", **settings)


LAYERS: list[tuple[str, Callable[[], Layer], tuple[int, ...]]] = [
    ("convolution", lambda: convolution(2, 3, (3, 2)), (2, 2, 5, 4)),
    ("a strided one", lambda: convolution(2, 3, (3, 3), stride=2, padding=((1, 0), 1)), (2, 2, 6, 5)),
    ("a dilated one", lambda: convolution(1, 2, (2, 2), dilation=(2, 1), mode="same"), (2, 1, 4, 4)),
    ("a depthwise one", lambda: convolution(3, 6, (2, 2), groups=3, mode="full"), (1, 3, 3, 3)),
    ("one of signals", lambda: convolution(2, 2, (3,), stride=3), (2, 2, 7)),
    ("one of volumes", lambda: convolution(1, 2, (2, 2, 1)), (1, 1, 3, 3, 2)),
    ("max pooling", lambda: MaxPooling(2), (2, 2, 5, 4)),
    ("overlapping max pooling", lambda: MaxPooling((3, 2), stride=1, padding=(1, 0)), (1, 2, 5, 4)),
    ("average pooling", lambda: AveragePooling(2), (2, 2, 5, 4)),
    ("average pooling of signals", lambda: AveragePooling((3,), stride=1), (2, 2, 6)),
    ("relu", ReLU, (2, 3, 4)),
    ("flatten", Flatten, (3, 2, 2, 2)),
    ("dense", lambda: Dense(5, 3, rng=generator(), dtype="float64"), (4, 5)),
    (
        "a network",
        lambda: _AsLayer(
            [convolution(1, 2, (3, 3)), ReLU(), MaxPooling(2), Flatten(), Dense(8, 3, rng=generator(1))]
        ),
        (2, 1, 6, 6),
    ),
]
EACH_LAYER = pytest.mark.parametrize(
    ("make", "shape"), [entry[1:] for entry in LAYERS], ids=[entry[0] for entry in LAYERS]
)


class _AsLayer(Layer):
    """A whole network in the place of a layer, in float64."""

    def __init__(self, layers: list[Layer]) -> None:
        self.network = Network(layers)
        for parameter in self.network.parameters:
            parameter.value = parameter.value.astype("float64")

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.network.parameters

    def forward(self, inputs: Any) -> Any:
        return self.network.forward(inputs)

    def backward(self, gradient: Any) -> Any:
        return self.network.backward(gradient)


@EACH_LAYER
def test_backward_is_the_derivative_of_forward(make: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    layer, inputs = make(), generator(1).normal(size=shape)
    for parameter in layer.parameters:
        parameter.value = generator(2).normal(size=parameter.value.shape)
    gradient = generator(3).normal(size=layer.forward(inputs).shape)

    def loss() -> float:
        return float(np.sum(layer.forward(inputs) * gradient))

    by_inputs = layer.backward(gradient)
    assert by_inputs.shape == inputs.shape
    assert_allclose(by_inputs, central_differences(loss, inputs), rtol=1e-6, atol=1e-7)
    for parameter in layer.parameters:
        assert parameter.gradient.shape == parameter.value.shape
        numerical = central_differences(loss, parameter.value)
        assert_allclose(parameter.gradient, numerical, rtol=1e-6, atol=1e-7)


@EACH_LAYER
def test_a_layer_never_modifies_nor_returns_its_inputs(
    make: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer, inputs = make(), generator(1).normal(size=shape)
    inputs.flags.writeable = False
    out = layer.forward(inputs)
    gradient = generator(3).normal(size=out.shape)
    gradient.flags.writeable = False
    back = layer.backward(gradient)
    assert not np.shares_memory(out, inputs)
    assert not np.shares_memory(back, gradient)


@EACH_LAYER
def test_a_second_backward_replaces_the_gradients_of_the_first(
    make: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer, inputs = make(), generator(1).normal(size=shape)
    gradient = generator(3).normal(size=layer.forward(inputs).shape)
    layer.backward(gradient)
    first = [parameter.gradient.copy() for parameter in layer.parameters]
    layer.backward(gradient)
    for parameter, expected in zip(layer.parameters, first, strict=True):
        assert_array_equal(parameter.gradient, expected)


@pytest.mark.parametrize("make", [entry[1] for entry in LAYERS[:-1]], ids=[entry[0] for entry in LAYERS[:-1]])
def test_backward_before_forward_is_refused(make: Callable[[], Layer]) -> None:
    layer = make()
    name = type(layer).__name__
    with pytest.raises(
        CourseError, match=f"{name}.backward needs the inputs of {name}.forward; call forward"
    ):
        layer.backward(np.ones((1, 1, 2, 2)))


@EACH_LAYER
def test_a_gradient_of_another_shape_is_refused(make: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    layer = make()
    out = layer.forward(np.ones(shape))
    with pytest.raises(ShapeError, match=r"gradient must have the shape of the result, .*; got shape"):
        layer.backward(np.ones((*out.shape[:-1], out.shape[-1] + 1)))


def test_dense_and_flatten_and_a_network_name_the_shapes_that_do_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"Dense needs inputs of shape \(N, 4\); got shape \(2, 3\)"):
        Dense(4, 2, rng=generator()).forward(np.ones((2, 3)))
    with pytest.raises(ShapeError, match=r"Flatten needs a batch \(N, ...\); got shape \(3,\)"):
        Flatten().forward(np.ones(3))
    network = Network([Convolution(1, 2, (3, 3), rng=generator()), Flatten(), Dense(4, 2, rng=generator())])
    with pytest.raises(
        ShapeError, match=r"layers\[2\], Dense: Dense needs inputs of shape \(N, 4\); got .* 2\)"
    ):
        network.forward(np.ones((1, 1, 3, 3), np.float32))
    with pytest.raises(ShapeError, match=r"layers\[0\], Convolution: kernel must have as many channels"):
        network.forward(np.ones((1, 2, 3, 3), np.float32))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Convolution(1, 1, 3, rng=generator()), r"taps must be 1 to 3 integers, \(KH, KW\); got 3"),  # type: ignore[arg-type]
        (lambda: Convolution(0, 1, (3, 3), rng=generator()), "channels must be an integer >= 1; got 0"),
        (
            lambda: Convolution(3, 4, (3, 3), rng=generator(), groups=2),
            "groups must divide channels and kernels; got 2 for 3 and 4",
        ),
        (lambda: Convolution(1, 1, (3, 3), rng=0), "rng must be a numpy.random.Generator, .* got 0"),  # type: ignore[arg-type]
        (lambda: Dense(3, 0, rng=generator()), "outputs must be an integer >= 1; got 0"),
        (
            lambda: Dense(3, 1, rng=generator(), dtype="int64"),
            "dtype must be 'float32' or 'float64'; got 'int64'",
        ),
        (lambda: Network([]), "layers must hold at least one layer; got none"),
        (lambda: Network([ReLU]), r"layers\[0\] must be a layer; got <class"),  # type: ignore[list-item]
    ],
)
def test_wrong_settings_are_refused_with_rule_and_value(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        call()


def test_he_initialisation_keeps_the_size_of_the_activations() -> None:
    weights = he_normal(generator(), (200, 300), fan_in=50)
    assert weights.dtype == np.float32
    assert abs(weights.mean()) < 0.003
    assert weights.std() == pytest.approx(np.sqrt(2 / 50), rel=0.01)
    activations = generator(1).normal(size=(500, 100))
    for seed in range(20):
        layer = Dense(100, 100, rng=generator(seed), dtype="float64")
        activations = np.maximum(layer.forward(activations), 0)
    assert 0.2 < np.mean(activations**2) < 5  # 20 layers with variance 1 / fan_in would leave a millionth


def test_the_same_seed_gives_the_same_layer() -> None:
    first, second = (Convolution(2, 3, (3, 3), rng=generator(5)) for _ in range(2))
    assert_array_equal(first.kernel.value, second.kernel.value)
    assert first.kernel.value.shape == (3, 2, 3, 3)
    assert_array_equal(first.bias.value, np.zeros(3))
    other = Convolution(2, 3, (3, 3), rng=generator(6))
    assert not np.array_equal(first.kernel.value, other.kernel.value)
