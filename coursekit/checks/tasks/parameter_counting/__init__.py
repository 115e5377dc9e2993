"""The tasks of exercise 08_parameter_counting, in the order of its notebook."""

from coursekit.checks.task import Task

TASKS: tuple[Task, ...] = ()
