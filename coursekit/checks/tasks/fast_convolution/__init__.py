"""The tasks of exercise 12_fast_convolution, in the order of its notebook. The last one earns no points."""

from coursekit.checks.task import Task
from coursekit.checks.tasks.fast_convolution.correlate2d_by_kernel import CORRELATE2D_BY_KERNEL
from coursekit.checks.tasks.fast_convolution.correlate_by_product import CORRELATE_BY_PRODUCT
from coursekit.checks.tasks.fast_convolution.im2col2d import IM2COL2D
from coursekit.checks.tasks.fast_convolution.separate import SEPARATE

TASKS: tuple[Task, ...] = (IM2COL2D, CORRELATE_BY_PRODUCT, SEPARATE)
OPTIONAL: tuple[Task, ...] = (CORRELATE2D_BY_KERNEL,)
