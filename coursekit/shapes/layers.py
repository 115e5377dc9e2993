"""The layers of a network as plain descriptions: enough to work out shapes, and to count.

Shapes are those of one example, without a batch: (C, *spatial), channels first, or (n,) behind `Flatten`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from coursekit.errors import CourseError, ParameterError, ShapeError
from coursekit.shapes.numbers import Padding, is_sequence, positive_int
from coursekit.shapes.output import Rounding
from coursekit.shapes.window_layer import Layer, Shape, WindowLayer, channels_and_more

PoolingKind = Literal["max", "average"]


@dataclass(frozen=True)
class Convolution(WindowLayer):
    """Kernels over the channels of their group: (C, *spatial) becomes (kernels, *positions).

    Parameters
    ----------
    kernels : int >= 1, which is the number of output channels
    kernel_size, stride, dilation : int >= 1 for every axis, or one per axis
    padding : int >= 0 for every axis, one per axis, or a pair (before, after) per axis
    groups : int >= 1 that divides the channels and the kernels; with one group a channel it is depthwise
    bias : bool, one number for each kernel

    Raises
    ------
    ParameterError
    """

    kernels: int
    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] = 1
    padding: Padding = 0
    dilation: int | Sequence[int] = 1
    groups: int = 1
    bias: bool = True

    def __post_init__(self) -> None:
        self._keep("kernels", positive_int("kernels", self.kernels))
        self._keep("groups", positive_int("groups", self.groups))
        _flag("bias", self.bias)
        if self.kernels % self.groups:
            raise ParameterError(f"groups must divide kernels; got {self.groups} for {self.kernels} kernels")
        self._settle()

    def output_shape(self, shape: Shape) -> Shape:
        """Return (kernels, *positions)."""
        positions = self.positions(shape)
        if shape[0] % self.groups:
            raise ParameterError(
                f"groups must divide the channels of the input; got {self.groups} for {shape[0]} channels"
            )
        return (self.kernels, *positions)

    def in_words(self, axes: int | None = None) -> str:
        """Return what the layer is."""
        groups = f", groups {self.groups}" if self.groups > 1 else ""
        bias = "" if self.bias else ", no bias"
        return f"Convolution {self.kernels} @ {self.window_in_words(axes)}{groups}{bias}"


@dataclass(frozen=True)
class Pooling(WindowLayer):
    """The largest number or the mean of each window: (C, *spatial) becomes (C, *positions).

    Parameters
    ----------
    size : int >= 1 for every axis, or one per axis
    stride : as `size`; None (default) means `size`: windows side by side
    padding : int >= 0 for every axis, one per axis, or a pair (before, after) per axis
    rounding : 'floor' (default) or 'ceil', as in `output_size`
    kind : 'max' (default) or 'average'

    Raises
    ------
    ParameterError
    """

    size: int | Sequence[int]
    stride: int | Sequence[int] | None = None
    padding: Padding = 0
    rounding: Rounding = "floor"
    kind: PoolingKind = "max"
    size_name = "size"

    def __post_init__(self) -> None:
        _choice("rounding", self.rounding, ("floor", "ceil"))
        _choice("kind", self.kind, ("max", "average"))
        if self.stride is None:
            self._keep("stride", self.size)
        self._settle()

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C, *positions)."""
        return (shape[0], *self.positions(shape))

    def in_words(self, axes: int | None = None) -> str:
        """Return what the layer is."""
        ceil = ", ceil" if self.rounding == "ceil" else ""
        return f"{self.kind.capitalize()} pooling {self.window_in_words(axes)}{ceil}"


@dataclass(frozen=True)
class GlobalPooling(Layer):
    """One number for each channel: (C, *spatial) becomes (C,). `kind` is 'average' (default) or 'max'."""

    kind: PoolingKind = "average"

    def __post_init__(self) -> None:
        _choice("kind", self.kind, ("max", "average"))

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C,)."""
        channels_and_more("the input", shape)
        return shape[:1]

    def in_words(self, axes: int | None = None) -> str:
        """Return what the layer is."""
        return f"Global {self.kind} pooling"


@dataclass(frozen=True)
class Dense(Layer):
    """`units` units, each joined to every number of the input: (n,) becomes (units,)."""

    units: int
    bias: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", positive_int("units", self.units))
        _flag("bias", self.bias)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (units,)."""
        if len(shape) != 1:
            raise ShapeError(f"the input must be (n,); got shape {shape}; put Flatten() before Dense")
        return (self.units,)

    def in_words(self, axes: int | None = None) -> str:
        """Return what the layer is."""
        return f"Dense {self.units}{'' if self.bias else ', no bias'}"


@dataclass(frozen=True)
class Flatten(Layer):
    """All numbers in one row: (C, *spatial) becomes (n,)."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return (n,)."""
        return (prod(shape),)


@dataclass(frozen=True)
class ReLU(Layer):
    """The detector stage: negative numbers become 0."""


@dataclass(frozen=True)
class Tanh(Layer):
    """The squashing function of LeNet-5."""


@dataclass(frozen=True)
class Softmax(Layer):
    """Scores become probabilities."""


@dataclass(frozen=True)
class Stage:
    """A layer at work: its index, and the shapes before and behind it."""

    index: int
    layer: Layer
    input_shape: Shape
    output_shape: Shape

    def __str__(self) -> str:
        return self.layer.in_words(len(self.input_shape) - 1)


def stages(layers: Sequence[Layer], input_shape: Sequence[int]) -> Iterator[Stage]:
    """Yield each layer with the shape of one example before and behind it.

    Raises
    ------
    ParameterError, ShapeError
        The message names the layer: 'layers[2]: the kernel must fit inside the padded input; ...'.
    """
    if isinstance(layers, Layer) or not is_sequence(layers):
        raise ParameterError(f"layers must be a sequence of layers; got {layers!r}")
    shape = checked_shape("input_shape", input_shape)
    for index, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ParameterError(f"layers[{index}] must be a layer, such as Dense(10); got {layer!r}")
        try:
            behind = layer.output_shape(shape)
        except CourseError as error:
            raise type(error)(f"layers[{index}]: {error}") from None
        yield Stage(index, layer, shape, behind)
        shape = behind


def checked_shape(name: str, shape: object) -> Shape:
    """Return `shape` as a tuple of ints >= 1, at least one.

    Raises
    ------
    ShapeError, ParameterError
    """
    sizes = tuple(shape) if is_sequence(shape) else ()
    if not sizes:
        raise ShapeError(f"{name} must be (channels, *spatial) or (n,); got {shape!r}")
    return tuple(positive_int(f"{name}[{axis}]", size) for axis, size in enumerate(sizes))


def _flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise ParameterError(f"{name} must be True or False; got {value!r}")


def _choice(name: str, value: object, allowed: tuple[str, str]) -> None:
    if value not in allowed:
        raise ParameterError(f"{name} must be {allowed[0]!r} or {allowed[1]!r}; got {value!r}")
