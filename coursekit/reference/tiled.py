"""Tiled convolution: a few kernels take turns from position to position."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.borders import Mode
from coursekit.reference.correlate import correlate
from coursekit.reference.kernel_grid import kernel_grid
from coursekit.reference.windows import Windows, padded
from coursekit.shapes import Padding


@device_memory()
def tiled(
    image: Any,
    kernels: Any,
    bias: Any = None,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Slide a tile of kernels over `image`, unflipped: neighbours differ, and every T-th position shares.

    out[f, i, j] = bias[i % T0, j % T1, f]
        + sum over c, u, v of  image[c, i * stride + u, j * stride + v] * kernels[i % T0, j % T1, f, c, u, v]

    A tile of one kernel is `correlate`; a tile of as many kernels as there are positions is `unshared`.

    Parameters
    ----------
    image : array, NumPy or CuPy, real
        (C, *spatial) or (N, C, *spatial) with 1 to 3 spatial axes, or plain (N,) or (H, W). A batch may be
        empty.
    kernels : array of the same library, real
        (*tile, F, C, *taps), for an image (T0, T1, F, C, KH, KW); for a plain image (*tile, *taps). An image
        of two axes with kernels of four is plain: give a single signal (C, L) as a batch (1, C, L).
        Kernels beyond the last position are not used.
    bias : array, or None
        (*tile, F), one for each kernel, or (F,), the same at all positions; for a plain image (*tile) or one
        number.
    mode, stride, padding, dilation : as in `correlate`

    Returns
    -------
    array of shape (F, *positions), (N, F, *positions) or, for a plain image, (*positions)
        Library, device and dtype as in `correlate`.

    Raises
    ------
    ShapeError, ParameterError
        As in `correlate`.

    Notes
    -----
    Equivariant to translation by whole tiles, T * stride pixels, but not by less.
    The positions of one kernel form a grid with T times the stride, so each kernel costs one `correlate`.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.10; Gregor and LeCun,
    Emergence of Complex-Like Cells in a Temporal Product Network with Local Receptive Fields (2010); Le et
    al., Tiled Convolutional Neural Networks (2010).
    """
    grid = kernel_grid(image, kernels, bias)
    given, xp = grid.one, grid.one.xp
    windows = Windows.of(
        given.spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    pixels = padded(xp, given.image, windows)
    apart = tuple(step * turns for step, turns in zip(windows.stride, grid.cells, strict=True))
    out = xp.empty((pixels.shape[0], given.kernel.shape[0], *windows.positions), dtype=pixels.dtype)
    used = [range(min(turns, count)) for turns, count in zip(grid.cells, windows.positions, strict=True)]
    for cell in product(*used):
        starts = [slice(index * step, None) for index, step in zip(cell, windows.stride, strict=True)]
        shared = [slice(index, None, turns) for index, turns in zip(cell, grid.cells, strict=True)]
        out[(..., *shared)] = correlate(
            pixels[(..., *starts)],
            grid.kernels[(*cell, ...)],
            None if grid.bias is None else grid.bias[(*cell, ...)],
            stride=apart,
            dilation=windows.dilation,
        )
    return given.restored(out)
