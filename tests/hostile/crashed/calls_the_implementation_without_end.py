"""Asks its implementation more than anyone needs, with as much as a message holds."""

import numpy as np


def test_correlate2d(correlate2d):
    while True:
        try:
            correlate2d(np.ones((1000, 1000)), np.ones((1, 1)))
        except ValueError:
            correlate2d(np.ones((32, 32)), np.full((32, 32), np.nan))
