"""correlate_channels(image, kernel, bias): several kernels over an image with channels, as in a layer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.channels.draws import biases, decimal_biases, numbers
from coursekit.checks.tasks.channels.explanations import count_of, weighted_sum
from coursekit.checks.tasks.channels.mixing import MIXING
from coursekit.checks.tasks.channels.windowed import WINDOWS
from coursekit.checks.tasks.written import valid_sizes
from coursekit.reference import correlate
from coursekit.shapes import Derivation

Array = NDArray[Any]
Arguments = tuple[Array, Array, Array]
Sizes = tuple[int, int, tuple[int, int], tuple[int, int]]  # F, C, (H, W), (KH, KW)

ONE = Group("one kernel", 1, "one kernel slides over an image of one or more channels")
SEVERAL = Group("several kernels", 1, "several kernels, each with a bias of its own")
DECIMALS = Group(
    "decimals and negative numbers", 1, "image, kernels or bias hold decimals and negative numbers"
)

ONE_KERNEL: tuple[Sizes, ...] = (
    (1, 1, (1, 1), (1, 1)),
    (1, 2, (1, 1), (1, 1)),
    (1, 1, (2, 2), (1, 2)),
    (1, 2, (2, 2), (2, 2)),
    (1, 2, (2, 3), (1, 2)),
    (1, 3, (3, 2), (2, 1)),
    (1, 2, (3, 4), (2, 3)),
)
# Where the output has as many columns as there are kernels, a bias may be laid along the wrong axis; where
# there are as many kernels as channels, their axes may be swapped: both then give numbers, and no error.
SEVERAL_KERNELS: tuple[Sizes, ...] = (
    (2, 1, (1, 1), (1, 1)),
    (3, 1, (2, 2), (1, 2)),
    (2, 2, (2, 3), (1, 2)),
    (3, 2, (3, 3), (2, 2)),
    (3, 3, (3, 4), (2, 2)),
    (2, 3, (4, 3), (3, 2)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    tall = (int(rng.integers(6, 9)), int(rng.integers(4, 6)))
    wide = (int(rng.integers(4, 6)), int(rng.integers(6, 9)))
    few, many = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    cases = [question(rng, sizes, ONE.name) for sizes in (*ONE_KERNEL, (1, 3, tall, (2, 3)))]
    for sizes in (*SEVERAL_KERNELS, (many, few, wide, (3, 2)), (few, many, tall, (2, 2))):
        cases.append(question(rng, sizes, SEVERAL.name))
    signed: tuple[Sizes, ...] = ((1, 1, (2, 2), (1, 1)), (2, 2, (3, 2), (2, 2)), (many, few, wide, (2, 3)))
    for sizes in signed:
        cases.append(question(rng, sizes, DECIMALS.name, "ikb"))
    for which in ("i", "k", "b", "kb"):
        cases.append(question(rng, (2, 2, (2, 3), (1, 2)), DECIMALS.name, which))
    return cases


def question(rng: np.random.Generator, sizes: Sizes, group: str, decimal: str = "") -> Case:
    """Return a case of these sizes; `decimal` names what holds decimals: i(mage), k(ernel), b(ias)."""
    kernels, channels, image, taps = sizes
    return Case(
        (
            numbers(rng, (channels, *image), decimal="i" in decimal),
            numbers(rng, (kernels, channels, *taps), decimal="k" in decimal),
            decimal_biases(rng, kernels) if "b" in decimal else biases(rng, kernels),
        ),
        group,
    )


def layer(image: Array, kernel: Array, bias: Array) -> Array:
    """Return the right answer: (F, H - KH + 1, W - KW + 1)."""
    return np.asarray(correlate(image, kernel, bias, algorithm="direct"))


def fits(image: Array, kernel: Array, bias: Array) -> bool:
    """Return whether the kernels are as deep as the image, lie inside it, and have one bias each."""
    return (
        image.shape[0] == kernel.shape[1]
        and bias.shape == kernel.shape[:1]
        and bool(np.all(np.less_equal(kernel.shape[2:], image.shape[1:])))
    )


def bias_at_every_product(image: Array, kernel: Array, bias: Array) -> Arguments:
    """Add the bias inside the innermost loop."""
    return image, kernel, bias * kernel[0].size


def channels_kept_apart(image: Array, kernel: Array, bias: Array) -> Array:
    """Return a map for each channel of each kernel: (F, C, rows, columns)."""
    windows = sliding_window_view(image, kernel.shape[2:], axis=(1, 2))
    return np.asarray(np.einsum("cijuv,fcuv->fcij", windows, kernel) + bias[:, None, None, None])


LAYER = (
    Misconception(
        "bias_added_at_every_product",
        "This is what you get when the bias is added to every product.",
        "Add the bias once for each number of the output: after the loops over the kernel, not inside them.",
        "L3.15",
        before=bias_at_every_product,
    ),
    Misconception(
        "channels_not_summed",
        "This is what you get when the channels are not summed: a map for each channel of each kernel.",
        "The kernel is as deep as the image: sum the products of all its channels into one number.",
        "L4.15",
        answer=channels_kept_apart,
    ),
    Misconception(
        "kernel_flipped_in_channels_too",
        "This is what you get when each kernel is flipped along its channels, its rows and its columns.",
        "Flip nothing: number [c, u, v] of the kernel meets number [c, i + u, j + v] of the image.",
        "L1.11",
        before=lambda image, kernel, bias: (image, kernel[:, ::-1, ::-1, ::-1], bias),
    ),
    Misconception(
        "kernel_flipped_along_all_axes",
        "This is what you get when `np.flip` turns all four axes of the kernels around, even their order.",
        "Flip nothing: the layers of neural networks compute a cross-correlation.",
        "L1.11",
        before=lambda image, kernel, bias: (image, np.flip(kernel), bias),
    ),
)


def explain_shape(image: Array, kernel: Array, bias: Array) -> tuple[tuple[str, Derivation], ...]:
    """Return what decides the number of maps, of rows and of columns."""
    maps = count_of("maps", "kernels", "kernel.shape[0]", kernel.shape[0])
    return maps, *valid_sizes(image.shape[-2:], kernel.shape[-2:])


def explain_entry(image: Array, kernel: Array, bias: Array, index: tuple[int, ...]) -> str:
    """Return the sum at `index`, the products channel by channel and the bias."""
    f, i, j = index
    height, width = kernel.shape[2:]
    return weighted_sum(image[:, i : i + height, j : j + width], kernel[f], bias[f])


CORRELATE_CHANNELS = Task(
    name="correlate_channels",
    stem="04_channels",
    signature="correlate_channels(image, kernel, bias)",
    parameters=("image", "kernel", "bias"),
    groups=(ONE, SEVERAL, DECIMALS),
    reference=layer,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*MIXING, *WINDOWS, *LAYER),
    explain_shape=explain_shape,
    explain_entry=explain_entry,
    hints=(
        "Start with one kernel and one place of it: that is what your `one_number` computes.",
        "Three loops run over the output: over its maps, one for each kernel, its rows and its columns.",
        (
            "The channels need no loop: a slice that takes all of them cuts out a window as deep as the "
            "kernel. For map f, multiply it by kernel f alone, sum everything up, and add that kernel's bias."
        ),
    ),
    forbids=CONVOLUTIONS,
    fair=fits,
)
