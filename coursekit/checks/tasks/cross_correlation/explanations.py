"""Why the output of a valid cross-correlation has the shape and the numbers it has."""

from __future__ import annotations

from typing import Any

from coursekit.shapes import Derivation, Step

# What an axis counts, and its size as the notebook writes it: strides and the floor come in exercise 6.
AXES = {
    1: (("numbers", "N - K + 1"),),
    2: (("rows", "H - h + 1"), ("columns", "W - w + 1")),
}


def output_size_steps(image: Any, kernel: Any) -> tuple[tuple[str, Derivation], ...]:
    """Return, for each axis, what it counts and the sum that gives its output size."""
    return tuple(
        (axis, Derivation([Step.of(formula, formula, f"{size} - {taps} + 1", size - taps + 1)]))
        for (axis, formula), size, taps in zip(AXES[image.ndim], image.shape, kernel.shape, strict=True)
    )


def products_summed(image: Any, kernel: Any, index: tuple[int, ...]) -> str:
    """Return the sum at `index` of the output, written out: "2·3 + 4·8"."""
    window = image[tuple(slice(start, start + taps) for start, taps in zip(index, kernel.shape, strict=True))]
    return " + ".join(
        f"{_factor(seen)}·{_factor(tap)}" for seen, tap in zip(window.ravel(), kernel.ravel(), strict=True)
    )


def _factor(number: Any) -> str:
    return f"{number:g}" if number >= 0 else f"({number:g})".replace("-", "−")
