"""What a network costs: layer by layer, by the size of the image, and one block against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coursekit.errors import ParameterError
from coursekit.figures.base import BLUE, INK, MOST_HEIGHT, ORANGE, QUIET, LectureFigure, shape_in_words
from coursekit.figures.counting import short_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from coursekit.shapes import Layer, LayerSummary, NetworkSummary

NAMES = {
    "parameters": "parameters",
    "connections": "connections",
    "macs": "MACs",
    "activation_bytes": "bytes",
}


def where_it_sits(
    layers: Sequence[Layer],
    input_shape: Sequence[int],
    measures: Sequence[str] = ("parameters", "macs"),
    *,
    title: str = "",
) -> LectureFigure:
    """Show, side by side, which layer has how much of two measures: bars with their shares in percent.

    Parameters
    ----------
    layers : what the input goes through; those with none of the measures are left out; at most 22 remain
    input_shape : of one example
    measures : one to three of "parameters", "connections", "macs", "activation_bytes"
    title : what the network is called

    Raises
    ------
    ParameterError, ShapeError
    """
    from coursekit.shapes import summarise

    if not 1 <= len(measures) <= 3 or not set(measures) <= set(NAMES):
        raise ParameterError(f"measures must be one to three of {list(NAMES)}; got {list(measures)!r}")
    summary = summarise(layers, input_shape)
    rows = [row for row in summary.rows if any(getattr(row, measure) for measure in measures)]
    if not 1 <= len(rows) <= 22:
        raise ParameterError(f"layers must have 1 to 22 layers to draw; got {len(rows)}")
    height = min(MOST_HEIGHT, 0.38 * len(rows) + 1.2)
    figure = LectureFigure(_shares_in_words(title, rows, measures, summary), 11.0, height)
    axes = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    names = [_line(layers[row.index]) for row in rows]
    for axis, measure in zip(axes, measures, strict=True):
        whole = getattr(summary, measure)
        values = np.array([int(getattr(row, measure)) for row in rows], dtype=float)
        _bars(axis, values, measure)
        for index, value in enumerate(values):
            share = f" {value / whole:.0%}" if whole else ""
            axis.text(value, index, share.replace(" 0%", " <1%" if value else " 0"), va="center", fontsize=12)
        axis.set_title(f"{NAMES[measure]}: {_in_millions(whole)}", fontsize=16, color=INK)
        axis.set_xlim(0, values.max() * 1.2 or 1)
    axes[0].set_yticks(range(len(rows)), names, fontsize=12 if len(rows) > 9 else 13)
    axes[0].invert_yaxis()
    if title:
        figure.suptitle(title, fontsize=16, color=INK)
    return figure


def _shares_in_words(
    title: str, rows: Sequence[LayerSummary], measures: Sequence[str], summary: NetworkSummary
) -> str:
    words = [title] if title else []
    for measure in measures:
        whole = int(getattr(summary, measure))
        most = max(rows, key=lambda row: int(getattr(row, measure)))
        share = int(getattr(most, measure)) / whole if whole else 0
        words.append(f"{NAMES[measure]}: {whole:,} in all, most of them in {most.description} ({share:.0%})")
    return ". ".join(words) + "."


def grows_with_the_image(
    networks: Mapping[str, Sequence[Layer]], sides: Sequence[int], channels: int = 3
) -> LectureFigure:
    """Show how many parameters networks have on square images of several sizes, on logarithmic axes.

    Parameters
    ----------
    networks : name to layers; one to three of them
    sides : ints >= 1, rows and columns of the image, at least two
    channels : of the image

    Raises
    ------
    ParameterError, ShapeError
    """
    from coursekit.shapes import count_parameters

    if not 1 <= len(networks) <= 3 or len(sides) < 2:
        raise ParameterError(
            f"networks must name one to three, and sides hold two or more; got {len(networks)} and {sides!r}"
        )
    counts = {
        name: [int(count_parameters(layers, (channels, side, side))) for side in sides]
        for name, layers in networks.items()
    }
    words = "; ".join(f"{name}: {count[0]:,} and {count[-1]:,}" for name, count in counts.items())
    figure = LectureFigure(
        f"Parameters for images of {sides[0]}×{sides[0]} and {sides[-1]}×{sides[-1]}. {words}.", 10.0, 4.8
    )
    axis = figure.subplots()
    styles = ((ORANGE, "o", "-"), (BLUE, "s", "--"), (INK, "^", ":"))
    for count, (color, marker, line) in zip(counts.values(), styles, strict=False):
        axis.loglog(sides, count, marker=marker, linestyle=line, color=color, linewidth=2.6, markersize=9)
    below = 0.0
    for name, count in sorted(counts.items(), key=lambda pair: pair[1][-1]):
        # labels of curves that end close together are moved apart
        height = max(float(count[-1]), below)
        below = height * (max(map(max, counts.values())) / min(map(min, counts.values()))) ** 0.09
        axis.text(sides[-1] * 1.12, height, f"{name}: {count[-1]:,}", va="center", fontsize=13, color=INK)
    axis.minorticks_off()
    axis.set_xticks(sides, [str(side) for side in sides])
    axis.tick_params(labelsize=12)
    axis.set_xlim(sides[0] * 0.9, sides[-1] * 1.1)
    axis.set_xlabel("rows and columns of the image", fontsize=14, color=INK)
    axis.set_title("parameters", fontsize=16, color=INK, loc="left")
    axis.grid(color="#dddddd")
    axis.spines[["top", "right"]].set_visible(False)
    return figure


def compare_blocks(blocks: Mapping[str, Sequence[Layer]], input_shape: Sequence[int]) -> LectureFigure:
    """Compare blocks that make the same shape: parameters and MACs, and how often they fit into the first.

    Parameters
    ----------
    blocks : name to layers; two to five, all from `input_shape` to one shape
    input_shape : of one example

    Raises
    ------
    ParameterError, ShapeError
    """
    from coursekit.shapes import count_macs, count_parameters, summarise

    if not 2 <= len(blocks) <= 5:
        raise ParameterError(f"blocks must name two to five; got {len(blocks)}")
    shapes = {name: summarise(layers, input_shape).rows[-1].output_shape for name, layers in blocks.items()}
    if len(set(shapes.values())) > 1:
        raise ParameterError(f"blocks must all give the same shape; got {shapes}")
    measures = {
        "parameters": [int(count_parameters(layers, input_shape)) for layers in blocks.values()],
        "macs": [int(count_macs(layers, input_shape)) for layers in blocks.values()],
    }
    words = "; ".join(
        f"{name}: {parameters:,} parameters, {macs:,} MACs"
        for name, parameters, macs in zip(blocks, measures["parameters"], measures["macs"], strict=True)
    )
    figure = LectureFigure(
        f"From {shape_in_words(input_shape)} to {shape_in_words(next(iter(shapes.values())))}. {words}.",
        11.0,
        0.7 * len(blocks) + 1.4,
    )
    axes = figure.subplots(1, 2, sharey=True)
    for axis, (measure, values) in zip(axes, measures.items(), strict=True):
        _bars(axis, values, measure)
        for index, value in enumerate(values):
            less = f" (÷ {values[0] / value:.1f})" if index else ""
            axis.text(value, index, f" {_in_millions(value)}{less}", va="center", fontsize=13, color=INK)
        axis.set_title(NAMES[measure], fontsize=16, color=INK)
        axis.set_xlim(0, max(values) * 1.45)
    axes[0].set_yticks(range(len(blocks)), list(blocks), fontsize=13)
    axes[0].invert_yaxis()
    return figure


def _bars(axis: Axes, values: Any, measure: str) -> None:
    """Draw the bars of one measure: parameters plain orange, all else blue and hatched."""
    bars = axis.barh(
        range(len(values)), values, height=0.64, color=ORANGE if measure == "parameters" else BLUE
    )
    if measure != "parameters":
        for bar in bars:
            bar.set_hatch("//")
            bar.set_edgecolor("white")
    axis.set_xticks([])
    axis.tick_params(length=0)
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.spines["left"].set_color(QUIET)


def _line(layer: Layer) -> str:
    return short_name(layer).replace("\n", " ")


def _in_millions(number: int) -> str:
    if number >= 1_000_000_000:
        return f"{number / 1e9:.1f} billion"
    if number >= 10_000_000:
        return f"{number / 1e6:,.0f} million"
    return f"{number / 1e6:.1f} million" if number >= 1_000_000 else f"{number:,}"
