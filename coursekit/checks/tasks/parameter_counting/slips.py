"""Slips that people make when they work out the numbers of a network by hand.

A slip gives a wrong number for one question. A number that hangs on it is wrong as well: the total when one
of its parts is, the parameters for a larger image when those of the first convolution are, and all sizes
behind a wrong formula. Two slips in different questions are recognised as two.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from coursekit.checks.task import Misconception
from coursekit.checks.tasks.parameter_counting.connections import right_term
from coursekit.checks.tasks.parameter_counting.notation import Shape, Window, windows
from coursekit.checks.tasks.parameter_counting.questions import (
    CONNECTIONS,
    DENSE,
    FIRST,
    LARGER,
    POOLED,
    ROWS,
    SECOND,
    TOTAL,
    Layers,
    number_of,
)

# The questions whose numbers are sums in which the number of another question stands.
FOLLOWED_BY = {FIRST: (TOTAL, LARGER), SECOND: (TOTAL,), DENSE: (TOTAL,)}
Number = Callable[[Shape, Layers], int]


def slip(
    name: str, question: str, wrong: Number, sentence: str, next_step: str, concept: str
) -> Misconception:
    """Return the misconception that answers `question` by `wrong`, and what hangs on it accordingly."""

    def after(right: Any, asked: str, image_shape: Shape, layers: Layers) -> int:
        if asked == question:
            return wrong(image_shape, layers)
        if asked in FOLLOWED_BY.get(question, ()):
            return int(right) + wrong(image_shape, layers) - number_of(question, image_shape, layers)
        return int(right)

    return Misconception(name, sentence, next_step, concept, after=after)


def of_weights(place: int, count: Callable[..., int]) -> Number:
    """Return `count` of the shape of the weights of one layer: (F, C, h, w) or (outputs, inputs)."""
    return lambda image_shape, layers: count(*layers[place][1])


def of_window(place: int, count: Callable[[Window], int]) -> Number:
    """Return `count` of the first convolution (0), the pooling (1) or the second convolution (2) at work."""
    return lambda image_shape, layers: count(list(windows(image_shape, layers))[place])


def wrong_sizes(
    name: str, count: Callable[[int, int, int, int], int], sentence: str, next_step: str
) -> Misconception:
    """Return the misconception that works out all sizes by the formula `count`."""

    def after(right: Any, asked: str, image_shape: Shape, layers: Layers) -> int:
        first, pooling, second = windows(image_shape, layers, count)
        numbers = {
            ROWS: first.positions[0],
            POOLED: pooling.kernels * prod(pooling.positions),
            CONNECTIONS: right_term(second),
        }
        return int(numbers.get(asked, right))

    return Misconception(name, sentence, next_step, "L4.43", after=after)


ONE_FOR_EACH_KERNEL = "Each kernel adds one bias to its sum: as many biases as kernels, F · (C · h · w + 1)."

SLIPS = (
    slip(
        "bias_of_the_first_convolution_forgotten",
        FIRST,
        of_weights(0, lambda kernels, *box: kernels * prod(box)),
        "In the first convolution the biases are left out.",
        ONE_FOR_EACH_KERNEL,
        "L4.24",
    ),
    slip(
        "one_bias_for_the_first_convolution",
        FIRST,
        of_weights(0, lambda kernels, *box: kernels * prod(box) + 1),
        "In the first convolution one single bias is counted.",
        ONE_FOR_EACH_KERNEL,
        "L3.10",
    ),
    slip(
        "bias_per_channel_and_kernel",
        FIRST,
        of_weights(0, lambda kernels, channels, *taps: kernels * channels * (prod(taps) + 1)),
        "In the first convolution a bias is counted for each channel of each kernel.",
        ONE_FOR_EACH_KERNEL,
        "L3.10",
    ),
    slip(
        "channels_forgotten",
        FIRST,
        of_weights(0, lambda kernels, channels, *taps: kernels * (prod(taps) + 1)),
        "In the first convolution a kernel is taken to have one channel.",
        "The image has three channels, and a kernel has weights for each of them.",
        "L4.15",
    ),
    slip(
        "only_one_kernel_counted",
        FIRST,
        of_weights(0, lambda kernels, *box: prod(box) + 1),
        "Of the first convolution only one kernel is counted.",
        "Multiply by the number of kernels.",
        "L4.24",
    ),
    slip(
        "kernel_squared_from_height",
        FIRST,
        of_weights(0, lambda kernels, channels, height, width: kernels * (channels * height**2 + 1)),
        "In the first convolution a kernel is taken to be as wide as it is high.",
        "Read both: the third number of the shape is the height, the fourth is the width.",
        "L4.24",
    ),
    slip(
        "kernel_squared_from_width",
        FIRST,
        of_weights(0, lambda kernels, channels, height, width: kernels * (channels * width**2 + 1)),
        "In the first convolution a kernel is taken to be as high as it is wide.",
        "Read both: the third number of the shape is the height, the fourth is the width.",
        "L4.24",
    ),
    slip(
        "bias_that_is_not_there",
        SECOND,
        of_weights(3, lambda kernels, *box: kernels * (prod(box) + 1)),
        "In the second convolution biases are counted, but it has none.",
        "Look at the last entry of the layer: False says that there is no bias.",
        "L4.24",
    ),
    slip(
        "second_convolution_reads_the_image",
        SECOND,
        lambda image_shape, layers: layers[3][1][0] * image_shape[0] * prod(layers[3][1][2:]),
        "The kernels of the second convolution are taken to have as many channels as the image.",
        "The second convolution reads what the first one gives: a channel for each of its kernels.",
        "L4.22",
    ),
    slip(
        "channels_of_the_second_convolution_forgotten",
        SECOND,
        of_weights(3, lambda kernels, channels, *taps: kernels * prod(taps)),
        "In the second convolution a kernel is taken to have one channel.",
        "A kernel has weights for every map that it reads.",
        "L4.15",
    ),
    slip(
        "bias_of_the_dense_layer_forgotten",
        DENSE,
        of_weights(5, lambda outputs, inputs: outputs * inputs),
        "In the dense layer the biases are left out.",
        "Each output adds one bias to its sum: outputs · (inputs + 1).",
        "L4.18",
    ),
    slip(
        "bias_per_input_of_the_dense_layer",
        DENSE,
        of_weights(5, lambda outputs, inputs: outputs * inputs + inputs),
        "In the dense layer a bias is counted for each input.",
        "Each output adds one bias to its sum: outputs · (inputs + 1).",
        "L4.44",
    ),
    slip(
        "only_kernels_are_trainable",
        TOTAL,
        lambda image_shape, layers: sum(number_of(part, image_shape, layers) for part in (FIRST, SECOND)),
        "In the total the dense layer is left out.",
        "The weights and biases of the dense layer are learned as well: they belong to the total.",
        "L4.18",
    ),
    slip(
        "pooling_counted_as_weights",
        TOTAL,
        lambda image_shape, layers: number_of(TOTAL, image_shape, layers) + prod(layers[2][1]),
        "In the total the numbers of the pooling window are counted as weights.",
        "Pooling takes a maximum or a mean: nothing in it is learned.",
        "L4.26",
    ),
    slip(
        "image_size_multiplied_in",
        LARGER,
        lambda image_shape, layers: 4 * number_of(FIRST, image_shape, layers),
        "For the larger image the parameters are multiplied by 4, as its pixels are.",
        "The same kernels slide over the larger image. Which number in F · (C · h · w + 1) has changed?",
        "L4.45",
    ),
    slip(
        "kernel_grows_with_the_image",
        LARGER,
        of_weights(0, lambda kernels, *box: kernels * (4 * prod(box) + 1)),
        "For the larger image the kernels are made larger too.",
        "Only the image changes; the kernels stay as they are.",
        "L4.45",
    ),
    slip(
        "columns_instead_of_rows",
        ROWS,
        of_window(0, lambda window: window.positions[1]),
        "You give the columns of a map, where the rows were asked for.",
        "A shape is (channels, height, width): the rows are the height.",
        "L4.23",
    ),
    wrong_sizes(
        "ceil_instead_of_floor",
        lambda size, taps, stride, padding: -((taps - size - 2 * padding) // stride) + 1,
        "The sizes are rounded up: a window that hangs over the edge is counted too.",
        "Take only windows that fit: round down before you add 1.",
    ),
    wrong_sizes(
        "plus_one_forgotten",
        lambda size, taps, stride, padding: (size + 2 * padding - taps) // stride,
        "The sizes are one too small, for every convolution and pooling.",
        "The first window counts as well: floor((H + 2p − h) / s) + 1.",
    ),
    wrong_sizes(
        "padding_counted_at_one_end",
        lambda size, taps, stride, padding: (size + padding - taps) // stride + 1,
        "The size behind the first convolution is what padding at one end only would give.",
        "Padding stands at both ends: H + 2p.",
    ),
    wrong_sizes(
        "padding_ignored",
        lambda size, taps, stride, padding: (size - taps) // stride + 1,
        "The size behind the first convolution is what it would be without padding.",
        "Padding stands at both ends: H + 2p.",
    ),
    wrong_sizes(
        "stride_ignored",
        lambda size, taps, stride, padding: size + 2 * padding - taps + 1,
        "The sizes are what they would be if every stride were 1.",
        "The window moves by the stride: divide by it, and round down.",
    ),
    slip(
        "one_map_counted",
        POOLED,
        of_window(1, lambda window: prod(window.positions)),
        "Behind the pooling only one map is counted.",
        "Pooling leaves as many maps as there were: multiply by their number.",
        "L4.26",
    ),
    slip(
        "pooling_keeps_the_size",
        POOLED,
        of_window(1, lambda window: window.channels * prod(window.size)),
        "You give the numbers before the pooling, not behind it.",
        "Pooling makes the maps smaller: floor((H − h) / s) + 1 rows are left.",
        "L4.26",
    ),
    slip(
        "pooling_windows_do_not_overlap",
        POOLED,
        of_window(
            1,
            lambda window: (
                window.channels
                * prod(size // taps for size, taps in zip(window.size, window.taps, strict=True))
            ),
        ),
        "The sizes behind the pooling are what they would be if the window moved by its own size.",
        "Look at the stride of the pooling: the window moves by it, in rows and in columns.",
        "L3.34",
    ),
    slip(
        "parameters_instead_of_connections",
        CONNECTIONS,
        of_weights(3, lambda *box: prod(box)),
        "You give the parameters of the second convolution, not its connections.",
        "A weight is used at every position of its kernel: each use is a connection.",
        "L2.13",
    ),
    slip(
        "everything_joined",
        CONNECTIONS,
        of_window(
            2,
            lambda window: window.channels * prod(window.size) * window.kernels * prod(window.positions),
        ),
        "The connections are those of a dense layer: every number joined to every number before it.",
        "A number behind the convolution reads only its own window, in every map.",
        "L2.10",
    ),
    slip(
        "connections_of_one_channel",
        CONNECTIONS,
        of_window(2, lambda window: right_term(window) // window.channels),
        "The connections are those of kernels with one channel.",
        "Each number reads a window in every map before it.",
        "L4.15",
    ),
    slip(
        "connections_of_one_kernel",
        CONNECTIONS,
        of_window(2, lambda window: right_term(window) // window.kernels),
        "The connections are those of one kernel.",
        "Each kernel gives a map of its own, with connections of its own.",
        "L4.21",
    ),
    slip(
        "a_window_at_every_pixel",
        CONNECTIONS,
        of_window(2, lambda window: window.joined * prod(window.taps) * prod(window.size)),
        "The connections are counted with one window for each number of a map before the convolution.",
        "Count the windows that fit: H − h + 1 along the rows, and the same along the columns.",
        "L4.32",
    ),
)
