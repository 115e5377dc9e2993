"""receptive_field(layers): what one output sees of the input, along one axis, through a stack of layers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameNumbers
from coursekit.checks.task import Case, Group, Misconception, Task

Layer = tuple[int, int, int, int]  # kernel, stride, padding, dilation
Layers = list[Layer]
Field = tuple[Any, Any, Any]  # size, jump, start

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


def reference(layers: Layers) -> Field:
    """Return (size, jump, start), as `coursekit.shapes.receptive_field` does with its derivation."""
    return grown(layers, lambda jump, stride: jump * stride)


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


def each_layer(change: Callable[[int, int, int, int], Layer]) -> Callable[[Layers], tuple[Layers]]:
    """Return the mistake that reads every layer as `change` of its numbers."""
    return lambda layers: ([change(*layer) for layer in layers],)


def growth(layers: Layers) -> int:
    """Return how much all layers add to the size with jump 1."""
    return sum(dilation * (kernel - 1) for kernel, _, _, dilation in layers)


def grown(layers: Layers, next_jump: Callable[[int, int], int], *, jump_first: bool = False) -> Field:
    """Go through the layers with another rule for the jump, or with the jump of the layer itself."""
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        following = next_jump(jump, stride)
        used = following if jump_first else jump
        size, start, jump = size + dilation * (kernel - 1) * used, start - padding * used, following
    return size, jump, start


def start_with_the_new_jump(answer: Field, layers: Layers) -> Field:
    """Multiply each padding by the jump behind its layer."""
    _, _, start = grown(layers, lambda jump, stride: jump * stride, jump_first=True)
    return answer[0], answer[1], start


def jump_before_the_last_layer(answer: Field, layers: Layers) -> Field:
    """Leave out the stride of the last layer."""
    return answer[0], prod(stride for _, stride, _, _ in layers[:-1]), answer[2]


def middle(answer: Field) -> Fraction:
    """Return the middle of the field, where pixel i has its middle at i."""
    return Fraction(2 * answer[2] + answer[0] - 1, 2)


MISCONCEPTIONS = (
    Misconception(
        "formula_of_the_slides",
        "The size is 1 + L (K - 1), as on the slides: right for equal kernels and stride 1 only.",
        "Go layer by layer: each adds the span of its own kernel less 1, times the jump before it.",
        "L3.26",
        after=lambda answer, layers: (1 + len(layers) * (layers[0][0] - 1), *answer[1:]),
    ),
    Misconception(
        "jump_left_out_of_size",
        "This is what you get when every layer adds its kernel less 1, as if all strides were 1.",
        "Multiply what a layer adds by the jump of the layers before it.",
        "L3.26",
        after=lambda answer, layers: (1 + growth(layers), *answer[1:]),
    ),
    Misconception(
        "kernels_summed",
        "This is what you get when the sizes of the kernels are added up.",
        "Two kernels that meet share a pixel: each layer adds its kernel less 1, times the jump before it.",
        "L3.26",
        after=lambda answer, layers: (sum(layer[0] for layer in layers), *answer[1:]),
    ),
    Misconception(
        "size_starts_at_zero",
        "The size is one pixel too small.",
        "Start with one pixel: without any layer, an output sees itself.",
        "L3.25",
        after=lambda answer, layers: (answer[0] - 1, *answer[1:]),
    ),
    Misconception(
        "jump_updated_too_early",
        "This is what you get when a layer's own stride is counted in what this layer adds to the size.",
        "Use the jump of the layers before, and multiply it by the stride of this layer afterwards.",
        "L3.27",
        after=lambda answer, layers: grown(layers, lambda jump, stride: jump * stride, jump_first=True),
    ),
    Misconception(
        "start_with_the_new_jump",
        "The start is moved by padding times the jump behind the layer; right is the jump in front of it.",
        "The padding of a layer is counted in pixels of its own input: use the jump before its stride.",
        "L3.25",
        after=start_with_the_new_jump,
    ),
    Misconception(
        "strides_added",
        "This is what you get when the strides are added up instead of multiplied.",
        "Multiply: two steps in layer 2 are each as long as a step of layer 1.",
        "L3.27",
        lambda layers: grown(layers, lambda jump, stride: jump + stride),
    ),
    Misconception(
        "only_the_stride_before",
        "This is what you get when the jump is the stride of one layer, not the product of all of them.",
        "Multiply the jump so far by the stride of each layer.",
        "L3.27",
        lambda layers: grown(layers, lambda jump, stride: stride),
    ),
    Misconception(
        "stride_ignored",
        "This is what you get when all strides are taken to be 1.",
        "Each stride multiplies the jump, and the jump multiplies what later layers add.",
        "L3.27",
        before=each_layer(lambda kernel, stride, padding, dilation: (kernel, 1, padding, dilation)),
    ),
    Misconception(
        "last_stride_left_out",
        "The jump lacks the stride of the last layer.",
        "The jump is the distance between two outputs of the last layer: its stride counts too.",
        "L3.27",
        after=jump_before_the_last_layer,
    ),
    Misconception(
        "dilation_ignored",
        "This is what you get when all kernels are taken to be dense.",
        "The taps stand `dilation` pixels apart: a layer adds `dilation * (kernel - 1)` times the jump.",
        "L3.46",
        before=each_layer(lambda kernel, stride, padding, dilation: (kernel, stride, padding, 1)),
    ),
    Misconception(
        "dilation_as_zeros_between",
        "This is what you get when dilation d puts d zeros between two taps: it puts d - 1.",
        "Dilation 1 is the dense kernel: the next tap is one pixel further.",
        "L3.46",
        before=each_layer(lambda kernel, stride, padding, dilation: (kernel, stride, padding, dilation + 1)),
    ),
    Misconception(
        "dilation_times_kernel",
        "This is what you get when a kernel spans dilation times kernel: with a gap behind the last tap.",
        "No gap stands behind the last tap: a layer adds `dilation * (kernel - 1)` times the jump.",
        "L3.46",
        before=each_layer(lambda kernel, stride, padding, dilation: (dilation * kernel, stride, padding, 1)),
    ),
    Misconception(
        "padding_ignored",
        "This is what you get when the padding is left out: the field of output 0 then starts at pixel 0.",
        "Each padding moves the start to the left, before pixel 0.",
        "L3.25",
        before=each_layer(lambda kernel, stride, padding, dilation: (kernel, stride, 0, dilation)),
    ),
    Misconception(
        "padding_not_multiplied",
        "The start is moved by the sum of the paddings, without the jump.",
        "A zero that a later layer adds stands for as many input pixels as the jump in front of that layer.",
        "L3.25",
        after=lambda answer, layers: (*answer[:2], -sum(layer[2] for layer in layers)),
    ),
    Misconception(
        "start_moved_to_the_right",
        "The start has the wrong sign: padding moves it to the left.",
        "Padding stands before pixel 0, where the indices are negative: subtract.",
        "L3.25",
        after=lambda answer, layers: (*answer[:2], -answer[2]),
    ),
    Misconception(
        "middle_instead_of_start",
        "The third number is the middle of the field of output 0, not its first pixel.",
        "Return the index of the first pixel of the field: it does not depend on the kernels.",
        "L3.25",
        after=lambda answer, layers: (*answer[:2], float(middle(answer))),
    ),
    Misconception(
        "layers_in_reverse",
        "This is what you get when the layers are gone through from the last to the first.",
        "The first tuple is the layer that sees the input: begin with it.",
        "L2.12",
        before=lambda layers: (layers[::-1],),
    ),
    Misconception(
        "last_layer_left_out",
        "This is the receptive field in front of the last layer.",
        "Look where your loop ends: all layers count.",
        "L2.12",
        before=lambda layers: (layers[:-1],),
    ),
    Misconception(
        "first_layer_left_out",
        "This is what you get when the first layer is left out.",
        "Look where your loop starts: all layers count.",
        "L2.12",
        before=lambda layers: (layers[1:],),
    ),
    Misconception(
        "jump_before_size",
        "These are the right numbers in another order: (jump, size, start).",
        "Return (size, jump, start).",
        "L3.25",
        after=lambda answer, layers: (answer[1], answer[0], answer[2]),
    ),
)

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
