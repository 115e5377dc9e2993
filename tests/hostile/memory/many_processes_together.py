"""Shares a hoard between processes, each under its own limit."""
# points: 9
# over: MEBIBYTES = 110
# under: MEBIBYTES = 15

import os
import time

children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        held = bytearray(b"x") * (MEBIBYTES * 1024 * 1024)
        time.sleep(3 if MEBIBYTES > 100 else 0.2)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
