"""Maxout and its gradient."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.reference.maxout import maxout, maxout_gradient
from tests.coursekit.libraries import as_numpy, whole_numbers

CASES = pytest.mark.parametrize(
    ("shape", "groups", "axis"),
    [
        ((6, 4, 5), 3, -3),
        ((6, 4, 5), 2, 0),
        ((2, 6, 3, 2), 1, -3),
        ((2, 6, 3, 2), 6, 1),
        ((4, 8), 4, -1),
        ((8,), 2, 0),
        ((0, 6, 3, 2), 3, -3),
    ],
)


@CASES
def test_maxout_takes_the_largest_of_each_group_of_neighbours(
    xp: Any, shape: tuple[int, ...], groups: int, axis: int
) -> None:
    maps = whole_numbers(shape)
    channels_first = np.moveaxis(maps, axis, 0)
    pieces = len(channels_first) // groups
    largest = [channels_first[g * pieces : (g + 1) * pieces].max(axis=0) for g in range(groups)]
    got = as_numpy(maxout(xp.asarray(maps), groups, axis=axis))
    assert_array_equal(got, np.moveaxis(np.array(largest), 0, axis), strict=True)


@CASES
@pytest.mark.parametrize("ties", ["first", "all"])
def test_the_gradient_goes_to_the_largest_of_each_group(
    xp: Any, shape: tuple[int, ...], groups: int, axis: int, ties: str
) -> None:
    maps = whole_numbers(shape, largest=2)
    sent = whole_numbers(maxout(maps, groups, axis=axis).shape, 1)
    expected = np.zeros(shape, np.int64)
    channels_first, into = np.moveaxis(maps, axis, 0), np.moveaxis(expected, axis, 0)
    from_group, pieces = np.moveaxis(sent, axis, 0), shape[axis] // groups
    for place in np.ndindex(*from_group.shape):
        group, rest = range(place[0] * pieces, (place[0] + 1) * pieces), place[1:]
        largest = max(channels_first[(c, *rest)] for c in group)
        winners = [c for c in group if channels_first[(c, *rest)] == largest]
        for c in winners if ties == "all" else winners[:1]:
            into[(c, *rest)] = from_group[place]
    got = maxout_gradient(xp.asarray(sent), xp.asarray(maps), groups, axis=axis, ties=ties)  # type: ignore[arg-type]
    assert_array_equal(as_numpy(got), expected, strict=True)


def test_groups_counts_the_channels_that_are_left_not_the_pieces() -> None:
    assert maxout([1, 2, 3, 4, 5, 6], 2, axis=-1).tolist() == [3, 6]
    assert maxout([1, 2, 3, 4, 5, 6], 3, axis=-1).tolist() == [2, 4, 6]


def test_nan_wins(xp: Any) -> None:
    maps = xp.asarray(np.array([1.0, np.nan, np.nan, 2.0, 7.0, 3.0]))
    sent = xp.asarray(np.array([5.0, np.inf]))
    assert_array_equal(as_numpy(maxout(maps, 2, axis=0)), [np.nan, 7])
    first = as_numpy(maxout_gradient(sent, maps, 2, axis=0))
    every = as_numpy(maxout_gradient(sent, maps, 2, axis=0, ties="all"))
    assert_array_equal(first, [0, 5, 0, 0, np.inf, 0])
    assert_array_equal(every, [0, 5, 5, 0, np.inf, 0])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float32, np.float64])
def test_the_dtype_stays(xp: Any, dtype: Any) -> None:
    maps = xp.asarray(np.array([1, 2, 3, 4], dtype))
    assert maxout(maps, 2, axis=0).dtype == maps.dtype
    assert maxout_gradient(maps[:2], maps, 2, axis=0).dtype == maps.dtype


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_the_inputs_are_never_modified_nor_returned(groups: int) -> None:
    maps, sent = whole_numbers((4, 2, 3)), whole_numbers((groups, 2, 3), 1)
    before = maps.copy(), sent.copy()
    maps.flags.writeable = sent.flags.writeable = False
    for output in (maxout(maps, groups), maxout_gradient(sent, maps, groups)):
        assert output.flags.writeable
        assert not np.shares_memory(output, maps)
        assert not np.shares_memory(output, sent)
    assert_array_equal(maps, before[0])
    assert_array_equal(sent, before[1])


def test_views_of_any_memory_layout_give_the_same_result() -> None:
    maps = whole_numbers((2, 6, 4, 5))
    spread = np.zeros((4, 12, 4, 15), np.int64)[::2, ::2, :, ::3]
    spread[...] = maps
    for view in (spread, np.asfortranarray(maps)):
        assert_array_equal(maxout(view, 3), maxout(maps, 3))
    repeated = np.broadcast_to(maps[0, 0, 0], (6, 4, 5))
    assert_array_equal(maxout(repeated, 3), np.broadcast_to(maps[0, 0, 0], (3, 4, 5)))


@pytest.mark.parametrize(
    ("maps", "groups", "axis", "error", "message"),
    [
        (np.ones((6, 2, 2)), 4, -3, ParameterError, "groups must divide the channels of maps; got 4 for 6"),
        (np.ones((6, 2, 2)), 0, -3, ParameterError, "groups must be an integer >= 1; got 0"),
        (np.ones((6, 2, 2)), 2, 1.0, ParameterError, "axis must be an integer; got 1.0"),
        (np.ones((6, 2)), 2, -3, ShapeError, "maps must have its channels on axis -3; got shape (6, 2)"),
        (np.ones((6, 2)), 2, 2, ShapeError, "maps must have its channels on axis 2; got shape (6, 2)"),
        (
            np.ones((0, 2, 2)),
            1,
            -3,
            ShapeError,
            "maps must have at least one channel on axis -3; got shape (0, 2, 2)",
        ),
        (np.ones((6, 2, 2), bool), 2, -3, ParameterError, "maps must hold real numbers"),
    ],
)
def test_wrong_maps_groups_and_axes_are_refused(
    maps: Any, groups: Any, axis: Any, error: type[CourseError], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        maxout(maps, groups, axis=axis)
    with pytest.raises(error, match=re.escape(message)):
        maxout_gradient(np.ones(1), maps, groups, axis=axis)


def test_wrong_gradients_are_refused() -> None:
    message = re.escape("gradient must have the shape of the result, (3, 2, 2); got shape (6, 2, 2)")
    with pytest.raises(ShapeError, match=message):
        maxout_gradient(np.ones((6, 2, 2)), np.ones((6, 2, 2)), 3)
    with pytest.raises(ParameterError, match="ties must be 'first' or 'all'; got 'last'"):
        maxout_gradient(np.ones((3, 2, 2)), np.ones((6, 2, 2)), 3, ties="last")  # type: ignore[arg-type]
