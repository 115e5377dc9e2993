"""Mistakes of every layer that sums over the channels of an image: with windows, or with 1x1 kernels.

Each takes the image (C, H, W), the kernels (F, C, ...) and their biases (F,). The right answer is (F, ...).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception

Array = NDArray[Any]
Arguments = tuple[Array, Array, Array]


def per_map(bias: Array) -> Array:
    """Return the biases (F,) so that each is added to a map of its own: (F, 1, 1)."""
    return bias[:, None, None]


def without_bias(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Forget the bias."""
    return image, kernel, np.zeros_like(bias)


def first_bias_everywhere(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Take bias[0] for every kernel."""
    return image, kernel, np.full_like(bias, bias[0])


def bias_once_per_channel(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Add the bias inside the loop over the channels."""
    return image, kernel, bias * image.shape[0]


def bias_along_columns(answer: Array, image: Array, kernel: Array, bias: Array) -> Array:
    """Add bias (F,) to maps (F, H, W) as it is: NumPy lays it along the last axis, the columns."""
    if bias.size not in (1, answer.shape[-1]):
        raise ValueError("operands could not be broadcast together")
    return np.asarray(answer - per_map(bias) + bias)


def channels_averaged(answer: Array, image: Array, kernel: Array, bias: Array) -> Array:
    """Divide the sum over the channels by their number, and add the bias."""
    return np.asarray((answer - per_map(bias)) / image.shape[0] + per_map(bias))


def first_channel_alone(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Look at channel 0 only."""
    return image[:1], kernel[:, :1], bias


def last_channel_alone(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Write = where += is needed: each channel overwrites the one before."""
    return image[-1:], kernel[:, -1:], bias


def kernels_added_together(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Multiply by all kernels and sum over everything, for every map."""
    return image, np.broadcast_to(kernel.sum(axis=0), kernel.shape).copy(), bias


def maps_as_channels(answer: Array, image: Array, kernel: Array, bias: Array) -> Array:
    """Make one map for each channel of the image, as if their number fixed that of the maps."""
    if image.shape[0] > kernel.shape[0]:
        raise IndexError("index is out of bounds")
    return answer[: image.shape[0]]


def first_axes_swapped(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Read kernel[c, f] where kernel[f, c] stands."""
    if kernel.shape[0] != kernel.shape[1]:
        raise IndexError("index is out of bounds")
    return image, kernel.swapaxes(0, 1), bias


def kept_dtype(answer: Array, image: Array, *kernel_and_bias: Array) -> Array:
    """Write the answer into an array of the image's dtype."""
    return answer.astype(image.dtype)


BIAS = (
    Misconception(
        "bias_left_out",
        "This is what you get when the bias is left out.",
        "After the sum of products add `bias[f]`, the bias of this kernel.",
        "L3.10",
        before=without_bias,
    ),
    Misconception(
        "one_bias_for_all",
        "This is what you get when every map gets the bias of the first kernel.",
        "Each kernel has a bias of its own: `bias[f]` belongs to map f.",
        "L3.10",
        before=first_bias_everywhere,
    ),
    Misconception(
        "bias_added_per_channel",
        "This is what you get when the bias is added once for every channel.",
        "Add the bias once for each number of the output: after the loop over the channels, not inside it.",
        "L3.10",
        before=bias_once_per_channel,
    ),
    Misconception(
        "bias_along_columns",
        "This is what you get when the biases are laid along the columns: one bias a column, not one a map.",
        "Add bias f to map f alone. NumPy lines (F,) up with the last axis of (F, H, W), not with the first.",
        "L3.10",
        after=bias_along_columns,
    ),
)

CHANNELS = (
    Misconception(
        "mean_over_channels",
        "This is what you get when the channels are averaged instead of summed.",
        "Add the channels up and do not divide by their number.",
        "L3.15",
        after=channels_averaged,
    ),
    Misconception(
        "only_first_channel",
        "This is what you get when only the first channel of the image is looked at.",
        "Sum over all channels: the kernel has numbers for each of them.",
        "L4.15",
        before=first_channel_alone,
    ),
    Misconception(
        "channels_overwritten",
        "This is what you get when each channel overwrites the one before: only the last one is left.",
        "Add each channel's share to the sum: `+=`, not `=`.",
        "L1.16",
        before=last_channel_alone,
    ),
    Misconception(
        "channels_in_reverse",
        "This is what you get when the last channel of the kernel meets the first channel of the image.",
        "Channel c of the kernel belongs to channel c of the image.",
        "L4.15",
        before=lambda image, kernel, bias: (image, kernel[:, ::-1], bias),
    ),
    Misconception(
        "filter_and_channel_swapped",
        "This is what you get when the first two axes of the kernels are swapped.",
        "Their first axis says which kernel, f, and the second which channel, c.",
        "L3.17",
        before=first_axes_swapped,
    ),
)

MAPS = (
    Misconception(
        "kernels_summed",
        "This is what you get when every map holds the sum over all kernels.",
        "One kernel makes one map. Take kernel f alone for map f, and sum over its channels only.",
        "L3.12",
        before=kernels_added_together,
    ),
    Misconception(
        "as_many_maps_as_channels",
        "This is what you get when there are only as many maps as the image has channels.",
        "The number of kernels decides how many maps there are: it is the length of their first axis.",
        "L4.27",
        after=maps_as_channels,
    ),
    Misconception(
        "maps_in_reverse",
        "These are the right maps in reverse order.",
        "Kernel 0 makes map 0, kernel 1 makes map 1.",
        "L4.21",
        after=lambda answer, *arguments: answer[::-1],
    ),
    Misconception(
        "output_transposed",
        "These are the right maps, but in each of them rows and columns are swapped.",
        "Rows come before columns: the output is (F, rows, columns).",
        "L3.17",
        after=lambda answer, *arguments: answer.swapaxes(-2, -1),
    ),
    Misconception(
        "maps_last",
        "These are the right numbers with the maps on the last axis.",
        "The output is (F, rows, columns): `output[f]` is a whole map.",
        "L3.17",
        after=lambda answer, *arguments: np.moveaxis(answer, 0, -1),
    ),
)

NUMBERS = (
    Misconception(
        "negative_results_lost",
        "This is what you get when results below zero become zero.",
        "Return the sums as they are. The activation (ReLU) is a step of its own and comes later.",
        "L4.35",
        after=lambda answer, *arguments: np.maximum(answer, 0),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda answer, *arguments: answer.astype(np.int64),
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=image.dtype`.",
        "L3.9",
        after=kept_dtype,
    ),
)

MIXING = (*BIAS, *CHANNELS, *MAPS, *NUMBERS)
