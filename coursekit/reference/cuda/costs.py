"""What each algorithm costs on a GPU: bytes through memory, products, and calls, at the rates of rates.py.

An algorithm takes as long as the slower of its memory and its arithmetic, as in the roofline model of
Williams, Waterman and Patterson (2009), and at least as long as its calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from coursekit.reference.algorithms.fft import block_count, block_shape, work_of
from coursekit.reference.cuda import rates
from coursekit.reference.cuda.correlate import KERNELS_TOGETHER
from coursekit.reference.cuda.depthwise import MOST_OUTPUTS
from coursekit.reference.cuda.implicit_gemm import schedule
from coursekit.reference.cuda.layer import LayerShape
from coursekit.reference.cuda.products import BUFFER, is_own_matrix


@dataclass(frozen=True)
class Costs:
    """The estimated seconds of each algorithm for one correlation."""

    shape: LayerShape

    def seconds(self, name: str) -> float:
        """Return the estimate for algorithm `name`."""
        estimate: float = getattr(self, f"_{name}")()
        return estimate

    def _by_threads(self, share: float) -> float:
        """One thread for an output, which reaches a share of the arithmetic if there are enough outputs."""
        full = min(1.0, max(1, self.shape.outputs) / (rates.PROCESSORS * rates.THREADS_WANTED))
        products = self.shape.outputs * self.shape.depth / (rates.PRODUCTS[self.shape.item] * share * full)
        return rates.LAUNCH + max(products, rates.moved(self.shape))

    def _naive(self) -> float:
        return self._by_threads(rates.NAIVE)

    def _shared_tile(self) -> float:
        kernels = min(KERNELS_TOGETHER, self.shape.kernels)
        return self._by_threads(rates.SHARED_TILE * kernels / (kernels + 1))

    def _depthwise(self) -> float:
        several = self.shape.windows.positions[0] >= MOST_OUTPUTS
        return self._by_threads(rates.DEPTHWISE if several else rates.NAIVE)

    def _implicit_gemm(self) -> float:
        return schedule(self.shape).seconds

    def _direct(self) -> float:
        """Each tap of each channel is two passes over the output: a product, and an addition."""
        passes = 2 * self.shape.depth
        return passes * max(rates.CALL, 3 * self.shape.outputs * self.shape.item / rates.BYTES)

    def _im2col(self) -> float:
        """The columns are written and read, the products written and copied."""
        shape = self.shape
        products = self.shape.outputs * shape.depth / rates.MATRIX_PRODUCTS[self.shape.item]
        if is_own_matrix(shape):
            copied = 0.0
            if shape.batch > 1:
                copied = rates.LAUNCH + 2 * shape.batch * shape.weights * shape.item / rates.BYTES
            return max(rates.CALL, products, rates.moved(shape)) + copied
        columns = shape.batch * shape.groups * shape.depth * shape.windows.position_count * self.shape.item
        calls = 4 * -(-columns // BUFFER) * rates.CALL
        cached = 2 * columns + 2 * self.shape.outputs * self.shape.item
        return max(calls, rates.moved(shape) + products + cached / rates.CACHED_BYTES)

    def _winograd(self) -> float:
        """Tiles of pixels and of products are written and read, by kernels that wait for each other."""
        shape = self.shape
        tiles = shape.batch * prod(-(-size // 2) for size in shape.windows.positions)
        item = max(4, self.shape.item)
        transformed = 16 * tiles * shape.groups * (shape.channels + shape.kernels) * item
        products = 16 * tiles * shape.groups * shape.kernels * shape.channels / rates.MATRIX_PRODUCTS[item]
        calls = 1 + 3 * -(-transformed // BUFFER)
        worked = rates.moved(shape) + products + 2 * transformed / rates.CACHED_BYTES
        return max(calls * rates.CALL, worked + calls * rates.LAUNCH)

    def _fft(self) -> float:
        """The blocks of fft.py: transforms, each a few passes through memory, and complex products."""
        shape, windows = self.shape, self.shape.windows
        spectra = shape.groups * shape.kernels * shape.channels
        padded, spans = windows.padded, windows.spans
        block = block_shape(padded, spans, spectra, rates.FFT_BUTTERFLIES, rates.FFT_SPECTRA)
        blocks = shape.batch * block_count(block, padded, spans)
        planes = shape.groups * (shape.channels + shape.kernels)
        numbers = blocks * planes * prod(block) + spectra * prod(block)
        passed = rates.FFT_PASSES * numbers * max(4, self.shape.item) / rates.BYTES
        butterflies = (
            4 * shape.batch * planes * work_of(block, padded, spans) / rates.PRODUCTS[self.shape.item]
        )
        products = 2 * blocks * spectra * prod(block) / rates.PRODUCTS[self.shape.item]
        return max(blocks * rates.FFT_CALLS * rates.CALL, max(passed, butterflies) + products)
