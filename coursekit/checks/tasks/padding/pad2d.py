"""pad2d(image, top, bottom, left, right, value): an image with a border of its own width on each side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.padding.borders import outside, surrounded
from coursekit.shapes import Derivation
from coursekit.shapes.derivation import Step

Array = NDArray[Any]

ANY = Group("any border", 1, "zeros or another value, around whole numbers, decimals and negative numbers")

# The shape of the image, and (top, bottom, left, right). A side without a border is a case of its own.
SMALL = (
    ((1, 1), (0, 0, 0, 0)),
    ((1, 1), (1, 0, 0, 0)),
    ((1, 1), (0, 0, 0, 1)),
    ((1, 2), (0, 1, 0, 0)),
    ((2, 1), (0, 0, 1, 0)),
    ((2, 2), (1, 1, 1, 1)),
    ((2, 3), (1, 2, 0, 1)),
    ((3, 2), (2, 0, 1, 3)),
)


def pad2d(image: Array, top: int, bottom: int, left: int, right: int, value: float) -> Array:
    """Return `image` (H, W) inside `value`: an array of shape (top + H + bottom, left + W + right)."""
    return surrounded(image, (top, bottom), (left, right), value)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return cases from one pixel upwards; in the larger ones no two sides have borders of one width."""
    larger = [
        ((int(rng.integers(3, 6)), int(rng.integers(2, 5))), _four_widths(rng)),
        ((int(rng.integers(2, 4)), int(rng.integers(4, 7))), _four_widths(rng)),
    ]
    cases = [Case((whole_numbers(rng, shape), *border, 0), ANY.name) for shape, border in (*SMALL, *larger)]
    for shape, border in (SMALL[1], SMALL[5], SMALL[6], *larger):
        value = float(decimals(rng, ()))
        cases.append(Case((whole_numbers(rng, shape), *border, value), ANY.name))
        cases.append(Case((decimals(rng, shape), *border, int(rng.integers(2, 9))), ANY.name))
    cases.append(Case((decimals(rng, (2, 2)), 0, 1, 2, 0, 0), ANY.name))
    cases.append(Case((decimals(rng, (3, 2)), *_four_widths(rng), -int(rng.integers(1, 9))), ANY.name))
    return cases


def _four_widths(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(width) for width in rng.permutation(np.arange(1, 6))[:4])


def is_fair(image: Array, top: int, bottom: int, left: int, right: int, value: float) -> bool:
    """Return whether the notebook's contract allows this question."""
    return image.ndim == 2 and image.size > 0 and min(top, bottom, left, right) >= 0


def shape_steps(
    image: Array, top: int, bottom: int, left: int, right: int, value: float
) -> tuple[tuple[str, Derivation], ...]:
    """Return, for rows and columns, the sum that leads to their number."""
    height, width = image.shape
    return (
        ("rows", _sum_of("top + height + bottom", (top, height, bottom))),
        ("columns", _sum_of("left + width + right", (left, width, right))),
    )


def _sum_of(name: str, parts: tuple[int, ...]) -> Derivation:
    text = " + ".join(map(str, parts))
    return Derivation([Step.of(name, "", text, sum(parts))])


def where_from(
    image: Array, top: int, bottom: int, left: int, right: int, value: float, index: tuple[int, ...]
) -> str:
    """Return where the number at `index` comes from: the border, or a pixel of the image."""
    row, column = index[0] - top, index[1] - left
    if 0 <= row < image.shape[0] and 0 <= column < image.shape[1]:
        return f"image[{row}, {column}]"
    return "value"


def slice_to_minus_zero(image: Array, top: int, bottom: int, left: int, right: int, value: float) -> Array:
    """Write the image to output[top:-bottom, left:-right], which is empty where `bottom` or `right` is 0.

    Raises ValueError there, unless the image has one row or one column, which is lost in silence.
    """
    output = np.full(pad2d(image, top, bottom, left, right, value).shape, float(value))
    output[top:-bottom, left:-right] = image
    return output


def offsets_swapped(image: Array, top: int, bottom: int, left: int, right: int, value: float) -> Array:
    """Write the image from row `left` and column `top` on, into an array of the right shape.

    Raises ValueError where it does not fit there, unless one row or column is lost in silence.
    """
    height, width = image.shape
    output = np.full(pad2d(image, top, bottom, left, right, value).shape, float(value))
    output[left : left + height, top : top + width] = image
    return output


