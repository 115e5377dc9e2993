"""The tasks of exercise 08_parameter_counting, in the order of its notebook."""

from coursekit.checks.tasks.parameter_counting.count_connections import COUNT_CONNECTIONS
from coursekit.checks.tasks.parameter_counting.count_parameters import COUNT_PARAMETERS
from coursekit.checks.tasks.parameter_counting.find_layer import FIND_LAYER
from coursekit.checks.tasks.parameter_counting.my_numbers import MY_NUMBERS

TASKS = (COUNT_PARAMETERS, COUNT_CONNECTIONS, MY_NUMBERS, FIND_LAYER)
