"""convolve2d(image, kernel): the valid convolution of an image; the kernel is flipped along both axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.convolution.mistakes_2d import MISTAKES_2D
from coursekit.checks.tasks.convolution.sums import products_of_window, valid
from coursekit.shapes import Derivation
from coursekit.shapes.derivation import Step

Array = NDArray[Any]

SQUARES = Group("squares", 1, "image and kernel are square and hold positive whole numbers")
ALL_SHAPES = Group("all shapes", 1, "rectangles, decimals and negative numbers")

SQUARE_SIZES = ((1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 2), (4, 3))
RECTANGLE_SHAPES = (
    ((2, 3), (1, 2)),
    ((3, 2), (2, 1)),
    ((3, 4), (2, 2)),
    ((4, 3), (2, 2)),
    ((3, 4), (1, 3)),
    ((4, 3), (3, 1)),
    ((4, 4), (2, 3)),
    ((4, 4), (3, 2)),
)
AXES = (("rows", "H - h + 1"), ("columns", "W - w + 1"))  # as the notebook writes their sizes


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; the larger ones have shapes that nobody can guess."""
    large = int(rng.integers(5, 8))
    cases = [
        Case((whole_numbers(rng, (n, n)), whole_numbers(rng, (k, k))), SQUARES.name)
        for n, k in (*SQUARE_SIZES, (large, int(rng.integers(2, 5))))
    ]
    long, short = int(rng.integers(6, 9)), int(rng.integers(4, 6))
    tall, wide = ((long, short), (3, 2)), ((short, long), (2, int(rng.integers(3, 5))))
    for image, kernel in (*RECTANGLE_SHAPES, tall, wide):
        cases.append(Case((whole_numbers(rng, image), whole_numbers(rng, kernel)), ALL_SHAPES.name))
    for image, kernel in (((2, 2), (2, 2)), ((3, 3), (2, 2)), ((4, 5), (3, 2)), ((large, 4), (2, 3))):
        cases.append(Case((decimals(rng, image), decimals(rng, kernel)), ALL_SHAPES.name))
    cases.append(Case((whole_numbers(rng, (3, 4)), decimals(rng, (2, 2))), ALL_SHAPES.name))
    cases.append(Case((decimals(rng, (4, 3)), whole_numbers(rng, (2, 2))), ALL_SHAPES.name))
    return cases


def size_steps(image: Array, kernel: Array) -> tuple[tuple[str, Derivation], ...]:
    """Return, for rows and columns, the sum that gives the size of the output."""
    return tuple(
        (axis, Derivation([Step.of(formula, formula, f"{size} - {taps} + 1", size - taps + 1)]))
        for (axis, formula), size, taps in zip(AXES, image.shape, kernel.shape, strict=True)
    )


CONVOLVE2D = Task(
    name="convolve2d",
    stem="02_convolution",
    signature="convolve2d(image, kernel)",
    parameters=("image", "kernel"),
    groups=(SQUARES, ALL_SHAPES),
    reference=valid,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISTAKES_2D,
    explain_shape=size_steps,
    explain_entry=products_of_window,
    hints=(
        (
            "Two steps: give the kernel half a turn, then slide the turned kernel over the image and add "
            "up products. On paper, give a kernel with the rows 1 2 3 and 4 5 6 half a turn: what is its "
            "first row?"
        ),
        (
            "Half a turn reverses the order of the rows and also the order within each row. It changes no "
            "shape: height stays height. A transpose is something else."
        ),
        (
            "Count the places first: H − h + 1 rows and W − w + 1 columns. At each place, cut the window "
            "out of the image with two slices; it has the turned kernel's shape. Multiply the two and add "
            "all up."
        ),
    ),
    forbids=CONVOLUTIONS,
)