def edge_repeated(right_answer: Array, image: Array, *border: Any) -> Array:
    """Continue each row and column with its last pixel."""
    top, bottom, left, right, _ = border
    return np.pad(image, ((top, bottom), (left, right)), mode="edge")


def wrapped_around(right_answer: Array, image: Array, *border: Any) -> Array:
    """Continue at the other end of the image."""
    top, bottom, left, right, _ = border
    return np.pad(image, ((top, bottom), (left, right)), mode="wrap")


def padded_inwards(image: Array, top: int, bottom: int, left: int, right: int, value: float) -> Array:
    """Overwrite the outer pixels of the image, whose size stays."""
    output = image.astype(np.result_type(image.dtype, type(value)))
    height, width = image.shape
    output[:top] = output[max(height - bottom, 0) :] = value
    output[:, :left] = output[:, max(width - right, 0) :] = value
    return output


def added_to_value(right_answer: Array, image: Array, *border: Any) -> Array:
    """Fill everything with `value` first, and add the image on top of it."""
    top, bottom, left, right, value = border
    return np.where(outside(image, (top, bottom), (left, right)), right_answer, right_answer + value)


def corners_left_zero(right_answer: Array, image: Array, *border: Any) -> Array:
    """Put `value` above, below and beside the image, and nothing into the four corners."""
    top, left = border[0], border[2]
    rows = np.ones(right_answer.shape[0], dtype=bool)
    columns = np.ones(right_answer.shape[1], dtype=bool)
    rows[top : top + image.shape[0]] = False
    columns[left : left + image.shape[1]] = False
    return np.where(np.outer(rows, columns), 0, right_answer)


def value_dtype_kept(right_answer: Array, image: Array, *border: Any) -> Array:
    """Write into an array that `np.full` made of integers, because `value` is one."""
    return np.trunc(right_answer) if isinstance(border[-1], int) else right_answer


def image_dtype_kept(right_answer: Array, image: Array, *border: Any) -> Array:
    """Write into an array of the image's own dtype."""
    return right_answer.astype(image.dtype)


