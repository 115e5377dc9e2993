"""The types of C that kernels are written in, and how they mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Type:
    """A type of C. `dtype` is that of its numbers in memory; what is computed with integers is int64.

    kind : 'condition' (what a comparison gives), 'int', 'float', 'pointer', 'array' or 'void'
    element : of a pointer or an array; dims : of an array
    """

    kind: str
    name: str
    dtype: Any = None
    bits: int = 0
    signed: bool = True
    element: Type | None = None
    dims: tuple[int, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it can be computed with."""
        return self.kind in ("condition", "int", "float")

    @property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest integer of this type."""
        if self.signed:
            return -(2 ** (self.bits - 1)), 2 ** (self.bits - 1) - 1
        return 0, 2**self.bits - 1


VOID = Type("void", "void")
CONDITION = Type("condition", "int", np.int32, 32)
INT = Type("int", "int", np.int32, 32)
UNSIGNED = Type("int", "unsigned int", np.uint32, 32, signed=False)
LONG = Type("int", "long long", np.int64, 64)
UNSIGNED_LONG = Type("int", "unsigned long long", np.uint64, 64, signed=False)
FLOAT = Type("float", "float", np.float32, 32)
DOUBLE = Type("float", "double", np.float64, 64)
HALF_BITS = Type("int", "unsigned short", np.uint16, 16, signed=False)

BY_WORDS = {
    "void": VOID,
    "int": INT,
    "signed": INT,
    "int signed": INT,
    "int unsigned": UNSIGNED,
    "unsigned": UNSIGNED,
    "long long": LONG,
    "int long long": LONG,
    "long long signed": LONG,
    "long long unsigned": UNSIGNED_LONG,
    "int long long unsigned": UNSIGNED_LONG,
    "size_t": UNSIGNED_LONG,
    "float": FLOAT,
    "double": DOUBLE,
    "short unsigned": HALF_BITS,
    "int short unsigned": HALF_BITS,
    "short": Type("int", "short", np.int16, 16),
    "int short": Type("int", "short", np.int16, 16),
    "char": Type("int", "char", np.int8, 8),
    "char signed": Type("int", "char", np.int8, 8),
    "char unsigned": Type("int", "unsigned char", np.uint8, 8, signed=False),
}


def pointer_to(element: Type) -> Type:
    """Return the type of a pointer."""
    return Type("pointer", f"{element.name} *", element=element)


def array_of(element: Type, dims: Sequence[int]) -> Type:
    """Return the type of an array."""
    sizes = "".join(f"[{size}]" for size in dims)
    return Type("array", f"{element.name}{sizes}", element=element, dims=tuple(dims))


def common(left: Type, right: Type) -> Type:
    """Return the type in which C computes with numbers of two types ("usual arithmetic conversions")."""
    if DOUBLE in (left, right):
        return DOUBLE
    if "float" in (left.kind, right.kind):
        return FLOAT
    return max(promoted(left), promoted(right), key=lambda one: (one.bits, not one.signed))


def promoted(one: Type) -> Type:
    """Return the type in which C computes with one number: int for what is smaller."""
    return one if one.kind == "float" or (one.kind == "int" and one.bits >= 32) else INT
