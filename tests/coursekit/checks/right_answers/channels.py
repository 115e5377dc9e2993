"""Right answers to the tasks of 04_channels, in many styles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def number_by_loops(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    total = bias
    for c, plane in enumerate(kernel.tolist()):
        for u, taps in enumerate(plane):
            for v, tap in enumerate(taps):
                total += image[c][row + u][column + v] * tap
    return total


def number_as_dot_product(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    _, height, width = kernel.shape
    return image[:, row:, column:][:, :height, :width].ravel() @ kernel.ravel() + bias


def number_by_einsum(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    windows = sliding_window_view(image, kernel.shape)
    return np.einsum("cuv,cuv->", windows[0, row, column], kernel) + bias


def number_channel_by_channel(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    height, width = kernel.shape[1:]
    return bias + sum(
        np.sum(plane[row : row + height, column : column + width] * taps)
        for plane, taps in zip(image, kernel, strict=True)
    )


def number_in_float32(image: Any, kernel: Any, bias: Any, row: int, column: int) -> Any:
    number = number_as_dot_product(image.astype(np.float32), kernel.astype(np.float32), 0, row, column)
    return np.array(np.float32(number) + np.float32(bias))


def layer_by_lists(image: Any, kernel: Any, bias: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape[1:], kernel.shape[2:], strict=True))
    return [
        [[number_by_loops(image, taps, added, i, j) for j in range(columns)] for i in range(rows)]
        for taps, added in zip(kernel, bias.tolist(), strict=True)
    ]


def layer_by_einsum(image: Any, kernel: Any, bias: Any) -> Any:
    windows = sliding_window_view(image, kernel.shape[2:], axis=(1, 2))
    return np.einsum("cijuv,fcuv->fij", windows, kernel) + bias.reshape(-1, 1, 1)


def layer_by_strides(image: Any, kernel: Any, bias: Any) -> Any:
    channels, height, width = image.shape
    rows, columns = height - kernel.shape[2] + 1, width - kernel.shape[3] + 1
    shape = (rows, columns, channels, *kernel.shape[2:])
    order = (*image.strides[1:], *image.strides)
    windows = as_strided(image, shape, order, writeable=False)
    return np.moveaxis(np.tensordot(windows, kernel, axes=((2, 3, 4), (1, 2, 3))) + bias, -1, 0)


def layer_as_matrix_product(image: Any, kernel: Any, bias: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape[1:], kernel.shape[2:], strict=True))
    patches = [
        image[:, i : i + kernel.shape[2], j : j + kernel.shape[3]].ravel()
        for i in range(rows)
        for j in range(columns)
    ]
    weights = kernel.reshape(len(kernel), -1)
    return (weights @ np.transpose(patches) + bias[:, None]).reshape(len(kernel), rows, columns)


def layer_by_taps_in_float32(image: Any, kernel: Any, bias: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape[1:], kernel.shape[2:], strict=True))
    maps = np.zeros((len(kernel), rows, columns), np.float32)
    for f, c, u, v in np.ndindex(kernel.shape):
        maps[f] += np.float32(kernel[f, c, u, v]) * image[c, u : u + rows, v : v + columns].astype(np.float32)
    maps += bias.astype(np.float32)[:, np.newaxis, np.newaxis]
    return maps


def layer_by_fft(image: Any, kernel: Any, bias: Any) -> Any:
    size = image.shape[1:]
    spectra = np.fft.rfft2(image)[None] * np.conj(np.fft.rfft2(kernel, size))
    full = np.fft.irfft2(spectra.sum(axis=1), size)
    rows, columns = (n - k + 1 for n, k in zip(size, kernel.shape[2:], strict=True))
    return full[:, :rows, :columns] + bias[:, None, None]


class Layer:
    """A solution that is an object."""

    def __call__(self, image: Any, kernel: Any, bias: Any) -> Any:
        return [np.asfortranarray(plane) for plane in layer_by_einsum(image, kernel, bias)]


def mix_by_lists(image: Any, weight: Any, bias: Any) -> Any:
    channels, height, width = image.shape
    return [
        [
            [sum(weight[f, c] * image[c, i, j] for c in range(channels)) + bias[f] for j in range(width)]
            for i in range(height)
        ]
        for f in range(len(bias))
    ]


def mix_by_einsum(image: Any, weight: Any, bias: Any) -> Any:
    return np.einsum("fc,chw->fhw", weight, image) + bias[:, None, None]


def mix_by_tensordot(image: Any, weight: Any, bias: Any) -> Any:
    return np.tensordot(weight, image, axes=1) + np.expand_dims(bias, (1, 2))


def mix_as_matrix_product(image: Any, weight: Any, bias: Any) -> Any:
    pixels = image.reshape(len(image), -1)
    return (weight @ pixels + bias[:, None]).reshape(-1, *image.shape[1:])


def mix_pixels_in_float32(image: Any, weight: Any, bias: Any) -> Any:
    pixels = image.transpose(1, 2, 0).astype(np.float32)
    return (pixels @ weight.T.astype(np.float32) + bias.astype(np.float32)).transpose(2, 0, 1)


class Mixer:
    """A solution that is an object, and uses the general layer."""

    def __call__(self, image: Any, weight: Any, bias: Any) -> Any:
        return layer_by_strides(image, weight.reshape(*weight.shape, 1, 1), bias)


def each_by_lists(image: Any, kernels: Any) -> Any:
    nothing = np.zeros(1, int)
    return [
        layer_by_lists(plane[None], taps[None, None], nothing)[0]
        for plane, taps in zip(image, kernels, strict=True)
    ]


def each_by_einsum(image: Any, kernels: Any) -> Any:
    windows = sliding_window_view(image, kernels.shape[1:], axis=(1, 2))
    return np.einsum("cijuv,cuv->cij", windows, kernels)


def each_by_a_diagonal_layer(image: Any, kernels: Any) -> Any:
    channels = len(image)
    kernel = np.zeros((channels, *kernels.shape))
    kernel[np.arange(channels), np.arange(channels)] = kernels
    return layer_by_einsum(image, kernel, np.zeros(channels))


def each_by_taps_in_float32(image: Any, kernels: Any) -> Any:
    rows, columns = (n - k + 1 for n, k in zip(image.shape[1:], kernels.shape[1:], strict=True))
    shifted = (
        image[:, u : u + rows, v : v + columns].astype(np.float32) * kernels[:, u : u + 1, v : v + 1]
        for u, v in np.ndindex(kernels.shape[1:])
    )
    return np.sum(list(shifted), axis=0, dtype=np.float32)


def each_by_fft(image: Any, kernels: Any) -> Any:
    size = image.shape[1:]
    full = np.fft.irfft2(np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernels, size)), size)
    rows, columns = (n - k + 1 for n, k in zip(size, kernels.shape[1:], strict=True))
    return full[:, :rows, :columns]


def moved(batch: Any) -> Any:
    return np.moveaxis(batch, -1, 1)


def rolled(batch: Any) -> Any:
    return np.rollaxis(batch, 3, 1).copy()


def moved_by_einsum(batch: Any) -> Any:
    return np.einsum("nhwc->nchw", batch)


def stacked(batch: Any) -> Any:
    return np.stack([batch[..., c] for c in range(batch.shape[-1])], axis=1).astype(np.float32)


def moved_by_lists(batch: Any) -> Any:
    return [
        [[[pixel[c] for pixel in row] for row in image] for c in range(batch.shape[3])]
        for image in batch.tolist()
    ]


def swapped_twice(batch: Any) -> Any:
    return batch.swapaxes(1, 3).swapaxes(2, 3)


RIGHT = {
    "one_number": (
        number_by_loops,
        number_as_dot_product,
        number_by_einsum,
        number_channel_by_channel,
        number_in_float32,
    ),
    "correlate_channels": (
        layer_by_lists,
        layer_by_einsum,
        layer_by_strides,
        layer_as_matrix_product,
        layer_by_taps_in_float32,
        layer_by_fft,
        Layer(),
    ),
    "conv1x1": (
        mix_by_lists,
        mix_by_einsum,
        mix_by_tensordot,
        mix_as_matrix_product,
        mix_pixels_in_float32,
        Mixer(),
    ),
    "depthwise": (
        each_by_lists,
        each_by_einsum,
        each_by_a_diagonal_layer,
        each_by_taps_in_float32,
        each_by_fft,
    ),
    "to_channels_first": (moved, rolled, moved_by_einsum, stacked, moved_by_lists, swapped_twice),
}
