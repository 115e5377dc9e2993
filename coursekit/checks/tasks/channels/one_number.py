"""one_number(image, kernel, bias, row, column): one number of the output, a dot product plus a bias."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.channels.draws import biases, decimal_biases, numbers
from coursekit.checks.tasks.channels.explanations import weighted_sum
from coursekit.errors import ShapeError
from coursekit.reference import correlate

Array = NDArray[Any]
Number = int | float
Arguments = tuple[Array, Array, Number, int, int]
Sizes = tuple[int, tuple[int, int], tuple[int, int], tuple[int, int]]  # C, (H, W), (KH, KW), (row, column)

WINDOW = Group("one window", 1, "the number that one window of an image with channels gives")

WHOLE: tuple[Sizes, ...] = (
    (1, (1, 1), (1, 1), (0, 0)),
    (2, (1, 1), (1, 1), (0, 0)),
    (1, (2, 2), (1, 1), (1, 1)),
    (1, (1, 3), (1, 2), (0, 1)),
    (2, (2, 2), (2, 2), (0, 0)),
    (2, (3, 3), (2, 2), (0, 1)),
    (2, (4, 3), (2, 2), (2, 1)),
    (2, (3, 4), (2, 1), (1, 2)),
    (3, (3, 3), (1, 2), (2, 0)),
    (3, (3, 4), (3, 2), (0, 1)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return windows from one pixel upwards; the largest are those of the lecture, 3x5x5."""
    cases = [question(rng, sizes) for sizes in WHOLE]
    corner = (int(rng.integers(2, 4)), int(rng.integers(4, 6)))
    larger: Sizes = (3, (int(rng.integers(7, 9)), int(rng.integers(9, 11))), (3, 4), corner)
    cases += [question(rng, larger), question(rng, (3, (9, 10), (5, 5), corner))]
    for decimal, sizes in (("ikb", WHOLE[0]), ("ikb", WHOLE[5]), ("ikb", larger)):
        cases.append(question(rng, sizes, decimal))
    for decimal in ("i", "k", "b", "kb"):
        cases.append(question(rng, WHOLE[6], decimal))
    return cases


def question(rng: np.random.Generator, sizes: Sizes, decimal: str = "") -> Case:
    """Return a case of these sizes; `decimal` names what holds decimals: i(mage), k(ernel), b(ias)."""
    channels, image, taps, (row, column) = sizes
    bias = (decimal_biases if "b" in decimal else biases)(rng, 1).item()
    seen = numbers(rng, (channels, *image), decimal="i" in decimal)
    kernel = numbers(rng, (channels, *taps), decimal="k" in decimal)
    return Case((seen, kernel, bias, row, column), WINDOW.name)


def fits(image: Array, kernel: Array, bias: Number, row: int, column: int) -> bool:
    """Return whether the kernel is as deep as the image, and the window lies inside it."""
    starts = zip((row, column), kernel.shape[1:], image.shape[1:], strict=True)
    inside = all(0 <= start <= size - taps for start, taps, size in starts)
    return image.shape[0] == kernel.shape[0] and inside


def window(image: Array, kernel: Array, row: int, column: int) -> Array:
    """Return the window of the kernel's shape whose top left corner is at (row, column).

    Raises
    ------
    ShapeError
        It does not lie inside the image.
    """
    if not fits(image, kernel, 0, row, column):
        raise ShapeError("the window must lie inside the image")
    return image[:, row : row + kernel.shape[1], column : column + kernel.shape[2]]


def one_number(image: Array, kernel: Array, bias: Number, row: int, column: int) -> Number:
    """Return the right answer."""
    seen = window(image, kernel, row, column)
    number: Number = correlate(seen, kernel[None], np.array([bias]), algorithm="direct").item()
    return number


def divided(answer: Number, image: Array, kernel: Array, bias: Number, by: int) -> Number:
    """Divide the dot product, and add the bias."""
    return (answer - bias) / by + bias


def without_first_tap(image: Array, kernel: Array, bias: Number, row: int, column: int) -> Arguments:
    """Leave the first number of the kernel out."""
    kernel = kernel.copy()
    kernel.flat[0] = 0
    return image, kernel, bias, row, column


def centred(image: Array, kernel: Array, bias: Number, row: int, column: int) -> Arguments:
    """Put the centre of the window at (row, column)."""
    return image, kernel, bias, row - kernel.shape[1] // 2, column - kernel.shape[2] // 2


def one_per_channel(image: Array, kernel: Array, bias: Number, row: int, column: int) -> Array:
    """Sum over rows and columns only: (C,)."""
    products = window(image, kernel, row, column) * kernel
    return np.asarray(products.sum(axis=(1, 2)) + bias)


def sums_multiplied(image: Array, kernel: Array, bias: Number, row: int, column: int) -> Number:
    """Sum the window and the kernel first, then multiply."""
    number: Number = (window(image, kernel, row, column).sum() * kernel.sum() + bias).item()
    return number


