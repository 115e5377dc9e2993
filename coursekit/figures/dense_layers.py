"""From a dense layer to a kernel: the pixels in a row, every weight of a layer, and its connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.patches import Circle, Rectangle

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    MOST_NUMBERS,
    ORANGE,
    QUIET,
    SIGNED,
    LectureFigure,
    by,
    frame,
    grey_panel,
    open_axes,
    quiet_panel,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["dense", "local", "shared"]
KINDS = {"dense": "dense", "local": "local, weights of its own", "shared": "local, one kernel for all"}
# Weights that are the same number are drawn alike: by colour and by dash, tap 1 of 3 black and thick.
TAP_STYLES = (
    (BLUE, (0, (1, 1))),
    (INK, "solid"),
    (ORANGE, (0, (5, 2))),
    (BLUE, "solid"),
    (ORANGE, "dashdot"),
)
MOST_UNITS = 12
TICKS = {1: "1", 10**3: "thousand", 10**6: "million", 10**9: "thousand million", 10**12: "million million"}
NOT_JOINED = "#d9d9d9"


def flattening(image: Any, pixel: tuple[int, int]) -> LectureFigure:
    """Show a small image and the same pixels in one row, with a pixel, its right and its lower neighbour.

    Parameters
    ----------
    image : array of shape (H, W), from 0 (black) to 1 (white), at most 100 pixels
    pixel : (row, column) of the marked pixel; it must have a right and a lower neighbour

    Raises
    ------
    ShapeError, ParameterError
    """
    image = np.asarray(image)
    if image.ndim != 2 or not 0 < image.size <= MOST_NUMBERS:
        raise ShapeError(f"image must have shape (H, W) and at most {MOST_NUMBERS} pixels; got {image.shape}")
    (row, column), (height, width) = pixel, image.shape
    if not (0 <= row < height - 1 and 0 <= column < width - 1):
        raise ParameterError(f"pixel must have a right and a lower neighbour in {image.shape}; got {pixel!r}")
    place = row * width + column
    figure = LectureFigure(
        f"An image of {by(image)} pixels, and the same {image.size} pixels in one row. The pixel A, its "
        f"right neighbour B and its lower neighbour C stand at places {place}, {place + 1} and "
        f"{place + width} of the row: C is {width} places away from A.",
        11.0,
        4.6,
    )
    above, below = figure.subplots(2, 1, height_ratios=[4, 1])
    grey_panel(above, image, f"image: {by(image)} pixels")
    grey_panel(
        below, image.reshape(1, -1), f"the same {image.size} pixels in a row: B is 1 away, C is {width}"
    )
    below.set_aspect("auto")
    for name, r, c in (("A", row, column), ("B", row, column + 1), ("C", row + 1, column)):
        for axis, at_row, at_column in ((above, r, c), (below, 0, r * width + c)):
            axis.add_patch(frame(at_row, at_column, (1, 1), ORANGE, width=3))
            box = {"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none"}
            axis.text(at_column, at_row, name, ha="center", va="center", fontsize=13, color=INK, bbox=box)
    return figure


def weight_mosaic(weights: Mapping[str, Any], *, alt: str) -> LectureFigure:
    """Show every weight of one or more layers: a tile for each output pixel, in it a cell for each input.

    Parameters
    ----------
    weights : name to array of shape (OH, OW, h, w): [i, j] holds the weights of the output at row i, column j
        NaN where there is no connection: these cells are grey.
    alt : the sentence that says what to see; the counts are added to it

    Raises
    ------
    ShapeError, ParameterError
        No layer, or an array that does not have four axes.
    """
    if not weights:
        raise ParameterError("weights must hold at least one layer; got none")
    layers = {name: np.asarray(array, dtype=float) for name, array in weights.items()}
    for name, array in layers.items():
        if array.ndim != 4 or array.size == 0:
            raise ShapeError(f"{name!r} must have shape (OH, OW, h, w); got {array.shape}")
    counts = {name: _counted(array) for name, array in layers.items()}
    words = "; ".join(
        f"{name}: {joined} connections, {own} different weights" for name, (joined, own) in counts.items()
    )
    across = len(layers)
    size = min(4.0, 12.0 / across)
    figure = LectureFigure(f"{alt} {words}.", across * (size + 0.2), size + 1.0)
    for axis, (name, array) in zip(figure.subplots(1, across, squeeze=False)[0], layers.items(), strict=True):
        joined, own = counts[name]
        _mosaic_panel(axis, array, f"{name}\n{joined:,} connections\n{own:,} different weights")
    return figure


def _counted(array: Any) -> tuple[int, int]:
    """Return how many weights there are that join something, and how many different numbers they are."""
    joined = array[~np.isnan(array)]
    return joined.size, np.unique(joined).size


def _mosaic_panel(axis: Axes, array: Any, title: str) -> None:
    rows, columns, height, width = array.shape
    tiles = array.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)
    limit = float(np.nanmax(np.abs(tiles))) or 1.0
    colours = SIGNED.with_extremes(bad=NOT_JOINED)
    axis.imshow(np.ma.masked_invalid(tiles), cmap=colours, vmin=-limit, vmax=limit, interpolation="nearest")
    quiet_panel(axis, "")
    axis.set_title(title, fontsize=15, color=INK)
    axis.hlines(np.arange(1, rows) * height - 0.5, -0.5, columns * width - 0.5, color=INK, linewidth=0.8)
    axis.vlines(np.arange(1, columns) * width - 0.5, -0.5, rows * height - 0.5, color=INK, linewidth=0.8)


def connections(
    inputs: int,
    kernel_size: int,
    *,
    kinds: Sequence[Kind] = ("dense", "local", "shared"),
    unit: int | None = None,
) -> LectureFigure:
    """Show which inputs each output of a layer on one axis reads: dense, local, or local and shared.

    Parameters
    ----------
    inputs : int from 1 to 12, units below; as many outputs above
    kernel_size : odd int >= 1, at most `inputs`: the connections of a local output away from the ends
    kinds : the panels: "dense", "local" (each connection has its own weight), "shared" (one kernel)
    unit : an output to mark, with all inputs that it reads; None marks none

    Raises
    ------
    ParameterError

    Notes
    -----
    After figures 9.2 and 9.5 of Goodfellow, Bengio and Courville, Deep Learning (2016), drawn anew: in
    "shared" the edges of one weight look alike; in "dense" one edge is black, and no other has its weight.
    """
    if not 1 <= inputs <= MOST_UNITS:
        raise ParameterError(f"inputs must be an integer from 1 to {MOST_UNITS}; got {inputs!r}")
    if kernel_size % 2 == 0 or not 1 <= kernel_size <= min(inputs, len(TAP_STYLES)):
        most = min(inputs, len(TAP_STYLES))
        raise ParameterError(f"kernel_size must be an odd integer from 1 to {most}; got {kernel_size!r}")
    if not kinds or any(kind not in KINDS for kind in kinds):
        raise ParameterError(f"kinds must be some of {', '.join(KINDS)}; got {kinds!r}")
    if unit is not None and not 0 <= unit < inputs:
        raise ParameterError(f"unit must be an integer from 0 to {inputs - 1}; got {unit!r}")
    words, reach = [], kernel_size // 2
    figure = LectureFigure("", min(12.5, 4.2 * len(kinds)), 3.1)
    for axis, kind in zip(figure.subplots(1, len(kinds), squeeze=False)[0], kinds, strict=True):
        edges = [
            (i, o) for o in range(inputs) for i in range(inputs) if kind == "dense" or abs(i - o) <= reach
        ]
        own = kernel_size if kind == "shared" else len(edges)
        words.append(f"{KINDS[kind]}: {len(edges)} connections, {own} weights")
        axis.set_title(f"{KINDS[kind]}\n{len(edges)} connections, {own} weights", fontsize=16, color=INK)
        _edges_panel(axis, inputs, edges, kind, reach, unit)
    figure.alt = f"Layers from {inputs} inputs to {inputs} outputs. {'; '.join(words)}."
    if unit is not None:
        figure.alt += f" Output h{unit} is marked, with the inputs that it reads."
    return figure


def _edges_panel(
    axis: Axes, units: int, edges: Sequence[tuple[int, int]], kind: Kind, reach: int, unit: int | None
) -> None:
    middle = units // 2
    for i, o in edges:
        colour, style, width = QUIET, "solid", 1.2
        if kind == "shared":
            (colour, style), width = TAP_STYLES[i - o + reach], 3.2 if i == o else 2.0  # type: ignore[assignment]
        elif (i, o) == (middle, middle):
            colour, width = INK, 3.2
        if unit is not None:
            read = o == unit
            colour, style, width = (ORANGE, "solid", 2.8) if read else (QUIET, "solid", 0.8)
        axis.plot(
            [i, o], [0, 1.6], color=colour, linestyle=style, linewidth=width, zorder=2 if width > 2 else 1
        )
    reads = {i for i, o in edges if o == unit}
    for place in range(units):
        _unit(axis, place, 0, f"x{place}", ORANGE if place in reads else QUIET, place in reads)
        _unit(axis, place, 1.6, f"h{place}", BLUE if unit in (None, place) else QUIET, place == unit)
    axis.set_xlim(-0.5, units - 0.5)
    axis.set_ylim(-0.45, 2.05)
    axis.set_aspect("equal")
    axis.axis("off")


def _unit(axis: Axes, place: float, height: float, name: str, colour: str, bold: bool) -> None:
    axis.add_patch(
        Circle(
            (place, height),
            0.36,
            facecolor="white",
            edgecolor=colour,
            linewidth=3.5 if bold else 1.8,
            zorder=3,
        )
    )
    axis.text(place, height, name, ha="center", va="center", fontsize=14, color=INK, zorder=4)


def log_bars(counts: Mapping[str, int], *, alt: str, unit: str = "weights") -> LectureFigure:
    """Show whole numbers that differ by powers of ten as bars on a logarithmic axis, each with its number.

    Parameters
    ----------
    counts : name to int >= 1
    alt : the sentence that says what they count; the numbers are added to it
    unit : what is counted, for the axis

    Raises
    ------
    ParameterError
    """
    if not counts or any(int(number) < 1 for number in counts.values()):
        raise ParameterError(f"counts must be integers >= 1; got {dict(counts)!r}")
    words = ", ".join(f"{name.replace(chr(10), ' ')}: {number:,}" for name, number in counts.items())
    figure = LectureFigure(f"{alt} {words}.", 11.0, 0.75 * len(counts) + 1.1)
    axis = figure.subplots()
    largest = max(map(int, counts.values()))
    for place, number in enumerate(map(int, counts.values())):
        last = place == len(counts) - 1
        axis.add_patch(
            Rectangle((0.8, place - 0.32), number - 0.8 + 0.2, 0.64, facecolor=ORANGE if last else BLUE)
        )
        axis.text(number * 1.5 + 0.2, place, f"{number:,}", va="center", fontsize=15, color=INK)
    axis.set_xscale("log")
    axis.set_xticks(list(TICKS), list(TICKS.values()))
    axis.minorticks_off()
    axis.set_xlim(0.8, largest**1.28 * 4)
    axis.set_ylim(len(counts) - 0.5, -0.5)
    axis.set_yticks(range(len(counts)), list(counts), fontsize=14, color=INK)
    axis.set_xlabel(f"{unit} (a thousand times as many from mark to mark)", fontsize=13, color=INK)
    open_axes(axis, size=13)
    return figure
