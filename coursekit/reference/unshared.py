"""Unshared convolution, a locally connected layer: every position has a kernel of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ShapeError
from coursekit.reference.borders import Mode
from coursekit.reference.columns import im2col
from coursekit.reference.kernel_grid import kernel_grid
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding


@device_memory()
def unshared(
    image: Any,
    kernels: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Sum the products of each window with the kernel of its position, unflipped.

    out[f, i, j] = bias[i, j, f]
        + sum over c, u, v of  image[c, i * stride + u, j * stride + v] * kernels[i, j, f, c, u, v]

    kernels[i, j] is what `correlate` would take as its kernel if only the output at (i, j) were wanted.

    Parameters
    ----------
    image : array, NumPy or CuPy, real
        (C, *spatial) or (N, C, *spatial) with 1 to 3 spatial axes, or plain (N,) or (H, W). A batch may be
        empty.
    kernels : array of the same library, real
        (*positions, F, C, *taps), for an image (OH, OW, F, C, KH, KW); for a plain image
        (*positions, *taps). An image of two axes with kernels of four is plain: give a single signal
        (C, L) as a batch (1, C, L).
    bias : array, or None
        (*positions, F), one for each output as is usual in such layers, or (F,), the same at all positions;
        for a plain image (*positions) or one number.
    mode, stride, padding, dilation : as in `correlate`; they must give one position per kernel

    Returns
    -------
    array of shape (F, *positions), (N, F, *positions) or, for a plain image, (*positions)
        Library, device and dtype as in `correlate`.

    Raises
    ------
    ShapeError
        Arrays whose axes, channels or positions do not go together, an empty one, or a kernel that does
        not fit.
    ParameterError
        A stride, padding, dilation or mode out of range, or numbers that are not real.

    Notes
    -----
    Where all kernels are equal it is `correlate`. There is no equivariance to translation.
    Computed as one small matrix product per position; memory for all windows as columns.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.9.
    """
    grid = kernel_grid(image, kernels, bias)
    given, xp = grid.one, grid.one.xp
    windows = Windows.of(
        given.spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    if grid.cells != windows.positions:
        raise ShapeError(
            f"kernels must have one kernel per output position, {windows.positions} on its first axes; "
            f"got {grid.cells}"
        )
    batch, (number, channels) = given.image.shape[0], given.kernel.shape[:2]
    cells, window = windows.position_count, channels * windows.window_size
    columns = im2col(
        given.image, given.taps, stride=windows.stride, padding=windows.padding, dilation=windows.dilation
    )
    weights = xp.reshape(grid.kernels, (cells, number, window))
    out = xp.matmul(weights, xp.permute_dims(columns, (2, 1, 0)))
    if grid.bias is not None:
        out += xp.reshape(grid.bias, (cells, number, 1))
    out = xp.permute_dims(out, (2, 1, 0))
    return given.restored(xp.reshape(out, (batch, number, *windows.positions)))
