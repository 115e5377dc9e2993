"""Right answers to the tasks of 05_padding, in many styles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def lists_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    width = left + image.shape[1] + right
    middle = [[value] * left + list(row) + [value] * right for row in image]
    return [[value] * width] * top + middle + [[value] * width] * bottom


def blocks_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    height, width = image.shape
    sides = np.hstack([np.full((height, left), value), image, np.full((height, right), value)])
    whole = left + width + right
    return np.vstack([np.full((top, whole), value), sides, np.full((bottom, whole), value)])


def loops_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    height, width = image.shape
    output = np.empty((top + height + bottom, left + width + right))
    for row in range(output.shape[0]):
        for column in range(output.shape[1]):
            inside = top <= row < top + height and left <= column < left + width
            output[row, column] = image[row - top, column - left] if inside else value
    return output


def matrices_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    """Move the image by two matrices that hold a shifted identity, and add the border's value."""
    height, width = image.shape
    down, across = np.eye(top + height + bottom, height, -top), np.eye(width, left + width + right, left)
    inside = down @ np.ones((height, width)) @ across
    return down @ image @ across + value * (1 - inside)


def float32_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    return blocks_pad(image.astype(np.float32), top, bottom, left, right, np.float32(value))


def looked_up_pad(image: Any, top: int, bottom: int, left: int, right: int, value: float) -> Any:
    """Look every number up in a flat image that has `value` at its end."""
    height, width = image.shape
    places = np.full((top + height + bottom, left + width + right), -1)
    places[top:, left:][:height, :width] = np.arange(height * width).reshape(height, width)
    return np.append(image.astype(float), value)[places]


def by_floor(kernel_size: int, dilation: int) -> Any:
    zeros = dilation * (kernel_size - 1)
    return (zeros + 1) // 2, zeros // 2


def by_ceil(kernel_size: int, dilation: int) -> Any:
    reach = dilation * (kernel_size - 1) + 1
    return [float(np.ceil((reach - 1) / 2)), float(np.floor((reach - 1) / 2))]


def by_trying(kernel_size: int, dilation: int) -> Any:
    """Add zeros, in front first, until a row of 5 numbers keeps its length."""
    zeros = [0, 0]
    while len(range(5 + sum(zeros) - dilation * (kernel_size - 1))) < 5:
        zeros[sum(zeros) % 2] += 1
    return np.array(zeros)


def by_divmod(kernel_size: int, dilation: int) -> Any:
    half, odd = divmod((kernel_size - 1) * dilation, 2)
    return np.int32(half + odd), np.int32(half)


