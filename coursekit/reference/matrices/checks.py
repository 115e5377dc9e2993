"""What the matrices ask of a kernel and of a shape, and how large a matrix may become."""

from __future__ import annotations

from typing import Any

from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype
from coursekit.shapes import is_sequence, positive_int

ENTRIES_LIMIT = 2**27  # 1 GiB of 64-bit numbers: an image of 107 x 107 pixels


def plain_kernel(kernel: object, axes: int) -> tuple[Any, Any]:
    """Return (library, `kernel` as an array with `axes` axes in the dtype that sums need).

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(kernel)
    taps = real_array("kernel", kernel, xp)
    if taps.ndim != axes:
        wanted = "(K,)" if axes == 1 else "(KH, KW)"
        raise ShapeError(f"kernel must have shape {wanted}; got shape {tuple(taps.shape)}")
    not_empty("kernel", taps)
    return xp, cast(xp, taps, sum_dtype(xp, taps))


def image_shape(shape: object) -> tuple[int, int]:
    """Return `shape` as two ints >= 1, or raise ShapeError or ParameterError."""
    sizes = tuple(shape) if is_sequence(shape) else ()
    if len(sizes) != 2:
        raise ShapeError(f"shape must be (H, W), rows before columns; got {shape!r}")
    return positive_int("shape[0]", sizes[0]), positive_int("shape[1]", sizes[1])


def check_entries(name: str, value: object, rows: int, columns: int) -> None:
    """Raise ShapeError if argument `name` asks for a matrix beyond ENTRIES_LIMIT."""
    if rows * columns > ENTRIES_LIMIT:
        raise ShapeError(
            f"{name} must give a matrix of at most {ENTRIES_LIMIT} entries; "
            f"got {value!r}, which gives {rows} * {columns} = {rows * columns}; "
            "the operation itself needs no matrix"
        )
