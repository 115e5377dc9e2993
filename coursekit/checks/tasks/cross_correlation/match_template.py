"""match_template(image, template): where a template fits best, by zero-mean normalised cross-correlation.

Source: J. P. Lewis, Fast Normalized Cross-Correlation (1995), equation 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.libraries import CONVOLUTIONS
from coursekit.checks.rules import SameNumbers
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.cross_correlation.scenes import (
    DECOYS,
    faint,
    has_clear_best,
    lit_otherwise,
    unchanged,
)
from coursekit.checks.tasks.cross_correlation.scores import (
    cosines,
    covariances,
    normalised_scores,
    products,
    squared_differences,
)

Array = NDArray[Any]
Position = tuple[int, int]

UNCHANGED = Group("cut out of the image", 1, "the template stands in the image unchanged")
LIT_OTHERWISE = Group("other light", 1, "the template stands in the image darker or brighter, beside decoys")


def best(scores: Array, shape: tuple[int, ...] | None = None) -> Position:
    """Return the row and column of the highest score, read in an array of `shape` (default: its own)."""
    row, column = np.unravel_index(int(np.argmax(scores)), shape or scores.shape)
    return int(row), int(column)


def match_template(image: Array, template: Array) -> Position:
    """Return the top-left corner (row, column) of the window with the highest score."""
    return best(normalised_scores(image, template))


def moved(image: Array, template: Array, rows: int, columns: int) -> Position:
    """Return the right position plus so many rows and columns."""
    row, column = match_template(image, template)
    return row + rows, column + columns


def without_last(scores: Array) -> Array:
    """Return the scores without the last row and the last column, where there is more than one."""
    rows, columns = (max(size - 1, 1) for size in scores.shape)
    return scores[:rows, :columns]


def generate(rng: np.random.Generator) -> list[Case]:
    """Return scenes with one best window each, by a clear margin."""
    height, width = int(rng.integers(7, 10)), int(rng.integers(8, 11))
    plain = (
        ((2, 3), (2, 2)),
        ((3, 2), (2, 2)),
        ((3, 3), (2, 2)),
        ((4, 3), (2, 3)),
        ((3, 5), (3, 2)),
        ((5, 6), (2, 3)),
        ((height, width), (3, 3)),
    )
    small = (((3, 4), (2, 2)), ((4, 3), (2, 2)), ((4, 5), (2, 2)), ((5, 4), (2, 2)))
    crowded = (((height, width), (2, 3)), ((width, height), (3, 2)), ((height + 2, width + 3), (3, 4)))
    cases = [Case(unchanged(rng, image, template), UNCHANGED.name) for image, template in plain]
    for (image, template), decoy in zip(small, DECOYS, strict=True):
        cases.append(Case(lit_otherwise(rng, image, template, (decoy,)), LIT_OTHERWISE.name))
    # A flat window where every search begins, and an image in the light that photographs are stored in.
    flat_first = lit_otherwise(rng, (4, 5), (2, 2), ("flat",), decoy_first=True)
    cases.append(Case(flat_first, LIT_OTHERWISE.name))
    cases.append(Case(faint(lit_otherwise(rng, (5, 4), (2, 2), ("mirrored",))), LIT_OTHERWISE.name))
    for image, template in crowded:
        cases.append(Case(lit_otherwise(rng, image, template, DECOYS), LIT_OTHERWISE.name))
    return cases


MISCONCEPTIONS = (
    Misconception(
        "plain_correlation",
        "This is what you get when the plain sum of products decides: then the brightest place wins.",
        "Subtract the means of window and template, and divide by both norms.",
        "L1.12",
        lambda image, template: best(products(image, template)),
    ),
    Misconception(
        "means_not_subtracted",
        "This is what you get when the means are not subtracted: then a flat bright window is a match.",
        "Subtract the window's own mean from the window and the template's mean from the template.",
        "L1.12",
        lambda image, template: best(cosines(image, template)),
    ),
    Misconception(
        "not_divided_by_the_norms",
        "This is what you get when the score is not divided by the norms: then high contrast wins.",
        "Divide by the norm of the centred window and by the norm of the centred template.",
        "L1.12",
        lambda image, template: best(covariances(image, template)),
    ),
    Misconception(
        "squared_differences",
        "This is what you get when the smallest squared difference decides: other light misleads it.",
        "Use the normalised score: it does not change when a window gets brighter or gains contrast.",
        "L3.13",
        lambda image, template: best(-squared_differences(image, template)),
    ),
    Misconception(
        "largest_size_of_score",
        "This is what you get when the score loses its sign: then the negative of the template wins.",
        "Take the highest score, not the highest absolute value.",
        "L3.13",
        lambda image, template: best(np.abs(normalised_scores(image, template))),
    ),
    Misconception(
        "worst_match",
        "This is the window with the lowest score.",
        "Take the highest score: `argmax`, not `argmin`.",
        "L1.12",
        lambda image, template: best(-normalised_scores(image, template)),
    ),
    Misconception(
        "template_flipped",
        "This is what you get when the template is flipped first, as a convolution does.",
        "Compare the window with the template as it is. Flip nothing.",
        "L1.11",
        lambda image, template: best(normalised_scores(image, template[::-1, ::-1])),
    ),
    Misconception(
        "flat_window_is_nan",
        "This is what you get when a flat window scores 0 / 0 = nan: `argmax` takes nan for the largest.",
        "Give a window whose norm is 0 the score 0, before you divide.",
        "L3.13",
        lambda image, template: best(normalised_scores(image, template, flat=np.nan)),
    ),
    Misconception(
        "last_window_missed",
        "This is what you get when the last row and the last column of windows are left out.",
        "Count the windows: a template of K rows has H - K + 1 places in H rows. Did you forget the + 1?",
        "L4.32",
        lambda image, template: best(without_last(normalised_scores(image, template))),
    ),
    Misconception(
        "column_before_row",
        "This is the right place with its column before its row.",
        "Return (row, column): rows come before columns.",
        "L4.28",
        lambda image, template: match_template(image, template)[::-1],
    ),
    Misconception(
        "centre_instead_of_corner",
        "This is the centre of the right window, not its top-left corner.",
        "Return the row and column where the window starts.",
        "L3.13",
        lambda image, template: moved(image, template, template.shape[0] // 2, template.shape[1] // 2),
    ),
    Misconception(
        "far_corner",
        "This is the bottom-right corner of the right window, not its top-left corner.",
        "Return the row and column where the window starts.",
        "L3.13",
        lambda image, template: moved(image, template, template.shape[0] - 1, template.shape[1] - 1),
    ),
    Misconception(
        "counted_from_one",
        "This is the right place counted from 1.",
        "Count rows and columns from 0, as Python does.",
        "L3.13",
        lambda image, template: moved(image, template, 1, 1),
    ),
    Misconception(
        "flat_index",
        "This is the flat index of the right window: `argmax` counts through all rows in one go.",
        "Turn the flat index into a row and a column: `np.unravel_index(index, scores.shape)`.",
        "L3.13",
        lambda image, template: int(np.argmax(normalised_scores(image, template))),
    ),
    Misconception(
        "unravelled_by_the_image",
        "This is what you get when the flat index is turned into a position with the shape of the image.",
        "There are fewer windows than pixels: `np.unravel_index(index, scores.shape)`.",
        "L1.18",
        lambda image, template: best(normalised_scores(image, template), image.shape),
    ),
    Misconception(
        "score_instead_of_position",
        "This is the highest score itself, not where it is.",
        "Return the position of the highest score: (row, column).",
        "L3.13",
        lambda image, template: float(normalised_scores(image, template).max()),
    ),
)

MATCH_TEMPLATE = Task(
    name="match_template",
    stem="03_cross_correlation",
    signature="match_template(image, template)",
    parameters=("image", "template"),
    groups=(UNCHANGED, LIT_OTHERWISE),
    reference=match_template,
    rule=SameNumbers(("row", "column"), picture="windows"),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    forbids=CONVOLUTIONS,
    hints=(
        "Go through all windows as in `correlate2d`, and keep the best score so far together with its place.",
        "The score of a window is the formula above: centre both, then products, then divide by both norms.",
        "What does the division do where all numbers of a window are equal? The score there is 0.",
    ),
    fair=has_clear_best,
)
