"""The rectifier: what makes a stack of linear layers more than one linear layer."""

from __future__ import annotations

from typing import Any

from coursekit.reference.network.layer import Layer
from coursekit.reference.relu import relu, relu_gradient


class ReLU(Layer):
    """y = max(x, 0), number by number.

    Notes
    -----
    dy/dx is 1 where x > 0 and 0 elsewhere (at 0 too): the gradient passes or stops.
    """

    def forward(self, inputs: Any) -> Any:
        """Return an array of the shape of `inputs`."""
        self.inputs = inputs
        return relu(inputs)

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx for dL/dy, both of the shape of the inputs."""
        return relu_gradient(gradient, self.inputs)
