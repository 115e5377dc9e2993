"""Answers with arrays that are huge, empty, of objects, of records, or full of NaN."""

import numpy as np


def correlate1d(signal, kernel):
    return np.broadcast_to(np.float64(np.nan), (len(signal) - len(kernel) + 1,))


def correlate2d(image, kernel):
    return np.zeros((0, 2**40))


def match_template(image, template):
    return np.array([(0, 0)], dtype="i4,i4")
