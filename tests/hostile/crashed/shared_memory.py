"""Writes to more shared memory than there is: the kernel then ends the process."""
# over: MEBIBYTES = 20
# under: MEBIBYTES = 7

import mmap
import os

count = 1 if MEBIBYTES < 8 else 3
for number in range(count):
    with open(f"/dev/shm/piece{number}", "w+b") as file:
        os.ftruncate(file.fileno(), 7 * 1024 * 1024)
        held = mmap.mmap(file.fileno(), 7 * 1024 * 1024)
        for place in range(0, len(held), 4096):
            held[place] = 1
    os.unlink(f"/dev/shm/piece{number}") if count == 1 else None
