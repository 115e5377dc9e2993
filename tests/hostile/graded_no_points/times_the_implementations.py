"""Tells implementations apart by how long each takes, and knows nothing of what is right."""
# tries: 3

import time

import numpy as np

IMAGE, KERNEL = np.ones((32, 32)), np.ones((5, 5))
times = []


def test_correlate2d(correlate2d):
    best = np.inf
    for _ in range(12):
        started = time.perf_counter()
        try:
            correlate2d(IMAGE, KERNEL)
        except Exception:
            pass
        best = min(best, time.perf_counter() - started)
    times.append(best)
    assert sum(best < other for other in times) % 2
