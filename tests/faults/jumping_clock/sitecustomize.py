"""A wall clock that jumps: each look at it is years off, to and fro. The steady clock is left alone."""

import time

JUMPS = (0.0, 4e8, -9e8, 2e9, -1e8)  # seconds
_steps = iter(range(10**9))
_true_time = time.time


def _time() -> float:
    return _true_time() + JUMPS[next(_steps) % len(JUMPS)]


def _time_ns() -> int:
    return int(_time() * 1e9)


time.time, time.time_ns = _time, _time_ns
