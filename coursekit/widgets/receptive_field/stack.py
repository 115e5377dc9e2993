"""The layers that the demo stacks: as the library's layers in Python, as plain numbers in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import Convolution, Layer, Pooling, is_sequence, lenet5, output_size, vgg16
from coursekit.shapes.layers import PoolingKind
from coursekit.shapes.output import Rounding
from coursekit.shapes.receptive_field import FIELDS, windows_along
from coursekit.shapes.window_layer import AxisWindow, WindowLayer

MOST_LAYERS = 8
LARGEST = {"kernel_size": 31, "stride": 16, "padding": 32, "dilation": 16}
"""What can still be drawn."""

KINDS = ("convolution", "max", "average")
Stacked = tuple[WindowLayer, ...]


def read_stack(layers: Any) -> Stacked:
    """Return the layers that have a window, each with one kernel and the same numbers along every axis.

    Parameters
    ----------
    layers : what `coursekit.receptive_field` takes; layers that work number by number are left out.
        A dict may also name its `kind` ('convolution', 'max' or 'average'), and a `rounding` for pooling.

    Raises
    ------
    ParameterError
        As `coursekit.receptive_field`, or the axes differ, there are too many layers or none, or a number
        is too large to be drawn.
    """
    if isinstance(layers, (Layer, Mapping)) or not is_sequence(layers):
        raise ParameterError(f"layers must be a sequence of layers; got {layers!r}")
    given = [_with_kind(f"layers[{index}]", item) for index, item in enumerate(layers)]
    plain: list[Any] = [item for item, _, _ in given]
    windows = list(windows_along(plain, 0))
    for (index, one), (_, other) in zip(windows, windows_along(plain, 1), strict=True):
        if one != other:
            raise ParameterError(f"layers[{index}] must be the same along every axis; got {plain[index]}")
        _check_limits(f"layers[{index}]", one)
    if not 1 <= len(windows) <= MOST_LAYERS:
        raise ParameterError(
            f"layers must hold 1 to {MOST_LAYERS} layers with a window; got {len(windows)}; pass fewer"
        )
    return tuple(_layer(window, *given[index][1:]) for index, window in windows)


def _with_kind(name: str, item: object) -> tuple[object, str, Rounding]:
    """Return the item as `coursekit.receptive_field` takes it, its kind, and its rounding."""
    if isinstance(item, Pooling):
        return item, item.kind, item.rounding
    if not isinstance(item, Mapping) or not item.keys() & {"kind", "rounding"}:
        return item, "convolution", "floor"
    fields = dict(item)
    kind, rounding = fields.pop("kind", "convolution"), fields.pop("rounding", "floor")
    if kind not in KINDS:
        raise ParameterError(f"{name}.kind must be one of {', '.join(map(repr, KINDS))}; got {kind!r}")
    if rounding not in ("floor", "ceil"):
        raise ParameterError(f"{name}.rounding must be 'floor' or 'ceil'; got {rounding!r}")
    return fields, kind, rounding


def _check_limits(name: str, window: AxisWindow) -> None:
    largest_padding = max(window.before, window.after)
    values = (window.kernel_size, window.stride, largest_padding, window.dilation)
    for field, value in zip(FIELDS, values, strict=True):
        if value > LARGEST[field]:
            raise ParameterError(f"{name}.{field} must be at most {LARGEST[field]} to be drawn; got {value}")


def _layer(window: AxisWindow, kind: str, rounding: Rounding) -> WindowLayer:
    even = window.before == window.after
    padding: Any = window.before if even else ((window.before, window.after),)
    if kind == "convolution" or window.dilation > 1:  # a Pooling of the library has no dilation
        return Convolution(1, window.kernel_size, window.stride, padding, window.dilation)
    pooling_kind: PoolingKind = "max" if kind == "max" else "average"
    return Pooling(window.kernel_size, window.stride, padding, rounding, pooling_kind)


def as_numbers(layer: WindowLayer) -> dict[str, Any]:
    """Return a layer as the browser takes it; `read_stack` reads it back."""
    window = layer.windows(1)[0]
    kind = layer.kind if isinstance(layer, Pooling) else "convolution"
    return {
        "kind": kind,
        "kernel_size": window.kernel_size,
        "stride": window.stride,
        "padding": [window.before, window.after],
        "dilation": window.dilation,
        "rounding": layer.rounding,
    }


def layer_words(layer: WindowLayer, axes: int) -> str:
    """Return what a layer is, such as 'max pooling of 2×2, stride 2'."""
    kind = f"{layer.kind} pooling" if isinstance(layer, Pooling) else "convolution"
    ends = layer.windows(1)[0]
    taps, *settings = str(ends).split(", ")
    size = "×".join([taps.split()[0]] * axes)
    return f"{kind} of {', '.join([size, *settings])}"


def row_sizes(layers: Sequence[WindowLayer], size: int, rounding: Rounding) -> list[int]:
    """Return how many neurons stand along one axis: in the input, then behind each layer.

    `rounding` is the convention: 'ceil' holds for all pooling layers, else each has its own.

    Raises
    ------
    ShapeError
        A layer does not fit; the message names it.
    """
    sizes = [size]
    for index, layer in enumerate(layers):
        k, s, before, after, d = layer.windows(1)[0]
        ceil = isinstance(layer, Pooling) and "ceil" in (rounding, layer.rounding)
        try:
            parameters: dict[str, Any] = {"stride": s, "padding": (before, after), "dilation": d}
            sizes.append(int(output_size(sizes[-1], k, **parameters, rounding="ceil" if ceil else "floor")))
        except ShapeError as error:
            raise ShapeError(f"layers[{index}]: {error}") from None
    return sizes


class Stack(traitlets.TraitType):  # type: ignore[misc]  # traitlets is untyped here
    """One to eight layers with a window: a tuple in Python, a list of numbers by name in the browser."""

    info_text = "a sequence of layers"

    def __init__(self) -> None:
        super().__init__(default_value=(Convolution(1, 3),))
        self.tag(
            sync=True,
            to_json=lambda layers, _widget: [as_numbers(layer) for layer in layers],
            from_json=lambda message, _widget: read_stack(message),
        )

    def validate(self, _owner: object, value: object) -> Stacked:
        """Return the layers, or raise ParameterError."""
        return read_stack(value)


def _first(network: Sequence[Layer]) -> Stacked:
    """Return the first layers of a network that have a window, as many as can be shown."""
    return read_stack([layer for layer in network if isinstance(layer, WindowLayer)][:MOST_LAYERS])


def presets() -> list[tuple[str, Stacked, int]]:
    """Return the stacks that the demo offers: name, layers, and an input size that they fit."""
    return [
        ("three 3×3 = one 7×7", read_stack([(3,), (3,), (3,)]), 16),
        ("one 7×7", read_stack([(7,)]), 16),
        ("strides grow fast", read_stack([(3, 2, 1)] * 4), 32),
        ("dilations 1, 2, 4", read_stack([(3,), (3, 1, 0, 2), (3, 1, 0, 4)]), 24),
        ("LeNet-5", _first(lenet5()[0]), 32),
        (f"VGG-16, first {MOST_LAYERS} layers", _first(vgg16()[0]), 48),
    ]
