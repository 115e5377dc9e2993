"""separate(kernel): the column and the row that a kernel of rank 1 is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import Problem
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.values import NotNumbers, as_floats, as_numbers

Array = NDArray[Any]
Pair = tuple[Array, Array]

PLAIN = Group("positive numbers", 1, "all numbers of the kernel are positive")
SIGNED = Group("zeros and negative numbers", 1, "zeros, also in the corner, negative numbers, decimals")
TOLERANCE = 1e-5  # times the largest number of the kernel: single precision meets it
LONGEST = 100  # numbers of a column or row whose products are looked at: no mistake makes more
SMALL = ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3))


@dataclass(frozen=True)
class MakesTheKernel:
    """A column and a row whose products are the kernel; `expected` is the kernel. There are many."""

    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        kernel = as_floats(as_numbers(expected))
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            return Problem("type", "Your function must return two things, (column, row).")
        try:
            column, row = (as_floats(as_numbers(part)) for part in value)
        except NotNumbers as error:
            return Problem("type", f"As column or row your function returned {error}.")
        wanted = (kernel.shape[:1], kernel.shape[1:])
        if (column.shape, row.shape) != wanted:
            return Problem(
                "shape",
                f"Your column has shape {column.shape} and your row {row.shape}; "
                f"here they should have {wanted[0]} and {wanted[1]}.",
            )
        return _value_problem(kernel, column, row)

    def same(self, one: object, other: object) -> bool:
        """Two answers are the same if they have the same products."""
        mine, theirs = _products(one), _products(other)
        if mine is None or theirs is None or mine.shape != theirs.shape:
            return False
        scale = max(1.0, float(np.max(np.abs(mine), initial=0.0, where=np.isfinite(mine))))
        with np.errstate(all="ignore"):
            close = (mine == theirs) | (np.abs(mine - theirs) <= TOLERANCE * scale)
        return bool((close | (~np.isfinite(mine) & ~np.isfinite(theirs))).all())


def _value_problem(kernel: Array, column: Array, row: Array) -> Problem | None:
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        return Problem("not-finite", "Your column or row holds a number that is not finite: was 0 a divisor?")
    with np.errstate(all="ignore"):
        made = np.outer(column, row)
        wrong = ~(np.abs(made - kernel) <= TOLERANCE * np.abs(kernel).max())
    if not wrong.any():
        return None
    i, j = (int(place) for place in np.argwhere(wrong)[0])
    return Problem(
        "value",
        f"At row {i}, column {j} your column times your row is {made[i, j]:.6g}; "
        f"the kernel holds {kernel[i, j]:.6g} there.",
    )


def _products(value: object) -> Array | None:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return None
    try:
        column, row = (as_floats(as_numbers(part)) for part in value)
    except NotNumbers:
        return None
    if column.ndim != 1 or row.ndim != 1 or max(column.size, row.size) > LONGEST:
        return None
    with np.errstate(all="ignore"):
        return np.outer(column, row)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return kernels of rank 1, the smallest first: positive ones, and others with zeros in the corner."""
    larger = int(rng.integers(4, 6)), int(rng.integers(4, 6))
    cases = []
    for shape in (*SMALL, larger):
        column, row = (_different(rng, size, 2) for size in shape)
        cases.append(Case((np.outer(column, row),), PLAIN.name))
    for shape in (*SMALL[3:-1], larger):
        for zero_first, dip in ((True, False), (False, True), (True, True), (False, False)):
            cases.append(Case((_signed(rng, shape, zero_first=zero_first, dip=dip),), SIGNED.name))
    below = -np.outer(_different(rng, 3, 2), [0, *_different(rng, 2, 2)])
    cases.append(Case((below,), SIGNED.name))
    cases.append(Case((np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),), SIGNED.name))
    cases.append(Case((np.array([[0, 0, 0], [0, 0.5, 1.5], [0, -0.25, -0.75]]),), SIGNED.name))
    return cases


def _different(rng: np.random.Generator, count: int, least: int) -> Array:
    """Return whole numbers up to 9, all different, and in no ratio that `//` keeps."""
    return np.asarray(rng.choice(np.arange(least, 10), size=count, replace=False))


def _signed(rng: np.random.Generator, shape: tuple[int, int], *, zero_first: bool, dip: bool) -> Array:
    """Return a kernel with signs that alternate, quarters, a 0 in front, or numbers that sum to 0."""
    column, row = (_different(rng, size, 1) * (-1.0) ** np.arange(size) / 2 for size in shape)
    if zero_first:
        column[0] = 0
    if dip:
        row[-1] = -row[:-1].sum()
    return np.outer(column, row)


def is_fair(*arguments: Any) -> bool:
    """Whether this is a kernel of rank 1, which the notebook promises."""
    if len(arguments) != 1 or not isinstance(arguments[0], np.ndarray):
        return False
    kernel = arguments[0]
    if kernel.ndim != 2 or not kernel.any():
        return False
    return bool(np.allclose(np.outer(*strongest(kernel)), kernel))


def strongest(kernel: Array) -> Pair:
    """Return the column and the row that cross at the largest number, the row divided by it."""
    i, j = np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)
    return kernel[:, j], kernel[i] / kernel[i, j]


def crossing_counted_twice(kernel: Array) -> Pair:
    """Return the column and the row that cross at the largest number, both as they stand."""
    i, j = np.unravel_index(np.argmax(np.abs(kernel)), kernel.shape)
    return kernel[:, j], kernel[i]


def unchanged(kernel: Array) -> Array:
    """Return what the rule compares with: there is no single right pair."""
    return kernel


