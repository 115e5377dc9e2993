"""The shape explorer as one picture and two sentences, for where no widget runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursekit.errors import ParameterError, ShapeError
from coursekit.shapes import Derivation
from coursekit.widgets.shared.picture import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from coursekit.widgets.shape_explorer.shape_explorer import ShapeExplorer

WIDTH, HEIGHT = 8.0, 3.0
"""The picture, in inches."""

LARGEST_CELL = 0.36
MOST_CELLS = 400
"""Cells along an axis above which a picture would show only grey."""


def describe(explorer: ShapeExplorer) -> str:
    """Return the parameters and the output size, or why there is none."""
    written = {"size": "input", "kernel": "kernel", "stride": "stride", "dilation": "dilation"}
    words = ", ".join(f"{word} {_times(_along(explorer, name))}" for name, word in written.items())
    kind = "Transposed window" if explorer.transposed else "Sliding window"
    start = f"{kind}: {words}, zeros {_pads(explorer)}."
    try:
        sizes = explorer.output
    except (ParameterError, ShapeError) as error:
        return f"{start} There is no output: {error}."
    if explorer.predicting:
        return f"{start} How large is the output?"
    return f"{start} Output {_times(sizes)}."


def _along(explorer: ShapeExplorer, name: str) -> tuple[int, ...]:
    value = getattr(explorer, name)
    return (value,) * explorer.axes if isinstance(value, int) else tuple(value)[-explorer.axes :]


def _times(numbers: tuple[int, ...]) -> str:
    return " × ".join(str(int(number)) for number in numbers)


def _pads(explorer: ShapeExplorer) -> str:
    ends = [f"{before} + {after}" for before, after in explorer.pads]
    return " and ".join(ends if len(set(ends)) > 1 else ends[:1])


@dataclass(frozen=True)
class Cells:
    """The cells of one axis, counted from the first pixel, and the windows on them.

    A transposed window is one of stride 1 over the input spread by the stride, with zeros between and around.
    """

    start: int
    stop: int
    spread: int
    length: int
    first: int
    stride: int
    taps: tuple[int, ...]
    count: int

    @classmethod
    def of(cls, explorer: ShapeExplorer, axis: int, count: int) -> Cells:
        """Return the cells of an axis shown, 0 the first; `count` outputs."""
        names = ("size", "kernel", "stride", "dilation")
        size, kernel, stride, dilation = (_along(explorer, name)[axis] for name in names)
        before, after = explorer.pads[axis]
        taps = tuple(range(0, kernel * dilation, dilation))
        span = taps[-1] + 1
        if explorer.transposed:
            length, front = (size - 1) * stride + 1, span - 1 - before
            stop = max(length, count - front + span - 1)
            return cls(min(-front, 0), stop, stride, length, -front, 1, taps, count)
        stop = max(size + after, (count - 1) * stride - before + span)
        return cls(-before, stop, 1, size, -before, stride, taps, count)

    def is_pixel(self, cell: int) -> bool:
        """Whether the cell holds a pixel of the input, and no zero."""
        return 0 <= cell < self.length and cell % self.spread == 0

    @property
    def unread(self) -> list[int]:
        """The cells that no window reads."""
        starts = range(self.first, self.first + self.count * self.stride, self.stride)
        read = {start + tap for start in starts for tap in self.taps}
        return [cell for cell in range(self.start, self.stop) if self.count and cell not in read]


def draw(explorer: ShapeExplorer, figure: Figure) -> None:
    """Draw the cells of each axis, the windows and the outputs, and the derivation below or beside them."""
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.set_axis_off()
    try:
        sizes, derivations = explorer.output, explorer.derivation
    except (ParameterError, ShapeError) as error:
        axes.text(0.2, 2.2, "No output: " + str(error), fontsize=10, va="center", wrap=True)
        sizes, derivations = (), ()
    counts = [0] * explorer.axes if explorer.predicting or not sizes else [int(size) for size in sizes]
    frames = [Cells.of(explorer, axis, counts[axis]) for axis in range(explorer.axes)]
    if max(frame.stop - frame.start for frame in frames) > MOST_CELLS:
        axes.text(0.2, 0.6, "Too many cells to draw one by one.", fontsize=11)
    elif explorer.axes == 1:
        _draw_row(axes, frames[0])
    else:
        _draw_grids(axes, frames)
    if not explorer.predicting:
        _write(axes, derivations)


def _draw_row(axes: Axes, frame: Cells) -> None:
    """Draw one axis as a row: cells, the span of each window, and the output cells under them."""
    cell = min(LARGEST_CELL, (WIDTH - 1.2) / (frame.stop - frame.start))
    left, top = 1.0 - frame.start * cell, 0.2
    unread = set(frame.unread)
    axes.text(0.9, top + cell / 2, "input", ha="right", va="center", fontsize=11)
    for place in range(frame.start, frame.stop):
        _cell(axes, (left + place * cell, top), cell, frame.is_pixel(place), place in unread)
    if not frame.count:
        return
    levels = min(frame.count, -(-len(range(frame.taps[-1] + 1)) // frame.stride), 5)
    bottom = top + cell + 0.1 * levels + 0.25
    axes.text(0.9, bottom + cell / 2, "output", ha="right", va="center", fontsize=11)
    for position in range(frame.count):
        first = left + (frame.first + position * frame.stride + 0.5) * cell
        last, level = first + frame.taps[-1] * cell, top + cell + 0.1 * (position % levels + 1)
        axes.plot((first, last), (level, level), color=BLUE, linewidth=1.5)
        for tap in frame.taps:
            axes.plot((first + tap * cell,) * 2, (level - 0.07, level), color=BLUE, linewidth=1.5)
        middle = (first + last) / 2
        axes.plot((middle, middle), (level, bottom), color="gray", linewidth=0.7)
        _cell(axes, (middle - cell / 2, bottom), cell, True, False, ORANGE)


def _draw_grids(axes: Axes, frames: list[Cells]) -> None:
    """Draw the input with its padding, the first window, and the output, as grids side by side."""
    rows, columns = frames
    sides = [frame.stop - frame.start for frame in frames]
    cell = min(0.26, 1.35 / max(sides[0], rows.count), 3.4 / max(sides[1], columns.count))
    unread = [set(frame.unread) for frame in frames]
    left, top = 0.3, 0.3
    for row in range(sides[0]):
        for column in range(sides[1]):
            places = row + rows.start, column + columns.start
            is_pixel = rows.is_pixel(places[0]) and columns.is_pixel(places[1])
            lost = places[0] in unread[0] or places[1] in unread[1]
            _cell(axes, (left + column * cell, top + row * cell), cell, is_pixel, lost)
    axes.text(left, 0.15, "input", va="center", fontsize=11)
    if not rows.count or not columns.count:
        return
    corner = [left + (columns.first - columns.start) * cell, top + (rows.first - rows.start) * cell]
    spans = [(frame.taps[-1] + 1) * cell for frame in frames]
    _box(axes, corner, (spans[1], spans[0]), edgecolor=BLUE, linewidth=2.5)
    right = left + sides[1] * cell + 0.5
    axes.text(right, 0.15, "output", va="center", fontsize=11)
    for row in range(rows.count):
        for column in range(columns.count):
            _cell(axes, (right + column * cell, top + row * cell), cell, True, False, ORANGE)


def _cell(
    axes: Axes, corner: tuple[float, float], side: float, is_pixel: bool, is_unread: bool, colour: str = BLUE
) -> None:
    """Draw a pixel filled, a zero dashed, and what is never read hatched."""
    style: dict[str, Any] = {"edgecolor": "gray", "linewidth": 1 if side > 0.05 else 0}
    if is_pixel:
        style |= {"facecolor": colour + "40", "fill": True}
    else:
        style |= {"linestyle": "--", "fill": False}
    if is_unread:
        style["hatch"] = "////"
    _box(axes, corner, (side, side), **style)


def _box(axes: Axes, corner: Any, sides: tuple[float, float], **style: Any) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle(tuple(corner), *sides, **{"fill": False, **style}))


def _write(axes: Axes, derivations: tuple[Derivation, ...]) -> None:
    """Write the derivation of each axis, side by side where there are two."""
    for index, derivation in enumerate(derivations):
        text = str(derivation).replace("*", "·").replace("-", "−")
        lines = len(derivation) + 1
        size = min(9.0, 9.0 * 7 / lines)
        name = ("rows\n", "columns\n")[index] if len(derivations) == 2 else ""
        place = (0.3 + index * WIDTH / 2, HEIGHT - 0.08)
        axes.text(*place, name + text, va="bottom", fontsize=size, family="monospace")
