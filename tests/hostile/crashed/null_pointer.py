"""Reads where no memory is, in an answer."""
# points: 9

import ctypes


def correlate1d(signal, kernel):
    return ctypes.string_at(0)
