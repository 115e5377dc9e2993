"""The tasks of exercise 07_pooling, in the order of its notebook."""

from coursekit.checks.task import Task

TASKS: tuple[Task, ...] = ()
