"""The picture of the receptive field where no widget runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from coursekit.errors import ShapeError
from coursekit.shapes import receptive_field
from coursekit.widgets.receptive_field.stack import layer_words
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.shapes import ReceptiveField as Field
    from coursekit.widgets.receptive_field.stack import Stacked


class Stacking(Protocol):
    """What the picture needs to know of the demo."""

    layers: Stacked
    image: np.ndarray[Any, Any]
    layer: int

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of each layer; raises ShapeError where one does not fit."""
        ...

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the chosen neuron."""
        ...

    @property
    def field(self) -> Field:
        """What it sees."""
        ...

    @property
    def is_hidden(self) -> bool:
        """Whether the size is still to be predicted."""
        ...


def draw_rows(demo: Stacking, figure: Figure) -> None:
    """Draw one row of neurons a layer, the input at the bottom, and the chosen neuron's cone in orange."""
    axes = figure.add_axes((0.22, 0.05, 0.76, 0.9))
    axes.set_axis_off()
    shapes = _shapes(demo, axes)
    lit = None if demo.is_hidden else {demo.place[1]}
    for layer in reversed(range(len(shapes))):
        columns = shapes[layer][1]
        centres = [_centre(demo, layer, index) for index in range(columns)]
        axes.plot(centres, [layer] * columns, "o", color="silver", markersize=5, zorder=1)
        text = _name(demo, layer)
        axes.text(-0.01, layer, text, transform=axes.get_yaxis_transform(), ha="right", va="center")
        if layer == demo.layer:
            axes.plot([centres[demo.place[1]]], [layer], "s", color=BLUE, markersize=10, zorder=3)
        if lit is None or layer > demo.layer:
            continue
        shown = sorted(lit)
        axes.plot([centres[i] for i in shown], [layer] * len(shown), "o", color=ORANGE, zorder=2)
        if layer:
            lit = _connect(demo, axes, layer, lit, shapes[layer - 1][1])
    _frame_row(demo, axes)


def _name(demo: Stacking, layer: int) -> str:
    """Return what a row is, in two lines at most: 'layer 2: max pooling' and '2, stride 2'."""
    if layer == 0:
        return "input"
    kind, _, window = layer_words(demo.layers[layer - 1], 1).rpartition(" of ")
    return f"layer {layer}: {kind}\n{window}"


def _connect(demo: Stacking, axes: Axes, layer: int, lit: set[int], below: int) -> set[int]:
    """Draw what the lit neurons are connected to, and return those that lie in the row below."""
    k, s, before, _, d = demo.layers[layer - 1].windows(1)[0]
    reached = set()
    for index in lit:
        for tap in range(k):
            under = index * s - before + tap * d
            if 0 <= under < below:
                reached.add(under)
                ends = [_centre(demo, layer, index), _centre(demo, layer - 1, under)]
                axes.plot(ends, [layer, layer - 1], color=ORANGE, linewidth=0.8, zorder=0)
    return reached


def _frame_row(demo: Stacking, axes: Axes) -> None:
    from matplotlib.patches import Rectangle

    axes.set_ylim(-0.7, len(demo.layers) + 0.6)
    if demo.is_hidden:
        return
    first, last = demo.field.seen_by(demo.place[1])
    frame = Rectangle((first - 0.5, -0.35), last - first + 1, 0.7, fill=False, color=ORANGE, linewidth=2)
    axes.add_patch(frame)


def draw_image(demo: Stacking, figure: Figure) -> None:
    """Draw the image, and a frame round what the chosen neuron sees."""
    from matplotlib.patches import Rectangle

    axes = figure.add_axes((0.05, 0.04, 0.9, 0.84))
    axes.set_axis_off()
    axes.imshow(demo.image, cmap="gray")
    _shapes(demo, axes)
    if demo.is_hidden:
        axes.set_title("How many pixels does one neuron see?")
        return
    (top, bottom), (left, right) = (demo.field.seen_by(index) for index in demo.place)
    for colour, width in (("white", 5), (ORANGE, 2.5)):
        axes.add_patch(
            Rectangle(
                (left - 0.5, top - 0.5),
                right - left + 1,
                bottom - top + 1,
                fill=False,
                edgecolor=colour,
                linewidth=width,
            )
        )
    side = f"{demo.field.size} × {demo.field.size}"
    axes.set_title(f"A neuron of layer {demo.layer} sees {side} pixels")


def _shapes(demo: Stacking, axes: Axes) -> list[tuple[int, int]]:
    """Return the shapes of the rows; where a layer does not fit, say so and return the input's alone."""
    try:
        return demo.shapes
    except ShapeError:
        axes.text(0.5, 1, "a layer does not fit", transform=axes.transAxes, ha="center", color=ORANGE)
        return []


def _centre(demo: Stacking, layer: int, index: int) -> float:
    """Return where a neuron stands: over the middle of its field, in input pixels."""
    field = receptive_field(demo.layers[:layer])
    return float(field.centre + index * field.jump)
