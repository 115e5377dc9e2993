"""Windows as columns, kernels as rows, one matrix product: how libraries compute a convolution on a CPU.

With few kernels the product would be a thin one, slower than copying its columns. Then a *band* of several
output rows is made at once: the kernel matrix holds every kernel once per row of the band, each shifted by
the stride, a banded Toeplitz matrix. It multiplies some zeros, and reads every column only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.reference.algorithms.columns import Block, Columns, as_volume
from coursekit.reference.algorithms.threads import run_blocks, threads_for
from coursekit.reference.arrays import has_nan, matmul_into
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

BUFFER = 1 << 21  # bytes of columns of each thread: they stay in or near the core's own cache
MULTIPLICATIONS = 1 << 14  # of one matrix product: enough to hide what starting it costs
THREADED = 1 << 22  # multiplications from which further threads pay
WANTED_ROWS = 8  # of the kernel matrix, so that its product with the columns is not a thin one


def im2col(given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias."""
    xp, groups = given.xp, given.groups
    batch, kernels = given.image.shape[0], given.kernel.shape[0]
    out = xp.empty((batch, kernels, *windows.positions), dtype=given.image.dtype)
    if out.size == 0:
        return out
    threads = threads_for(xp, given.multiplications(windows.position_count), THREADED)
    if windows.is_pointwise:
        _pointwise(given, out, threads)
        return out
    volume = as_volume(windows)
    image = xp.reshape(given.image, (batch, groups, -1, *volume.spatial))
    results = xp.reshape(out, (batch, groups, kernels // groups, *volume.positions))
    band = band_rows(kernels // groups, volume)
    if band > 1:
        with np.errstate(invalid="ignore"):
            _fill(given, image, volume, results, band=band, threads=threads)
        if not has_nan(xp, out):
            return out
        # The zeros of the band times a NaN or an infinity are NaN, in rows that do not see it.
    _fill(given, image, volume, results, band=1, threads=threads)
    return out


def _fill(given: Operands, image: Any, volume: Windows, results: Any, *, band: int, threads: int) -> None:
    """Fill `results` (N, G, F // G, D, H, W) from `image` (N, G, C // G, D, H, W)."""
    columns = Columns(
        given.xp, image, volume, kernels=results.shape[2], band=band, limit=BUFFER, wanted=MULTIPLICATIONS
    )
    matrix = kernel_matrix(given, volume, band)

    def work(blocks: Sequence[Block]) -> None:
        products = None
        for block, buffer in columns.filled(blocks):
            products = _multiply(given.xp, matrix, buffer, columns, block, results, products)

    run_blocks(work, columns.blocks(), threads=threads)


def band_rows(kernels: int, windows: Windows) -> int:
    """Return how many output rows one product makes: 1 unless there are few kernels (of a group)."""
    if windows.dilation[1] > 1:
        return 1
    return max(1, min(WANTED_ROWS // kernels, windows.positions[1]))


def kernel_matrix(given: Operands, windows: Windows, band: int) -> Any:
    """Return the matrix (G, band * F // G, taps) whose product with the columns is a band of the output.

    Its row (j, f) holds kernel f, moved down by j strides; its columns are numbered as the buffer of
    `Columns`: rows of the band's windows, then depth, channel and column of the kernel.
    """
    xp, groups = given.xp, given.groups
    kernels = given.kernel.shape[0] // groups
    stride, rows = windows.stride[1], windows.taps[1]
    kernel = xp.reshape(given.kernel, (groups, kernels, -1, *windows.taps))
    kernel = xp.permute_dims(kernel, (0, 1, 4, 3, 2, 5))  # groups, kernels, rows, depth, channels, columns
    seen = (band - 1) * stride + rows
    matrix = xp.zeros((groups, band, kernels, seen, *kernel.shape[3:]), dtype=kernel.dtype)
    for j in range(band):
        matrix[:, j, :, j * stride : j * stride + rows, ...] = kernel
    return xp.reshape(matrix, (groups, band * kernels, -1))


def _multiply(
    xp: Any, matrix: Any, buffer: Any, columns: Columns, block: Block, results: Any, products: Any
) -> Any:
    """Fill the part of `results` (N, G, F // G, D, H, W) that `block` covers.

    `products` is what the call before returned: memory to use again.
    """
    band, images, width = columns.band, buffer.shape[-2], buffer.shape[-1]
    place = block.part_of(results)
    matrix = matrix[slice(*block.groups), ...]
    windows = columns.bands(block, buffer)
    if images == 1 and band == 1:
        matmul_into(xp, matrix, windows, xp.permute_dims(place[0, ...], (2, 0, 1, 3)))
        return products
    # All bands first, then one copy with long runs: the rows of an image lie together in the result.
    count = windows.shape[0]
    shape = (count, *matrix.shape[:2], images * width)
    if products is None or products.shape != shape:
        products = xp.empty(shape, dtype=results.dtype)
    matmul_into(xp, matrix, windows, products)
    parts = xp.reshape(products, (count, matrix.shape[0], band, -1, images, width))
    if band == 1:
        place[...] = xp.permute_dims(parts[:, :, 0, ...], (3, 1, 2, 0, 4))
        return products
    for index in range(count):
        rows = place[..., index * band : min((index + 1) * band, place.shape[3]), :]
        rows[...] = xp.permute_dims(parts[index, :, : rows.shape[3], ...], (3, 0, 2, 1, 4))
    return products


def _pointwise(given: Operands, out: Any, threads: int) -> None:
    """Fill `out` for a kernel of one tap: the image is its own matrix of columns."""
    xp, groups = given.xp, given.groups
    batch, kernels = out.shape[:2]
    matrix = xp.reshape(given.kernel, (groups, kernels // groups, -1))
    image = xp.reshape(given.image, (batch, groups, given.image.shape[1] // groups, -1))
    results = xp.reshape(out, (batch, groups, kernels // groups, -1))

    def work(images: Sequence[int]) -> None:
        block = slice(images[0], images[-1] + 1)
        matmul_into(xp, matrix, image[block, ...], results[block, ...])

    run_blocks(work, range(batch), threads=threads)
