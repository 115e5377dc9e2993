"""Stochastic gradient descent: a step downhill after every batch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from coursekit.errors import CourseError, ParameterError
from coursekit.reference.arrays import array_module, cast
from coursekit.reference.network.layer import Parameter
from coursekit.reference.network.network import moved_to


class SGD:
    """Change every parameter p against its gradient, with momentum.

    v <- momentum * v + dL/dp + weight_decay * p
    p <- p - learning_rate * v

    v starts at 0. With momentum 0 a step is the gradient of this batch alone; with more, the steps of
    batches that agree add up, and those that do not cancel.

    Parameters
    ----------
    parameters : the parameters to change, `network.parameters`
    learning_rate : number > 0; it may be changed between the steps
    momentum : number from 0 to below 1
    weight_decay : number >= 0; it pulls every parameter towards 0, as the penalty weight_decay * p^2 / 2 does

    Raises
    ------
    ParameterError

    Notes
    -----
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 7.1.1 and 8.3.2; v in the form
    that PyTorch uses, before the learning rate.
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        *,
        learning_rate: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        """Start with no velocity."""
        if _number("learning_rate", learning_rate) <= 0:
            raise ParameterError(f"learning_rate must be a number > 0; got {learning_rate!r}")
        if not 0 <= _number("momentum", momentum) < 1:
            raise ParameterError(f"momentum must be a number from 0 to below 1; got {momentum!r}")
        if _number("weight_decay", weight_decay) < 0:
            raise ParameterError(f"weight_decay must be a number >= 0; got {weight_decay!r}")
        self.parameters = tuple(parameters)
        self.learning_rate = float(learning_rate)
        self.momentum = float(momentum)
        self.weight_decay = float(weight_decay)
        self.velocities: list[Any] = [0.0] * len(self.parameters)

    def step(self) -> None:
        """Change every parameter once, by the gradients of the last backward.

        Raises
        ------
        CourseError
            A parameter has no gradient yet.
        """
        for index, parameter in enumerate(self.parameters):
            value, gradient = parameter.value, parameter.gradient
            if gradient is None:
                raise CourseError("SGD.step needs the gradients of backward; call backward first")
            xp, before = array_module(value), self.velocities[index]
            if not isinstance(before, float) and array_module(before) is not xp:
                before = moved_to(xp, before)  # the network was moved since the last step
            velocity = self.momentum * before + gradient + self.weight_decay * value
            self.velocities[index] = velocity
            stepped = value - self.learning_rate * velocity
            parameter.value = cast(xp, stepped, value.dtype)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ParameterError(f"{name} must be a finite number; got {value!r}")
    return float(value)
