"""Leaves daemons behind, twice forked, in sessions of their own, that answer for it and write on."""

import os
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir("/tmp")
            for number in range(600):
                with open(f"/dev/shm/daemon{number % 5}", "w") as file:
                    file.write("x" * 1000)
                time.sleep(0.05)
        os._exit(0)
