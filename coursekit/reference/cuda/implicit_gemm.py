"""The plan of implicit_gemm.cu: which tiles its blocks make, and in how many parts they add up the depth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Any

from coursekit.errors import ParameterError
from coursekit.reference.cuda import rates
from coursekit.reference.cuda.correlate import as_given
from coursekit.reference.cuda.device import LARGEST_GRID, Device
from coursekit.reference.cuda.layer import Layer, LayerShape
from coursekit.reference.cuda.planes import launch_each
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

LARGEST = 1 << 30  # numbers of an array: an index a little outside of it still fits in 32 bits
MOST_PARTS = 32  # of the depth
WASTE = 1.2  # numbers in the slices of one tap, for one that is needed, up to which walking tap by tap pays
SIDE = 32  # of the tiles of `arrange`
ARRANGERS = 8  # rows of its threads


@dataclass(frozen=True)
class Tile:
    """What a block of implicit_gemm.cu makes, and how.

    kernels, places : outputs of a block
    thread_kernels, thread_places : outputs of a thread, multiples of 4
    slice : depth that is in shared memory at once
    together : blocks that a multiprocessor should have registers for
    """

    kernels: int
    places: int
    thread_kernels: int
    thread_places: int
    slice: int = 16
    together: int = 2

    @property
    def rows(self) -> int:
        """Threads of a block along its kernels."""
        return self.kernels // self.thread_kernels

    @property
    def columns(self) -> int:
        """Threads of a block along its places."""
        return self.places // self.thread_places

    @property
    def threads(self) -> int:
        """Threads of a block."""
        return self.rows * self.columns

    def busy(self, tapwise: bool) -> float:
        """Share of products among the instructions, about: others read shared memory, copy and address.

        Counted in what NVRTC makes for an H200. Where the depth is not walked tap by tap, a pixel costs more:
        of each it must be found out which one it is.
        """
        products = self.thread_kernels * self.thread_places
        reads = (self.thread_kernels + self.thread_places) / 4
        copies = (12 * self.kernels + (12 if tapwise else 26) * self.places) / self.threads
        return products / (products + reads + copies)

    def __post_init__(self) -> None:
        """Refuse what the source cannot be compiled for."""
        copied = [self.slice * count % self.threads == 0 for count in (self.kernels, self.places)]
        whole = [self.threads % count == 0 for count in (self.kernels, self.places)]
        fours = [count % 4 == 0 for count in (self.thread_kernels, self.thread_places)]
        if not all(copied + whole + fours):
            raise ParameterError(f"a tile must be copied by its threads in whole rows; got {self}")

    def defines(self) -> dict[str, int]:
        """Return the tile as constants of the source."""
        return {
            "BLOCK_KERNELS": self.kernels,
            "BLOCK_PLACES": self.places,
            "THREAD_KERNELS": self.thread_kernels,
            "THREAD_PLACES": self.thread_places,
            "SLICE": self.slice,
            "WARP_ROWS": min(4, self.rows),
            "WARP_COLUMNS": min(8, self.columns),
            "BLOCKS_TOGETHER": self.together,
        }


TILES = (
    Tile(128, 128, 8, 8, together=2),
    Tile(64, 128, 8, 8, together=4),
    Tile(64, 64, 8, 4, together=5),
    Tile(32, 128, 8, 4, together=4),
    Tile(32, 32, 4, 4, together=12),
    Tile(16, 128, 4, 4, together=6),
)
TILES_OF_64_BITS = (
    Tile(64, 64, 4, 4, slice=8, together=2),
    Tile(32, 64, 4, 4, slice=8, together=4),
    Tile(32, 32, 4, 4, slice=8, together=6),
)


@dataclass(frozen=True)
class Schedule:
    """A tile, the parts of the depth, and the seconds that they are estimated to take."""

    tile: Tile
    parts: int
    seconds: float


def correlate_implicit_gemm(
    device: Device,
    given: Operands,
    windows: Windows,
    *,
    tile: Tile | None = None,
    parts: int | None = None,
    most: int = LARGEST,
) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, by implicit_gemm.cu.

    tile, parts : by default those of `schedule`
    most : numbers of an array up to which the kernel counts; a larger batch is computed in several runs

    Raises
    ------
    ParameterError
        A single image, or all kernels, have more numbers than that.
    """
    layer = Layer.of(given, windows)
    out = layer.empty()
    if out.size == 0:
        return as_given(out, given, windows)
    chosen = schedule(layer.shape)
    tile, parts = tile or chosen.tile, parts or chosen.parts
    images = _images_together(layer.shape, most, parts)
    tapwise = walks_tapwise(layer.shape, tile)
    defines = layer.defines(**tile.defines(), TAPWISE=int(tapwise), DEPTH_PARTS=parts)
    weights = _arranged(device, layer, defines)
    for first in range(0, layer.shape.batch, images):
        one = replace(layer, image=layer.image[first : first + images, ...])
        _launch(device, one, weights, out[first : first + images, ...], tile, parts, defines)
    return as_given(out, given, windows)


