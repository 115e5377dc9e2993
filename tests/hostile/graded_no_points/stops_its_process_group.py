"""Stops, then kills, its process group: the parent that waits for it outside belongs to the same one."""

import os
import signal

os.kill(0, signal.SIGSTOP)


def correlate1d(signal, kernel):
    os.kill(0, 9)
    return 0


def correlate2d(image, kernel):
    os.kill(0, 19)
    return 0
