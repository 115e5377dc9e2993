"""The layers of a network as state of a demo: what a browser is sent, and what it sends back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import traitlets

from coursekit.errors import CourseError, ParameterError
from coursekit.shapes import (
    Convolution,
    Dense,
    Flatten,
    GlobalPooling,
    Layer,
    Pooling,
    ReLU,
    Softmax,
    Tanh,
    is_sequence,
)
from coursekit.shapes.layers import checked_shape

LARGEST_SIZE = 100_000
"""The largest number in a layer or a shape: with it a browser's counts of pixels stay exact."""

MOST_LAYERS = 200

KINDS = {
    kind.__name__: kind for kind in (Convolution, Pooling, GlobalPooling, Dense, Flatten, ReLU, Tanh, Softmax)
}
"""The layers that the demo knows, by name."""


def to_message(layer: Layer) -> dict[str, Any]:
    """Return a layer as JSON: its type, and every field."""
    fields: dict[str, Any] = dataclasses.asdict(layer) if dataclasses.is_dataclass(layer) else {}
    return {"type": type(layer).__name__, **{name: _as_lists(value) for name, value in fields.items()}}


def from_message(message: dict[str, Any]) -> Layer:
    """Return the layer of a message.

    Raises
    ------
    ParameterError
        No such layer, or a field that it does not take.
    """
    fields = dict(message)
    kind = KINDS.get(fields.pop("type", None))
    if kind is None:
        raise ParameterError(f"a layer's type must be one of {', '.join(KINDS)}; got {message!r}")
    try:
        layer: Layer = kind(**fields)
    except TypeError:
        raise ParameterError(f"{kind.__name__} has no such fields: {message!r}") from None
    return layer


def checked_layers(name: str, value: object) -> tuple[Layer, ...]:
    """Return layers as a tuple. Whether one fits behind the other is not asked.

    Raises
    ------
    ParameterError
        No sequence of layers of `coursekit.shapes`, more than `MOST_LAYERS`, or a number in one that is
        larger than `LARGEST_SIZE`.
    """
    if isinstance(value, Layer) or not is_sequence(value):
        raise ParameterError(f"{name} must be a sequence of layers; got {value!r}")
    layers = tuple(value)
    if len(layers) > MOST_LAYERS:
        raise ParameterError(f"{name} must be at most {MOST_LAYERS}; got {len(layers)}")
    return tuple(_checked(f"{name}[{index}]", layer) for index, layer in enumerate(layers))


def _checked(name: str, layer: object) -> Layer:
    if not isinstance(layer, Layer) or type(layer) not in KINDS.values():
        raise ParameterError(f"{name} must be one of {', '.join(KINDS)}, such as Dense(10); got {layer!r}")
    fields = to_message(layer)
    for field, value in fields.items():
        for number in _numbers(value):
            if number > LARGEST_SIZE:
                raise ParameterError(
                    f"{name}.{field} must be at most {LARGEST_SIZE} in the demo; got {number}"
                )
    return layer


def _numbers(value: object) -> Iterator[int]:
    if is_sequence(value):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int):
        yield value


def _as_lists(value: object) -> object:
    return [_as_lists(item) for item in value] if isinstance(value, tuple) else value


class Layers(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """A tuple of layers of `coursekit.shapes`."""

    info_text = "a sequence of layers"

    def __init__(self) -> None:
        super().__init__(default_value=())
        self.tag(sync=True, to_json=_layers_to_json, from_json=_layers_from_json)

    def validate(self, _owner: object, value: object) -> tuple[Layer, ...]:
        """Return the tuple, or raise ParameterError."""
        return checked_layers(self.name, value)


def _layers_to_json(layers: Iterable[Layer], _widget: object) -> list[dict[str, Any]]:
    return [to_message(layer) for layer in layers]


def _layers_from_json(messages: Sequence[dict[str, Any]], _widget: object) -> tuple[Layer, ...]:
    layers = []
    for index, message in enumerate(messages):
        try:
            layers.append(from_message(message))
        except CourseError as error:
            raise type(error)(f"layers[{index}]: {error}") from None
    return tuple(layers)


class ExampleShape(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """The shape of one example, channels first: (C, *spatial) or (n,)."""

    info_text = "(channels, *spatial) or (n,)"

    def __init__(self) -> None:
        super().__init__(default_value=(1, 1, 1))
        self.tag(sync=True)

    def validate(self, _owner: object, value: object) -> tuple[int, ...]:
        """Return a tuple of ints, or raise ShapeError or ParameterError."""
        shape = checked_shape(self.name, value)
        for axis, size in enumerate(shape):
            if size > LARGEST_SIZE:
                rule = f"must be at most {LARGEST_SIZE} in the demo"
                raise ParameterError(f"{self.name}[{axis}] {rule}; got {size}")
        return shape
