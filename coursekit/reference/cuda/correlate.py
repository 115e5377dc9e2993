"""The plans of the first two kernels of a correlation: one thread an output, and tiles in shared memory."""

from __future__ import annotations

from math import prod
from typing import Any

from coursekit.errors import ParameterError
from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.layer import Layer
from coursekit.reference.cuda.planes import THREADS, launch_each
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

SHARED_MEMORY = 48 << 10  # bytes of a block's __shared__ arrays, on every card
TILES = ((16, 16), (8, 32), (8, 16), (8, 8), (4, 32), (4, 8), (2, 32), (2, 8), (1, 256), (1, 64), (1, 32))
KERNELS_TOGETHER = 4  # of a block of shared_tile: sums that a thread holds


def correlate_naive(device: Device, given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by naive.cu."""
    layer = Layer.of(given, windows).contiguous()
    out = device.xp.empty(layer.output_shape, dtype=layer.dtype)
    sizes = layer.groups, layer.channels, layer.kernels, *layer.sizes
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
    layer = Layer.of(given, windows).contiguous()
    out = device.xp.empty(layer.output_shape, dtype=layer.dtype)
    rows, columns, kernels = tile or shared_tile(layer)
    if out.size:
        height, width = layer.windows.positions
        tiles = -(-height // rows) * -(-width // columns)
        blocks = tiles * -(-layer.kernels // kernels) * layer.groups * layer.batch
        sizes = layer.groups, layer.channels, layer.kernels, *layer.sizes
        device.launch(
            "shared_tile",
            "shared_tile",
            layer.defines(TILE_ROWS=rows, TILE_COLUMNS=columns, KERNELS_TOGETHER=kernels),
            (blocks,),
            (rows * columns,),
            (layer.image, layer.kernel, out, *sizes),
        )
    return as_given(out, given, windows)


def shared_tile(layer: Layer) -> tuple[int, int, int]:
    """Return rows, columns and kernels of a block: those that copy the fewest pixels in all.

    Raises
    ------
    ParameterError
    """
    for kernels in (KERNELS_TOGETHER, 2, 1):
        fitting = [tile for tile in TILES if _shared_bytes(layer, tile, kernels) <= SHARED_MEMORY]
        if fitting and kernels <= max(1, layer.kernels):
            rows, columns = min(fitting, key=lambda tile: _pixels_copied(layer.windows, tile))
            return rows, columns, kernels
    raise ParameterError(f"algorithm='shared_tile' cannot compute this: {too_wide(layer)}")


def too_wide(layer: Layer) -> str | None:
    """Return None where a tile of shared_tile.cu fits into shared memory, else why not."""
    least = min(_shared_bytes(layer, tile, 1) for tile in TILES)
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


def _shared_bytes(layer: Layer, tile: tuple[int, int], kernels: int) -> int:
    numbers = _patch(layer.windows, tile) + kernels * layer.windows.window_size
    return numbers * (8 if layer.dtype == layer.xp.float64 else 4)


def blocks_for(count: int, threads: int = THREADS) -> int:
    """Return how many blocks of `threads` have at least `count` threads together."""
    return -(-int(count) // threads)


def as_given(out: Any, given: Operands, windows: Windows) -> Any:
    """Return `out` (N, F, rows, columns) with the axes of the caller's windows."""
    return given.xp.reshape(out, (*out.shape[:2], *windows.positions))
