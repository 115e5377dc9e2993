"""What came back when a student's function was called once.

An outcome is data, never a live object of the student's: the grader rebuilds it from bytes,
and `check` in a notebook converts whatever was returned into it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Returned:
    """The function returned.

    `value` is a plain NumPy array, a number, a string, a bool, None, a list or tuple of these, or `Foreign`.
    `arguments_after` holds the arguments as they were after the call, to notice a modified input.
    `routine` is the library routine that did the work, "" if none of those the task forbids was called.
    """

    value: object
    arguments_after: tuple[object, ...]
    routine: str = ""


@dataclass(frozen=True)
class Raised:
    """The function raised an exception of class `kind`.

    `trace` holds the student's own lines as plain text, innermost last; "" if there are none.
    """

    kind: str
    message: str
    trace: str = ""


@dataclass(frozen=True)
class NoAnswer:
    """Nothing came back; `reason` is "timeout", "memory", "crashed" or "not-defined"."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Foreign:
    """Stands for a value that is not numbers, known by the name of its class only."""

    type_name: str


Outcome = Returned | Raised | NoAnswer
