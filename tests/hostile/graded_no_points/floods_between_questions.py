"""A thread prints on while questions are asked, and a child that holds the channel uses a processor."""

import os
import threading
import time


def print_on():
    end = time.monotonic() + 2
    while time.monotonic() < end:
        print("8\n8.0\n" * 10)
        time.sleep(0.001)


threading.Thread(target=print_on, daemon=True).start()
if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        pass
    os._exit(0)
