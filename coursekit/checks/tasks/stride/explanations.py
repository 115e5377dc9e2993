"""Why the answers of the array tasks have the shapes and the numbers they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from coursekit.shapes import Derivation, DerivedNumber, output_shape, transposed_shape

AXES = ("rows", "columns")


def strided_size_steps(
    image: Any, kernel: Any, stride: Any, dilation: Any
) -> tuple[tuple[str, Derivation], ...]:
    """Return, for each axis, what it counts and the steps to its number of windows."""
    sizes = output_shape(image.shape, kernel.shape, stride=stride, dilation=dilation)
    steps = ("last start", "positions")
    return _steps(sizes, steps if max(dilation) == 1 else ("effective kernel", *steps))


def transposed_size_steps(image: Any, kernel: Any, stride: Any) -> tuple[tuple[str, Derivation], ...]:
    """Return, for each axis, what it counts and the steps to the far end of the last copy."""
    return _steps(
        transposed_shape(image.shape, kernel.shape, stride=stride), ("last start", "from end to end")
    )


def _steps(sizes: Iterable[DerivedNumber], names: tuple[str, ...]) -> tuple[tuple[str, Derivation], ...]:
    return tuple(
        (axis, Derivation(step for step in size.derivation if step.name in names))
        for axis, size in zip(AXES, sizes, strict=True)
    )


def strided_products(image: Any, kernel: Any, stride: Any, dilation: Any, index: tuple[int, ...]) -> str:
    """Return the sum of products at `index` of the output, written out: "2·3 + 4·8"."""
    row, column = (place * step for place, step in zip(index, stride, strict=True))
    window = image[row :: dilation[0], column :: dilation[1]][: kernel.shape[0], : kernel.shape[1]]
    return _written(zip(window.ravel(), kernel.ravel(), strict=True))


def transposed_products(image: Any, kernel: Any, stride: Any, index: tuple[int, ...]) -> str:
    """Return what all copies of the kernel add at `index` of the output: "2·3 + 4·8", pixel times tap."""
    return _written(_contributions(image, kernel, stride, index)) or "a sum of nothing"


def _contributions(image: Any, kernel: Any, stride: Any, index: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            u, v = index[0] - row * stride[0], index[1] - column * stride[1]
            if 0 <= u < kernel.shape[0] and 0 <= v < kernel.shape[1]:
                yield image[row, column], kernel[u, v]


def _written(factors: Iterable[tuple[Any, Any]]) -> str:
    return " + ".join(f"{_factor(pixel)}·{_factor(tap)}" for pixel, tap in factors)


def _factor(number: Any) -> str:
    return f"{number:g}" if number >= 0 else f"({number:g})".replace("-", "−")
