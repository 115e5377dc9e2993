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
    from matplotlib.text import Text

BOTTOM, HEIGHT = 0.14, 0.76  # of the axes, as parts of the figure
LEAST_WIDTH = 0.3  # of the bars, however long the names are
GAP = 6  # points between the axes and the words beside them

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
    axes = figure.add_axes((0.0, BOTTOM, 1.0, HEIGHT))
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
    names, numbers = _write_rows(axes, shown, values, hidden=hidden, selected=selected, order=order)
    _shrink(names + numbers, (1 - LEAST_WIDTH) / (_width_of(names, figure) + _width_of(numbers, figure)))
    left, right = (_width_of(texts, figure) for texts in (names, numbers))
    axes.set_position((left, BOTTOM, 1 - left - right, HEIGHT))
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
) -> tuple[list[Text], list[Text]]:
    """Write the layers' names left of the axes and their counts right of them."""
    size = 8 if len(shown) <= 20 else 5
    axes.set_yticks([])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(labelsize=7)
    names, numbers = [], []
    for row, (stage, value) in enumerate(zip(shown, values, strict=True)):
        weight = "bold" if stage.index == selected else "normal"
        name = f"{stage.index}: {stage} → {times(order(stage.output_shape)).replace(' * ', '×')}"
        number = "?" if stage.index in hidden else f"{value:,}"
        place: dict[str, Any] = {"va": "center", "fontsize": size, "weight": weight}
        names.append(_beside(axes, name, row, edge=0, ha="right", **place))
        numbers.append(_beside(axes, number, row, edge=1, ha="left", **place))
    return names, numbers


def _beside(axes: Axes, words: str, row: int, *, edge: int, **place: Any) -> Text:
    """Write at a row, a gap away from the left (0) or the right (1) edge, however wide the axes are."""
    at = axes.get_yaxis_transform()
    gap = (GAP if edge else -GAP, 0)
    return axes.annotate(words, (edge, row), gap, xycoords=at, textcoords="offset points", **place)


def _shrink(texts: Sequence[Text], factor: float) -> None:
    """Make texts smaller that would leave the bars too little room; 1 or more: they stay as they are."""
    for text in texts if factor < 1 else ():
        text.set_fontsize(factor * float(text.get_fontsize()))


def _width_of(texts: Sequence[Text], figure: Figure) -> float:
    """Return the width of the widest text with a gap on both sides, as a part of the figure's."""
    widest = max((text.get_window_extent().width for text in texts), default=0.0)
    return (widest + 2 * GAP * figure.dpi / 72) / figure.bbox.width
