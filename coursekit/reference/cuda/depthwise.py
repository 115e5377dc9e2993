"""The plan of depthwise correlation: one thread for a few outputs below each other."""

from __future__ import annotations

from typing import Any

from coursekit.reference.cuda.device import Device
from coursekit.reference.cuda.planes import as_image, contiguous, geometry, launch_each, number_of
from coursekit.reference.layout import Operands
from coursekit.reference.windows import Windows

MOST_OUTPUTS = 4  # of a thread: more would save few loads, and take registers from other threads
FULL = 1 << 18  # threads that fill a large GPU (132 multiprocessors of 2,048)


def correlate_depthwise(
    device: Device, given: Operands, windows: Windows, *, outputs: int | None = None
) -> Any:
    """Return the cross-correlation (N, F, *positions), without bias, of groups with one channel each.

    given : image (N, C, *spatial) and kernel (F, 1, *taps) of `device`, in one dtype, with C groups
    outputs : of one thread, below each other; None (default) takes as many as leave the GPU full

    Raises
    ------
    ParameterError
        More than two spatial axes, or integers.
    """
    flat = as_image(windows)
    (batch, channels), kernels = given.image.shape[:2], given.kernel.shape[0]
    out = device.xp.empty((batch, kernels, *windows.positions), dtype=given.image.dtype)
    rows, columns = flat.positions
    if outputs is None:
        outputs = _outputs(batch * kernels * columns, rows)
    launch_each(
        device,
        "depthwise",
        "depthwise",
        {**geometry(flat), "NUMBER": number_of(given.image), "OUTPUTS": outputs},
        [
            contiguous(device, given.image),
            contiguous(device, given.kernel),
            out,
            kernels,
            kernels // channels,
            *flat.spatial,
            *flat.positions,
        ],
        batch * kernels * -(-rows // outputs) * columns,
    )
    return out


def _outputs(across: int, rows: int) -> int:
    """Return how many outputs below each other one thread makes, of `rows`, for `across` columns."""
    outputs = 1
    while outputs < min(MOST_OUTPUTS, rows) and across * rows >= 2 * outputs * FULL:
        outputs *= 2
    return outputs