def from_the_corner(divided: Callable[[Array, Array, Any], tuple[Any, Any]]) -> Callable[[Array], Any]:
    """Return a wrong answer that is made of the first column, the first row and the corner."""

    def answer(kernel: Array) -> Any:
        with np.errstate(all="ignore"):
            return divided(kernel[:, 0], kernel[0], kernel[0, 0])

    return answer


def from_the_sums(divided: Callable[[Array, Array, Any], tuple[Any, Any]]) -> Callable[[Array], Any]:
    """Return a wrong answer that is made of the sums of rows and of columns, and of their total."""

    def answer(kernel: Array) -> Any:
        with np.errstate(all="ignore"):
            return divided(kernel.sum(axis=1), kernel.sum(axis=0), kernel.sum())

    return answer


def from_the_svd(parts: Callable[[Array, Array, Array], tuple[Any, Any]]) -> Callable[[Array], Any]:
    """Return a wrong answer that is made of the singular value decomposition."""
    return lambda kernel: parts(*np.linalg.svd(kernel.astype(float)))


MISCONCEPTIONS = (
    Misconception(
        "corner_counted_twice",
        "These are the first column and row as they are: their products have the corner twice as a factor.",
        "Divide one of the two by the number that column and row have in common.",
        "L2.2",
        from_the_corner(lambda column, row, corner: (column, row)),
    ),
    Misconception(
        "crossing_counted_twice",
        "This column and this row cross at the largest number, which is a factor too many in their products.",
        "Divide one of the two by the number that column and row have in common.",
        "L2.2",
        crossing_counted_twice,
    ),
    Misconception(
        "corner_divided_twice",
        "This is what you get when both, column and row, are divided by the corner.",
        "Divide only one of the two: the corner is in both of them, and must be left in one.",
        "L2.2",
        from_the_corner(lambda column, row, corner: (column / corner, row / corner)),
    ),
    Misconception(
        "corner_may_be_zero",
        "This is right where the corner is not 0; there it divides by 0.",
        "Take a column and a row that cross at a number that is not 0, such as the largest one.",
        "L2.2",
        from_the_corner(lambda column, row, corner: (column, row / corner)),
    ),
    Misconception(
        "divided_in_whole_numbers",
        "This is what you get when `//` divides by the corner: decimals get lost.",
        "Divide with `/`.",
        "L2.2",
        from_the_corner(lambda column, row, corner: (column, row // corner)),
    ),
    Misconception(
        "sums_not_divided",
        "These are the sums of the rows and of the columns: their products are too large by the sum of all.",
        "Divide one of the two by the sum of all numbers, where that is not 0. And where it is 0?",
        "L2.2",
        from_the_sums(lambda column, row, total: (column, row)),
    ),
    Misconception(
        "sum_may_be_zero",
        "This is right where the numbers do not sum to 0, as in a blur; for edges it divides by 0.",
        "Take a column and a row themselves, not sums: two that cross at a number that is not 0.",
        "L2.2",
        from_the_sums(lambda column, row, total: (column, row / total)),
    ),
    Misconception(
        "means_of_rows_and_columns",
        "These are the means of the rows and of the columns, and their products are not the kernel.",
        "All rows are multiples of one row: take one of them, and look for its factors.",
        "L2.2",
        lambda kernel: (kernel.mean(axis=1), kernel.mean(axis=0)),
    ),
    Misconception(
        "signs_lost",
        "This is what you get when the signs are lost: column and row of the absolute values.",
        "Use absolute values only to find a number that is not 0, and then the kernel's own numbers.",
        "L2.2",
        lambda kernel: strongest(np.abs(kernel)),
    ),
    Misconception(
        "singular_value_left_out",
        "This is what you get when column and row both have length 1: their products are too small or large.",
        "Multiply one of the two by the singular value.",
        "L2.2",
        from_the_svd(lambda left, values, right: (left[:, 0], right[0])),
    ),
    Misconception(
        "singular_value_twice",
        "This is what you get when column and row are both multiplied by the singular value.",
        "Multiply only one of the two by it, or each by its square root.",
        "L2.2",
        from_the_svd(lambda left, values, right: (left[:, 0] * values[0], right[0] * values[0])),
    ),
    Misconception(
        "column_of_the_right_matrix",
        "This is what you get when the row is taken from a column of the last matrix of the SVD.",
        "`np.linalg.svd` gives the last matrix transposed: its first row goes with the first singular value.",
        "L2.2",
        from_the_svd(lambda left, values, right: (left[:, 0] * values[0], right[:, 0])),
    ),
    Misconception(
        "row_and_column_swapped",
        "These are the right column and row, but in the wrong order.",
        "Return the column first: it has as many numbers as the kernel has rows.",
        "L4.28",
        lambda kernel: strongest(kernel)[::-1],
    ),
)

HINTS = (
    (
        "Write a column (2, 1, 3) and a row (4, 5) on paper, and the kernel that they make. What does each "
        "row of the kernel have to do with the row (4, 5)?"
    ),
    (
        "Take any column of the kernel and any row of it. Their products are the kernel times one number: "
        "which one? Look at the place where the two cross."
    ),
    (
        "Column j times row i is too large by `kernel[i, j]`, so divide by it. That must not be 0: which i "
        "and j are safe? `np.argmax` and `np.unravel_index` find them."
    ),
)

SEPARATE = Task(
    name="separate",
    stem="12_fast_convolution",
    signature="separate(kernel)",
    parameters=("kernel",),
    groups=(PLAIN, SIGNED),
    reference=unchanged,
    rule=MakesTheKernel(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    hints=HINTS,
    forbids=PACKAGES,
    fair=is_fair,
    next_step="Multiply your column and your row on paper, and compare with the kernel.",
)
