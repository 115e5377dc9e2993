"""From feature maps to a row of numbers per image."""

from __future__ import annotations

from math import prod
from typing import Any

from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.network.layer import Layer
from coursekit.reference.pool_gradients import check_gradient


class Flatten(Layer):
    """y holds the numbers of x image by image, in row-major order: (N, C, H, W) becomes (N, C * H * W).

    Notes
    -----
    No number changes, so the gradient only gets the shape of x back.
    """

    def forward(self, inputs: Any) -> Any:
        """Return (N, D) for inputs (N, ...), or raise ShapeError where there is no batch."""
        xp = array_module(inputs)
        maps = real_array("inputs", inputs, xp)
        if maps.ndim < 2:
            raise ShapeError(f"Flatten needs a batch (N, ...); got shape {tuple(maps.shape)}")
        self.inputs = maps
        return xp.reshape(maps, self._rows(), copy=True)

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx (N, ...) for dL/dy (N, D)."""
        xp = array_module(gradient)
        sent = real_array("gradient", gradient, xp)
        check_gradient(sent, self._rows())
        return xp.reshape(sent, self.inputs.shape, copy=True)

    def _rows(self) -> tuple[int, int]:
        return self.inputs.shape[0], prod(self.inputs.shape[1:])
