"""What plans share: which arrays have kernels, windows on two axes, and a launch with a thread per output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.cuda.device import INT_MAX, NUMBERS, CupyDevice, Device
from coursekit.reference.windows import Windows

THREADS = 256  # of a block: enough for any card to hide the way to its memory, few enough for several blocks


def device_for(xp: Any, axes: int, *arrays: Any) -> Device | None:
    """Return the device whose kernels take `arrays`, or None where their own library computes.

    There are kernels for CuPy arrays of one dtype, float16, float32 or float64, with 1 or 2 spatial `axes`.
    For integers and volumes CuPy itself computes, on the same GPU.
    """
    dtypes = {str(array.dtype) for array in arrays}
    return device_of(xp) if axes <= 2 and len(dtypes) == 1 and dtypes <= NUMBERS.keys() else None


def device_of(xp: Any) -> Device | None:
    """Return the device of the arrays of library `xp`, or None where it has none that runs our kernels."""
    return CupyDevice(xp) if getattr(xp, "__name__", "") == "cupy" else None


def as_image(windows: Windows) -> Windows:
    """Return the same windows with two spatial axes: a signal is an image of one row.

    Raises
    ------
    ParameterError
        There are more than two.
    """
    axes = len(windows.spatial)
    if axes > 2:
        raise ParameterError(f"the kernels have 1 or 2 spatial axes; got {axes}")
    missing = 2 - axes
    ones, no_padding = (1,) * missing, ((0, 0),) * missing
    return Windows(
        ones + windows.spatial,
        ones + windows.taps,
        ones + windows.stride,
        no_padding + windows.padding,
        ones + windows.dilation,
        ones + windows.positions,
    )


def geometry(windows: Windows) -> dict[str, int]:
    """Return the defines that say where the taps of `windows` (2 axes) fall."""
    defines = {"PAD_TOP": windows.padding[0][0], "PAD_LEFT": windows.padding[1][0]}
    for name in ("taps", "stride", "dilation"):
        rows, columns = getattr(windows, name)
        word = name.upper().removesuffix("S")
        defines |= {f"{word}_ROWS": rows, f"{word}_COLUMNS": columns}
    return defines


def contiguous(device: Device, array: Any) -> Any:
    """Return `array`, or a copy where its numbers do not lie one after the other."""
    return device.xp.ascontiguousarray(array)


def number_of(array: Any) -> int:
    """Return NUMBER, the define that says which numbers `array` holds: 16, 32 or 64.

    Raises
    ------
    ParameterError
        There are no kernels for such numbers.
    """
    name = str(array.dtype)
    if name not in NUMBERS:
        raise ParameterError(f"the kernels take {', '.join(NUMBERS)}; got {name}")
    return NUMBERS[name]


def launch_each(
    device: Device, source: str, kernel: str, defines: Mapping[str, int], arguments: Sequence[Any], count: int
) -> None:
    """Run `kernel` with one thread for each of `count` outputs; the count is its last argument."""
    if count == 0:
        return
    large = count > INT_MAX - THREADS  # the last thread's number must fit too
    device.launch(
        source,
        kernel,
        {**defines, "LARGE": int(large)},
        (-(-count // THREADS), 1, 1),
        (THREADS, 1, 1),
        [*arguments, np.int64(count) if large else count],
    )
