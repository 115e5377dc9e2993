"""never_centred(height, width, kernel_size, layers): the pixels that no output of a stack is centred on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.shapes import Derivation
from coursekit.shapes.derivation import Step

Array = NDArray[Any]
Pair = tuple[int, int]  # rows, columns

STACKS = Group(
    "stacks", 1, "one layer and many, a kernel of one row or one column, and stacks that use all up"
)

# height, width, kernel_size, layers
SMALL = (
    (1, 1, (1, 1), 1),
    (2, 3, (1, 1), 2),
    (3, 3, (3, 3), 1),
    (3, 4, (3, 1), 1),
    (4, 3, (1, 3), 1),
    (2, 4, (3, 3), 1),
    (4, 5, (3, 3), 2),
    (5, 4, (3, 1), 2),
    (6, 7, (3, 3), 2),
    (7, 8, (3, 5), 1),
)


def never_centred(height: int, width: int, kernel_size: Pair, layers: int) -> Array:
    """Return an array (height, width): 0 where an output has its centre, 1 elsewhere."""
    rows, columns = margins(kernel_size, layers)
    return frame(height, width, rows, columns)


def margins(kernel_size: Pair, layers: int) -> Pair:
    """Return how many rows and columns a stack loses at each end."""
    rows, columns = (layers * (taps - 1) // 2 for taps in kernel_size)
    return rows, columns


def frame(height: int, width: int, rows: int, columns: int) -> Array:
    """Return an array (height, width) of 0 with so many rows and columns of 1 at each end."""
    never = np.ones((height, width), dtype=np.int64)
    never[rows : max(height - rows, 0), columns : max(width - columns, 0)] = 0
    return never


def generate(rng: np.random.Generator) -> list[Case]:
    """Return stacks from one pixel upwards: some with a large rest, some whose output is empty."""
    cases = list(SMALL)
    for taps in ((3, 5), (5, 3), (3, 7), (1, 5), (7, 1)):
        layers = int(rng.integers(2, 5))
        rows, columns = margins(taps, layers)
        rest = rng.choice(np.arange(1, 6), size=2, replace=False)
        cases.append((2 * rows + int(rest[0]), 2 * columns + int(rest[1]), taps, layers))
    # Here there is enough left to see by how much a margin is too wide.
    cases.append((9 + int(rng.integers(4)), 13 + int(rng.integers(4)), (3, 3), 2))
    cases.append((13 + int(rng.integers(4)), 9 + int(rng.integers(4)), (3, 1), 3))
    cases.extend((*_used_up(rng, axis), (5, 3), 3) for axis in (0, 1))
    return [Case(stack, STACKS.name) for stack in cases]


def _used_up(rng: np.random.Generator, axis: int) -> Pair:
    """Return a height and width of which three layers of 5 by 3 leave nothing along `axis`."""
    fits = [12 + int(rng.integers(1, 4)), 6 + int(rng.integers(1, 4))]
    fits[axis] = int(rng.integers(3, 11)) if axis == 0 else int(rng.integers(2, 7))
    return fits[0], fits[1]


def is_fair(height: int, width: int, kernel_size: Pair, layers: int) -> bool:
    """Return whether the notebook's contract allows this question."""
    return min(height, width, layers) >= 1 and all(taps >= 1 and taps % 2 == 1 for taps in kernel_size)


def shape_steps(
    height: int, width: int, kernel_size: Pair, layers: int
) -> tuple[tuple[str, Derivation], ...]:
    """Return, for rows and columns, that there are as many as the image has."""
    return (
        ("rows", Derivation([Step.of("height of the image", "", str(height), height)])),
        ("columns", Derivation([Step.of("width of the image", "", str(width), width)])),
    )


