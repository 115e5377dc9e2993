"""Why the output of a valid cross-correlation has the shape it has."""

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
