"""A network at a glance: one row for each layer, with its shape and all its counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from coursekit.shapes.counting import (
    Term,
    connections_of,
    layer_name,
    macs_of,
    parameters_of,
    times,
    total,
)
from coursekit.shapes.derivation import DerivedNumber, Step
from coursekit.shapes.layers import Flatten, Stage, checked_shape, stages
from coursekit.shapes.numbers import positive_int
from coursekit.shapes.tables import html_table, text_table
from coursekit.shapes.window_layer import Layer, Shape

HEADER = ("", "layer", "output", "parameters", "connections", "MACs", "bytes")


@dataclass(frozen=True)
class LayerSummary:
    """One layer: its index and description, the shape behind it, and its counts with their derivations.

    `activation_bytes` is what the layer's output takes in memory.
    """

    index: int
    description: str
    output_shape: Shape
    parameters: DerivedNumber
    connections: DerivedNumber
    macs: DerivedNumber
    activation_bytes: DerivedNumber

    def _cells(self) -> tuple[str, ...]:
        counts = (self.parameters, self.connections, self.macs, self.activation_bytes)
        shape = "×".join(map(str, self.output_shape))
        return (str(self.index), self.description, shape, *(f"{count:,}" for count in counts))


@dataclass(frozen=True, repr=False)
class NetworkSummary:
    """All layers of a network and their sums: a table in a terminal and in JupyterLab."""

    input_shape: Shape
    rows: tuple[LayerSummary, ...]
    parameters: DerivedNumber
    connections: DerivedNumber
    macs: DerivedNumber
    activation_bytes: DerivedNumber

    def _lines(self) -> list[tuple[str, ...]]:
        totals = (self.parameters, self.connections, self.macs, self.activation_bytes)
        first = ("", "Input", "×".join(map(str, self.input_shape)), *[""] * 4)
        last = ("", "Total", "", *(f"{count:,}" for count in totals))
        return [first, *(row._cells() for row in self.rows), last]

    def __str__(self) -> str:
        return text_table(HEADER, self._lines(), right=4)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(HEADER, self._lines(), right=4, last_is_total=True)


def summarise(
    layers: Sequence[Layer], input_shape: Sequence[int], *, bytes_per_number: int = 4
) -> NetworkSummary:
    """Return shape, parameters, connections, MACs and memory of every layer of a network, and the sums.

    The counts are those of `count_parameters`, `count_connections` and `count_macs`. The memory is that of
    the outputs of one example, all kept as for training; layers that work number by number (`ReLU`) write
    over their input and `Flatten` copies nothing, so they take none.

    Parameters
    ----------
    layers : what the input goes through, first to last
    input_shape : of one example, (C, *spatial) or (n,)
    bytes_per_number : int >= 1; 4 (default) is float32

    Raises
    ------
    ParameterError, ShapeError
        The message names the layer.
    """
    width = positive_int("bytes_per_number", bytes_per_number)

    def bytes_of(stage: Stage) -> Term:
        if _in_place(stage.layer):
            return "0", "0", 0
        return "b m", times([width, *stage.output_shape]), width * prod(stage.output_shape)

    network = list(stages(layers, input_shape))
    terms: tuple[Callable[[Stage], Term], ...] = (parameters_of, connections_of, macs_of, bytes_of)
    columns = [[Step.of(layer_name(stage), *term(stage)) for stage in network] for term in terms]
    rows = tuple(
        LayerSummary(
            stage.index,
            str(stage),
            stage.output_shape,
            *(DerivedNumber(column[stage.index].value, [column[stage.index]]) for column in columns),
        )
        for stage in network
    )
    names = ("parameters", "connections", "MACs", "bytes")
    totals = [total(name, column) for name, column in zip(names, columns, strict=True)]
    return NetworkSummary(checked_shape("input_shape", input_shape), rows, *totals)


def _in_place(layer: Layer) -> bool:
    return isinstance(layer, Flatten) or type(layer).output_shape is Layer.output_shape
