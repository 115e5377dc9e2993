"""Types commands into the instructor's terminal, and takes it away."""

import fcntl
import os
import termios

for place in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1", "/dev/ptmx"):
    try:
        terminal = os.open(place, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        continue
    if place == "/dev/ptmx":  # a new one of its own harms nobody
        os.close(terminal)
        continue
    fcntl.ioctl(terminal, termios.TIOCSTI, b"\n")
    raise SystemError(f"ESCAPED: typed into {place}")
