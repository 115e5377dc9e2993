"""Counts against edges and weights that are listed one by one, published totals, and PyTorch."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    GlobalPooling,
    Layer,
    Pooling,
    ReLU,
    alexnet,
    count_connections,
    count_macs,
    count_parameters,
    dense_parameters,
    lenet5,
    summarise,
    vgg16,
)
from coursekit.shapes.layers import stages
from tests.coursekit.shapes.written import assert_true_as_written

ends = st.one_of(st.integers(0, 2), st.tuples(*[st.tuples(*[st.integers(0, 2)] * 2)] * 2))
numbers = st.integers(1, 3)
per_axis = st.one_of(numbers, st.tuples(numbers, numbers))
shapes = st.tuples(st.integers(1, 2).map(lambda half: 2 * half), st.integers(1, 7), st.integers(1, 7))


@st.composite
def convolutions(draw: st.DrawFn) -> Convolution:
    return Convolution(
        kernels=2 * draw(numbers),
        kernel_size=draw(per_axis),
        stride=draw(per_axis),
        padding=draw(ends),
        dilation=draw(per_axis),
        groups=draw(st.sampled_from([1, 2])),
        bias=draw(st.booleans()),
    )


poolings = st.builds(
    Pooling, per_axis, st.one_of(st.none(), per_axis), ends, rounding=st.sampled_from(["floor", "ceil"])
)


def taps(layer: Convolution | Pooling, shape: tuple[int, ...]) -> list[bool]:
    """List every tap of every window on one map: whether it is on the image."""
    out = layer.output_shape(shape)[1:]
    windows = layer.windows(2)
    on_image = []
    for position in product(*map(range, out)):
        for tap in product(*(range(window.kernel_size) for window in windows)):
            pixel = [
                p * window.stride - window.before + t * window.dilation
                for p, t, window in zip(position, tap, windows, strict=True)
            ]
            on_image.append(all(0 <= x < size for x, size in zip(pixel, shape[1:], strict=True)))
    return on_image


@settings(deadline=None)
@given(convolutions(), shapes)
def test_a_convolution_is_counted_weight_by_weight_and_edge_by_edge(
    layer: Convolution, shape: tuple[int, int, int]
) -> None:
    try:
        out = layer.output_shape(shape)
    except ShapeError:
        assume(False)
    channels_seen = shape[0] // layer.groups
    weights = [
        (kernel, channel, u, v)
        for kernel in range(layer.kernels)
        for channel in range(channels_seen)
        for u in range(layer.windows(2)[0].kernel_size)
        for v in range(layer.windows(2)[1].kernel_size)
    ]
    every_tap = taps(layer, shape) * channels_seen * layer.kernels
    biases = layer.kernels if layer.bias else 0
    units_with_bias = out[0] * out[1] * out[2] if layer.bias else 0
    counts = [
        (count_parameters([layer], shape), len(weights) + biases),
        (count_macs([layer], shape), len(every_tap)),
        (count_connections([layer], shape), sum(every_tap)),
        (count_connections([layer], shape, with_bias=True), sum(every_tap) + units_with_bias),
    ]
    for counted, listed in counts:
        assert counted == listed
        assert_true_as_written(counted.derivation)
        assert counted.derivation[-1].value == counted


@settings(deadline=None)
@given(poolings, shapes)
def test_pooling_has_connections_alone(layer: Pooling, shape: tuple[int, int, int]) -> None:
    try:
        every_tap = taps(layer, shape) * shape[0]
    except ShapeError:
        assume(False)
    connections = count_connections([layer], shape, with_bias=True)
    assert connections == sum(every_tap)
    assert_true_as_written(connections.derivation)
    assert count_parameters([layer], shape) == count_macs([layer], shape) == 0


def test_dense_layers_and_global_pooling_are_counted() -> None:
    layers = [GlobalPooling(), ReLU(), Dense(5), Dense(2, bias=False)]
    shape = (3, 4, 6)
    assert count_parameters(layers, shape) == 5 * 4 + 2 * 5
    assert count_macs(layers, shape) == 5 * 3 + 2 * 5
    assert count_connections(layers, shape) == 3 * 4 * 6 + 5 * 3 + 2 * 5
    assert count_connections(layers, shape, with_bias=True) == 3 * 4 * 6 + 5 * 3 + 5 + 2 * 5
    for count in (count_parameters, count_macs, count_connections):
        assert_true_as_written(count(layers, shape).derivation)


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_any_number_of_axes_is_counted(axes: int) -> None:
    layers = [Convolution(4, 3), Pooling(2), Flatten(), Dense(2)]
    shape = (2, *[8] * axes)
    assert count_parameters(layers, shape) == 4 * (2 * 3**axes + 1) + 2 * (4 * 3**axes + 1)
    assert count_macs(layers, shape) == 4 * 2 * 3**axes * 6**axes + 2 * 4 * 3**axes
    first = count_parameters(layers, shape).derivation[0]
    assert first.name == f"layers[0]: Convolution 4 @ {'×'.join('3' * axes)}"


def test_an_empty_network_has_nothing() -> None:
    assert count_parameters([], (3, 4, 4)) == 0
    assert str(count_parameters([], (3, 4, 4)).derivation) == "parameters  0"


@pytest.mark.parametrize(
    ("network", "parameters", "macs"),
    [
        (lenet5(), 61_706, 416_520),
        (alexnet(), 60_965_224, 724_406_816),
        (alexnet("torchvision"), 61_100_840, 714_188_480),
        (vgg16(), 138_357_544, 15_470_264_320),
    ],
    ids=["LeNet-5", "AlexNet", "AlexNet of torchvision", "VGG-16"],
)
def test_published_totals(network: tuple[list[Layer], tuple[int, ...]], parameters: int, macs: int) -> None:
    assert count_parameters(*network) == parameters
    assert count_macs(*network) == macs
    for count in (count_parameters, count_macs, count_connections):
        assert_true_as_written(count(*network).derivation)


def test_the_published_connections_of_lenet_hold_where_the_network_is_the_same() -> None:
    # LeCun and others, 1998: layers C1, C5 and F6, each with the biases
    layers = [Convolution(6, 5)]
    assert count_connections(layers, (1, 32, 32), with_bias=True) == 122_304
    assert count_connections([Convolution(120, 5)], (16, 5, 5), with_bias=True) == 48_120
    assert count_connections([Dense(84)], (120,), with_bias=True) == 10_164


def test_a_worked_example_of_the_lectures_agrees() -> None:
    layers = [Convolution(6, 5), ReLU(), Convolution(16, 5)]
    assert count_parameters(layers, (3, 32, 32)) == 2872
    without = [Convolution(6, 5, bias=False), Convolution(16, 5, bias=False)]
    assert count_parameters(without, (3, 32, 32)) == 2850
    assert dense_parameters((3, 32, 32), (6, 28, 28)) == 4704 * 3073
    assert dense_parameters((3, 32, 32), (6, 28, 28), bias=False) == 4704 * 3072
    assert_true_as_written(dense_parameters((3, 32, 32), (6, 28, 28)).derivation)


def test_derivations_show_groups_and_edges() -> None:
    layers = [Convolution(256, 5, padding=2, groups=2), ReLU(), Pooling(3, 2)]
    assert str(count_parameters(layers, (96, 27, 27)).derivation).splitlines() == [
        "layers[0]: Convolution 256 @ 5×5, padding 2, groups 2  256 * ((96 / 2) * 5 * 5 + 1) = 307456",
        "parameters                                             307456",
    ]
    edges = "(3 + 4 + 23 * 5 + 4 + 3)"
    assert [step.text for step in count_connections(layers, (96, 27, 27)).derivation] == [
        f"256 * (96 / 2) * {edges} * {edges}",
        "256 * (13 * 3) * (13 * 3)",
        "204484608 + 389376",
    ]
    assert count_macs(layers, (96, 27, 27)).derivation[0].text == "(256 * 27 * 27) * ((96 / 2) * 5 * 5)"


def torch_module(torch: Any, layer: Layer, shape: tuple[int, ...]) -> Any:
    """Return the layer of PyTorch that `layer` describes, for an input of this shape."""
    nn = torch.nn
    if isinstance(layer, Convolution):
        size, rest = (
            layer.kernel_size,
            (layer.stride, layer.padding, layer.dilation, layer.groups, layer.bias),
        )
        return nn.Conv2d(shape[0], layer.kernels, size, *rest)
    if isinstance(layer, Pooling):
        kind = nn.AvgPool2d if layer.kind == "average" else nn.MaxPool2d
        return kind(layer.size, layer.stride, layer.padding, ceil_mode=layer.rounding == "ceil")
    if isinstance(layer, Dense):
        return nn.Linear(shape[0], layer.units, layer.bias)
    return nn.Flatten() if isinstance(layer, Flatten) else nn.Identity()


@pytest.mark.torch
@pytest.mark.parametrize("network", [lenet5(), alexnet(), alexnet("torchvision"), vgg16(7)])
def test_shapes_and_parameters_agree_with_pytorch_layer_by_layer(
    torch: Any, network: tuple[list[Layer], tuple[int, ...]]
) -> None:
    summary = summarise(*network)
    with torch.device("meta"):  # shapes without numbers
        maps = torch.zeros(1, *network[1])
        for stage, row in zip(stages(*network), summary.rows, strict=True):
            module = torch_module(torch, stage.layer, stage.input_shape)
            maps = module(maps)
            assert row.output_shape == tuple(maps.shape[1:])
            assert row.parameters == sum(p.numel() for p in module.parameters())


TOO_LARGE = (
    "axis 0: the kernel must fit inside the padded input; "
    "the kernel spans dilation * (kernel_size - 1) + 1 = 1 * (30 - 1) + 1 = 30, "
    "the input has size + 2 * padding = 28 + 2 * 0 = 28"
)


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        (
            [Convolution(6, 5), ReLU(), Pooling(30)],
            (3, 32, 32),
            f"layers[2]: {TOO_LARGE}",
        ),
        (
            [Convolution(6, 5, groups=2)],
            (3, 32, 32),
            "layers[0]: groups must divide the channels of the input; got 2 for 3 channels",
        ),
        (
            [Pooling(2), Dense(10)],
            (3, 4, 4),
            "layers[1]: the input must be (n,); got shape (3, 2, 2); put Flatten() before Dense",
        ),
        (
            [Flatten(), Pooling(2)],
            (3, 4, 4),
            "layers[1]: the input must be (channels, *spatial); got shape (48,)",
        ),
        (
            [Flatten(), GlobalPooling()],
            (3, 4, 4),
            "layers[1]: the input must be (channels, *spatial); got shape (48,)",
        ),
        (
            [Convolution(6, (3, 3))],
            (3, 32),
            "layers[0]: kernel_size must be an integer or one integer per axis (1); got (3, 3)",
        ),
        (
            [Convolution(6, 3), (3, 2)],
            (3, 32),
            "layers[1] must be a layer, such as Dense(10); got (3, 2)",
        ),
        (Dense(10), (3,), "layers must be a sequence of layers; got Dense(units=10, bias=True)"),
        ([Dense(10)], (), "input_shape must be (channels, *spatial) or (n,); got ()"),
        ([Dense(10)], 3, "input_shape must be (channels, *spatial) or (n,); got 3"),
        ([Dense(10)], (0,), "input_shape[0] must be an integer >= 1; got 0"),
    ],
)
def test_counting_names_the_layer_that_is_wrong(layers: Any, shape: Any, message: str) -> None:
    for function in (count_parameters, count_connections, count_macs, summarise):
        with pytest.raises(CourseError) as caught:
            function(layers, shape)
        assert str(caught.value) == message


def test_counting_says_what_is_wrong_with_the_rest() -> None:
    with pytest.raises(ParameterError, match="with_bias must be True or False; got 1"):
        count_connections([Dense(1)], (3,), with_bias=1)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="bias must be True or False; got None"):
        dense_parameters((3,), (4,), bias=None)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"output_shape\[1\] must be an integer >= 1; got 2.5"):
        dense_parameters((3,), (4, 2.5))  # type: ignore[arg-type]
