"""receptive_field(layers): what one output sees of the input, along one axis, through a stack of layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameNumbers
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.stride.field_mistakes import MISCONCEPTIONS, Layer, Layers, reference

PLAIN = Group("stride 1", 1, "every layer has stride 1 and a dense kernel")
SPREAD = Group("strides and dilation", 1, "some layers have a stride or a dilation above 1")

PLAIN_STACKS: tuple[Layers, ...] = (
    [(1, 1, 0, 1)],
    [(3, 1, 0, 1)],
    [(3, 1, 1, 1)],
    [(3, 1, 1, 1), (3, 1, 1, 1)],
    [(2, 1, 1, 1), (5, 1, 2, 1), (3, 1, 0, 1)],
)
SPREAD_STACKS: tuple[Layers, ...] = (
    [(3, 2, 0, 1)],
    [(2, 1, 1, 3)],
    [(3, 2, 1, 1), (3, 1, 1, 1)],
    [(3, 1, 1, 1), (2, 2, 0, 1), (3, 1, 1, 1)],
    [(3, 1, 1, 1), (3, 1, 2, 2), (3, 1, 4, 4)],
    [(7, 2, 3, 1), (3, 3, 1, 2)],
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one layer upwards; the larger ones have numbers that nobody can guess."""
    plain = [*PLAIN_STACKS, *([_layer(rng, 1, 1) for _ in range(depth)] for depth in (2, 3, 4))]
    steps = (((2, 1), (1, 2), (3, 1)), ((1, 3), (2, 2), (2, 1)), ((3, 1), (2, 3), (1, 1), (2, 2)))
    spread = [*SPREAD_STACKS, *([_layer(rng, *step) for step in stack] for stack in steps)]
    return [Case((layers,), PLAIN.name) for layers in plain] + [
        Case((layers,), SPREAD.name) for layers in spread
    ]


def _layer(rng: np.random.Generator, stride: int, dilation: int) -> Layer:
    return int(rng.integers(2, 8)), stride, int(rng.integers(1, 4)), dilation


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    return (
        len(arguments) == 1
        and isinstance(arguments[0], list)
        and bool(arguments[0])
        and all(map(_is_layer, arguments[0]))
    )


def _is_layer(layer: Any) -> bool:
    if not isinstance(layer, tuple) or len(layer) != 4 or any(type(number) is not int for number in layer):
        return False
    kernel, stride, padding, dilation = layer
    return bool(min(kernel, stride, dilation) >= 1 and padding >= 0)


HINTS = (
    (
        "Begin with no layer at all: one output is one pixel, so size 1, jump 1, start 0. Then let one "
        "layer after the other change these three numbers."
    ),
    (
        "A layer with K taps puts K - 1 steps between its first and its last tap. How many pixels of the "
        "input is one such step, with the dilation of this layer and the strides of the layers before it?"
    ),
    (
        "The padding p of a layer moves the start by p steps of the same length, but without the dilation. "
        "The stride of a layer matters only for the layers behind it, so change the jump last."
    ),
)

RECEPTIVE_FIELD = Task(
    name="receptive_field",
    stem="06_stride",
    signature="receptive_field(layers)",
    parameters=("layers",),
    groups=(PLAIN, SPREAD),
    reference=reference,
    rule=SameNumbers(("size", "jump", "start")),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=HINTS,
    forbids=PACKAGES,
    fair=is_fair,
)
