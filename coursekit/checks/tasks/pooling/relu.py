"""relu(maps): the detector stage, the larger of each number and 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.pooling.explanations import signed

Array = NDArray[Any]

MAPS = Group("any maps", 1, "maps of any shape, with whole numbers and decimals of both signs")

SHAPES = ((1, 1), (1, 2), (2, 1), (1, 4), (2, 2), (2, 3), (3, 2), (2, 2, 2), (2, 3, 4), (3, 2, 3))


def relu(maps: Array) -> Array:
    """Return the larger of each number and 0."""
    return np.asarray(np.where(maps > 0, maps, 0))


def of_both_signs(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return whole numbers from -9 to 9, none of them 0."""
    return np.asarray(whole_numbers(rng, shape, 9) * rng.choice([-1, 1], size=shape))


def generate(rng: np.random.Generator) -> list[Case]:
    """Return maps from one number upwards."""
    large = tuple(int(size) for size in rng.integers(3, 6, size=3))
    cases = []
    for index, shape in enumerate((*SHAPES, large, large[:2])):
        draw = (of_both_signs, decimals)[index % 2]
        cases.append(Case((draw(rng, shape),), MAPS.name))
    cases.append(Case((of_both_signs(rng, large),), MAPS.name))
    cases.append(Case((decimals(rng, (1, 1)),), MAPS.name))
    return cases


def compared(maps: Array, index: tuple[int, ...]) -> str:
    """Return the maximum at `index`, written out."""
    return f"max({signed(maps[index])}, 0)"


def only_the_first_map(maps: Array) -> Array:
    """Treat `maps[0]` alone."""
    out = maps.copy()
    out[0] = relu(out[0])
    return out


NUMBER_BY_NUMBER = "Treat every number by itself: a negative one becomes 0, any other stays."

MISCONCEPTIONS = (
    Misconception(
        "signs_lost",
        "This is what you get when negative numbers lose their sign.",
        NUMBER_BY_NUMBER,
        "L4.35",
        np.abs,
    ),
    Misconception(
        "negative_part_kept",
        "This is what you get when the negative numbers stay and the positive ones become 0.",
        "Turn the comparison round: the positive numbers stay.",
        "L4.35",
        lambda maps: np.where(maps < 0, maps, 0),
    ),
    Misconception(
        "ones_for_what_is_positive",
        "This is what you get when a positive number becomes 1: a step, not a ReLU.",
        "A positive number stays as it is. `maps > 0` only tells where they are.",
        "L4.35",
        lambda maps: (maps > 0).astype(np.int64),
    ),
    Misconception(
        "maximum_along_an_axis",
        "This is what you get from `np.max(maps, 0)`: that 0 is an axis, not a number.",
        "`np.max` makes one number of many. Look for the function that compares two arrays place by place.",
        "L4.35",
        lambda maps: np.max(maps, 0),
    ),
    Misconception(
        "one_number_for_all",
        "This is what you get when the largest of all numbers is compared with 0.",
        "The answer has as many numbers as `maps`: compare each of them with 0.",
        "L4.35",
        lambda maps: max(0, maps.max()),
    ),
    Misconception(
        "negative_numbers_dropped",
        "This is what you get when the negative numbers are left out, which loses the places of the others.",
        "Keep the shape: in the place of a negative number stands a 0.",
        "L4.35",
        lambda maps: maps[maps > 0],
    ),
    Misconception(
        "leaky",
        "This is what you get when a negative number is multiplied by 0.01: a leaky ReLU.",
        "A negative number becomes 0.",
        "L4.35",
        lambda maps: np.where(maps > 0, maps, 0.01 * maps),
    ),
    Misconception(
        "squashed",
        "This is a sigmoid, 1 / (1 + exp(−x)): another activation function.",
        NUMBER_BY_NUMBER,
        "L4.35",
        lambda maps: 1 / (1 + np.exp(-maps)),
    ),
    Misconception(
        "clipped_at_one",
        "This is what you get when numbers above 1 are cut down to 1.",
        "There is no upper bound: a positive number stays as it is.",
        "L4.35",
        lambda maps: np.clip(maps, 0, 1),
    ),
    Misconception(
        "shifted_to_start_at_zero",
        "This is what you get when the smallest number is subtracted, so that it becomes 0.",
        "Positive numbers stay as they are; nothing is shifted.",
        "L4.35",
        lambda maps: maps - maps.min(),
    ),
    Misconception(
        "only_the_first_map",
        "This is what you get when only the first entry along the first axis is treated.",
        "All maps pass the detector stage, and all of their rows.",
        "L4.25",
        only_the_first_map,
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L4.35",
        after=lambda answer, maps: np.trunc(answer),
    ),
)

RELU = Task(
    name="relu",
    stem="07_pooling",
    signature="relu(maps)",
    parameters=("maps",),
    groups=(MAPS,),
    reference=relu,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_entry=compared,
    hints=(
        "Work on a new array of the same shape: the maps themselves must stay as they are.",
        (
            "Two ways lead there: overwrite the negative numbers of a copy by 0, or ask NumPy to compare "
            "an array with one number, place by place."
        ),
    ),
    forbids=PACKAGES,
)