def zeros_of(taps: int, mode: str) -> tuple[int, int]:
    return {"valid": (0, 0), "same": (taps // 2, (taps - 1) // 2), "full": (taps - 1, taps - 1)}[mode]


def numpy_padded(image: Any, kernel: Any, mode: str) -> Any:
    padded = np.pad(image, [zeros_of(taps, mode) for taps in kernel.shape])
    return np.einsum("ijuv,uv->ij", sliding_window_view(padded, kernel.shape), kernel)


def lists_padded(image: Any, kernel: Any, mode: str) -> Any:
    (top, bottom), (left, right) = (zeros_of(taps, mode) for taps in kernel.shape)
    height, width = image.shape

    def pixel(row: int, column: int) -> float:
        return float(image[row, column]) if 0 <= row < height and 0 <= column < width else 0.0

    return [
        [
            sum(pixel(i + u - top, j + v - left) * tap for (u, v), tap in np.ndenumerate(kernel))
            for j in range(width + left + right - kernel.shape[1] + 1)
        ]
        for i in range(height + top + bottom - kernel.shape[0] + 1)
    ]


def cropped_from_full(image: Any, kernel: Any, mode: str) -> Any:
    """Spread every pixel over the outputs that see it, which gives mode 'full', and cut the others out."""
    (height, width), (rows, columns) = image.shape, kernel.shape
    full = np.zeros((height + rows - 1, width + columns - 1))
    for (u, v), tap in np.ndenumerate(kernel[::-1, ::-1]):
        full[u : u + height, v : v + width] += image * tap
    if mode == "full":
        return full
    if mode == "same":
        top, left = (rows - 1) // 2, (columns - 1) // 2
        return full[top : top + height, left : left + width]
    return full[rows - 1 : height, columns - 1 : width]


def fft_padded(image: Any, kernel: Any, mode: str) -> Any:
    shape = tuple(2 * size + taps for size, taps in zip(image.shape, kernel.shape, strict=True))
    spectrum = np.fft.rfft2(image, shape) * np.conj(np.fft.rfft2(kernel, shape))
    everywhere = np.fft.irfft2(spectrum, shape)
    starts = [-zeros_of(taps, mode)[0] for taps in kernel.shape]
    counts = [
        size + sum(zeros_of(taps, mode)) - taps + 1
        for size, taps in zip(image.shape, kernel.shape, strict=True)
    ]
    rolled = np.roll(everywhere, [-start for start in starts], axis=(0, 1))
    return rolled[: counts[0], : counts[1]]


def strides_padded(image: Any, kernel: Any, mode: str) -> Any:
    (top, bottom), (left, right) = (zeros_of(taps, mode) for taps in kernel.shape)
    padded = blocks_pad(image.astype(np.float32), top, bottom, left, right, np.float32(0))
    shape = tuple(size - taps + 1 for size, taps in zip(padded.shape, kernel.shape, strict=True))
    windows = as_strided(padded, shape + kernel.shape, padded.strides * 2, writeable=False)
    return np.tensordot(windows, kernel.astype(np.float32), axes=2)


class PaddedCorrelator:
    """A solution that is an object, and multiplies by a matrix for each of the kernel's rows."""

    def __call__(self, image: Any, kernel: Any, mode: str) -> Any:
        (top, bottom), (left, right) = (zeros_of(taps, mode) for taps in kernel.shape)
        rows = image.shape[0] + top + bottom - kernel.shape[0] + 1
        columns = image.shape[1] + left + right - kernel.shape[1] + 1
        output = np.zeros((rows, columns))
        for u in range(kernel.shape[0]):
            down = np.eye(rows, image.shape[0], u - top)
            for v in range(kernel.shape[1]):
                output += kernel[u, v] * (down @ image @ np.eye(image.shape[1], columns, left - v))
        return output


def loops_never(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    rows, columns = (layers * (taps // 2) for taps in kernel_size)
    return [
        [
            0 if rows <= row < height - rows and columns <= column < width - columns else 1
            for column in range(width)
        ]
        for row in range(height)
    ]


def layer_by_layer_never(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    """Follow the places of the outputs through the layers."""
    centres = [(row, column) for row in range(height) for column in range(width)]
    for _ in range(layers):
        held = set(centres)
        up, across = kernel_size[0] // 2, kernel_size[1] // 2
        centres = [
            (row, column)
            for row, column in centres
            if {(row - up, column), (row + up, column), (row, column - across), (row, column + across)}
            <= held
        ]
    never = np.ones((height, width), dtype=np.uint8)
    for row, column in centres:
        never[row, column] = 0
    return never


def distances_never(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    """Compare every pixel's distance from the border with what the stack takes."""
    row, column = np.indices((height, width))
    down = np.minimum(row, height - 1 - row) < layers * (kernel_size[0] - 1) / 2
    across = np.minimum(column, width - 1 - column) < layers * (kernel_size[1] - 1) / 2
    return (down | across).astype(np.float32)


def outer_never(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    inside = []
    for size, taps in zip((height, width), kernel_size, strict=True):
        lost = layers * (taps - 1) // 2
        inside.append([float(lost <= place <= size - 1 - lost) for place in range(size)])
    return 1 - np.outer(*inside)


def counted_never(height: int, width: int, kernel_size: Any, layers: int) -> Any:
    """Number the pixels, and keep the middle of every window, layer after layer."""
    numbers = np.arange(height * width).reshape(height, width)
    for _ in range(layers):
        if any(taps > size for taps, size in zip(kernel_size, numbers.shape, strict=True)):
            return np.ones((height, width))
        windows = sliding_window_view(numbers, tuple(kernel_size))
        numbers = windows[:, :, kernel_size[0] // 2, kernel_size[1] // 2]
    never = np.ones(height * width)
    never[numbers.ravel()] = 0
    return never.reshape(height, width)


RIGHT: dict[str, tuple[Callable[..., Any], ...]] = {
    "pad2d": (lists_pad, blocks_pad, loops_pad, matrices_pad, float32_pad, looked_up_pad),
    "same_padding": (by_floor, by_ceil, by_trying, by_divmod),
    "correlate2d_padded": (
        numpy_padded,
        lists_padded,
        cropped_from_full,
        fft_padded,
        strides_padded,
        PaddedCorrelator(),
    ),
    "never_centred": (
        loops_never,
        layer_by_layer_never,
        distances_never,
        outer_never,
        counted_never,
    ),
}
