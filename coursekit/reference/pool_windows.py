"""Where a pooling window stands, and which real pixels each of its taps meets.

Padding is never stored: a tap that falls outside the image is skipped. So no value of the padding can win
a maximum or enter a sum, and no copy of the image is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.windows import Windows
from coursekit.shapes import (
    Padding,
    Rounding,
    is_sequence,
    output_shape,
    padding_pairs,
    per_axis,
    positive_int,
)

Index = tuple[Any, ...]  # an Ellipsis for the axes that are kept apart, then slices


def image_and_taps(image: object, size: object) -> tuple[Any, Any, tuple[int, ...]]:
    """Return the array library, `image` as an array in it, and the taps of the window along each axis.

    An int `size` pools the last two axes of the image (the only one of a signal); a sequence pools as many
    of the last axes as it has entries. The axes before them are kept apart and may be empty.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(image)
    pixels = real_array("image", image, xp)
    taps = window_taps(size, axes=min(2, pixels.ndim))
    if pixels.ndim < max(1, len(taps)):
        needed = "1 axis" if len(taps) < 2 else f"{len(taps)} axes"
        raise ShapeError(
            f"image must have at least {needed} for size {size!r}; got shape {tuple(pixels.shape)}"
        )
    if 0 in pixels.shape[-len(taps) :]:
        raise ShapeError(
            f"image must have at least one pixel along each spatial axis; got shape {tuple(pixels.shape)}"
        )
    return xp, pixels, taps


def window_taps(size: object, axes: int) -> tuple[int, ...]:
    """Return the taps along each axis: of all `axes` for an int `size`, else of as many as it has entries."""
    if not is_sequence(size):
        return (positive_int("size", size),) * axes
    sizes = tuple(size)
    if not sizes:
        raise ParameterError(f"size must be an integer, or one integer per spatial axis; got {size!r}")
    return per_axis("size", sizes, len(sizes), least=1)


def pool_windows(
    spatial: Sequence[int],
    taps: Sequence[int],
    *,
    stride: int | Sequence[int] | None,
    padding: Padding,
    dilation: int | Sequence[int] = 1,
    rounding: Rounding,
) -> Windows:
    """Check the parameters that a caller gave and count the positions; `stride` None is the size.

    With rounding 'ceil' the last windows may hang over the far end of the padded image.

    Raises
    ------
    ParameterError
        A parameter is out of range, or the padding is more than half the window.
    ShapeError
        The window does not fit inside the padded image, or one would see no pixel at all.
    """
    axes = len(spatial)
    strides = per_axis("stride", taps if stride is None else stride, axes, least=1)
    dilations = per_axis("dilation", dilation, axes, least=1)
    around = padding_pairs(padding, axes)
    for axis, (pixels, count, apart, ends) in enumerate(zip(spatial, taps, dilations, around, strict=True)):
        span = apart * (count - 1) + 1
        if max(ends) > span // 2:
            raise ParameterError(
                f"padding must be at most half the window, {span} // 2 = {span // 2} on axis {axis}; "
                f"got {padding!r}"
            )
        if span > pixels + sum(ends):
            raise ShapeError(
                f"size must fit inside the padded image; on axis {axis} the window spans "
                f"{apart} * ({count} - 1) + 1 = {span}, the image has {pixels} + {ends[0]} + {ends[1]} "
                f"= {pixels + sum(ends)}"
            )
    positions = output_shape(
        spatial, taps, stride=strides, padding=around, dilation=dilations, rounding=rounding
    )
    windows = Windows(
        tuple(spatial), tuple(taps), strides, around, dilations, tuple(int(count) for count in positions)
    )
    for axis in range(axes):
        if _steps_over(windows, axis):
            raise ShapeError(
                f"every window must see a pixel; on axis {axis} the taps of a window with dilation "
                f"{dilations[axis]} and padding {around[axis]} step over all {spatial[axis]} pixels"
            )
    return windows


def met(windows: Windows, axis: int, tap: int) -> tuple[slice, slice]:
    """Return the positions whose window has `tap` inside the image, and the pixels that it meets there."""
    step, offset = windows.stride[axis], tap * windows.dilation[axis] - windows.padding[axis][0]
    first = max(0, -(offset // step))
    last = min(windows.positions[axis] - 1, (windows.spatial[axis] - 1 - offset) // step)
    if last < first:
        return slice(0, 0), slice(0, 0)
    return slice(first, last + 1), slice(first * step + offset, last * step + offset + 1, step)


def each_tap(windows: Windows) -> Iterator[tuple[Index, Index]]:
    """Yield for every tap, in row-major order, the positions where it is inside, and the pixels met there."""
    for tap in product(*map(range, windows.taps)):
        pairs = [met(windows, axis, index) for axis, index in enumerate(tap)]
        yield (..., *(there for there, _ in pairs)), (..., *(pixels for _, pixels in pairs))


def _steps_over(windows: Windows, axis: int) -> bool:
    """Return whether all taps of some window miss the image along `axis`.

    Only a window that starts in the padding before the image can: every other one starts on a pixel. Its
    last tap is never in that padding, which is at most half the window, so some tap is at pixel 0 or after.
    """
    (before, _), apart = windows.padding[axis], windows.dilation[axis]
    starts = range(-before, 0, windows.stride[axis])[: windows.positions[axis]]
    return any(start % apart >= windows.spatial[axis] for start in starts)


def combined(xp: Any, image: Any, windows: Windows, combine: Callable[[Any, Any], Any], nothing: Any) -> Any:
    """Return all pixels of each window combined into one, (..., *positions).

    One axis after the other, which takes KH + KW steps in place of KH * KW. `combine` is a maximum or a
    sum of two arrays, which may be taken in any order, and `nothing` is its neutral number.
    """
    for axis in range(len(windows.taps)):
        image = _combined_along(xp, image, windows, axis, combine, nothing)
    return image


def _combined_along(
    xp: Any, image: Any, windows: Windows, axis: int, combine: Callable[[Any, Any], Any], nothing: Any
) -> Any:
    axes, count = len(windows.taps), windows.positions[axis]
    after = (slice(None),) * (axes - 1 - axis)
    steps = [met(windows, axis, tap) for tap in range(windows.taps[axis])]
    whole = [image[(..., pixels, *after)] for there, pixels in steps if there == slice(0, count)]
    parts = [(there, pixels) for there, pixels in steps if there != slice(0, count)]
    if len(whole) > 1:  # a new array without filling one first: filling takes as long as a step
        out = combine(whole.pop(), whole.pop())
    else:
        shape = list(image.shape)
        shape[axis - axes] = count
        out = xp.full(tuple(shape), nothing, dtype=image.dtype)
    for seen in whole:
        out = combine(out, seen)
    for there, pixels in parts:
        out[(..., there, *after)] = combine(out[(..., there, *after)], image[(..., pixels, *after)])
    return out
