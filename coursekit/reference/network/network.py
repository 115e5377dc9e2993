"""Layers one after the other, and the chain rule through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coursekit.device_memory import device_memory, is_full
from coursekit.errors import BackendError, ParameterError, ShapeError
from coursekit.reference.arrays import array_module
from coursekit.reference.network.layer import Layer, Parameter
from coursekit.shapes import positive_int


class Network:
    """The layers f1, f2, ..., fn as one function y = fn(... f2(f1(x))).

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> network = Network([Flatten(), Dense(64, 10, rng=rng)])
    >>> network.forward(np.ones((5, 1, 8, 8), np.float32)).shape
    (5, 10)
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        """Keep the layers, in the order in which an image passes them."""
        self.layers = tuple(layers)
        for index, layer in enumerate(self.layers):
            if not isinstance(layer, Layer):
                raise ParameterError(f"layers[{index}] must be a layer; got {layer!r}")
        if not self.layers:
            raise ParameterError("layers must hold at least one layer; got none")

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of all layers, in their order."""
        return tuple(parameter for layer in self.layers for parameter in layer.parameters)

    def forward(self, inputs: Any) -> Any:
        """Return y for x = `inputs`: what one layer returns is given to the next.

        Raises
        ------
        ShapeError
            A layer cannot take what it is given; the message names it.
        """
        for index, layer in enumerate(self.layers):
            try:
                inputs = layer.forward(inputs)
            except ShapeError as error:
                raise ShapeError(f"layers[{index}], {type(layer).__name__}: {error}") from None
        return inputs

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx for dL/dy = `gradient`, and leave dL/dp in every parameter p: the chain rule.

        Raises
        ------
        CourseError
            There was no `forward` yet.
        """
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient

    def predict(self, images: Any, *, batch_size: int = 256) -> Any:
        """Return the class with the largest score for each image (N, ...), `batch_size` images at a time."""
        xp, step, count = array_module(images), positive_int("batch_size", batch_size), images.shape[0]
        parts = [
            xp.argmax(self.forward(images[start : min(start + step, count), ...]), axis=1)
            for start in range(0, count, step)
        ]
        return xp.concat(parts) if parts else xp.zeros((0,), dtype=xp.int64)

    @device_memory()
    def move_to(self, xp: Any) -> None:
        """Move every parameter to the array library `xp`, `cupy` or `numpy`; its images must be there too.

        All of them, or none where it fails.

        Raises
        ------
        ParameterError
            `xp` is no array library.
        BackendError
            CuPy cannot use a GPU here, or its memory is full.
        """
        if not callable(getattr(xp, "asarray", None)):
            raise ParameterError(f"xp must be an array library, the module cupy or numpy; got {xp!r}")
        moved = [moved_to(xp, parameter.value) for parameter in self.parameters]
        for parameter, value in zip(self.parameters, moved, strict=True):
            parameter.value = value
            parameter.gradient = None


def moved_to(xp: Any, value: Any) -> Any:
    """Return `value` in library `xp`. NumPy takes a CuPy array only if asked with its `get`."""
    try:
        return xp.asarray(value.get() if xp is np and hasattr(value, "get") else value)
    except Exception as error:
        if not type(error).__module__.startswith("cupy") or is_full(error):
            raise
        raise BackendError(
            f"the parameters cannot be moved to the GPU: {error}; coursekit.gpu.why_no_gpu() tells what to do"
        ) from error
