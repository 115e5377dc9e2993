"""count_parameters(layers): the weights and biases of a network."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.parameter_counting.networks import network
from coursekit.checks.tasks.parameter_counting.notation import (
    Counted,
    Plain,
    SameCount,
    counted,
    course_layers,
    is_network,
)
from coursekit.shapes import count_parameters as shapes_count_parameters

Layers = list[Plain]
Change = Callable[[Layers], tuple[Layers]]

CONVOLUTIONS = Group("convolutions", 1, "the network is made of convolutions")
NETWORKS = Group("whole networks", 1, "pooling, ReLU and dense layers are there too")


def count_parameters(layers: Layers) -> Counted:
    """Return the number of parameters, with its arithmetic."""
    return counted(sum(map(parameters_of, layers)), lambda: arithmetic(layers))


def parameters_of(layer: Plain) -> int:
    """Return the weights and biases of one layer."""
    if layer[0] not in ("convolution", "dense"):
        return 0
    outputs, *inputs = layer[1]
    return int(outputs * (prod(inputs) + layer[-1]))


def arithmetic(layers: Layers) -> str:
    """Return the sum behind the number of parameters, layer by layer."""
    rows = []
    for place, layer in enumerate(layers):
        if parameters_of(layer):
            described = course_layers([layer])[0]
            number = shapes_count_parameters(described, layer[1][1:])  # the smallest input that it takes
            rows.append(f"layers[{place}]: {number.derivation[0].line}")
    return "; ".join(rows)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return networks from a single kernel upwards."""
    small: Layers = [("convolution", (1, 1, 1, 2), 1, 0, True)]
    larger: Layers = [("convolution", (2, 3, 2, 1), 1, 0, bool(rng.integers(2)))]
    cases = [Case((small,), CONVOLUTIONS.name), Case((larger,), CONVOLUTIONS.name)]
    for plan in ("c", "c", "c", "cc", "cc", "ccc"):
        cases.append(Case((_layers(rng, plan),), CONVOLUTIONS.name))
    for plan in ("d", "cp", "pd", "dd", "cr", "crp", "rd", "crd", "crpd", "crpcd", "crpcrpdrd"):
        cases.append(Case((_layers(rng, plan),), NETWORKS.name))
    return cases


def _layers(rng: np.random.Generator, plan: str) -> Layers:
    """Return layers of `plan` that take an image of 1 to 4 channels; a dense layer may come first."""
    if plan == "r" * plan.count("r") + "d" * plan.count("d"):
        return network(rng, plan, (1, 1, int(rng.integers(2, 20))))[1]
    small = plan.count("c") + plan.count("p") < 3
    shape = (int(rng.integers(1, 5)), *map(int, rng.integers(6, 10, size=2) * (1 if small else 6)))
    return network(rng, plan, (shape[0], shape[1], shape[2]))[1]


def convolutions(change: Callable[..., tuple[int, int, int, int]]) -> Change:
    """Return the mistake that reads the shape of every convolution's kernels as `change` makes of it."""

    def misread(layers: Layers) -> tuple[Layers]:
        return (
            [
                (layer[0], change(*layer[1], layer[3]), *layer[2:]) if layer[0] == "convolution" else layer
                for layer in layers
            ],
        )

    return misread


def biases(name: str, bias: bool) -> Change:
    """Return the mistake that takes every layer of this name to have a bias, or to have none."""

    def misread(layers: Layers) -> tuple[Layers]:
        return ([(*layer[:-1], bias) if layer[0] == name else layer for layer in layers],)

    return misread


def all_biased(layers: Layers) -> tuple[Layers]:
    """Take all layers to have a bias."""
    return biases("dense", True)(*biases("convolution", True)(layers))


def only(keep: Callable[[Layers], Layers]) -> Change:
    """Return the mistake that sees only some of the layers with parameters."""
    return lambda layers: (keep([layer for layer in layers if layer[0] in ("convolution", "dense")]),)


def biased(layers: Layers, name: str) -> list[tuple[int, ...]]:
    """Return the shapes of the weights of all layers of this name that have a bias."""
    return [layer[1] for layer in layers if layer[0] == name and layer[-1]]


def bias_per_channel_and_kernel(right: Any, layers: Layers) -> int:
    """Count C biases for each kernel instead of one."""
    return int(right) + sum(shape[0] * (shape[1] - 1) for shape in biased(layers, "convolution"))


def bias_per_channel(right: Any, layers: Layers) -> int:
    """Count one bias for each channel of the input instead of one for each kernel."""
    return int(right) + sum(shape[1] - shape[0] for shape in biased(layers, "convolution"))


def bias_per_layer(right: Any, layers: Layers) -> int:
    """Count one bias for a whole convolution."""
    return int(right) + sum(1 - shape[0] for shape in biased(layers, "convolution"))


def bias_per_input(right: Any, layers: Layers) -> int:
    """Count one bias for each input of a dense layer instead of one for each output."""
    return int(right) + sum(shape[1] - shape[0] for shape in biased(layers, "dense"))


def pooling_counted(right: Any, layers: Layers) -> int:
    """Count the numbers of a pooling window as if they were weights."""
    return int(right) + sum(prod(layer[1]) for layer in layers if layer[0] == "pooling")


