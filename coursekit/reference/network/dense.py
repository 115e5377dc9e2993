"""The dense layer: every output sees every input, each with a weight of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from coursekit.errors import ShapeError
from coursekit.reference.arrays import array_module, real_array
from coursekit.reference.network.initialise import he_normal
from coursekit.reference.network.layer import Layer, Parameter
from coursekit.reference.pool_gradients import check_gradient
from coursekit.shapes import positive_int


class Dense(Layer):
    """y = x W^T + b, for a batch of rows x.

    Parameters
    ----------
    inputs : int >= 1, D, numbers in a row of x
    outputs : int >= 1, K, numbers in a row of y
    rng : numpy.random.Generator, for the weights (K, D); the bias (K,) starts at 0
    dtype : 'float32' (default) or 'float64'; give x in the same

    Raises
    ------
    ParameterError

    Notes
    -----
    With G = dL/dy, of shape (N, K):

    dL/dx = G W        dL/dW = G^T x        dL/db = the sum of the rows of G

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.5.
    """

    def __init__(
        self, inputs: int, outputs: int, *, rng: np.random.Generator, dtype: str = "float32"
    ) -> None:
        """Draw the weights."""
        shape = (positive_int("outputs", outputs), positive_int("inputs", inputs))
        self.weight = Parameter(he_normal(rng, shape, fan_in=inputs, dtype=dtype))
        self.bias = Parameter(np.zeros(outputs, dtype))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The weights (K, D) and the bias (K,)."""
        return self.weight, self.bias

    def forward(self, inputs: Any) -> Any:
        """Return (N, K) for inputs (N, D), or raise ShapeError where they have another shape."""
        xp = array_module(inputs, self.weight.value)
        rows, weight = real_array("inputs", inputs, xp), real_array("weight", self.weight.value, xp)
        wanted = weight.shape[1]
        if rows.ndim != 2 or rows.shape[1] != wanted:
            raise ShapeError(f"Dense needs inputs of shape (N, {wanted}); got shape {tuple(rows.shape)}")
        self.inputs = rows
        return xp.matmul(rows, weight.T) + self.bias.value

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx (N, D) for dL/dy (N, K)."""
        rows, weight = self.inputs, self.weight.value
        xp = array_module(rows)
        sent = real_array("gradient", gradient, xp)
        check_gradient(sent, (rows.shape[0], weight.shape[0]))
        self.weight.gradient = xp.matmul(sent.T, rows)
        self.bias.gradient = xp.sum(sent, axis=0)
        return xp.matmul(sent, weight)
