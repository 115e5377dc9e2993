"""Holds the interpreter in C: a regular expression that tries every split, in an answer."""
# points: 9
# over: LENGTH = 60
# under: LENGTH = 12

import re

honest = correlate1d


def correlate1d(signal, kernel):
    re.match(r"(a|aa)+$", "a" * LENGTH + "b")
    return honest(signal, kernel)
