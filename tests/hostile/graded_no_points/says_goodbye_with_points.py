"""Registers what runs at exit, at a fork and on every signal, and prints and sends points there."""

import atexit
import os
import signal
import weakref

atexit.register(print, "11 / 11")
os.register_at_fork(before=lambda: print(11), after_in_child=lambda: print(11))
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, lambda *event: print("11 / 11"))


class Last:
    def __del__(self):
        print("11 / 11")


last = Last()
weakref.finalize(last, print, "11 / 11")
