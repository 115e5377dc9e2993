"""The average pooling layer: the mean of each window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.reference.average_pool import average_pool
from coursekit.reference.network.layer import Layer
from coursekit.reference.pool_gradients import average_pool_gradient
from coursekit.shapes import is_sequence


class AveragePooling(Layer):
    """y = average_pool(x, size): the mean of each window, channel by channel.

    Parameters
    ----------
    size, stride : as in `average_pool`; the default stride is the size

    Notes
    -----
    Each of the k pixels of a window has the weight 1 / k in its mean, and gets 1 / k of its gradient.
    """

    def __init__(self, size: int | Sequence[int], *, stride: int | Sequence[int] | None = None) -> None:
        """Keep the window's geometry; there is nothing to learn."""
        self.settings: dict[str, Any] = {"size": size, "stride": stride}

    def forward(self, inputs: Any) -> Any:
        """Return (N, C, *positions) for inputs (N, C, *spatial)."""
        self.inputs = inputs
        return average_pool(inputs, **self.settings)

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx (N, C, *spatial) for dL/dy (N, C, *positions)."""
        size = self.settings["size"]
        axes = len(tuple(size)) if is_sequence(size) else 2
        return average_pool_gradient(gradient, self.inputs.shape[-axes:], **self.settings)
