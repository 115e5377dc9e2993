"""count_connections(image_shape, layers): the pairs of a number and a number before it that it reads."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.parameter_counting.connections import (
    Layers,
    Term,
    count_connections,
    right_term,
    summed,
    taps_inside,
)
from coursekit.checks.tasks.parameter_counting.networks import network
from coursekit.checks.tasks.parameter_counting.notation import Plain, SameCount, Shape, fits, windows

ALL = Group("networks", 1, "one layer or several, padded or not, with pooling, ReLU and dense layers")


def generate(rng: np.random.Generator) -> list[Case]:
    """Return networks from one kernel on three pixels upwards."""
    cases = [
        Case(((1, 1, 3), [("convolution", (1, 1, 1, 2), 1, 0, True)]), ALL.name),
        Case(((1, 1, 3), [("convolution", (1, 1, 1, 3), 1, 1, False)]), ALL.name),
        Case(((2, 4, 3), [("convolution", (3, 2, 2, 1), 2, 0, True)]), ALL.name),
        Case(((2, 2, 3), [("pooling", (2, 1), 1)]), ALL.name),
    ]
    for plan in ("c", "c", "c", "p", "d", "cr", "cc", "cp", "pc", "cd", "crp", "crpd", "crcrd", "crpcrpdrd"):
        height, width = map(int, rng.integers(5, 10, size=2) + 3 * len(plan))
        shape = (int(rng.integers(2, 5)), height, width if width != height else width + 1)
        cases.append(Case(network(rng, plan, shape), ALL.name))
    return cases


def convolutions(term: Term) -> Callable[[Shape, Layers], int]:
    """Return the mistake that counts `term` for a convolution, and pooling as it should be."""
    return summed(lambda window: right_term(window) if window.pools else term(window))


def with_kernels(change: Callable[[int, int], tuple[int, int]]) -> Callable[..., tuple[Shape, Layers]]:
    """Return the mistake that reads height and width of every kernel as `change` makes of them."""

    def misread(image_shape: Shape, layers: Layers) -> tuple[Shape, Layers]:
        return image_shape, [
            (layer[0], (*layer[1][:2], *change(*layer[1][2:])), *layer[2:])
            if layer[0] == "convolution"
            else layer
            for layer in layers
        ]

    return misread


def without(setting: str) -> Callable[..., tuple[Shape, Layers]]:
    """Return the mistake that takes every stride to be 1, or every padding to be 0."""

    def plain(layer: Plain) -> Plain:
        if layer[0] == "pooling" and setting == "stride":
            return (*layer[:2], 1)
        if layer[0] == "convolution":
            return (*layer[:2], 1, *layer[3:]) if setting == "stride" else (*layer[:3], 0, layer[4])
        return layer

    return lambda image_shape, layers: (image_shape, [plain(layer) for layer in layers])


def left_out(name: str) -> Callable[..., int]:
    """Return the mistake that counts no connections for layers of this name, though they change the maps."""

    def fewer(right: Any, image_shape: Shape, layers: Layers) -> int:
        if name == "dense":
            return int(right) - sum(prod(layer[1]) for layer in layers if layer[0] == "dense")
        return int(right) - sum(right_term(window) for window in windows(image_shape, layers) if window.pools)

    return fewer


def biases_counted(right: Any, image_shape: Shape, layers: Layers) -> int:
    """Count one connection more for each number that has a bias added."""
    biased = sum(
        window.kernels * prod(window.positions)
        for window in windows(image_shape, layers)
        if not window.pools and window.layer[4]
    )
    outputs: list[int] = [layer[1][0] for layer in layers if layer[0] == "dense" and layer[2]]
    return int(right) + biased + sum(outputs)


def relu_counted(right: Any, image_shape: Shape, layers: Layers) -> int:
    """Count one connection for each number that goes through a ReLU."""
    total = int(right)
    shape: tuple[int, ...] = image_shape
    behind = iter(windows(image_shape, layers))
    for layer in layers:
        if layer[0] in ("convolution", "pooling"):
            window = next(behind)
            shape = (window.kernels, *window.positions)
        elif layer[0] == "dense":
            shape = layer[1][:1]
        else:
            total += prod(shape)
    return total


def sizes_not_followed(image_shape: Shape, layers: Layers) -> int:
    """Let every layer slide over the image, as if the maps had stayed as large as it is."""
    total, channels = 0, image_shape[0]
    for layer in layers:
        for window in windows((channels, *image_shape[1:]), [layer]):
            total, channels = total + right_term(window), window.kernels
        total += prod(layer[1]) if layer[0] == "dense" else 0
    return total


MISCONCEPTIONS = (
    Misconception(
        "parameters_instead_of_connections",
        "This is what you get when each weight is counted once, as a parameter.",
        "A shared weight is used at every position of the kernel: each use is a connection of its own.",
        "L2.13",
        convolutions(lambda window: window.joined * prod(window.taps)),
    ),
    Misconception(
        "taps_on_padding_counted",
        "This is what you get when taps that fall on padding count as well.",
        "A zero of the padding is no number of the layer before: count only taps that fall on the map.",
        "L2.11",
        summed(lambda window: window.joined * prod(window.taps) * prod(window.positions)),
    ),
    Misconception(
        "channels_forgotten",
        "This is what you get when a kernel reads one channel only.",
        "Each number of the output reads a window in every channel of the input.",
        "L4.15",
        convolutions(lambda window: window.kernels * taps_inside(window)),
    ),
    Misconception(
        "only_one_kernel_counted",
        "This is what you get when a convolution is taken to give one map.",
        "Each kernel gives a map of its own, with connections of its own.",
        "L4.21",
        convolutions(lambda window: window.channels * taps_inside(window)),
    ),
    Misconception(
        "everything_joined",
        "This is what you get when every number is joined to every number before it, as in a dense layer.",
        "A number behind a convolution or pooling reads only its own window.",
        "L2.10",
        summed(lambda window: window.channels * prod(window.size) * window.kernels * prod(window.positions)),
    ),
    Misconception(
        "pooling_joins_all_maps",
        "This is what you get when pooling reads all maps for each map that it gives.",
        "Pooling works in each map by itself: count its windows once for each map.",
        "L4.26",
        summed(lambda window: right_term(window) * (window.channels if window.pools else 1)),
    ),
    Misconception(
        "pooling_window_counted_in_one_map",
        "This is what you get when pooling is counted in one map only.",
        "Pooling works in every map: multiply by the number of maps.",
        "L4.26",
        summed(lambda window: right_term(window) // (window.channels if window.pools else 1)),
    ),
    Misconception(
        "a_window_at_every_pixel",
        "This is what you get with one window for each pixel of the input.",
        "Count the windows: floor((H + 2p − h) / s) + 1 along the rows, and the same along the columns.",
        "L4.32",
        summed(lambda window: window.joined * prod(window.taps) * prod(window.size)),
    ),
    Misconception(
        "windows_counted_along_rows_only",
        "This is what you get when the windows are counted along one side of the map only.",
        "A window has places in rows and in columns: multiply both counts.",
        "L4.32",
        summed(lambda window: right_term(window) // max(1, window.positions[1])),
    ),
    Misconception(
        "sizes_not_followed",
        "This is what you get when every layer is taken to slide over maps as large as the image.",
        "Work out the size of the maps behind each layer: the next layer starts from there.",
        "L4.22",
        sizes_not_followed,
    ),
    Misconception(
        "ceil_instead_of_floor",
        "This is what you get when a window that hangs over the edge counts as one more position.",
        "Take only windows that fit: the division is floor.",
        "L4.43",
        summed(count=lambda size, taps, stride, padding: -((taps - size - 2 * padding) // stride) + 1),
    ),
    Misconception(
        "padding_counted_at_one_end",
        "This is what you get when padding is added at one end only: H + p, not H + 2p.",
        "Padding stands at both ends of an axis.",
        "L4.43",
        summed(count=lambda size, taps, stride, padding: (size + padding - taps) // stride + 1),
    ),
    Misconception(
        "plus_one_forgotten",
        "This is what you get when the last window along every axis is missing.",
        "Count the windows: floor((H + 2p − h) / s) + 1. Did you forget the + 1?",
        "L4.43",
        summed(count=lambda size, taps, stride, padding: (size + 2 * padding - taps) // stride),
    ),
    Misconception(
        "stride_ignored",
        "This is what you get when every stride is taken to be 1.",
        "The window moves by the stride: it has fewer positions.",
        "L4.43",
        before=without("stride"),
    ),
    Misconception(
        "padding_ignored",
        "This is what you get when every padding is taken to be 0.",
        "Padding gives the window more positions, though its zeros are no connections themselves.",
        "L4.43",
        before=without("padding"),
    ),
    Misconception(
        "kernel_axes_swapped",
        "This is what you get when the height of a kernel is taken for its width.",
        "A kernel's shape is (kernels, channels, height, width): rows before columns.",
        "L4.23",
        before=with_kernels(lambda height, width: (width, height)),
    ),
    Misconception(
        "kernel_squared_from_height",
        "This is what you get when a kernel is taken to be as wide as it is high.",
        "Height and width of a kernel may differ: read both.",
        "L4.23",
        before=with_kernels(lambda height, width: (height, height)),
    ),
    Misconception(
        "kernel_squared_from_width",
        "This is what you get when a kernel is taken to be as high as it is wide.",
        "Height and width of a kernel may differ: read both.",
        "L4.23",
        before=with_kernels(lambda height, width: (width, width)),
    ),
    Misconception(
        "pooling_left_out",
        "This is what you get when pooling is taken to have no connections.",
        "Pooling has no parameters, but each of its numbers reads a window: that makes connections.",
        "L4.26",
        after=left_out("pooling"),
    ),
    Misconception(
        "dense_left_out",
        "This is what you get when dense layers are left out.",
        "In a dense layer every output reads every input: outputs · inputs connections.",
        "L2.10",
        after=left_out("dense"),
    ),
    Misconception(
        "biases_counted",
        "This is what you get when each bias that is added counts as a connection too.",
        "Here a connection joins two numbers of neighbouring layers. A bias reads nothing.",
        "L4.44",
        after=biases_counted,
    ),
    Misconception(
        "relu_counted",
        "This is what you get when ReLU counts as one connection for each number.",
        "ReLU changes a number where it stands: it belongs to the layer before and adds no connection.",
        "L4.35",
        after=relu_counted,
    ),
)

COUNT_CONNECTIONS = Task(
    name="count_connections",
    stem="08_parameter_counting",
    signature="count_connections(image_shape, layers)",
    parameters=("image_shape", "layers"),
    groups=(ALL,),
    reference=count_connections,
    rule=SameCount(("connections",)),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=(
        (
            "Take one layer and one axis first. Write down where each window starts: "
            "place · stride − padding, for place = 0, 1, 2 and so on."
        ),
        (
            "A tap is a connection if it falls on the map: on a row from 0 to H − 1. "
            "Count these taps over all windows along the rows, then along the columns, and multiply."
        ),
        (
            "Multiply by the pairs of maps that the layer joins: channels · kernels in a convolution, "
            "only the channels in pooling. Then replace the shape of the maps, and go to the next layer."
        ),
    ),
    forbids=("coursekit.shapes", "coursekit.reference"),
    fair=fits,
)
