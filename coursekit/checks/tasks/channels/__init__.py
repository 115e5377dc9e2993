"""The tasks of exercise 04_channels, in the order of its notebook."""

from coursekit.checks.task import Task

TASKS: tuple[Task, ...] = ()
