"""When two answers count as equal, and what to say when they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.values import NotNumbers, as_floats, as_numbers


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer.

    `kind` is "type", "shape", "not-finite", "value", "modified", "library", "raised", or the reason of a
    `NoAnswer`.
    """

    kind: str
    sentence: str


class Rule(Protocol):
    """How the answers of a task are compared. No method raises, whatever the values are."""

    @property
    def picture(self) -> str:
        """How a report draws a wrong answer: "difference", "windows", or "none" beyond its sentence."""
        ...

    def problem(self, expected: object, value: object) -> Problem | None:
        """Return what is wrong with `value`, or None if it is right where the reference says `expected`."""
        ...

    def same(self, one: object, other: object) -> bool:
        """Return whether two answers, right or wrong, are the same answer."""
        ...


@dataclass(frozen=True)
class SameArray:
    """Equal shape, and every number within `tolerance` times the largest expected size (at least 1).

    The default is met by single precision; integers and floats are the same to it. Lists count as arrays.
    `of` names what is compared, where it is a part of the answer.
    """

    tolerance: float = 1e-5
    picture: str = "difference"
    of: str = "answer"

    def problem(self, expected: object, value: object) -> Problem | None:
        try:
            came = as_numbers(value)
        except NotNumbers as error:
            return Problem("type", _ended(f"Your function returned {self._in_place()}{error}"))
        right = as_floats(as_numbers(expected))
        if came.shape != right.shape:
            return Problem(
                "shape",
                f"Your {self.of} {self._has()} shape {_shape(came)}, and should have shape {_shape(right)}.",
            )
        problem = self._value_problem(right, as_floats(came))
        if problem is None or came.dtype.kind not in "iu" or np.array_equal(right, np.rint(right)):
            return problem
        return Problem(problem.kind, f"{problem.sentence} It holds whole numbers only: decimals get lost.")

    def same(self, one: object, other: object) -> bool:
        """Two wrong answers may be the same with the same infinities, or NaN in the same places."""
        try:
            both = as_numbers(one), as_numbers(other)
        except NotNumbers:
            return False
        if both[0].shape != both[1].shape:
            return False
        mine, theirs = map(as_floats, both)
        scale = np.max(np.abs(mine), initial=1.0, where=np.isfinite(mine))
        with np.errstate(all="ignore"):
            close = (mine == theirs) | (np.abs(mine - theirs) <= self.tolerance * scale)
        return bool((close | (np.isnan(mine) & np.isnan(theirs))).all())

    def _has(self) -> str:
        return "have" if self.of.endswith("s") else "has"

    def _in_place(self) -> str:
        return "" if self.of == "answer" else f"as {self.of} "

    def _value_problem(self, right: NDArray[np.float64], came: NDArray[np.float64]) -> Problem | None:
        unreal = int(np.count_nonzero(~np.isfinite(came)))
        if unreal:
            return Problem("not-finite", self._these(unreal, came.size, "is not finite", "are not finite"))
        wrong = int(np.count_nonzero(self.wrong_entries(right, came)))
        if wrong:
            return Problem("value", self._these(wrong, came.size, "is wrong", "are wrong"))
        return None

    def wrong_entries(self, right: NDArray[np.float64], came: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return, for two arrays of one shape, where they differ by more than the tolerance."""
        scale = max(1.0, float(np.max(np.abs(right), initial=0.0)))
        with np.errstate(all="ignore"):
            close: NDArray[np.bool_] = np.abs(came - right) <= self.tolerance * scale
        return ~close

    def _these(self, some: int, of: int, one: str, many: str) -> str:
        if of == 1:
            return f"The only number of your {self.of} {one}."
        return f"{some} of the {of} numbers of your {self.of} {one if some == 1 else many}."


@dataclass(frozen=True)
class SameNumbers:
    """A few numbers in order, in a tuple, list or array; 2.0 counts as 2. One may stand alone."""

    names: tuple[str, ...]
    tolerance: float = 0.0  # times the expected size
    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        right = as_numbers(expected)
        try:
            came = as_numbers(value)
        except NotNumbers as error:
            return Problem("type", f"{_ended(f'Your function returned {error}')} {self._right(right)}")
        if came.shape != right.shape:
            return Problem("shape", f"Your function returned {_describe(came)}. {self._right(right)}")
        with np.errstate(all="ignore"):
            close = np.abs(as_floats(came) - as_floats(right)) <= self.tolerance * np.abs(as_floats(right))
        if not np.all(close):
            return Problem("value", f"Your function returned {_listed(came)}. {self._right(right)}")
        return None

    def same(self, one: object, other: object) -> bool:
        return _both_numbers(one, other) and self.problem(one, other) is None

    def _right(self, expected: NDArray[Any]) -> str:
        names = self.names[0] if expected.ndim == 0 else f"({', '.join(self.names)})"
        return f"Right here is {names} = {_listed(expected)}."


@dataclass(frozen=True)
class SameTruth:
    """True or False, from Python or NumPy; numbers do not stand for them."""

    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        came = _truth(value)
        if came is None:
            return Problem("type", "Your function must return True or False.")
        if came is not _truth(expected):
            return Problem("value", f"Your function returned {came}. Right here is {_truth(expected)}.")
        return None

    def same(self, one: object, other: object) -> bool:
        return _truth(one) is not None and _truth(one) is _truth(other)


@dataclass(frozen=True)
class SameParts:
    """A tuple or list of parts, each with its name and its own rule."""

    names: tuple[str, ...]
    rules: tuple[Rule, ...]
    picture: str = "parts"

    def problem(self, expected: object, value: object) -> Problem | None:
        right: Any = expected
        came = self.parts(value)
        if came is None:
            wanted = f"({', '.join(self.names)})"
            return Problem("type", f"Your function must return {len(self.names)} things, {wanted}.")
        for rule, one, other in zip(self.rules, right, came, strict=True):
            problem = rule.problem(one, other)
            if problem is not None:
                return problem
        return None

    def parts(self, value: object) -> tuple[object, ...] | None:
        """Return the parts of an answer, or None if it has not as many as it should."""
        if isinstance(value, (tuple, list)) and len(value) == len(self.names):
            return tuple(value)
        return None

    def same(self, one: object, other: object) -> bool:
        mine, theirs = self.parts(one), self.parts(other)
        if mine is None or theirs is None:
            return False
        return all(rule.same(a, b) for rule, a, b in zip(self.rules, mine, theirs, strict=True))


@dataclass(frozen=True)
class Fulfils:
    """Any numbers that do the wanted job. `fault` takes what the reference says and the numbers that came.

    It returns the sentence of what is wrong with them, or None; it must not raise.
    """

    fault: Callable[[Any, NDArray[Any]], str | None]
    picture: str = "none"

    def problem(self, expected: object, value: object) -> Problem | None:
        try:
            came = as_numbers(value)
        except NotNumbers as error:
            return Problem("type", _ended(f"Your function returned {error}"))
        sentence = self.fault(expected, came)
        return None if sentence is None else Problem("value", sentence)

    def same(self, one: object, other: object) -> bool:
        return _both_numbers(one, other) and np.array_equal(as_numbers(one), as_numbers(other))


def _both_numbers(one: object, other: object) -> bool:
    try:
        as_numbers(one), as_numbers(other)
    except NotNumbers:
        return False
    return True


def _truth(value: object) -> bool | None:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind == "b":
        return bool(value)
    return None


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def _shape(array: NDArray[Any]) -> str:
    return "(), a single number" if array.ndim == 0 else str(tuple(int(size) for size in array.shape))


def _listed(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return f"{float(array):.10g}"
    return "(" + ", ".join(f"{float(number):.10g}" for number in array.ravel()[:6]) + ")"


def _describe(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return f"one number, {float(array):.6g}"
    return f"{array.size} numbers of shape {_shape(array)}"
