"""Convolution with zeros around the image, as a Toeplitz matrix: what one tap does is one diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.reference.borders import Mode
from coursekit.reference.matrices.checks import check_entries, image_shape, plain_kernel
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, positive_int


@device_memory()
def toeplitz(
    kernel: Any,
    size: int,
    *,
    mode: Mode = "full",
    flip: bool = True,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Return the matrix T of a convolution: T @ signal equals convolve(signal, kernel).

    T[i, j] is the tap that output i lays on sample j, or 0. With stride 1 it depends on i - j alone:

    >>> toeplitz([1, 2, 3], 4)
    array([[1, 0, 0, 0],
           [2, 1, 0, 0],
           [3, 2, 1, 0],
           [0, 3, 2, 1],
           [0, 0, 3, 2],
           [0, 0, 0, 3]])

    Parameters
    ----------
    kernel : array of shape (K,), NumPy or CuPy, real
    size : int >= 1, samples of the signal that the matrix acts on
    mode : 'full' (default), 'same' or 'valid', as in `convolve`
    flip : True (default) for convolution; False for cross-correlation, T @ signal equals `correlate`
    stride, padding, dilation : as in `convolve`. A stride s keeps the rows 0, s, 2 s, ...

    Returns
    -------
    array of shape (positions, size), in the library and on the device of `kernel`
        (size + K - 1, size), (size, size) and (size - K + 1, size) for full, same and valid.
        Its dtype is that of `kernel`; integers have 64 bits, so that T @ signal does not overflow early.

    Raises
    ------
    ShapeError
        A kernel that is not (K,), empty, or too large for mode 'valid'; a matrix of more than 2**27 entries.
    ParameterError
        A size, mode, stride, padding or dilation out of range, or numbers that are not real.

    Notes
    -----
    The transpose is the adjoint: the transposed convolution, and the gradient with respect to the signal.
    Memory: the matrix alone. It holds size / K times as many zeros as numbers, which is why nobody
    computes with it.
    Source: Gray, Toeplitz and Circulant Matrices: A Review (2006), section 1.1; Goodfellow, Bengio and
    Courville, Deep Learning (2016), section 9.1.
    """
    xp, taps = plain_kernel(kernel, 1)
    samples = positive_int("size", size)
    windows = Windows.of((samples,), taps.shape, mode=mode, stride=stride, padding=padding, dilation=dilation)
    check_entries("size", samples, windows.positions[0], samples)
    return _bands(xp, taps[::-1] if flip else taps, windows, 0)


@device_memory()
def doubly_block_toeplitz(
    kernel: Any,
    shape: Sequence[int],
    *,
    mode: Mode = "full",
    flip: bool = True,
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Return the matrix T of a 2-D convolution: T @ image.ravel() equals convolve(image, kernel).ravel().

    Images are flattened row by row. T consists of blocks, one per row of the output and row of the image.
    Each block is the Toeplitz matrix of one row of the kernel, or 0, and with stride 1 the blocks are equal
    along each diagonal of blocks: Toeplitz inside, Toeplitz outside.

    Parameters
    ----------
    kernel : array of shape (KH, KW), NumPy or CuPy, real
    shape : (H, W), pixels of the image that the matrix acts on
    mode : 'full' (default), 'same' or 'valid', as in `convolve`
    flip : True (default) for convolution; False for cross-correlation
    stride, padding, dilation : as in `convolve`

    Returns
    -------
    array of shape (OH * OW, H * W), in the library and on the device of `kernel`; dtype as in `toeplitz`

    Raises
    ------
    ShapeError
        A kernel that is not (KH, KW), empty, or too large for mode 'valid'; a shape that is not (H, W);
        a matrix of more than 2**27 entries.
    ParameterError
        A size, mode, stride, padding or dilation out of range, or numbers that are not real.

    Notes
    -----
    Memory: the matrix, and one block per row of the kernel.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.1. It speaks of a doubly block
    *circulant* matrix there: that holds for periodic edges only, see `doubly_block_circulant`.
    """
    xp, taps = plain_kernel(kernel, 2)
    height, width = image_shape(shape)
    windows = Windows.of(
        (height, width), taps.shape, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    rows, columns = windows.positions
    check_entries("shape", (height, width), rows * columns, height * width)
    if flip:
        taps = taps[::-1, ::-1]
    out = xp.zeros((rows, columns, height, width), dtype=taps.dtype)
    for u in range(taps.shape[0]):
        block = _bands(xp, taps[u, ...], windows, 1)
        outputs, pixel = _diagonal(windows, 0, u)
        for row in outputs:
            out[row, :, row * windows.stride[0] + pixel, :] = block
    return xp.reshape(out, (rows * columns, height * width))


def _bands(xp: Any, taps: Any, windows: Windows, axis: int) -> Any:
    """Return the matrix (positions, size) of a cross-correlation with `taps` (K,) along one axis."""
    rows, columns, stride = windows.positions[axis], windows.spatial[axis], windows.stride[axis]
    flat = xp.zeros((rows * columns,), dtype=taps.dtype)
    for tap in range(taps.shape[0]):
        outputs, pixel = _diagonal(windows, axis, tap)
        if outputs:
            # Down one row and `stride` to the right: along a diagonal all steps in memory are equal.
            first, last = (row * (columns + stride) + pixel for row in (outputs[0], outputs[-1]))
            flat[first : last + 1 : columns + stride] = taps[tap]
    return xp.reshape(flat, (rows, columns))


def _diagonal(windows: Windows, axis: int, tap: int) -> tuple[range, int]:
    """Return the outputs whose tap falls inside the image, and the pixel where output 0 would have it."""
    stride, pixel = windows.stride[axis], tap * windows.dilation[axis] - windows.padding[axis][0]
    first = max(0, -(pixel // stride))
    last = min(windows.positions[axis] - 1, (windows.spatial[axis] - 1 - pixel) // stride)
    return range(first, last + 1), pixel
