"""What a program for a GPU did, as counted: how often it read each pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap

from coursekit.errors import ParameterError, ShapeError
from coursekit.figures.base import (
    INK,
    SIGNED,
    LectureFigure,
    by,
    fitting,
    printed,
    quiet_panel,
    size_of_panels,
)

ROOM = 2  # pixels of one number, up and across, from which the number is written on them
WIDTH_ALONE, WIDTH_TOGETHER, WIDTH_OF_BAR = 7.5, 12.5, 1.1  # inches


def reads(times_read: Mapping[str, Any]) -> LectureFigure:
    """Show how often each pixel was read by one program or by several, all on one scale.

    Parameters
    ----------
    times_read : name to array of shape (H, W), whole numbers >= 0
        As in `counts.arrays["image"].times_read` of `coursekit.emulator`.

    Raises
    ------
    ShapeError, ParameterError
    """
    if not times_read:
        raise ParameterError("times_read must hold at least one map; got none")
    maps = {name: _as_map(name, times) for name, times in times_read.items()}
    told = "; ".join(
        f"{name}: {_range(times)}, on average {printed(times.mean())}" for name, times in maps.items()
    )
    first = next(iter(maps.values()))
    width = WIDTH_ALONE if len(maps) == 1 else WIDTH_TOGETHER
    _, height = size_of_panels(first, width - WIDTH_OF_BAR, across=len(maps))
    figure = LectureFigure(f"How often each of {by(first)} pixels was read. {told}.", *fitting(width, height))
    axes = figure.subplots(1, len(maps), squeeze=False)[0]
    most = max(int(times.max()) for times in maps.values())
    # From white, never, to an orange on which numbers can be read.
    colours = ListedColormap(SIGNED(np.linspace(0.5, 0.85, most + 1)))
    norm = BoundaryNorm(np.arange(most + 2) - 0.5, most + 1)
    for axis, (name, times) in zip(axes, maps.items(), strict=True):
        shown = axis.imshow(times, cmap=colours, norm=norm)
        quiet_panel(axis, f"{name}: {printed(times.mean())} on average")
        for number, row, column in _roomiest(times):
            axis.text(column, row, str(number), ha="center", va="center", fontsize=13, color=INK)
    bar = figure.colorbar(shown, ax=list(axes), ticks=range(0, most + 1, max(1, most // 9)), shrink=0.85)
    bar.set_label("times read", fontsize=14, color=INK, labelpad=8)
    bar.minorticks_off()
    bar.ax.tick_params(labelsize=12, colors=INK)
    return figure


def _as_map(name: str, times: Any) -> Any:
    array = np.asarray(times)
    if array.ndim != 2 or not array.size:
        raise ShapeError(f"{name!r} must have shape (H, W), a count for each pixel; got {array.shape}")
    if array.dtype.kind not in "iu" or array.min() < 0:
        raise ParameterError(f"{name!r} must hold whole numbers >= 0; got {array.dtype}, from {array.min()}")
    return array


def _range(times: Any) -> str:
    least, most = int(times.min()), int(times.max())
    return f"each {least} times" if least == most else f"from {least} to {most} times"


def _roomiest(times: Any) -> Iterator[tuple[int, float, float]]:
    """Yield each number of the map with the middle of a largest square that holds nothing else.

    A number whose squares are smaller than ROOM is left out.
    """
    size = np.ones_like(times)  # of the square of one number that ends here
    for row in range(1, len(times)):
        for column in range(1, times.shape[1]):
            before = times[row - 1 : row + 1, column - 1 : column + 1]
            if (before == times[row, column]).all():
                size[row, column] += size[row - 1 : row + 1, column - 1 : column + 1].ravel()[:3].min()
    for number in np.unique(times):
        side = int(size[times == number].max())
        if side >= ROOM:
            ends = np.argwhere((times == number) & (size == side)).tolist()
            row, column = ends[len(ends) // 2]
            yield int(number), row - (side - 1) / 2, column - (side - 1) / 2
