"""Winograd's F(2x2, 3x3): four outputs of a 3x3 kernel for 16 multiplications instead of 36.

Each tile of 2x2 outputs reads 4x4 pixels d. With small constant matrices A, B and G

    outputs = A^T [ (G k G^T) * (B^T d B) ] A        (* entry by entry)

so that, with channels, 16 matrix products per tile remain where the definition needs 36. The transforms of
the pixels and of the outputs cost additions: it pays with many channels.

Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.algorithms.threads import run_blocks, threads_for
from coursekit.reference.arrays import is_integer, item_size, largest_magnitude, matmul_into
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

BT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
TWICE_G = np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]])  # whole numbers: exact for integers
AT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
BUFFER = 1 << 20  # bytes of transformed tiles of each thread: they stay in the core's own cache
WANTED_TILES = 48  # columns of one matrix product, even where they take more than the buffer
EXACT = 2**61  # four times a whole number below fits into int64
THREADED = 1 << 22  # multiplications from which further threads pay


def suits(windows: Windows) -> str | None:
    """Return None where the algorithm can be used, else the reason why not."""
    if windows.taps != (3, 3):
        return f"it needs a 3x3 kernel; the taps are {windows.taps}"
    if windows.stride != (1, 1) or windows.dilation != (1, 1):
        return f"it needs stride 1 and dilation 1; got {windows.stride} and {windows.dilation}"
    return None


def winograd(given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias. Exact for integers.

    Raises
    ------
    ParameterError
        The kernel is not 3x3, or stride or dilation is not 1, or integers are so large that four times a
        sum may not fit into 64 bits.
    """
    reason = suits(windows)
    if reason is not None:
        raise ParameterError(f"algorithm='winograd' cannot compute this: {reason}")
    if is_integer(given.xp, given.image.dtype):
        _refuse_inexact(given)
    xp, groups = given.xp, given.groups
    (batch, channels), kernels = given.image.shape[:2], given.kernel.shape[0]
    dtype = given.image.dtype
    pixels, taps, outputs = (xp.asarray(np.kron(m, m), dtype=dtype) for m in (BT, TWICE_G, AT))
    kernel = xp.matmul(taps, xp.reshape(xp.permute_dims(given.kernel, (2, 3, 0, 1)), (9, -1)))
    if not is_integer(xp, dtype):
        kernel = kernel / 4  # of TWICE_G, squared
    kernel = xp.reshape(kernel, (16, groups, kernels // groups, -1))
    out = xp.empty((batch, kernels, *windows.positions), dtype=dtype)
    tile_rows, tile_columns = (-(-size // 2) for size in windows.positions)
    rows = _rows_together(given, tile_rows, tile_columns + 1)
    blocks = [(n, first) for n in range(batch) for first in range(0, tile_rows, rows)]

    def work(share: Sequence[tuple[int, int]]) -> None:
        tiles = _Tiles(xp, given, windows, rows, tile_columns + 1)
        count = rows * (tile_columns + 1)
        transformed = xp.empty((16, channels * count), dtype=dtype)
        products = xp.empty((16, groups, kernels // groups, count), dtype=dtype)
        for n, first in share:
            matmul_into(xp, pixels, xp.reshape(tiles.of(n, first), (16, -1)), transformed)
            in_groups = xp.reshape(transformed, (16, groups, channels // groups, count))
            matmul_into(xp, kernel, in_groups, products)
            values = xp.matmul(outputs, xp.reshape(products, (16, -1)))
            values = values // 4 if is_integer(xp, dtype) else values
            _interleave(xp.reshape(values, (2, 2, kernels, rows, -1)), out[n, ...], 2 * first)

    multiplications = given.multiplications(windows.position_count)
    run_blocks(work, blocks, threads=threads_for(xp, multiplications, THREADED))
    return out


def _rows_together(given: Operands, tile_rows: int, width: int) -> int:
    """Return how many rows of tiles are transformed together: what fits the cache, or fills a product."""
    channels, kernels = given.image.shape[1], given.kernel.shape[0]
    fitting: int = BUFFER // (16 * (channels + kernels) * width * item_size(given.image.dtype))
    return max(1, min(tile_rows, max(fitting, -(-WANTED_TILES // width))))


def _refuse_inexact(given: Operands) -> None:
    """Raise ParameterError unless four times every sum fits into int64, so that dividing by 4 is exact."""
    terms = given.kernel.size // given.kernel.shape[0]
    largest = largest_magnitude(given.xp, given.image) * largest_magnitude(given.xp, given.kernel) * terms
    if largest >= EXACT:
        raise ParameterError(
            "algorithm='winograd' divides four times each sum by 4, so integers must give sums below 2^61; "
            f"a sum may be {largest:.3g}; use algorithm='direct' or 'im2col'"
        )


class _Tiles:
    """The 4x4 pixels of all tiles in `rows` rows of tiles, entry by entry: an array (2, 2, 2, 2, C, tiles).

    Entry (i, j) is at [i // 2, i % 2, j // 2, j % 2].

    The padded image is parted into four planes, of even and odd rows and columns. In a plane, the pixels
    (i, j) of all tiles lie one after the other, so that each entry is one long copy. A row of tiles is
    followed by one tile that hangs over the edge: its values are never used.
    """

    def __init__(self, xp: Any, given: Operands, windows: Windows, rows: int, width: int) -> None:
        self.xp, self.image, self.windows = xp, given.image, windows
        self.rows, self.width = rows, width
        channels, dtype = given.image.shape[1], given.image.dtype
        self.window = xp.zeros((channels, 2 * (rows + 1), 2 * width), dtype=dtype)
        self.entries = xp.zeros((2, 2, 2, 2, channels, rows * width), dtype=dtype)

    def of(self, n: int, first: int) -> Any:
        """Return the entries of image `n`, from row `first` of tiles; valid until the next call."""
        xp, ((top, _), (left, _)) = self.xp, self.windows.padding
        (height, width), channels = self.windows.spatial, self.window.shape[0]
        start = 2 * first - top  # image row of the window's first row
        begin, end = max(0, -start), max(0, min(2 * (self.rows + 1), height - start))
        shown = min(width, 2 * self.width - left)
        self.window[:, :begin, :] = 0
        self.window[:, end:, :] = 0
        if end > begin:
            pixels = self.image[n, :, start + begin : start + end, :shown]
            self.window[:, begin:end, left : left + shown] = pixels
        parted = xp.reshape(self.window, (channels, self.rows + 1, 2, self.width, 2))
        planes = xp.reshape(xp.permute_dims(parted, (2, 4, 0, 1, 3)), (2, 2, channels, -1))
        count = self.rows * self.width
        if hasattr(xp, "lib"):
            # One call for all, during which other threads run: entry i is i // 2 rows down plane i % 2.
            rows, columns, channel, pixel = planes.strides
            shape = (2, 2, 2, 2, channels, count - 1)
            strides = (self.width * pixel, rows, pixel, columns, channel, pixel)
            self.entries[..., :-1] = xp.lib.stride_tricks.as_strided(planes, shape, strides)
            return self.entries
        for i in range(4):
            for j in range(4):
                skipped = (i // 2) * self.width + j // 2
                entry = planes[i % 2, j % 2, :, skipped : skipped + count - 1]
                self.entries[i // 2, i % 2, j // 2, j % 2, :, :-1] = entry
        return self.entries


def _interleave(values: Any, out: Any, first: int) -> None:
    """Write tiles (2, 2, F, rows, columns) into `out` (F, OH, OW) from row `first` on."""
    height, width = out.shape[1:]
    last = min(height, first + 2 * values.shape[3])
    for i in range(2):
        for j in range(2):
            rows, columns = len(range(first + i, last, 2)), len(range(j, width, 2))
            out[:, first + i : last : 2, j::2] = values[i, j, :, :rows, :columns]
