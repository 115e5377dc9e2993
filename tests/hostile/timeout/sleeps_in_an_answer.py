"""Sleeps in its first answer, longer than a question may take."""
# points: 9
# over: SECONDS = 12
# under: SECONDS = 0.5

import time

honest, naps = correlate1d, [SECONDS]


def correlate1d(signal, kernel):
    time.sleep(naps.pop() if naps else 0)
    return honest(signal, kernel)
