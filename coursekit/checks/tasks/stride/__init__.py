"""The tasks of exercise 06_stride, in the order of its notebook."""

from coursekit.checks.task import Task

TASKS: tuple[Task, ...] = ()
