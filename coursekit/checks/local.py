"""`check(...)`, as a student calls it: find the task, ask its cases here, and report."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from typing import Any

from coursekit.checks.calling import call
from coursekit.checks.cases import fresh_cases, visible_cases
from coursekit.checks.examine import examine
from coursekit.checks.outcome import NoAnswer, Outcome
from coursekit.checks.registry import all_tasks, find_task
from coursekit.checks.report import Report
from coursekit.checks.task import Task
from coursekit.errors import ParameterError


def check(function: Any, *, task: str | None = None, fresh: bool = False) -> Report:
    """Ask `function` the cases of its task and return a report: what is right, what is wrong, and why.

    Parameters
    ----------
    function : what you wrote: a function, or anything that can be called
    task : name of the task; needed only if `function` goes by another name in your notebook
    fresh : ask newly drawn cases instead of those that are the same every time

    Raises
    ------
    ParameterError
        The task is not known; the message lists those there are.

    Notes
    -----
    The cases run in your own kernel: interrupt it to stop an endless loop.
    """
    frame = sys._getframe(1)
    found = find_task(task) if task is not None else task_for(function, {**frame.f_globals, **frame.f_locals})
    cases = fresh_cases(found, secrets.randbits(64)) if fresh else visible_cases(found)
    if not callable(function):
        nothing = NoAnswer("not-defined", f"`{found.name}` is of class {type(function).__name__} here.")
        return examine(found, cases, [nothing] * len(cases))
    outcomes: list[Outcome] = [call(function, case) for case in cases]
    return examine(found, cases, outcomes)


def task_for(function: object, names: Mapping[str, object]) -> Task:
    """Return the task by the name under which `names` holds `function`, else by its own `__name__`."""
    known = all_tasks()
    own = getattr(function, "__name__", None)
    bound = [name for name in known if name in names and names[name] is function]
    if len(bound) == 1:
        return known[bound[0]]
    if isinstance(own, str) and own in known and (not bound or own in bound):
        return known[own]
    if bound:
        raise ParameterError(f"this function stands for {' and '.join(bound)}; say which: task={bound[0]!r}")
    called = own if isinstance(own, str) else type(function).__name__
    raise ParameterError(
        f"check found no task called {called!r}; the tasks are {', '.join(known)}. "
        f"If yours has another name, say which it is: check({called}, task={next(iter(known))!r})"
    )
