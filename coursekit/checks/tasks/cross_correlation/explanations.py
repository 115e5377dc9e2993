"""Why the output of a valid cross-correlation has the shape and the numbers it has."""

from __future__ import annotations

from typing import Any

from coursekit.shapes import Derivation, output_shape

AXES = {1: ("numbers",), 2: ("rows", "columns")}
STEPS = ("last start", "positions")  # without padding and dilation the other steps change nothing


def output_size_steps(image: Any, kernel: Any) -> tuple[tuple[str, Derivation], ...]:
    """Return, for each axis, what it counts and the steps that lead to its output size."""
    sizes = output_shape(image.shape, kernel.shape)
    return tuple(
        (axis, Derivation(step for step in size.derivation if step.name in STEPS))
        for axis, size in zip(AXES[image.ndim], sizes, strict=True)
    )


def products_summed(image: Any, kernel: Any, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of the output, written out: "2·3 + 4·8"."""
    window = image[tuple(slice(start, start + taps) for start, taps in zip(index, kernel.shape, strict=True))]
    return " + ".join(
        f"{_factor(seen)}·{_factor(tap)}" for seen, tap in zip(window.ravel(), kernel.ravel(), strict=True)
    )


def _factor(number: Any) -> str:
    return f"{number:g}" if number >= 0 else f"({number:g})"
