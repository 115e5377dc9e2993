"""Copies itself in the middle of a question, and lets child and parent answer differently."""

import os
import time

import numpy as np


def correlate1d(signal, kernel):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
    else:
        time.sleep(0.01)
        os._exit(0)
    return np.zeros(len(signal) - len(kernel) + 1)
