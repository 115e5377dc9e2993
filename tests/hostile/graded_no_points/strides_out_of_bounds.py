"""Answers with views of negative, zero and overlapping strides, and with one that reaches into other memory."""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def correlate1d(signal, kernel):
    return signal[::-1][: len(signal) - len(kernel) + 1]


def correlate2d(image, kernel):
    return as_strided(image[::-1, ::-1], np.subtract(image.shape, kernel.shape) + 1, (0, 0))


def match_template(image, template):
    return as_strided(np.zeros(1), (2,), (1,))


def edge_kernel():
    return as_strided(np.zeros(1), (3, 3), (8, 8), writeable=False)
