"""The connections of a network: the right number, and wrong ones that differ in one term or one formula."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from coursekit.checks.tasks.parameter_counting.notation import (
    Counted,
    Plain,
    Shape,
    Window,
    counted,
    course_layers,
    floor_positions,
    steps_of,
    windows,
)
from coursekit.shapes import count_connections as shapes_count_connections

Layers = list[Plain]
Term = Callable[[Window], int]


def count_connections(image_shape: Shape, layers: Layers) -> Counted:
    """Return the number of connections, with its arithmetic."""
    return counted(connections(image_shape, layers), lambda: arithmetic(image_shape, layers))


def arithmetic(image_shape: Shape, layers: Layers) -> str:
    """Return the sum behind the number of connections, layer by layer."""
    described, places = course_layers(layers)
    return steps_of(shapes_count_connections(described, image_shape), places)


def taps_inside(window: Window) -> int:
    """Return how many taps fall on the map, over all positions of the window."""
    per_axis = []
    for size, taps, positions in zip(window.size, window.taps, window.positions, strict=True):
        starts = [place * window.stride - window.padding for place in range(positions)]
        per_axis.append(sum(max(0, min(start + taps, size) - max(start, 0)) for start in starts))
    return prod(per_axis)


def right_term(window: Window) -> int:
    """Return the connections of one convolution or pooling."""
    return window.joined * taps_inside(window)


def summed(
    term: Term = right_term, count: Callable[[int, int, int, int], int] = floor_positions
) -> Callable[[Shape, Layers], int]:
    """Return the mistake that counts `term` for a convolution or pooling, or takes `count` for the size."""

    def wrong(image_shape: Shape, layers: Layers) -> int:
        dense = sum(prod(layer[1]) for layer in layers if layer[0] == "dense")
        return dense + sum(map(term, windows(image_shape, layers, count)))

    return wrong


connections = summed()
