"""The tasks of exercise 07_pooling, in the order of its notebook."""

from coursekit.checks.tasks.pooling.average_pool_as_correlation import AVERAGE_POOL_AS_CORRELATION
from coursekit.checks.tasks.pooling.global_pool import GLOBAL_POOL
from coursekit.checks.tasks.pooling.maxout import MAXOUT
from coursekit.checks.tasks.pooling.pool2d import POOL2D
from coursekit.checks.tasks.pooling.relu import RELU

TASKS = (RELU, POOL2D, GLOBAL_POOL, AVERAGE_POOL_AS_CORRELATION, MAXOUT)
