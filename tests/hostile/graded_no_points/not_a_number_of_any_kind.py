"""Answers with NaN of every payload, infinities of both signs and negative zeros."""

import numpy as np

payloads = np.arange(0x7FF8000000000001, 0x7FF8000000000400, dtype=np.uint64).view(np.float64)


def correlate1d(signal, kernel):
    return np.resize(payloads, len(signal) - len(kernel) + 1)


def correlate2d(image, kernel):
    return np.full(np.subtract(image.shape, kernel.shape) + 1, -np.inf)


def match_template(image, template):
    return np.nan, np.inf


def edge_kernel():
    return np.full((3, 3), -0.0)
