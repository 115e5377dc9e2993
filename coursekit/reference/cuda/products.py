"""The plans that leave the arithmetic to cuBLAS: kernels prepare matrices and place what their products give.

The matrices are much larger than the image. They are made for a part of the output at a time, so that they
take no more than BUFFER bytes, and are mostly still in the cache of a large GPU when they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.algorithms.winograd import suits
from coursekit.reference.cuda.correlate import as_given, blocks_for
from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.layer import Layer, LayerShape
from coursekit.reference.cuda.planes import THREADS, launch_each
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

BUFFER = 64 << 20  # bytes


def correlate_im2col(device: Device, given: Operands, windows: Windows, *, buffer: int = BUFFER) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias: im2col.cu, and one matrix product.

    For a kernel of one pixel the image itself may be the matrix. `buffer` bytes are for the columns, and at
    least one row of positions.
    """
    layer = Layer.of(given, windows)
    out = layer.empty()
    if out.size == 0:
        return as_given(out, given, windows)
    if is_own_matrix(layer.shape):
        return as_given(_pointwise(layer), given, windows)
    xp, groups = device.xp, layer.shape.groups
    weights = xp.reshape(layer.kernel, (groups, layer.shape.kernels, layer.shape.depth))
    height, width = layer.shape.windows.positions
    row = groups * layer.shape.depth * width * layer.shape.item
    for images, rows in _blocks(layer.shape.batch, height, buffer // row):
        columns = _columns(device, layer, images, rows)
        # Two axes where there is one group: then CuPy multiplies halves on the tensor cores in all versions.
        # But where one row meets one column, it would round each product to a half.
        is_flat = groups == 1 and (layer.shape.kernels > 1 or columns.shape[-1] > 1)
        products = xp.matmul(weights[0, ...], columns[0, ...]) if is_flat else xp.matmul(weights, columns)
        products = xp.reshape(products, (groups * layer.shape.kernels, len(images), len(rows), width))
        out[_span(images), :, _span(rows), :] = xp.permute_dims(products, (1, 0, 2, 3))
    return as_given(out, given, windows)


def is_own_matrix(shape: LayerShape) -> bool:
    """Return whether the image is its own matrix of columns: windows of one pixel.

    A batch of halves is not: its product has an axis more, and there CuPy may multiply in float32. Nor is a
    batch of images with fewer pixels than there are kernels: it needs a copy of the weights for each.
    """
    if not shape.windows.is_pointwise or shape.batch == 1:
        return shape.windows.is_pointwise
    return shape.item != 2 and shape.kernels <= shape.windows.position_count


def _pointwise(layer: Layer) -> Any:
    """Return the output for a kernel of one tap."""
    xp = layer.xp
    weights = xp.reshape(layer.kernel, (layer.shape.groups, layer.shape.kernels, layer.shape.channels))
    pixels = xp.reshape(layer.image, (layer.shape.batch, layer.shape.groups, layer.shape.channels, -1))
    if layer.shape.batch == layer.shape.groups == 1 and (layer.shape.kernels > 1 or pixels.shape[-1] > 1):
        weights, pixels = weights[0, ...], pixels[0, 0, ...]  # as in `correlate_im2col`
    elif layer.shape.batch > 1:
        # A copy for each image: to broadcast by itself, CuPy makes lists of pointers first, by six kernels.
        weights = xp.ascontiguousarray(xp.broadcast_to(weights, (layer.shape.batch, *weights.shape)))
    return xp.reshape(xp.matmul(weights, pixels), layer.shape.output)


def _columns(device: Device, layer: Layer, images: range, rows: range) -> Any:
    """Return the columns (groups, depth, images * rows * width) of some rows of positions."""
    image = layer.image[_span(images), ...]
    width = layer.shape.windows.positions[1]
    shape = (layer.shape.groups, layer.shape.depth, len(images) * len(rows) * width)
    columns = device.xp.empty(shape, dtype=layer.shape.dtype)
    sizes = (
        len(images),
        layer.shape.groups * layer.shape.channels,
        *layer.shape.windows.spatial,
        rows.start,
        len(rows),
        width,
    )
    threads = columns.size // layer.shape.windows.window_size
    launch_each(device, "im2col", "im2col", layer.defines(), (image, columns, *sizes), threads)
    return columns


def correlate_winograd(device: Device, given: Operands, windows: Windows, *, buffer: int = BUFFER) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias: winograd.cu, and 16 matrix products.

    `buffer` bytes are for the tiles of pixels and of products, and at least one row of tiles. float16 is
    transformed and multiplied in float32.

    Raises
    ------
    ParameterError
        The kernel is not 3x3, or stride or dilation is not 1.
    """
    reason = suits(windows)
    if reason is not None:
        raise ParameterError(f"algorithm='winograd' cannot compute this: {reason}")
    layer = Layer.of(given, windows)
    out = layer.empty()
    if out.size == 0:
        return as_given(out, given, windows)
    weights = _transformed_kernels(device, layer)
    tile_rows, tile_columns = (-(-size // 2) for size in layer.shape.windows.positions)
    planes = layer.shape.groups * (layer.shape.channels + layer.shape.kernels)
    row = 16 * planes * tile_columns * layer.xp.dtype(layer.sum_dtype).itemsize
    for images, rows in _blocks(layer.shape.batch, tile_rows, buffer // row):
        tiles = (len(images), len(rows), tile_columns)
        transformed = _transformed_pixels(device, layer, images, rows.start, tiles)
        products = device.xp.matmul(weights, transformed)
        part = replace(layer, image=layer.image[_span(images), ...])
        _place_products(device, part, products, out[_span(images), ...], rows.start, tiles)
    return as_given(out, given, windows)


def _transformed_kernels(device: Device, layer: Layer) -> Any:
    """Return the kernels (16, groups, kernels, channels), entry by entry of their 4x4 transforms."""
    count = layer.kernel.size // 9
    shape = (16, layer.shape.groups, layer.shape.kernels, layer.shape.channels)
    transformed = device.xp.empty(shape, dtype=layer.sum_dtype)
    arguments = layer.kernel, transformed, count
    _launch(device, layer, "transform_kernels", count, arguments)
    return transformed


def _transformed_pixels(
    device: Device, layer: Layer, images: range, first_row: int, tiles: tuple[int, int, int]
) -> Any:
    """Return the tiles of pixels (16, groups, channels, tiles), for images, rows and columns of `tiles`."""
    shape = (16, layer.shape.groups, layer.shape.channels, int(np.prod(tiles)))
    transformed = device.xp.empty(shape, dtype=layer.sum_dtype)
    planes = layer.shape.groups * layer.shape.channels
    arguments = (
        layer.image[_span(images), ...],
        transformed,
        tiles[0],
        planes,
        *layer.shape.windows.spatial,
        first_row,
        *tiles[1:],
    )
    _launch(device, layer, "transform_pixels", transformed.size // 16, arguments)
    return transformed


def _place_products(
    device: Device, layer: Layer, products: Any, out: Any, first_row: int, tiles: tuple[int, int, int]
) -> None:
    """Fill the rows of `out` that `products` (16, groups, kernels, tiles) of the images of `layer` give."""
    shape = layer.shape
    sizes = tiles[0], shape.groups, shape.channels, shape.kernels, *layer.sizes, first_row, *tiles[1:]
    arguments = products, layer.image, layer.kernel, out, *sizes
    _launch(device, layer, "transform_products", products.size // 16, arguments)


def _launch(device: Device, layer: Layer, kernel: str, count: int, arguments: tuple[Any, ...]) -> None:
    grid, block = (blocks_for(count),), (THREADS,)
    device.launch("winograd", kernel, layer.defines(), grid, block, arguments)


def _blocks(batch: int, rows: int, fitting: int) -> Iterator[tuple[range, range]]:
    """Yield images and rows of each block of about `fitting` rows: several whole images, or a part of one."""
    together = fitting // rows
    if together:
        for first in range(0, batch, together):
            yield range(first, min(first + together, batch)), range(rows)
        return
    step = max(1, fitting)
    for n in range(batch):
        for first in range(0, rows, step):
            yield range(n, n + 1), range(first, min(first + step, rows))


def _span(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)
