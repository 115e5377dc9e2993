"""to_channels_first(batch): the same numbers in another order of axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.channels.explanations import count_of
from coursekit.shapes import Derivation

Array = NDArray[Any]
Shape = tuple[int, int, int, int]  # N, H, W, C

LAYOUT = Group("layouts", 1, "batches of images of all shapes")

# Where two axes are equally long, the shape does not tell which is which.
SHAPES: tuple[Shape, ...] = (
    (1, 1, 1, 1),
    (1, 1, 1, 2),
    (1, 1, 2, 1),
    (1, 2, 1, 1),
    (2, 1, 1, 1),
    (1, 1, 2, 2),
    (1, 2, 1, 2),
    (1, 2, 2, 2),
    (1, 2, 3, 2),
    (2, 2, 2, 2),
    (2, 3, 2, 3),
    (2, 2, 3, 4),
    (3, 3, 3, 3),
)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return batches from one number upwards; the larger ones have shapes that nobody can guess."""
    count, height, width, channels = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    larger: tuple[Shape, ...] = ((count, height, width, channels), (2, width + 2, height + 2, 3))
    cases = [
        Case((whole_numbers(rng, shape, max(9, 2 * int(np.prod(shape)))),), LAYOUT.name)
        for shape in (*SHAPES, *larger)
    ]
    return [*cases, Case((decimals(rng, (2, 3, 4, 2)),), LAYOUT.name)]


def to_channels_first(batch: Array) -> Array:
    """Return the right answer: (N, C, H, W)."""
    return np.asarray(batch.transpose(0, 3, 1, 2))


def reshaped(batch: Array) -> Array:
    """Give the numbers another shape and leave them in their order."""
    count, height, width, channels = batch.shape
    return batch.reshape(count, channels, height, width)


MISCONCEPTIONS = (
    Misconception(
        "reshaped",
        "This is what you get with `reshape`: the shape is right, but the numbers stay in their old order.",
        "Move the axis instead of giving a new shape: look up `np.moveaxis` or `np.transpose`.",
        "L2.23",
        answer=reshaped,
    ),
    Misconception(
        "all_axes_reversed",
        "This is what you get when all four axes are turned around, as `.T` does.",
        "Leave the images where they are, on axis 0, and keep rows before columns.",
        "L2.23",
        answer=lambda batch: batch.T,
    ),
    Misconception(
        "rows_and_columns_swapped",
        "The channels are in the right place, but rows and columns are swapped: (N, C, W, H).",
        "Swapping two axes moves both of them. Move the channels, and let rows and columns follow in order.",
        "L3.17",
        answer=lambda batch: batch.swapaxes(1, 3),
    ),
    Misconception(
        "channels_before_columns_only",
        "This is what you get when the channels move one place only: (N, H, C, W).",
        "The channels move past rows and columns, to axis 1.",
        "L3.17",
        answer=lambda batch: batch.swapaxes(2, 3),
    ),
    Misconception(
        "channels_before_images",
        "This is what you get when the channels move to the very front: (C, N, H, W).",
        "Axis 0 still counts the images: the channels move to axis 1.",
        "L3.17",
        answer=lambda batch: batch.transpose(3, 0, 1, 2),
    ),
    Misconception(
        "moved_the_other_way",
        "This is what you get when axis 1, the rows, moves to the end: (N, W, C, H).",
        "Move the last axis to place 1, not axis 1 to the last place.",
        "L3.17",
        answer=lambda batch: np.moveaxis(batch, 1, -1),
    ),
    Misconception(
        "channels_left_behind",
        "This is what you get when rows and columns change places: (N, W, H, C).",
        "The channels, on the last axis, are the ones to move: to axis 1.",
        "L2.23",
        answer=lambda batch: batch.transpose(0, 2, 1, 3),
    ),
    Misconception(
        "left_as_it_is",
        "This is the batch as it came in: (N, H, W, C).",
        "Return the array that `np.moveaxis` or `np.transpose` gives: they do not change the batch itself.",
        "L2.23",
        answer=lambda batch: batch,
    ),
    Misconception(
        "channels_in_reverse",
        "The axes are right, but the channels are in reverse order: blue, green, red.",
        "Keep the channels in order: channel 0 stays channel 0.",
        "L2.23",
        after=lambda answer, batch: answer[:, ::-1],
    ),
    Misconception(
        "only_first_image",
        "This is the first image alone.",
        "Keep all images of the batch: the output has four axes.",
        "L2.23",
        after=lambda answer, batch: answer[0],
    ),
)


def explain_shape(batch: Array) -> tuple[tuple[str, Derivation], ...]:
    """Return which axis of the batch each axis of the answer is."""
    places = (("images", 0), ("channels", 3), ("rows", 1), ("columns", 2))
    return tuple(
        count_of(name, f"axis {place} of the batch", f"batch.shape[{place}]", batch.shape[place])
        for name, place in places
    )


def explain_entry(batch: Array, index: tuple[int, ...]) -> str:
    """Return where the number at `index` stands in the batch."""
    n, c, i, j = index
    return f"batch[{n}, {i}, {j}, {c}]"


TO_CHANNELS_FIRST = Task(
    name="to_channels_first",
    stem="04_channels",
    signature="to_channels_first(batch)",
    parameters=("batch",),
    groups=(LAYOUT,),
    reference=to_channels_first,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=explain_shape,
    explain_entry=explain_entry,
)
