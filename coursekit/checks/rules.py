"""When two answers count as equal, and what to say when they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.values import NotNumbers, as_floats, as_numbers


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer.

    `kind` is "type", "shape", "not-finite", "value", "modified", "raised", or the reason of a `NoAnswer`.
    """

    kind: str
    sentence: str


class Rule(Protocol):
    """How the answers of a task are compared. Neither method raises, whatever the values are."""

    @property
    def picture(self) -> str:
        """How a report draws a wrong answer: "difference" or "windows"."""
        ...

    def problem(self, expected: object, value: object) -> Problem | None:
        """Return what is wrong with `value`, or None if it counts as equal to `expected`."""
        ...


@dataclass(frozen=True)
class SameArray:
    """Equal shape, and every number within `tolerance` times the largest expected size (at least 1).

    The default is met by single precision; integers and floats are the same to it. Lists count as arrays.
    """

    tolerance: float = 1e-5
    picture: str = "difference"

    def problem(self, expected: object, value: object) -> Problem | None:
        try:
            came = as_numbers(value)
        except NotNumbers as error:
            return Problem("type", _ended(f"Your function returned {error}"))
        right = as_floats(as_numbers(expected))
        if came.shape != right.shape:
            return Problem(
                "shape",
                f"Your answer has shape {_shape(came)}; it should have shape {_shape(right)}.",
            )
        return self._value_problem(right, as_floats(came))

    def _value_problem(self, right: NDArray[np.float64], came: NDArray[np.float64]) -> Problem | None:
        unreal = int(np.count_nonzero(~np.isfinite(came)))
        if unreal:
            return Problem("not-finite", _these(unreal, came.size, "is not finite", "are not finite"))
        wrong = int(np.count_nonzero(self.wrong_entries(right, came)))
        if wrong:
            return Problem("value", _these(wrong, came.size, "is wrong", "are wrong"))
        return None

    def wrong_entries(self, right: NDArray[np.float64], came: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return, for two arrays of one shape, where they differ by more than the tolerance."""
        scale = max(1.0, float(np.max(np.abs(right), initial=0.0)))
        with np.errstate(all="ignore"):
            close: NDArray[np.bool_] = np.abs(came - right) <= self.tolerance * scale
        return ~close


@dataclass(frozen=True)
class SamePosition:
    """Two whole numbers, row and column, in a tuple, list or array; 2.0 counts as 2."""

    picture: str = "windows"

    def problem(self, expected: object, value: object) -> Problem | None:
        try:
            came = as_numbers(value)
        except NotNumbers as error:
            return Problem("type", _ended(f"Your function returned {error}") + f" {_right(expected)}")
        right = as_numbers(expected)
        if came.shape != right.shape:
            return Problem("shape", f"Your function returned {_describe(came)}. {_right(expected)}")
        if not np.array_equal(as_floats(came), as_floats(right)):
            return Problem("value", f"Your function returned {_listed(came)}. {_right(expected)}")
        return None


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def _right(expected: object) -> str:
    return f"Right here is (row, column) = {_listed(as_numbers(expected))}."


def _shape(array: NDArray[Any]) -> str:
    return "(), a single number" if array.ndim == 0 else str(tuple(int(size) for size in array.shape))


def _these(some: int, of: int, one: str, many: str) -> str:
    if of == 1:
        return f"The only number of your answer {one}."
    return f"{some} of the {of} numbers of your answer {one if some == 1 else many}."


def _listed(array: NDArray[Any]) -> str:
    return "(" + ", ".join(f"{float(number):.6g}" for number in array.ravel()[:4]) + ")"


def _describe(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return f"one number, {float(array):.6g}"
    return f"{array.size} numbers of shape {_shape(array)}"
