"""The layers of this exercise as plain tuples, and what the tasks have in common about them.

("convolution", (kernels, channels, height, width), stride, padding, bias)
("pooling", (height, width), stride)
("dense", (outputs, inputs), bias)
("relu",)

`bias` is True or False; `stride` and `padding` hold for rows and columns; division is floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from coursekit.checks.rules import Problem, SameNumbers
from coursekit.shapes import Convolution, Dense, DerivedNumber, Flatten, Layer, Pooling, ReLU

Plain = tuple[Any, ...]  # one layer
Pair = tuple[int, int]
Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Window:
    """A convolution or pooling at work: the maps before and behind it. Pairs are (rows, columns)."""

    layer: Plain
    channels: int
    kernels: int
    size: Pair
    taps: Pair
    stride: int
    padding: int
    positions: Pair

    @property
    def pools(self) -> bool:
        """Whether each map is read by itself."""
        return bool(self.layer[0] == "pooling")

    @property
    def joined(self) -> int:
        """How many pairs of a map before and a map behind the layer are joined."""
        return self.channels if self.pools else self.channels * self.kernels


def floor_positions(size: int, taps: int, stride: int, padding: int) -> int:
    """Return how many windows fit along one axis."""
    return (size + 2 * padding - taps) // stride + 1


def windows(
    image_shape: Shape, layers: Sequence[Plain], count: Callable[[int, int, int, int], int] = floor_positions
) -> Iterator[Window]:
    """Yield the convolutions and poolings with the shapes they meet; `count` is the formula of the size."""
    channels, *size = image_shape
    for layer in layers:
        if layer[0] not in ("convolution", "pooling"):
            continue
        kernels = layer[1][0] if layer[0] == "convolution" else channels
        taps, stride = layer[1][-2:], layer[2]
        padding = layer[3] if layer[0] == "convolution" else 0
        rows, columns = (count(n, k, stride, padding) for n, k in zip(size, taps, strict=True))
        yield Window(layer, channels, kernels, (size[0], size[1]), taps, stride, padding, (rows, columns))
        channels, size = kernels, [rows, columns]


def course_layers(layers: Sequence[Plain]) -> tuple[list[Layer], list[int]]:
    """Return the layers as `coursekit.shapes` describes them, and for each its index in `layers`."""
    described: list[Layer] = []
    places: list[int] = []
    for place, layer in enumerate(layers):
        if layer[0] == "dense" and not any(isinstance(before, Flatten) for before in described):
            described.append(Flatten())
            places.append(place)
        described.append(_described(layer))
        places.append(place)
    return described, places


def _described(layer: Plain) -> Layer:
    if layer[0] == "convolution":
        _, (kernels, _, height, width), stride, padding, bias = layer
        return Convolution(kernels, (height, width), stride=stride, padding=padding, bias=bias)
    if layer[0] == "pooling":
        return Pooling(layer[1], stride=layer[2])
    return Dense(layer[1][0], bias=layer[2]) if layer[0] == "dense" else ReLU()


def is_network(layers: Sequence[Plain]) -> bool:
    """Return whether there is a layer, and each convolution takes as many maps as the one before it gives."""
    maps = [layer[1][:2] for layer in layers if layer[0] == "convolution"]
    return bool(layers) and all(one[0] == other[1] for one, other in pairwise(maps))


def fits(image_shape: Shape, layers: Sequence[Plain]) -> bool:
    """Return whether an image of this shape (C, H, W) can go through all layers."""
    shape: tuple[int, ...] = image_shape
    if min(image_shape) < 1:
        return False
    for window in windows(image_shape, layers):
        if min(window.size) < 1 or any(
            n + 2 * window.padding < k for n, k in zip(window.size, window.taps, strict=True)
        ):
            return False
        if not window.pools and window.layer[1][1] != window.channels:
            return False
        shape = (window.kernels, *window.positions)
    numbers = prod(shape)
    for layer in layers:
        if layer[0] == "dense":
            if layer[1][1] != numbers:
                return False
            numbers = layer[1][0]
    return bool(layers)


class Counted(np.ndarray[Any, np.dtype[Any]]):
    """A right number, as an array without axes, that can say how it comes about."""

    steps: Callable[[], str]


def counted(number: int, steps: Callable[[], str]) -> Counted:
    """Return `number` with its `steps`, a part of a sentence that is worked out only when it is shown."""
    array = np.asarray(number).view(Counted)
    array.steps = cache(steps)  # the gate asks for it once for each mistake
    return array


def steps_of(number: DerivedNumber, places: Sequence[int]) -> str:
    """Return "layers[0]: 6 * (3 * 5 * 5 + 1) = 456; ..." for the layers that count, with these indices."""
    rows = []
    for step in list(number.derivation)[:-1]:  # the last one is the sum
        index = int(step.name.removeprefix("layers[").split("]")[0])
        rows.append(f"layers[{places[index]}]: {step.line}")
    return "; ".join(rows)


@dataclass(frozen=True)
class SameCount(SameNumbers):
    """One whole number; where it is wrong, the sentence ends with the steps to the right one."""

    def problem(self, expected: object, value: object) -> Problem | None:
        """Return what is wrong with `value`, with the arithmetic behind `expected`."""
        problem = super().problem(expected, value)
        if problem is None or not isinstance(expected, Counted):
            return problem
        return Problem(problem.kind, f"{problem.sentence} It comes from {expected.steps()}.")
