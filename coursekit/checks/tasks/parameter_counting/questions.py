"""The questions about a student's own network, and the right answers."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from coursekit.checks.task import Group
from coursekit.checks.tasks.parameter_counting.connections import right_term
from coursekit.checks.tasks.parameter_counting.count_parameters import parameters_of
from coursekit.checks.tasks.parameter_counting.notation import Plain, Shape, Window, windows

Layers = list[Plain]

FIRST = "parameters of the first convolution"
SECOND = "parameters of the second convolution"
DENSE = "parameters of the dense layer"
TOTAL = "parameters of the whole network"
LARGER = "parameters of the first convolution, image twice as high and wide"
ROWS = "rows of a map behind the first convolution"
POOLED = "numbers behind the pooling, in all maps"
CONNECTIONS = "connections of the second convolution"

PARAMETERS = Group("parameters", 1, "how many numbers are learned, layer by layer and in all")
SIZES = Group("sizes and connections", 1, "how large the maps are, and how many connections lead to them")
GROUPS = {PARAMETERS: (FIRST, SECOND, DENSE, TOTAL, LARGER), SIZES: (ROWS, POOLED, CONNECTIONS)}
QUESTIONS = tuple(question for questions in GROUPS.values() for question in questions)


def number_of(question: str, image_shape: Shape, layers: Layers) -> int:
    """Return the right answer to one of `QUESTIONS`.

    The first convolution is `layers[0]`, the pooling `layers[2]`, the second convolution `layers[3]` and the
    dense layer `layers[5]`, as `coursekit.personal` makes them.
    """
    answers: dict[str, Callable[[], int]] = {
        FIRST: lambda: parameters_of(layers[0]),
        SECOND: lambda: parameters_of(layers[3]),
        DENSE: lambda: parameters_of(layers[5]),
        TOTAL: lambda: sum(map(parameters_of, layers)),
        LARGER: lambda: parameters_of(layers[0]),  # the size of the image is not in it
        ROWS: lambda: _windows(image_shape, layers)[0].positions[0],
        POOLED: lambda: _numbers_behind(image_shape, layers),
        CONNECTIONS: lambda: right_term(_windows(image_shape, layers)[2]),
    }
    return answers[question]()


def _windows(image_shape: Shape, layers: Layers) -> list[Window]:
    return list(windows(image_shape, layers))


def _numbers_behind(image_shape: Shape, layers: Layers) -> int:
    pooling = _windows(image_shape, layers)[1]
    return int(pooling.kernels * prod(pooling.positions))
