"""The tasks of exercise 05_padding, in the order of its notebook."""

from coursekit.checks.task import Task

TASKS: tuple[Task, ...] = ()
