"""Plain images become batches with channels, and the result becomes plain again.

Inside, every operation sees image (N, C, *spatial) and kernel (F, C // groups, *taps).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, sum_dtype, working_dtype
from coursekit.reference.cuda import planes
from coursekit.shapes import positive_int


@dataclass(frozen=True)
class Operands:
    """The arrays of one operation in its library `xp`, with batch and channels, in one dtype.

    image : (N, C, *spatial); kernel : (F, C // groups, *taps); bias : (F,) or None
    dtype : of the result; the arrays are in the same, but in float32 where the result is float16 and no
        kernels were to take them (see `operands`)
    """

    xp: Any
    image: Any
    kernel: Any
    bias: Any
    dtype: Any
    groups: int
    batched: bool
    plain: bool

    @property
    def spatial(self) -> tuple[int, ...]:
        """Pixels along each spatial axis of the image."""
        return tuple(self.image.shape[2:])

    @property
    def taps(self) -> tuple[int, ...]:
        """Taps along each spatial axis of the kernel."""
        return tuple(self.kernel.shape[2:])

    def widened(self) -> Operands:
        """Return these with float16 as float32, as an algorithm of the array library adds it up."""
        working = working_dtype(self.xp, self.image.dtype)
        bias = None if self.bias is None else cast(self.xp, self.bias, working)
        image, kernel = (cast(self.xp, array, working) for array in (self.image, self.kernel))
        return replace(self, image=image, kernel=kernel, bias=bias)

    def multiplications(self, positions: int) -> int:
        """Return the multiplications of the definition, for `positions` windows."""
        return int(self.image.shape[0] * self.kernel.size * positions)

    def restored(self, out: Any) -> Any:
        """Return `out` (N, F, *positions) with the axes of the caller's image, in the result's dtype."""
        out = cast(self.xp, out, self.dtype)
        if self.plain:
            return out[0, 0, ...]
        return out if self.batched else out[0, ...]


def operands(
    image: object,
    kernel: object,
    bias: object = None,
    groups: object = 1,
    *,
    stand_ins: bool = False,
    for_kernels: bool = False,
) -> Operands:
    """Check the arrays of a correlation and give them batch and channels.

    The number of spatial axes follows from the kernel: (K,) and (KH, KW) are plain and go with an image
    of as many axes; (F, C // groups, *taps) goes with an image (C, *spatial) or a batch (N, C, *spatial),
    with 1, 2 or 3 spatial axes. A batch may be empty. With `stand_ins` the arrays that come back hold
    zeros, with the shapes and dtypes of the real ones, and take no memory: no large image is copied.
    With `for_kernels` float16 stays float16 on CuPy, whose kernels add it up in float32 by themselves.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(image, kernel, bias)
    pixels, taps = real_array("image", image, xp), real_array("kernel", kernel, xp)
    plain, batched = _kind(pixels, taps)
    not_empty("image", pixels, batch=batched)
    not_empty("kernel", taps)
    number = positive_int("groups", groups)
    if plain:
        pixels, taps = pixels[None, None, ...], taps[None, None, ...]
    elif not batched:
        pixels = pixels[None, ...]
    channels, kernels = pixels.shape[1], taps.shape[0]
    _check_channels(channels, kernels, taps.shape, number)
    arrays = [pixels, taps]
    if bias is not None:
        arrays.append(one_bias_per("kernel", bias, kernels, xp, plain=plain))
    dtype = sum_dtype(xp, *arrays)
    kernels_take_it = for_kernels and planes.device_of(xp) is not None
    working = dtype if kernels_take_it else working_dtype(xp, dtype)
    if stand_ins:
        arrays = [xp.broadcast_to(xp.zeros((), dtype=working), array.shape) for array in arrays]
    arrays = [cast(xp, array, working) for array in arrays]
    pixels, taps, offsets = [*arrays, None][:3]
    return Operands(xp, pixels, taps, offsets, dtype, number, batched, plain)


def one_bias_per(what: str, bias: object, count: int, xp: Any, *, plain: bool) -> Any:
    """Return `bias` with one number for each of `count` (of `what`, in an error), or raise ShapeError.

    With a plain image, whose output has no axis of channels, it may be a number.
    """
    offsets = real_array("bias", bias, xp)
    if tuple(offsets.shape) != (count,) and not (plain and offsets.ndim == 0):
        raise ShapeError(
            f"bias must have one number per {what}, shape ({count},); got shape {tuple(offsets.shape)}"
        )
    return xp.reshape(offsets, (count,))


def _kind(pixels: Any, taps: Any) -> tuple[bool, bool]:
    """Return (plain, batched), or raise ShapeError where the numbers of axes do not go together."""
    if taps.ndim in (1, 2):
        if pixels.ndim == taps.ndim:
            return True, False
        if pixels.ndim in (1, 2):
            raise ShapeError(
                f"kernel must have as many axes as image; "
                f"got {tuple(taps.shape)} for an image of shape {tuple(pixels.shape)}"
            )
        raise ShapeError(
            f"image must have 1 axis (N,) or 2 axes (H, W) with a plain kernel {tuple(taps.shape)}; "
            f"got shape {tuple(pixels.shape)}; for channels give a kernel (F, C, KH, KW)"
        )
    if taps.ndim not in (3, 4, 5):
        raise ShapeError(
            "kernel must be plain, (K,) or (KH, KW), or (F, C, *taps) with 1 to 3 axes of taps; "
            f"got shape {tuple(taps.shape)}"
        )
    if pixels.ndim not in (taps.ndim - 1, taps.ndim):
        raise ShapeError(
            f"image must be (C, *spatial) or (N, C, *spatial) with {taps.ndim - 2} spatial axes "
            f"for a kernel of shape {tuple(taps.shape)}; got shape {tuple(pixels.shape)}"
        )
    return False, pixels.ndim == taps.ndim


def _check_channels(channels: int, kernels: int, kernel_shape: tuple[int, ...], groups: int) -> None:
    if channels % groups or kernels % groups:
        raise ParameterError(
            "groups must divide the channels of image and the number of kernels; "
            f"got {groups} for {channels} channels and {kernels} kernels"
        )
    if kernel_shape[1] != channels // groups:
        wanted = (
            f"has in a group ({channels} / {groups} = {channels // groups})"
            if groups > 1
            else f"({channels})"
        )
        raise ShapeError(
            f"kernel must have as many channels as image {wanted}; got shape {tuple(kernel_shape)}"
        )
