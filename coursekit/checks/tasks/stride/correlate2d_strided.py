"""correlate2d_strided(image, kernel, stride, dilation): a valid cross-correlation that skips pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.stride.explanations import strided_products, strided_size_steps
from coursekit.checks.tasks.stride.shared import Pair
from coursekit.checks.tasks.stride.strided_mistakes import (
    DILATION,
    OUTPUT,
    STRIDE,
    TRUNCATED,
    correlated,
    moves,
)

Array = NDArray[Any]
Shapes = tuple[Pair, Pair, Pair, Pair]  # of image and kernel, then stride and dilation

STRIDES = Group("stride", 1, "the window moves by more than one pixel; the kernel is dense")
DILATIONS = Group("dilation", 1, "the taps stand apart; the window moves by one pixel")
BOTH = Group("both, with decimals", 1, "stride and dilation together; decimals and negative numbers")

STRIDED: tuple[Shapes, ...] = (
    ((1, 1), (1, 1), (1, 1), (1, 1)),
    ((2, 3), (1, 2), (1, 1), (1, 1)),
    ((3, 1), (1, 1), (2, 1), (1, 1)),
    ((1, 4), (1, 2), (1, 2), (1, 1)),
    ((3, 3), (2, 2), (1, 2), (1, 1)),
    ((4, 3), (2, 2), (2, 1), (1, 1)),
    ((4, 5), (2, 2), (3, 2), (1, 1)),
)
DILATED: tuple[Shapes, ...] = (
    ((3, 1), (2, 1), (1, 1), (2, 1)),
    ((2, 3), (2, 2), (1, 1), (1, 2)),
    ((3, 4), (2, 2), (1, 1), (2, 1)),
    ((4, 4), (2, 2), (1, 1), (2, 3)),
    ((4, 6), (2, 3), (1, 1), (3, 2)),
)
TOGETHER: tuple[Shapes, ...] = (
    ((1, 1), (1, 1), (1, 1), (1, 1)),
    ((3, 3), (2, 2), (2, 1), (1, 1)),
    ((4, 4), (2, 2), (1, 2), (2, 1)),
    ((5, 6), (2, 2), (2, 1), (3, 2)),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    strided = [*STRIDED, _larger(rng, (2, 3), (1, 1)), _larger(rng, (3, 2), (1, 1))]
    dilated = [*DILATED, _larger(rng, (1, 1), (2, 3)), _larger(rng, (1, 1), (3, 1))]
    together = [*TOGETHER, _larger(rng, (2, 3), (3, 2)), _larger(rng, (3, 2), (1, 2))]
    cases = [_case(rng, shapes, STRIDES.name) for shapes in strided]
    cases += [_case(rng, shapes, DILATIONS.name) for shapes in dilated]
    cases += [_case(rng, shapes, BOTH.name, whole="") for shapes in together]
    cases.append(_case(rng, ((3, 5), (2, 2), (1, 2), (1, 2)), BOTH.name, whole="image"))
    cases.append(_case(rng, ((5, 3), (2, 2), (2, 1), (2, 1)), BOTH.name, whole="kernel"))
    return cases


def _larger(rng: np.random.Generator, stride: Pair, dilation: Pair) -> Shapes:
    """Return shapes with two or three windows an axis, where no stride beyond 1 divides."""
    kernel = (2, 3) if rng.integers(2) else (3, 2)
    rows, columns = (
        gap * (taps - 1)
        + 1
        + int(rng.integers(1, 3)) * step
        + (int(rng.integers(1, step)) if step > 1 else 1)
        for taps, step, gap in zip(kernel, stride, dilation, strict=True)
    )
    return (rows, columns), kernel, stride, dilation


def _case(rng: np.random.Generator, shapes: Shapes, group: str, whole: str = "both") -> Case:
    """Return a case whose image, kernel, both or none hold whole numbers only."""
    image_shape, kernel_shape, stride, dilation = shapes
    few = 4 if max(image_shape) < 3 else 9
    image = whole_numbers(rng, image_shape, few) if whole in ("both", "image") else decimals(rng, image_shape)
    kernel = whole_numbers(rng, kernel_shape) if whole in ("both", "kernel") else decimals(rng, kernel_shape)
    return Case((image, kernel, stride, dilation), group)


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    if len(arguments) != 4:
        return False
    image, kernel, stride, dilation = arguments
    arrays = all(
        isinstance(array, np.ndarray) and array.ndim == 2 and array.size for array in (image, kernel)
    )
    return bool(arrays and is_pair(stride) and is_pair(dilation) and min(moves(image, kernel, dilation)) >= 0)


def is_pair(steps: Any) -> bool:
    """Whether `steps` is a pair of whole numbers from 1 upwards."""
    return isinstance(steps, tuple) and len(steps) == 2 and all(type(n) is int and n >= 1 for n in steps)


HINTS = (
    ("Count the windows first, along each axis on its own, with your `output_size`: the padding is 0 here."),
    (
        "Where does the window of row i and column j of the output start in the image? And which pixel "
        "stands beside tap (u, v), counted from there? The stride decides the first, the dilation the "
        "second."
    ),
    (
        "Four loops do it: over the rows and the columns of the output, and over the rows and the columns "
        "of the kernel. A slice of the image with a step, `image[start : stop : step]`, saves the two inner "
        "ones."
    ),
)

CORRELATE2D_STRIDED = Task(
    name="correlate2d_strided",
    stem="06_stride",
    signature="correlate2d_strided(image, kernel, stride, dilation)",
    parameters=("image", "kernel", "stride", "dilation"),
    groups=(STRIDES, DILATIONS, BOTH),
    reference=correlated,
    rule=SameArray(),
    generate=generate,
    misconceptions=(*TRUNCATED, *STRIDE, *DILATION, *OUTPUT),
    explain_shape=strided_size_steps,
    explain_entry=strided_products,
    hints=HINTS,
    forbids=CONVOLUTIONS,
    fair=is_fair,
)
