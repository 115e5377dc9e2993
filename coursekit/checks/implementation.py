"""An implementation that a student's own test is asked to judge."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coursekit.checks.values import NotNumbers, as_numbers
from coursekit.errors import ShapeError

LONGEST_AXIS = 32
MOST_NUMBERS = 1_024  # of one argument; the dearest implementation then takes some milliseconds
MOST_REMEMBERED = 64  # questions, with the answers of all: half a megabyte each at most


class Company:
    """Functions that are always computed together, so that the time of an answer does not tell whose it is.

    Each new question is put to all of them, in one order; one that was asked before is answered from memory,
    again for all.
    """

    def __init__(self, functions: Sequence[Callable[..., Any]]) -> None:
        self._functions = tuple(functions)
        self._remembered: OrderedDict[object, dict[Callable[..., Any], object]] = OrderedDict()

    def answer(self, function: Callable[..., Any], arrays: Sequence[Any]) -> Any:
        """Return what `function`, one of these, answers to `arrays`; raise what it raises."""
        question = tuple((array.shape, array.dtype.str, array.tobytes()) for array in arrays)
        if question not in self._remembered:
            self._remembered[question] = {one: _answer(one, arrays) for one in self._functions}
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        answer = self._remembered[question][function]
        if isinstance(answer, Exception):
            raise answer.with_traceback(None)  # as if it were raised for the first time
        return copy.deepcopy(answer)


def _answer(function: Callable[..., Any], arrays: Sequence[Any]) -> object:
    """Return what a function answers to copies of `arrays`, or the exception that it raises."""
    try:
        with np.errstate(all="ignore"):
            return function(*(array.copy() for array in arrays))
    except Exception as error:  # noqa: BLE001 - wrong implementations raise: that is an answer
        return error.with_traceback(None)


@dataclass(frozen=True, eq=False)
class Implementation:
    """An argument of a case that the student's test may call, and cannot look into while it is graded.

    `parameters` are the names of its arguments, all arrays of numbers. `sentence` says afterwards what is
    wrong with it, and is "" for a right one. `refusal` takes the arrays and says why they are no question,
    or "": all implementations refuse such arguments in the same words, so that errors tell nothing.
    `company` computes the others along with it, so that time tells nothing.
    """

    function: Callable[..., Any]
    parameters: tuple[str, ...]
    sentence: str = ""
    refusal: Callable[..., str] | None = None
    company: Company | None = field(default=None, repr=False)

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
        company = self.company if self.company is not None else Company([self.function])
        return company.answer(self.function, arrays)


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
