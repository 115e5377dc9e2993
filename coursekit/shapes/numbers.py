"""Whole numbers that come from outside: one, one per axis, or a pair (before, after) per axis."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeGuard

from coursekit.errors import ParameterError

Padding: TypeAlias = "int | Sequence[int | Sequence[int]]"  # for all axes, one per axis, or a pair per axis
Pairs: TypeAlias = tuple[tuple[int, int], ...]  # (before, after) for each axis


def positive_int(name: str, value: object) -> int:
    """Return `value` as an int >= 1, or raise ParameterError naming `name`. A bool is refused."""
    return _whole_number(name, value, least=1)


def non_negative_int(name: str, value: object) -> int:
    """Return `value` as an int >= 0, or raise ParameterError naming `name`. A bool is refused."""
    return _whole_number(name, value, least=0)


def _whole_number(name: str, value: object, *, least: int) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # it raises TypeError, which is the question
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or number < least:
        raise ParameterError(f"{name} must be an integer >= {least}; got {value!r}")
    return number


def per_axis(name: str, value: object, axes: int, *, least: int) -> tuple[int, ...]:
    """Return one int >= `least` for each of `axes` axes.

    Parameters
    ----------
    name : what the value is called in an error
    value : an int, which holds for every axis, or a sequence with one int per axis
    axes : number of axes
    least : the smallest value allowed

    Raises
    ------
    ParameterError
    """
    if not is_sequence(value):
        return (_whole_number(name, value, least=least),) * axes
    values = tuple(value)
    if len(values) != axes:
        raise ParameterError(f"{name} must be an integer or one integer per axis ({axes}); got {value!r}")
    return tuple(_whole_number(f"{name}[{axis}]", item, least=least) for axis, item in enumerate(values))


def is_sequence(value: object) -> TypeGuard[Iterable[object]]:
    """Return whether `value` holds one entry per axis: no text, no array without axes."""
    return (
        isinstance(value, Iterable)
        and not isinstance(value, (str, bytes))
        and getattr(value, "shape", None) != ()
    )


def padding_pairs(padding: Padding, axes: int) -> Pairs:
    """Return (before, after) for each of `axes` axes.

    `padding` is an int for both ends of every axis, one int per axis for both of its ends, or one pair
    (before, after) per axis; ints and pairs may be mixed.

    Raises
    ------
    ParameterError
    """
    if not is_sequence(padding):
        both = non_negative_int("padding", padding)
        return ((both, both),) * axes
    ends = tuple(padding)
    if len(ends) != axes:
        raise ParameterError(
            f"padding must be an integer, or one integer or pair (before, after) per axis ({axes}); "
            f"got {padding!r}"
        )
    return tuple(both_ends(f"padding[{axis}]", end) for axis, end in enumerate(ends))


def both_ends(name: str, value: object) -> tuple[int, int]:
    """Return (before, after) of one axis: from an int for both ends, or from a pair of ints >= 0.

    Raises
    ------
    ParameterError
    """
    if not is_sequence(value):
        both = non_negative_int(name, value)
        return both, both
    ends = tuple(value)
    if len(ends) != 2:
        raise ParameterError(f"{name} must be an integer or a pair (before, after); got {value!r}")
    return non_negative_int(f"{name}[0]", ends[0]), non_negative_int(f"{name}[1]", ends[1])
