"""Why the answers of the array tasks have the shapes and the numbers they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coursekit.checks.tasks.written import Axes, chosen_steps, products
from coursekit.shapes import output_shape, transposed_shape


def strided_size_steps(image: Any, kernel: Any, stride: Any, dilation: Any) -> Axes:
    """Return, for each axis, what it counts and the steps to its number of windows."""
    sizes = output_shape(image.shape, kernel.shape, stride=stride, dilation=dilation)
    steps = ("last start", "positions")
    return chosen_steps(sizes, [steps if max(dilation) == 1 else ("effective kernel", *steps)] * 2)


def transposed_size_steps(image: Any, kernel: Any, stride: Any) -> Axes:
    """Return, for each axis, what it counts and the steps to the far end of the last copy."""
    sizes = transposed_shape(image.shape, kernel.shape, stride=stride)
    return chosen_steps(sizes, [("last start", "from end to end")] * 2)


def strided_products(image: Any, kernel: Any, stride: Any, dilation: Any, index: tuple[int, ...]) -> str:
    """Return the sum of products at `index` of the output, written out: "2·3 + 4·8"."""
    row, column = (place * step for place, step in zip(index, stride, strict=True))
    window = image[row :: dilation[0], column :: dilation[1]][: kernel.shape[0], : kernel.shape[1]]
    return products(window.ravel(), kernel.ravel())


def transposed_products(image: Any, kernel: Any, stride: Any, index: tuple[int, ...]) -> str:
    """Return what all copies of the kernel add at `index` of the output: "2·3 + 4·8", pixel times tap."""
    added = list(_contributions(image, kernel, stride, index))
    return products(*zip(*added, strict=True)) if added else "a sum of nothing"


def _contributions(image: Any, kernel: Any, stride: Any, index: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            u, v = index[0] - row * stride[0], index[1] - column * stride[1]
            if 0 <= u < kernel.shape[0] and 0 <= v < kernel.shape[1]:
                yield image[row, column], kernel[u, v]
