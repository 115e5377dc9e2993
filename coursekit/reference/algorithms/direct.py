"""Tap by tap: one product of the whole image per tap and channel, as the sum is written.

Exact for integers. It moves the output through memory once per tap and channel, so it is the best choice
for small images, where starting anything cleverer costs more than it saves.
"""

from __future__ import annotations

from typing import Any

from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows, padded


def direct(given: Operands, windows: Windows) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias."""
    xp, groups = given.xp, given.groups
    batch, channels = given.image.shape[:2]
    kernels, in_group = given.kernel.shape[:2]
    axes = len(windows.spatial)
    image = padded(xp, given.image, windows)
    image = xp.reshape(image, (batch, groups, in_group, *windows.padded))
    kernel = xp.reshape(given.kernel, (groups, kernels // groups, in_group, *windows.taps, *[1] * axes))
    out = xp.zeros((batch, groups, kernels // groups, *windows.positions), dtype=image.dtype)
    for tap, seen in windows.each_tap():
        for channel in range(channels // groups):
            pixels = image[(slice(None), slice(None), slice(channel, channel + 1), *seen)]
            out += pixels * kernel[(None, slice(None), slice(None), channel, *tap, ...)]
    return xp.reshape(out, (batch, kernels, *windows.positions))
