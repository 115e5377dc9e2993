"""Every window of an image as one column, and the way back, which sums where windows overlap."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from coursekit.device_memory import device_memory
from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype, working_dtype
from coursekit.reference.borders import Mode
from coursekit.reference.windows import Windows, padded
from coursekit.shapes import Padding, is_sequence, non_negative_int, per_axis, positive_int


@device_memory()
def im2col(
    image: Any,
    kernel_size: int | Sequence[int],
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Copy the window at each position into a column, so that correlation becomes one matrix product.

    reshape(kernel, (F, C * KH * KW)) @ im2col(image, (KH, KW)) equals correlate(image, kernel), flattened.

    Parameters
    ----------
    image : array, NumPy or CuPy, real
        (*spatial), (C, *spatial) or (N, C, *spatial), with as many spatial axes as `kernel_size` has sizes;
        a batch may be empty.
    kernel_size : int for both axes of an image, or a sequence of 1 to 3 ints; (K,) for a signal
    mode, stride, padding, dilation : as in `correlate`

    Returns
    -------
    array of shape (C * KH * KW, OH * OW), or (N, C * KH * KW, OH * OW) for a batch
        Rows in the order of a kernel (C, KH, KW), columns in that of the positions (OH, OW), both row by
        row; C is 1 for a plain image. A copy, in the library, on the device and in the dtype of `image`:
        before a product of 8-bit numbers, cast one of the factors.

    Raises
    ------
    ShapeError
        An image with another number of axes, an empty one, or a kernel that does not fit.
    ParameterError
        A kernel_size, stride, padding, dilation or mode out of range, or numbers that are not real.

    Notes
    -----
    Memory: with stride 1 about KH * KW times the image.
    Convention: that of `torch.nn.functional.unfold`, for 1 to 3 axes.
    Source: Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document
    Processing (2006).
    """
    xp = array_module(image)
    pixels = real_array("image", image, xp)
    taps = _taps(kernel_size)
    leading, spatial = _split("image", tuple(pixels.shape), taps)
    not_empty("image", pixels, batch=len(leading) == 2)
    windows = Windows.of(spatial, taps, mode=mode, stride=stride, padding=padding, dilation=dilation)
    pixels = padded(xp, pixels, windows)
    out = xp.empty((*leading, *taps, *windows.positions), dtype=pixels.dtype)
    before = (slice(None),) * len(leading)
    for tap, seen in windows.each_tap():
        out[(*before, *tap, ...)] = pixels[(..., *seen)]
    return xp.reshape(out, _columns_shape(leading, windows))


@device_memory()
def col2im(
    columns: Any,
    shape: Sequence[int],
    kernel_size: int | Sequence[int],
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
) -> Any:
    """Put every column back as a window and sum where windows overlap: the adjoint of `im2col`.

    sum(im2col(x) * y) equals sum(x * col2im(y)) for all x and y. It is not the inverse: col2im(im2col(x)) is
    x times the number of windows that each pixel lies in.

    Parameters
    ----------
    columns : array of shape (C * KH * KW, OH * OW) or (N, C * KH * KW, OH * OW), NumPy or CuPy, real
    shape : shape of the image: (*spatial), (C, *spatial) or (N, C, *spatial), as `im2col` got it
    kernel_size, mode, stride, padding, dilation : as `im2col` got them

    Returns
    -------
    array of `shape`, in the library and on the device of `columns`
        Its dtype is that of `columns`, but integers have 64 bits; float16 is summed in float32.
        What columns hold of the padding is dropped; pixels in no window are 0.

    Raises
    ------
    ShapeError
        Columns that `im2col` would not give for such an image, or a kernel that does not fit.
    ParameterError
        A size, stride, padding, dilation or mode out of range, or numbers that are not real.

    Notes
    -----
    Convention: that of `torch.nn.functional.fold`, for 1 to 3 axes; but `shape` is the whole shape, which
    tells (1, H, W) from (H, W).
    """
    xp = array_module(columns)
    values = real_array("columns", columns, xp)
    taps = _taps(kernel_size)
    leading, spatial = _image_shape(shape, taps)
    windows = Windows.of(spatial, taps, mode=mode, stride=stride, padding=padding, dilation=dilation)
    wanted = _columns_shape(leading, windows)
    if tuple(values.shape) != wanted:
        raise ShapeError(
            f"columns must have shape {wanted} for an image of shape {(*leading, *spatial)}; "
            f"got shape {tuple(values.shape)}"
        )
    dtype = sum_dtype(xp, values)
    values = cast(xp, values, working_dtype(xp, dtype))
    values = xp.reshape(values, (*leading, *taps, *windows.positions))
    out = xp.zeros((*leading, *windows.padded), dtype=values.dtype)
    before = (slice(None),) * len(leading)
    for tap, seen in windows.each_tap():
        out[(..., *seen)] += values[(*before, *tap, ...)]
    return cast(xp, out[(..., *windows.inside)], dtype)


def _taps(kernel_size: int | Sequence[int]) -> tuple[int, ...]:
    """Return the taps along each axis; an int is for two axes."""
    axes = len(tuple(kernel_size)) if is_sequence(kernel_size) else 2
    if axes not in (1, 2, 3):
        raise ShapeError(f"kernel_size must be an integer or 1 to 3 integers; got {kernel_size!r}")
    return per_axis("kernel_size", kernel_size, axes, least=1)


def _split(name: str, shape: tuple[int, ...], taps: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Return `shape` as what leads, (), (C,) or (N, C), and what is spatial."""
    axes = len(taps)
    if not axes <= len(shape) <= axes + 2:
        hint = "; for a signal give kernel_size (K,)" if len(shape) < axes else ""
        raise ShapeError(
            f"{name} must be (*spatial), (C, *spatial) or (N, C, *spatial) with {axes} spatial axes "
            f"for kernel_size {taps}; got shape {shape}{hint}"
        )
    return shape[: len(shape) - axes], shape[len(shape) - axes :]


def _image_shape(shape: Sequence[int], taps: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    if not is_sequence(shape):
        raise ShapeError(f"shape must be the shape of an image; got {shape!r}")
    leading, spatial = _split("shape", tuple(shape), taps)
    sizes = [
        (non_negative_int if axis == 0 and len(leading) == 2 else positive_int)(f"shape[{axis}]", size)
        for axis, size in enumerate((*leading, *spatial))
    ]
    return tuple(sizes[: len(leading)]), tuple(sizes[len(leading) :])


def _columns_shape(leading: tuple[int, ...], windows: Windows) -> tuple[int, ...]:
    return (*leading[:-1], prod(leading[-1:]) * windows.window_size, windows.position_count)
