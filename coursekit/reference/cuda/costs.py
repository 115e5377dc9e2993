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
from coursekit.reference.cuda.layer import Layer
from coursekit.reference.cuda.products import BUFFER, is_own_matrix


@dataclass(frozen=True)
class Costs:
    """The estimated seconds of each algorithm for one correlation."""

    layer: Layer

    def seconds(self, name: str) -> float:
        """Return the estimate for algorithm `name`."""
        estimate: float = getattr(self, f"_{name}")()
        return estimate

    @property
    def _outputs(self) -> int:
        return prod(self.layer.output_shape)

    @property
    def _item(self) -> int:
        return int(self.layer.dtype.itemsize)

    def _by_threads(self, share: float) -> float:
        """One thread for an output, which reaches a share of the arithmetic if there are enough outputs."""
        full = min(1.0, max(1, self._outputs) / (rates.PROCESSORS * rates.THREADS_WANTED))
        products = self._outputs * self.layer.depth / (rates.PRODUCTS[self._item] * share * full)
        return rates.LAUNCH + max(products, rates.moved(self.layer))

    def _naive(self) -> float:
        return self._by_threads(rates.NAIVE)

    def _shared_tile(self) -> float:
        kernels = min(KERNELS_TOGETHER, self.layer.kernels)
        return self._by_threads(rates.SHARED_TILE * kernels / (kernels + 1))

    def _depthwise(self) -> float:
        several = self.layer.windows.positions[0] >= MOST_OUTPUTS
        return self._by_threads(rates.DEPTHWISE if several else rates.NAIVE)

    def _implicit_gemm(self) -> float:
        return schedule(self.layer).seconds

    def _direct(self) -> float:
        """Each tap of each channel is two passes over the output: a product, and an addition."""
        passes = 2 * self.layer.depth
        return passes * max(rates.CALL, 3 * self._outputs * self._item / rates.BYTES)

    def _im2col(self) -> float:
        """The columns are written and read, the products written and copied."""
        layer = self.layer
        products = self._outputs * layer.depth / rates.MATRIX_PRODUCTS[self._item]
        if is_own_matrix(layer):
            return max(rates.CALL, products, rates.moved(layer))
        columns = layer.batch * layer.groups * layer.depth * layer.windows.position_count * self._item
        calls = 4 * -(-columns // BUFFER) * rates.CALL
        cached = 2 * columns + 2 * self._outputs * self._item
        return max(calls, rates.moved(layer) + products + cached / rates.CACHED_BYTES)

    def _winograd(self) -> float:
        """Tiles of pixels and of products are written and read; at the end it is seen if all is finite."""
        layer = self.layer
        tiles = layer.batch * prod(-(-size // 2) for size in layer.windows.positions)
        item = max(4, self._item)
        transformed = 16 * tiles * layer.groups * (layer.channels + layer.kernels) * item
        products = 16 * tiles * layer.groups * layer.kernels * layer.channels / rates.MATRIX_PRODUCTS[item]
        calls = (1 + 3 * -(-transformed // BUFFER)) * rates.CALL
        checked = 3 * rates.CALL + self._outputs * self._item / rates.BYTES
        worked = rates.moved(layer) + products + 2 * transformed / rates.CACHED_BYTES
        return max(calls, worked) + checked

    def _fft(self) -> float:
        """The blocks of fft.py: transforms, each a few passes through memory, and complex products."""
        layer, windows = self.layer, self.layer.windows
        spectra = layer.groups * layer.kernels * layer.channels
        padded, spans = windows.padded, windows.spans
        block = block_shape(padded, spans, spectra, rates.FFT_BUTTERFLIES, rates.FFT_SPECTRA)
        blocks = layer.batch * block_count(block, padded, spans)
        planes = layer.groups * (layer.channels + layer.kernels)
        numbers = blocks * planes * prod(block) + spectra * prod(block)
        passed = rates.FFT_PASSES * numbers * max(4, self._item) / rates.BYTES
        butterflies = 4 * layer.batch * planes * work_of(block, padded, spans) / rates.PRODUCTS[self._item]
        products = 2 * blocks * spectra * prod(block) / rates.PRODUCTS[self._item]
        return max(blocks * rates.FFT_CALLS * rates.CALL, max(passed, butterflies) + products)
