"""What a GPU does in a second: the numbers by which an algorithm, and the tiles of its kernels, are chosen.

They are of the data sheet of an NVIDIA H200, times the share that such kernels reach, or counted from a
kernel's instructions. No kernel of ours was measured yet: benchmarks on a GPU shall replace them.
Other cards have other numbers, but much the same ratios. A wrong guess costs time, never a wrong number.
"""

from __future__ import annotations

from coursekit.reference.cuda.layer import LayerShape

PROCESSORS = 132  # multiprocessors
WARPS_WANTED = 12  # of a multiprocessor, from which the waits of one are hidden by others
# Products with an addition per second, by the bytes of a number: kernels of ours do not use the tensor cores.
PRODUCTS = {2: 29e12, 4: 29e12, 8: 14e12}
# The same in a matrix product of cuBLAS, which takes the tensor cores for 16 and 64 bits.
MATRIX_PRODUCTS = {2: 250e12, 4: 25e12, 8: 25e12}
BYTES = 3.8e12  # read or written in memory per second
CACHED_BYTES = 5e12  # the same where an array that fits the cache is read soon after it is written
LAUNCH = 4e-6  # seconds from one kernel to the next, at least
CALL = 12e-6  # seconds of Python for one call of the array library, or of a kernel, about
NAIVE = 0.07  # share of PRODUCTS: two reads and about ten more instructions for one product
SHARED_TILE = 0.15  # the same, times k / (k + 1): for k products 1 + k reads of shared memory
DEPTHWISE = 0.2  # the same: a read for several products, where there are outputs below each other
THREADS_WANTED = 1024  # of a multiprocessor, from which the waits of one are hidden by others
FFT_PASSES = 8  # through memory for the transform of a block and back, with the copies around it
FFT_CALLS = 9  # of the array library for a block
FFT_BUTTERFLIES = 1e8  # that take as long as these calls: blocks are larger than on a CPU
FFT_SPECTRA = 1 << 29  # bytes that the spectra of all kernels may take


def moved(shape: LayerShape) -> float:
    """Return the seconds in which the memory moves the image, the kernels and the output once."""
    return (shape.pixels + shape.weights + shape.outputs) * shape.item / BYTES
