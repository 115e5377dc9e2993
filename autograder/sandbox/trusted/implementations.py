"""TRUSTED SIDE: lets a student's test call implementations that stay here.

{"call": number, "arguments": tree} + bytes   is answered with {"result": tree} + bytes,
                                              or with {"raised": kind, "message"}

What comes in is data that an adversary chose: it is decoded as such, and an implementation looks at its size
before it computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from autograder.sandbox import wire
from coursekit.checks.calling import plain
from coursekit.checks.implementation import Implementation


def stand_ins(arguments: Sequence[object]) -> list[object]:
    """Return the arguments of a question as they travel: each implementation is a number."""
    numbers = count()
    return [wire.Function(next(numbers)) if isinstance(item, Implementation) else item for item in arguments]


class Implementations:
    """The implementations among the arguments of one question, by the number that stands for each."""

    def __init__(self, arguments: Sequence[object], most_calls: int) -> None:
        self._by_number = [item for item in arguments if isinstance(item, Implementation)]
        self._left = most_calls

    def answer(self, message: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        """Answer one call; WireError if there is no such implementation, or it was called too often."""
        number = message.get("call")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(self._by_number):
            raise wire.WireError("a call of an implementation that was not asked about")
        if self._left == 0:
            raise wire.WireError("more calls of an implementation than are answered")
        self._left -= 1
        sent = wire.decode(message.get("arguments"), blob)
        if not (isinstance(sent, list) and len(sent) == 3 and all(isinstance(part, list) for part in sent)):
            raise wire.WireError("a call must hold arguments, names and named arguments")
        arguments, names, values = sent
        if len(names) != len(values) or not all(isinstance(name, str) for name in names):
            raise wire.WireError("each named argument of a call must have a name")
        try:
            result = self._by_number[number](*arguments, **dict(zip(names, values, strict=True)))
        except Exception as error:  # noqa: BLE001 - wrong implementations raise: that is an answer
            return {"raised": type(error).__name__, "message": str(error)[:500]}, b""
        tree, data = wire.encode(plain(result))
        return {"result": tree}, data
