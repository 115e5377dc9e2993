"""The pixels of many windows as the columns of a matrix, built block by block in a buffer that is used again.

The usual im2col copies every pixel once per tap. Here a buffer row holds the KW shifted copies of one image
row, and the windows of one output row are KH neighbouring buffer rows: a matrix that is already there. So
every pixel is copied KW times only, not KH * KW times.

A buffer has axes (groups, rows, KD, C // groups, KW, images, positions along a row): the first five number
the taps, the last two the windows. Images with 1 or 2 spatial axes are seen as volumes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

from coursekit.reference.arrays import item_size
from coursekit.reference.windows import Windows

WANTED_WINDOWS = 512  # columns of one matrix product, where fewer would be too little work
MOST_WINDOWS = 2048


@dataclass(frozen=True)
class Block:
    """Output positions whose windows are in the buffer together: ranges (start, stop), one in depth."""

    groups: tuple[int, int]
    images: tuple[int, int]
    depth: int
    rows: tuple[int, int]
    columns: tuple[int, int]

    def part_of(self, outputs: Any) -> Any:
        """Return the part of `outputs` (N, G, F // G, D, H, W) in this block: (N, G, F // G, H, W)."""
        images, groups, rows, columns = (
            slice(*ends) for ends in (self.images, self.groups, self.rows, self.columns)
        )
        return outputs[images, groups, :, self.depth, rows, columns]


def as_volume(windows: Windows) -> Windows:
    """Return the same windows with three spatial axes: the missing ones, in front, have size 1."""
    missing = 3 - len(windows.spatial)
    ones, no_padding = (1,) * missing, ((0, 0),) * missing
    return Windows(
        ones + windows.spatial,
        ones + windows.taps,
        ones + windows.stride,
        no_padding + windows.padding,
        ones + windows.dilation,
        ones + windows.positions,
    )


class Columns:
    """The columns of a batch of volumes (N, G, C // G, D, H, W), in blocks of at most `limit` bytes.

    kernels : rows of the matrix that multiplies the columns, for each row of a band
    band : output rows that one matrix product makes; a block holds whole bands
    wanted : multiplications of one matrix product, which takes a row from several images to have them
    """

    def __init__(
        self, xp: Any, image: Any, windows: Windows, *, kernels: int, band: int, limit: int, wanted: int
    ) -> None:
        self.xp, self.image, self.windows, self.band = xp, image, windows, band
        self.size = block_size(
            image.shape[:3],
            windows,
            kernels=kernels,
            band=band,
            limit=limit // item_size(image.dtype),
            wanted=wanted,
        )

    def buffer_rows(self, rows: int) -> int:
        """Return the buffer rows that the windows of `rows` output rows need."""
        return buffer_rows(rows, self.windows)

    def blocks(self) -> list[Block]:
        """List all blocks, those with the same columns next to each other."""
        depth, height, width = self.windows.positions
        return [
            Block(groups, images, z, rows, columns)
            for columns in _ranges(width, self.size.width)
            for groups in _ranges(self.image.shape[1], self.size.groups)
            for images in _ranges(self.image.shape[0], self.size.images)
            for z in range(depth)
            for rows in _ranges(height, self.size.rows)
        ]

    def filled(self, blocks: Sequence[Block]) -> Iterator[tuple[Block, Any]]:
        """Yield each block with its buffer, which is valid until the next one is asked for."""
        depth_taps, _, width_taps = self.windows.taps
        buffer, held = None, None
        for block in blocks:
            shape = tuple(stop - start for start, stop in (block.groups, block.images, block.columns))
            if buffer is None or held != (block.columns, shape):
                # The zeros left and right of the image stay where they are while the columns do.
                taps = (self.buffer_rows(self.size.rows), depth_taps, self.image.shape[2], width_taps)
                buffer = self.xp.zeros((shape[0], *taps, *shape[1:]), dtype=self.image.dtype)
                held = (block.columns, shape)
            self._fill(buffer, block)
            yield block, buffer

    def bands(self, block: Block, buffer: Any) -> Any:
        """Return the columns of all bands of `block`, an array (bands, groups, taps, windows).

        The bands overlap in `buffer`. NumPy and CuPy take them from there without a copy, and multiply all
        of them in one call, during which other threads run.
        """
        step = self.band * self.windows.stride[1]
        count = -(-(block.rows[1] - block.rows[0]) // self.band)
        groups, windows = buffer.shape[0], buffer.shape[-2] * buffer.shape[-1]
        seen = self.buffer_rows(self.band)
        if hasattr(self.xp, "lib"):
            shape = (count, groups, seen * prod(buffer.shape[2:5]), windows)
            strides = (step * buffer.strides[1], buffer.strides[0], buffer.strides[4], buffer.itemsize)
            return self.xp.lib.stride_tricks.as_strided(buffer, shape, strides)
        parts = [buffer[:, index * step : index * step + seen, ...] for index in range(count)]
        return self.xp.stack([self.xp.reshape(part, (groups, -1, windows)) for part in parts])

    def _fill(self, buffer: Any, block: Block) -> None:
        """Copy the pixels of `block` into `buffer`, and zeros where its windows leave the image."""
        (depth, height, width), padding = self.windows.spatial, self.windows.padding
        strides, dilations = self.windows.stride, self.windows.dilation
        every = dilations[1]  # image rows from one buffer row to the next
        first = block.rows[0] * strides[1] - padding[1][0]
        count = self.buffer_rows(block.rows[1] - block.rows[0])
        top = min(count, max(0, -(first // every)))
        bottom = max(top, min(count, (height - 1 - first) // every + 1))
        if top > 0:
            buffer[:, :top, ...] = 0
        if bottom < count:
            buffer[:, bottom:count, ...] = 0
        if bottom == top:
            return
        rows = _steps(first + top * every, bottom - top, every)
        for w in range(self.windows.taps[0]):
            z = block.depth * strides[0] - padding[0][0] + w * dilations[0]
            if not 0 <= z < depth:
                buffer[:, top:bottom, w, ...] = 0
                continue
            plane = self.image[slice(*block.images), slice(*block.groups), :, z, rows, :]
            plane = self.xp.permute_dims(plane, (1, 3, 2, 0, 4))  # groups, rows, channels, images, columns
            for v in range(self.windows.taps[2]):
                offset = v * dilations[2] - padding[2][0]
                left = max(block.columns[0], -(offset // strides[2]))
                right = min(block.columns[1], (width - 1 - offset) // strides[2] + 1)
                if right > left:
                    columns = _steps(left * strides[2] + offset, right - left, strides[2])
                    start = block.columns[0]
                    buffer[:, top:bottom, w, :, v, :, left - start : right - start] = plane[..., columns]


class BlockSize(NamedTuple):
    """How much of an output is in one block, at most: groups, images, rows, and positions along a row."""

    groups: int
    images: int
    rows: int
    width: int

    def block_count(self, batch: int, groups: int, windows: Windows) -> int:
        """Return the number of blocks of an output with `windows` positions."""
        depth, height, width = windows.positions
        along_axes = ((groups, self.groups), (batch, self.images), (height, self.rows), (width, self.width))
        return depth * prod(-(-size // length) for size, length in along_axes)


def block_size(
    leading: tuple[int, int, int], windows: Windows, *, kernels: int, band: int, limit: int, wanted: int
) -> BlockSize:
    """Return the size of a block whose buffer holds at most `limit` numbers, or one band of one image.

    leading : images, groups, and channels of a group
    """
    batch, groups, in_group = leading
    (_, height, width), (depth_taps, row_taps, width_taps) = windows.positions, windows.taps
    per_window = depth_taps * in_group * width_taps  # in one row, of one group
    together = min(WANTED_WINDOWS, wanted // (per_window * row_taps * kernels * band))
    width = min(width, MOST_WINDOWS)
    images = max(1, min(batch, together // width))
    rows = buffer_rows(band, windows)
    while images > 1 and per_window * images * width * rows > limit:
        images = -(-images // 2)
    while width > 64 and per_window * width * rows > limit:
        width = -(-width // 2)
    row = per_window * images * width
    # As many rows as there are, so that few are copied twice; then as many groups as fit beside.
    bands = 1 if windows.dilation[1] > 1 else -(-height // band)
    fitting = (limit // row - row_taps) // (windows.stride[1] * band)
    rows = band * max(1, min(bands, fitting))
    side_by_side = max(1, min(groups, limit // (row * buffer_rows(rows, windows))))
    return BlockSize(side_by_side, images, rows, width)


def buffer_rows(rows: int, windows: Windows) -> int:
    """Return the buffer rows that the windows of `rows` output rows need.

    Rows of a dilated window are apart in the image, so that only one output row fits a buffer.
    """
    taps, stride = windows.taps[1], windows.stride[1]
    return taps if windows.dilation[1] > 1 else (rows - 1) * stride + taps


def _steps(first: int, count: int, step: int) -> slice:
    return slice(first, first + (count - 1) * step + 1, step)


def _ranges(size: int, length: int) -> list[tuple[int, int]]:
    return [(start, min(size, start + length)) for start in range(0, size, length)]
