"""maxout(maps, groups): channels compete in groups, pixel by pixel, and the largest number goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.draw import decimals, whole_numbers
from coursekit.checks.libraries import PACKAGES
from coursekit.checks.rules import SameArray
from coursekit.checks.task import Case, Group, Misconception, Task
from coursekit.checks.tasks.pooling.explanations import largest_of
from coursekit.checks.tasks.written import Axes
from coursekit.shapes import Derivation, Step

Array = NDArray[Any]

MAPS = Group("groups of channels", 1, "one group, several groups, and as many groups as channels")

QUESTIONS = (  # shape of the maps, groups
    ((1, 1, 1), 1),
    ((2, 1, 1), 1),
    ((2, 1, 1), 2),
    ((3, 1, 1), 1),
    ((4, 1, 1), 2),
    ((2, 1, 2), 1),
    ((2, 2, 1), 2),
    ((6, 1, 1), 2),
    ((4, 1, 2), 2),
    ((6, 1, 2), 3),
    ((4, 2, 2), 1),
    ((6, 2, 3), 2),
    ((6, 3, 2), 3),
    ((8, 2, 2), 2),
)


def in_groups(maps: Array, groups: int) -> Array:
    """Return the channels of each group on an axis of their own: (groups, pieces, H, W).

    Raises ValueError if `groups` does not divide the channels.
    """
    return maps.reshape(groups, len(maps) // groups, *maps.shape[1:])


def maxout(maps: Array, groups: int) -> Array:
    """Return the largest of each group of adjacent channels, pixel by pixel."""
    return np.asarray(in_groups(maps, groups).max(axis=1))


def generate(rng: np.random.Generator) -> list[Case]:
    """Return maps from one pixel upwards; the larger ones have sizes that nobody can guess."""
    groups, pieces = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    pieces += pieces == groups
    shape = (groups * pieces, int(rng.integers(2, 4)), int(rng.integers(4, 6)))
    cases = []
    for index, (maps, number) in enumerate((*QUESTIONS, (shape, groups), (shape, pieces))):
        draw = (whole_numbers, decimals, below_zero)[index % 3]
        cases.append(Case((draw(rng, maps), number), MAPS.name))
    return cases


def below_zero(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return negative whole numbers."""
    return -whole_numbers(rng, shape, 9)


