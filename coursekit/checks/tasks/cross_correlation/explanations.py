"""Why the output of a valid cross-correlation has the shape and the numbers it has."""

from __future__ import annotations

from typing import Any

from coursekit.checks.tasks.written import Axes, products, valid_sizes


def output_size_steps(image: Any, kernel: Any) -> Axes:
    """Return, for each axis, what it counts and the sum that gives its output size."""
    return valid_sizes(image.shape, kernel.shape)


def products_summed(image: Any, kernel: Any, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of the output, written out: "2·3 + 4·8"."""
    window = image[tuple(slice(start, start + taps) for start, taps in zip(index, kernel.shape, strict=True))]
    return products(window.ravel(), kernel.ravel())
