"""Right answers to the tasks of 06_stride, in many styles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def places_by_floor(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Any:
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    return 0 if room < 0 else math.floor(room / stride) + 1


def places_by_listing(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Any:
    starts = range(-padding, size + padding, stride)
    return len([start for start in starts if start + (kernel - 1) * dilation < size + padding])


def places_by_ceil(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Any:
    """Round up what one place more than the spare pixels takes."""
    return max(-(-(size + 2 * padding - (kernel - 1) * dilation) // stride), 0)


def places_by_walking(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Any:
    place, count = 0, 0
    while place + dilation * (kernel - 1) <= size + 2 * padding - 1:
        place, count = place + stride, count + 1
    return float(count)


def places_in_an_array(*numbers: int) -> Any:
    return np.array(places_by_listing(*numbers), dtype=np.int8)


def strided_lists(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    (height, width), (rows, columns) = image.shape, kernel.shape
    image, kernel = image.tolist(), kernel.tolist()
    return [
        [
            sum(
                image[top + u * dilation[0]][left + v * dilation[1]] * kernel[u][v]
                for u in range(rows)
                for v in range(columns)
            )
            for left in range(0, width - dilation[1] * (columns - 1), stride[1])
        ]
        for top in range(0, height - dilation[0] * (rows - 1), stride[0])
    ]


def strided_slices(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    """Add up one thinned-out image for each tap."""
    rows, columns = (
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(image.shape, kernel.shape, stride, dilation, strict=True)
    )
    out = np.zeros((rows, columns), dtype=np.float32)
    for (u, v), tap in np.ndenumerate(kernel.astype(np.float32)):
        top, left = u * dilation[0], v * dilation[1]
        seen = image[top :: stride[0], left :: stride[1]][:rows, :columns]
        out += seen.astype(np.float32) * tap
    return out


def strided_einsum(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    spans = [d * (k - 1) + 1 for k, d in zip(kernel.shape, dilation, strict=True)]
    windows = sliding_window_view(image, spans)[:: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    return np.einsum("ijuv,uv->ij", windows, kernel)


def spread(array: Any, steps: Any) -> Any:
    """Put zeros between the entries of an array, `steps` apart."""
    out = np.zeros([(n - 1) * step + 1 for n, step in zip(array.shape, steps, strict=True)])
    out[:: steps[0], :: steps[1]] = array
    return out


def strided_fft(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    """Spread the kernel out, correlate by the FFT with stride 1, and keep every s-th number."""
    dense = spread(kernel, dilation)
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(dense, image.shape))
    full = np.fft.irfft2(spectrum, image.shape)
    valid = full[: image.shape[0] - dense.shape[0] + 1, : image.shape[1] - dense.shape[1] + 1]
    return valid[:: stride[0], :: stride[1]]


def strided_memory(image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    """Look at the memory of the image with other steps."""
    shape = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(image.shape, kernel.shape, stride, dilation, strict=True)
    ]
    steps = [s * b for s, b in zip(stride, image.strides, strict=True)]
    steps += [d * b for d, b in zip(dilation, image.strides, strict=True)]
    windows = as_strided(image, (*shape, *kernel.shape), steps, writeable=False)
    return np.asfortranarray(np.tensordot(windows, kernel, axes=2))


class Strided:
    """A solution that is an object, and multiplies with a matrix of columns."""

    def __call__(self, image: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
        tops = range(0, image.shape[0] - dilation[0] * (kernel.shape[0] - 1), stride[0])
        lefts = range(0, image.shape[1] - dilation[1] * (kernel.shape[1] - 1), stride[1])
        rows = dilation[0] * np.arange(kernel.shape[0])[:, None]
        columns = dilation[1] * np.arange(kernel.shape[1])
        taken = np.stack([image[top + rows, left + columns].ravel() for top in tops for left in lefts])
        return (taken @ kernel.ravel()).reshape(len(tops), len(lefts))


def transposed_lists(image: Any, kernel: Any, stride: Any) -> Any:
    """Ask for each output which pixels and taps meet there."""
    rows = (len(image) - 1) * stride[0] + len(kernel)
    columns = (len(image[0]) - 1) * stride[1] + len(kernel[0])
    out = [[0] * columns for _ in range(rows)]
    for i, line in enumerate(image.tolist()):
        for j, pixel in enumerate(line):
            for u, taps in enumerate(kernel.tolist()):
                for v, tap in enumerate(taps):
                    out[i * stride[0] + u][j * stride[1] + v] += pixel * tap
    return out


def transposed_slices(image: Any, kernel: Any, stride: Any) -> Any:
    """Add the image times one tap to every s-th row and column."""
    last = [(n - 1) * s for n, s in zip(image.shape, stride, strict=True)]
    out = np.zeros([size + k for size, k in zip(last, kernel.shape, strict=True)], np.float32)
    for (u, v), tap in np.ndenumerate(kernel):
        out[u : u + last[0] + 1 : stride[0], v : v + last[1] + 1 : stride[1]] += (image * tap).astype(
            np.float32
        )
    return out


def transposed_by_zeros(image: Any, kernel: Any, stride: Any) -> Any:
    """Insert zeros, add a border, and slide the flipped kernel."""
    border = [(k - 1, k - 1) for k in kernel.shape]
    windows = sliding_window_view(np.pad(spread(image, stride), border), kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, np.flip(kernel))


def transposed_fft(image: Any, kernel: Any, stride: Any) -> Any:
    dense = spread(image, stride)
    shape = tuple(n + k - 1 for n, k in zip(dense.shape, kernel.shape, strict=True))
    return np.fft.irfft2(np.fft.rfft2(dense, shape) * np.fft.rfft2(kernel, shape), shape)


def transposed_matrix(image: Any, kernel: Any, stride: Any) -> Any:
    """Multiply with the transpose of the matrix of the strided correlation."""
    shape = [(n - 1) * s + k for n, s, k in zip(image.shape, stride, kernel.shape, strict=True)]
    rows = []
    for i, j in np.ndindex(image.shape):
        row = np.zeros(shape)
        row[i * stride[0] : i * stride[0] + kernel.shape[0], j * stride[1] :][:, : kernel.shape[1]] = kernel
        rows.append(row.ravel())
    return (np.array(rows).T @ image.ravel()).reshape(shape)


def field_forwards(layers: Any) -> Any:
    size, jump, start = 1, 1, 0
    for kernel, stride, padding, dilation in layers:
        size, jump, start = (
            size + dilation * (kernel - 1) * jump,
            jump * stride,
            start - padding * jump,
        )
    return size, jump, start


def field_backwards(layers: Any) -> Any:
    """Go from the output to the input: the first and the last pixel of two outputs."""

    def seen_by(index: int) -> tuple[int, int]:
        first = last = index
        for kernel, stride, padding, dilation in reversed(layers):
            first = first * stride - padding
            last = last * stride - padding + dilation * (kernel - 1)
        return first, last

    (first, last), (following, _) = seen_by(0), seen_by(1)
    return [last - first + 1, following - first, first]


def field_by_sums(layers: Any) -> Any:
    kernels, strides, paddings, dilations = np.array(layers).T
    jumps = np.cumprod([1, *strides])
    size = 1 + np.sum(dilations * (kernels - 1) * jumps[:-1])
    return np.array([size, jumps[-1], -np.sum(paddings * jumps[:-1])])


def field_by_sets(layers: Any) -> Any:
    """Follow the pixels themselves; a field with gaps counts from end to end."""

    def seen_by(index: int) -> set[int]:
        seen = {index}
        for kernel, stride, padding, dilation in layers[::-1]:
            seen = {place * stride - padding + tap * dilation for place in seen for tap in (0, kernel - 1)}
        return seen

    seen = seen_by(0)
    return float(max(seen) - min(seen) + 1), float(min(seen_by(1)) - min(seen)), float(min(seen))


RIGHT = {
    "output_size": (
        places_by_floor,
        places_by_listing,
        places_by_ceil,
        places_by_walking,
        places_in_an_array,
    ),
    "correlate2d_strided": (
        strided_lists,
        strided_slices,
        strided_einsum,
        strided_fft,
        strided_memory,
        Strided(),
    ),
    "conv_transpose2d": (
        transposed_lists,
        transposed_slices,
        transposed_by_zeros,
        transposed_fft,
        transposed_matrix,
    ),
    "receptive_field": (field_forwards, field_backwards, field_by_sums, field_by_sets),
}