def sizes(maps: Array, groups: int) -> Axes:
    """Return, for each axis of the answer, where its size comes from."""
    channels, height, width = maps.shape
    pieces = Step.of("channels in a group", "C/G", f"{channels} / {groups}", channels // groups)
    return (
        ("maps", Derivation([pieces, Step.of("maps left", "G", "groups", groups)])),
        ("rows", Derivation([Step.of("as before", "H", "H", height)])),
        ("columns", Derivation([Step.of("as before", "W", "W", width)])),
    )


def group_combined(maps: Array, groups: int, index: tuple[int, ...]) -> str:
    """Return the maximum at `index`, written out."""
    group, row, column = index
    return largest_of(in_groups(maps, groups)[group, :, row, column])


def strongest_map(maps: Array, groups: int) -> Array:
    """Let the whole map with the largest number in it win, not pixel by pixel."""
    return np.stack([group[group.max(axis=(1, 2)).argmax()] for group in in_groups(maps, groups)])


def overlapping(maps: Array, groups: int) -> Array:
    """Start each group one channel after the one before."""
    pieces = len(maps) // groups
    return np.stack([maps[group : group + pieces].max(axis=0) for group in range(groups)])


def last_channel_missed(maps: Array, groups: int) -> Array:
    """Leave out the last channel of each group.

    Raises ValueError where a group has only one.
    """
    return np.asarray(in_groups(maps, groups)[:, :-1].max(axis=1))


def over_space(maps: Array, groups: int) -> Array:
    """Take the maximum of each map, not of each group."""
    return np.asarray(maps.max(axis=(1, 2)))


MISCONCEPTIONS = (
    Misconception(
        "groups_taken_for_group_size",
        "This is what you get when `groups` is taken for the number of channels in a group.",
        "`groups` is the number of groups, so of maps that are left. How many channels has each?",
        "L2.31",
        before=lambda maps, groups: (maps, len(maps) // groups),
    ),
    Misconception(
        "groups_in_turns",
        "This is what you get when channels are dealt out to the groups in turns.",
        "Adjacent channels form a group: with 6 channels in 2 groups, 0, 1, 2 and 3, 4, 5.",
        "L2.31",
        before=lambda maps, groups: (
            np.concatenate([maps[group::groups] for group in range(groups)]),
            groups,
        ),
    ),
    Misconception(
        "groups_overlap",
        "This is what you get when each group begins one channel after the one before, so that they overlap.",
        "The next group begins where this one ends.",
        "L2.31",
        overlapping,
    ),
    Misconception(
        "all_channels_compete",
        "This is what you get when all channels compete with each other, as in one group.",
        "Only the channels of one group compete: there is one map for each group.",
        "L2.31",
        before=lambda maps, groups: (maps, 1),
    ),
    Misconception(
        "first_channel_of_each_group",
        "This is the first channel of each group, without a competition.",
        "Compare all channels of a group at each pixel.",
        "L2.31",
        lambda maps, groups: in_groups(maps, groups)[:, 0],
    ),
    Misconception(
        "last_channel_missed",
        "This is what you get when the last channel of each group is left out.",
        "Look where your slice or loop over the channels ends: it already stops before its end.",
        "L2.31",
        last_channel_missed,
    ),
    Misconception(
        "strongest_map_wins_everywhere",
        "This is what you get when the map with the largest number in it wins the whole map.",
        "The channels compete at each pixel anew: another channel may win at the next one.",
        "L2.31",
        strongest_map,
    ),
    Misconception(
        "over_space",
        "This is the largest number of each map: global max pooling.",
        "Maxout keeps height and width. It compares numbers of different maps at the same place.",
        "L2.31",
        over_space,
    ),
    Misconception(
        "minimum_instead_of_maximum",
        "This is what you get when the smallest number of each group is taken, not the largest.",
        "Maxout keeps the largest number of each group.",
        "L2.31",
        before=lambda maps, groups: (-maps, groups),
        after=lambda answer, maps, groups: -answer,
    ),
    Misconception(
        "mean_instead_of_maximum",
        "This is what you get when the channels of a group are averaged.",
        "Maxout keeps the largest number of each group.",
        "L2.31",
        lambda maps, groups: in_groups(maps, groups).mean(axis=1),
    ),
    Misconception(
        "sum_instead_of_maximum",
        "This is what you get when the channels of a group are added up.",
        "Maxout keeps the largest number of each group.",
        "L2.31",
        lambda maps, groups: in_groups(maps, groups).sum(axis=1),
    ),
    Misconception(
        "winner_instead_of_number",
        "This is which channel of the group is the largest, not its number.",
        "Return the largest number itself.",
        "L2.31",
        lambda maps, groups: in_groups(maps, groups).argmax(axis=1),
    ),
    Misconception(
        "search_starts_at_zero",
        "This is what you get when the search for the largest number starts at 0: no negative number wins.",
        "Start with a number that every pixel beats, or with the first channel of the group.",
        "L2.31",
        after=lambda answer, maps, groups: np.maximum(answer, 0),
    ),
    Misconception(
        "axis_of_one_kept",
        "An axis of size 1 is left: your shape is (groups, 1, H, W).",
        "Return an array of shape (groups, H, W).",
        "L2.31",
        after=lambda answer, maps, groups: answer[:, None],
    ),
    Misconception(
        "truncated_to_integers",
        "This is what you get when the decimals are cut off.",
        "Make your output array of floats: `np.zeros(shape)`, without `dtype=int`.",
        "L2.31",
        after=lambda answer, maps, groups: np.trunc(answer),
    ),
)

MAXOUT = Task(
    name="maxout",
    stem="07_pooling",
    signature="maxout(maps, groups)",
    parameters=("maps", "groups"),
    groups=(MAPS,),
    reference=maxout,
    rule=SameArray(),
    generate=generate,
    misconceptions=MISCONCEPTIONS,
    explain_shape=sizes,
    explain_entry=group_combined,
    hints=(
        (
            "With 6 channels and 2 groups, which channels belong to the second group? What is its first "
            "channel in general?"
        ),
        (
            "Take one group by itself, as maps of shape (k, H, W), and find the largest number at each "
            "pixel: one of the three axes disappears."
        ),
        (
            "In a loop over the groups, slice the channels of each group and combine them; then stack the "
            "results. Or give the channels two axes in place of one, groups and pieces, and combine along "
            "the right one."
        ),
    ),
    forbids=PACKAGES,
    fair=lambda maps, groups: (
        np.ndim(maps) == 3 and np.size(maps) > 0 and groups >= 1 and np.shape(maps)[0] % groups == 0
    ),
)
