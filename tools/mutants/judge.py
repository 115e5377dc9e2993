"""Which cases catch a mutant."""

from __future__ import annotations

import gc
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from coursekit.checks import Case, Task
from coursekit.checks.calling import call
from coursekit.checks.examine import problem_of, right_answers

SECONDS = 0.1  # of computing for one case; a solution needs some milliseconds


class OutOfTimeError(BaseException):
    """A mutant computed for longer than it may. No handler of errors holds it up."""


def catches(task: Task, function: Callable[..., Any], case: Case, expected: object) -> bool:
    """Return whether the answer of `function` to `case` loses points."""
    try:
        with _time_limit(SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = call(function, case)
    except OutOfTimeError:
        return True
    return problem_of(task, case, expected, task.outcome_to_judge(case, outcome)) is not None


def catching(task: Task, function: Callable[..., Any], cases: Sequence[Case]) -> list[bool]:
    """Return, for each case, whether it catches `function`."""
    expected = right_answers(task, tuple(cases))
    return [catches(task, function, case, right) for case, right in zip(cases, expected, strict=True)]


def is_caught(task: Task, function: Callable[..., Any], cases: Sequence[Case]) -> bool:
    """Return whether any case catches `function`; the largest, which catch most, are asked first."""
    expected = right_answers(task, tuple(cases))
    return any(
        catches(task, function, case, right)
        for case, right in zip(reversed(cases), reversed(expected), strict=True)
    )


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` after so much computing in the block. Waiting for a busy machine is free.

    No garbage is collected meanwhile: what is raised while others' callbacks watch a collection is lost.
    """

    def stop(*_: object) -> None:
        raise OutOfTimeError

    before, collects = signal.signal(signal.SIGVTALRM, stop), gc.isenabled()
    gc.disable()
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collects:
            gc.enable()
