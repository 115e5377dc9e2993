"""The picture where no widget runs: a bar for each layer, and the dense layer of the same map behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from coursekit.errors import CourseError
from coursekit.shapes import Convolution, dense_parameters
from coursekit.shapes.counting import times
from coursekit.shapes.layers import Stage, stages
from coursekit.shapes.summary import summarise
from coursekit.shapes.window_layer import Layer
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {
    "parameters": "parameters",
    "connections": "connections",
    "macs": "MACs (multiply-accumulates)",
    "memory": "bytes of the outputs, float32",
}

MEASURES_OF_SUMMARY = {
    "parameters": "parameters",
    "connections": "connections",
    "macs": "macs",
    "memory": "activation_bytes",
}
"""Each measure of the demo, and its name in `LayerSummary`."""


def possible_stages(layers: Sequence[Layer], shape: tuple[int, ...]) -> tuple[list[Stage], str]:
    """Return the layers up to the first impossible one, and why that is impossible ("" where all are)."""
    found: list[Stage] = []
    try:
        for stage in stages(layers, shape):
            found.append(stage)
    except CourseError as error:
        return found, str(error)
    return found, ""


def value_of(stage: Stage, measure: str) -> int:
    """Return one count of a layer: parameters, connections, macs or memory in bytes."""
    row = summarise([stage.layer], stage.input_shape).rows[0]
    return int(getattr(row, MEASURES_OF_SUMMARY[measure]))


def dense_of(stage: Stage, measure: str) -> int | None:
    """Return the same count of a dense layer between the same maps; None where nothing is compared."""
    if measure == "memory" or not isinstance(stage.layer, Convolution):
        return None
    wanted = stage.layer.bias and measure == "parameters"
    return int(dense_parameters(stage.input_shape, stage.output_shape, bias=wanted))


def draw_network(
    figure: Figure,
    network: Sequence[Stage],
    measure: str,
    *,
    hidden: set[int],
    is_logarithmic: bool,
    compare: bool,
    selected: int,
    order: Callable[[tuple[int, ...]], tuple[int, ...]],
) -> None:
    """Draw a bar and a number for each layer that has any; `hidden` ones get a question mark."""
    shown = [
        stage for stage in network if value_of(stage, measure) or stage.index in hidden | {selected}
    ]  # layers without any would only take room
    axes = figure.add_axes((0.33, 0.14, 0.44, 0.76))
    values = [0 if stage.index in hidden else value_of(stage, measure) for stage in shown]
    axes.barh(range(len(shown)), values, color=BLUE, height=0.6)
    dense = {row: dense_of(stage, measure) or 0 for row, stage in enumerate(shown)} if compare else {}
    dense = {row: value for row, value in dense.items() if value}
    outline: dict[str, Any] = {"facecolor": "none", "edgecolor": ORANGE, "linestyle": "--"}
    axes.barh(list(dense), list(dense.values()), height=0.85, **outline)
    largest = max([1, *values, *(dense.values() if is_logarithmic else [])])
    if is_logarithmic:
        axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(0, largest * 1.02)
    _write_rows(axes, shown, values, hidden=hidden, selected=selected, order=order)
    title = TITLES[measure] + ("; dashed: the dense layer of the same map" if dense else "")
    figure.suptitle(title, fontsize=10)


def _write_rows(
    axes: Axes,
    shown: Sequence[Stage],
    values: Sequence[int],
    *,
    hidden: set[int],
    selected: int,
    order: Callable[[tuple[int, ...]], tuple[int, ...]],
) -> None:
    size = 8 if len(shown) <= 14 else 5
    axes.set_yticks([])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(labelsize=7)
    for row, (stage, value) in enumerate(zip(shown, values, strict=True)):
        weight = "bold" if stage.index == selected else "normal"
        name = f"{stage.index}: {stage} → {times(order(stage.output_shape)).replace(' * ', '×')}"
        place: dict[str, Any] = {
            "transform": axes.get_yaxis_transform(),
            "va": "center",
            "fontsize": size,
            "weight": weight,
        }
        axes.text(-0.02, row, name, ha="right", **place)
        axes.text(1.02, row, "?" if stage.index in hidden else f"{value:,}", ha="left", **place)
