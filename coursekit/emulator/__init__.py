"""Runs CUDA kernels without a GPU: on NumPy arrays, every access counted and checked for bounds and races.

It is exact about what a kernel does. It says nothing of how long that takes on a GPU.
"""

from coursekit.emulator.counts import ArrayCounts, Counts, SharedCounts
from coursekit.emulator.device import EmulatedDevice
from coursekit.emulator.errors import KernelError
from coursekit.emulator.operations import Emulated, correlate, source
from coursekit.emulator.run import run_kernel

__all__ = [
    "ArrayCounts",
    "Counts",
    "Emulated",
    "EmulatedDevice",
    "KernelError",
    "SharedCounts",
    "correlate",
    "run_kernel",
    "source",
]