def where_centres_are(height: int, width: int, kernel_size: Pair, layers: int, index: tuple[int, ...]) -> str:
    """Return what decides over the pixel at `index`: the rows and columns that outputs are centred on."""
    row, column = index
    centres = np.argwhere(never_centred(height, width, kernel_size, layers) == 0)
    if centres.size == 0:
        return "(no output is left)"
    (top, left), (bottom, right) = centres.min(axis=0), centres.max(axis=0)
    rows, columns = f"rows {top} to {bottom}", f"columns {left} to {right}"
    return f"(row {row}, column {column}; outputs are centred on {rows}, {columns})"


def with_margins(rows_and_columns: Any) -> Any:
    """Return an answer whose margins come from this function of one axis' kernel size and of the layers."""

    def wrong(height: int, width: int, kernel_size: Pair, layers: int) -> Array:
        rows, columns = (rows_and_columns(taps, layers) for taps in kernel_size)
        return frame(height, width, rows, columns)

    return wrong


def at_the_corner(height: int, width: int, kernel_size: Pair, layers: int) -> Array:
    """Mark output [i, j] at pixel [i, j], where its window begins."""
    rows, columns = (2 * margin for margin in margins(kernel_size, layers))
    never = np.ones((height, width), dtype=np.int64)
    never[: max(height - rows, 0), : max(width - columns, 0)] = 0
    return never


def slice_to_minus_zero(height: int, width: int, kernel_size: Pair, layers: int) -> Array:
    """Write zeros to never[rows:-rows, columns:-columns], which is empty where a margin is 0."""
    rows, columns = margins(kernel_size, layers)
    never = np.ones((height, width), dtype=np.int64)
    never[rows:-rows, columns:-columns] = 0
    return never


def only_the_corners(right_answer: Array, height: int, width: int, kernel_size: Pair, layers: int) -> Array:
    """Mark a pixel only where both its row and its column are lost."""
    rows, columns = margins(kernel_size, layers)
    return frame(height, width, rows, 0) * frame(height, width, 0, columns)


