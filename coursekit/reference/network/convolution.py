"""The convolutional layer: the same small kernels at every position."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.reference.borders import Mode
from coursekit.reference.correlate import correlate
from coursekit.reference.gradients import correlate_gradients
from coursekit.reference.network.initialise import he_normal
from coursekit.reference.network.layer import Layer, Parameter
from coursekit.shapes import Padding, is_sequence, per_axis, positive_int


class Convolution(Layer):
    """y = correlate(x, kernel, bias): F kernels slide over C channels and give F channels.

    Parameters
    ----------
    channels : int >= 1, C of the input
    kernels : int >= 1, F of the output
    taps : ints >= 1, one per spatial axis: (KH, KW)
    rng : numpy.random.Generator, for the kernels; the bias starts at 0
    mode, stride, padding, dilation, groups : as in `correlate`
    dtype : 'float32' (default) or 'float64'; give images in the same

    Raises
    ------
    ParameterError

    Notes
    -----
    The gradients are those of `correlate_gradients`; the one of x is a transposed convolution.
    """

    def __init__(
        self,
        channels: int,
        kernels: int,
        taps: Sequence[int],
        *,
        rng: np.random.Generator,
        mode: Mode = "valid",
        stride: int | Sequence[int] = 1,
        padding: Padding = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        dtype: str = "float32",
    ) -> None:
        """Draw the kernels."""
        sizes = tuple(taps) if is_sequence(taps) else ()
        if not 1 <= len(sizes) <= 3:
            raise ParameterError(f"taps must be 1 to 3 integers, (KH, KW); got {taps!r}")
        sizes = per_axis("taps", sizes, len(sizes), least=1)
        number = positive_int("groups", groups)
        if positive_int("channels", channels) % number or positive_int("kernels", kernels) % number:
            raise ParameterError(
                f"groups must divide channels and kernels; got {number} for {channels} and {kernels}"
            )
        shape = (kernels, channels // number, *sizes)
        self.kernel = Parameter(he_normal(rng, shape, fan_in=prod(shape[1:]), dtype=dtype))
        self.bias = Parameter(np.zeros(kernels, dtype))
        self.settings: dict[str, Any] = {
            "mode": mode,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
        }

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The kernel (F, C // groups, KH, KW) and the bias (F,)."""
        return self.kernel, self.bias

    def forward(self, inputs: Any) -> Any:
        """Return (N, F, *positions) for inputs (N, C, *spatial)."""
        self.inputs = inputs
        return correlate(inputs, self.kernel.value, self.bias.value, **self.settings)

    def backward(self, gradient: Any) -> Any:
        """Return dL/dx (N, C, *spatial) for dL/dy (N, F, *positions)."""
        gradients = correlate_gradients(gradient, self.inputs, self.kernel.value, **self.settings)
        self.kernel.gradient, self.bias.gradient = gradients.kernel, gradients.bias
        return gradients.image
