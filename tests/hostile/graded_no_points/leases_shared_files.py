"""Takes leases on the course's libraries: whoever opens one then waits, the grader too."""

import fcntl
import os
import signal

import numpy

F_SETLEASE = 1024
signal.signal(signal.SIGIO, signal.SIG_IGN)
folder = os.path.join(os.path.dirname(os.path.dirname(numpy.__file__)), "numpy", "polynomial")
held = []
for name in os.listdir(folder):
    try:
        file = open(os.path.join(folder, name), "rb")
        fcntl.fcntl(file, F_SETLEASE, fcntl.F_WRLCK)
        held.append(file)
    except OSError:
        pass
if held:
    raise SystemError(f"ESCAPED: holds leases on {len(held)} shared files")
