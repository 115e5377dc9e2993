"""An implementation that a student's own test is asked to judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from coursekit.checks.values import NotNumbers, as_numbers
from coursekit.errors import ShapeError

LONGEST_AXIS = 32
MOST_NUMBERS = 1_024  # of one argument; the dearest implementation then takes some milliseconds


@dataclass(frozen=True, eq=False)
class Implementation:
    """An argument of a case that the student's test may call, and cannot look into while it is graded.

    `parameters` are the names of its arguments, all arrays of numbers. `sentence` says afterwards what is
    wrong with it, and is "" for a right one. `refusal` takes the arrays and says why they are no question,
    or "": all implementations refuse such arguments in the same words, so that errors tell nothing.
    """

    function: Callable[..., Any]
    parameters: tuple[str, ...]
    sentence: str = ""
    refusal: Callable[..., str] | None = None

    @property
    def is_right(self) -> bool:
        """Whether a good test must accept it."""
        return not self.sentence

    def __call__(self, *arguments: object, **named: object) -> Any:
        """Return what the implementation answers to arguments of any origin.

        Raises
        ------
        TypeError
            An argument is missing or too many, or is not an array of real numbers.
        ShapeError
            An argument is too large for a test, and the message says how large it may be; or they are no
            question.
        Exception
            Whatever a wrong implementation raises.
        """
        given = dict(zip(self.parameters, arguments, strict=False))
        if len(arguments) > len(self.parameters) or set(given) & set(named):
            raise TypeError(f"the function takes {', '.join(self.parameters)}, each once")
        given.update(named)
        if set(given) != set(self.parameters):
            raise TypeError(
                f"the function takes {', '.join(self.parameters)}; got {', '.join(map(str, given))}"
            )
        arrays = [_small_array(name, given[name]) for name in self.parameters]
        refused = self.refusal(*arrays) if self.refusal is not None else ""
        if refused:
            raise ShapeError(refused)
        with np.errstate(all="ignore"):
            return self.function(*arrays)


def _small_array(name: str, value: object) -> Any:
    try:
        array = as_numbers(value)
    except NotNumbers:
        raise TypeError(f"{name} must be an array of real numbers") from None
    if array.size > MOST_NUMBERS or max(array.shape, default=0) > LONGEST_AXIS:
        raise ShapeError(
            f"{name} must have at most {MOST_NUMBERS} numbers and {LONGEST_AXIS} along an axis "
            f"in a test; got shape {array.shape}"
        )
    return array.copy()
