"""Call a function on a case and write down what came back, as data.

This runs where the function lives: a student's notebook, or the mutation gate for the course's own code.
The grader never uses it on a student's code.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from coursekit.checks.outcome import Foreign, Outcome, Raised, Returned
from coursekit.checks.task import Case
from coursekit.library_calls import LIBRARIES, LibraryCalls

DEEPEST = 10  # levels of nested lists that are copied; deeper ones are refused later
MOST_ITEMS = 2_000_000
LONGEST = 2_000  # characters of a message that are kept
# What a student's own class of numbers or text is underneath, without asking its methods.
PLAIN_BASES: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (int, int.__int__),
    (float, float.__float__),
    (complex, complex.__complex__),
    (str, str.__str__),
)


def call(function: Callable[..., Any], case: Case, forbids: Sequence[str] = ()) -> Outcome:
    """Call `function` on copies of the case's arguments, and note if it calls what the task forbids.

    Only KeyboardInterrupt and the like pass through.
    """
    return _call(function, copied(case.arguments), (), forbids)


def call_with_hidden(function: Callable[..., Any], case: Case) -> Outcome:
    """Call one of the course's own functions, which get the case's hidden values too."""
    return _call(function, copied(case.arguments), copied(case.hidden), ())


def _call(
    function: Callable[..., Any],
    arguments: tuple[object, ...],
    hidden: tuple[object, ...],
    forbids: Sequence[str],
) -> Outcome:
    watch = LibraryCalls(forbids)
    try:
        with watch:
            value = function(*arguments, *hidden)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any failure of the student's code is an outcome
        return Raised(type(error).__name__, _message(error), own_lines(error.__traceback__))
    return Returned(plain(value), arguments, watch.found)


def copied(arguments: tuple[object, ...]) -> tuple[object, ...]:
    """Return the arguments with every array and list copied, so that a call cannot change the case."""
    return tuple(_copied(item) for item in arguments)


def _copied(item: object) -> object:
    if isinstance(item, (list, tuple)):
        return type(item)(_copied(inner) for inner in item)
    return item.copy() if isinstance(item, np.ndarray) else item


def plain(value: object) -> object:
    """Return `value` as plain data: arrays, numbers, text, None, lists and tuples of these, or `Foreign`."""
    budget = [MOST_ITEMS]
    return _plain(value, DEEPEST, budget)


def _plain(value: object, depth: int, budget: list[int]) -> object:
    budget[0] -= 1
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str):
        return value
    if issubclass(kind, np.ndarray):
        return np.array(value, subok=False) if kind is not np.ndarray else value
    if issubclass(kind, np.generic):
        return np.asarray(value)
    for base, as_base in PLAIN_BASES:  # an IntEnum, say: the number that it is
        if issubclass(kind, base):
            return as_base(value)
    if issubclass(kind, (list, tuple)):
        if depth == 0 or budget[0] < len(value):  # type: ignore[arg-type]  # a list or tuple, by its class
            return Foreign("deeply nested or very long list")
        items = [_plain(item, depth - 1, budget) for item in value]  # type: ignore[attr-defined]  # as above
        return tuple(items) if issubclass(kind, tuple) else items
    return Foreign(kind.__name__)


def _message(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST]
    except Exception:  # noqa: BLE001 - a student's own exception class may have a broken __str__
        return ""


def own_lines(trace: TracebackType | None) -> str:
    """Return the student's own lines of a traceback, one a row, innermost last."""
    lines = []
    for frame in traceback.extract_tb(trace):
        place = os.path.realpath(frame.filename)
        if place.startswith(LIBRARIES) or frame.filename.startswith("<frozen"):
            continue
        lines.append(f"line {frame.lineno}, in {frame.name}: {frame.line or ''}".rstrip(": "))
    return "\n".join(lines)[-LONGEST:]
