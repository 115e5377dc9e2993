"""The gradients of `correlate` with respect to the image, the kernel and the bias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from coursekit.device_memory import device_memory
from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.algorithms.kernel_gradient import kernel_gradient
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype, working_dtype
from coursekit.reference.borders import Mode
from coursekit.reference.conv_transpose import transposed, transposed_operands
from coursekit.reference.cuda import gradients as kernels
from coursekit.reference.cuda.planes import device_for
from coursekit.reference.layout import operands
from coursekit.reference.phases import Spread
from coursekit.reference.pool_gradients import check_gradient, spatial_sizes
from coursekit.reference.windows import Windows
from coursekit.shapes import Padding, is_sequence, per_axis, positive_int


class CorrelateGradients(NamedTuple):
    """The gradients of a number with respect to what `correlate` was given, each of its shape."""

    image: Any
    kernel: Any
    bias: Any


@device_memory()
def correlate_gradients(
    gradient: Any,
    image: Any,
    kernel: Any,
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> CorrelateGradients:
    """Return the gradients for all inputs of correlate(image, kernel, bias, ...) where its own is `gradient`.

    They are those of `correlate_input_gradient`, `correlate_kernel_gradient` and `correlate_bias_gradient`.

    Parameters
    ----------
    gradient : array, real: of the shape that `correlate` returned
    image, kernel, mode, stride, padding, dilation, groups : as given to `correlate`

    Returns
    -------
    CorrelateGradients
        image and kernel have the shapes of those given; bias is (F,), or () for a plain kernel.

    Raises
    ------
    ShapeError
        As `correlate`, or the gradient has not the shape of its result.
    ParameterError
    """
    given = operands(image, kernel, None, groups, stand_ins=True)  # raises in terms of what the caller gave
    parameters: dict[str, Any] = {
        "mode": mode,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
    }
    return CorrelateGradients(
        correlate_input_gradient(gradient, kernel, given.spatial, **parameters),
        correlate_kernel_gradient(gradient, image, given.taps, **parameters),
        correlate_bias_gradient(gradient, len(given.taps)),
    )


@device_memory()
def correlate_input_gradient(
    gradient: Any,
    kernel: Any,
    spatial_shape: Sequence[int],
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Any:
    """Return the gradient with respect to the image of correlate(image, kernel, ...).

    Every window sends its gradient back to its pixels, times the tap that met each. That is
    `conv_transpose`, the adjoint of `correlate`; the image itself is not asked for.

    dimage[i * stride + u * dilation - before] = sum over i, u of  gradient[i] * kernel[u]  (along each axis)

    Parameters
    ----------
    gradient : array (*positions), (F, *positions) or (N, F, *positions), real: as `correlate` returned
    kernel : array of the same library: (K,) or (KH, KW), or (F, C // groups, *taps)
    spatial_shape : ints >= 1, the spatial axes of the image: (H, W), or (N,) of a signal
    mode, stride, padding, dilation, groups : as given to `correlate`

    Returns
    -------
    array (*spatial_shape), (C, *spatial_shape) or (N, C, *spatial_shape), in the library of `gradient`
        Pixels in no window, as a stride may leave at the far end, get 0. The dtype is that of
        correlate(gradient, kernel).

    Raises
    ------
    ShapeError
        The gradient has not one number per window, or a kernel does not fit.
    ParameterError

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.13.
    """
    given = transposed_operands("gradient", gradient, kernel, None, groups)
    spatial = spatial_sizes(spatial_shape)
    if len(spatial) != len(given.taps):
        raise ShapeError(
            f"spatial_shape must have one size per spatial axis ({len(given.taps)}); got {spatial_shape!r}"
        )
    windows = Windows.of(spatial, given.taps, mode=mode, stride=stride, padding=padding, dilation=dilation)
    check_gradient(given.image, (*given.image.shape[:2], *windows.positions))
    spread = Spread(
        windows.positions, windows.taps, windows.stride, windows.padding, windows.dilation, windows.spatial
    )
    return given.restored(transposed(given, spread))


@device_memory()
def correlate_kernel_gradient(
    gradient: Any,
    image: Any,
    taps: Sequence[int],
    *,
    mode: Mode = "valid",
    stride: int | Sequence[int] = 1,
    padding: Padding = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Any:
    """Return the gradient with respect to the kernel of correlate(image, kernel, ...).

    A tap meets one pixel in every window: its gradient is the sum of these pixels, each times the
    gradient of its window, over all windows and the batch.

    dkernel[u] = sum over i of  gradient[i] * image[i * stride + u * dilation - before]     (along each axis)

    Parameters
    ----------
    gradient : array (*positions), (F, *positions) or (N, F, *positions), real: as `correlate` returned
    image : array (*spatial), (C, *spatial) or (N, C, *spatial) of the same library, real
    taps : ints >= 1, one per spatial axis: the kernel's axes without its channels, (KH, KW)
    mode, stride, padding, dilation, groups : as given to `correlate`

    Returns
    -------
    array (*taps) for a plain image, else (F, C // groups, *taps), in the library and on the device of `image`
        Its dtype is that of correlate(gradient, image). 0 for an empty batch.

    Raises
    ------
    ShapeError
        The gradient has not one number per window, or a kernel does not fit.
    ParameterError

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.11.
    """
    xp = array_module(gradient, image)
    sent, pixels = real_array("gradient", gradient, xp), real_array("image", image, xp)
    number = positive_int("groups", groups)
    sizes = _tap_sizes(taps)
    leading = _leading("image", pixels, len(sizes))
    not_empty("image", pixels, batch=leading == 2)
    windows = Windows.of(
        pixels.shape[leading:], sizes, mode=mode, stride=stride, padding=padding, dilation=dilation
    )
    batch = pixels.shape[:1] if leading == 2 else ()
    check_gradient(sent, (*batch, *_kernels(sent, pixels, leading, number), *windows.positions))
    dtype = sum_dtype(xp, sent, pixels)
    new_axes = (None,) * (2 - leading)
    sent, pixels = (cast(xp, array, dtype)[(*new_axes, ...)] for array in (sent, pixels))
    device = device_for(xp, len(sizes), sent)
    if device is not None:
        out = kernels.kernel_gradient(device, sent, pixels, windows, number)
    else:
        sent, pixels = (cast(xp, array, working_dtype(xp, dtype)) for array in (sent, pixels))
        out = cast(xp, kernel_gradient(xp, sent, pixels, windows, number), dtype)
    return out[0, 0, ...] if leading == 0 else out


@device_memory()
def correlate_bias_gradient(gradient: Any, axes: int) -> Any:
    """Return the gradient with respect to the bias: the sum over all windows and the batch.

    Parameters
    ----------
    gradient : array (*positions), (F, *positions) or (N, F, *positions), real: as `correlate` returned
    axes : 1, 2 or 3, the number of spatial axes; the gradient's shape alone does not tell them

    Returns
    -------
    array of shape (F,), or () where the gradient is plain, in its library and on its device
        Its dtype is that of `gradient`; integers are summed in 64 bits, float16 in float32.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(gradient)
    sent = real_array("gradient", gradient, xp)
    spatial_axes = positive_int("axes", axes)
    if spatial_axes > 3:
        raise ParameterError(f"axes must be 1, 2 or 3; got {axes!r}")
    leading = _leading("gradient", sent, spatial_axes)
    not_empty("gradient", sent, batch=leading == 2)
    dtype = sum_dtype(xp, sent)
    kept = leading - 1
    summed = tuple(axis for axis in range(sent.ndim) if axis != kept)
    return cast(xp, xp.asarray(xp.sum(cast(xp, sent, working_dtype(xp, dtype)), axis=summed)), dtype)


def _kernels(gradient: Any, image: Any, leading: int, groups: int) -> tuple[int, ...]:
    """Return (F,) from the gradient's channels, or () where all is plain, or raise."""
    if leading == 0:
        if groups != 1:
            raise ParameterError(f"groups must be 1 for a plain image; got {groups}")
        return ()
    if gradient.ndim != image.ndim:
        raise ShapeError(
            f"gradient must have as many axes as image {tuple(image.shape)}; "
            f"got shape {tuple(gradient.shape)}"
        )
    not_empty("gradient", gradient, batch=leading == 2)
    channels, kernels = image.shape[leading - 1], gradient.shape[leading - 1]
    if channels % groups or kernels % groups:
        raise ParameterError(
            "groups must divide the channels of image and those of gradient; "
            f"got {groups} for {channels} and {kernels} channels"
        )
    return (kernels,)


def _leading(name: str, array: Any, axes: int) -> int:
    """Return how many axes stand before the `axes` spatial ones: 0 plain, 1 single, 2 a batch."""
    leading = array.ndim - axes
    if not (axes == 3) <= leading <= 2:
        plain = "" if axes == 3 else "plain, "
        raise ShapeError(
            f"{name} must be {plain}(C, *spatial) or (N, C, *spatial) with {axes} spatial axes; "
            f"got shape {tuple(array.shape)}"
        )
    return int(leading)


def _tap_sizes(taps: object) -> tuple[int, ...]:
    sizes = tuple(taps) if is_sequence(taps) else ()
    if not 1 <= len(sizes) <= 3:
        raise ParameterError(f"taps must be 1 to 3 integers, (KH, KW); got {taps!r}")
    return per_axis("taps", sizes, len(sizes), least=1)
