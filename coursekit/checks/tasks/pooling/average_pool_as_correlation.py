"""average_pool_as_correlation(image, size): the kernel that makes a mean a correlation, and the output.

Both are asked for: the kernel shows that the idea is understood, the output that it works.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray, SameParts
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.pooling.explanations import mean_of, output_size_steps
from coursekit.checks.tasks.pooling.windows import Pair, pooled
from coursekit.checks.tasks.written import Axes

Array = NDArray[Any]
Answer = tuple[Array, Array]  # kernel, output

BOTH = Group("kernel and output", 1, "the kernel, and the output of the cross-correlation with it")

QUESTIONS: tuple[tuple[Pair, Pair], ...] = (
    ((1, 1), (1, 1)),
    ((1, 2), (1, 2)),
    ((2, 1), (2, 1)),
    ((1, 3), (1, 2)),
    ((2, 2), (2, 2)),
    ((2, 3), (2, 2)),
    ((3, 3), (2, 2)),
    ((3, 4), (1, 3)),
    ((4, 3), (3, 2)),
    ((3, 5), (2, 3)),
)


def average_pool_as_correlation(image: Array, size: Pair) -> Answer:
    """Return the kernel of equal numbers and the mean of every window."""
    kernel = np.full(size, 1 / (size[0] * size[1]))
    return kernel, sliding_window_view(image, size).mean(axis=(2, 3))


def generate(rng: np.random.Generator) -> list[Case]:
    """Return images from one pixel upwards; the larger ones have sizes that nobody can guess."""
    larger = [
        ((int(rng.integers(5, 8)), int(rng.integers(8, 10))), (int(rng.integers(2, 4)), 4)),
        ((int(rng.integers(8, 10)), int(rng.integers(4, 7))), (int(rng.integers(4, 6)), 3)),
    ]
    cases = []
    for index, (shape, size) in enumerate((*QUESTIONS, *larger, *QUESTIONS[5:8])):
        draw = (whole_numbers, decimals)[index % 3 == 2]
        cases.append(Case((draw(rng, shape), size), BOTH.name))
    return cases


def steps(image: Array, size: Pair) -> Axes:
    """Return how the shape of the output comes about."""
    sizes = output_size_steps(image, size, (1, 1), (0, 0), "average")
    return tuple((f"{axis} of the output", derivation) for axis, derivation in sizes)


def window_mean(image: Array, size: Pair, index: tuple[int, ...]) -> str:
    """Return the mean at `index` of the output, written out."""
    return mean_of(image[index[0] : index[0] + size[0], index[1] : index[1] + size[1]])


def scaled(factor: Callable[[Array, Pair], float]) -> Callable[[Answer, Array, Pair], Answer]:
    """Return a mistake whose kernel, and so its output, is so many times the right one."""

    def after(answer: Answer, image: Array, size: Pair) -> Answer:
        return answer[0] * factor(image, size), answer[1] * factor(image, size)

    return after


def with_padding(rows: int, columns: int, image: Array, size: Pair) -> Array:
    """Return the means of an image with so many zeros around, the odd one behind."""
    ends = ((rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2))
    return pooled(image, size, (1, 1), ends, "average")[0]


def output_only(change: Callable[[Array, Array, Pair], Array]) -> Callable[[Answer, Array, Pair], Answer]:
    """Return a mistake in the output alone; `change` takes it, the image and the size."""
    return lambda answer, image, size: (answer[0], change(answer[1], image, size))


MISCONCEPTIONS = (
    Misconception(
        "kernel_of_ones",
        "This is what you get with a kernel of ones: sums, not means.",
        "The kernel must do the division too: what must each of its numbers be?",
        "L3.37",
        after=scaled(lambda image, size: size[0] * size[1]),
    ),
    Misconception(
        "divided_by_the_height",
        "This is what you get when each number of the kernel is 1 / height.",
        "A window holds height times width numbers: divide by all of them.",
        "L3.37",
        after=scaled(lambda image, size: size[1]),
    ),
    Misconception(
        "divided_by_the_width",
        "This is what you get when each number of the kernel is 1 / width.",
        "A window holds height times width numbers: divide by all of them.",
        "L3.37",
        after=scaled(lambda image, size: size[0]),
    ),
    Misconception(
        "divided_by_height_plus_width",
        "This is what you get when each number of the kernel is 1 / (height + width).",
        "Count the numbers in a window of 2 rows and 3 columns. It is not 2 + 3.",
        "L3.37",
        after=scaled(lambda image, size: size[0] * size[1] / (size[0] + size[1])),
    ),
    Misconception(
        "divided_by_the_image",
        "This is what you get when each number of the kernel is 1 / (number of pixels of the image).",
        "The mean is that of one window: divide by the number of places in the window.",
        "L3.38",
        after=scaled(lambda image, size: size[0] * size[1] / image.size),
    ),
    Misconception(
        "kernel_of_whole_numbers",
        "This is what you get when the kernel is an array of whole numbers: all of it is cut down to 0.",
        "Make a kernel of floats: `np.zeros(size)`, without `dtype=int`, and divide with `/`.",
        "L3.37",
        after=scaled(lambda image, size: 0.0 if size[0] * size[1] > 1 else 1.0),
    ),
    Misconception(
        "size_axes_swapped",
        "This is what you get when the window is as wide as it should be high, and the other way round.",
        "Rows come first: `size[0]` is the height of the window, `size[1]` its width.",
        "L4.36",
        before=lambda image, size: (image, size[::-1]),
    ),
    Misconception(
        "stride_is_the_size",
        "Your output is that of windows side by side, and this task asks for stride 1.",
        "Move the window by one place at a time: windows overlap.",
        "L3.34",
        after=output_only(lambda output, image, size: output[:: size[0], :: size[1]]),
    ),
    Misconception(
        "zero_padded_same",
        "Your output is as large as the image, because there are zeros around it.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L3.22",
        after=output_only(lambda output, image, size: with_padding(size[0] - 1, size[1] - 1, image, size)),
    ),
    Misconception(
        "full_mode",
        "Your output has windows that only touch the image, with zeros outside.",
        "Take only the windows that lie inside the image. Pad nothing.",
        "L2.5",
        after=output_only(
            lambda output, image, size: with_padding(2 * size[0] - 2, 2 * size[1] - 2, image, size)
        ),
    ),
    Misconception(
        "last_window_missed",
        "In your output the last row and the last column of windows are left out.",
        "Count the windows: a kernel of K numbers has N - K + 1 places in N numbers. Did you forget the + 1?",
        "L4.32",
        after=output_only(lambda output, image, size: output[:-1, :-1]),
    ),
    Misconception(
        "maximum_instead_of_mean",
        "Your output holds the largest number of each window, which no kernel can give.",
        "Multiply the window by your kernel, and add the products up.",
        "L2.30",
        after=output_only(lambda output, image, size: sliding_window_view(image, size).max(axis=(2, 3))),
    ),
    Misconception(
        "output_transposed",
        "Rows and columns are swapped in your output.",
        "Write what the window in row i, column j gives to row i, column j of the output.",
        "L4.28",
        after=output_only(lambda output, image, size: output.T),
    ),
    Misconception(
        "truncated_to_integers",
        "In your output the decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L3.9",
        after=output_only(lambda output, image, size: np.trunc(output)),
    ),
    Misconception(
        "input_dtype_kept",
        "Your output takes the dtype of a whole-number image: decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)` instead of `zeros_like` or `empty_like`.",
        "L3.9",
        after=output_only(
            lambda output, image, size: np.trunc(output) if image.dtype.kind == "i" else output
        ),
    ),
    Misconception(
        "output_before_kernel",
        "Your two arrays stand in the wrong order: yours begin with the output.",
        "Return the kernel first, then the output.",
        "L3.37",
        after=lambda answer, image, size: answer[::-1],
    ),
)

AVERAGE_POOL_AS_CORRELATION = Task(
    name="average_pool_as_correlation",
    stem="07_pooling",
    signature="average_pool_as_correlation(image, size)",
    parameters=("image", "size"),
    groups=(BOTH,),
    reference=average_pool_as_correlation,
    rule=SameParts(("kernel", "output"), (SameArray(of="kernel"), SameArray(of="output"))),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=steps,
    explained_part=1,
    explain_entry=window_mean,
    hints=(
        "Write the mean of four numbers a, b, c, d as a sum of four products. What stands beside a?",
        (
            "All places of a window count alike in a mean, so all numbers of the kernel are equal. With "
            "them, a window of ones must give 1."
        ),
        (
            "Once you have the kernel, the rest is the cross-correlation of exercise 3, without padding "
            "and with stride 1: a sum of products for each window. You may copy your own function from "
            "there."
        ),
    ),
    forbids=CONVOLUTIONS,
    fair=lambda image, size: (
        np.ndim(image) == 2 and all(1 <= taps <= n for taps, n in zip(size, np.shape(image), strict=True))
    ),
)
