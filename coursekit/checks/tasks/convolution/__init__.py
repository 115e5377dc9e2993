"""The tasks of exercise 02_convolution, in the order of its notebook."""

from coursekit.checks.tasks.convolution.convolve1d import CONVOLVE1D
from coursekit.checks.tasks.convolution.convolve2d import CONVOLVE2D
from coursekit.checks.tasks.convolution.convolve_at import CONVOLVE_AT
from coursekit.checks.tasks.convolution.counterexample import COUNTEREXAMPLE
from coursekit.checks.tasks.convolution.flip_difference import FLIP_DIFFERENCE

TASKS = (CONVOLVE_AT, CONVOLVE1D, CONVOLVE2D, FLIP_DIFFERENCE, COUNTEREXAMPLE)
