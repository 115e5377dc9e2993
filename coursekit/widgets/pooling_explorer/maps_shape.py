"""Which shape the output of pooling has, and what of an image and a window does not go together."""

from __future__ import annotations

from typing import Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import output_shape, per_axis


def maps_shape(
    shape: tuple[int, ...],
    *,
    size: Any,
    stride: Any,
    padding: Any,
    mode: str,
    groups: Any,
    rounding: Any,
) -> tuple[int, ...]:
    """Return the shape of the output maps, (OH, OW) or (C, OH, OW), of an image of `shape`.

    Raises
    ------
    ShapeError, ParameterError
        What the reference refuses, without the reference: it is not there while work is graded.
    """
    leading, spatial = shape[:-2], shape[-2:]
    if mode.startswith("global"):
        return (*leading, 1, 1)
    if mode == "maxout":
        return (*_groups(shape, groups), *spatial)
    taps = per_axis("size", size, 2, least=1)
    around = per_axis("padding", padding, 2, least=0)
    for axis, (zeros, span) in enumerate(zip(around, taps, strict=True)):
        if zeros > span // 2:
            raise ParameterError(
                f"padding must be at most half the window, {span} // 2 = {span // 2} on axis {axis}; "
                f"got {padding!r}"
            )
    positions = output_shape(
        spatial, taps, stride=taps if stride is None else stride, padding=around, rounding=rounding
    )
    return (*leading, *map(int, positions))


def _groups(shape: tuple[int, ...], groups: Any) -> tuple[int, ...]:
    if len(shape) < 3:
        raise ShapeError(f"maxout needs channels, an image (C, H, W); got shape {shape}")
    (number,) = per_axis("groups", groups, 1, least=1)
    if shape[0] % number:
        raise ParameterError(
            f"groups must divide the channels of image; got {number} for {shape[0]} channels"
        )
    return (number,)
