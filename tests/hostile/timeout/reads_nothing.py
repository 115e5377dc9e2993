"""Stops reading its questions, in a child that holds the channel while the parent sleeps."""
# points: 9

import time

honest = correlate1d


def correlate1d(signal, kernel):
    while True:
        time.sleep(1)
