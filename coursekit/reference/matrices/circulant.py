"""Convolution with periodic edges, and its matrix: what leaves on one side comes in on the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ShapeError
from coursekit.reference.arrays import real_array
from coursekit.reference.convolve import convolve
from coursekit.reference.layout import operands
from coursekit.reference.matrices.checks import check_entries, image_shape, plain_kernel
from coursekit.shapes import positive_int


@device_memory()
def convolve_circular(image: Any, kernel: Any) -> Any:
    """Convolve an image that repeats itself in every direction: one period of the result.

    out[i, j] = sum over u, v of  image[(i - u) mod H, (j - v) mod W] * kernel[u, v]

    Parameters
    ----------
    image, kernel : arrays as `convolve` takes them, plain or with channels
        The kernel must not be larger than the image.

    Returns
    -------
    array, as `convolve` returns it, with as many positions as the image has pixels

    Raises
    ------
    ShapeError, ParameterError
        As in `convolve`; and ShapeError for a kernel larger than the image.

    Notes
    -----
    Along an axis of N pixels and K taps the outputs K - 1 to N - 1 are those of mode 'valid'; the K - 1
    before them mix both edges. With K - 1 zeros or more behind the image nothing mixes, and the result is
    that of mode 'full': this is how a fast Fourier transform computes a convolution.
    Source: Oppenheim and Schafer, Discrete-Time Signal Processing, chapter 8.
    """
    given = operands(image, kernel)
    _check_one_turn("image", given.spatial, given.taps)
    pixels = real_array("image", image, given.xp)
    for axis, (size, taps) in enumerate(zip(given.spatial, given.taps, strict=True), -len(given.taps)):
        rest = [slice(None)] * (-axis - 1)
        pixels = given.xp.concat([pixels[(..., slice(size - taps + 1, size), *rest)], pixels], axis=axis)
    return convolve(pixels, kernel)


@device_memory()
def circulant(kernel: Any, size: int) -> Any:
    """Return the matrix C of a circular convolution: C @ signal equals convolve_circular(signal, kernel).

    C[i, j] is kernel[(i - j) mod size], or 0 beyond the kernel; each row is the one above, turned by one:

    >>> circulant([1, 2, 3], 4)
    array([[1, 0, 3, 2],
           [2, 1, 0, 3],
           [3, 2, 1, 0],
           [0, 3, 2, 1]])

    It applies to periodic edges only. With zeros around the signal the matrix is the Toeplitz matrix of
    `toeplitz`, without the corner above; the two agree only on signals that end in at least K - 1 zeros.

    Parameters
    ----------
    kernel : array of shape (K,), NumPy or CuPy, real; K <= size
    size : int >= 1, samples of the signal that the matrix acts on, one period

    Returns
    -------
    array of shape (size, size), in the library and on the device of `kernel`
        Its dtype is that of `kernel`; integers have 64 bits.

    Raises
    ------
    ShapeError
        A kernel that is not (K,), empty or larger than `size`; a matrix of more than 2**27 entries.
    ParameterError
        A size out of range, or numbers that are not real.

    Notes
    -----
    The discrete Fourier transform diagonalises it: column k of the inverse transform is an eigenvector, and
    its eigenvalue is number k of fft(kernel, size), the transform of the kernel with zeros behind it.
    The transpose is the matrix of the circular cross-correlation.
    Source: Gray, Toeplitz and Circulant Matrices: A Review (2006), chapter 3.
    """
    xp, taps = plain_kernel(kernel, 1)
    period = positive_int("size", size)
    _check_one_turn("size", (period,), taps.shape)
    check_entries("size", period, period, period)
    return _turns(xp, taps, period)


@device_memory()
def doubly_block_circulant(kernel: Any, shape: Sequence[int]) -> Any:
    """Return the matrix C with C @ image.ravel() equal to convolve_circular(image, kernel).ravel().

    Its H * H blocks of (W, W) are the circulant matrices of the rows of the kernel, or 0; block (i, p)
    belongs to row (i - p) mod H.

    "Convolution is a doubly block circulant matrix" is often said. It holds for periodic edges only. For
    zeros around the image, which is what networks use, the matrix is `doubly_block_toeplitz`; the two agree
    only on images that end in at least KH - 1 rows and KW - 1 columns of zeros.

    Parameters
    ----------
    kernel : array of shape (KH, KW), NumPy or CuPy, real; KH <= H and KW <= W
    shape : (H, W), pixels of the image that the matrix acts on, one period

    Returns
    -------
    array of shape (H * W, H * W), in the library and on the device of `kernel`; dtype as in `circulant`

    Raises
    ------
    ShapeError
        A kernel that is not (KH, KW), empty or larger than `shape`; a shape that is not (H, W); a matrix of
        more than 2**27 entries.
    ParameterError
        A size out of range, or numbers that are not real.

    Notes
    -----
    Its eigenvalues are the numbers of fft2(kernel, shape).
    Source: Gray, Toeplitz and Circulant Matrices: A Review (2006), chapter 3; Jain, Fundamentals of Digital
    Image Processing (1989), section 2.8.
    """
    xp, taps = plain_kernel(kernel, 2)
    height, width = image_shape(shape)
    _check_one_turn("shape", (height, width), taps.shape)
    check_entries("shape", (height, width), height * width, height * width)
    out = xp.zeros((height, width, height, width), dtype=taps.dtype)
    for u in range(taps.shape[0]):
        block = _turns(xp, taps[u, ...], width)
        for row in range(height):
            out[row, :, (row - u) % height, :] = block
    return xp.reshape(out, (height * width, height * width))


def _turns(xp: Any, taps: Any, size: int) -> Any:
    flat = xp.zeros((size * size,), dtype=taps.dtype)
    for tap in range(taps.shape[0]):
        # The diagonal that starts in row `tap`, and its rest, which starts in row 0 and ends above that row.
        flat[tap * size :: size + 1] = taps[tap]
        flat[size - tap : tap * size : size + 1] = taps[tap]
    return xp.reshape(flat, (size, size))


def _check_one_turn(name: str, sizes: Sequence[int], taps: Sequence[int]) -> None:
    if any(count > size for size, count in zip(sizes, taps, strict=True)):
        raise ShapeError(
            f"kernel must not be larger than {name}, or it would overlap itself around the edge; "
            f"got {tuple(taps)} for {tuple(sizes)}"
        )
