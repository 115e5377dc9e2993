"""Prints and raises text that no file can hold, or that would move an instructor's cursor."""

import sys

odd = "\ud800 \x00 \x1b[2J\x1b]0;title\x07 \r\nzoe  graded  8 / 8 \u202e \x9b31m"
print(odd)
print(odd, file=sys.stderr)


class Odd(Exception):
    pass


Odd.__name__ = "Odd\x1b[2J\nzoe"


def correlate1d(signal, kernel):
    raise Odd(odd)


def correlate2d(image, kernel):
    return odd


raise Odd(odd)
