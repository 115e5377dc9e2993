"""global_pool(maps, mode): one number for each map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.pooling.explanations import largest_of, mean_of
from coursekit.checks.tasks.written import Axes
from coursekit.shapes import Derivation, Step

Array = NDArray[Any]

MAPS = Group("max and average", 1, "global max pooling and global average pooling of one map or several")

SHAPES = ((1, 1, 1), (2, 1, 2), (2, 2, 1), (1, 2, 3), (3, 2, 2), (2, 4, 3), (4, 2, 3))


def over(axes: int | tuple[int, ...] | None) -> Callable[[Array, str], Any]:
    """Return the function that takes the maximum or the mean over these axes of (C, H, W)."""

    def combined(maps: Array, mode: str) -> Any:
        return maps.max(axis=axes) if mode == "max" else maps.mean(axis=axes)

    return combined


global_pool = over((1, 2))


def below_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return negative whole numbers."""
    return -whole_numbers(rng, shape, 9)


def generate(rng: np.random.Generator) -> list[Case]:
    """Return maps from one pixel upwards, each asked for one mode or for both."""
    large = (int(rng.integers(3, 6)), int(rng.integers(2, 5)), int(rng.integers(5, 8)))
    shapes = (*SHAPES, large)
    cases = []
    for index, shape in enumerate(shapes):
        for mode, draw in (("max", (decimals, below_zero)[index % 2]), ("average", whole_numbers)):
            cases.append(Case((draw(rng, shape), mode), MAPS.name))
    cases.append(Case((decimals(rng, (2, 3, 2)), "average"), MAPS.name))
    cases.append(Case((whole_numbers(rng, (3, 1, 2)), "max"), MAPS.name))
    return cases


def one_for_each_map(maps: Array, mode: str) -> Axes:
    """Return that the answer has as many numbers as there are maps."""
    text = f"C of {maps.shape}"
    return (("numbers", Derivation([Step.of("maps", "C", text, maps.shape[0])])),)


def map_combined(maps: Array, mode: str, index: tuple[int, ...]) -> str:
    """Return the maximum or the mean of one map, written out."""
    return largest_of(maps[index]) if mode == "max" else mean_of(maps[index])


def in_average(change: Callable[[Array, Array], Array]) -> Callable[[Array, Array, str], Array]:
    """Return a mistake that changes averages only; `change` takes them and the maps."""

    def after(answer: Array, maps: Array, mode: str) -> Array:
        return change(answer, maps) if mode == "average" else answer

    return after


def positions(maps: Array, mode: str) -> Array:
    """Return the place of the maximum, not its value; averages are right."""
    if mode != "max":
        return np.asarray(global_pool(maps, mode))
    return np.asarray(maps.reshape(len(maps), -1).argmax(axis=1))


MISCONCEPTIONS = (
    Misconception(
        "one_number_for_all_maps",
        "This is one number for all maps together.",
        "Each map gives its own number: combine rows and columns, and keep the maps apart.",
        "L3.39",
        over(None),
    ),
    Misconception(
        "over_the_channels",
        "This is what you get when the maps are combined with each other, place by place.",
        "The first axis counts the maps: keep it, and combine the other two.",
        "L3.39",
        over(0),
    ),
    Misconception(
        "over_the_columns_only",
        "This is one number for each row of each map.",
        "Combine the rows as well: a whole map becomes one number.",
        "L3.39",
        over(2),
    ),
    Misconception(
        "over_the_rows_only",
        "This is one number for each column of each map.",
        "Combine the columns as well: a whole map becomes one number.",
        "L3.39",
        over(1),
    ),
    Misconception(
        "channels_last",
        "This is what you get when the last axis is taken for the maps: (H, W, C).",
        "Here the maps come first: `maps.shape` is (C, H, W).",
        "L2.23",
        over((0, 1)),
    ),
    Misconception(
        "maps_of_one_pixel",
        "Each number still stands in a map of one pixel: your shape is (C, 1, 1).",
        "Return a vector of shape (C,): a dense layer comes next.",
        "L3.39",
        after=lambda answer, maps, mode: answer[:, None, None],
    ),
    Misconception(
        "always_max",
        "This is what you get when the maximum is taken whatever `mode` says.",
        "Look at `mode`: for 'average' the answer is the mean of each map.",
        "L2.30",
        before=lambda maps, mode: (maps, "max"),
    ),
    Misconception(
        "always_average",
        "This is what you get when the mean is taken whatever `mode` says.",
        "Look at `mode`: for 'max' the answer is the largest number of each map.",
        "L2.30",
        before=lambda maps, mode: (maps, "average"),
    ),
    Misconception(
        "sum_instead_of_mean",
        "This is what you get when the numbers of a map are added up for 'average', but not divided.",
        "Divide each sum by the number of pixels in a map.",
        "L2.30",
        after=in_average(lambda answer, maps: answer * maps[0].size),
    ),
    Misconception(
        "divided_by_the_rows",
        "This is what you get when the sum of a map is divided by its number of rows only.",
        "Divide each sum by the number of pixels in a map: H times W.",
        "L2.30",
        after=in_average(lambda answer, maps: answer * maps.shape[2]),
    ),
    Misconception(
        "divided_by_the_maps",
        "This is what you get when the sum of a map is divided by the number of maps.",
        "Divide each sum by the number of pixels in a map: H times W.",
        "L2.30",
        after=in_average(lambda answer, maps: answer * maps[0].size / maps.shape[0]),
    ),
    Misconception(
        "minimum_instead_of_maximum",
        "This is what you get when the smallest number of each map is taken, not the largest.",
        "Global max pooling keeps the largest number of each map.",
        "L2.30",
        before=lambda maps, mode: (-maps if mode == "max" else maps, mode),
        after=lambda answer, maps, mode: -answer if mode == "max" else answer,
    ),
    Misconception(
        "search_starts_at_zero",
        "This is what you get when the search for the largest number starts at 0: no negative number wins.",
        "Start with a number that every pixel beats, or with the first pixel of the map.",
        "L2.30",
        after=lambda answer, maps, mode: np.maximum(answer, 0) if mode == "max" else answer,
    ),
    Misconception(
        "position_instead_of_maximum",
        "This is where the largest number of each map stands, not the number.",
        "Return the largest number itself.",
        "L3.40",
        positions,
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L2.30",
        after=lambda answer, maps, mode: np.trunc(answer),
    ),
)

GLOBAL_POOL = Task(
    name="global_pool",
    stem="07_pooling",
    signature="global_pool(maps, mode)",
    parameters=("maps", "mode"),
    groups=(MAPS,),
    reference=global_pool,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=one_for_each_map,
    explain_entry=map_combined,
    hints=(
        "How many numbers come out of maps of shape (3, 4, 5)? Write the shape down before you write code.",
        "One map by itself is easy: the largest of all its numbers, or their mean. Do that for each map.",
        "NumPy's reductions take several axes at once, as a tuple. Which two of the three axes disappear?",
    ),
    forbids=PACKAGES,
    fair=lambda maps, mode: np.ndim(maps) == 3 and np.size(maps) > 0,
)
