"""conv_transpose2d(image, kernel, stride): copies of the kernel, one for each pixel, added up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.stride.correlate2d_strided import is_pair
from coursekit.checks.tasks.stride.explanations import transposed_products, transposed_size_steps
from coursekit.checks.tasks.stride.shared import Pair
from coursekit.checks.tasks.stride.transposed_mistakes import MISCONCEPTIONS, transposed

Array = NDArray[Any]
Shapes = tuple[Pair, Pair, Pair]  # of image and kernel, then the stride

APART = Group("copies side by side", 1, "the stride is at least as large as the kernel: no copies overlap")
OVERLAPPING = Group("copies that overlap", 1, "the kernel is larger than the stride: sums, also of decimals")

SIDE_BY_SIDE: tuple[Shapes, ...] = (
    ((1, 1), (1, 1), (1, 1)),
    ((1, 1), (2, 1), (2, 1)),
    ((2, 1), (1, 1), (2, 1)),
    ((1, 2), (1, 2), (1, 3)),
    ((2, 2), (2, 2), (2, 2)),
    ((2, 3), (2, 1), (3, 2)),
    ((3, 2), (1, 2), (1, 2)),
)
OVERLAPS: tuple[Shapes, ...] = (
    ((1, 2), (1, 2), (1, 1)),
    ((2, 1), (3, 1), (2, 1)),
    ((2, 2), (2, 2), (1, 1)),
    ((2, 2), (3, 2), (2, 1)),
    ((2, 3), (3, 3), (2, 2)),
    ((3, 2), (2, 4), (1, 3)),
)
WITH_DECIMALS: tuple[Shapes, ...] = (((2, 2), (2, 2), (1, 1)), ((2, 2), (2, 3), (1, 2)))


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    apart = [*SIDE_BY_SIDE, _larger(rng, (2, 3), (0, -1)), _larger(rng, (3, 2), (-1, 0))]
    overlaps = [*OVERLAPS, _larger(rng, (2, 1), (1, 2)), _larger(rng, (2, 3), (2, 1))]
    cases = [_case(rng, shapes, APART.name) for shapes in apart]
    cases += [_case(rng, shapes, OVERLAPPING.name) for shapes in overlaps]
    for shapes in (*WITH_DECIMALS, _larger(rng, (3, 2), (1, 2))):
        cases.append(_case(rng, shapes, OVERLAPPING.name, whole=""))
    cases.append(_case(rng, ((2, 2), (3, 2), (2, 1)), OVERLAPPING.name, whole="image"))
    cases.append(_case(rng, ((2, 2), (2, 3), (1, 2)), OVERLAPPING.name, whole="kernel"))
    return cases


def _larger(rng: np.random.Generator, stride: Pair, overlap: Pair) -> Shapes:
    """Return shapes whose kernel is `overlap` larger than the stride, along each axis."""
    image = int(rng.integers(3, 5)), int(rng.integers(3, 6))
    return image, (stride[0] + overlap[0], stride[1] + overlap[1]), stride


def _case(rng: np.random.Generator, shapes: Shapes, group: str, whole: str = "both") -> Case:
    """Return a case whose image, kernel, both or none hold whole numbers only."""
    image_shape, kernel_shape, stride = shapes
    image = whole_numbers(rng, image_shape) if whole in ("both", "image") else decimals(rng, image_shape)
    kernel = whole_numbers(rng, kernel_shape) if whole in ("both", "kernel") else decimals(rng, kernel_shape)
    return Case((image, kernel, stride), group)


def is_fair(*arguments: Any) -> bool:
    """Whether these arguments are a question that the notebook allows."""
    if len(arguments) != 3:
        return False
    image, kernel, stride = arguments
    arrays = all(
        isinstance(array, np.ndarray) and array.ndim == 2 and array.size for array in (image, kernel)
    )
    return bool(arrays and is_pair(stride))


HINTS = (
    (
        "Take an image of two pixels in one row, a kernel of three taps and stride 2. Write the two copies "
        "below each other on paper, and add them up, column by column."
    ),
    (
        "How large is the output? Look at the last pixel: where does its copy start, and how long is it? Do "
        "this for the rows and for the columns, and start with an array of zeros."
    ),
    (
        "Go through the pixels with two loops. For each, a slice of the output as large as the kernel is "
        "where its copy belongs; what lies there already must stay in the sum."
    ),
)

CONV_TRANSPOSE2D = Task(
    name="conv_transpose2d",
    stem="06_stride",
    signature="conv_transpose2d(image, kernel, stride)",
    parameters=("image", "kernel", "stride"),
    groups=(APART, OVERLAPPING),
    reference=transposed,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=transposed_size_steps,
    explain_entry=transposed_products,
    hints=HINTS,
    forbids=CONVOLUTIONS,
    fair=is_fair,
)