MISCONCEPTIONS = (
    Misconception(
        "bias_left_out",
        "This is what you get when the bias is left out.",
        "Add the bias to the sum of the products.",
        "L3.10",
        before=lambda image, kernel, bias, row, column: (image, kernel, 0, row, column),
    ),
    Misconception(
        "bias_added_per_channel",
        "This is what you get when the bias is added once for every channel.",
        "Add the bias once, after all products are summed.",
        "L3.10",
        before=lambda image, kernel, bias, row, column: (image, kernel, bias * len(image), row, column),
    ),
    Misconception(
        "bias_added_at_every_product",
        "This is what you get when the bias is added to every product.",
        "Add the bias once, after all products are summed.",
        "L3.15",
        before=lambda image, kernel, bias, row, column: (image, kernel, bias * kernel.size, row, column),
    ),
    Misconception(
        "only_first_channel",
        "This is what you get when only the first channel of window and kernel is used.",
        "The window reaches through all channels: take `:` along the first axis of the image.",
        "L4.15",
        before=lambda image, kernel, bias, row, column: (image[:1], kernel[:1], bias, row, column),
    ),
    Misconception(
        "channels_not_summed",
        "This is what you get when the channels are not summed: one number for each of them.",
        "Sum over rows, columns and channels: all products go into one number.",
        "L3.15",
        answer=one_per_channel,
    ),
    Misconception(
        "mean_over_channels",
        "This is what you get when the channels are averaged instead of summed.",
        "Add the channels up and do not divide by their number.",
        "L3.15",
        after=lambda answer, image, kernel, bias, *place: divided(answer, image, kernel, bias, len(image)),
    ),
    Misconception(
        "mean_instead_of_sum",
        "This is what you get when the products are averaged instead of summed.",
        "A dot product is a sum. Add the products up and do not divide.",
        "L3.15",
        after=lambda answer, image, kernel, bias, *place: divided(answer, image, kernel, bias, kernel.size),
    ),
    Misconception(
        "sums_multiplied",
        "This is what you get when window and kernel are summed first and then multiplied.",
        "First multiply each number of the window by the one of the kernel in its place, then sum.",
        "L3.9",
        answer=sums_multiplied,
    ),
    Misconception(
        "kernel_flipped",
        "This is what you get when rows and columns of the kernel are flipped first: a convolution.",
        "Multiply the top left number of the window by the top left number of the kernel. Flip nothing.",
        "L1.11",
        before=lambda image, kernel, *rest: (image, kernel[:, ::-1, ::-1], *rest),
    ),
    Misconception(
        "kernel_flipped_in_channels_too",
        "This is what you get when the kernel is flipped along its channels, its rows and its columns.",
        "Flip nothing: number [c, u, v] of the kernel meets number [c, u, v] of the window.",
        "L1.11",
        before=lambda image, kernel, *rest: (image, np.flip(kernel), *rest),
    ),
    Misconception(
        "first_tap_skipped",
        "This is what you get when the first number of the kernel is left out.",
        "Look where your loops over the kernel start: they must start at 0.",
        "L1.17",
        before=without_first_tap,
    ),
    Misconception(
        "row_and_column_swapped",
        "This is what you get when the window starts at (column, row).",
        "Rows come before columns: the axes of the image are channels, rows, columns.",
        "L4.28",
        before=lambda image, kernel, bias, row, column: (image, kernel, bias, column, row),
    ),
    Misconception(
        "window_centred",
        "This is what you get when the centre of the window lies at (row, column).",
        "The top left corner of the window lies there: it reaches from `row` to the kernel's height below.",
        "L4.28",
        before=centred,
    ),
    Misconception(
        "counted_from_one",
        "This is what you get when rows and columns are counted from 1: the window starts one too early.",
        "Count from 0, as NumPy does: row 0 is the first.",
        "L4.28",
        before=lambda image, kernel, bias, row, column: (image, kernel, bias, row - 1, column - 1),
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of the result are cut off.",
        "Return the number as it is, without `int`.",
        "L3.9",
        after=lambda answer, *arguments: int(answer),
    ),
    Misconception(
        "negative_results_lost",
        "This is what you get when a result below zero becomes zero.",
        "Return the sum as it is. The activation (ReLU) is a step of its own and comes later.",
        "L4.35",
        after=lambda answer, *arguments: max(answer, 0),
    ),
)


def explain_entry(
    image: Array, kernel: Array, bias: Number, row: int, column: int, index: tuple[int, ...]
) -> str:
    """Return the sum, the products channel by channel and the bias."""
    return weighted_sum(window(image, kernel, row, column), kernel, bias)


ONE_NUMBER = Task(
    name="one_number",
    stem="04_channels",
    signature="one_number(image, kernel, bias, row, column)",
    parameters=("image", "kernel", "bias", "row", "column"),
    groups=(WINDOW,),
    reference=one_number,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_entry=explain_entry,
    hints=(
        "Cut the window out first, with a slice for each axis. It has the kernel's shape: print both shapes.",
        "Take all channels. Along rows and columns the slice starts at the given place: where does it end?",
        "Multiply window and kernel number by number, add up all the products, then add the bias.",
    ),
    forbids=CONVOLUTIONS,
    fair=fits,
)
