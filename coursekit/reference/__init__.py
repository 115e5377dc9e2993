"""The reference operations, one idea a file.

Each takes NumPy or CuPy arrays and answers in the same library and on the same device.
"""

from coursekit.reference.convolve import convolve
from coursekit.reference.correlate import correlate

__all__ = ["convolve", "correlate"]
