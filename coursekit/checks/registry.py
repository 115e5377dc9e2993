"""All tasks of the course, by name and by exercise. A task's name is unique in the course."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import ModuleType

from coursekit.checks.task import Task
from coursekit.errors import ParameterError

# The stem of each exercise: the module with its tasks, under its title.
EXERCISES = {
    "02_convolution": "coursekit.checks.tasks.convolution",
    "03_cross_correlation": "coursekit.checks.tasks.cross_correlation",
    "04_channels": "coursekit.checks.tasks.channels",
    "05_padding": "coursekit.checks.tasks.padding",
    "06_stride": "coursekit.checks.tasks.stride",
    "07_pooling": "coursekit.checks.tasks.pooling",
    "08_parameter_counting": "coursekit.checks.tasks.parameter_counting",
    "12_fast_convolution": "coursekit.checks.tasks.fast_convolution",
}


@cache
def tasks_of(stem: str) -> tuple[Task, ...]:
    """Return the tasks of one exercise that earn points, in the order of its notebook.

    Raises
    ------
    ParameterError
        There is no such exercise.
    """
    tasks: tuple[Task, ...] = _module_of(stem).TASKS
    return tasks


@cache
def optional_tasks_of(stem: str) -> tuple[Task, ...]:
    """Return the tasks of one exercise that can be checked and earn nothing; most have none.

    Raises
    ------
    ParameterError
        There is no such exercise.
    """
    tasks: tuple[Task, ...] = getattr(_module_of(stem), "OPTIONAL", ())
    return tasks


def _module_of(stem: str) -> ModuleType:
    if stem not in EXERCISES:
        raise ParameterError(f"stem must be one of {', '.join(EXERCISES)}; got {stem!r}")
    return import_module(EXERCISES[stem])


@cache
def all_tasks() -> dict[str, Task]:
    """Return every task of the course by its name, optional ones too."""
    return {task.name: task for stem in EXERCISES for task in (*tasks_of(stem), *optional_tasks_of(stem))}


def find_task(name: str) -> Task:
    """Return the task of this name.

    Raises
    ------
    ParameterError
        There is no such task; the message offers the nearest names.
    """
    task = all_tasks().get(name)
    if task is None:
        raise ParameterError(f"task must be the name of a task{did_you_mean(name)}; got {name!r}")
    return task


def did_you_mean(name: object) -> str:
    """Return the names of tasks nearest to `name`, in brackets, or ""."""
    near = get_close_matches(str(name), all_tasks(), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
