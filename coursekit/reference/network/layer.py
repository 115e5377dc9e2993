"""What every layer of a network has: a forward, a backward and its parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from coursekit.errors import CourseError


@dataclass(eq=False)
class Parameter:
    """An array that training changes, and the gradient of the loss with respect to it.

    value : array of any shape
    gradient : array of the same shape; None before the first backward
    """

    value: Any
    gradient: Any = None


class Layer(ABC):
    """One step y = f(x) of a network.

    With L the loss, `backward` is the chain rule: it is given dL/dy, stores dL/dp of each parameter p of the
    layer in `p.gradient`, in place of the one before, and returns dL/dx, which is dL/dy of the layer below.
    """

    _inputs: Any = None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of this layer; a layer without any learns nothing."""
        return ()

    @abstractmethod
    def forward(self, inputs: Any) -> Any:
        """Return y = f(x) for x = `inputs`, and keep x for `backward`."""

    @abstractmethod
    def backward(self, gradient: Any) -> Any:
        """Return dL/dx for dL/dy = `gradient`, at the x of the last `forward`.

        Raises
        ------
        CourseError
            There was no `forward` yet.
        ShapeError
            `gradient` has not the shape of what `forward` returned.
        """

    @property
    def inputs(self) -> Any:
        """The x of the last `forward`, or CourseError where there was none."""
        if self._inputs is None:
            name = type(self).__name__
            raise CourseError(f"{name}.backward needs the inputs of {name}.forward; call forward first")
        return self._inputs

    @inputs.setter
    def inputs(self, value: Any) -> None:
        self._inputs = value
