"""What reports say of the size and the numbers of an answer in this exercise."""

from __future__ import annotations

from typing import Any

from coursekit.checks.tasks.channels.explanations import count_of, weighted_sum
from coursekit.checks.tasks.written import Axes, products, valid_sizes
from coursekit.shapes import Derivation, Step


def columns_size(image: Any, height: int, width: int) -> Axes:
    """Return the steps to both axes of im2col2d: the numbers of a window, and the windows."""
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    sizes = dict(valid_sizes(image.shape, (height, width)))
    both = "rows · columns"
    windows = Derivation(
        [*sizes["rows"], *sizes["columns"], Step.of(both, both, f"{rows} · {columns}", rows * columns)]
    )
    inside = Derivation([Step.of("height · width", "height · width", f"{height} · {width}", height * width)])
    return ("numbers of a window", inside), ("windows", windows)


def place_in_columns(image: Any, height: int, width: int, index: tuple[int, ...]) -> str:
    """Return, in words, which pixel stands at `index` of im2col2d."""
    (u, v), (i, j) = divmod(index[0], width), divmod(index[1], image.shape[1] - width + 1)
    return f"(row {u}, column {v} of the window at row {i}, column {j} of the image)"


def maps_size(image: Any, kernels: Any) -> Axes:
    """Return the steps to the three axes of a layer: maps, rows, columns."""
    return (
        count_of("maps", "kernels", "kernels.shape[0]", kernels.shape[0]),
        *valid_sizes(image.shape[1:], kernels.shape[2:]),
    )


def map_products(image: Any, kernels: Any, index: tuple[int, ...]) -> str:
    """Return the sum of products that stands at (map, row, column)."""
    f, i, j = index
    window = image[:, i : i + kernels.shape[2], j : j + kernels.shape[3]]
    return weighted_sum(window, kernels[f])


def plain_size(image: Any, kernel: Any) -> Axes:
    """Return the steps to rows and columns of a plain cross-correlation."""
    return valid_sizes(image.shape, kernel.shape)


def plain_products(image: Any, kernel: Any, index: tuple[int, ...]) -> str:
    """Return the sum of products that stands at (row, column)."""
    i, j = index
    window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
    return products(window.ravel(), kernel.ravel())
