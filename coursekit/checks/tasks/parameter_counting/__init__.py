"""The tasks of exercise 08_parameter_counting, in the order of its notebook."""

from coursekit.checks.task import Task
from coursekit.checks.tasks.parameter_counting.count_connections import COUNT_CONNECTIONS
from coursekit.checks.tasks.parameter_counting.count_parameters import COUNT_PARAMETERS

TASKS: tuple[Task, ...] = (COUNT_PARAMETERS, COUNT_CONNECTIONS)
