"""While a figure is drawn, its ticks are worked out once.

matplotlib works them out anew whenever it asks for the extent of an axis, of its label, of a spine or of a
title: some ten times for each axis of one drawing, always with the same result.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What an axis is asked for its ticks and for the boxes of their labels. They are matplotlib's own affair:
# where a release lacks one of them, it is left to do all of it again.
TICKS, BOXES = "_update_ticks", "_get_ticklabel_bboxes"


class Ticks:
    """The ticks of one axis, and the boxes of their labels, for as long as it stays where it is."""

    def __init__(self, axis: Any) -> None:
        self._axis = axis
        self._ticks_of, self._boxes_of = getattr(axis, TICKS), getattr(axis, BOXES)
        self._place: tuple[bytes, ...] = ()
        self._ticks: list[Any] = []
        self._boxes: tuple[Any, Any] | None = None

    def ticks(self) -> list[Any]:
        """What `_update_ticks` returns: the ticks that are drawn."""
        axes = self._axis.axes
        place = tuple(box.get_points().tobytes() for box in (axes.bbox, axes.viewLim))
        if place != self._place:
            self._ticks, self._boxes = self._ticks_of(), None
            self._place = place
        return self._ticks

    def boxes(self, ticks: list[Any], renderer: Any) -> Any:
        """What `_get_ticklabel_bboxes` returns: one list for either side of the axes."""
        if ticks is not self._ticks:
            return self._boxes_of(ticks, renderer)
        if self._boxes is None:
            self._boxes = self._boxes_of(ticks, renderer)
        return self._boxes


@contextlib.contextmanager
def worked_out_once(figure: Figure) -> Iterator[None]:
    """Keep the ticks of plain axes until their place on the figure or their limits change.

    Only the figure's own axis objects know of it, and only for as long as this lasts.
    """
    plain = [axes for axes in figure.axes if type(axes) is Axes]
    every = [axis for axes in plain for axis in (axes.xaxis, axes.yaxis) if type(axis) in (XAxis, YAxis)]
    every = [axis for axis in every if hasattr(axis, TICKS) and hasattr(axis, BOXES)]
    try:
        for axis in every:
            ticks = Ticks(axis)
            vars(axis).update({TICKS: ticks.ticks, BOXES: ticks.boxes})
        yield
    finally:
        for axis in every:
            for name in (TICKS, BOXES):
                vars(axis).pop(name, None)
