"""The receptive field: stacked layers, and the part of the input that any neuron of any layer sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from coursekit import data
from coursekit.errors import ShapeError
from coursekit.shapes import ReceptiveField as Field
from coursekit.shapes import receptive_field
from coursekit.widgets.receptive_field.picture import draw_image, draw_rows
from coursekit.widgets.receptive_field.stack import (
    LARGEST,
    MOST_LAYERS,
    Stack,
    as_numbers,
    layer_words,
    presets,
    read_stack,
    row_sizes,
)
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import (
    LARGEST_INTEGER,
    Choice,
    Flag,
    Matrix,
    PerAxis,
    Whole,
    Wholes,
    real_array,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

LARGEST_INPUT = 128
"""Neurons in the longest row that can still be drawn."""


class ReceptiveField(Demo):
    """Stacked layers: point at any neuron of any layer, and what it sees of the input lights up.

    Parameters
    ----------
    layers : 1 to 8 layers as `coursekit.receptive_field` takes them: `Convolution`, `Pooling`, tuples
        (kernel_size, stride, padding, dilation) or dicts; three 3-tap convolutions by default.
        They must be the same along every axis. Layers that work number by number are left out.
    size : int from 1 to 128, numbers in the input of one axis
    axes : 1, rows of neurons (default), or 2, an image (default if an image is given)
    image : array of shape (H, W), real: the input of two axes; a photograph of 64 x 64 by default
    layer : int, the layer of the chosen neuron, 0 for the input; the last by default
    neuron : int or (row, column), its place; beyond the last it becomes the last; the middle by default

    Raises
    ------
    ShapeError, ParameterError
        When it is made. Later changes after which a layer does not fit are explained in the demo.

    Notes
    -----
    Every parameter is an attribute that can be read and set while the demo is shown, as are `influence`
    (also light what the neuron changes further up), `effective` (show the effective field), `weights`
    ('gaussian', 'uniform' or 'equal'), `rectified` (a ReLU behind each convolution), `draws` (1 to 500)
    and `seed` of the random weights, `predict` (sizes stay hidden until they are typed) and `answers`
    (what was typed, one int per layer, 0 for nothing). Padding counts as input like any other, as in
    `coursekit.receptive_field`. Pooling obeys the conventions' rounding.

    Examples
    --------
    >>> demo = ReceptiveField([(3,), (3, 2), (3,)], size=16)
    >>> demo.field
    ReceptiveField(size=9, jump=2, start=0)
    >>> demo.seen
    (4, 12)
    """

    _esm, _css = esm("receptive_field"), css("receptive_field")
    shows = "Point at any neuron: the frame holds what it sees of the input, and each layer on top sees more."
    picture_size = (8.0, 3.6)

    layers = Stack()
    size = Whole(16, 1, LARGEST_INPUT)
    axes = Whole(1, 1, 2)
    image = Matrix()
    layer = Whole(1, 0, MOST_LAYERS)
    neuron = PerAxis(least=0)
    influence = Flag(False)
    effective = Flag(False)
    weights = Choice("gaussian", "uniform", "equal")
    rectified = Flag(False)
    draws = Whole(100, 1, 500)
    seed = Whole(1, 0, 2**31 - 1)
    predict = Flag(False)
    answers = Wholes(least=-LARGEST_INTEGER)
    _presets = traitlets.List().tag(sync=True)
    _largest = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        layers: Sequence[object] | None = None,
        *,
        size: int | None = None,
        axes: int | None = None,
        image: Any = None,
        layer: int | None = None,
        neuron: int | tuple[int, int] | None = None,
        **state: Any,
    ) -> None:
        _, first, usual = presets()[0]
        stack = first if layers is None else read_stack(layers)
        if axes is None:
            axes = 1 if image is None else 2
        super().__init__(
            layers=stack,
            size=(usual if layers is None else _roomy(stack)) if size is None else size,
            axes=axes,
            image=_photograph() if image is None else real_array("image", image, 2),
            _presets=[
                {"name": name, "layers": [as_numbers(layer) for layer in offered], "size": input_size}
                for name, offered, input_size in presets()
            ],
            _largest={**LARGEST, "size": LARGEST_INPUT, "layers": MOST_LAYERS},
            **state,
        )
        shapes = self.shapes  # raises where a layer does not fit
        self.set_trait("layer", len(stack) if layer is None else layer)
        middle = tuple((sizes - 1) // 2 for sizes in shapes[self.layer])
        self.set_trait("neuron", middle if neuron is None else neuron)

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of neurons, of the input and behind each layer; one axis is a single row.

        Raises
        ------
        ShapeError
            A layer does not fit.
        """
        rounding = self.conventions.rounding
        if self.axes == 1:
            return [(1, columns) for columns in row_sizes(self.layers, self.size, rounding)]
        rows, columns = (row_sizes(self.layers, size, rounding) for size in self.image.shape)
        return list(zip(rows, columns, strict=True))

    @property
    def field(self) -> Field:
        """Size, jump and start behind the chosen layer, with their derivation."""
        return receptive_field(self.layers[: self.layer])

    @property
    def seen(self) -> tuple[int, int] | tuple[tuple[int, int], tuple[int, int]]:
        """First and last input pixel that the chosen neuron sees: of rows and of columns where axes is 2."""
        rows, columns = (self.field.seen_by(index) for index in self.place)
        return columns if self.axes == 1 else (rows, columns)

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the chosen neuron."""
        row, column = self.neuron if isinstance(self.neuron, tuple) else (self.neuron, self.neuron)
        try:
            rows, columns = self.shapes[self.layer]
        except ShapeError:
            return (0, 0)
        return min(row, rows - 1), min(column, columns - 1)  # the conventions may have taken the last one

    @property
    def is_hidden(self) -> bool:
        """Whether the size of the chosen layer is still to be predicted."""
        typed = [*self.answers, *[0] * MOST_LAYERS][self.layer - 1]
        return bool(self.predict and self.layer and typed != self.field.size)

    @traitlets.validate("layer")  # type: ignore[untyped-decorator]
    def _keep_layer(self, proposal: Any) -> int:
        """Clamp to the stack, as the browser does. Never raises: the two sides would drift apart."""
        return min(int(proposal["value"]), len(self.layers))

    @traitlets.validate("neuron")  # type: ignore[untyped-decorator]
    def _keep_neuron(self, proposal: Any) -> int | tuple[int, int]:
        try:
            rows, columns = self.shapes[self.layer]
        except ShapeError:
            return 0
        value = proposal["value"]
        row, column = value if isinstance(value, tuple) else (value, value)
        row, column = min(row, rows - 1), min(column, columns - 1)
        return column if self.axes == 1 or row == column else (row, column)

    @traitlets.observe("layers", "size", "axes", "image", "layer")  # type: ignore[untyped-decorator]
    def _follow_stack(self, _change: Any) -> None:
        self.layer = self.layer
        self.neuron = self.neuron

    def describe(self) -> str:
        """Return the chosen neuron and what it sees."""
        if self.layer == 0:
            return f"Receptive field of {len(self.layers)} stacked layers. A pixel of the input sees itself."
        words = layer_words(self.layers[self.layer - 1], self.axes)
        where = f"Layer {self.layer} of {len(self.layers)}, {words}"
        try:
            _ = self.shapes
        except ShapeError as error:
            return f"Receptive field. {where}. A layer does not fit: {error}."
        if self.is_hidden:
            return f"Receptive field. {where}: how many pixels does one neuron see?"
        nouns = {0: "rows", 1: "columns"} if self.axes == 2 else {1: "input"}
        spans = {axis: self.field.seen_by(self.place[axis]) for axis in nouns}
        sees = " and ".join(
            f"{noun} {_signed(spans[axis][0])} to {_signed(spans[axis][1])}" for axis, noun in nouns.items()
        )
        place = ", ".join(str(self.place[axis]) for axis in nouns)
        field = self.field
        numbers = f"size {field.size}, jump {field.jump}, start {_signed(field.start)}"
        return f"Receptive field. {where}: neuron {place} sees {sees} ({numbers})."

    def draw_picture(self, figure: Figure) -> None:
        """Draw the rows of neurons with the field, or the image with the field's frame."""
        if self.axes == 1:
            draw_rows(self, figure)
        else:
            draw_image(self, figure)


def _signed(number: int) -> str:
    return str(int(number)).replace("-", "−")


def _roomy(layers: Sequence[Any]) -> int:
    """Return an input size in which a few neurons of the last layer have room."""
    field = receptive_field(layers)
    return int(min(LARGEST_INPUT, max(16, field.size + 3 * field.jump)))


def _photograph() -> np.ndarray[Any, Any]:
    """Return the lectures' photograph at 64 x 64; without scikit-image, rings with the same range."""
    try:
        photograph = data.photograph()
    except ImportError:
        rows, columns = np.mgrid[-1:1:64j, -1:1:64j]
        return np.asarray((1 + np.cos(18 * np.hypot(rows, columns))) / 2)
    return np.asarray(photograph.reshape(64, 8, 64, 8).mean(axis=(1, 3)))
