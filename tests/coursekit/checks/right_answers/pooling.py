"""Right answers to the tasks of 07_pooling, in many styles."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def relu_maximum(maps: Any) -> Any:
    return np.maximum(maps, 0)


def relu_masked_copy(maps: Any) -> Any:
    out = maps.copy()
    out[out < 0] = 0
    return out


def relu_half_of_sum(maps: Any) -> Any:
    return (maps + np.abs(maps)) / 2


def relu_lists(maps: Any) -> Any:
    return [relu_lists(part) for part in maps] if maps.ndim else max(maps.item(), 0)


def relu_float32(maps: Any) -> Any:
    return maps.astype(np.float32) * (maps > 0)


class Detector:
    """A solution that is an object."""

    def __call__(self, maps: Any) -> Any:
        return np.clip(maps, 0, None)


def pool_lists(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    image = image.tolist()
    height, width = len(image), len(image[0])
    output: list[list[float]] = []
    positions: list[list[int]] = []
    for top in range(-padding[0], height + padding[0] - size[0] + 1, stride[0]):
        output.append([])
        positions.append([])
        for left in range(-padding[1], width + padding[1] - size[1] + 1, stride[1]):
            best, place, total = float("-inf"), -1, 0.0
            for row in range(max(top, 0), min(top + size[0], height)):
                for column in range(max(left, 0), min(left + size[1], width)):
                    total += image[row][column]
                    if image[row][column] > best:
                        best, place = image[row][column], row * width + column
            output[-1].append(best if mode == "max" else total / (size[0] * size[1]))
            positions[-1].append(place)
    return output, positions if mode == "max" else None


def padded(image: Any, padding: Any, mode: str) -> Any:
    ends = [(around, around) for around in padding]
    return np.pad(image.astype(float), ends, constant_values=-np.inf if mode == "max" else 0)


def numbered(image: Any, padding: Any) -> Any:
    """Return the index of each pixel in the flat image; -1 in the padding."""
    ends = [(around, around) for around in padding]
    return np.pad(np.arange(image.size).reshape(image.shape), ends, constant_values=-1)


def pool_windows(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    windows = sliding_window_view(padded(image, padding, mode), size)[:: stride[0], :: stride[1]]
    if mode == "average":
        return windows.mean(axis=(2, 3)), None
    shape = (*windows.shape[:2], -1)
    places = sliding_window_view(numbered(image, padding), size)[:: stride[0], :: stride[1]].reshape(shape)
    first = windows.reshape(shape).argmax(axis=2)[..., None]
    return windows.max(axis=(2, 3)), np.take_along_axis(places, first, axis=2)[..., 0]


def pool_strides(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    around = padded(image, padding, mode)
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(around.shape, size, stride, strict=True))
    steps = (around.strides[0] * stride[0], around.strides[1] * stride[1], *around.strides)
    windows = as_strided(around, (rows, columns, *size), steps, writeable=False)
    if mode == "average":
        return np.einsum("ijuv->ij", windows) / (size[0] * size[1]), None
    taps = windows.reshape(rows, columns, size[0] * size[1]).argmax(axis=2)
    down = np.arange(rows)[:, None] * stride[0] - padding[0] + taps // size[1]
    right = np.arange(columns) * stride[1] - padding[1] + taps % size[1]
    return windows.max(axis=(2, 3)), down * image.shape[1] + right


def pool_tap_by_tap(image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
    """Go through the taps, each for all windows at once, in single precision."""
    around, places = padded(image, padding, mode).astype(np.float32), numbered(image, padding)
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(around.shape, size, stride, strict=True))
    best, chosen = np.full((rows, columns), -np.inf, np.float32), np.zeros((rows, columns))
    total = np.zeros((rows, columns), np.float32)
    for u, v in np.ndindex(*size):
        seen = np.s_[u : u + rows * stride[0] : stride[0], v : v + columns * stride[1] : stride[1]]
        seen_pixels = around[seen][:rows, :columns]
        wins = seen_pixels > best
        best, chosen = (
            np.where(wins, seen_pixels, best),
            np.where(wins, places[seen][:rows, :columns], chosen),
        )
        total = total + seen_pixels
    return [total / np.float32(size[0] * size[1]), None] if mode == "average" else [best, chosen]


class AreaSums:
    """A solution that is an object, and takes its sums from a table of sums."""

    def __call__(self, image: Any, size: Any, stride: Any, padding: Any, mode: str) -> Any:
        if mode == "max":
            return pool_windows(image, size, stride, padding, mode)
        table = np.pad(padded(image, padding, mode).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
        h, w = size
        sums = table[h:, w:] - table[:-h, w:] - table[h:, :-w] + table[:-h, :-w]
        return sums[:: stride[0], :: stride[1]] / (h * w), None


def global_reduced(maps: Any, mode: str) -> Any:
    return maps.max(axis=(1, 2)) if mode == "max" else maps.mean(axis=(1, 2))


def global_lists(maps: Any, mode: str) -> Any:
    flat = [[number for row in one for number in row] for one in maps.tolist()]
    return [max(numbers) if mode == "max" else sum(numbers) / len(numbers) for numbers in flat]


def global_sorted(maps: Any, mode: str) -> Any:
    numbers = np.sort(maps.astype(np.float32).reshape(len(maps), -1), axis=1)
    return numbers[:, -1] if mode == "max" else numbers.mean(axis=1, dtype=np.float32)


def global_einsum(maps: Any, mode: str) -> Any:
    if mode == "average":
        return np.einsum("chw->c", maps) / (maps.shape[1] * maps.shape[2])
    return np.array([np.amax(one) for one in maps])


class GlobalPool:
    """A solution that is an object, and pools one axis after the other."""

    def __call__(self, maps: Any, mode: str) -> Any:
        combine = np.max if mode == "max" else np.mean
        return combine(combine(maps, axis=2), axis=1)


def average_lists(image: Any, size: Any) -> Any:
    weight = 1 / (size[0] * size[1])
    rows, columns = image.shape[0] - size[0] + 1, image.shape[1] - size[1] + 1
    output = [
        [
            sum(float(image[i + u, j + v]) * weight for u in range(size[0]) for v in range(size[1]))
            for j in range(columns)
        ]
        for i in range(rows)
    ]
    return [[weight] * size[1]] * size[0], output


def average_einsum(image: Any, size: Any) -> Any:
    kernel = np.ones(size) / np.prod(size)
    return kernel, np.einsum("ijuv,uv->ij", sliding_window_view(image, size), kernel)


def average_fft(image: Any, size: Any) -> Any:
    kernel = np.full(size, 1.0 / (size[0] * size[1]))
    product = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape))
    full = np.fft.irfft2(product, image.shape)
    return kernel, full[: image.shape[0] - size[0] + 1, : image.shape[1] - size[1] + 1]


def average_of_averages(image: Any, size: Any) -> Any:
    """Average along the rows first, then along the columns: the kernel is an outer product."""
    kernel = np.outer(np.full(size[0], 1 / size[0]), np.full(size[1], 1 / size[1]))
    along = sliding_window_view(image, size[1], axis=1).mean(axis=-1)
    return [kernel, sliding_window_view(along, size[0], axis=0).mean(axis=-1)]


def average_float32(image: Any, size: Any) -> Any:
    kernel = np.full(size, 1 / np.float32(size[0] * size[1]), np.float32)
    rows, columns = image.shape[0] - size[0] + 1, image.shape[1] - size[1] + 1
    out = np.zeros((rows, columns), np.float32)
    for u, v in np.ndindex(*size):
        out += image.astype(np.float32)[u : u + rows, v : v + columns] * kernel[u, v]
    return kernel, out


def maxout_reshaped(maps: Any, groups: int) -> Any:
    return maps.reshape(groups, -1, *maps.shape[1:]).max(axis=1)


def maxout_loops(maps: Any, groups: int) -> Any:
    channels, height, width = maps.shape
    k = channels // groups
    return [
        [[max(maps[g * k + p, i, j] for p in range(k)) for j in range(width)] for i in range(height)]
        for g in range(groups)
    ]


def maxout_split(maps: Any, groups: int) -> Any:
    return [reduce(np.maximum, group) for group in np.split(maps, groups)]


def maxout_strided(maps: Any, groups: int) -> Any:
    """Compare the first channels of all groups with the second ones, and so on."""
    pieces = len(maps) // groups
    out = maps[::pieces].astype(np.float32)
    for piece in range(1, pieces):
        out = np.where(maps[piece::pieces] > out, maps[piece::pieces], out)
    return out


class Maxout:
    """A solution that is an object, and looks up the winners."""

    def __call__(self, maps: Any, groups: int) -> Any:
        pieces = maps.reshape(groups, len(maps) // groups, *maps.shape[1:])
        winners = pieces.argmax(axis=1)[:, None]
        return np.take_along_axis(pieces, winners, axis=1)[:, 0]


RIGHT = {
    "relu": (relu_maximum, relu_masked_copy, relu_half_of_sum, relu_lists, relu_float32, Detector()),
    "pool2d": (pool_lists, pool_windows, pool_strides, pool_tap_by_tap, AreaSums()),
    "global_pool": (global_reduced, global_lists, global_sorted, global_einsum, GlobalPool()),
    "average_pool_as_correlation": (
        average_lists,
        average_einsum,
        average_fft,
        average_of_averages,
        average_float32,
    ),
    "maxout": (maxout_reshaped, maxout_loops, maxout_split, maxout_strided, Maxout()),
}
