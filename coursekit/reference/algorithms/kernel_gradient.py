"""The gradient of a kernel: the gradients of the windows times the windows' columns, summed over all windows.

The same columns that im2col multiplies by the kernel are multiplied by the gradient, output row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from coursekit.reference.algorithms.columns import Block, Columns, as_volume
from coursekit.reference.algorithms.im2col import BUFFER, THREADED
from coursekit.reference.algorithms.threads import run_blocks, thread_count
from coursekit.reference.windows import Windows


def kernel_gradient(xp: Any, gradient: Any, image: Any, windows: Windows, groups: int) -> Any:
    """Return the kernel's gradient (F, C // groups, *taps).

    gradient : (N, F, *positions); image : (N, C, *spatial), in the same dtype
    """
    (batch, channels), kernels = image.shape[:2], gradient.shape[1]
    volume = as_volume(windows)
    in_group = channels // groups
    pixels = xp.reshape(image, (batch, groups, in_group, *volume.spatial))
    sent = xp.reshape(gradient, (batch, groups, kernels // groups, *volume.positions))
    columns = Columns(xp, pixels, volume, kernels=kernels // groups, band=1, limit=BUFFER)
    depth_taps, row_taps, column_taps = volume.taps
    shape = (groups, kernels // groups, row_taps * depth_taps * in_group * column_taps)
    total, lock = xp.zeros(shape, dtype=image.dtype), Lock()

    def work(blocks: Sequence[Block]) -> None:
        mine = xp.zeros(shape, dtype=image.dtype)
        for block, buffer in columns.filled(blocks):
            mine += _of_block(xp, sent, buffer, columns, block)
        with lock:
            total[...] = total + mine

    multiplications = batch * kernels * in_group * windows.window_size * windows.position_count
    threads = thread_count() if xp is np and multiplications >= THREADED else 1
    run_blocks(work, columns.blocks(), threads=threads)
    # From the order of the columns (rows, depth, channels, columns of the kernel) to the kernel's own.
    found = xp.reshape(total, (kernels, row_taps, depth_taps, in_group, column_taps))
    found = xp.permute_dims(found, (0, 3, 2, 1, 4))
    return xp.reshape(found, (kernels, in_group, *windows.taps))


def _of_block(xp: Any, sent: Any, buffer: Any, columns: Columns, block: Block) -> Any:
    """Return the sum over the block's windows of gradient times columns: (G, F // G, taps)."""
    rows = range(block.rows[1] - block.rows[0])
    groups, windows = columns.groups, buffer.shape[-2] * buffer.shape[-1]
    seen, stride = columns.buffer_rows(1), columns.windows.stride[1]
    part = sent[slice(*block.images), :, :, block.depth, slice(*block.rows), slice(*block.columns)]
    part = xp.reshape(xp.permute_dims(part, (3, 1, 2, 0, 4)), (len(rows), groups, -1, windows))
    products = (
        xp.matmul(
            part[row, ...],
            xp.permute_dims(
                xp.reshape(buffer[:, row * stride : row * stride + seen, ...], (groups, -1, windows)),
                (0, 2, 1),
            ),
        )
        for row in rows
    )
    total = next(products)
    for product in products:
        total += product
    return total
