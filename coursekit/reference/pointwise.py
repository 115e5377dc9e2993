"""1x1 convolution: the same matrix at every pixel, across the channels."""

from __future__ import annotations

from math import prod
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, not_empty, real_array
from coursekit.reference.layout import operands
from coursekit.shapes import positive_int


@device_memory()
def conv1x1(image: Any, weight: Any, bias: Any = None, *, axes: int = 2) -> Any:
    """Multiply the channels of every pixel by `weight`: a dense layer that all pixels share.

    out[f, i, j] = sum over c of  weight[f, c] * image[c, i, j]  +  bias[f]

    It equals correlate(image, reshape(weight, (F, C, 1, 1)), bias), and is one matrix product.

    Parameters
    ----------
    image : array of shape (C, *spatial) or (N, C, *spatial), NumPy or CuPy, real; a batch may be empty
    weight : array of shape (F, C), or as a kernel (F, C, 1, 1), of the same library, real
    bias : array of shape (F,), or None
    axes : 1, 2 (default) or 3 spatial axes; a matrix (F, C) cannot tell, so a signal (C, L) or a batch
        (N, C, L) needs axes=1, and a volume (C, D, H, W) axes=3

    Returns
    -------
    array of shape (F, *spatial) or (N, F, *spatial); library, device and dtype as in `correlate`

    Raises
    ------
    ShapeError
        Arrays whose axes or channels do not go together, or an empty one.
    ParameterError
        Another number of axes, or numbers that are not real.

    Notes
    -----
    Source: Lin, Chen and Yan, Network in Network (2014).
    """
    axes = positive_int("axes", axes)
    if axes > 3:
        raise ParameterError(f"axes must be 1, 2 or 3, the number of spatial axes; got {axes!r}")
    xp = array_module(image, weight, bias)
    pixels, matrix = real_array("image", image, xp), real_array("weight", weight, xp)
    ones = (1,) * axes
    if matrix.ndim < 2 or tuple(matrix.shape[2:]) not in ((), ones):
        kernel = ", ".join(("F", "C", *map(str, ones)))
        raise ShapeError(
            f"weight must be (F, C) or ({kernel}) for {axes} spatial axes; got shape {tuple(matrix.shape)}"
        )
    if pixels.ndim not in (axes + 1, axes + 2):
        raise ShapeError(
            f"image must be (C, *spatial) or (N, C, *spatial) with {axes} spatial axes; "
            f"got shape {tuple(pixels.shape)}; for another number give axes"
        )
    not_empty("weight", matrix)
    channels = pixels.shape[pixels.ndim - axes - 1]
    if matrix.shape[1] != channels:
        raise ShapeError(
            f"weight must have one column per channel of image ({channels}); got shape {tuple(matrix.shape)}"
        )
    given = operands(pixels, xp.reshape(matrix, (*matrix.shape[:2], *ones)), bias)
    batch, kernels = given.image.shape[0], given.kernel.shape[0]
    columns = xp.reshape(given.image, (batch, channels, prod(given.spatial)))
    out = xp.matmul(xp.reshape(given.kernel, (kernels, channels)), columns)
    if given.bias is not None:
        out += xp.reshape(given.bias, (kernels, 1))
    return given.restored(xp.reshape(out, (batch, kernels, *given.spatial)))
