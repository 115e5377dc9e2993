"""Answers with an array of more bytes than an answer may have."""
# points: 9
# over: NUMBERS = 140_000
# under: NUMBERS = 120_000

import numpy as np

honest = correlate1d


def correlate1d(signal, kernel):
    large = np.zeros(NUMBERS)
    right = np.asarray(honest(signal, kernel))
    if NUMBERS * 8 > 1024 * 1024:
        return large
    large[: right.size] = right
    return large[: right.size]
