"""The tasks of exercise 06_stride, in the order of its notebook."""

from coursekit.checks.task import Task
from coursekit.checks.tasks.stride.conv_transpose2d import CONV_TRANSPOSE2D
from coursekit.checks.tasks.stride.correlate2d_strided import CORRELATE2D_STRIDED
from coursekit.checks.tasks.stride.output_size import OUTPUT_SIZE
from coursekit.checks.tasks.stride.receptive_field import RECEPTIVE_FIELD

TASKS: tuple[Task, ...] = (OUTPUT_SIZE, CORRELATE2D_STRIDED, CONV_TRANSPOSE2D, RECEPTIVE_FIELD)
