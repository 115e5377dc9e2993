"""A network counted layer by layer: parameters, connections, multiplications, memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import traitlets

from coursekit.errors import ParameterError
from coursekit.shapes import Layer, NetworkSummary, alexnet, lenet5, summarise, vgg16
from coursekit.widgets.parameter_counter.layers import (
    ExampleShape,
    Layers,
    checked_layers,
    to_message,
)
from coursekit.widgets.parameter_counter.picture import (
    TITLES,
    dense_of,
    draw_network,
    possible_stages,
    value_of,
)
from coursekit.widgets.parameter_counter.published import GIVEN, offered
from coursekit.widgets.shared.demo import Demo
from coursekit.widgets.shared.esm import css, esm
from coursekit.widgets.shared.traits import Choice, Flag, Whole, Wholes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MEASURES = ("parameters", "connections", "macs", "memory")
SCALES = ("logarithmic", "linear")


class ParameterCounter(Demo):
    """A network of layers with bars: how many parameters, connections, MACs and bytes each layer has.

    Parameters
    ----------
    layers : layers of `coursekit.shapes`, first to last; LeNet-5 by default
        One that cannot take what comes before it is marked with the reason; what follows it is grey.
    input_shape : of one example, (C, *spatial), channels first, or (n,); needed with `layers`
    measure : "parameters" (default), "connections", "macs" or "memory": what the bars show
        Connections without biases; MACs are products that are added to a sum; memory is that of the
        layers' outputs for one example in float32, as `coursekit.shapes.summarise` counts them.
    scale : "logarithmic" (default) or "linear", of the bars
    compare : bool, True by default: behind each convolution the dense layer of the same map
    hide_empty : bool, False by default: hide the layers that have none of the measure
    selected : index of the layer whose counts are derived
    predict : bool, False by default: each layer's parameters are a question mark until the number is typed

    Raises
    ------
    ShapeError, ParameterError
        When it is made or a value is set. Layers that do not fit together are no error: they are shown.

    Notes
    -----
    Every parameter is an attribute that can be read and set while the demo is shown. `layers` is a tuple:
    to change one, set a new one. `conventions.channels` decides in which order shapes are written;
    `input_shape` and `layers` always have channels first. Flipping a kernel changes no count.

    Examples
    --------
    >>> from coursekit.shapes import Convolution, Dense, Flatten, ReLU
    >>> counter = ParameterCounter([Convolution(6, 5), ReLU(), Flatten(), Dense(10)], (3, 32, 32))
    >>> counter.summary.parameters
    47506
    """

    _esm, _css = esm("parameter_counter"), css("parameter_counter")
    shows = (
        "A convolution uses its few weights again at every position: the size of the image changes how much "
        "it computes, not how much it learns."
    )
    picture_size = (8.0, 4.0)

    layers = Layers()
    input_shape = ExampleShape()
    measure = Choice(*MEASURES)
    scale = Choice(*SCALES)
    compare = Flag(True)
    hide_empty = Flag(False)
    selected = Whole(0, least=-1)
    predict = Flag(False)
    revealed = Wholes()
    """Indices of the layers whose parameters were predicted or shown; a change of the network empties it."""

    _presets = traitlets.List().tag(sync=True)

    def __init__(
        self,
        layers: Sequence[Layer] | None = None,
        input_shape: Sequence[int] | None = None,
        **others: Any,
    ) -> None:
        if layers is None and input_shape is None:
            layers, input_shape = lenet5()
        if layers is None or input_shape is None:
            raise ParameterError("layers and input_shape must be given together, or neither")
        network = checked_layers("layers", layers)
        super().__init__(layers=network, input_shape=input_shape, **others)
        self._presets = offered(network, self.input_shape)
        self.selected = self.selected  # keeps it among the layers, which are there only now

    @classmethod
    def lenet5(cls, **others: Any) -> Self:
        """Return the counter of LeNet-5."""
        return cls(*lenet5(), **others)

    @classmethod
    def alexnet(cls, variant: Literal["original", "torchvision"] = "original", **others: Any) -> Self:
        """Return the counter of AlexNet: on two GPUs, thus with groups, or that of torchvision."""
        return cls(*alexnet(variant), **others)

    @classmethod
    def vgg16(cls, **others: Any) -> Self:
        """Return the counter of VGG-16."""
        return cls(*vgg16(), **others)

    @property
    def summary(self) -> NetworkSummary:
        """All counts of the present network, with their derivations.

        Raises
        ------
        ShapeError, ParameterError
            A layer cannot take what comes before it; the message names it.
        """
        return summarise(self.layers, self.input_shape)

    def describe(self) -> str:
        """Return the network, the measure, its sum and the comparison of the selected layer in words."""
        network, why = possible_stages(self.layers, self.input_shape)
        shape = "×".join(map(str, self._ordered(self.input_shape)))
        names = [preset["name"] for preset in self._presets if self._is(preset)]
        named = f" ({names[0]})" if names and names[0] != GIVEN else ""
        words = f"A network{named} of {len(self.layers)} layers on an input of {shape}. "
        if why:
            return f"{words}It is impossible: {why}."
        if self._hidden():
            return f"{words}How many parameters does each layer have?"
        total = sum(value_of(stage, self.measure) for stage in network)
        words += f"In all {total:,} {TITLES[self.measure]}."
        if 0 <= self.selected < len(network):
            stage = network[self.selected]
            dense = dense_of(stage, self.measure)
            behind = f"; the dense layer of the same map would have {dense:,}" if dense is not None else ""
            words += f" {stage}: {value_of(stage, self.measure):,}{behind}."
        return words

    def draw_picture(self, figure: Figure) -> None:
        """Draw the bars of the layers."""
        network, why = possible_stages(self.layers, self.input_shape)
        draw_network(
            figure,
            network,
            self.measure,
            hidden=self._hidden(),
            is_logarithmic=self.scale == "logarithmic",
            compare=self.compare,
            selected=self.selected,
            order=self._ordered,
        )
        if why:
            figure.text(0.5, 0.02, why[:120], ha="center", fontsize=8)

    def _hidden(self) -> set[int]:
        """The layers whose parameters are still to be predicted."""
        if not self.predict or self.measure != "parameters":
            return set()
        return set(range(len(self.layers))) - set(self.revealed)

    def _ordered(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return a shape in the order of the convention."""
        return shape if self.conventions.channels == "first" else (*shape[1:], shape[0])

    def _is(self, preset: dict[str, Any]) -> bool:
        layers = [to_message(layer) for layer in self.layers]
        return bool(preset["layers"] == layers and preset["input_shape"] == list(self.input_shape))

    @traitlets.validate("selected")  # type: ignore[untyped-decorator]
    def _keep_inside(self, proposal: Any) -> int:
        """Clamp to the layers, as the browser does. Never raises: the two sides would drift apart."""
        return min(int(proposal["value"]), len(self.layers) - 1)

    @traitlets.observe("layers", "input_shape")  # type: ignore[untyped-decorator]
    def _follow_network(self, _change: Any) -> None:
        self.selected = self.selected
        self.set_trait("revealed", [])
