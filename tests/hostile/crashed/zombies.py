"""Starts children and never takes their exit status: each stays in the kernel's table."""
# or: graded
# over: COUNT = 500
# under: COUNT = 6

import os
import time

for _ in range(COUNT):
    try:
        if os.fork() == 0:
            os._exit(0)
    except OSError:
        break
time.sleep(0.5)
