"""The present state of the pooling explorer in words: the alternative text of its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coursekit.errors import CourseError

if TYPE_CHECKING:
    from coursekit.widgets.pooling_explorer.pooling_explorer import PoolingExplorer


def describe_state(demo: PoolingExplorer) -> str:
    """Return mode and sizes, the value at the position, and which gradient flows back; hides predictions."""
    sizes = " × ".join(map(str, demo.image.shape))
    start = f"Pooling explorer, {demo.mode} of a {sizes} input"
    if demo.mode in ("max", "average"):
        start += f", window {written(demo.size)}, stride {written(demo.stride or demo.size)}"
        start += f", padding {written(demo.padding)}" if demo.padding else ""
    try:
        maps, back = np.asarray(demo.output_maps, float), np.asarray(demo.input_gradient, float)
    except (CourseError, ImportError) as error:  # no window fits, or the reference is left out during grading
        return f"{start}: no output ({error})." if isinstance(error, CourseError) else f"{start}."
    output = " × ".join(map(str, maps.shape))
    row, column = demo.position
    kept = maps.reshape(-1, *maps.shape[-2:])[demo.channel, row, column]
    value = "?" if demo.predict == "output" else number(kept)
    at = f"channel {demo.channel}, " if maps.ndim > 2 else ""
    sentence = f"{start}: the output is {output}. At {at}row {row}, column {column} it is {value}."
    if demo.predict == "gradient":
        return f"{sentence} The gradient of the input is to be predicted."
    reached = np.count_nonzero(back)
    return f"{sentence} A gradient reaches {reached} of {back.size} pixels."


def written(value: int | tuple[int, ...]) -> str:
    """Return "2 × 3" of a pair, "2 × 2" of an int."""
    rows, columns = value if isinstance(value, tuple) else (value, value)
    return f"{rows} × {columns}"


def number(value: float) -> str:
    """Return a number with at most 4 significant digits and a true minus sign."""
    return f"{value:.4g}".replace("-", "−")
