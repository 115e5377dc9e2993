"""Mistakes that are made on the way from images and kernels to matrices, and back to maps.

Each takes the image (C, H, W) and the kernels (F, C, h, w). The right answer is (F, rows, columns).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.task import Misconception

Array = NDArray[Any]
Arguments = tuple[Array, Array]


def channels_last_in_kernels(image: Array, kernels: Array) -> Arguments:
    """Multiply by kernels that are flattened (C, h, w), where the columns are (h, w, C)."""
    filters, channels, height, width = kernels.shape
    mixed = kernels.reshape(filters, height, width, channels)
    return image, np.moveaxis(mixed, -1, 1)


def reshaped_for_transposing(image: Array, kernels: Array) -> Arguments:
    """Take `kernels.reshape(-1, F).T` for the matrix of kernels."""
    return image, kernels.reshape(-1, len(kernels)).T.reshape(kernels.shape)


def first_axes_swapped(image: Array, kernels: Array) -> Arguments:
    """Read kernels[c, f] where kernels[f, c] stands."""
    if kernels.shape[0] != kernels.shape[1]:
        raise IndexError("index is out of bounds")
    return image, kernels.swapaxes(0, 1)


def first_kernel_channel_everywhere(image: Array, kernels: Array) -> Arguments:
    """Use channel 0 of each kernel for all channels of the image."""
    return image, np.broadcast_to(kernels[:, :1], kernels.shape).copy()


PRODUCT = (
    Misconception(
        "maps_still_flat",
        "These are the right numbers, but each map is one long row: the product of the matrices as it is.",
        "Give every map its rows and columns back: `reshape` to (F, H - h + 1, W - w + 1).",
        "L3.12",
        after=lambda answer, *arguments: answer.reshape(len(answer), -1),
    ),
    Misconception(
        "reshaped_with_columns_first",
        "This is what you get when the product is reshaped to (F, columns, rows).",
        "Rows come before columns: `reshape(F, H - h + 1, W - w + 1)`.",
        "L4.28",
        after=lambda answer, *arguments: answer.reshape(len(answer), answer.shape[2], answer.shape[1]),
    ),
    Misconception(
        "output_transposed",
        "These are the right maps, but in each of them rows and columns are swapped.",
        "Rows come before columns: the output is (F, rows, columns).",
        "L4.28",
        after=lambda answer, *arguments: answer.swapaxes(-2, -1),
    ),
    Misconception(
        "maps_last",
        "These are the right numbers with the maps on the last axis.",
        "The output is (F, rows, columns): let each kernel be a row of the left matrix.",
        "L3.17",
        after=lambda answer, *arguments: np.moveaxis(answer, 0, -1),
    ),
    Misconception(
        "windows_times_kernels_reshaped",
        "This is what you get when windows times kernels is reshaped as if it were kernels times windows.",
        "The product needs a row for each kernel: put the kernels on the left, or transpose it first.",
        "L3.17",
        after=lambda answer, *arguments: np.moveaxis(answer, 0, -1).reshape(answer.shape),
    ),
    Misconception(
        "kernels_reshaped_for_transposing",
        "This is what you get when the kernels are reshaped to (C · h · w, F) and then transposed.",
        "`reshape` keeps the order of the numbers. Reshape to (F, C · h · w): each row is then one kernel.",
        "L1.15",
        before=reshaped_for_transposing,
    ),
    Misconception(
        "channels_side_by_side_in_columns",
        "This is what you get when columns hold the channels of a pixel side by side, and kernels do not.",
        "A flat kernel holds all of channel 0, then all of channel 1: stack the columns in this order.",
        "L1.15",
        before=channels_last_in_kernels,
    ),
    Misconception(
        "only_first_channel",
        "This is what you get when only the first channel of the image is looked at.",
        "The columns reach through all channels: put those of the next channel below.",
        "L4.15",
        before=lambda image, kernels: (image[:1], kernels[:, :1]),
    ),
    Misconception(
        "first_kernel_channel_everywhere",
        "This is what you get when the first channel of each kernel is used for all channels of the image.",
        "Channel c of the kernel belongs to channel c of the image. Do not add the channels up first.",
        "L4.15",
        before=first_kernel_channel_everywhere,
    ),
    Misconception(
        "channels_in_reverse",
        "This is what you get when the last channel of the kernel meets the first channel of the image.",
        "Stack the columns of the channels in order, channel 0 on top.",
        "L4.15",
        before=lambda image, kernels: (image, kernels[:, ::-1]),
    ),
    Misconception(
        "filter_and_channel_swapped",
        "This is what you get when the first two axes of the kernels are swapped.",
        "Their first axis says which kernel, f, and the second which channel, c.",
        "L3.17",
        before=first_axes_swapped,
    ),
    Misconception(
        "mean_over_channels",
        "This is what you get when the channels are averaged instead of summed.",
        "Add the channels up and do not divide by their number.",
        "L3.15",
        after=lambda answer, image, kernels: answer / len(image),
    ),
    Misconception(
        "maps_summed",
        "This is what you get when the maps of all kernels are added up.",
        "One kernel makes one map: the output has as many maps as there are kernels.",
        "L3.12",
        after=lambda answer, *arguments: answer.sum(axis=0),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the results are cut off.",
        "Make your arrays of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=lambda answer, *arguments: answer.astype(np.int64),
    ),
    Misconception(
        "input_dtype_kept",
        "This is what you get when the output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=image.dtype`.",
        "L3.9",
        after=lambda answer, image, kernels: answer.astype(image.dtype),
    ),
)
