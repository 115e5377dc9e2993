"""The functions that CUDA gives to kernels, as far as the emulator knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.emulator.lanes import Lanes, float_to_half, half_to_float
from coursekit.emulator.types import CONDITION, DOUBLE, FLOAT, HALF_BITS, INT, Type, common


@dataclass(frozen=True)
class Intrinsic:
    """A function: the types that it takes (None: that in which its arguments meet), and what it gives."""

    compute: Callable[..., Lanes]
    arguments: int
    taken: Type | None
    given: Type | None  # None: the same
    operations: int = 0  # of floats, that it counts for

    def taken_for(self, kinds: list[Type]) -> Type:
        """Return the type to which its arguments are converted."""
        if self.taken is not None:
            return self.taken
        meet = kinds[0]
        for kind in kinds[1:]:
            meet = common(meet, kind)
        return INT if meet.kind == "condition" else meet


def _smaller(a: Lanes, b: Lanes) -> Lanes:
    return min(a, b) if isinstance(a, int) and isinstance(b, int) else np.fmin(a, b)


def _larger(a: Lanes, b: Lanes) -> Lanes:
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else np.fmax(a, b)


def _fused(a: Lanes, b: Lanes, c: Lanes) -> Lanes:
    """Multiply and add, rounding twice where a GPU rounds once."""
    return a * b + c


def _quiet(compute: Any) -> Callable[..., Lanes]:
    def run(*numbers: Lanes) -> Lanes:
        with np.errstate(all="ignore"):
            return compute(*numbers)

    return run


INTRINSICS: dict[str, Intrinsic] = {
    "min": Intrinsic(_smaller, 2, None, None),
    "max": Intrinsic(_larger, 2, None, None),
    "abs": Intrinsic(abs, 1, None, None),
    "isnan": Intrinsic(np.isnan, 1, None, CONDITION),
    "isinf": Intrinsic(np.isinf, 1, None, CONDITION),
}
for _name, _compute, _count, _cost in (
    ("fmin", _smaller, 2, 0),
    ("fmax", _larger, 2, 0),
    ("fabs", abs, 1, 0),
    ("fma", _fused, 3, 2),
    ("sqrt", _quiet(np.sqrt), 1, 1),
    ("exp", _quiet(np.exp), 1, 1),
    ("log", _quiet(np.log), 1, 1),
    ("floor", np.floor, 1, 0),
    ("ceil", np.ceil, 1, 0),
):
    INTRINSICS[_name] = Intrinsic(_compute, _count, DOUBLE, DOUBLE, _cost)
    INTRINSICS[_name + "f"] = Intrinsic(_compute, _count, FLOAT, FLOAT, _cost)


def read_number(kind: Type) -> Intrinsic:
    """Return what makes of a number in memory one to add up: of the bits of a half a float."""
    if kind == HALF_BITS:
        return Intrinsic(half_to_float, 1, HALF_BITS, FLOAT)
    return Intrinsic(_same, 1, kind, kind)


def write_number(half: bool, kind: Type) -> Intrinsic:
    """Return what rounds a sum to a number in memory."""
    if half:
        return Intrinsic(float_to_half, 1, FLOAT, HALF_BITS)
    return Intrinsic(_same, 1, kind, kind)


def _same(numbers: Lanes) -> Lanes:
    return numbers
