"""Reads a fuzzer's bytes as choices, so that one input says the same with and without the fuzzer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Bites:
    """Bytes taken from the front, bite by bite; zeros and nothing once they are used up."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def number(self) -> int:
        """Return the next byte."""
        self._place += 1
        return self._data[self._place - 1] if self._place <= len(self._data) else 0

    def choice(self, options: Sequence[T]) -> T:
        """Return one of `options`."""
        return options[self.number() % len(options)]

    def text(self) -> str:
        """Return text of up to 255 bytes; what is not UTF-8 becomes lone surrogates."""
        return self.take(self.number()).decode("utf-8", "surrogateescape")

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes, or what is left."""
        taken = self._data[self._place : self._place + size]
        self._place += size
        return taken

    def rest(self) -> bytes:
        """Return all that is left."""
        return self.take(len(self._data))

    def json(self, depth: int = 0) -> object:
        """Return a value as JSON knows it; now and then one that is nested as deep as the parser allows."""
        kind = self.number() % 10
        if kind == 8 and depth < 4:
            return [self.json(depth + 1) for _ in range(self.number() % 6)]
        if kind == 9 and depth < 4:
            return {self.text(): self.json(depth + 1) for _ in range(self.number() % 6)}
        if kind == 7:
            return self._nested()
        scalars = (None, True, False, 0, -1.5, float("nan"), 10**40, self.text())
        return scalars[kind] if kind < 7 else self.text()

    def _nested(self) -> object:
        value: object = []
        for _ in range(4 * self.number()):
            value = [value]
        return value
