"""Holds the interpreter in C: a power with more digits than there is time for, in an answer."""
# points: 9
# over: EXPONENT = 60_000_000
# under: EXPONENT = 10_000

honest = correlate1d


def correlate1d(signal, kernel):
    7**EXPONENT
    return honest(signal, kernel)
