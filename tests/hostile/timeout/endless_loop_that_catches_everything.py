"""Loops in a cell, and catches every exception that could end it."""
# points: 9
# over: SECONDS = 60
# under: SECONDS = 0.5

import time

until = time.monotonic() + SECONDS
while time.monotonic() < until:
    try:
        while time.monotonic() < until:
            pass
    except BaseException:
        pass
