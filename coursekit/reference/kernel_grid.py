"""Kernels that differ by position: a grid with one kernel in every cell, and its biases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, cast, not_empty, real_array, working_dtype
from coursekit.reference.layout import Operands, operands


@dataclass(frozen=True)
class KernelGrid:
    """The arrays of an operation whose kernel depends on the position, with batch and channels.

    one : the image, and the kernel and bias of the first cell, as `correlate` would get them
    kernels : (*cells, F, C, *taps), in the dtype of `one`
    bias : (*cells, F) in the same, or None
    """

    one: Operands
    kernels: Any
    bias: Any

    @property
    def cells(self) -> tuple[int, ...]:
        """Cells of the grid along each spatial axis."""
        return tuple(self.kernels.shape[: len(self.one.spatial)])


def kernel_grid(image: object, kernels: object, bias: object) -> KernelGrid:
    """Check the arrays and give them batch and channels.

    kernels is (*cells, F, C, *taps) for an image (C, *spatial) or (N, C, *spatial), or (*cells, *taps) for
    a plain image (N,) or (H, W). Four axes of kernels with two of an image are taken for a plain image.

    Raises
    ------
    ShapeError, ParameterError
    """
    xp = array_module(image, kernels, bias)
    pixels, weights = real_array("image", image, xp), real_array("kernels", kernels, xp)
    plain = (pixels.ndim, weights.ndim) in ((1, 2), (2, 4))
    axes = weights.ndim // 2 - (0 if plain else 1)
    _check_axes(pixels, weights, axes, plain=plain)
    not_empty("kernels", weights)
    first = (0,) * axes + (...,)
    offsets, first_offset = None, None
    if bias is not None:
        offsets = real_array("bias", bias, xp)
        offsets = _bias_of_cells(
            xp, offsets, tuple(weights.shape[: axes if plain else axes + 1]), plain=plain
        )
        first_offset = offsets[first]
    one = operands(pixels, weights[first], first_offset)
    dtype = working_dtype(xp, one.dtype)
    weights = cast(xp, weights, dtype)
    if plain:
        weights = weights[(*[slice(None)] * axes, None, None, ...)]
        offsets = None if offsets is None else offsets[..., None]
    return KernelGrid(one, weights, None if offsets is None else cast(xp, offsets, dtype))


def _check_axes(pixels: Any, weights: Any, axes: int, *, plain: bool) -> None:
    shape, kernels_shape = tuple(pixels.shape), tuple(weights.shape)
    if plain:
        return
    if weights.ndim not in (4, 6, 8):
        raise ShapeError(
            "kernels must be (*cells, F, C, *taps), with cells and taps along the same 1 to 3 axes, "
            f"or (*cells, *taps) for a plain image; got shape {kernels_shape} for an image of shape {shape}"
        )
    if pixels.ndim not in (axes + 1, axes + 2):
        raise ShapeError(
            f"image must be (C, *spatial) or (N, C, *spatial) with {axes} spatial axes "
            f"for kernels of shape {kernels_shape}; got shape {shape}"
        )
    channels = pixels.shape[pixels.ndim - axes - 1]
    if kernels_shape[axes + 1] != channels:
        raise ShapeError(
            f"kernels must have as many channels as image ({channels}) on axis {axes + 1}; "
            f"got shape {kernels_shape}"
        )


def _bias_of_cells(xp: Any, offsets: Any, per_cell: tuple[int, ...], *, plain: bool) -> Any:
    """Return the bias for each cell, from one per cell or one (F,) for all cells."""
    shared = () if plain else per_cell[-1:]
    if tuple(offsets.shape) not in (shared, per_cell):
        raise ShapeError(
            f"bias must have shape {shared}, the same at all positions, or {per_cell}, one for each kernel; "
            f"got shape {tuple(offsets.shape)}"
        )
    return xp.broadcast_to(offsets, per_cell)