def walks_tapwise(shape: LayerShape, tile: Tile) -> bool:
    """Return whether a slice is channels of one tap: where the channels fill their slices well enough."""
    return ceil(shape.channels / tile.slice) * tile.slice <= WASTE * shape.channels


@lru_cache(maxsize=1024)
def schedule(shape: LayerShape) -> Schedule:
    """Return the tile and the parts with the least estimated time."""
    tiles = TILES_OF_64_BITS if shape.item == 8 else TILES
    found = [
        Schedule(tile, parts, _seconds(shape, tile, parts)) for tile in tiles for parts in _parts(shape, tile)
    ]
    return min(found, key=lambda one: one.seconds)


def _parts(shape: LayerShape, tile: Tile) -> list[int]:
    """List the parts of the depth to think of, each of at least 4 slices: 1, 2, 4, ..."""
    slices = _slices(shape, tile)
    powers = [1 << power for power in range(MOST_PARTS.bit_length())]
    return [
        parts
        for parts in powers
        if parts == 1 or (parts <= slices // 4 and too_large(shape, parts=parts) is None)
    ]


def _slices(shape: LayerShape, tile: Tile) -> int:
    if walks_tapwise(shape, tile):
        return -(-shape.channels // tile.slice) * shape.windows.window_size
    return -(-shape.depth // tile.slice)


def _seconds(shape: LayerShape, tile: Tile, parts: int) -> float:
    """Estimate the time: the multiprocessor with the most blocks ends last, and few warps let it wait."""
    places = shape.batch * shape.windows.position_count
    blocks = -(-places // tile.places) * -(-shape.kernels // tile.kernels) * shape.groups * parts
    most = max(1, -(-blocks // rates.PROCESSORS))  # of one multiprocessor; a batch may be empty
    warps = min(most, tile.together) * tile.threads / 32
    products = _slices(shape, tile) / parts * tile.slice * tile.kernels * tile.places
    share = tile.busy(walks_tapwise(shape, tile)) * min(1.0, warps / rates.WARPS_WANTED)
    seconds = most * products / (rates.PRODUCTS[shape.item] / rates.PROCESSORS * share)
    added = 0.0 if parts == 1 else rates.LAUNCH + shape.outputs * 4 * 2 * parts / rates.BYTES
    return 2 * rates.LAUNCH + max(seconds, rates.moved(shape)) + added


def _arranged(device: Device, layer: Layer, defines: dict[str, int]) -> Any:
    """Return the kernels in the order in which the depth is walked, the kernels of a group side by side."""
    shape = layer.shape
    weights = device.xp.empty((shape.groups, shape.depth, shape.kernels), dtype=shape.dtype)
    device.launch(
        "implicit_gemm",
        "arrange",
        defines,
        (-(-shape.depth // SIDE), -(-shape.kernels // SIDE), shape.groups),
        (SIDE, ARRANGERS),
        (layer.kernel, weights, shape.channels, shape.kernels),
    )
    return weights


def _launch(
    device: Device, layer: Layer, weights: Any, out: Any, tile: Tile, parts: int, defines: dict[str, int]
) -> None:
    """Fill `out` (N, F, rows, columns) for the images of `layer`, as many as `out` has."""
    shape = layer.shape
    places = out.shape[0] * shape.windows.position_count
    grid = -(-places // tile.places) * -(-shape.kernels // tile.kernels), shape.groups, parts
    sums = out if parts == 1 else device.xp.empty((parts, *out.shape), dtype=layer.sum_dtype)
    sizes = out.shape[0], shape.groups, shape.channels, shape.kernels, *layer.sizes
    device.launch(
        "implicit_gemm",
        "implicit_gemm",
        defines,
        grid,
        (tile.threads,),
        (layer.image, weights, sums, *sizes),
    )
    if parts > 1:
        numbers = {"NUMBER": defines["NUMBER"]}
        launch_each(device, "add_parts", "add_parts", numbers, (sums, out, parts), out.size)


def _images_together(shape: LayerShape, most: int, parts: int) -> int:
    """Return how many images of the batch the kernel can count the pixels and the parts' outputs of."""
    reason = too_large(shape, most, parts)
    if reason is not None:
        raise ParameterError(f"algorithm='implicit_gemm' cannot compute this: {reason}")
    return int(most // _largest_plane(shape, parts))


def too_large(shape: LayerShape, most: int = LARGEST, parts: int = 1) -> str | None:
    """Return None where the kernel can count all numbers of an image, and of all kernels, else why not."""
    if shape.groups > LARGEST_GRID[1]:
        return f"it makes up to {LARGEST_GRID[1]} groups; there are {shape.groups}"
    largest = max(_largest_plane(shape, parts), shape.weights)
    return None if largest <= most else f"it counts up to {most}, and an array has {largest} numbers"


def _largest_plane(shape: LayerShape, parts: int) -> int:
    """Return the numbers of one image or of its outputs in all parts, whichever has more."""
    outputs = parts * shape.groups * shape.kernels * shape.windows.position_count
    return max(shape.groups * shape.channels * shape.windows.spatial[0] * shape.windows.spatial[1], outputs)
