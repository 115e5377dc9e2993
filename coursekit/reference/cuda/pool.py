"""The plans of pooling and its gradients: one thread for each window, or for each pixel on the way back."""

from __future__ import annotations

from math import prod
from typing import Any

from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.planes import as_image, contiguous, geometry, launch_each, number_of
from coursekit.reference.ties import Ties
from coursekit.reference.windows import Windows


def max_pool(
    device: Device, image: Any, windows: Windows, *, maxima: bool = True, positions: bool = False
) -> tuple[Any, Any]:
    """Return the largest pixel of each window and its position, each (..., *positions); None if not wanted.

    image : (..., *spatial) of `device`, with 1 or 2 spatial axes
    """
    xp, flat = device.xp, as_image(windows)
    shape = (*_leading(image, windows), *windows.positions)
    largest = xp.empty(shape, dtype=image.dtype) if maxima else None
    found = xp.empty(shape, dtype=xp.int64) if positions else None
    results = [array for array in (largest, found) if array is not None]
    launch_each(
        device,
        "max_pool",
        "max_pool",
        {
            **geometry(flat),
            "NUMBER": number_of(image),
            "MAXIMA": int(maxima),
            "POSITIONS": int(positions),
        },
        [contiguous(device, image), *results, *flat.spatial, *flat.positions],
        prod(shape),
    )
    return largest, found


def average_pool(device: Device, image: Any, windows: Windows, *, count_padding: bool) -> Any:
    """Return the mean of each window, (..., *positions), in the dtype of `image` (..., *spatial)."""
    flat = as_image(windows)
    out = device.xp.empty((*_leading(image, windows), *windows.positions), dtype=image.dtype)
    launch_each(
        device,
        "average_pool",
        "average_pool",
        {**geometry(flat), "NUMBER": number_of(image)},
        [contiguous(device, image), out, *flat.spatial, *flat.positions, *_counting(flat, count_padding)],
        prod(out.shape),
    )
    return out


def max_pool_gradient(device: Device, gradient: Any, image: Any, windows: Windows, ties: Ties) -> Any:
    """Return the gradient (..., *spatial) of the image, in the dtype of `gradient` (..., *positions).

    Both have the same dtype.
    """
    flat = as_image(windows)
    if ties == "all":
        maxima, _ = max_pool(device, image, windows)
        seen = [contiguous(device, image), maxima]
    else:
        _, positions = max_pool(device, image, windows, maxima=False, positions=True)
        seen = [positions]
    out = device.xp.empty(image.shape, dtype=gradient.dtype)
    launch_each(
        device,
        "max_pool_gradient",
        "max_pool_gradient",
        {**geometry(flat), "NUMBER": number_of(gradient), "ALL": int(ties == "all")},
        [contiguous(device, gradient), *seen, out, *flat.spatial, *flat.positions],
        prod(out.shape),
    )
    return out


def average_pool_gradient(device: Device, gradient: Any, windows: Windows, *, count_padding: bool) -> Any:
    """Return the gradient (..., *spatial) of the image, in the dtype of `gradient` (..., *positions)."""
    flat = as_image(windows)
    out = device.xp.empty((*_leading(gradient, windows), *windows.spatial), dtype=gradient.dtype)
    launch_each(
        device,
        "average_pool_gradient",
        "average_pool_gradient",
        {**geometry(flat), "NUMBER": number_of(gradient)},
        [contiguous(device, gradient), out, *flat.spatial, *flat.positions, *_counting(flat, count_padding)],
        prod(out.shape),
    )
    return out


def _leading(array: Any, windows: Windows) -> tuple[int, ...]:
    """Return the axes before the spatial ones."""
    return tuple(array.shape[: array.ndim - len(windows.spatial)])


def _counting(windows: Windows, count_padding: bool) -> list[int]:
    """Return the first row that counts in a mean and the one after the last, and so the columns."""
    limits = []
    for size, (before, after) in zip(windows.spatial, windows.padding, strict=True):
        limits += [-before, size + after] if count_padding else [0, size]
    return limits
