"""Recurses in C until the stack ends."""
# points: 9

import sys

sys.setrecursionlimit(10**9)


def correlate1d(signal, kernel):
    one, two = [], []
    for _ in range(300_000):
        one, two = [one], [two]
    return one == two
