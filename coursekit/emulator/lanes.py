"""The numbers of many threads at once. A number is a lane's own, in an array (lanes,), or the same for all.

What is the same for all is a Python int, a NumPy float or a bool: many indices are, and cost little.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from coursekit.emulator.types import Type

Lanes = Any  # an array (lanes,) of int64, float32, float64 or bool; or one number for all lanes


class Mask:
    """Which lanes run a statement. Those that do not compute along, but neither read nor write memory."""

    def __init__(self, bits: Any) -> None:
        self.bits = bits
        self.count = int(np.count_nonzero(bits))

    @cached_property
    def where(self) -> Any:
        """The numbers of the lanes that run."""
        return np.flatnonzero(self.bits)

    @property
    def is_full(self) -> bool:
        """Whether all lanes run."""
        return self.count == len(self.bits)

    def split(self, condition: Any) -> tuple[Mask, Mask]:
        """Return the lanes for which a condition of every lane holds, and those for which it does not."""
        return Mask(self.bits & condition), Mask(self.bits & ~condition)

    def __or__(self, other: Mask) -> Mask:
        if not other.count:
            return self
        return Mask(self.bits | other.bits) if self.count else other

    def without(self, other: Mask) -> Mask:
        """Return these lanes but for the others."""
        return Mask(self.bits & ~other.bits) if other.count else self


def no_lanes(count: int) -> Mask:
    """Return the mask of `count` lanes in which none runs."""
    return Mask(np.zeros(count, dtype=bool))


def of_active(numbers: Lanes, mask: Mask) -> Any:
    """Return the numbers of the lanes that run, as an array with one entry for each."""
    if not is_own(numbers):
        return np.full(mask.count, numbers)
    return numbers if mask.is_full else numbers[mask.where]


def is_own(numbers: Lanes) -> bool:
    """Return whether every lane has a number of its own."""
    return isinstance(numbers, np.ndarray) and numbers.ndim > 0


def spread(active: Any, mask: Mask) -> Any:
    """Return an array of all lanes from the numbers of those that run; the others get 0."""
    if mask.is_full:
        return active
    numbers = np.zeros(len(mask.bits), dtype=active.dtype)
    numbers[mask.where] = active
    return numbers


def truth(numbers: Lanes) -> Lanes:
    """Return whether numbers are not 0, as bools."""
    if isinstance(numbers, np.ndarray):
        return numbers if numbers.dtype == bool else numbers != 0
    return bool(numbers != 0)


def converted(numbers: Lanes, old: Type, new: Type) -> Lanes:
    """Return numbers in another type: rounded to float, cut to a whole number, wrapped where unsigned."""
    if old == new or not new.is_number:
        return numbers
    own = is_own(numbers)
    if new.kind == "float":
        return numbers.astype(new.dtype) if own else new.dtype(numbers)
    if new.kind == "condition":
        return truth(numbers)
    if old.kind == "float":
        return _cut(numbers, new)
    if old.kind == "condition":
        numbers = numbers.astype(np.int64) if own else int(numbers)
    return wrapped(numbers, new)


def _cut(numbers: Lanes, new: Type) -> Lanes:
    """Return floats as whole numbers, as a GPU does: cut towards zero, at most the largest, NaN as 0."""
    least, most = new.range
    if new.bits == 64:  # of the floats of 64 bits, the next below
        least, most = max(least, -(2**63)), 2**63 - 1024
    whole = np.clip(np.nan_to_num(np.trunc(np.asarray(numbers, dtype=np.float64)), nan=0.0), least, most)
    return whole.astype(np.int64) if is_own(numbers) else int(whole)


def wrapped(numbers: Lanes, kind: Type) -> Lanes:
    """Return whole numbers as `kind` keeps them: unsigned ones modulo 2 to the number of bits."""
    if kind.signed or kind.bits == 64:
        return numbers
    return numbers & (2**kind.bits - 1)


def cast(numbers: Lanes, old: Type, new: Type) -> Lanes:
    """Return numbers in a type that the text asks for, as in `(int)a`: signed ones wrap as well."""
    numbers = converted(numbers, old, new)
    if new.kind != "int" or not new.signed or new.bits == 64 or old == new:
        return numbers
    half = 2 ** (new.bits - 1)
    return (numbers + half) % (2 * half) - half


def half_to_float(bits: Lanes) -> Lanes:
    """Return what the 16 bits of a half stand for, as float32."""
    if is_own(bits):
        return bits.astype(np.uint16).view(np.float16).astype(np.float32)
    return np.float32(np.uint16(bits).view(np.float16))


def float_to_half(numbers: Lanes) -> Lanes:
    """Return the 16 bits of the half that is nearest."""
    with np.errstate(over="ignore"):
        if is_own(numbers):
            return numbers.astype(np.float16).view(np.uint16).astype(np.int64)
        return int(np.float16(numbers).view(np.uint16))
