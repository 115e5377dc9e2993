"""Answers with arrays that hold nothing, along axes of every length, and with too many axes."""

import numpy as np


def correlate1d(signal, kernel):
    return np.zeros((0, 2**62))


def correlate2d(image, kernel):
    return np.zeros((2**40, 0))


def match_template(image, template):
    return np.zeros((1,) * 32)


def edge_kernel():
    return np.zeros((0, 0))
