"""The wrong answers that misconceptions give, alone and two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from coursekit.checks.task import Misconception, Task

Mistakes = tuple[Misconception, ...]


def wrong_answer(task: Task, mistakes: Sequence[Misconception]) -> Callable[..., Any]:
    """Return the function that makes all of these `mistakes`; it takes arguments and hidden values."""
    cores = [mistake.answer for mistake in mistakes if mistake.answer is not None]
    core = cores[0] if cores else task.reference

    def wrong(*arguments: object) -> Any:
        used = misread(mistakes, arguments)
        answer = core(*used)
        for mistake in mistakes:
            if mistake.after is not None:
                answer = mistake.after(answer, *used)
        return answer

    return wrong


def misread(mistakes: Sequence[Misconception], arguments: tuple[object, ...]) -> tuple[object, ...]:
    """Return the arguments as they are after the mistakes that change them."""
    for mistake in mistakes:
        if mistake.before is not None:
            arguments = tuple(mistake.before(*arguments))
    return arguments


def pairs(task: Task) -> Iterator[Mistakes]:
    """Yield every two mistakes of `task` that one function can make together, the likelier first."""
    for one, other in combinations(task.misconceptions, 2):
        if one.answer is None or other.answer is None:
            yield one, other
