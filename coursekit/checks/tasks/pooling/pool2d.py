"""pool2d(image, size, stride, padding, mode): the maximum or mean of each window, and the maxima's places."""

from __future__ import annotations

import numpy as np

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray, SameParts
from coursekit.checks.task import Case, Group, Task
from coursekit.checks.tasks.pooling.explanations import output_size_steps, window_combined
from coursekit.checks.tasks.pooling.rules import SamePositions
from coursekit.checks.tasks.pooling.windows import Array, Pair, is_fair, pool2d
from coursekit.checks.tasks.pooling.wrong_numbers import NUMBERS, POSITIONS
from coursekit.checks.tasks.pooling.wrong_windows import AROUND, WINDOWS

MAX = Group("max", 1, "max pooling without padding: output and positions")
PADDED = Group("max with padding", 1, "max pooling with padding, which never wins")
AVERAGE = Group("average", 1, "average pooling, without padding and with padding that counts")

Question = tuple[Pair, Pair, Pair, Pair]  # shape of the image, size, stride, padding
NONE = (0, 0)

INSIDE: tuple[Question, ...] = (
    ((1, 1), (1, 1), (1, 1), NONE),
    ((1, 3), (1, 2), (1, 1), NONE),
    ((3, 1), (2, 1), (1, 1), NONE),
    ((2, 4), (2, 2), (2, 2), NONE),
    ((3, 4), (2, 2), (1, 2), NONE),  # overlaps downwards
    ((4, 3), (2, 2), (2, 1), NONE),
    ((3, 5), (2, 1), (1, 3), NONE),  # gaps between the windows
    ((4, 6), (2, 3), (2, 2), NONE),  # the stride does not divide
)
WITH_PADDING: tuple[Question, ...] = (
    ((1, 2), (2, 2), (1, 1), (1, 1)),
    ((2, 2), (2, 3), (2, 1), (1, 1)),
    ((2, 3), (2, 2), (1, 2), (0, 1)),
    ((3, 4), (3, 2), (2, 1), (1, 0)),
    ((3, 4), (2, 4), (2, 3), (1, 2)),
)
FOR_AVERAGE: tuple[Question, ...] = (
    ((1, 2), (1, 2), (1, 1), NONE),
    ((2, 3), (2, 2), (1, 1), NONE),
    ((4, 3), (3, 2), (1, 1), NONE),
    ((2, 2), (2, 2), (2, 1), (1, 1)),
    ((3, 3), (3, 2), (2, 2), (1, 0)),
)


def with_ties(rng: np.random.Generator, shape: Pair) -> Array:
    """Return negative whole numbers of two sizes only, so that most windows hold their maximum twice."""
    return np.asarray(rng.integers(-2, 0, size=shape))


def below_zero(rng: np.random.Generator, shape: Pair) -> Array:
    """Return negative whole numbers: any zero beats them all."""
    return -whole_numbers(rng, shape, 9)


def larger(rng: np.random.Generator, *, padded: bool) -> Question:
    """Return a question of a size that nobody can guess: nothing square, a stride that does not divide."""
    size = (int(rng.integers(2, 4)), int(rng.integers(3, 5)))
    stride = (int(rng.integers(2, 4)), int(rng.integers(1, 3)))
    padding = (1, int(rng.integers(size[1] // 2 + 1))) if padded else NONE
    shape = (int(rng.integers(5, 7)), int(rng.integers(7, 9)))
    if rng.random() < 0.5:
        shape, size, stride, padding = shape[::-1], size[::-1], stride[::-1], padding[::-1]
    return shape, size, stride, padding


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards, with ties, negative images, overlaps and gaps."""
    inside = [*INSIDE, larger(rng, padded=False), larger(rng, padded=False)]
    around = [*WITH_PADDING, larger(rng, padded=True), larger(rng, padded=True)]
    mean = [*FOR_AVERAGE, larger(rng, padded=False), larger(rng, padded=True)]
    cases = []
    for index, (shape, *how) in enumerate(inside):
        draw = (whole_numbers, decimals, whole_numbers, with_ties)[index % 4]
        cases.append(Case((draw(rng, shape), *how, "max"), MAX.name))
    for index, (shape, *how) in enumerate(around):
        draw = (below_zero, decimals, with_ties)[index % 3]
        cases.append(Case((draw(rng, shape), *how, "max"), PADDED.name))
    for index, (shape, *how) in enumerate(mean):
        draw = (whole_numbers, decimals)[index % 2]
        cases.append(Case((draw(rng, shape), *how, "average"), AVERAGE.name))
    return cases


POOL2D = Task(
    name="pool2d",
    stem="07_pooling",
    signature="pool2d(image, size, stride, padding, mode)",
    parameters=("image", "size", "stride", "padding", "mode"),
    groups=(MAX, PADDED, AVERAGE),
    reference=pool2d,
    rule=SameParts(("output", "positions"), (SameArray(of="output"), SamePositions())),
    generate=generate,
    misconceptions=(*WINDOWS, *AROUND, *NUMBERS, *POSITIONS),
    explain_shape=output_size_steps,
    explain_entry=window_combined,
    hints=(
        (
            "Begin with max pooling without padding. Count the windows along each axis first, then make "
            "two arrays of that shape, and fill them window by window in two loops."
        ),
        (
            "Where does window number i begin? Work out its first row in the image from i, the stride and "
            "the padding: it may be below 0. A slice of an array must not start below 0, so either cut "
            "the window to the part inside the image, or copy the image into a larger array first. What "
            "must that array hold?"
        ),
        (
            "NumPy can tell the place of the first maximum of a window as one number, counted inside the "
            "window. Split it into a row and a column of the window, add the place where the window "
            "begins, take any padding off, and only then make one number of both, with the width of the "
            "image."
        ),
    ),
    forbids=PACKAGES,
    fair=is_fair,
)