MISCONCEPTIONS = (
    Misconception(
        "nothing_padded",
        "This is the image as it came, without a border.",
        "Make a larger array, and put the image into it.",
        "L4.33",
        before=lambda image, *border: (image, 0, 0, 0, 0, border[-1]),
    ),
    Misconception(
        "only_in_front",
        "This is what you get when only the top and the left side get a border.",
        "Give all four sides their border: `bottom` rows below, `right` columns on the right.",
        "L3.23",
        before=lambda image, top, bottom, left, right, value: (image, top, 0, left, 0, value),
    ),
    Misconception(
        "only_behind",
        "This is what you get when only the bottom and the right side get a border.",
        "Give all four sides their border: `top` rows above, `left` columns on the left.",
        "L3.23",
        before=lambda image, top, bottom, left, right, value: (image, 0, bottom, 0, right, value),
    ),
    Misconception(
        "first_side_on_both_ends",
        "This is what you get when the bottom is as wide as the top, and the right side as wide as the left.",
        "The four widths are independent: use each of the four parameters once.",
        "L3.23",
        before=lambda image, top, bottom, left, right, value: (image, top, top, left, left, value),
    ),
    Misconception(
        "ends_swapped",
        "This is what you get when top and bottom are swapped, and left and right too.",
        "The image begins in row `top` and in column `left`.",
        "L4.33",
        before=lambda image, top, bottom, left, right, value: (image, bottom, top, right, left, value),
    ),
    Misconception(
        "top_and_bottom_swapped",
        "This is what you get when top and bottom are swapped.",
        "The image begins in row `top`: that many rows lie above it.",
        "L4.33",
        before=lambda image, top, bottom, left, right, value: (image, bottom, top, left, right, value),
    ),
    Misconception(
        "left_and_right_swapped",
        "This is what you get when left and right are swapped.",
        "The image begins in column `left`: that many columns lie before it.",
        "L4.33",
        before=lambda image, top, bottom, left, right, value: (image, top, bottom, right, left, value),
    ),
    Misconception(
        "rows_and_columns_swapped",
        "This is what you get when the rows take the widths of the columns, and the columns those of the "
        "rows.",
        "`top` and `bottom` count rows, the first axis; `left` and `right` count columns, the second.",
        "L4.33",
        before=lambda image, top, bottom, left, right, value: (image, left, right, top, bottom, value),
    ),
    Misconception(
        "offsets_swapped",
        "This has the right size, but the image begins in row `left` and column `top`.",
        "Rows come first: the image begins in row `top` and column `left`.",
        "L4.33",
        answer=offsets_swapped,
    ),
    Misconception(
        "image_in_the_corner",
        "This has the right size, but the image stands in the top left corner, and all of the border behind "
        "it.",
        "The first pixel of the image belongs in row `top`, column `left`.",
        "L4.33",
        before=lambda image, top, bottom, left, right, value: (
            image,
            0,
            top + bottom,
            0,
            left + right,
            value,
        ),
    ),
    Misconception(
        "padded_twice",
        "This is what you get when every side gets its border twice.",
        "Add each border once: the output has top + H + bottom rows.",
        "L3.23",
        before=lambda image, *border: (image, *(2 * width for width in border[:-1]), border[-1]),
    ),
    Misconception(
        "padded_inwards",
        "This is what you get when the border overwrites the outer pixels of the image.",
        "Put the border around the image: no pixel of the image may get lost, so the output is larger.",
        "L4.33",
        answer=padded_inwards,
    ),
    Misconception(
        "slice_to_minus_zero",
        "This is what you get with a slice like `top:-bottom`: where `bottom` is 0, it is empty.",
        "Count from the front: the image fills the rows from `top` to `top + H`.",
        "L4.33",
        answer=slice_to_minus_zero,
    ),
    Misconception(
        "value_ignored",
        "This is what you get when the border is always zero.",
        "Fill the border with `value`: `np.full` makes an array of one number, as `np.zeros` does of zeros.",
        "L2.5",
        before=lambda image, top, bottom, left, right, value: (image, top, bottom, left, right, 0),
    ),
    Misconception(
        "added_to_value",
        "This is what you get when `value` is added to the pixels of the image too.",
        "Write the image over the `value` that stands there; do not add it.",
        "L4.33",
        after=added_to_value,
    ),
    Misconception(
        "corners_left_zero",
        "The sides are right, but the four corners of the border hold zeros.",
        "The corners belong to the border too: fill everything with `value` first, then write the image.",
        "L4.33",
        after=corners_left_zero,
    ),
    Misconception(
        "edge_repeated",
        "This is what you get when the last pixels of the image are repeated outwards.",
        "Fill the border with `value`, whatever the image shows.",
        "L4.33",
        after=edge_repeated,
    ),
    Misconception(
        "wrapped_around",
        "This is what you get when the image goes on at its other end: a periodic border.",
        "Fill the border with `value`, whatever the image shows.",
        "L3.19",
        after=wrapped_around,
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals of image and border are cut off.",
        "Make your output array of floats: `dtype=float`.",
        "L4.33",
        after=lambda right_answer, *arguments: np.trunc(right_answer),
    ),
    Misconception(
        "value_dtype_kept",
        "This is what you get when `value` is a whole number and the decimals of the image are cut off.",
        "`np.full(shape, 0)` is an array of integers, because 0 is one. Ask for floats: `dtype=float`.",
        "L4.33",
        after=value_dtype_kept,
    ),
    Misconception(
        "image_dtype_kept",
        "This is what you get when the image holds whole numbers and the decimals of `value` are cut off.",
        "An array of the image's dtype, as `full_like` makes it, may hold integers only. Ask for "
        "`dtype=float`.",
        "L4.33",
        after=image_dtype_kept,
    ),
)

HINTS = (
    (
        "Draw a 2 by 3 image and give it 1 row above, 2 rows below and 1 column on the right. Which shape "
        "comes out?"
    ),
    (
        "Do it in two steps: first make an array of the final shape that is border everywhere, then put the "
        "image where it belongs."
    ),
    (
        "The image keeps its height and its width. Say in which row and in which column of the output it "
        "begins, and in which it ends; borders of width 0 must work too."
    ),
)

PAD2D = Task(
    name="pad2d",
    stem="05_padding",
    signature="pad2d(image, top, bottom, left, right, value)",
    parameters=("image", "top", "bottom", "left", "right", "value"),
    groups=(ANY,),
    reference=pad2d,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=shape_steps,
    explain_entry=where_from,
    hints=HINTS,
    forbids=("numpy.pad", *PACKAGES),
    fair=is_fair,
)