MISCONCEPTIONS = (
    Misconception(
        "bias_of_convolutions_forgotten",
        "This is what you get when the biases of the convolutions are left out.",
        "A convolution with a bias has one more number for each kernel: F · (C · h · w + 1).",
        "L4.24",
        before=biases("convolution", False),
    ),
    Misconception(
        "bias_of_dense_layers_forgotten",
        "This is what you get when the biases of the dense layers are left out.",
        "A dense layer with a bias has one more number for each output: outputs · (inputs + 1).",
        "L4.18",
        before=biases("dense", False),
    ),
    Misconception(
        "bias_always_counted",
        "This is what you get when every layer is taken to have a bias.",
        "Look at the last entry of the layer: only where it is True is there a bias.",
        "L4.44",
        before=all_biased,
    ),
    Misconception(
        "bias_per_channel_and_kernel",
        "This is what you get with a bias for each channel of each kernel.",
        "A kernel adds up over all its channels and then adds one bias: one for each kernel, F in all.",
        "L3.10",
        after=bias_per_channel_and_kernel,
    ),
    Misconception(
        "bias_per_input_channel",
        "This is what you get with a bias for each channel of the input, not for each kernel.",
        "The bias belongs to the map that comes out: one for each kernel.",
        "L3.10",
        after=bias_per_channel,
    ),
    Misconception(
        "one_bias_for_the_whole_layer",
        "This is what you get with one bias for a whole convolution.",
        "Each kernel has a bias of its own: F biases, not one.",
        "L3.10",
        after=bias_per_layer,
    ),
    Misconception(
        "bias_per_input_of_a_dense_layer",
        "This is what you get with a bias for each input of a dense layer, not for each output.",
        "Each output adds one bias to its sum: count the outputs.",
        "L4.44",
        after=bias_per_input,
    ),
    Misconception(
        "channels_forgotten",
        "This is what you get when a kernel is taken to have one channel.",
        "A kernel is as deep as its input: it has C · h · w weights.",
        "L4.15",
        before=convolutions(lambda kernels, channels, height, width, padding: (kernels, 1, height, width)),
    ),
    Misconception(
        "only_one_kernel_counted",
        "This is what you get when a convolution is taken to have one kernel.",
        "Multiply by the number of kernels: each of them has its own weights and its own bias.",
        "L4.24",
        before=convolutions(lambda kernels, channels, height, width, padding: (1, channels, height, width)),
    ),
    Misconception(
        "kernel_squared_from_height",
        "This is what you get when a kernel is taken to be as wide as it is high.",
        "Height and width of a kernel may differ: multiply them.",
        "L4.24",
        before=convolutions(
            lambda kernels, channels, height, width, padding: (kernels, channels, height, height)
        ),
    ),
    Misconception(
        "kernel_squared_from_width",
        "This is what you get when a kernel is taken to be as high as it is wide.",
        "Height and width of a kernel may differ: multiply them.",
        "L4.24",
        before=convolutions(
            lambda kernels, channels, height, width, padding: (kernels, channels, width, width)
        ),
    ),
    Misconception(
        "padding_counted_as_weights",
        "This is what you get when the padding makes the kernel larger: h + 2p rows and w + 2p columns.",
        "Padding adds zeros to the input. They are given, not learned, and the kernel stays as it is.",
        "L4.45",
        before=convolutions(
            lambda kernels, channels, height, width, padding: (
                kernels,
                channels,
                height + 2 * padding,
                width + 2 * padding,
            )
        ),
    ),
    Misconception(
        "pooling_counted_as_weights",
        "This is what you get when the numbers of a pooling window are counted as weights.",
        "Pooling takes a maximum or a mean: nothing in it is learned. It has no parameters.",
        "L4.26",
        after=pooling_counted,
    ),
    Misconception(
        "only_kernels_are_trainable",
        "This is what you get when dense layers are left out.",
        "The weights and biases of dense layers are learned as well: outputs · (inputs + 1) with a bias.",
        "L4.18",
        before=only(lambda layers: [layer for layer in layers if layer[0] == "convolution"]),
    ),
    Misconception(
        "first_layer_only",
        "This is what you get when only the first layer with parameters counts.",
        "Look where `return` stands: it must come after the loop over the layers, not inside it.",
        "L4.22",
        before=only(lambda layers: layers[:1]),
    ),
    Misconception(
        "last_layer_only",
        "This is what you get when only the last layer with parameters counts.",
        "Add to the total with `+=`: a plain `=` forgets the layers before.",
        "L4.22",
        before=only(lambda layers: layers[-1:]),
    ),
)

COUNT_PARAMETERS = Task(
    name="count_parameters",
    stem="08_parameter_counting",
    signature="count_parameters(layers)",
    parameters=("layers",),
    groups=(CONVOLUTIONS, NETWORKS),
    reference=count_parameters,
    rule=SameCount(("parameters",)),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=(
        (
            "Start with one layer. Draw one kernel as a box of C · h · w numbers. "
            "How many such boxes are there, and where does a bias go?"
        ),
        (
            "Go through the layers one by one and look at the name, `layer[0]`. "
            "Two kinds of layers have parameters, two have none."
        ),
        (
            "True counts as 1 and False as 0 in a sum, so `weights + bias` is right for both. "
            "Do this once for each kernel, and once for each output of a dense layer."
        ),
    ),
    forbids=("coursekit.shapes", "coursekit.reference"),
    fair=is_network,
)
