"""Channels: one number from all of them, maps of several kernels, and the kinds of data there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    BLUE,
    INK,
    ORANGE,
    QUIET,
    LectureFigure,
    by,
    frame,
    picture_panel,
    quiet_panel,
    signed_panel,
    tag,
)
from coursekit.figures.grids import number_grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = (
    "1-D, one channel",
    "1-D, several channels",
    "2-D, one channel",
    "2-D, several channels",
    "3-D, one channel",
    "3-D, several channels",
)


def channel_step(image: Any, kernel: Any, bias: float, position: tuple[int, int]) -> LectureFigure:
    """Show one output number: the window and the kernel of each channel, their products, and all added up.

    Parameters
    ----------
    image : array of shape (C, H, W), at most 3 channels of at most 36 numbers
    kernel : array of shape (C, h, w), not flipped
    bias : a number
    position : (row, column) of the window

    Raises
    ------
    ShapeError, ParameterError
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    if image.ndim != 3 or kernel.ndim != 3 or image.shape[0] != kernel.shape[0]:
        raise ShapeError(
            "image must be (C, H, W) and kernel (C, h, w) with the same C; "
            f"got shapes {image.shape} and {kernel.shape}"
        )
    channels, rows, columns = kernel.shape
    if channels > 3 or image[0].size > 36:
        raise ParameterError(f"image must have at most 3 channels of 36 numbers; got shape {image.shape}")
    (row, column), last = position, np.subtract(image.shape[1:], kernel.shape[1:])
    if not (0 <= row <= last[0] and 0 <= column <= last[1]):
        raise ParameterError(f"position must be from (0, 0) to {tuple(map(int, last))}; got {position!r}")
    products = image[:, row : row + rows, column : column + columns] * kernel
    sums = [f"{number:g}" for number in products.sum(axis=(1, 2))]
    total = f"{' + '.join(sums)} + bias {bias:g} = {products.sum() + bias:g}".replace("+ -", "− ")
    cell = 0.36
    figure = LectureFigure(
        f"The window at row {row}, column {column} in each of {channels} channels, multiplied by the same "
        f"channel of the kernel. The products add up to {', '.join(sums)}; in all {total}.",
        3.4 + cell * (image.shape[2] + 2 * columns),
        1.1 + channels * (cell * image.shape[1] + 0.2),
    )
    widths = (image.shape[2], columns, columns, 2)
    axes = figure.subplots(channels, 4, squeeze=False, width_ratios=widths)
    for channel, panels in enumerate(axes):
        first = channel == 0
        number_grid(panels[0], image[channel], "image" if first else "")
        panels[0].add_patch(frame(row, column, (rows, columns), ORANGE))
        panels[0].set_ylabel(f"channel {channel}", fontsize=14, color=INK)
        number_grid(panels[1], kernel[channel], "kernel" if first else "", color=ORANGE)
        number_grid(panels[2], products[channel], "products" if first else "")
        panels[3].set_axis_off()
        panels[3].set_title("sum" if first else "", fontsize=16, color=INK)
        panels[3].text(
            0.5, 0.5, sums[channel], ha="center", va="center", fontsize=20, color=BLUE, weight="bold"
        )
    figure.supxlabel(total, fontsize=18, color=INK)
    return figure


