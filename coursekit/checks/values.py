"""From whatever a function returned to an array of numbers, or to the reason why it is none.

Nothing here calls a method of a foreign object: only exact, plain types are looked into.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coursekit.checks.outcome import Foreign
from coursekit.errors import CourseError

MOST_ITEMS = 20_000  # items of nested lists that are looked at; right answers have some hundred
DEEPEST = 8  # levels of nesting

REFUSED_KINDS = {
    "b": "True and False; return the numbers themselves",
    "c": "complex numbers; return real ones (after an FFT, take `.real`)",
    "O": "Python objects; return an array of plain numbers",
    "S": "text; return numbers",
    "U": "text; return numbers",
    "M": "dates; return numbers",
    "m": "time differences; return numbers",
    "V": "records; return an array of plain numbers",
}


class NotNumbers(CourseError, TypeError):
    """A value is not an array of real numbers; the message completes "Your function returned ..."."""


def as_numbers(value: object) -> NDArray[Any]:
    """Return `value`, a number, array or nested list, as an array of real numbers.

    Raises
    ------
    NotNumbers
        Its message completes the sentence "Your function returned ...".
    """
    if isinstance(value, (list, tuple)):
        _look_through(value)
        array = _from_lists(value)
    elif type(value) in (bool, int, float, complex, str) or isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
    else:
        raise NotNumbers(_what_else(value))
    if array.dtype.kind not in "iuf":
        raise NotNumbers(REFUSED_KINDS.get(array.dtype.kind, "something that is not numbers"))
    return array


def as_floats(array: NDArray[Any]) -> NDArray[np.float64]:
    """Return `array` in double precision; what is too large for it becomes infinite."""
    with np.errstate(all="ignore"):
        return array.astype(np.float64)


def holds_more_than(value: object, most: int) -> bool:
    """Return whether an array or nested lists hold more than `most` items; looks at no more of them."""
    waiting, seen = [value], 0
    while waiting and seen <= most:
        item = waiting.pop()
        seen += item.size if isinstance(item, np.ndarray) else 1
        if isinstance(item, (list, tuple)):
            waiting.extend(item[: most + 1])
    return seen > most


def _look_through(value: object) -> None:
    """Raise NotNumbers unless nested lists hold plain numbers and arrays only, and not too many."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    seen = 0
    while waiting:
        item, depth = waiting.pop()
        seen += 1
        if seen > MOST_ITEMS:
            raise NotNumbers(f"nested lists of more than {MOST_ITEMS:,} items")
        if isinstance(item, (list, tuple)):
            if depth > DEEPEST:
                raise NotNumbers(f"lists nested more than {DEEPEST} deep")
            if len(item) > MOST_ITEMS:
                raise NotNumbers(f"nested lists of more than {MOST_ITEMS:,} items")
            waiting.extend((inner, depth + 1) for inner in item)
        elif isinstance(item, (bool, np.bool_)):
            raise NotNumbers(f"a list with {REFUSED_KINDS['b']}")
        elif isinstance(item, str):
            raise NotNumbers(f"a list with {REFUSED_KINDS['U']}")
        elif not isinstance(item, (int, float, complex, np.ndarray, np.generic)):
            raise NotNumbers(f"a list with {_what_else(item)}")


def _from_lists(value: object) -> NDArray[Any]:
    try:
        with np.errstate(all="ignore"):
            array = np.array(value)
    except (ValueError, TypeError, OverflowError, MemoryError):
        raise NotNumbers("a nested list whose rows differ in length") from None
    if array.dtype.kind == "O":
        raise NotNumbers("a whole number that is too large for 64 bits")
    return array


def _what_else(value: object) -> str:
    if value is None:
        return "None; does it end with `return`?"
    name = value.type_name if isinstance(value, Foreign) else type(value).__name__
    return f"a value of class {str(name)[:60]}; return a NumPy array, a number or a list of numbers"
