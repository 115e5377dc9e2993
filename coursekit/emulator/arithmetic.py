"""What operators do to the numbers of all lanes, as C defines it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from coursekit.emulator.lanes import Lanes, Mask, converted, is_own, of_active, truth, wrapped
from coursekit.emulator.machine import Machine
from coursekit.emulator.types import CONDITION, Type, common, promoted

COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
WHOLE_ONLY = {"%", "<<", ">>", "&", "|", "^"}
PLAIN = {"+": operator.add, "-": operator.sub, "*": operator.mul}
BITS = {
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
Operation = Callable[[Machine, Mask, Lanes, Lanes], Lanes]


def result_type(sign: str, left: Type, right: Type) -> Type:
    """Return the type of `left sign right`."""
    if sign in COMPARISONS:
        return CONDITION
    return promoted(left) if sign in ("<<", ">>") else common(left, right)


def binary(sign: str, left: Type, right: Type, line: int) -> Operation:
    """Return what computes `left sign right` from numbers of these types."""
    meet = common(left, right)
    compute = _of_floats(sign, line) if meet.kind == "float" else _of_whole(sign, meet, line)
    if left == right == meet:
        return compute
    return lambda machine, mask, a, b: compute(
        machine, mask, converted(a, left, meet), converted(b, right, meet)
    )


def _of_floats(sign: str, line: int) -> Operation:
    if sign in COMPARISONS:
        compare = COMPARISONS[sign]
        return lambda machine, mask, a, b: compare(a, b)
    plain = PLAIN.get(sign, np.divide)

    def compute(machine: Machine, mask: Mask, a: Lanes, b: Lanes) -> Lanes:
        machine.counts.operations += mask.count
        return plain(a, b)

    return compute


def _of_whole(sign: str, meet: Type, line: int) -> Operation:
    if sign in COMPARISONS:
        compare = COMPARISONS[sign]
        return lambda machine, mask, a, b: compare(a, b)
    if sign in ("/", "%"):
        return _division(sign, line)
    plain = PLAIN.get(sign) or BITS[sign]
    if meet.signed:
        return lambda machine, mask, a, b: plain(a, b)
    return lambda machine, mask, a, b: wrapped(plain(a, b), meet)


def _division(sign: str, line: int) -> Operation:
    """C's division cuts towards zero, and the remainder has the sign of what is divided."""

    def compute(machine: Machine, mask: Mask, a: Lanes, b: Lanes) -> Lanes:
        if is_own(b):
            zero = of_active(b, mask) == 0
            if zero.any():
                machine.fail("division", f"{sign} by 0", line, mask.where[np.flatnonzero(zero)[0]])
            b = np.where(b == 0, 1, b)
        elif b == 0:
            machine.fail("division", f"{sign} by 0", line, mask.where[0])
        if is_own(a) or is_own(b):
            left = np.fmod(a, b)
            return left if sign == "%" else (a - left) // b
        cut = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return cut if sign == "/" else a - cut * b

    return compute


def checked(numbers: Lanes, kind: Type, machine: Machine, mask: Mask, line: int) -> Lanes:
    """Return whole numbers that a variable of `kind` takes; KernelError where a signed one overflows."""
    if kind.kind != "int":
        return numbers
    if not kind.signed:
        return wrapped(numbers, kind)
    least, most = kind.range
    if is_own(numbers):
        if kind.bits == 64 or (numbers.min() >= least and numbers.max() <= most):
            return numbers
        active = of_active(numbers, mask)
        wrong = (active < least) | (active > most)
        if not wrong.any():
            return np.clip(numbers, least, most)
        first = int(np.flatnonzero(wrong)[0])
        machine.fail("overflow", f"{active[first]} does not fit in {kind.name}", line, mask.where[first])
    if not least <= numbers <= most:
        machine.fail("overflow", f"{numbers} does not fit in {kind.name}", line, mask.where[0])
    return numbers


def chosen(condition: Any, left: Lanes, right: Lanes) -> Lanes:
    """Return `left` where the condition of a lane holds, else `right`; both in one type."""
    return np.where(condition, left, right)


def negated(numbers: Lanes, kind: Type) -> Lanes:
    """Return -numbers."""
    return wrapped(-numbers, kind) if kind.kind == "int" else -numbers


def logical_not(numbers: Lanes) -> Lanes:
    """Return !numbers, as bools."""
    true = truth(numbers)
    return ~true if is_own(true) else not true
