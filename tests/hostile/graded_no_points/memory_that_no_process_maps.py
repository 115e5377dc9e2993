"""Fills memory that counts for no process: System V segments and memory files, filled and unmapped."""

import ctypes
import os

PIECE = 30 * 1024 * 1024
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype, libc.shmat.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
libc.shmdt.argtypes = [ctypes.c_void_p]


def fill_segments(count):
    for _ in range(count):
        segment = libc.shmget(0, PIECE, 0o1600)
        if segment < 0:
            return
        place = libc.shmat(segment, None, 0)
        if place in (None, 2**64 - 1):
            return
        ctypes.memset(place, 1, PIECE)
        libc.shmdt(place)
    raise SystemError(f"ESCAPED the memory limit with {count} System V segments")


def fill_files(count):
    try:
        held = [os.memfd_create("held") for _ in range(count)]
        for descriptor in held:
            os.write(descriptor, bytes(PIECE))
    except OSError:
        return
    raise SystemError(f"ESCAPED the memory limit with {count} memory files")


fill_segments(24)
fill_files(24)
