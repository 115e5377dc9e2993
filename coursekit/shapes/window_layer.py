"""What convolution and pooling share: a window that slides along each spatial axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from coursekit.errors import ShapeError
from coursekit.shapes.numbers import Padding, is_sequence, padding_pairs, per_axis
from coursekit.shapes.output import OutputSize, Rounding, output_shape

Shape: TypeAlias = tuple[int, ...]


class AxisWindow(NamedTuple):
    """What a window does along one axis: its taps, stride, zeros at each end, pixels from tap to tap."""

    kernel_size: int
    stride: int
    before: int
    after: int
    dilation: int

    def __str__(self) -> str:
        taps = "1 tap" if self.kernel_size == 1 else f"{self.kernel_size} taps"
        ends = self.before if self.before == self.after else (self.before, self.after)
        return ", ".join([taps, *_unusual(stride=self.stride, padding=ends, dilation=self.dilation)])


def _unusual(**settings: object) -> list[str]:
    usual = {"stride": 1, "padding": 0, "dilation": 1}
    return [f"{name} {value}" for name, value in settings.items() if value != usual[name]]


class Layer:
    """One layer of a network. This base changes nothing: no parameters, and the shape that it gets."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one example behind the layer, from its shape before it.

        Raises
        ------
        ShapeError, ParameterError
            The layer cannot take this shape.
        """
        return shape

    def in_words(self, axes: int | None = None) -> str:
        """Return what the layer is; with the number of spatial axes a window is written as '3×3'."""
        return type(self).__name__

    def __str__(self) -> str:
        return self.in_words()


class WindowLayer(Layer):
    """A layer whose units each see one window. Every field holds for all axes, or has one entry per axis."""

    stride: int | Sequence[int] | None
    padding: Padding
    dilation: int | Sequence[int] = 1
    rounding: Rounding = "floor"
    size_name = "kernel_size"  # the field with the size of the window

    def _settle(self) -> None:
        """Check the fields of the window, and keep them as ints and tuples."""
        axes = self.axes or 1
        for name in (self.size_name, "stride", "dilation"):
            value = getattr(self, name)
            numbers = per_axis(name, value, axes, least=1)
            self._keep(name, numbers if is_sequence(value) else numbers[0])
        pairs = padding_pairs(self.padding, axes)
        self._keep("padding", pairs if is_sequence(self.padding) else pairs[0][0])

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)  # the one way to set a field of a frozen dataclass

    @property
    def axes(self) -> int | None:
        """How many axes the fields speak of; None where each holds for every axis."""
        fields = (getattr(self, self.size_name), self.stride, self.padding, self.dilation)
        return next((len(tuple(field)) for field in fields if is_sequence(field)), None)

    def windows(self, axes: int) -> tuple[AxisWindow, ...]:
        """Return what the window does along each of `axes` axes.

        Raises
        ------
        ParameterError
            The fields speak of another number of axes.
        """
        sizes = per_axis(self.size_name, getattr(self, self.size_name), axes, least=1)
        strides = per_axis("stride", self.stride, axes, least=1)
        ends = padding_pairs(self.padding, axes)
        steps = per_axis("dilation", self.dilation, axes, least=1)
        return tuple(AxisWindow(sizes[i], strides[i], *ends[i], steps[i]) for i in range(axes))

    def positions(self, shape: Shape) -> tuple[OutputSize, ...]:
        """Return how many windows fit along each spatial axis of `shape` (C, *spatial).

        Raises
        ------
        ShapeError, ParameterError
        """
        channels_and_more("the input", shape)
        windows = self.windows(len(shape) - 1)
        return output_shape(
            shape[1:],
            [window.kernel_size for window in windows],
            stride=[window.stride for window in windows],
            padding=[(window.before, window.after) for window in windows],
            dilation=[window.dilation for window in windows],
            rounding=self.rounding,
        )

    def window_in_words(self, axes: int | None) -> str:
        """Return for instance '3×3, stride 2, padding 1'; without the number of axes '3, stride 2, ...'."""
        sizes = per_axis(self.size_name, getattr(self, self.size_name), axes or self.axes or 1, least=1)
        settings = {name: getattr(self, name) for name in ("stride", "padding", "dilation")}
        return ", ".join(["×".join(map(str, sizes)), *_unusual(**settings)])


def channels_and_more(name: str, shape: Shape) -> None:
    """Raise ShapeError unless `shape` has channels and at least one spatial axis."""
    if len(shape) < 2:
        raise ShapeError(f"{name} must be (channels, *spatial); got shape {shape}")
