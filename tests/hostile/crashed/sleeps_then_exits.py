"""Ends its process, by every way out, while a question waits for its answer."""

import ctypes
import os
import sys


def correlate1d(signal, kernel):
    os._exit(0)


def correlate2d(image, kernel):
    sys.exit(0)


def match_template(image, template):
    ctypes.string_at(0)
