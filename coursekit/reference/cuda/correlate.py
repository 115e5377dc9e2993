"""The plans of the first two kernels of a correlation: one thread an output, and tiles in shared memory."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

from coursekit.errors import ParameterError
from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.layer import Layer, LayerShape
from coursekit.reference.cuda.planes import THREADS, launch_each
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

SHARED_MEMORY = 48 << 10  # bytes of a block's __shared__ arrays, on every card
TILES = ((16, 16), (8, 32), (8, 16), (8, 8), (4, 32), (4, 8), (2, 32), (2, 8), (1, 256), (1, 64), (1, 32))
KERNELS_TOGETHER = 4  # of a block of shared_tile: sums that a thread holds


def correlate_naive(device: Device, given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by naive.cu."""
    layer = Layer.of(given, windows)
    out = layer.empty()
    shape = layer.shape
    sizes = shape.groups, shape.channels, shape.kernels, *layer.sizes
    arguments = layer.image, layer.kernel, out, *sizes
    launch_each(device, "naive", "naive", layer.defines(), arguments, out.size)
    return as_given(out, given, windows)


def correlate_shared_tile(
    device: Device, given: Operands, windows: Windows, *, tile: tuple[int, int, int] | None = None
) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by shared_tile.cu.

    `tile` is what a block makes: rows, columns and kernels; by default what `shared_tile` says.

    Raises
    ------
    ParameterError
        Not even the pixels of the smallest tile fit into shared memory.
    """
    layer = Layer.of(given, windows)
    out = layer.empty()
    shape = layer.shape
    rows, columns, kernels = tile or shared_tile(shape)
    if out.size:
        height, width = shape.windows.positions
        tiles = -(-height // rows) * -(-width // columns)
        blocks = tiles * -(-shape.kernels // kernels) * shape.groups * shape.batch
        sizes = shape.groups, shape.channels, shape.kernels, *layer.sizes
        device.launch(
            "shared_tile",
            "shared_tile",
            layer.defines(TILE_ROWS=rows, TILE_COLUMNS=columns, KERNELS_TOGETHER=kernels),
            (blocks,),
            (rows * columns,),
            (layer.image, layer.kernel, out, *sizes),
        )
    return as_given(out, given, windows)


@lru_cache(maxsize=1024)
def shared_tile(shape: LayerShape) -> tuple[int, int, int]:
    """Return rows, columns and kernels of a block: those that copy the fewest pixels in all.

    Raises
    ------
    ParameterError
    """
    for kernels in (KERNELS_TOGETHER, 2, 1):
        fitting = [tile for tile in TILES if _shared_bytes(shape, tile, kernels) <= SHARED_MEMORY]
        if fitting and kernels <= max(1, shape.kernels):
            rows, columns = min(fitting, key=lambda tile: _pixels_copied(shape.windows, tile))
            return rows, columns, kernels
    raise ParameterError(f"algorithm='shared_tile' cannot compute this: {too_wide(shape)}")


@lru_cache(maxsize=1024)
def too_wide(shape: LayerShape) -> str | None:
    """Return None where a tile of shared_tile.cu fits into shared memory, else why not."""
    least = min(_shared_bytes(shape, tile, 1) for tile in TILES)
    if least <= SHARED_MEMORY:
        return None
    return (
        f"the pixels and taps of its smallest tile take {least} bytes, and a block has {SHARED_MEMORY} bytes "
        "of shared memory; implicit_gemm needs less"
    )


def _patch(windows: Windows, tile: tuple[int, int]) -> int:
    """Return the pixels that the windows of a tile cover."""
    return prod(
        (count - 1) * step + span
        for count, step, span in zip(tile, windows.stride, windows.spans, strict=True)
    )


def _pixels_copied(windows: Windows, tile: tuple[int, int]) -> int:
    tiles = prod(-(-size // count) for size, count in zip(windows.positions, tile, strict=True))
    return tiles * _patch(windows, tile)


def _shared_bytes(shape: LayerShape, tile: tuple[int, int], kernels: int) -> int:
    numbers = _patch(shape.windows, tile) + kernels * shape.windows.window_size
    return numbers * max(4, shape.item)


def blocks_for(count: int, threads: int = THREADS) -> int:
    """Return how many blocks of `threads` have at least `count` threads together."""
    return -(-int(count) // threads)


def as_given(out: Any, given: Operands, windows: Windows) -> Any:
    """Return `out` (N, F, rows, columns) with the axes of the caller's windows."""
    return given.xp.reshape(out, (*out.shape[:2], *windows.positions))
