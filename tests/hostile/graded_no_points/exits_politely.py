"""Raises SystemExit, KeyboardInterrupt and GeneratorExit, in cells and in answers."""

import sys


def correlate1d(signal, kernel):
    sys.exit(0)


def correlate2d(image, kernel):
    raise KeyboardInterrupt


def match_template(image, template):
    raise GeneratorExit


def edge_kernel():
    raise BaseExceptionGroup("all", [SystemExit(11)])


quit()
