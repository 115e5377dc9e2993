"""JAILED SIDE: functions that stay on the trusted side, as a student's test sees them.

A call goes over the wire, and only its result comes back: there is nothing here to look into.
"""

from __future__ import annotations

import builtins
import socket
import threading
from collections.abc import Callable
from typing import Any

from autograder.sandbox import wire
from coursekit import errors


class OtherSide:
    """Carries calls to the trusted side while one question is open."""

    def __init__(self, channel: socket.socket, limit: int) -> None:
        self._channel, self._limit = channel, limit
        self._one_at_a_time = threading.Lock()  # a student's test may use threads
        self.listens = True

    def implementation(self, number: int) -> Callable[..., Any]:
        """Return the function of this number."""

        def implementation(*arguments: Any, **named: Any) -> Any:
            with self._one_at_a_time:
                if not self.listens:
                    raise RuntimeError("this function can be called only while your test runs")
                return self._call(number, arguments, named)

        return implementation

    def close(self) -> None:
        """Answer no more calls; one that a thread has begun is finished first, as it uses the same wire."""
        with self._one_at_a_time:
            self.listens = False

    def _call(self, number: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        tree, data = wire.encode([list(arguments), list(named), list(named.values())])
        wire.send(self._channel, {"call": number, "arguments": tree}, data)
        message, blob = wire.receive(self._channel, self._limit)
        if "raised" in message:
            raise _exception(message["raised"])(message["message"])
        return wire.decode(message["result"], blob)


def _exception(name: str) -> type[Exception]:
    """Return the course's or Python's own exception of this name; RuntimeError stands for all others."""
    found = getattr(errors, name, None) or getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else RuntimeError
