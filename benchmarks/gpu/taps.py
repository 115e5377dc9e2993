"""The operations tap by tap with array slices: what one writes first, and, in float64, the judge of all.

`xp` is CuPy or NumPy. Images are (N, C, H, W), kernels (F, C // groups, KH, KW); stride and padding are ints.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def forward(xp: Any, image: Any, kernel: Any, *, stride: int, padding: int, groups: int) -> Any:
    """Return the cross-correlation: for each tap, the pixels that it meets, mixed over the channels."""
    around = _padded(xp, image, padding, 0)
    positions = _positions(around.shape[2:], kernel.shape[2:], stride)
    out = xp.zeros((image.shape[0], kernel.shape[0], *positions), dtype=image.dtype)
    for u, v, seen in _each_tap(kernel.shape[2:], positions, stride):
        out += _mixed(xp, kernel[:, :, u, v], around[seen], groups)
    return out


def input_gradient(
    xp: Any, sent: Any, kernel: Any, spatial: tuple[int, ...], *, stride: int, padding: int, groups: int
) -> Any:
    """Return the gradient of the image where that of the output is `sent`: windows give back by taps."""
    in_group = kernel.shape[1]
    sizes = tuple(size + 2 * padding for size in spatial)
    around = xp.zeros((sent.shape[0], groups * in_group, *sizes), dtype=sent.dtype)
    turned = xp.reshape(kernel, (groups, -1, *kernel.shape[1:])).swapaxes(1, 2)
    turned = xp.reshape(turned, (groups * in_group, -1, *kernel.shape[2:]))
    for u, v, seen in _each_tap(kernel.shape[2:], sent.shape[2:], stride):
        around[seen] += _mixed(xp, turned[:, :, u, v], sent, groups)
    return _inside(around, padding)


def kernel_gradient(
    xp: Any, sent: Any, image: Any, taps: tuple[int, ...], *, stride: int, padding: int, groups: int
) -> Any:
    """Return the gradient of the kernel: for each tap, its pixels times the windows' gradients."""
    around = _padded(xp, image, padding, 0)
    batch, kernels = sent.shape[:2]
    in_group = image.shape[1] // groups
    out = xp.zeros((kernels, in_group, *taps), dtype=sent.dtype)
    rows = xp.reshape(sent, (batch, groups, kernels // groups, -1))
    for u, v, seen in _each_tap(taps, sent.shape[2:], stride):
        columns = xp.reshape(around[seen], (batch, groups, in_group, -1)).swapaxes(2, 3)
        out[:, :, u, v] = xp.reshape(xp.sum(xp.matmul(rows, columns), axis=0), (kernels, in_group))
    return out


def max_pool(xp: Any, image: Any, size: int, *, stride: int, padding: int) -> Any:
    """Return the largest pixel of each window."""
    around = _padded(xp, image, padding, -xp.inf)
    positions = _positions(around.shape[2:], (size, size), stride)
    out = xp.full((*image.shape[:2], *positions), -xp.inf, dtype=image.dtype)
    for _, _, seen in _each_tap((size, size), positions, stride):
        out = xp.maximum(out, around[seen])
    return out


def max_pool_gradient(xp: Any, sent: Any, image: Any, size: int, *, stride: int, padding: int) -> Any:
    """Return the gradient of the image: each window gives its own to its largest pixel. Without ties."""
    around = _padded(xp, image, padding, -xp.inf)
    largest = max_pool(xp, image, size, stride=stride, padding=padding)
    out = xp.zeros(around.shape, dtype=sent.dtype)
    for _, _, seen in _each_tap((size, size), sent.shape[2:], stride):
        out[seen] += sent * (around[seen] == largest)
    return _inside(out, padding)


def _mixed(xp: Any, weights: Any, seen: Any, groups: int) -> Any:
    """Return (N, F, ...) from weights (F, C // groups) and pixels (N, C, ...)."""
    kernels, in_group = weights.shape
    if in_group == 1 and kernels == groups:  # a product does without a matrix
        return weights[:, 0][:, None, None] * seen
    batch, positions = seen.shape[0], seen.shape[2:]
    columns = xp.reshape(seen, (batch, groups, in_group, -1))
    mixed = xp.matmul(xp.reshape(weights, (groups, kernels // groups, in_group)), columns)
    return xp.reshape(mixed, (batch, kernels, *positions))


def _each_tap(
    taps: tuple[int, ...], positions: tuple[int, ...], stride: int
) -> Iterator[tuple[int, int, Any]]:
    """Yield row and column of each tap, and the index of the pixels that it meets."""
    reach = [(count - 1) * stride + 1 for count in positions]
    for u in range(taps[0]):
        for v in range(taps[1]):
            yield u, v, (..., slice(u, u + reach[0], stride), slice(v, v + reach[1], stride))


def _positions(sizes: tuple[int, ...], taps: tuple[int, ...], stride: int) -> tuple[int, ...]:
    return tuple((size - count) // stride + 1 for size, count in zip(sizes, taps, strict=True))


def _padded(xp: Any, image: Any, padding: int, value: float) -> Any:
    around = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return xp.pad(image, around, constant_values=value) if padding else image


def _inside(around: Any, padding: int) -> Any:
    return around[:, :, padding:-padding, padding:-padding] if padding else around
