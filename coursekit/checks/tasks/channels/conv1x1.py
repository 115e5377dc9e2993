"""conv1x1(image, weight, bias): mix the channels of each pixel, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.channels.draws import biases, decimal_biases, numbers
from coursekit.checks.tasks.channels.explanations import count_of, weighted_sum
from coursekit.checks.tasks.channels.mixing import MIXING, per_map
from coursekit.reference import correlate
from coursekit.shapes import Derivation

Array = NDArray[Any]
Sizes = tuple[int, int, tuple[int, int]]  # F, C, (H, W)

MIXES = Group("1x1 kernels", 1, "every pixel's channels are mixed into new ones")

# As many columns as kernels, as many kernels as channels, as many rows as channels: there mistakes give
# numbers, and no error.
WHOLE: tuple[Sizes, ...] = (
    (1, 1, (1, 1)),
    (2, 1, (1, 1)),
    (1, 2, (1, 1)),
    (1, 2, (1, 2)),
    (2, 2, (1, 2)),
    (2, 3, (2, 1)),
    (3, 2, (2, 3)),
    (3, 3, (3, 2)),
    (4, 2, (2, 3)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    few, many = int(rng.integers(2, 4)), int(rng.integers(4, 6))
    tall = (int(rng.integers(5, 8)), int(rng.integers(3, 5)))
    wide = (int(rng.integers(3, 5)), int(rng.integers(5, 8)))
    cases = [question(rng, sizes) for sizes in (*WHOLE, (few, many, wide), (many, few, tall))]
    signed: tuple[Sizes, ...] = ((1, 1, (1, 1)), (2, 2, (2, 3)), (many, few, wide))
    cases += [question(rng, sizes, "iwb") for sizes in signed]
    cases += [question(rng, (2, 3, (2, 1)), decimal) for decimal in ("i", "w", "b", "wb")]
    return cases


def question(rng: np.random.Generator, sizes: Sizes, decimal: str = "") -> Case:
    """Return a case of these sizes; `decimal` names what holds decimals: i(mage), w(eight), b(ias)."""
    kernels, channels, image = sizes
    return Case(
        (
            numbers(rng, (channels, *image), decimal="i" in decimal),
            numbers(rng, (kernels, channels), decimal="w" in decimal),
            decimal_biases(rng, kernels) if "b" in decimal else biases(rng, kernels),
        ),
        MIXES.name,
    )


def fits(image: Array, weight: Array, bias: Array) -> bool:
    """Return whether there is a weight for every channel, and a bias for every kernel."""
    return image.shape[0] == weight.shape[1] and bias.shape == weight.shape[:1]


def conv1x1(image: Array, weight: Array, bias: Array) -> Array:
    """Return the right answer: (F, H, W)."""
    return np.asarray(correlate(image, weight[:, :, None, None], bias, algorithm="direct"))


def channels_kept_apart(image: Array, weight: Array, bias: Array) -> Array:
    """Return a map for each channel of each kernel: (F, C, H, W)."""
    return np.asarray(weight[:, :, None, None] * image + bias[:, None, None, None])


def rows_mixed(image: Array, weight: Array, bias: Array) -> Array:
    """Write `weight @ image`: NumPy then multiplies each channel, a matrix (H, W), and sums over its rows."""
    return np.asarray(weight @ image + per_map(bias))


ONE_BY_ONE = (
    Misconception(
        "channels_not_summed",
        "This is what you get when the channels are not summed: a map for each channel of each kernel.",
        "A pixel of map f is one number: the sum of that pixel's channels, each times its weight.",
        "L3.20",
        answer=channels_kept_apart,
    ),
    Misconception(
        "rows_mixed",
        "This is what you get when rows are mixed instead of channels, as `weight @ image` does.",
        "For three axes `@` sums over the second but last, the rows. Sum over the first axis of the image.",
        "L3.20",
        answer=rows_mixed,
    ),
)


def explain_shape(image: Array, weight: Array, bias: Array) -> tuple[tuple[str, Derivation], ...]:
    """Return what decides the number of maps, of rows and of columns."""
    return (
        count_of("maps", "kernels", "weight.shape[0]", weight.shape[0]),
        count_of("rows", "rows of the image", "image.shape[1]", image.shape[1]),
        count_of("columns", "columns of the image", "image.shape[2]", image.shape[2]),
    )


def explain_entry(image: Array, weight: Array, bias: Array, index: tuple[int, ...]) -> str:
    """Return the sum at `index`: a pixel's channels times their weights, and the bias."""
    f, i, j = index
    return weighted_sum(image[:, i, j], weight[f], bias[f])


CONV1X1 = Task(
    name="conv1x1",
    stem="04_channels",
    signature="conv1x1(image, weight, bias)",
    parameters=("image", "weight", "bias"),
    groups=(MIXES,),
    reference=conv1x1,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*MIXING, *ONE_BY_ONE),
    explain_shape=explain_shape,
    explain_entry=explain_entry,
    hints=(
        "Map f is a sum of whole channels: each one is multiplied by one number.",
        "Start map f with zeros, as large as a channel. For each channel, add the channel times its weight.",
        "Two loops are enough, over kernels and channels. Where must the bias stand to be added once a map?",
    ),
    forbids=PACKAGES,
    fair=fits,
)
