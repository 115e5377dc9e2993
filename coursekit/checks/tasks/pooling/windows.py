"""Pooling of one map by plain NumPy: the reference of pool2d, and what its misconceptions are made of.

It takes more than the exercise asks: padding may differ at the two ends of an axis, and be larger than half
the window. A test holds it equal to coursekit.reference, which is slower on small maps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
Pair = tuple[int, int]
Padding = Sequence[int | Pair]  # one for each axis: the same at both ends, or (before, after)
Pooled = tuple[Array, Array | None]  # output, positions
Choice = Callable[[Array], Array]  # from windows (rows, columns, KH * KW) to the tap that each one chooses


def first_maximum(windows: Array) -> Array:
    """Choose the first of the largest numbers in row-major order."""
    return np.asarray(windows.argmax(axis=-1))


def ends_of(padding: Padding) -> tuple[Pair, Pair]:
    """Return (before, after) for both axes."""
    rows, columns = ((end, end) if isinstance(end, int) else end for end in padding)
    return rows, columns


def pooled(
    image: Array,
    size: Pair,
    stride: Pair,
    padding: Padding,
    mode: str,
    *,
    outside: float | None = None,
    choose: Choice = first_maximum,
) -> Pooled:
    """Return the output and, for 'max', the position of each maximum in the flat image; else None.

    `outside` stands in the padding: by default -inf for 'max' and 0 for 'average', whose mean counts it.

    Raises ValueError if the window does not fit, or for another mode.
    """
    if mode not in ("max", "average"):
        raise ValueError(f"mode must be 'max' or 'average'; got {mode!r}")
    ends = ends_of(padding)
    if outside is None:
        outside = -np.inf if mode == "max" else 0.0
    padded = np.full([n + sum(end) for n, end in zip(image.shape, ends, strict=True)], outside)
    (top, _), (left, _) = ends
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    windows = sliding_window_view(padded, size)[:: stride[0], :: stride[1]]
    windows = windows.reshape(*windows.shape[:2], size[0] * size[1])
    if mode == "average":
        return windows.mean(axis=-1), None
    taps = choose(windows)
    rows = window_starts(len(taps), stride[0], top)[:, None] + taps // size[1]
    columns = window_starts(taps.shape[1], stride[1], left) + taps % size[1]
    output = np.take_along_axis(windows, taps[..., None], axis=-1)[..., 0]
    return output, rows * image.shape[1] + columns


def window_starts(count: int, stride: int, before: int) -> Array:
    """Return where the first `count` windows start along one axis of the image; in its padding below 0."""
    return np.arange(count) * stride - before


def pool2d(image: Array, size: Pair, stride: Pair, padding: Padding, mode: str) -> Pooled:
    """Return the right answer of the task."""
    return pooled(image, size, stride, padding, mode)


def is_fair(image: Any, size: Any, stride: Any, padding: Any, mode: Any) -> bool:
    """Return whether the notebook's contract allows these arguments."""
    axes = zip(np.shape(image), size, stride, padding, strict=True)
    return mode in ("max", "average") and all(
        min(n, taps, step) >= 1 and 0 <= 2 * around <= taps <= n + 2 * around
        for n, taps, step, around in axes
    )