def response_maps(
    maps: Mapping[str, Any], *, columns: int = 3, peaks: Sequence[tuple[int, int]] = ()
) -> LectureFigure:
    """Show maps side by side: blue below zero, white at zero, orange above it.

    Each map is scaled by the largest size among the middle 98 % of its numbers, so a few far numbers do not
    make everything else white.

    Parameters
    ----------
    maps : name to array of shape (H, W)
    columns : how many stand in a row
    peaks : places (row, column) to mark on every map, numbered from 1

    Raises
    ------
    ParameterError
        No map.
    """
    shown = {name: np.asarray(array, dtype=float) for name, array in maps.items()}
    if not shown:
        raise ParameterError("maps must name at least one map; got none")
    ranges = ", ".join(f"{name!r} from {a.min():.3g} to {a.max():.3g}" for name, a in shown.items())
    places = ", ".join(f"{number} at row {r}, column {c}" for number, (r, c) in enumerate(peaks, 1))
    across = min(columns, len(shown))
    down = -(-len(shown) // across)
    height, width = next(iter(shown.values())).shape
    highest = 5.4 if down > 1 else 4.4
    panel = min(11.0 / across, (highest / down - 0.45) * width / height)
    figure = LectureFigure(
        f"Maps, blue below zero and orange above: {ranges.replace(chr(10), ' ')}."
        + (f" Marked: {places}." if places else ""),
        max(panel * across, 4.0),
        (panel * height / width + 0.45) * down + 0.3,
    )
    axes = figure.subplots(down, across, squeeze=False).ravel()
    for axis in axes[len(shown) :]:
        axis.set_axis_off()
    for axis, (name, array) in zip(axes, shown.items(), strict=False):
        signed_panel(axis, np.clip(array, *(_limit(array) * np.array([-1, 1]))), name)
        quiet_panel(axis, name)
        for number, (row, column) in enumerate(peaks, 1):
            tag(axis, str(number), row, column)
    figure.supxlabel("blue: below 0      white: 0      orange: above 0", fontsize=13, color=INK)
    return figure


def data_types(cells: Mapping[str, Any]) -> LectureFigure:
    """Show the table of data types: 1-D, 2-D, 3-D in rows; one channel, several channels in columns.

    Parameters
    ----------
    cells : six entries in reading order, from what the data is to an array (C, *spatial) or a list of such:
        one or several channels as the column asks, 1, 2 or 3 axes behind them as the row asks.
        Two axes with three channels are drawn in colour, three axes as three slices along the first of them.

    Raises
    ------
    ParameterError, ShapeError
    """
    if len(cells) != len(KINDS):
        raise ParameterError(f"cells must have {len(KINDS)} entries; got {len(cells)}")
    lists = [_as_list(entry) for entry in cells.values()]
    for index, (name, arrays) in enumerate(zip(cells, lists, strict=True)):
        axes, several = index // 2 + 1, bool(index % 2)
        for array in arrays:
            if array.ndim != axes + 1 or (array.shape[0] > 1) != several:
                wanted = f"({'C > 1' if several else 1}, and {axes} more)"
                raise ShapeError(f"{name!r} must have shape {wanted}; got {array.shape}")
    words = [
        f"{kind}: {name}, {', '.join(map(by, arrays))}"
        for kind, name, arrays in zip(KINDS, cells, lists, strict=True)
    ]
    alt = "; ".join(words).replace("\n", " ")
    figure = LectureFigure(f"Table of data, shapes channels first. {alt}.", 11.2, 5.0)
    parts = figure.subfigures(3, 2, wspace=0.02, squeeze=False)
    for part, kind, name, arrays in zip(parts.ravel(), KINDS, cells, lists, strict=True):
        part.suptitle(f"{kind}: {name}", fontsize=14, color=INK)
        panels = arrays if len(arrays) > 1 else _slices(arrays[0])
        axes = part.subplots(1, len(panels), squeeze=False)[0]
        for axis, array in zip(axes, panels, strict=True):
            _panel(axis, array)
    return figure


def _slices(array: Any) -> list[Any]:
    """Return three slices (C, H, W) of a volume (C, D, H, W); anything else alone."""
    if array.ndim != 4:
        return [array]
    depth = array.shape[1]
    return [array[:, round(depth * share)] for share in (0.3, 0.5, 0.7)]


def _panel(axis: Axes, array: Any) -> None:
    quiet_panel(axis, "")
    if array.ndim == 2:
        _lines(axis, array)
    elif array.shape[0] == 3:
        picture_panel(axis, array, "")
    else:
        low, high = np.percentile(array, [1, 99])
        axis.imshow(array[0], cmap="gray", vmin=low, vmax=high, aspect=_aspect(array))


def _lines(axis: Axes, array: Any) -> None:
    """Draw the channels (C, N) as lines above each other, the first on top."""
    spread = float(np.ptp(array, axis=1).max()) or 1.0
    for channel, samples in enumerate(array):
        axis.plot(samples - channel * spread, color=BLUE, linewidth=1.0)
        if len(array) > 1:
            axis.axhline(-channel * spread, color=QUIET, linewidth=0.6, zorder=0)
    axis.margins(x=0)


def _aspect(array: Any) -> Literal["auto", "equal"]:
    """Keep the pixels of a picture square; a spectrogram, which is wide, may be stretched."""
    return "auto" if array.shape[-1] > 1.7 * array.shape[-2] else "equal"


def _as_list(entry: Any) -> list[Any]:
    return [np.asarray(array) for array in (entry if isinstance(entry, list) else [entry])]


def _limit(array: Any) -> float:
    low, high = np.percentile(array, [1, 99])
    return float(max(abs(low), abs(high))) or float(np.abs(array).max()) or 1.0
