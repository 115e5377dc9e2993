"""Forks as often as it can."""
# or: graded
# over: COUNT = 500
# under: COUNT = 6

import os
import time

for _ in range(COUNT):
    try:
        if os.fork() == 0:
            time.sleep(3 if COUNT > 100 else 0.1)
            os._exit(0)
    except OSError:
        time.sleep(0.5)
        break
