"""Wrong receptive fields: what students add, multiply and leave out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Any

from coursekit.checks.task import Misconception

Layer = tuple[int, int, int, int]  # kernel, stride, padding, dilation
Layers = list[Layer]
Field = tuple[Any, Any, Any]  # size, jump, start


def reference(layers: Layers) -> Field:
    """Return (size, jump, start), as `coursekit.shapes.receptive_field` does with its derivation."""
    return grown(layers, lambda jump, stride: jump * stride)


def grown(layers: Layers, next_jump: Callable[[int, int], int], *, jump_first: bool = False) -> Field:
    """Go through the layers with another rule for the jump, or with the jump of the layer itself."""
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        following = next_jump(jump, stride)
        used = following if jump_first else jump
        size, start, jump = size + dilation * (kernel - 1) * used, start - padding * used, following
    return size, jump, start


def each_layer(change: Callable[[int, int, int, int], Layer]) -> Callable[[Layers], tuple[Layers]]:
    """Return the mistake that reads every layer as `change` of its numbers."""
    return lambda layers: ([change(*layer) for layer in layers],)


def growth(layers: Layers) -> int:
    """Return how much all layers add to the size with jump 1."""
    return sum(dilation * (kernel - 1) for kernel, _, _, dilation in layers)


def too_early(layers: Layers) -> Field:
    """Multiply the jump by the stride of a layer before this layer uses it."""
    return grown(layers, lambda jump, stride: jump * stride, jump_first=True)


def own_strides(layers: Layers) -> int:
    """Return the size when every layer adds its steps times its own stride."""
    return 1 + sum(dilation * (kernel - 1) * stride for kernel, stride, _, dilation in layers)


def start_spread(layers: Layers) -> Any:
    """Return the start when the padding is spread like the taps."""
    return reference([(kernel, stride, padding * gap, gap) for kernel, stride, padding, gap in layers])[2]


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
        "whole_kernel_added",
        "This is what you get when a layer adds its kernel, and not its kernel less 1.",
        "From the first to the last of K taps there are K - 1 steps.",
        "L3.26",
        before=each_layer(lambda kernel, stride, padding, dilation: (kernel + 1, stride, padding, dilation)),
    ),
    Misconception(
        "start_before_jump",
        "These are the right numbers in another order: size, start, jump.",
        "Return them in the order of the docstring: size, jump, start.",
        "L3.25",
        after=lambda answer, layers: (answer[0], answer[2], answer[1]),
    ),
    Misconception(
        "own_stride_instead_of_jump",
        "This is what you get when a layer adds its steps times its own stride.",
        "Multiply by the jump: the product of the strides of all layers before this one.",
        "L3.27",
        after=lambda answer, layers: (own_strides(layers), *answer[1:]),
    ),
    Misconception(
        "size_with_the_new_jump",
        "The size is that of layers which count their own stride; the start is right.",
        "Add to the size first, with the jump of the layers before, and multiply the jump afterwards.",
        "L3.27",
        after=lambda answer, layers: (too_early(layers)[0], *answer[1:]),
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
        after=lambda answer, layers: too_early(layers),
    ),
    Misconception(
        "start_with_the_new_jump",
        "The start is moved by padding times the jump behind the layer; right is the jump in front of it.",
        "The padding of a layer is counted in pixels of its own input: use the jump before its stride.",
        "L3.25",
        after=lambda answer, layers: (*answer[:2], too_early(layers)[2]),
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
        "padding_spread_by_dilation",
        "The start is moved by padding times dilation times jump.",
        "Dilation spreads the taps, not the padding: multiply the padding by the jump alone.",
        "L3.46",
        after=lambda answer, layers: (*answer[:2], start_spread(layers)),
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
        "middle_measured_from_the_edge",
        "The third number is the middle of the field, measured from the left edge of pixel 0.",
        "Some guides begin with 0.5. Begin with 0, and return the index of the first pixel of the field.",
        "L3.25",
        after=lambda answer, layers: (*answer[:2], float(middle(answer)) + 0.5),
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
