"""depthwise(image, kernels): a kernel of its own for every channel, and no sum over channels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit import reference
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.channels.draws import numbers
from coursekit.checks.tasks.channels.explanations import count_of, weighted_sum
from coursekit.checks.tasks.channels.mixing import NUMBERS
from coursekit.checks.tasks.channels.windowed import WINDOWS
from coursekit.checks.tasks.written import valid_sizes
from coursekit.shapes import Derivation

Array = NDArray[Any]
Sizes = tuple[int, tuple[int, int], tuple[int, int]]  # C, (H, W), (KH, KW)

WHOLE = Group("whole numbers", 1, "image and kernels hold positive whole numbers")
DECIMALS = Group("decimals and negative numbers", 1, "image or kernels hold decimals and negative numbers")

SMALL: tuple[Sizes, ...] = (
    (1, (1, 1), (1, 1)),
    (2, (1, 1), (1, 1)),
    (1, (2, 2), (2, 1)),
    (2, (2, 2), (1, 2)),
    (2, (2, 3), (2, 2)),
    (3, (1, 3), (1, 2)),
    (3, (3, 2), (2, 2)),
    (2, (3, 4), (3, 2)),
    (3, (4, 4), (2, 3)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    few, many = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    tall = (int(rng.integers(6, 9)), int(rng.integers(4, 6)))
    wide = (int(rng.integers(4, 6)), int(rng.integers(6, 9)))
    larger: tuple[Sizes, ...] = ((many, tall, (3, 2)), (few, wide, (2, 4)))
    cases = [question(rng, sizes, WHOLE.name) for sizes in (*SMALL, *larger)]
    signed: tuple[Sizes, ...] = ((1, (2, 1), (1, 1)), (2, (3, 2), (2, 2)), (3, (3, 4), (2, 3)), larger[1])
    cases += [question(rng, sizes, DECIMALS.name, "ik") for sizes in signed]
    cases += [question(rng, (2, (2, 3), (1, 2)), DECIMALS.name, decimal) for decimal in ("i", "k")]
    return cases


def question(rng: np.random.Generator, sizes: Sizes, group: str, decimal: str = "") -> Case:
    """Return a case of these sizes; `decimal` names what holds decimals: i(mage), k(ernels)."""
    channels, image, taps = sizes
    return Case(
        (
            numbers(rng, (channels, *image), decimal="i" in decimal),
            numbers(rng, (channels, *taps), decimal="k" in decimal),
        ),
        group,
    )


def fits(image: Array, kernels: Array) -> bool:
    """Return whether there is a kernel for every channel, and it lies inside the image."""
    inside = bool(np.all(np.less_equal(kernels.shape[1:], image.shape[1:])))
    return image.shape[0] == kernels.shape[0] and inside


def depthwise(image: Array, kernels: Array) -> Array:
    """Return the right answer: (C, H - KH + 1, W - KW + 1)."""
    return np.asarray(reference.depthwise(image, kernels))


def every_kernel_on_every_channel(image: Array, kernels: Array) -> Array:
    """Return a map for each kernel on each channel: (kernels, channels, rows, columns)."""
    windows = sliding_window_view(image, kernels.shape[1:], axis=(1, 2))
    return np.asarray(np.einsum("cijuv,kuv->kcij", windows, kernels))


def summed_over_channels(image: Array, kernels: Array) -> Array:
    """Let every kernel see all channels, and sum: (C, rows, columns)."""
    return np.asarray(every_kernel_on_every_channel(image, kernels).sum(axis=1))


SEPARATE = (
    Misconception(
        "channels_summed",
        "This is what you get when the channels are summed into one map.",
        "Here each channel stays alone: the output has as many maps as the image has channels.",
        "L2.28",
        after=lambda answer, *arguments: answer.sum(axis=0),
    ),
    Misconception(
        "channels_summed_into_one_map",
        "This is what you get when the maps of all channels are added up into a single one.",
        "Here each channel stays alone: write the map of channel c to `output[c]`.",
        "L2.28",
        after=lambda answer, *arguments: answer.sum(axis=0, keepdims=True),
    ),
    Misconception(
        "mean_over_channels",
        "This is what you get when the maps of all channels are averaged into one.",
        "Here each channel stays alone: the output has as many maps as the image has channels.",
        "L2.28",
        after=lambda answer, *arguments: answer.mean(axis=0),
    ),
    Misconception(
        "summed_over_channels",
        "This is what you get when every kernel slides over all channels, and these are summed.",
        "Kernel c sees channel c and no other.",
        "L2.28",
        answer=summed_over_channels,
    ),
    Misconception(
        "every_kernel_on_every_channel",
        "This is what you get when every kernel makes a map of every channel.",
        "Kernel c sees channel c and no other: one loop runs over kernels and channels together.",
        "L2.28",
        answer=every_kernel_on_every_channel,
    ),
    Misconception(
        "first_kernel_for_all",
        "This is what you get when the first kernel is used for every channel.",
        "Take `kernels[c]` for channel c.",
        "L2.28",
        before=lambda image, kernels: (image, np.broadcast_to(kernels[:1], kernels.shape).copy()),
    ),
    Misconception(
        "first_channel_for_all",
        "This is what you get when every kernel slides over the first channel.",
        "Take `image[c]` for kernel c.",
        "L2.28",
        before=lambda image, kernels: (np.broadcast_to(image[:1], image.shape).copy(), kernels),
    ),
    Misconception(
        "kernels_in_reverse",
        "This is what you get when the last kernel meets the first channel.",
        "Kernel c belongs to channel c.",
        "L2.28",
        before=lambda image, kernels: (image, kernels[::-1]),
    ),
    Misconception(
        "output_transposed",
        "These are the right maps, but in each of them rows and columns are swapped.",
        "Rows come before columns: the output is (C, rows, columns).",
        "L3.17",
        after=lambda answer, *arguments: answer.swapaxes(-2, -1),
    ),
    Misconception(
        "maps_last",
        "These are the right numbers with the maps on the last axis.",
        "The output is (C, rows, columns): `output[c]` is a whole map.",
        "L3.17",
        after=lambda answer, *arguments: np.moveaxis(answer, 0, -1),
    ),
)

TURNED_AROUND = (
    Misconception(
        "kernel_flipped_in_channels_too",
        "This is what you get when `np.flip` turns all axes of the kernels around, even their order.",
        "Flip nothing: kernel c meets channel c as it is.",
        "L1.11",
        before=lambda image, kernels: (image, np.flip(kernels)),
    ),
)


def explain_shape(image: Array, kernels: Array) -> tuple[tuple[str, Derivation], ...]:
    """Return what decides the number of maps, of rows and of columns."""
    maps = count_of("maps", "channels", "image.shape[0]", image.shape[0])
    return maps, *valid_sizes(image.shape[-2:], kernels.shape[-2:])


def explain_entry(image: Array, kernels: Array, index: tuple[int, ...]) -> str:
    """Return the sum at `index`: the products of one channel's window with that channel's kernel."""
    c, i, j = index
    height, width = kernels.shape[1:]
    return weighted_sum(image[c : c + 1, i : i + height, j : j + width], kernels[c : c + 1])


DEPTHWISE = Task(
    name="depthwise",
    stem="04_channels",
    signature="depthwise(image, kernels)",
    parameters=("image", "kernels"),
    groups=(WHOLE, DECIMALS),
    reference=depthwise,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*SEPARATE, *WINDOWS, *TURNED_AROUND, *NUMBERS),
    explain_shape=explain_shape,
    explain_entry=explain_entry,
    hints=(
        "For one channel you know the operation: it is the `correlate2d` of exercise 3.",
        "The output has as many maps as the image has channels. Channel c and kernel c give map c.",
        "Three loops: over channels, rows and columns. The window has two axes, and so has its kernel.",
    ),
    forbids=CONVOLUTIONS,
    fair=fits,
)
