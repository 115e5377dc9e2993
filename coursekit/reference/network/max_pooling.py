"""The max pooling layer: it keeps the strongest answer of each window, wherever in the window it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coursekit.reference.max_pool import max_pool
from coursekit.reference.network.layer import Layer
from coursekit.reference.pool_gradients import max_pool_gradient
from coursekit.shapes import Padding


class MaxPooling(Layer):
    """y = max_pool(x, size): the largest pixel of each window, channel by channel.

    Parameters
    ----------
    size, stride, padding : as in `max_pool`; the default stride is the size

    Notes
    -----
    y does not change where x changes in any pixel but the largest. So the whole gradient of a window goes
    to its largest pixel (of several, the first), and the others get 0.
    """

    def __init__(
        self,
        size: int | Sequence[int],
        *,
        stride: int | Sequence[int] | None = None,
        padding: Padding = 0,
    ) -> None:
        """Keep the window's geometry; there is nothing to learn."""
        self.settings: dict[str, Any] = {"size": size, "stride": stride, "padding": padding}

    def forward(self, inputs: Any) -> Any:
        """Return (N, C, *positions) for inputs (N, C, *spatial)."""
        self.inputs = inputs
        return max_pool(inputs, **self.settings)

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx (N, C, *spatial) for dL/dy (N, C, *positions)."""
        return max_pool_gradient(gradient, self.inputs, **self.settings)
