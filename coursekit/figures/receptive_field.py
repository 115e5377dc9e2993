"""What a unit sees: layers of units with the cone below one, fields on an image, dilated taps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from coursekit.errors import ParameterError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_HEIGHT,
    ORANGE,
    QUIET,
    LectureFigure,
    by,
    frame,
    grey_panel,
    quiet_panel,
    size_of_panels,
)

if TYPE_CHECKING:
    from coursekit.shapes.receptive_field import LayerLike

MOST_UNITS = 40
STYLES: tuple[Any, ...] = ("-", (0, (4, 2)), (0, (1, 1)), "-.")


def unit_sees(layers: Sequence[tuple[int, ...]], size: int, *, unit: int | None = None) -> LectureFigure:
    """Show layers of units one above the other, and all that one unit of the top layer sees below it.

    Parameters
    ----------
    layers : tuples (kernel_size, stride, padding, dilation) of ints, all but the first with defaults; the
        first works on the input
    size : int, units of the input, at most 40
    unit : index in the top layer; the middle one by default

    Raises
    ------
    ShapeError, ParameterError
    """
    from coursekit.shapes import output_size, receptive_field

    if size > MOST_UNITS:
        raise ParameterError(f"size must be at most {MOST_UNITS}; got {size}")
    windows = [(layer[0], *_rest(layer)) for layer in layers]
    counts = [size]
    for kernel, stride, padding, dilation in windows:
        counts.append(int(output_size(counts[-1], kernel, stride=stride, padding=padding, dilation=dilation)))
    chosen = (counts[-1] - 1) // 2 if unit is None else unit
    if not 0 <= chosen < counts[-1]:
        raise ParameterError(f"unit must be one of the {counts[-1]} of the top layer; got {chosen}")
    seen: list[set[int]] = [{chosen}]
    for (kernel, stride, padding, dilation), count in zip(windows[::-1], counts[-2::-1], strict=True):
        taps = {i * stride - padding + tap * dilation for i in seen[0] for tap in range(kernel)}
        seen.insert(0, {tap for tap in taps if 0 <= tap < count})
    field = receptive_field(layers)
    figure = LectureFigure(
        f"{len(windows)} layers over {size} inputs, with {', '.join(map(str, counts[1:]))} units. "
        f"Unit {chosen} of the top layer is joined to {len(seen[0])} inputs, "
        f"from {min(seen[0])} to {max(seen[0])}: a receptive field of size {field.size}.",
        11.0,
        min(MOST_HEIGHT, 0.88 * len(counts) + 0.6),
    )
    _draw_units(figure, windows, counts, seen)
    return figure


def _draw_units(
    figure: LectureFigure,
    windows: Sequence[tuple[int, ...]],
    counts: Sequence[int],
    seen: Sequence[set[int]],
) -> None:
    from coursekit.shapes import receptive_field

    axis = figure.subplots()
    middles = [np.arange(counts[0], dtype=float)]
    edges: dict[bool, list[Any]] = {True: [], False: []}  # lit or not: pairs of ends
    for depth in range(1, len(counts)):
        field = receptive_field(list(windows[:depth]))
        middles.append(float(field.centre) + float(field.jump) * np.arange(counts[depth]))
        kernel, stride, padding, dilation = windows[depth - 1]
        for index, middle in enumerate(middles[depth]):
            for tap in range(kernel):
                below = index * stride - padding + tap * dilation
                if 0 <= below < counts[depth - 1]:
                    lit = index in seen[depth] and below in seen[depth - 1]
                    edges[lit].append([(middles[depth - 1][below], depth - 1), (middle, depth)])
    axis.add_collection(LineCollection(edges[False], colors="#d5d5d5", linewidths=0.9, zorder=1))
    axis.add_collection(LineCollection(edges[True], colors=ORANGE, linewidths=2.4, zorder=2))
    top = len(counts) - 1
    for depth, middle in enumerate(middles):
        inside = np.isin(np.arange(counts[depth]), sorted(seen[depth]))
        size = 17 if counts[0] <= 20 else 11
        axis.plot(
            middle[~inside], np.full((~inside).sum(), depth), "o", color="white", markeredgecolor=QUIET,
            markersize=size, zorder=3,
        )  # fmt: skip
        color, marker = (BLUE, "s") if depth == top else (ORANGE, "o")
        axis.plot(
            middle[inside], np.full(inside.sum(), depth), marker, color=color, markeredgecolor=INK,
            markersize=size, zorder=4,
        )  # fmt: skip
        name = f"layer {depth}: sees {receptive_field(list(windows[:depth])).size}" if depth else "input"
        axis.text(-1.2, depth, name, ha="right", va="center", fontsize=14, color=INK)
    axis.set_xlim(-0.29 * counts[0] - 1.2, counts[0] - 0.3)
    axis.set_ylim(-0.5, top + 0.5)
    axis.set_axis_off()


def fields_on_image(
    image: Any, fields: Mapping[str, Sequence[LayerLike]], *, centre: tuple[int, int]
) -> LectureFigure:
    """Show how much of an image one number sees behind several stacks of layers, as frames with one centre.

    Parameters
    ----------
    image : array of shape (H, W), grey from 0 to 1
    fields : name to layers as `coursekit.receptive_field` takes them; at most four
    centre : (row, column) of the pixel in the middle

    Raises
    ------
    ParameterError
    """
    from coursekit.shapes import receptive_field

    image = np.asarray(image)
    if not 1 <= len(fields) <= len(STYLES):
        raise ParameterError(f"fields must name one to {len(STYLES)} stacks of layers; got {len(fields)}")
    sizes = {name: int(receptive_field(layers).size) for name, layers in fields.items()}
    words = "; ".join(f"{name}: {size}×{size} pixels" for name, size in sizes.items())
    width, height = size_of_panels(image, 4.8)
    figure = LectureFigure(
        f"An image of {by(image)} pixels, and what one number sees of it around row {centre[0]}, "
        f"column {centre[1]}. {words}.",
        width + 4.0,
        min(MOST_HEIGHT, height),
    )
    axis = figure.subplots()
    grey_panel(axis, image, "")
    for (name, size), style, color in zip(sizes.items(), STYLES, (ORANGE, BLUE, ORANGE, BLUE), strict=False):
        first = (centre[0] - size // 2, centre[1] - size // 2)
        outline = frame(*first, (size, size), color)
        outline.set_linestyle(style)
        outline.set_label(f"{name}: {size}×{size}")
        axis.add_patch(outline)
    axis.set_xlim(-0.5, image.shape[1] - 0.5)
    axis.set_ylim(image.shape[0] - 0.5, -0.5)
    figure.legend(loc="outside right center", fontsize=14, frameon=False, handlelength=2.5)
    return figure


def dilated_taps(kernel_size: int, dilations: Sequence[int]) -> LectureFigure:
    """Show which pixels the taps of a square kernel fall on, for several dilations on one scale.

    Parameters
    ----------
    kernel_size : int >= 1, taps along each axis
    dilations : one to four ints >= 1; the largest kernel may span 15 pixels

    Raises
    ------
    ParameterError
    """
    from coursekit.shapes import positive_int

    taps = positive_int("kernel_size", kernel_size)
    rates = [positive_int("dilations", dilation) for dilation in dilations]
    if not 1 <= len(rates) <= 4:
        raise ParameterError(f"dilations must be one to four integers; got {dilations!r}")
    spans = [rate * (taps - 1) + 1 for rate in rates]
    if max(spans) > 15:
        raise ParameterError(f"dilations must keep the span at 15 pixels or less; got {max(spans)}")
    size = max(spans) + 2
    lines = "; ".join(f"dilation {rate}: {span}×{span}" for rate, span in zip(rates, spans, strict=True))
    figure = LectureFigure(
        f"The {taps * taps} taps of a {taps}×{taps} kernel, and the square of pixels they span. {lines}.",
        min(11.0, 3.7 * len(rates)),
        min(11.0, 3.7 * len(rates)) / len(rates) + 0.8,
    )
    axes = figure.subplots(1, len(rates), squeeze=False)[0]
    for axis, rate, span in zip(axes, rates, spans, strict=True):
        first = (size - span) // 2
        axis.imshow(np.zeros((size, size)), cmap="gray_r", vmin=0, vmax=1)
        quiet_panel(axis, f"dilation {rate}: {span}×{span}")
        axis.set_xticks(np.arange(size + 1) - 0.5, [])
        axis.set_yticks(np.arange(size + 1) - 0.5, [])
        axis.grid(color="#d0d0d0", linewidth=1)
        axis.tick_params(length=0)
        for row in range(taps):
            for column in range(taps):
                corner = (first + column * rate - 0.5, first + row * rate - 0.5)
                axis.add_patch(Rectangle(corner, 1, 1, facecolor=ORANGE, edgecolor="white"))
        corner = (first - 0.5, first - 0.5)
        axis.add_patch(
            Rectangle(corner, span, span, fill=False, edgecolor=INK, linewidth=2, linestyle="--", zorder=3)
        )
    return figure


def _rest(layer: Sequence[int]) -> tuple[int, int, int]:
    """Return stride, padding and dilation of a tuple that may leave them out."""
    stride, padding, dilation = (*layer[1:], *(1, 0, 1)[len(layer) - 1 :])
    return stride, padding, dilation
