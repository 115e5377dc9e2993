"""What is wrong with a kernel, as the emulator found it."""

from __future__ import annotations

from coursekit.errors import CourseError


class KernelError(CourseError):
    """A kernel cannot be read, or does what it must not: the message names file, line, block and thread.

    `rule` is a word for what was broken: 'source', 'bounds', 'race', 'barrier', 'never written', 'overflow',
    'division', 'endless' or 'arguments'.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
