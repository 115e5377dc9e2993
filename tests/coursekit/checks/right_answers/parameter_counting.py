"""Right answers to the tasks of 08_parameter_counting, in many styles."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from coursekit.personal import my_network

STUDENT = "ada"  # whose numbers the answers to `my_numbers` are


def parameters_by_name(layers: Any) -> Any:
    total = 0
    for layer in layers:
        if layer[0] == "convolution":
            _, (kernels, channels, height, width), _, _, bias = layer
            total += kernels * channels * height * width + (kernels if bias else 0)
        if layer[0] == "dense":
            _, (outputs, inputs), bias = layer
            total += outputs * inputs + (outputs if bias else 0)
    return total


def parameters_by_product(layers: Any) -> Any:
    return sum(
        math.prod(shape) + bias * shape[0] for name, shape, *_, bias in filter(has_weights, layers) if name
    )


def has_weights(layer: Any) -> bool:
    return layer[0] in {"convolution", "dense"}


def parameters_by_arrays(layers: Any) -> Any:
    """Make the arrays themselves and look at their sizes."""
    arrays = []
    for layer in layers:
        if has_weights(layer):
            arrays += [np.zeros(layer[1], np.int8), np.zeros(layer[1][0] if layer[-1] else 0, np.int8)]
    return np.int64(sum(array.size for array in arrays))


def parameters_recursive(layers: Any) -> Any:
    if not layers:
        return 0.0
    (name, *rest), *others = layers
    here = float(np.prod(rest[0]) + rest[0][0] * rest[-1]) if name in ("convolution", "dense") else 0.0
    return here + parameters_recursive(others)


class Counter:
    """A solution that is an object."""

    def __call__(self, layers: Any) -> Any:
        return np.array([parameters_by_name([layer]) for layer in layers]).sum()


def places(size: int, taps: int, stride: int, padding: int) -> int:
    return (size + 2 * padding - taps) // stride + 1


def read_by_loops(size: int, taps: int, stride: int, padding: int) -> int:
    read = 0
    for place in range(places(size, taps, stride, padding)):
        for tap in range(taps):
            read += 0 <= place * stride + tap - padding < size
    return read


def read_by_marks(size: int, taps: int, stride: int, padding: int) -> int:
    """Lay ones and zeros out as the padded axis and add up what each window sees."""
    axis = np.pad(np.ones(size, int), padding)
    starts = range(0, len(axis) - taps + 1, stride)
    return int(sum(axis[start : start + taps].sum() for start in starts))


def read_by_clipping(size: int, taps: int, stride: int, padding: int) -> int:
    starts = np.arange(places(size, taps, stride, padding)) * stride - padding
    return int((np.clip(starts + taps, 0, size) - np.clip(starts, 0, size)).sum())


def connections_by(read: Callable[[int, int, int, int], int], number: Any = int) -> Callable[..., Any]:
    def connections(image_shape: Any, layers: Any) -> Any:
        maps, height, width = image_shape
        total = 0
        for layer in layers:
            if layer[0] == "dense":
                total += layer[1][0] * layer[1][1]
            if layer[0] not in ("convolution", "pooling"):
                continue
            (*outside, kernel_height, kernel_width), stride, *more = layer[1:]
            padding = more[0] if more else 0
            kernels = outside[0] if outside else 1
            rows, columns = (kernel_height, stride, padding), (kernel_width, stride, padding)
            total += maps * kernels * read(height, *rows) * read(width, *columns)
            maps, height, width = (
                outside[0] if outside else maps,
                places(height, *rows),
                places(width, *columns),
            )
        return number(total)

    connections.__name__ = f"connections_{read.__name__}"
    return connections


def connections_pixel_by_pixel(image_shape: Any, layers: Any) -> Any:
    """Let every window read an image of ones: what all windows see together are the connections."""
    ones = np.ones(image_shape)
    total = 0
    for layer in layers:
        if layer[0] == "dense":
            total += math.prod(layer[1])
        elif layer[0] != "relu":
            convolves = layer[0] == "convolution"
            kernels, padding = (layer[1][0], layer[3]) if convolves else (1, 0)
            height, width = layer[1][-2:]
            padded = np.pad(ones, [(0, 0), (padding, padding), (padding, padding)])
            windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
            windows = windows[:, :: layer[2], :: layer[2]]
            total += kernels * int(windows.sum())
            ones = np.ones((kernels if convolves else len(ones), *windows.shape[1:3]))
    return total


@cache
def sizes_of(student: str) -> dict[str, int]:
    """Work all answers out, step by step."""
    (channels, height, width), layers = my_network(student)
    (_, first, stride, padding, _), _, (_, pooling, step), (_, second, _, _, _), _, (_, dense, _) = layers
    rows = (height + 2 * padding - first[2]) // stride + 1
    columns = (width + 2 * padding - first[3]) // stride + 1
    pooled = (rows - pooling[0]) // step + 1, (columns - pooling[1]) // step + 1
    behind = (pooled[0] - second[2] + 1) * (pooled[1] - second[3] + 1)
    numbers = [first[0] * (channels * first[2] * first[3] + 1), math.prod(second), dense[0] * (dense[1] + 1)]
    return {
        "parameters of the first convolution": numbers[0],
        "parameters of the second convolution": numbers[1],
        "parameters of the dense layer": numbers[2],
        "parameters of the whole network": sum(numbers),
        "parameters of the first convolution, image twice as high and wide": numbers[0],
        "rows of a map behind the first convolution": rows,
        "numbers behind the pooling, in all maps": first[0] * pooled[0] * pooled[1],
        "connections of the second convolution": math.prod(second) * behind,
    }


def numbers_for(student: str) -> tuple[Callable[[str], Any], ...]:
    """Return right answers of one student: whole numbers, floats, arrays, and by the code of other tasks."""

    def from_dictionary(question: str) -> Any:
        return sizes_of(student)[question]

    def floats(question: str) -> Any:
        return float(sizes_of(student)[question])

    def arrays(question: str) -> Any:
        return np.array(sizes_of(student)[question])

    def by_code(question: str) -> Any:
        _, layers = my_network(student)
        own = {"first convolution": layers[:1], "second convolution": layers[3:4], "dense layer": layers[5:]}
        own["whole network"], own["first convolution, image twice as high and wide"] = layers, layers[:1]
        part = question.removeprefix("parameters of the ")
        return parameters_by_product(own[part]) if part in own else sizes_of(student)[question]

    return from_dictionary, floats, arrays, by_code


def layer_by_loops(image_shape: Any, output_shape: Any, most_parameters: Any) -> Any:
    channels, height, width = image_shape
    kernels, rows, columns = output_shape
    kernel = 1
    while kernels * (channels * (kernel + 1) ** 2 + 1) <= most_parameters:
        kernel += 1
    for stride in range(1, max(height, width) + 1):
        for padding in range(kernel):
            made = places(height, kernel, stride, padding), places(width, kernel, stride, padding)
            if made == (rows, columns):
                return kernel, stride, padding
    raise AssertionError


def layer_largest_stride_first(image_shape: Any, output_shape: Any, most_parameters: Any) -> Any:
    kernel = math.isqrt((most_parameters // output_shape[0] - 1) // image_shape[0])
    choices = [
        [kernel, stride, padding]
        for stride in range(60, 0, -1)
        for padding in range(kernel)
        if all(places(image_shape[axis], kernel, stride, padding) == output_shape[axis] for axis in (1, 2))
    ]
    return choices[0]


def layer_most_padding(image_shape: Any, output_shape: Any, most_parameters: Any) -> Any:
    kernel = math.floor(np.sqrt((most_parameters / output_shape[0] - 1) / image_shape[0]) + 1e-9)
    for padding in reversed(range(kernel)):
        for stride in range(1, 60):
            made = [len(range(0, n + 2 * padding - kernel + 1, stride)) for n in image_shape[1:]]
            if made == list(output_shape[1:]):
                return np.array([kernel, stride, padding], dtype=np.float32)
    raise AssertionError


def layer_on_a_grid(image_shape: Any, output_shape: Any, most_parameters: Any) -> Any:
    sizes = np.arange(1, 60)
    affordable = output_shape[0] * (image_shape[0] * sizes**2 + 1) <= most_parameters
    kernel = int(sizes[affordable].max())
    strides, paddings = np.meshgrid(np.arange(1, 60), np.arange(kernel), indexing="ij")
    fits = np.ones(strides.shape, dtype=bool)
    for axis in (1, 2):
        fits &= (image_shape[axis] + 2 * paddings - kernel) // strides + 1 == output_shape[axis]
    stride, padding = np.argwhere(fits)[-1] + (1, 0)
    return kernel, stride, padding


RIGHT: dict[str, tuple[Callable[..., Any], ...]] = {
    "count_parameters": (
        parameters_by_name,
        parameters_by_product,
        parameters_by_arrays,
        parameters_recursive,
        Counter(),
    ),
    "count_connections": (
        connections_by(read_by_loops),
        connections_by(read_by_marks, float),
        connections_by(read_by_clipping, np.array),
        connections_pixel_by_pixel,
    ),
    "my_numbers": numbers_for(STUDENT),
    "find_layer": (layer_by_loops, layer_largest_stride_first, layer_most_padding, layer_on_a_grid),
}
