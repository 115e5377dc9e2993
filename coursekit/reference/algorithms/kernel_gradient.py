"""The gradient of a kernel: the gradients of the windows times the windows' columns, summed over all windows.

The same columns that im2col multiplies by the kernel are multiplied by the gradient, band by band. The
products of a band are the gradient of im2col's kernel matrix; what each tap gets is the sum of its copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from coursekit.reference.algorithms.columns import Block, Columns, as_volume
from coursekit.reference.algorithms.im2col import BUFFER, THREADED, band_rows
from coursekit.reference.algorithms.threads import run_blocks, threads_for
from coursekit.reference.windows import Windows

# Of one matrix product: more than im2col wants, as each product is added to a sum as large as itself.
MULTIPLICATIONS = 1 << 24
PRODUCTS = 1 << 18  # numbers in the products that are made in one call, before they are added


def kernel_gradient(xp: Any, gradient: Any, image: Any, windows: Windows, groups: int) -> Any:
    """Return the kernel's gradient (F, C // groups, *taps).

    gradient : (N, F, *positions); image : (N, C, *spatial), in the same dtype
    """
    (batch, channels), kernels = image.shape[:2], gradient.shape[1]
    multiplications = batch * kernels * (channels // groups) * windows.window_size * windows.position_count
    threads = threads_for(xp, multiplications, THREADED)
    if windows.is_pointwise:
        found = _pointwise(xp, gradient, image, groups, threads)
        return xp.reshape(found, (kernels, channels // groups, *windows.taps))
    volume = as_volume(windows)
    in_group = channels // groups
    pixels = xp.reshape(image, (batch, groups, in_group, *volume.spatial))
    sent = xp.reshape(gradient, (batch, groups, kernels // groups, *volume.positions))
    band = band_rows(kernels // groups, volume)
    columns = Columns(
        xp, pixels, volume, kernels=kernels // groups, band=band, limit=BUFFER, wanted=MULTIPLICATIONS
    )
    depth_taps, row_taps, column_taps = volume.taps
    in_row = depth_taps * in_group * column_taps
    shape = (groups, columns.buffer_rows(band) * in_row, band * (kernels // groups))

    def work(blocks: Sequence[Block]) -> Any:
        mine = xp.zeros(shape, dtype=image.dtype)
        for block, buffer in columns.filled(blocks):
            _add_block(xp, mine[slice(*block.groups), ...], sent, buffer, columns, block)
        return mine

    total = _in_order(run_blocks(work, columns.blocks(), threads=threads))
    stride = volume.stride[1]
    total = xp.reshape(total, (groups, -1, in_row, band, kernels // groups))
    found = total[:, :row_taps, :, 0, :]
    for j in range(1, band):
        found = found + total[:, j * stride : j * stride + row_taps, :, j, :]
    # From the order of the columns (rows, depth, channels, columns of the kernel) to the kernel's own.
    found = xp.reshape(found, (groups, row_taps, depth_taps, in_group, column_taps, kernels // groups))
    return xp.reshape(xp.permute_dims(found, (0, 5, 3, 2, 1, 4)), (kernels, in_group, *windows.taps))


def _in_order(parts: list[Any]) -> Any:
    """Return the sum of `parts`, always in the same order: threads must not decide the last bit."""
    total, *others = parts
    for part in others:
        total = total + part
    return total


def _pointwise(xp: Any, gradient: Any, image: Any, groups: int, threads: int) -> Any:
    """Return the gradient (G, F // G, C // G) of a 1x1 kernel: the pixels are their own columns."""
    (batch, channels), kernels = image.shape[:2], gradient.shape[1]
    count = prod(image.shape[2:])
    pixels = xp.reshape(image, (batch, groups, channels // groups, count))
    sent = xp.reshape(gradient, (batch, groups, kernels // groups, count))

    def work(images: Sequence[int]) -> Any:
        mine = xp.zeros((groups, kernels // groups, channels // groups), dtype=image.dtype)
        for n in images:
            mine += xp.matmul(sent[n, ...], xp.permute_dims(pixels[n, ...], (0, 2, 1)))
        return mine

    return _in_order(run_blocks(work, range(batch), threads=threads))


def _add_block(xp: Any, total: Any, sent: Any, buffer: Any, columns: Columns, block: Block) -> None:
    """Add to `total` (G, taps, band * F // G) the columns of the block's bands times their gradients."""
    windows = columns.bands(block, buffer)
    gradients = _in_bands(xp, block.part_of(sent), windows.shape[0], columns.band)
    chunk = max(1, PRODUCTS // total.size)
    for first in range(0, windows.shape[0], chunk):
        stop = min(first + chunk, windows.shape[0])
        products = xp.matmul(windows[first:stop, ...], gradients[first:stop, ...])
        total[...] = total + xp.sum(products, axis=0)


def _in_bands(xp: Any, part: Any, count: int, band: int) -> Any:
    """Return gradients (images, G, F // G, rows, columns) as (bands, G, windows, band * F // G).

    The rows that the last band lacks have gradient 0.
    """
    images, groups, kernels, rows, width = part.shape
    dealt = xp.zeros((count, groups, band, kernels, images, width), dtype=part.dtype)
    for j in range(min(band, rows)):
        found = xp.permute_dims(part[:, :, :, j::band, :], (3, 1, 2, 0, 4))
        dealt[: found.shape[0], :, j, ...] = found
    return xp.permute_dims(xp.reshape(dealt, (count, groups, band * kernels, -1)), (0, 1, 3, 2))
