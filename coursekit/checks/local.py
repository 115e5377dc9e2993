"""`check(...)`, as a student calls it: find the task, ask its cases here, and report."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coursekit.checks.calling import call
from coursekit.checks.cases import fresh_cases, visible_cases
from coursekit.checks.examine import examine
from coursekit.checks.outcome import NoAnswer, Outcome
from coursekit.checks.registry import all_tasks, did_you_mean, find_task
from coursekit.checks.report import Report
from coursekit.checks.smaller import with_smaller_failure
from coursekit.checks.task import Case, Task
from coursekit.errors import ParameterError


def check(
    function: Any, *, task: str | None = None, fresh: bool = False, student: str = "", hint: int = 0
) -> Report:
    """Ask `function` the cases of its task and return a report: what is right, what is wrong, and why.

    Parameters
    ----------
    function : what you wrote: a function, or anything that can be called
    task : name of the task; needed only if `function` goes by another name in your notebook
    fresh : ask newly drawn cases instead of those that are the same every time
    student : your id; needed only where the numbers of the task are your own
    hint : show the task's hints up to this one: 1, then 2, and so on

    Raises
    ------
    ParameterError
        The task is not known, and the message offers the nearest names; `hint` is not 0 or the number of a
        hint; or the task needs to know whose it is.

    Notes
    -----
    The cases run in your own kernel: interrupt it to stop an endless loop.
    """
    if isinstance(function, str):
        raise ParameterError(f"check takes the function itself, without quotes: check({function})")
    frame = sys._getframe(1)
    found = find_task(task) if task is not None else task_for(function, {**frame.f_globals, **frame.f_locals})
    hints = _hints(found, hint)
    cases = fresh_cases(found, secrets.randbits(64), student) if fresh else visible_cases(found, student)
    if not callable(function):
        nothing = NoAnswer("not-defined", f"`{found.name}` is of class {type(function).__name__} here.")
        return replace(examine(found, cases, [nothing] * len(cases)), hints=hints)

    def ask(case: Case) -> Outcome:
        return call(function, case, found.forbids)

    report = with_smaller_failure(examine(found, cases, [ask(case) for case in cases]), ask)
    return replace(report, hints=hints)


def _hints(task: Task, wanted: int) -> tuple[str, ...]:
    if isinstance(wanted, bool) or not isinstance(wanted, int) or not 0 <= wanted <= len(task.hints):
        rule = f"from 1 to {len(task.hints)}" if task.hints else "left out: this task has no hints"
        raise ParameterError(f"hint must be {rule}; got {wanted!r}")
    return task.hints[:wanted]


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
        f"check found no task called {called!r}{did_you_mean(called)}. "
        f"If your function has another name, say which task it solves: check({called}, task='correlate1d')"
    )