def a_pixel_is_kept(height: int, width: int, kernel_size: Pair, layers: int) -> Array:
    """Let no margin grow over the middle, so that something is always left."""
    rows, columns = margins(kernel_size, layers)
    return frame(height, width, min(rows, (height - 1) // 2), min(columns, (width - 1) // 2))


def emptied(right_answer: Array, *arguments: Any) -> Array:
    """Return only zeros where no output is left."""
    return np.zeros_like(right_answer) if right_answer.all() else right_answer


def never_seen(right_answer: Array, *arguments: Any) -> Array:
    """Return the pixels that no window holds: none, unless no output is left."""
    return right_answer if right_answer.all() else np.zeros_like(right_answer)


MISCONCEPTIONS = (
    Misconception(
        "only_one_layer",
        "This is what one layer loses, whatever the number of layers.",
        "Each layer takes its output from the layer before, which has already lost its own border.",
        "L3.26",
        before=lambda height, width, kernel_size, layers: (height, width, kernel_size, 1),
    ),
    Misconception(
        "one_layer_too_few",
        "This is what you get with one layer fewer.",
        "Count the layers: the first one loses pixels too.",
        "L3.26",
        before=lambda height, width, kernel_size, layers: (height, width, kernel_size, layers - 1),
    ),
    Misconception(
        "one_layer_too_many",
        "This is what you get with one layer more.",
        "One layer of 3 by 3 loses one row at each end.",
        "L3.26",
        before=lambda height, width, kernel_size, layers: (height, width, kernel_size, layers + 1),
    ),
    Misconception(
        "whole_loss_at_each_end",
        "This is what you get when each layer loses K - 1 pixels at each end: they are K - 1 at both "
        "together.",
        "A window of 3 is centred one pixel away from its own edge.",
        "L4.32",
        answer=with_margins(lambda taps, layers: layers * (taps - 1)),
    ),
    Misconception(
        "kernel_size_times_layers",
        "This is what you get when a stack of L layers is taken to see L · K pixels.",
        "Two layers of 3 see 5 pixels, not 6: each layer adds K - 1.",
        "L3.26",
        answer=with_margins(lambda taps, layers: layers * taps // 2),
    ),
    Misconception(
        "kernel_size_to_the_power_of_layers",
        "This is what you get when every layer multiplies the field of view by K.",
        "Two layers of 3 see 5 pixels, not 9: each layer adds K - 1.",
        "L3.26",
        answer=with_margins(lambda taps, layers: (taps**layers - 1) // 2),
    ),
    Misconception(
        "rows_and_columns_swapped",
        "This is what you get when the rows lose what the width of the kernel takes, and the columns what "
        "its height takes.",
        "`kernel_size` is (rows, columns): its first number decides how many rows are lost.",
        "L4.33",
        before=lambda height, width, kernel_size, layers: (height, width, kernel_size[::-1], layers),
    ),
    Misconception(
        "output_transposed",
        "These are the right numbers with rows and columns swapped.",
        "Rows come first: the shape of the answer is (height, width).",
        "L4.33",
        after=lambda right_answer, *arguments: right_answer.T,
    ),
    Misconception(
        "corner_instead_of_centre",
        "This marks each output at the top left corner of what it sees, not at the middle.",
        "Shift by half of what is lost: output [0, 0] of one 3 by 3 layer is centred on pixel [1, 1].",
        "L4.33",
        answer=at_the_corner,
    ),
    Misconception(
        "zeros_and_ones_swapped",
        "Zeros and ones are swapped: this marks the pixels that an output is centred on.",
        "Mark with 1 the pixels that are never a centre.",
        "L4.33",
        after=lambda right_answer, *arguments: 1 - right_answer,
    ),
    Misconception(
        "nothing_marked",
        "This marks no pixel at all: every number is 0.",
        "The first pixel lies in one window only, in its corner: no output is centred on it, so it gets a 1.",
        "L4.33",
        after=lambda right_answer, *arguments: np.zeros_like(right_answer),
    ),
    Misconception(
        "seen_instead_of_centred",
        "This marks the pixels that no output sees at all.",
        "The first pixel lies in a window, so it is seen; but is it in the middle of one?",
        "L4.33",
        after=never_seen,
    ),
    Misconception(
        "only_the_corners",
        "This marks only the four corners, where both the row and the column are lost.",
        "A pixel has no output when its row is lost or its column is lost. One of them is enough.",
        "L4.33",
        after=only_the_corners,
    ),
    Misconception(
        "a_pixel_is_kept",
        "This keeps a pixel in the middle, also where the stack has used the image up.",
        "A window must fit. Where it does not, there is no output, and no pixel has one.",
        "L4.32",
        answer=a_pixel_is_kept,
    ),
    Misconception(
        "nothing_left_forgotten",
        "This marks no pixel at all where the stack has used the image up.",
        "Where there is no output, none is centred on any pixel: all of them are marked with 1.",
        "L4.32",
        after=emptied,
    ),
    Misconception(
        "slice_to_minus_zero",
        "This is what you get with a slice like `rows:-rows`: where `rows` is 0, it is empty.",
        "Count from the front: the slice ends at `height - rows`.",
        "L4.33",
        answer=slice_to_minus_zero,
    ),
)

HINTS = (
    "Draw 5 by 7 pixels and slide a 3 by 3 window over them. Put a dot on the middle of every window.",
    (
        "The second layer slides over the dots of the first. Which of the dots lie in the middle of a "
        "window now? How many rows has each layer taken from the top, and how many from the bottom?"
    ),
    (
        "Begin with an array of ones and write zeros where the centres are. Along each axis, say where they "
        "begin and where they end, and what your slice gives when nothing is left or nothing is lost."
    ),
)

NEVER_CENTRED = Task(
    name="never_centred",
    stem="05_padding",
    signature="never_centred(height, width, kernel_size, layers)",
    parameters=("height", "width", "kernel_size", "layers"),
    groups=(STACKS,),
    reference=never_centred,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=shape_steps,
    explain_entry=where_centres_are,
    hints=HINTS,
    forbids=PACKAGES,
    fair=is_fair,
)
