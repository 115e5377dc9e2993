"""The tasks of exercise 03_cross_correlation, in the order of its notebook."""

from coursekit.checks.tasks.cross_correlation.correlate1d import CORRELATE1D
from coursekit.checks.tasks.cross_correlation.correlate2d import CORRELATE2D
from coursekit.checks.tasks.cross_correlation.edge_kernel import EDGE_KERNEL
from coursekit.checks.tasks.cross_correlation.match_template import MATCH_TEMPLATE
from coursekit.checks.tasks.cross_correlation.student_test import TEST_CORRELATE2D

TASKS = (CORRELATE1D, CORRELATE2D, EDGE_KERNEL, MATCH_TEMPLATE, TEST_CORRELATE2D)
