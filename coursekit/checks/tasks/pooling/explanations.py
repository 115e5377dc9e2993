"""Why a pooled map has the shape and the numbers it has."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from coursekit.checks.tasks.pooling.windows import Pair, window_starts
from coursekit.checks.tasks.written import Axes, chosen_steps
from coursekit.shapes import output_shape

MOST_WRITTEN = 12  # numbers that are written out


def signed(number: float) -> str:
    """Return the number with a true minus sign, as reports write it."""
    return f"{number:g}".replace("-", "−")


def written(numbers: NDArray[Any], between: str = ", ") -> str:
    """Return the numbers as text, the middle left out where there are many."""
    texts = [signed(number) for number in numbers.flat]
    if between != ", ":
        texts = [f"({text})" if text.startswith("−") else text for text in texts]
    if len(texts) > MOST_WRITTEN:
        texts = [*texts[: MOST_WRITTEN - 2], "…", texts[-1]]
    return between.join(texts)


def largest_of(numbers: NDArray[Any]) -> str:
    """Return "max(3, 5)"."""
    return f"max({written(numbers)})"


def mean_of(numbers: NDArray[Any], count: int | None = None) -> str:
    """Return "(3 + 5) / 2"; `count` is the number to divide by where it is not that of the numbers."""
    return f"({written(numbers, ' + ')}) / {count or numbers.size}"


def output_size_steps(image: Any, size: Pair, stride: Pair, padding: Pair, mode: str) -> Axes:
    """Return, for each axis, what it counts and the steps that lead to its output size."""
    sizes = output_shape(image.shape, size, stride=stride, padding=padding)
    steps = ("last start", "positions")
    return chosen_steps(sizes, [("padded size", *steps) if around else steps for around in padding])


def window_combined(
    image: Any, size: Pair, stride: Pair, padding: Pair, mode: str, index: tuple[int, ...]
) -> str:
    """Return the maximum or the mean at `index` of the output, written out."""
    window = image
    for axis in (0, 1):
        start = int(window_starts(index[axis] + 1, stride[axis], padding[axis])[-1])
        seen = slice(max(start, 0), start + size[axis])
        window = window[(slice(None),) * axis + (seen,)]
    return largest_of(window) if mode == "max" else mean_of(window, size[0] * size[1])
