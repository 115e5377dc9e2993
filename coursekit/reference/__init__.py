"""The reference operations, one idea a file; `README.md` beside this file lists them.

Each takes NumPy or CuPy arrays and answers in the same library and on the same device.
"""

from coursekit.reference.average_pool import average_pool
from coursekit.reference.columns import col2im, im2col
from coursekit.reference.conv_transpose import conv_transpose
from coursekit.reference.convolve import convolve
from coursekit.reference.correlate import algorithm_for, correlate
from coursekit.reference.depthwise import depthwise
from coursekit.reference.gabor import gabor, grating
from coursekit.reference.global_pool import (
    global_average_pool,
    global_average_pool_gradient,
    global_max_pool,
    global_max_pool_gradient,
)
from coursekit.reference.gradients import (
    correlate_bias_gradient,
    correlate_gradients,
    correlate_input_gradient,
    correlate_kernel_gradient,
)
from coursekit.reference.matrices import (
    circulant,
    convolve_circular,
    doubly_block_circulant,
    doubly_block_toeplitz,
    toeplitz,
)
from coursekit.reference.max_pool import max_pool, max_pool_with_positions
from coursekit.reference.maxout import maxout, maxout_gradient
from coursekit.reference.pointwise import conv1x1
from coursekit.reference.pool_gradients import average_pool_gradient, max_pool_gradient
from coursekit.reference.relu import relu, relu_gradient
from coursekit.reference.tiled import tiled
from coursekit.reference.unshared import unshared

__all__ = [
    "algorithm_for",
    "average_pool",
    "average_pool_gradient",
    "circulant",
    "col2im",
    "conv1x1",
    "conv_transpose",
    "convolve",
    "convolve_circular",
    "correlate",
    "correlate_bias_gradient",
    "correlate_gradients",
    "correlate_input_gradient",
    "correlate_kernel_gradient",
    "depthwise",
    "doubly_block_circulant",
    "doubly_block_toeplitz",
    "gabor",
    "global_average_pool",
    "global_average_pool_gradient",
    "global_max_pool",
    "global_max_pool_gradient",
    "grating",
    "im2col",
    "max_pool",
    "max_pool_gradient",
    "max_pool_with_positions",
    "maxout",
    "maxout_gradient",
    "relu",
    "relu_gradient",
    "tiled",
    "toeplitz",
    "unshared",
]
